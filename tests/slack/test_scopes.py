"""What podbot asks of Slack is what is declared, in the code and in its manifest."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.chat.methods import scopes as slacks
from bot.slack import scopes
from bot.slack.bolt import listen
from bot.slack.retries import REPEATABLE
from bot.slack.shortcuts import SHORTCUTS

ROOM = Path(__file__).parent.parent.parent / "bot"
UPLOAD = {"files.getUploadURLExternal", "files.completeUploadExternal"}


class Recorder:
    """Stands in for a Bolt app and keeps what is registered; what podbot does not register it does not have."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []

    def __getattr__(self, kind: str) -> Callable[[Any], Callable[[Any], Any]]:
        if kind not in {"command", "event", "action", "view_submission", "message_shortcut"}:
            raise AttributeError(f"the manifest says nothing of {kind}")

        def register(what: Any) -> Callable[[Any], Any]:
            self.heard.append((kind, what))
            return lambda listener: listener

        return register


def _called() -> set[str]:
    """Return the methods that any room calls on something named client."""
    called = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            whose = ast.unparse(node.func.value).rpartition(".")[2].lstrip("_")
            name = node.func.attr
            if whose == "client" and "_" in name and callable(getattr(AsyncWebClient, name, None)):
                called |= UPLOAD if name == "files_upload_v2" else {name.replace("_", ".")}
    return called


def test_methods_that_are_called_are_those_declared() -> None:
    """Each method of the Web API that a room calls has its scopes declared, and no other has."""
    assert _called() == set(scopes.METHODS)


def test_methods_that_may_be_repeated_are_declared() -> None:
    """What is called again after a lost connection is called at all."""
    assert set(REPEATABLE) <= set(scopes.METHODS)


@pytest.mark.parametrize("method", scopes.METHODS)
def test_scopes_are_slacks(method: str) -> None:
    """A method's declared scopes are among those that Slack takes for it; it has none where Slack asks for none."""
    needed = set(slacks.NEEDED.get(method, ()))
    assert scopes.METHODS[method] <= needed
    assert bool(needed) == bool(scopes.METHODS[method])


def test_events_that_are_heard_are_those_declared() -> None:
    """The app subscribes to exactly the events and shortcuts that podbot listens to, and to nothing else undeclared."""
    app: Any = Recorder()
    listen(app, "/pod", "U0PODBOT", lambda: None, lambda _: None, lambda ask: ask)  # type: ignore[arg-type,return-value]  # nothing arrives
    assert {what for kind, what in app.heard if kind == "event"} == set(scopes.EVENTS)
    assert [what for kind, what in app.heard if kind == "command"] == ["/pod"]
    assert [what for kind, what in app.heard if kind == "message_shortcut"] == [one.callback for one in SHORTCUTS]


def test_what_no_command_needs_is_optional() -> None:
    """Whoever installs the app must grant what commands need, and may leave out what checks and watches look at."""
    assert {"channels:read", "groups:read", "channels:history", "groups:history"} == scopes.OPTIONAL
    assert not scopes.OPTIONAL & scopes.REQUIRED
