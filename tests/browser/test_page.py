"""What a visitor does in the first minutes."""

import json

import pytest
from playwright.async_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_the_guide_is_a_click(visitor: Visitor) -> None:
    """The first thing to try lists the pods with one click, for the visitor alone."""
    await visitor.enter()
    await visitor.page.get_by_role("button", name="See what runs").click()
    answer = visitor.last()
    await expect(answer).to_contain_text("Only visible to you")
    await expect(answer.get_by_role("table")).to_contain_text("checkout")


async def test_the_panel_shows_the_promise(visitor: Visitor) -> None:
    """Beside the chat stand the cluster's pods, and each request with whom it was made as."""
    await visitor.enter()
    await visitor.say("/pod list")
    await expect(visitor.page.locator("#pods")).to_contain_text("ledger")
    await expect(visitor.page.locator("#requests li").first).to_contain_text("as podbot:operator")


async def test_a_table_sorts(visitor: Visitor) -> None:
    """A press on a column's head sorts by it, and says so to screen readers."""
    await visitor.enter()
    answer = await visitor.say("/pod list")
    names = answer.locator("tbody td:first-child")
    before = await names.all_text_contents()
    await answer.get_by_role("button", name="Name").click()
    await expect(answer.locator("th").first).to_have_attribute("aria-sort", "ascending")
    assert await names.all_text_contents() == sorted(before)
    await answer.get_by_role("button", name="Name").click()
    assert await names.all_text_contents() == sorted(before, reverse=True)


async def test_describe_says_why(visitor: Visitor) -> None:
    """A pod whose image can't be pulled is told with the cause."""
    await visitor.enter()
    answer = await visitor.say("/pod describe checkout")
    await expect(answer).to_contain_text("nginx:1.22-typo")


async def test_create_and_delete(visitor: Visitor) -> None:
    """A pod is created by a line, told in one message, and deleted once its question is confirmed."""
    await visitor.enter()
    created = await visitor.say("/pod create single short-lived")
    await expect(created).to_contain_text("Running")
    await expect(created).to_contain_text("Done")
    question = await visitor.say("/pod delete short-lived --grace-period 1")
    await expect(question).to_contain_text("Only @alice can press")
    await visitor.press(question, "Do it")
    await expect(question).to_contain_text("Gone")
    await expect(question.get_by_role("button", name="Do it")).to_have_count(0)


async def test_a_question_is_cancelled(visitor: Visitor) -> None:
    """Cancel closes the question, and the pod stays."""
    await visitor.enter()
    question = await visitor.say("/pod delete cart")
    await visitor.press(question, "Cancel")
    await expect(question).to_contain_text("Cancelled")
    answer = await visitor.say("/pod list -l app=cart")
    await expect(answer).to_contain_text("cart")


async def test_a_guest_is_refused(visitor: Visitor) -> None:
    """A guest is told no, and whom to ask."""
    await visitor.enter(person="U0GUEST", channel="C0TEAM")
    answer = await visitor.say("/pod list")
    await expect(answer).to_contain_text("Guests may not use podbot")
    await expect(answer).to_contain_text("#platform")


async def test_share_and_remove(visitor: Visitor) -> None:
    """An answer that was for one is shared with all, and taken back."""
    await visitor.enter()
    answer = await visitor.say("/pod list -l app=cart")
    await visitor.press(answer, "Share")
    shared = visitor.last()
    await expect(shared).to_contain_text("@alice shared")
    await visitor.press(shared, "Remove")
    await expect(visitor.page.get_by_text("@alice shared")).to_have_count(0)


async def test_a_long_log_is_a_file(visitor: Visitor) -> None:
    """A log longer than a message comes as a file in the direct messages, with a preview."""
    await visitor.enter()
    await visitor.say("/pod logs cart")
    await visitor.page.get_by_role("button", name="@ podbot").click()
    await visitor.page.locator("details summary").last.click()
    await expect(visitor.page.locator("details pre").last).to_contain_text("cart 000 was emptied")


async def test_a_mention_is_answered_in_its_thread(visitor: Visitor) -> None:
    """A mention's answer stands in its thread, which opens beside the channel; Escape closes it."""
    await visitor.enter()
    mention = await visitor.say("@podbot list -l app=cart")
    await mention.get_by_role("button", name="1 reply").click()
    thread = visitor.page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("1 pod")
    await visitor.page.keyboard.press("Escape")
    await expect(thread).to_be_hidden()


