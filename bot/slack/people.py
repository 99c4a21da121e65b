"""Who is who, as Slack says: looked up at most once a minute, and never guessed where Slack does not say."""

from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.asks import Member
from bot.core.errors import ChatError
from bot.core.ports import Clock
from bot.core.reading import mapping, text, texts
from bot.slack.cache import Cache
from bot.slack.calls import answer

MEMBER_LIFE = timedelta(seconds=60)
USERGROUP_LIFE = timedelta(seconds=30)

# Slack's own bot is not marked as one: https://docs.slack.dev/reference/objects/user-object.
_SLACKBOT = "USLACKBOT"


class People:
    """Members and usergroups of the workspace; every method raises `ChatError` where Slack does not say."""

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._members = Cache(self._ask_member, MEMBER_LIFE, clock)
        self._usergroups = Cache(self._ask_usergroup, USERGROUP_LIFE, clock)

    async def member(self, user: str) -> Member:
        """Return what kind of member a user is, and of which team."""
        return await self._members.get(user)

    async def usergroup(self, usergroup: str) -> frozenset[str]:
        """Return the ids of a usergroup's members."""
        return await self._usergroups.get(usergroup)

    async def _ask_member(self, user: str) -> Member:
        """Source: https://docs.slack.dev/reference/methods/users.info."""
        found = mapping((await answer(self._client.users_info(user=user))).get("user"))
        if text(found.get("id")) != user or not text(found.get("team_id")):
            raise ChatError("users.info did not say whose member this is")
        return Member(
            user=user,
            team=text(found.get("team_id")),
            is_bot=bool(found.get("is_bot")) or user == _SLACKBOT,
            is_guest=bool(found.get("is_restricted") or found.get("is_ultra_restricted")),
            is_stranger=bool(found.get("is_stranger")),
            is_deleted=bool(found.get("deleted")),
            timezone=text(found.get("tz")) or "UTC",
        )

    async def _ask_usergroup(self, usergroup: str) -> frozenset[str]:
        """Source: https://docs.slack.dev/reference/methods/usergroups.users.list."""
        answered = await answer(self._client.usergroups_users_list(usergroup=usergroup))
        return frozenset(texts(answered.get("users")))
