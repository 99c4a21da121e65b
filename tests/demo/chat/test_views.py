"""Which modals Slack shows, when, and how it words what it does not take."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.resources import Json
from bot.demo.chat.errors import SlackError
from bot.demo.chat.server import ChatServer
from bot.demo.chat.view_schema import accept
from tests.demo.chat.clocks import HandClock


def plain(text: str) -> Json:
    """Make a plain text object."""
    return {"type": "plain_text", "text": text}


def field(label: str = "Name", block_id: str = "name", **element: Any) -> Json:
    """Make a text field."""
    inner = {"type": "plain_text_input", "action_id": "it", **element}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": inner}


def select(*texts: str, **more: Any) -> Json:
    """Make a field with options."""
    options = [{"text": plain(text), "value": text.lower()} for text in texts]
    element = {"type": "static_select", "action_id": "it", "options": options, **more}
    return {"type": "input", "block_id": "size", "label": plain("Size"), "element": element}


def modal(*blocks: Json, **more: Any) -> Json:
    """Make a modal."""
    return {"type": "modal", "title": plain("A form"), "submit": plain("Send"), "blocks": list(blocks), **more}


@pytest.mark.parametrize(
    "view",
    [
        modal(field("x" * 2000, multiline=True, initial_value="x" * 3000, max_length=3000)),
        modal(select(*[f"{index:075d}" for index in range(100)])),
        modal(*[field(block_id=f"b{index}") for index in range(100)], private_metadata="x" * 3000),
        {"type": "modal", "title": plain("x" * 24), "blocks": [{"type": "divider"}]},
    ],
)
def test_accepts_views_at_their_limits(view: Json) -> None:
    """A modal passes up to the last allowed character, option and block."""
    assert accept(view) == view


OPTION = {"text": plain("XXL"), "value": "xxl"}


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (modal(field(), title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(), "no fewer than 1 items allowed [json-pointer:/view/blocks]"),
        (modal(*[{"type": "divider"}] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (
            modal(field(), private_metadata="x" * 3001),
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (modal(field("x" * 2001)), "must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]"),
        (
            modal(field(max_length=16_000)),
            "must be between 1 and 3000 [json-pointer:/view/blocks/0/element/max_length]",
        ),
        (
            modal(select(*[str(index) for index in range(101)])),
            "no more than 100 items allowed [json-pointer:/view/blocks/0/element/options]",
        ),
        (
            modal(select("x" * 76)),
            "must be less than 76 characters [json-pointer:/view/blocks/0/element/options/0/text/text]",
        ),
        (
            modal(select("x", options=[{"text": plain("x"), "value": "v" * 151}])),
            "must be less than 151 characters [json-pointer:/view/blocks/0/element/options/0/value]",
        ),
        (
            modal(select("S", initial_option=OPTION)),
            "initial_option must match one of the options [json-pointer:/view/blocks/0/element/initial_option]",
        ),
        (modal(field(), colour="red"), "invalid additional property: colour [json-pointer:/view]"),
        (modal(field(type="hologram")), "unsupported type: hologram [json-pointer:/view/blocks/0/element]"),
        (modal({"type": "table", "rows": []}), "unsupported type: table [json-pointer:/view/blocks/0]"),
        (modal(field(), field()), "`block_id` name already exists [json-pointer:/view/blocks]"),
        (
            {"type": "modal", "title": plain("x"), "blocks": [field()]},
            "missing required field: submit [json-pointer:/view]",
        ),
    ],
)
def test_refuses_what_slack_refuses(view: Json, words: str) -> None:
    """A modal past a limit is invalid_arguments, with Slack's words and a pointer to the place."""
    with pytest.raises(SlackError) as caught:
        accept(view)
    first = "[ERROR] failed to match all allowed schemas [json-pointer:/view]"
    assert (caught.value.code, caught.value.details[:2]) == ("invalid_arguments", (first, f"[ERROR] {words}"))


def test_refuses_a_view_that_is_none() -> None:
    """A view that is no object is invalid_arguments."""
    with pytest.raises(SlackError, match="invalid_arguments"):
        accept("form")


