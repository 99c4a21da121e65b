"""What Slack says of podbot's tokens, and of the channels and usergroups that a policy names."""

from collections.abc import Mapping

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.ages import http_date
from bot.core.errors import ChatError
from bot.core.inspections import Channel, Token, Usergroup
from bot.core.reading import mapping, objects, text
from bot.core.resources import Json
from bot.slack.calls import answer, response

_PAGE = 1000
_MOST_PAGES = 10


class Inspection:
    """Looks through one client; every method raises `ChatError` where Slack does not say."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def token(self) -> Token:
        """Ask whose the bot token is; Slack tells its scopes in a header of every answer.

        Source: https://docs.slack.dev/reference/methods/auth.test.
        """
        told = await response(self._client.auth_test())
        said, headers = mapping(told.data), {name.lower(): value for name, value in told.headers.items()}
        granted = headers.get("x-oauth-scopes")
        scopes = None if granted is None else frozenset(filter(None, (one.strip() for one in granted.split(","))))
        return Token(text(said.get("team_id")), text(said.get("user_id")), scopes, http_date(headers.get("date", "")))

    async def connection(self, app_token: str) -> None:
        """Ask for a socket's address and use it for nothing: an open socket would be given other people's commands."""
        await answer(self._client.apps_connections_open(app_token=app_token))

    async def channel(self, channel: str) -> Channel:
        """Describe a channel: https://docs.slack.dev/reference/objects/conversation-object."""
        return _channel(mapping((await answer(self._client.conversations_info(channel=channel))).get("channel")))

    async def usergroups(self) -> Mapping[str, Usergroup]:
        """Describe all usergroups, by id: https://docs.slack.dev/reference/objects/usergroup-object."""
        told = await answer(self._client.usergroups_list(include_disabled=True, include_count=True))
        return {one.id: one for one in map(_usergroup, objects(told.get("usergroups")))}

    async def channel_named(self, name: str) -> Channel | None:
        """Find a channel by its name, which people write; `ChatError` where there are too many to look through."""
        cursor = ""
        for _ in range(_MOST_PAGES):
            told = await answer(
                self._client.conversations_list(
                    cursor=cursor, limit=_PAGE, exclude_archived=True, types="public_channel,private_channel"
                )
            )
            found = next((one for one in map(_channel, objects(told.get("channels"))) if one.name == name), None)
            cursor = text(mapping(told.get("response_metadata")).get("next_cursor"))
            if found or not cursor:
                return found
        raise ChatError("there are too many channels to look through")


def _channel(said: Json) -> Channel:
    return Channel(
        id=text(said.get("id")),
        name=text(said.get("name")),
        is_member=said.get("is_member") is True,
        is_private=said.get("is_private") is True,
        is_archived=said.get("is_archived") is True,
        is_shared=said.get("is_ext_shared") is True or said.get("is_pending_ext_shared") is True,
        is_org_shared=said.get("is_org_shared") is True,
    )


def _usergroup(said: Json) -> Usergroup:
    count = str(said.get("user_count"))  # a number or, in some answers, a number as text
    users = int(count) if count.isdecimal() else 0
    return Usergroup(text(said.get("id")), text(said.get("handle")), users, is_disabled=bool(said.get("date_delete")))
