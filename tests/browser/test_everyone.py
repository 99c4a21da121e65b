"""The page for everyone: on a phone, by a finger, and with what axe-core knows of accessibility."""

import json

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_phone_shows_one_column(visitor: Visitor) -> None:
    """At a phone's width nothing is cut off; channels, cluster, thread and form open and close over the messages."""
    await visitor.page.set_viewport_size({"width": 375, "height": 700})
    await visitor.enter()
    await visitor.say("/pod list")
    await _fits(visitor.page)
    await visitor.page.get_by_role("button", name="Channels").click()
    await visitor.page.get_by_role("button", name="# team").click()
    await expect(visitor.page.locator("#place")).to_have_text("# team")
    await expect(visitor.page.locator("#side")).to_be_hidden()
    await visitor.page.get_by_role("button", name="Cluster").click()
    await expect(visitor.page.locator("#pods")).to_be_in_viewport()
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.page.locator("#pods")).to_be_hidden()
    await visitor.enter()
    await visitor.form("/pod create single")
    await _fits(visitor.page)
    await expect(visitor.dialog.get_by_role("button", name="Create")).to_be_in_viewport()
    await visitor.page.keyboard.press("Escape")


async def test_a_finger_is_enough(browser: Browser, url: str) -> None:
    """A small table fits, buttons suit a finger, typing does not make a phone zoom in, a form shows both texts."""
    context = await browser.new_context(viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True)
    visitor = Visitor(await context.new_page(), url)
    await visitor.enter()
    await expect(visitor.words).to_have_attribute("autocapitalize", "none")
    status = (await visitor.say("/pod status")).get_by_role("region", name="Table")
    assert await status.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    answer = await visitor.say("/pod triage batch")
    for name in ("Describe", "Timeline", "Share"):
        box = await answer.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert box["height"] >= 40
    sizes = "(all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
    assert min(await visitor.page.locator("textarea, select").evaluate_all(sizes)) >= 16
    await visitor.form("/pod resolve orders --cause 'no database'")
    await expect(visitor.field("What it was")).to_be_in_viewport(ratio=1)
    await expect(visitor.field("What mended it")).to_be_in_viewport(ratio=1)
    assert min(await visitor.dialog.locator("textarea").evaluate_all(sizes)) >= 16
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.page.locator("#dialog")).to_be_hidden()
    await context.close()


async def _fits(page: Page) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth") <= 375


LOOKS = [(width, theme) for width in (1400, 375) for theme in ("light", "dark")]


async def test_axe_finds_nothing_serious(visitor: Visitor, axe_source: str) -> None:
    """axe-core finds no serious or critical problem on a desk and a phone, light and dark, with a thread and a form."""
    await visitor.enter()
    for line in (
        "/pod list",
        "/pod describe checkout",
        "/pod logs orders",
        "/pod nonsense",
        "/pod timeline orders",
        "/pod logs cart",
    ):
        await visitor.say(line)
    await visitor.press(await visitor.say("/pod delete cart"), "Cancel")
    await visitor.page.evaluate(axe_source)
    await _look_good(visitor.page)
    alert = visitor.messages.filter(has_text="[FIRING:1]").first
    await alert.get_by_role("button", name="More actions").click()
    await _look_good(visitor.page)
    await visitor.page.keyboard.press("Escape")
    mention = await visitor.say("@podbot list -l app=cart")
    await mention.get_by_role("button", name="1 reply").click()
    await _look_good(visitor.page)
    await visitor.page.keyboard.press("Escape")
    form = await visitor.form("/pod create ambassador")
    await form.get_by_role("button", name="Create").click()
    await expect(form.get_by_text("Please complete this required field.")).to_be_visible()
    await _look_good(visitor.page)
    await visitor.page.keyboard.press("Escape")


async def _look_good(page: Page) -> None:
    for width, theme in LOOKS:
        await page.set_viewport_size({"width": width, "height": 800})
        await page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        found = await page.evaluate("axe.run({ resultTypes: ['violations'] })")
        bad = [one for one in found["violations"] if one["impact"] in {"serious", "critical"}]
        where = [(one["id"], [node["target"] for node in one["nodes"]]) for one in bad]
        assert bad == [], f"{width} {theme}: {json.dumps(where, indent=1)}"
    await page.set_viewport_size({"width": 1400, "height": 900})
