"""conversations.open and conversations.info, called by slack_sdk."""

from dataclasses import replace

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.chat.server import ChatServer


async def test_opens_a_direct_message(server: ChatServer, client: AsyncWebClient) -> None:
    """The opened direct message is a channel that the bot can write in."""
    channel = (await client.conversations_open(users=["U0ALICE"]))["channel"]["id"]
    await client.chat_postMessage(channel=channel, text="hello")
    assert [message.text for message in server.driver.direct_messages("U0ALICE")] == ["hello"]


@pytest.mark.parametrize(
    ("user", "error"), [("U0NOBODY", "user_not_found"), ("U0ALERTS", "cannot_dm_bot"), ("U0GONE", "user_disabled")]
)
async def test_does_not_open_for_everybody(client: AsyncWebClient, user: str, error: str) -> None:
    """There is no direct message with nobody, a bot, or one who is gone."""
    with pytest.raises(SlackApiError, match=error):
        await client.conversations_open(users=user)


@pytest.mark.parametrize(
    ("channel", "flags"),
    [
        ("C0TEAM", {"is_channel", "is_member"}),
        ("C0ONCALL", {"is_channel", "is_member", "is_private"}),
        ("C0SHARED", {"is_channel", "is_member", "is_ext_shared"}),
        ("C0QUIET", {"is_channel"}),
    ],
)
async def test_describes_a_channel(client: AsyncWebClient, channel: str, flags: set[str]) -> None:
    """conversations.info tells what kind of channel it is, and whether the bot is a member."""
    told = (await client.conversations_info(channel=channel))["channel"]
    assert {name for name, value in told.items() if value is True} == flags


async def test_a_private_channel_is_hidden_from_outsiders(server: ChatServer, client: AsyncWebClient) -> None:
    """A private channel that the bot left is not found any more."""
    server.workspace.leave("C0ONCALL", "U0PODBOT")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.conversations_info(channel="C0ONCALL")


async def test_an_archived_channel_is_closed(server: ChatServer, client: AsyncWebClient) -> None:
    """Nothing is posted in an archived channel."""
    server.workspace.add(replace(server.workspace.channel("C0TEAM"), archived=True))
    with pytest.raises(SlackApiError, match="is_archived"):
        await client.chat_postMessage(channel="C0TEAM", text="hello")
