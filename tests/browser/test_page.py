"""What a visitor meets besides the verbs: the guide, the panel, people, threads, keys."""

import itertools
import re

import pytest
from playwright.async_api import BrowserContext, Route, expect

from bot.demo import scenery
from tests.browser.visitor import REBOUND, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_the_guide_tells_a_story(visitor: Visitor) -> None:
    """Five clicks show what runs, why one does not, its log, a pod made, and a refusal; each is ticked off."""
    await visitor.enter()
    panel = visitor.page.locator("#pods")
    await expect(panel.locator("tr", has_text="orders")).to_contain_text("CrashLoopBackOff")
    steps = visitor.page.locator("#guide ol button")
    told = ("checkout", "exit code 1", "lost the database connection", "Done", "Your tier may not do this here")
    for index, (one, wanted) in enumerate(zip(scenery.TRIES, told, strict=True)):
        await expect(steps.nth(index)).to_contain_text(one.label)
        await steps.nth(index).click()
        await expect(visitor.last()).to_contain_text(wanted)
        await expect(steps.nth(index).locator(".mark")).to_have_text("✓")
    await expect(visitor.page.get_by_label("You are")).to_have_value("U0BOB")
    await expect(panel).to_contain_text("my-first-pod")


async def test_the_guide_hides_and_comes_back(visitor: Visitor) -> None:
    """The guide is hidden, stays so over a reload, and is shown again by a button in its place."""
    await visitor.enter()
    await visitor.page.get_by_role("button", name="Hide").click()
    again = visitor.page.get_by_role("button", name="Things to try")
    await expect(again).to_be_focused()
    await visitor.page.reload()
    await expect(visitor.page.locator("#guide")).to_be_hidden()
    await again.click()
    await expect(visitor.page.locator("#guide ol button").first).to_be_focused()


async def test_the_panel_shows_the_promise(visitor: Visitor) -> None:
    """Beside the chat stand the cluster's pods, and each request with whom it was made as."""
    await visitor.enter()
    await visitor.say("/pod list")
    await expect(visitor.page.locator("#pods")).to_contain_text("ledger")
    await expect(visitor.page.locator("#requests li").first).to_contain_text("as podbot:operator")
    await visitor.enter(person="U0BOB")
    await visitor.say("/pod list")
    await expect(visitor.page.locator("#requests li").first).to_contain_text("as bob@example.com")


async def test_a_table_sorts(visitor: Visitor) -> None:
    """A press on a column's head sorts by it, and says so to screen readers."""
    await visitor.enter()
    answer = await visitor.say("/pod list -l app.kubernetes.io/part-of=shop")  # a page's worth
    names = answer.locator("tbody td:first-child")
    before = await names.all_text_contents()
    await answer.get_by_role("button", name="Name").click()
    await expect(answer.locator("th").first).to_have_attribute("aria-sort", "ascending")
    assert await names.all_text_contents() == sorted(before, key=_numbers_apart)
    await answer.get_by_role("button", name="Name").click()
    assert await names.all_text_contents() == sorted(before, key=_numbers_apart, reverse=True)


