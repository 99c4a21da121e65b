"""Calls as somebody, and what becomes of lost answers."""

import pytest
from pytest_mock import MockerFixture

from bot.core.errors import (
    Forbidden,
    Invalid,
    NotFound,
    NotSetUp,
    OutcomeUnknown,
    ServerFault,
    TooSlow,
    Unauthenticated,
    Unreachable,
)
from bot.kube.client import JSON_PATCH, Call, Client
from tests.kube.conftest import OWN_USER
from tests.kube.servers import Handler, Server, cut, drop, frames, hang, json, reaching, serving, stall, status, text

READ = Call("GET", "/api", timeout=0.2)
CHANGE = Call("POST", "/api", body={"a": 1}, timeout=0.2, changes=True)


async def test_a_call_carries_the_identity(server: Server, client: Client) -> None:
    """Every call says who it is for, what it takes and what it brings."""
    server.says(json({"kind": "Pod"}), json({}))
    assert await client.json(READ) == {"kind": "Pod"}
    await client.json(Call("PATCH", "/api", body=({"op": "test"},), content=JSON_PATCH))
    read, patch = server.requests
    assert read.headers["Impersonate-User"] == patch.headers["Impersonate-User"] == "alice@example.com"
    assert (read.headers["Accept"], read.headers.get("Content-Type")) == ("application/json", None)
    assert patch.headers["Content-Type"] == "application/json-patch+json"
    assert server.bodies == [b"", b'[{"op": "test"}]']


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (hang, TooSlow),
        (stall, TooSlow),
        (cut(b"{"), ServerFault),
        (text("<html>"), ServerFault),
        (text("[]"), ServerFault),
        (text("[" * 100_000), ServerFault),
        (status(500, "InternalError"), ServerFault),
        (cut(b"{", 404), NotFound),
        (text("", 302, {"Location": "/other"}), ServerFault),
        (status(401, "Unauthorized"), Unauthenticated),
        (status(403, "Forbidden", 'User "alice@example.com" cannot'), Forbidden),
        (status(403, "Forbidden", f'User "{OWN_USER}" cannot impersonate'), NotSetUp),
    ],
)
async def test_a_read_that_fails(server: Server, client: Client, answer: Handler, kind: type[Exception]) -> None:
    """A read that fails says how."""
    server.says(answer)
    with pytest.raises(kind) as caught:
        await client.json(READ)
    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (hang, OutcomeUnknown),
        (stall, OutcomeUnknown),
        (drop, OutcomeUnknown),
        (cut(b"{"), OutcomeUnknown),
        (text("<html>"), OutcomeUnknown),
        (status(500, "InternalError", "etcdserver: request timed out"), OutcomeUnknown),
        (text("Bad gateway", 502), OutcomeUnknown),
        (status(504, "Timeout"), OutcomeUnknown),
        (status(500, "InternalError", 'failed calling webhook "x"'), ServerFault),
        (text("", 302, {"Location": "/other"}), ServerFault),
        (status(422, "Invalid"), Invalid),
        (cut(b"{", 404), NotFound),
    ],
)
async def test_a_change_that_fails(server: Server, client: Client, answer: Handler, kind: type[Exception]) -> None:
    """A change whose answer is missing is of unknown outcome, one that was refused is not; neither is sent twice."""
    server.says(answer)
    with pytest.raises(kind) as caught:
        await client.json(CHANGE)
    assert type(caught.value) is kind
    assert len(server.requests) == 1


async def test_a_change_that_was_not_sent() -> None:
    """A change that met no server did not happen."""
    async with serving() as gone:
        url = gone.url
    async with reaching(url) as transport:
        with pytest.raises(Unreachable):
            await Client(transport, (), "").json(CHANGE)


async def test_an_answer_that_is_too_big(server: Server, client: Client, mocker: MockerFixture) -> None:
    """An answer beyond the limit is given up."""
    mocker.patch("bot.kube.client._MOST", 10)
    server.says(text("1" * 11))
    with pytest.raises(ServerFault, match="more than 10 bytes"):
        await client.json(READ)


async def test_an_answer_that_drips(server: Server, client: Client, mocker: MockerFixture) -> None:
    """An answer has a time for the whole of it."""
    mocker.patch("bot.kube.client._WHOLE", 0.1)
    server.says(hang)
    with pytest.raises(TooSlow, match="no whole answer"):
        await client.json(Call("GET", "/api"))


async def test_the_beginning_of_a_refusal(server: Server, client: Client, mocker: MockerFixture) -> None:
    """Of a refusal only the beginning is read."""
    mocker.patch("bot.kube.client._MOST_OF_AN_ERROR", 1)
    server.says(text("plain", 500))
    with pytest.raises(ServerFault, match="500: plain"):
        await client.json(READ)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (drop, OutcomeUnknown),
        (hang, OutcomeUnknown),
        (text("", 502), OutcomeUnknown),
        (text("", 302, {"Location": "/other"}), ServerFault),
        (text('container not found ("x")', 500), ServerFault),
        (status(403, "Forbidden"), Forbidden),
    ],
)
async def test_a_websocket_that_fails(server: Server, client: Client, answer: Handler, kind: type[Exception]) -> None:
    """A websocket that may have started something is of unknown outcome, one that was refused is not."""
    server.says(answer)
    with pytest.raises(kind) as caught:
        async with client.connect(CHANGE, ()):
            pass
    assert type(caught.value) is kind


async def test_an_error_inside_is_not_the_openings(server: Server, client: Client) -> None:
    """What goes wrong while a websocket is used is told as it is."""
    server.says(frames())
    with pytest.raises(ServerFault, match="inside"):
        async with client.connect(CHANGE, ()):
            raise ServerFault("inside")
