"""Pods from every shipped template, by line and by form; what forms say and forget."""

import re
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

import config
from config.templates import load_templates
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="package")

GIVEN = {
    "adapter": {},
    "ambassador": {"host": "web"},
    "claim": {"claim": "pictures"},
    "debug": {},
    "shared-volume": {},
    "sidecar": {},
    "single": {"cpu": "10m"},
}
ASKING = {"claim"}  # what it mounts outlives it, so podbot asks first


async def test_every_template_is_here() -> None:
    """The tests below create from each template that podbot ships."""
    assert load_templates(Path(config.__file__).parent / "templates").keys() == GIVEN.keys()


async def _told(visitor: Visitor, prefix: str) -> None:
    """Wait until each template's pod is told as done, once its question, if any, is confirmed."""
    for template in GIVEN:
        message = visitor.messages.filter(has_text=re.compile(rf"create pod {prefix}-{template} ")).last
        if template in ASKING:
            await visitor.press(message, "Do it")
        await expect(message).to_contain_text("Done")
        await expect(message).to_contain_text("Running")


async def test_every_template_by_line(visitor: Visitor) -> None:
    """Each shipped template makes a pod that runs, asked for in one line."""
    await visitor.enter()
    for template, values in GIVEN.items():
        words = " ".join(f"{name}={value}" for name, value in values.items())
        await visitor.say(f"/pod create {template} line-{template} {words}".strip())
    await _told(visitor, "line")


async def test_every_template_by_form(visitor: Visitor) -> None:
    """Each shipped template makes a pod that runs, chosen and filled in in a form."""
    await visitor.enter()
    for template, values in GIVEN.items():
        known = await visitor.messages.count()
        await visitor.form("/pod create")
        await visitor.field("Template").select_option(template)
        for label, value in {"Name": f"form-{template}", **values}.items():
            await visitor.field(label).fill(value)
        await visitor.dialog.get_by_role("button", name="Create").click()
        await expect(visitor.page.locator("#dialog")).to_be_hidden()
        await expect(visitor.messages.nth(known)).to_be_visible()
    await _told(visitor, "form")


async def test_what_is_wrong_stands_beside_its_field(visitor: Visitor) -> None:
    """An empty required field, and one that Kubernetes would refuse, are told beside it; what was typed stays."""
    await visitor.enter()
    form = await visitor.form("/pod create ambassador")
    await visitor.field("Name").fill("Not A Name")
    await form.get_by_role("button", name="Create").click()
    await expect(form.get_by_text("Please complete this required field.")).to_be_visible()
    await expect(visitor.field("host")).to_be_focused()
    await visitor.field("host").fill("web")
    await visitor.field("host").press("Enter")
    await expect(form.locator(".field .bad")).to_contain_text("is not a pod name")
    await expect(visitor.field("Name")).to_be_focused()
    await expect(visitor.field("Name")).to_have_value("Not A Name")
    await expect(visitor.field("host")).to_have_value("web")


async def test_another_template_keeps_what_was_typed(visitor: Visitor) -> None:
    """Choosing another template makes another form, in which the name stays and the keyboard is where it was."""
    await visitor.enter()
    await visitor.form("/pod create sidecar")
    await visitor.field("Name").fill("kept")
    await visitor.field("Template").select_option("debug")
    await expect(visitor.field("seconds")).to_have_value("3600")
    await expect(visitor.field("Name")).to_have_value("kept")
    await expect(visitor.field("Template")).to_be_focused()


@pytest.mark.parametrize("way", ["Escape", "Cancel", "Close this form"])
async def test_a_form_is_closed(visitor: Visitor, way: str) -> None:
    """A form is closed in three ways; nothing is made, and the keyboard is back where one types."""
    await visitor.enter()
    form = await visitor.form("/pod create sidecar")
    if way == "Escape":
        await visitor.page.keyboard.press("Escape")
    else:
        await form.get_by_role("button", name=way, exact=True).click()
    await expect(visitor.page.locator("#dialog")).to_be_hidden()
    await expect(visitor.words).to_be_focused()
    await visitor.form("/pod create debug")  # and the next one opens


async def test_a_form_is_its_persons(window: BrowserContext, visitor: Visitor) -> None:
    """Two tabs of a person show the same form, closed in both at once; another person's tab shows none."""
    await visitor.enter()
    twin, other = [Visitor(await window.new_page(), visitor.url) for _ in range(2)]
    await twin.enter()
    await other.enter(person="U0BOB")
    await visitor.form("/pod create single")
    await expect(twin.field("image")).to_be_visible()
    await expect(other.page.locator("#dialog")).to_be_hidden()
    await twin.page.keyboard.press("Escape")
    await expect(visitor.page.locator("#dialog")).to_be_hidden()


async def test_a_form_waits_for_its_person(visitor: Visitor) -> None:
    """A form that is open when the visitor becomes somebody else is that person's no more, and is there on return."""
    await visitor.enter()
    await visitor.form("/pod create single")
    await visitor.enter(person="U0BOB")
    await expect(visitor.page.locator("#dialog")).to_be_hidden()
    await visitor.enter()
    await expect(visitor.field("image")).to_have_value("nginx:1.22")
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.page.locator("#dialog")).to_be_hidden()
