"""What is watched: one selector's pods in one namespace, told in one channel, as that channel's tier."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.core.ages import moment
from bot.core.grants import EXTRA_PREFIX, Effect, Grant, of_tier
from bot.core.names import Namespace
from bot.core.reading import text
from bot.core.resources import Json
from config.policy import GrantRule, Policy

MOST = 50
"""Watches in all; each costs the API server a connection, and podbot some memory."""
MOST_OF_CHANNEL = 10
"""So that no channel uses up what is there for all."""
LONGEST_SELECTOR = 500
"""Characters; a selector is repeated in all that is told and kept of a watch."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who turned it on (`user`), when (UTC), and as which tier it looks; an empty `selector` means every pod."""

    cluster: str
    namespace: str
    selector: str
    team: str
    channel: str
    user: str
    tier: str
    since: datetime

    @property
    def key(self) -> str:
        """What tells it from any other: a channel watches the same pods once."""
        return digest(self.cluster, self.namespace, self.selector, self.channel)

    @property
    def place(self) -> str:
        """Where it looks, in plain words."""
        return f"{self.cluster}/{self.namespace}{f' ({self.selector})' if self.selector else ''}"

    def json(self) -> Json:
        """Return it as it is kept."""
        words = {key: getattr(self, key) for key in _WORDS}
        return {**words, "since": self.since.isoformat()}

    @classmethod
    def of(cls, raw: Json) -> "Watch":
        """Read one that was kept; ValueError where it has no time."""
        since = moment(raw.get("since"))
        if since is None:
            raise ValueError("a watch without its time")
        return cls(**{key: text(raw.get(key)) for key in _WORDS}, since=since)


_WORDS = ("cluster", "namespace", "selector", "team", "channel", "user", "tier")


def digest(*words: str) -> str:
    """Return a short name for some words, which no other words have."""
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:20]


def granted(policy: Policy, watch: Watch, cluster: str, accounts: str = "") -> Grant | None:
    """Return what the channel's tier may do there now; None where the policy grants that no more.

    The grant is the channel's: who turned it on must still be named where a rule names people, but people come and go
    in a usergroup such as those on call, and what they have turned on stays. `accounts` is as in `of_tier`.
    """
    tier = policy.tiers.get(watch.tier)
    if tier is None or watch.cluster != cluster or watch.team != policy.team or Effect.READ.name not in tier.may:
        return None
    if not any(_reaches(rule, watch) for rule in policy.grants):
        return None
    extras = {f"{EXTRA_PREFIX}slack-team": (watch.team,), f"{EXTRA_PREFIX}slack-channel": (watch.channel,)}
    identity = of_tier(watch.tier, tier.groups, extras, accounts)
    may = frozenset({Effect.READ})  # whatever else the tier may do: a watch changes nothing
    return Grant(cluster, Namespace(watch.namespace), watch.tier, identity, may)


def of_channel(watches: tuple[Watch, ...], channel: str) -> Iterator[Watch]:
    """Yield a channel's watches in the order of their places."""
    return iter(sorted((one for one in watches if one.channel == channel), key=lambda one: (one.place, one.since)))


def _reaches(rule: GrantRule, watch: Watch) -> bool:
    return (
        rule.cluster == watch.cluster
        and rule.tier == watch.tier
        and watch.channel in rule.channels
        and watch.namespace in rule.namespaces
        and (not rule.users or watch.user in rule.users)
    )
