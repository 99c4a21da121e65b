"""The server refuses what the app was not granted, in Slack's words."""

from dataclasses import replace

import pytest

from bot.demo.chat.arguments import Arguments
from bot.demo.chat.errors import SlackError
from bot.demo.chat.methods import METHODS, call, scopes
from bot.demo.chat.server import ChatServer
from bot.demo.chat.state import State


def _grant(state: State, *granted: str) -> None:
    state.workspace.app = replace(state.workspace.app, scopes=frozenset(granted))


@pytest.mark.parametrize("method", sorted(scopes.NEEDED))
def test_a_method_without_its_scope(state: State, method: str) -> None:
    """A missing scope is named, beside those that there are."""
    _grant(state, "reactions:read")
    with pytest.raises(SlackError, match="missing_scope") as refused:
        call(state, method, Arguments({}, state.workspace.app.bot_token))
    assert refused.value.more == {"needed": ",".join(scopes.NEEDED[method]), "provided": "reactions:read"}


def test_scopes_are_of_methods_that_there_are() -> None:
    """Only methods of this server have scopes."""
    assert set(scopes.NEEDED) <= set(METHODS)


async def test_nothing_is_typed_or_mentioned_without_a_scope(server: ChatServer) -> None:
    """Without its scope an app has no command, and hears of no mention."""
    server.workspace.app = replace(server.workspace.app, scopes=frozenset({"chat:write"}))
    with pytest.raises(ValueError, match="commands"):
        await server.driver.slash("U0ALICE", "C0TEAM", "help")
    with pytest.raises(ValueError, match="app_mentions:read"):
        await server.driver.mention("U0ALICE", "C0TEAM", "help")
