"""Who is who, as Slack says: looked up at most once a minute, and never guessed where Slack does not say."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.asks import Member
from bot.core.errors import ChatError
from bot.core.ports import Clock
from bot.core.reading import mapping, text, texts
from bot.slack.calls import answer

Value = TypeVar("Value")

MEMBER_LIFE = timedelta(seconds=60)
USERGROUP_LIFE = timedelta(seconds=30)
MOST_KEPT = 1000

# Slack's own bot is not marked as one: https://docs.slack.dev/reference/objects/user-object.
_SLACKBOT = "USLACKBOT"


class Cache(Generic[Value]):
    """Values that live for a short time; callers that ask at once share one call, and an error is kept by no one."""

    def __init__(
        self, load: Callable[[str], Coroutine[Any, Any, Value]], life: timedelta, clock: Clock, most: int = MOST_KEPT
    ) -> None:
        self._load = load
        self._life = life
        self._clock = clock
        self._most = most
        self._kept: OrderedDict[str, tuple[datetime, Value]] = OrderedDict()
        self._loading: dict[str, asyncio.Task[Value]] = {}

    async def get(self, key: str) -> Value:
        """Return the value of `key`, loading it where it is not there or too old."""
        until, value = self._kept.get(key, (None, None))
        if until is not None and value is not None and self._clock.now() < until:
            return value
        if key not in self._loading:
            self._loading[key] = asyncio.create_task(self._renew(key), name=f"look up {key}")
            self._loading[key].add_done_callback(_heard)
        return await asyncio.shield(self._loading[key])  # one caller's end must not end the others' call

    async def _renew(self, key: str) -> Value:
        try:
            value = await self._load(key)
        finally:
            del self._loading[key]
        self._kept.pop(key, None)
        self._kept[key] = (self._clock.now() + self._life, value)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return value


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


def _heard(task: "asyncio.Task[Any]") -> None:
    """Take note of an error that no caller is left to hear of."""
    if not task.cancelled():
        task.exception()
