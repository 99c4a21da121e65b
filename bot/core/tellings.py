"""The messages that tell of incidents and of the ends of watches; each is kept until there is no more to tell."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.core.ages import moment
from bot.core.incidents import Incident
from bot.core.reading import mapping, number, objects, text, texts
from bot.core.resources import Json
from bot.core.watches import Watch, digest

A_MINUTE: Final = 5
"""Messages that a channel gets in a minute; what is more is told together in the last of them."""
MOST: Final = 300
"""Incidents that are kept at once, so that they fit their place; further ones wait until one is over."""
EVENT: Final = "podbot_incident"
NO_DETAIL: Final = "-"
_NAMES = 10  # of pods, of each incident that is kept
_MINUTE = timedelta(minutes=1)
_LONGEST = 300  # characters of a cause


@dataclass(frozen=True, slots=True)
class Telling:
    """One message about a watch: `at` is when it was decided on, `ts` Slack's id of it, empty until that is known.

    It tells of incidents, or of the watch's end (`ended` says why). `detail` is the reply in its thread, or NO_DETAIL.
    """

    key: str
    watch: Watch
    at: datetime
    incidents: tuple[Incident, ...] = ()
    ended: str = ""
    ts: str = ""
    detail: str = ""

    @classmethod
    def of_incidents(cls, watch: Watch, incidents: tuple[Incident, ...], now: datetime) -> "Telling":
        """Return the message that is to tell of these."""
        first = incidents[0]
        key = digest(watch.key, first.owner, first.rule, first.opened.isoformat(), now.isoformat())
        return cls(key, watch, now, incidents, detail="" if len(incidents) == 1 else NO_DETAIL)

    @classmethod
    def of_end(cls, watch: Watch, why: str, now: datetime) -> "Telling":
        """Return the message that is to tell of a watch's end."""
        return cls(digest(watch.key, watch.since.isoformat(), "ended"), watch, now, ended=why, detail=NO_DETAIL)

    @property
    def metadata(self) -> Json:
        """What stays with the message, by which it is found again."""
        return metadata(self.key)

    def json(self) -> Json:
        """Return it as it is kept."""
        written = {"watch": self.watch.json(), "at": self.at.isoformat(), "ended": self.ended}
        return {**written, "ts": self.ts, "detail": self.detail, "incidents": [_json(one) for one in self.incidents]}

    @classmethod
    def of(cls, key: str, raw: Json) -> "Telling":
        """Read one that was kept; ValueError where a time is missing."""
        incidents = tuple(_incident(one) for one in objects(raw.get("incidents")))
        words = (text(raw.get(part)) for part in ("ended", "ts", "detail"))
        return cls(key, Watch.of(mapping(raw.get("watch"))), _time(raw, "at"), incidents, *words)


def metadata(key: str) -> Json:
    """Return a message's metadata: https://docs.slack.dev/messaging/message-metadata/."""
    return {"event_type": EVENT, "event_payload": {"id": key}}


def left(tellings: Iterable[Telling], channel: str, now: datetime) -> int:
    """Return how many messages a channel may still get in this minute."""
    told = sum(one.watch.channel == channel and now - one.at < _MINUTE for one in tellings)
    return max(0, A_MINUTE - told)


def room(tellings: Iterable[Telling]) -> int:
    """Return how many more incidents can be kept."""
    return max(0, MOST - sum(len(one.incidents) for one in tellings))


def says_alike(one: Telling, other: Telling) -> bool:
    """Whether two states of a message say the same; which pods it is just now changes too often to be edited for."""
    return [_said(incident) for incident in one.incidents] == [_said(incident) for incident in other.incidents]


def _said(one: Incident) -> Incident:
    return replace(one, pods=(), last=one.opened)


def _json(one: Incident) -> Json:
    ended = {"recovered": one.recovered.isoformat()} if one.recovered else {}
    cut = {"at_least": True} if one.at_least else {}
    words = {"owner": one.owner, "rule": one.rule, "cause": one.cause[:_LONGEST], "pods": list(one.pods[:_NAMES])}
    times = {"opened": one.opened.isoformat(), "last": one.last.isoformat(), **ended}
    return {**words, **times, "first": one.first, "peak": one.peak, "times": one.times, **cut}


def _incident(raw: Json) -> Incident:
    return Incident(
        owner=text(raw.get("owner")),
        rule=text(raw.get("rule")),
        cause=text(raw.get("cause")),
        opened=_time(raw, "opened"),
        last=_time(raw, "last"),
        pods=texts(raw.get("pods")),
        first=number(raw.get("first")),
        peak=number(raw.get("peak")),
        recovered=moment(raw.get("recovered")),
        times=number(raw.get("times")),
        at_least=raw.get("at_least") is True,
    )


def _time(raw: Json, key: str) -> datetime:
    found = moment(raw.get(key))
    if found is None:
        raise ValueError(f"{key} is no time")
    return found