async def test_commands_are_completed_by_keyboard(visitor: Visitor) -> None:
    """A slash offers the commands with their summaries; the arrows and Tab choose."""
    await visitor.enter()
    await visitor.page.keyboard.press("Tab")
    words = visitor.page.locator("#words")
    await words.focus()
    await words.press_sequentially("/pod d")
    options = visitor.page.get_by_role("listbox", name="Commands").get_by_role("option")
    await expect(options.first).to_contain_text("/pod de")
    await words.press("ArrowDown")
    chosen = await options.nth(1).text_content()
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await words.press("Tab")
    assert chosen is not None
    assert chosen.startswith((await words.input_value()).strip())


async def test_nothing_typed_becomes_markup(visitor: Visitor) -> None:
    """A message of markup, and a pod's log of it, are text."""
    await visitor.enter()
    hostile = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"
    await visitor.say(hostile)
    await visitor.say(f"/pod logs {hostile}")
    assert await visitor.page.locator("#messages img, #messages script").count() == 0
    assert "owned" not in await visitor.page.title()


async def test_another_origin_cannot_drive_it(visitor: Visitor, url: str) -> None:
    """A page of another origin can neither send a deed nor read what there is to see."""
    await visitor.page.goto("data:text/html,<p>elsewhere</p>")
    script = """async (url) => {
        const deed = { deed: "write", user: "U0ALICE", channel: "C0TEAM", text: "from elsewhere" };
        const attempt = (path, options) => fetch(url + path, options).then((answer) => answer.status, () => "blocked");
        return [await attempt("/deeds", { method: "POST", body: JSON.stringify(deed) }), await attempt("/", {})];
    }"""
    assert await visitor.page.evaluate(script, url) == ["blocked", "blocked"]
    await visitor.enter(channel="C0TEAM")
    await expect(visitor.page.get_by_text("from elsewhere")).to_have_count(0)


async def test_a_phone_shows_one_column(visitor: Visitor) -> None:
    """At a phone's width nothing is cut off, and channels and cluster open by their buttons."""
    await visitor.page.set_viewport_size({"width": 375, "height": 700})
    await visitor.enter()
    await visitor.say("/pod list")
    assert await visitor.page.evaluate("document.documentElement.scrollWidth") <= 375
    await visitor.page.get_by_role("button", name="Channels").click()
    await visitor.page.get_by_role("button", name="# team").click()
    await expect(visitor.page.locator("#place")).to_have_text("# team")
    await visitor.page.get_by_role("button", name="Cluster").click()
    await expect(visitor.page.locator("#pods")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 375])
async def test_axe_finds_nothing_serious(visitor: Visitor, axe_source: str, theme: str, width: int) -> None:
    """axe-core finds no serious or critical problem, on a desk and on a phone, in the light and in the dark."""
    await visitor.page.set_viewport_size({"width": width, "height": 800})
    await visitor.enter(theme=theme)
    for line in ("/pod list", "/pod describe checkout", "/pod delete cart", "/pod logs orders"):
        await visitor.say(line)
    await visitor.page.evaluate(axe_source)
    found = await visitor.page.evaluate("axe.run({ resultTypes: ['violations'] })")
    bad = [one for one in found["violations"] if one["impact"] in {"serious", "critical"}]
    assert bad == [], json.dumps([(one["id"], [node["target"] for node in one["nodes"]]) for one in bad], indent=1)


async def test_create_by_form(visitor: Visitor) -> None:
    """A command without a template opens a form; what is wrong stands beside its field, until the pod is made."""
    await visitor.enter()
    await visitor.page.locator("#words").fill("/pod create")
    await visitor.page.locator("#words").press("Enter")
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("Template").select_option("single")
    await dialog.get_by_label("Name", exact=False).first.fill("Not A Name")
    await dialog.get_by_role("button", name="Create").click()
    await expect(dialog.locator(".field .bad")).to_contain_text("is not a pod name")
    await dialog.get_by_label("Name", exact=False).first.fill("made-by-form")
    await dialog.get_by_role("button", name="Create").click()
    await expect(dialog).to_be_hidden()
    await expect(visitor.last()).to_contain_text("made-by-form")
    await expect(visitor.last()).to_contain_text("Done")


async def test_a_form_is_closed(visitor: Visitor) -> None:
    """Escape closes a form, and nothing is made."""
    await visitor.enter()
    await visitor.page.locator("#words").fill("/pod create sidecar")
    await visitor.page.locator("#words").press("Enter")
    dialog = visitor.page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Create")).to_be_visible()
    await visitor.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
