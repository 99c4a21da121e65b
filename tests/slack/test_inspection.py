"""What Slack says of tokens, channels and usergroups."""

from dataclasses import replace

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import CannotPost, ChatError
from bot.core.inspections import Channel, Usergroup
from bot.demo.chat import workspace
from bot.demo.chat.server import ChatServer
from bot.slack.inspection import Inspection
from tests.slack.clocks import PatientClock


@pytest.fixture
def look(client: AsyncWebClient) -> Inspection:
    """Return the room's own eyes."""
    return Inspection(client)


def _grant(server: ChatServer, *scopes: str) -> None:
    server.workspace.app = replace(server.workspace.app, scopes=frozenset(scopes))


async def test_a_token_says_whose_it_is(server: ChatServer, look: Inspection, clock: PatientClock) -> None:
    """A token's team, user and scopes are Slack's own words, and so is the time."""
    _grant(server, "chat:write", "commands")
    token = await look.token()
    assert (token.team, token.user) == ("T0ACME", "U0PODBOT")
    assert token.scopes == frozenset({"chat:write", "commands"})
    assert token.at == clock.now().replace(microsecond=0)


async def test_a_token_that_slack_refuses(server: ChatServer, look: Inspection) -> None:
    """A revoked token is Slack's word for it."""
    server.fail("auth.test", error="token_revoked")
    with pytest.raises(ChatError, match="token_revoked"):
        await look.token()


async def test_a_socket_is_asked_for_and_not_opened(server: ChatServer, look: Inspection) -> None:
    """The app token is tried without a socket, which would take payloads from the podbot that runs."""
    await look.connection(server.workspace.app.app_token)
    assert not server.sockets.connections
    server.workspace.app = replace(server.workspace.app, may_connect=False)
    with pytest.raises(ChatError, match="missing_scope"):
        await look.connection(server.workspace.app.app_token)


async def test_channels_are_described(server: ChatServer, look: Inspection) -> None:
    """A channel says whether podbot is in it, and who else may read it."""
    server.workspace.add(workspace.Channel("C0ORG", "org", frozenset(), archived=True, org_shared=True))
    assert await look.channel("C0TEAM") == Channel("C0TEAM", "team", is_private=False)
    assert await look.channel("C0ONCALL") == Channel("C0ONCALL", "oncall")
    assert (await look.channel("C0SHARED")).is_shared
    assert await look.channel("C0ORG") == Channel(
        "C0ORG", "org", is_member=False, is_private=False, is_archived=True, is_org_shared=True
    )
    with pytest.raises(CannotPost, match="channel_not_found"):
        await look.channel("C0NOWHERE")


@pytest.mark.parametrize(("scope", "channel"), [("channels:read", "C0ONCALL"), ("groups:read", "C0TEAM")])
async def test_each_kind_of_channel_has_a_scope(server: ChatServer, look: Inspection, scope: str, channel: str) -> None:
    """A public channel is not described by the scope for private ones, nor the other way round."""
    _grant(server, scope)
    with pytest.raises(ChatError, match="missing_scope"):
        await look.channel(channel)


async def test_a_channel_is_found_by_name(look: Inspection) -> None:
    """A name is looked up among the channels that podbot can see."""
    found = await look.channel_named("team")
    assert found is not None
    assert found.id == "C0TEAM"
    assert await look.channel_named("nowhere") is None


async def test_usergroups_are_described(look: Inspection) -> None:
    """Usergroups come by id, with how many members each has."""
    assert await look.usergroups() == {"S0ONCALL": Usergroup("S0ONCALL", "oncall", 1)}
