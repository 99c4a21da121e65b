"""Slack's own package and a person in one modal: what it hears, and what the person sees of its answers."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.resources import Json
from bot.demo.chat.server import ChatServer
from tests.demo.chat.test_slack_packages import socket_mode
from tests.demo.chat.test_views import field, modal, select


class Heard:
    """Keeps what the app heard; `answer` is what it says to a form that is sent."""

    def __init__(self) -> None:
        self.bodies: list[Json] = []
        self.answer: Json = {}


@pytest.fixture
async def heard(server: ChatServer, client: AsyncWebClient) -> AsyncIterator[Heard]:
    """Run an app that opens a form on its command, and let Alice type it."""
    app, heard = AsyncApp(client=client, signing_secret="unused"), Heard()

    @app.command("/pod")
    async def command(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        chosen = {**select("S", "M"), "dispatch_action": True}
        await client.views_open(
            trigger_id=body["trigger_id"], view=modal(field(), chosen, callback_id="form", private_metadata="kept")
        )

    @app.action("it")
    async def choose(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        heard.bodies.append(body)

    @app.view("form")
    async def submit(ack: AsyncAck, body: dict[str, Any]) -> None:
        heard.bodies.append(body)
        await ack(**heard.answer)

    async with socket_mode(server, app):
        await server.driver.slash("U0ALICE", "C0TEAM", "form")
        await server.driver.wait_for(lambda: server.driver.view("U0ALICE"))
        yield heard


async def test_a_choice_is_told_with_all_that_the_form_holds(server: ChatServer, heard: Heard) -> None:
    """A field that dispatches tells the app of a choice: which, in which view, and what else stands there."""
    server.driver.fill("U0ALICE", {"Name": "web"})
    delivery = await server.driver.choose("U0ALICE", "Size", "M")
    assert delivery is not None
    assert delivery.acknowledged
    (body,) = heard.bodies
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
    option = {"text": {"type": "plain_text", "text": "M"}, "value": "m"}
    (action,) = body["actions"]
    assert (action["block_id"], action["selected_option"]) == ("size", option)
    assert body["view"]["state"]["values"] == {
        "name": {"it": {"type": "plain_text_input", "value": "web"}},
        "size": {"it": {"type": "static_select", "selected_option": option}},
    }
    assert "channel" not in body


async def _send(server: ChatServer) -> None:
    server.driver.fill("U0ALICE", {"Name": "web"})
    await server.driver.choose("U0ALICE", "Size", "S")
    await server.driver.submit("U0ALICE")


async def test_a_form_that_is_sent_is_closed(server: ChatServer, heard: Heard) -> None:
    """A bare acknowledgement closes the form; the app has heard its fields and what it gave the view to keep."""
    await _send(server)
    view = heard.bodies[-1]["view"]
    assert (heard.bodies[-1]["type"], view["private_metadata"], view["callback_id"]) == (
        "view_submission",
        "kept",
        "form",
    )
    assert view["state"]["values"]["name"]["it"]["value"] == "web"
    assert server.driver.view("U0ALICE") is None


async def test_errors_stand_beside_their_fields(server: ChatServer, heard: Heard) -> None:
    """Errors that the acknowledgement carries are shown beside their fields, and the form stays."""
    heard.answer = {"response_action": "errors", "errors": {"name": "taken"}}
    await _send(server)
    seen = server.driver.view("U0ALICE")
    assert seen is not None
    assert (seen.wrong, seen.shown["Name"], seen.trouble) == ({"Name": "taken"}, "web", False)


async def test_an_answer_may_replace_the_form(server: ChatServer, heard: Heard) -> None:
    """An acknowledgement that updates puts another view in the form's place."""
    divider: Json = {"type": "divider"}
    heard.answer = {"response_action": "update", "view": modal(divider, title={"type": "plain_text", "text": "No"})}
    await _send(server)
    seen = server.driver.view("U0ALICE")
    assert seen is not None
    assert (seen.title, seen.labels) == ("No", ())


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "lost"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
    ],
)
async def test_a_wrong_answer_is_trouble(server: ChatServer, heard: Heard, answer: Json) -> None:
    """An answer that Slack can't show leaves the form open, and Slack says that there was trouble."""
    heard.answer = answer
    await _send(server)
    seen = server.driver.view("U0ALICE")
    assert seen is not None
    assert (seen.trouble, seen.wrong) == (True, {})


async def test_a_form_nobody_takes_is_trouble(server: ChatServer, heard: Heard) -> None:
    """A form that is not acknowledged stays open with trouble, and no message tells of it."""
    heard.answer = {}
    await server.sockets.close()
    server.driver.patience = 0.05
    await _send(server)
    seen = server.driver.view("U0ALICE")
    assert seen is not None
    assert seen.trouble
    assert server.driver.messages("C0TEAM") == ()