def _numbers_apart(text: str) -> list[tuple[int, str]]:
    """Return what to sort by, so that web-9 comes before web-10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|\D+", text)]


async def test_a_long_answer_is_read_from_its_top(visitor: Visitor) -> None:
    """An answer taller than the window begins at its top; the next one is scrolled to all the same."""
    await visitor.page.set_viewport_size({"width": 1400, "height": 480})
    await visitor.enter()
    await visitor.page.get_by_role("button", name="Hide").click()
    answer = await visitor.say("/pod describe orders")
    await expect(answer.locator("strong").first).to_be_in_viewport()
    await visitor.page.get_by_role("button", name="Newest messages").click()
    await expect(answer.get_by_role("button", name="Share")).to_be_in_viewport()
    deed = {"deed": "write", "user": "U0BOB", "channel": "C0TEAM", "text": "news elsewhere"}
    await visitor.page.evaluate("(deed) => fetch('/deeds', {method: 'POST', body: JSON.stringify(deed)})", deed)
    await expect(visitor.page.get_by_role("button", name="# team")).to_contain_text("has news")
    await expect(
        answer.get_by_role("button", name="Share")
    ).to_be_in_viewport()  # what is new elsewhere takes nobody's place
    await visitor.say("/pod describe orders")
    await expect(await visitor.say("/pod list -l app=cart")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("person", "channel", "wanted"),
    [
        ("U0GUEST", "C0TEAM", "Guests may not use podbot"),
        ("U0SINGLE", "C0TEAM", "Guests may not use podbot"),
        ("U0STRANGER", "C0SHARED", "Refused"),
    ],
)
async def test_who_is_no_member_is_refused(visitor: Visitor, person: str, channel: str, wanted: str) -> None:
    """Guests and people of another workspace are told no, and whom to ask."""
    await visitor.enter(person=person, channel=channel)
    answer = await visitor.say("/pod list")
    await expect(answer).to_contain_text(wanted)
    await expect(answer).to_contain_text("#platform")


async def test_kubernetes_has_the_last_word(visitor: Visitor) -> None:
    """A person whom policy lets delete, and Kubernetes does not, is refused by Kubernetes; the panel shows the 403."""
    await visitor.enter(person="U0BOB", channel="C0ONCALL")
    answer = await visitor.say("/pod delete cart")
    if await answer.get_by_role("button", name="Do it").count():
        await visitor.press(answer, "Do it")
    await expect(answer).to_contain_text("bob@example.com")
    await expect(visitor.page.locator("#requests li", has_text="403").first).to_contain_text("bob@example.com")


async def test_share_and_remove(visitor: Visitor) -> None:
    """An answer that was for one is shared with all, and taken back."""
    await visitor.enter()
    answer = await visitor.say("/pod list -l app=cart")
    known = await visitor.messages.count()
    await visitor.press(answer, "Share")
    shared = visitor.messages.nth(known)
    await expect(shared).to_contain_text("@alice shared")
    await visitor.press(shared, "Remove")
    await expect(visitor.messages).to_have_count(known)


async def test_a_mention_is_answered_in_its_thread(visitor: Visitor) -> None:
    """A mention's answer stands in its thread, where podbot is asked again; Escape leads back to where one was."""
    await visitor.enter()
    mention = await visitor.say("@podbot list -l app=cart")
    await mention.get_by_role("button", name="1 reply").click()
    thread = visitor.page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("1 pod")
    words = thread.get_by_role("combobox", name="Reply")
    await expect(words).to_be_focused()
    await words.fill("/pod list")
    await words.press("Enter")
    await expect(visitor.page.get_by_role("alert").first).to_contain_text("can't be used in a thread")
    await expect(words).to_have_value("/pod list")
    await words.fill("@podbot list -l app=gallery")
    await words.press("Enter")
    await expect(thread).to_contain_text("2/2")
    await visitor.page.keyboard.press("Escape")
    await expect(thread).to_be_hidden()
    await expect(mention.get_by_role("button", name="3 replies")).to_be_focused()


async def test_an_open_thread_leaves_the_channel_readable(visitor: Visitor) -> None:
    """Beside a thread the things to try are as wide as before, and none lies over another."""
    await visitor.page.set_viewport_size({"width": 1280, "height": 800})
    await visitor.enter()
    mention = await visitor.say("@podbot list -l app=cart")
    await mention.get_by_role("button", name="1 reply").click()
    await expect(visitor.page.get_by_role("complementary", name="Thread")).to_be_visible()
    for width in (1280, 1100):
        await visitor.page.set_viewport_size({"width": width, "height": 800})
        boxes = [await one.bounding_box() for one in await visitor.page.locator("#guide ol button").all()]
        for left, right in itertools.pairwise(filter(None, boxes)):
            assert left["width"] > 100
            assert left["x"] + left["width"] <= right["x"]
    await visitor.page.keyboard.press("Escape")


async def test_people_talk_too(window: BrowserContext, visitor: Visitor) -> None:
    """What one person writes stands in the other's window at once, marked as news where it is not open."""
    await visitor.enter(channel="C0ONCALL")
    other = Visitor(await window.new_page(), visitor.url)
    await other.enter(person="U0BOB", channel="C0TEAM")
    await other.say("is the cart *slow* for you too?")
    place = visitor.page.get_by_role("button", name="# team")
    await expect(place).to_contain_text("has news")
    await place.click()
    await expect(visitor.last()).to_contain_text("is the cart slow for you too?")
    await visitor.last().hover()
    await visitor.last().get_by_role("button", name="Reply in a thread").click()
    await visitor.page.get_by_role("combobox", name="Reply").fill("no")
    await visitor.page.get_by_role("combobox", name="Reply").press("Enter")
    await expect(other.last()).to_contain_text("1 reply")