async def refused(call: Any) -> str:
    """Return Slack's word for why a call was refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_trigger_opens_one_view_and_soon(server: ChatServer, client: AsyncWebClient, clock: HandClock) -> None:
    """A trigger opens a view once, within three seconds, and a view that is refused does not use it up."""
    trigger = server.state.triggers.issue("U0ALICE")
    assert await refused(client.views_open(trigger_id=trigger, view={"type": "modal"})) == "invalid_arguments"
    opened = (await client.views_open(trigger_id=trigger, view=modal(field())))["view"]
    seen = server.driver.view("U0ALICE")
    assert seen is not None
    assert (seen.id, seen.hash, seen.title, seen.shown) == (opened["id"], opened["hash"], "A form", {"Name": ""})
    assert await refused(client.views_open(trigger_id=trigger, view=modal(field()))) == "exchanged_trigger_id"
    assert await refused(client.views_open(trigger_id="1.2.3", view=modal(field()))) == "invalid_trigger_id"
    late = server.state.triggers.issue("U0ALICE")
    clock.advance(seconds=3)
    assert await refused(client.views_open(trigger_id=late, view=modal(field()))) == "expired_trigger_id"
    assert server.driver.view("U0BOB") is None


async def test_an_update_keeps_what_the_same_fields_hold(server: ChatServer, client: AsyncWebClient) -> None:
    """views.update keeps what was typed where block_id and action_id stay, and gives other fields their own."""
    trigger = server.state.triggers.issue("U0ALICE")
    opened = (await client.views_open(trigger_id=trigger, view=modal(field(initial_value="a"), select("S"))))["view"]
    server.driver.fill("U0ALICE", {"Name": "web"})
    say = modal(field(initial_value="b"), field("Other", "other", initial_value="c"))
    changed = (await client.views_update(view_id=opened["id"], hash=opened["hash"], view=say))["view"]
    seen = server.driver.view("U0ALICE")
    assert seen is not None
    assert seen.shown == {"Name": "web", "Other": "c"}
    assert changed["state"]["values"]["name"]["it"] == {"type": "plain_text_input", "value": "web"}


async def test_an_old_hash_is_a_conflict(server: ChatServer, client: AsyncWebClient) -> None:
    """An update that names an older hash is refused, as is one of a view that was closed."""
    trigger = server.state.triggers.issue("U0ALICE")
    opened = (await client.views_open(trigger_id=trigger, view=modal(field())))["view"]
    await client.views_update(view_id=opened["id"], view=modal(field("Name 2")))
    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(field()))
    assert await refused(stale) == "hash_conflict"
    server.driver.close("U0ALICE")
    assert await refused(client.views_update(view_id=opened["id"], view=modal(field()))) == "not_found"


async def test_nobody_does_what_slack_does_not_let_them(server: ChatServer, client: AsyncWebClient) -> None:
    """A required field must be filled, an option must be there, one line stays one line, and a form must be open."""
    with pytest.raises(ValueError, match="sees no form"):
        server.driver.fill("U0ALICE", {"Name": "x"})
    trigger = server.state.triggers.issue("U0ALICE")
    await client.views_open(trigger_id=trigger, view=modal(field(), select("S", "M")))
    with pytest.raises(ValueError, match="without Name, Size"):
        await server.driver.submit("U0ALICE")
    with pytest.raises(ValueError, match="has no option XL"):
        await server.driver.choose("U0ALICE", "Size", "XL")
    with pytest.raises(ValueError, match="one line"):
        server.driver.fill("U0ALICE", {"Name": "a\nb"})
    with pytest.raises(ValueError, match="nobody could type this"):
        server.driver.fill("U0ALICE", {"Name": "x" * 3001})
    with pytest.raises(LookupError, match="no field Colour"):
        server.driver.fill("U0ALICE", {"Colour": "red"})
    assert await server.driver.choose("U0ALICE", "Size", "M") is None


def home(*blocks: Json, **more: Any) -> Json:
    """Make a Home tab."""
    return {"type": "home", "blocks": list(blocks), **more}


async def test_a_home_tab_is_published_per_person(server: ChatServer, client: AsyncWebClient) -> None:
    """views.publish puts up one person's Home tab, keeps its id, and opens no form."""
    says = home({"type": "divider"}, private_metadata="x")
    first = (await client.views_publish(user_id="U0ALICE", view=says))["view"]
    second = (await client.views_publish(user_id="U0ALICE", hash=first["hash"], view=home(field())))["view"]
    assert (first["type"], first["private_metadata"], first["title"]) == ("home", "x", None)
    assert (second["id"], second["state"]["values"]) == (
        first["id"],
        {"name": {"it": {"type": "plain_text_input", "value": None}}},
    )
    seen = server.state.views.home("U0ALICE")
    assert seen is not None
    assert (seen.hash, server.state.views.home("U0BOB")) == (second["hash"], None)
    assert server.driver.view("U0ALICE") is None


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"user_id": "U0NOBODY", "view": home({"type": "divider"})}, "invalid_arguments", "invalid `user_id`"),
        ({"user_id": "U0ALICE", "view": home()}, "invalid_arguments", "no fewer than 1 items allowed"),
        ({"user_id": "U0ALICE", "view": modal(field())}, "invalid_arguments", "unsupported type: modal"),
        (
            {"user_id": "U0ALICE", "view": home({"type": "divider"}, title=plain("x"))},
            "invalid_arguments",
            "invalid additional property: title",
        ),
        ({"user_id": "U0ALICE", "view": home({"type": "divider"}), "hash": "old"}, "hash_conflict", ""),
    ],
)
async def test_refuses_home_tabs(client: AsyncWebClient, asked: dict[str, Any], error: str, words: str) -> None:
    """A Home tab that Slack would not show, or of nobody, or in place of a newer one, is refused in Slack's words."""
    await client.views_publish(user_id="U0ALICE", view=home({"type": "divider"}))
    with pytest.raises(SlackApiError) as caught:
        await client.views_publish(**asked)
    messages = caught.value.response.get("response_metadata", {}).get("messages", [""])
    assert (caught.value.response["error"], words in "\n".join(messages)) == (error, True)
