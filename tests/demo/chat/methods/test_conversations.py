"""conversations.open, info, list, members and join, called by slack_sdk."""

from dataclasses import replace
from typing import Any

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


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ({}, ["C0TEAM", "C0SHARED", "C0QUIET"]),
        ({"types": "private_channel,im"}, ["C0ONCALL", "D0ALICE"]),
        ({"exclude_archived": True}, ["C0TEAM", "C0SHARED"]),
        ({"limit": 2}, ["C0TEAM", "C0SHARED"]),
    ],
)
async def test_lists_channels(
    server: ChatServer, client: AsyncWebClient, asked: dict[str, Any], listed: list[str]
) -> None:
    """conversations.list has the public channels, unless other types are asked for."""
    server.workspace.direct("U0ALICE")
    server.workspace.add(replace(server.workspace.channel("C0QUIET"), archived=True))
    assert [one["id"] for one in (await client.conversations_list(**asked))["channels"]] == listed


async def test_lists_no_unknown_types(client: AsyncWebClient) -> None:
    """A type that is none is invalid_types."""
    with pytest.raises(SlackApiError, match="invalid_types"):
        await client.conversations_list(types="secret_channel")


async def test_lists_members(client: AsyncWebClient) -> None:
    """conversations.members pages through a channel's members."""
    pages = [page["members"] async for page in await client.conversations_members(channel="C0QUIET", limit=3)]
    assert pages == [["U0ALERTS", "U0ALICE", "U0BOB"], ["U0GUEST", "U0SINGLE"]]


async def test_joins_public_channels_only(server: ChatServer, client: AsyncWebClient) -> None:
    """The bot joins a public channel, is told where it is a member already, and can't join a private one."""
    first = await client.conversations_join(channel="C0QUIET")
    again = await client.conversations_join(channel="C0QUIET")
    assert (first["channel"]["is_member"], first.get("warning"), again["warning"]) == (True, None, "already_in_channel")
    assert (await client.chat_postMessage(channel="C0QUIET", text="hello"))["ok"]
    with pytest.raises(SlackApiError, match="method_not_supported_for_channel_type"):
        await client.conversations_join(channel="C0ONCALL")
    server.workspace.add(replace(server.workspace.channel("C0SHARED"), archived=True))
    with pytest.raises(SlackApiError, match="is_archived"):
        await client.conversations_join(channel="C0SHARED")