@pytest.mark.parametrize("address", ["/pod", "@podbot"])
async def test_commands_are_completed_by_keyboard(visitor: Visitor, address: str) -> None:
    """A slash or a mention offers the commands with their summaries; arrows, Tab and Enter choose, Escape dismisses."""
    await visitor.enter()
    await visitor.words.press_sequentially(f"{address} d")
    listed = visitor.page.get_by_role("listbox", name="Commands")
    options = listed.get_by_role("option")
    await expect(options).to_have_text(
        [f"{address} describe Show all about a pod, what matters first", f"{address} delete Delete a pod"]
    )
    await visitor.words.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await visitor.words.press("Enter")
    await expect(visitor.words).to_have_value(f"{address} delete ")
    await visitor.words.fill(f"{address} ev")
    await visitor.words.press("Tab")
    await expect(visitor.words).to_have_value(f"{address} events ")
    await visitor.words.fill(f"{address} ev")
    await visitor.words.press("Escape")
    await expect(listed).to_be_hidden()


async def test_the_keyboard_is_enough(visitor: Visitor) -> None:
    """A slash leads to where one types, ArrowUp brings back the last line, Alt with an arrow another channel."""
    await visitor.enter()
    await visitor.page.get_by_role("button", name="Hide").focus()
    await visitor.page.keyboard.press("/")
    await expect(visitor.words).to_be_focused()
    await expect(visitor.words).to_have_value("/")
    await visitor.say("/pod list -l app=cart")
    await visitor.words.press("ArrowUp")
    await expect(visitor.words).to_have_value("/pod list -l app=cart")
    await visitor.words.press("Alt+ArrowUp")
    await expect(visitor.page.locator("#place")).to_have_text("# team")


async def test_what_was_begun_stays_in_its_channel(visitor: Visitor) -> None:
    """A line that was begun is not there in another channel, and is there again on return."""
    await visitor.enter()
    await visitor.words.fill("/pod delete cart")
    await visitor.words.press("Alt+ArrowUp")
    await expect(visitor.page.locator("#place")).to_have_text("# team")
    await expect(visitor.words).to_have_value("")
    await visitor.words.press("Alt+ArrowDown")
    await expect(visitor.words).to_have_value("/pod delete cart")


async def test_nothing_typed_becomes_markup(visitor: Visitor) -> None:
    """Markup in a message, a command, a label, a pod's log and a form is text everywhere."""
    await visitor.enter()
    hostile = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"
    await visitor.say(hostile)
    await visitor.say(f"@podbot {hostile}")
    await visitor.say(f"/pod logs {hostile}")
    await visitor.say(f"/pod list -l '{hostile}'")
    told = await visitor.ask(f'/pod exec cart -- echo "{hostile}"')
    await expect(visitor.last()).to_contain_text("onerror=")
    await expect(told).to_contain_text("Done")
    await visitor.form("/pod create sidecar")
    await visitor.field("Name").fill(hostile)
    await visitor.field("Name").press("Enter")
    await expect(visitor.dialog.locator(".field .bad")).to_be_visible()
    assert await visitor.page.locator("main img, main script, dialog img, dialog script").count() == 0
    assert "owned" not in await visitor.page.title()
    await visitor.page.keyboard.press("Escape")


async def test_another_origin_cannot_drive_it(visitor: Visitor) -> None:
    """A page of another origin can neither send a deed nor read what there is to see."""
    await visitor.page.goto("data:text/html,<p>elsewhere</p>")
    script = """async (url) => {
        const deed = { deed: "write", user: "U0ALICE", channel: "C0TEAM", text: "from elsewhere" };
        const attempt = (path, options) => fetch(url + path, options).then((answer) => answer.status, () => "blocked");
        return [await attempt("/deeds", { method: "POST", body: JSON.stringify(deed) }), await attempt("/", {})];
    }"""
    assert await visitor.page.evaluate(script, visitor.url) == ["blocked", "blocked"]
    await visitor.enter(channel="C0TEAM")
    await expect(visitor.page.get_by_text("from elsewhere")).to_have_count(0)


async def test_another_name_is_not_answered(visitor: Visitor) -> None:
    """A foreign name that leads to this machine, as in DNS rebinding, is refused by the Host it brings."""
    answer = await visitor.page.goto(visitor.url.replace("127.0.0.1", REBOUND))
    assert answer is not None
    assert answer.status == 403
    await expect(visitor.page.locator("body")).to_have_text("This demo answers its own page only.")


async def test_a_page_that_lost_a_part_loads_again(visitor: Visitor) -> None:
    """Where a part of the page is lost on its way, the page loads itself again, and then works."""
    lost: list[str] = []

    async def lose(route: Route) -> None:
        if len(lost) > 1:
            await route.continue_()
            return
        lost.append(route.request.url)
        await route.abort()

    await visitor.page.route("**/static/table.js", lose)
    await visitor.enter()
    await expect(await visitor.say("/pod list -l app=cart")).to_contain_text("1 pod in")
    assert len(lost) == 2
