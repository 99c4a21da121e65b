"""Response URLs, over HTTP."""

import aiohttp
import pytest

from bot.core.resources import Json
from bot.demo.chat.messages import Draft, Message
from bot.demo.chat.server import ChatServer
from tests.demo.chat.clocks import HandClock


def issue(server: ChatServer, original: Message | None = None) -> str:
    """Make a URL of Alice's."""
    return f"{server.state.origin}/response/{server.state.urls.issue('C0TEAM', 'U0ALICE', original)}"


async def use(url: str, **said: object) -> tuple[int, str]:
    """Say something by a URL, and return status and body."""
    async with aiohttp.ClientSession() as session, session.post(url, json=said) as response:
        return response.status, await response.text()


async def test_five_uses(server: ChatServer) -> None:
    """The sixth use is used_url with 404."""
    url = issue(server)
    answers = [await use(url, text="hi") for _ in range(6)]
    assert answers == [(200, "ok")] * 5 + [(404, '{"ok": false, "error": "used_url"}')]
    assert len(server.driver.messages("C0TEAM")) == 5


@pytest.mark.parametrize(("minutes", "status"), [(29.9, 200), (30, 404)])
async def test_thirty_minutes(server: ChatServer, clock: HandClock, minutes: float, status: int) -> None:
    """After half an hour by the clock a URL is expired_url."""
    url = issue(server)
    clock.advance(minutes=minutes)
    assert (await use(url, text="hi"))[0] == status


async def test_expires_on_demand(server: ChatServer) -> None:
    """All URLs can be ended at once, and one never issued is no other."""
    url = issue(server)
    server.expire_response_urls()
    gone = (404, '{"ok": false, "error": "expired_url"}')
    assert [await use(url, text="hi"), await use(f"{url}9", text="hi")] == [gone, gone]
    assert [call.status for call in server.calls("response_url")] == [404, 404]


@pytest.mark.parametrize(("kind", "only_for"), [("ephemeral", "U0ALICE"), ("in_channel", "")])
async def test_says_it_to_one_or_all(server: ChatServer, kind: str, only_for: str) -> None:
    """What is said is for the asker alone, unless the app says in_channel."""
    await use(issue(server), text="hi", response_type=kind)
    assert [message.only_for for message in server.driver.messages("C0TEAM")] == [only_for]


async def test_replaces_the_pressed_message(server: ChatServer) -> None:
    """replace_original changes the message whose button was pressed, and answers in JSON."""
    pressed = server.state.post(server.workspace.channel("C0TEAM"), Draft("before"))
    assert await use(issue(server, pressed), text="after", replace_original=True) == (200, '{"ok": true}')
    (message,) = server.driver.messages("C0TEAM")
    assert (message.ts, message.text) == (pressed.ts, "after")


async def test_replaces_an_ephemeral_message(server: ChatServer) -> None:
    """An ephemeral message, which chat.update can't reach, is replaced for its one reader."""
    whispered = server.state.post(server.workspace.channel("C0TEAM"), Draft("before"), only_for="U0ALICE")
    await use(issue(server, whispered), text="after", replace_original=True)
    (message,) = server.driver.messages("C0TEAM")
    assert (message.text, message.only_for) == ("after", "U0ALICE")


async def test_replaces_what_it_said_first(server: ChatServer) -> None:
    """Of a command, replace_original changes the first message that the URL made."""
    url = issue(server)
    for text in ("one", "two", "three"):
        await use(url, text=text, replace_original=text == "three")
    assert [message.text for message in server.driver.messages("C0TEAM")] == ["three", "two"]


async def test_deletes_the_original(server: ChatServer) -> None:
    """delete_original takes the pressed message down, and nothing where there is none."""
    pressed = server.state.post(server.workspace.channel("C0TEAM"), Draft("before"))
    await use(issue(server, pressed), delete_original=True)
    await use(issue(server), delete_original=True)
    assert server.driver.messages("C0TEAM") == ()


@pytest.mark.parametrize(
    ("said", "error"), [({}, "no_text"), ({"text": "hi", "blocks": [{"type": "marquee"}]}, "invalid_blocks")]
)
async def test_a_refusal_is_not_in_the_status(server: ChatServer, said: Json, error: str) -> None:
    """What can't be posted is refused in the body of a 200."""
    status, body = await use(issue(server), **said)
    assert (status, f'"error": "{error}"' in body) == (200, True)
