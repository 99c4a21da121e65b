"""Gathers the facts: the one module here that asks anybody. Nothing is changed, each stage has its seconds."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from bot import linting
from bot.checks import planning
from bot.checks.facts import ClusterFacts, Place, Right, SlackFacts
from bot.checks.looking import look, look_each
from bot.core.errors import PodbotError
from bot.core.grants import Account, Grant, Identity
from bot.core.inspections import Channel, Version
from bot.core.names import Namespace
from bot.core.ports import Clock, Cluster, Clusters
from bot.core.resources import Access
from bot.kube.own import Own
from bot.slack.inspection import Inspection
from config.policy import Policy
from config.templates import Template

SECONDS: Final = 20.0
"""How long one question may take, with what is asked beside it."""
LONG: Final = 60.0
"""How long all access reviews together may take, and all channels: Slack lets about fifty a minute be asked for."""
_CHANNELS_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class SlackSide:
    """What to ask Slack with; `connect` tries how Slack reaches podbot. A broken policy is None."""

    inspection: Inspection
    connect: Callable[[], Awaitable[None]]
    policy: Policy | None
    clock: Clock


@dataclass(frozen=True, slots=True)
class ClusterSide:
    """What to ask the cluster with; `home` is podbot's own namespace. A broken policy is None.

    `accounts` is as in `of_tier`.
    """

    cluster: str
    home: Namespace
    policy: Policy | None
    templates: Mapping[str, Template]
    own: Own
    clusters: Clusters
    clock: Clock
    accounts: str = ""

    def acting_as(self, place: Place, identity: Identity | Account) -> Cluster:
        """Return a namespace as somebody."""
        return self.clusters.acting_as(Grant(self.cluster, place.namespace, place.tier, identity, frozenset()))


async def slack_facts(side: SlackSide) -> SlackFacts:
    """Ask Slack; where it does not know podbot, nothing else."""
    inspection, policy = side.inspection, side.policy
    token = await look(inspection.token, SECONDS)
    if isinstance(token, PodbotError):
        return SlackFacts(token)
    skew = _ahead(side.clock, token.at)
    wanted = {channel for rule in policy.grants for channel in rule.channels} if policy else set()
    connection, channels, usergroups, ask = await asyncio.gather(
        look(side.connect, SECONDS),
        look_each(inspection.channel, sorted(wanted), LONG, _CHANNELS_AT_ONCE),
        look(inspection.usergroups, SECONDS),
        look(lambda: _asked_whom(inspection, policy), LONG),
    )
    return SlackFacts(token, skew, connection, channels, usergroups, ask)


async def cluster_facts(side: ClusterSide) -> ClusterFacts:
    """Ask the API server; where it does not even tell its version, nothing else."""
    version = await look(side.own.server, SECONDS)
    if isinstance(version, PodbotError):
        return ClusterFacts(version)
    skew = _ahead(side.clock, version.at)
    if side.policy is None:
        claim, leases = await _claims(side)
        return ClusterFacts(version, skew, claim=claim, leases=leases)
    return await _under(side, side.policy, version, skew)


async def _under(side: ClusterSide, policy: Policy, version: Version, skew: float | None) -> ClusterFacts:
    """Ask what the policy makes of the cluster."""
    own, people = side.own, {person.user for person in policy.people.values()}
    whom = planning.identities(policy, side.accounts)
    first = planning.becoming(policy)
    constrained, legacy, lent, identities = await asyncio.gather(
        look(lambda: _may(own, first), SECONDS),
        look(lambda: own.holds_legacy(first.name), SECONDS),
        look_each(own.holds_legacy, sorted(people), SECONDS),
        look_each(lambda user: own.canary(whom[user]), whom, SECONDS),
    )
    able = {user for user, error in identities.items() if error is None}
    namespaces = sorted(
        {str(place.namespace) for place in planning.places(policy, side.cluster, side.accounts)} | {side.home}
    )
    (claim, leases), rights, targets, rules, probes, pods = await asyncio.gather(
        _claims(side),
        _rights(side, policy, whom, able),
        _right_each(own, planning.targets(policy, side.cluster) if constrained is True else []),
        look_each(own.rules, namespaces, SECONDS),
        _right_each(own, planning.probes(side.home)),
        _pods(side, policy, whom, able),
    )
    return ClusterFacts(
        version, skew, constrained, legacy, lent, identities, rights, targets, rules, probes, claim, leases, pods
    )


async def _asked_whom(slack: Inspection, policy: Policy | None) -> Channel | None:
    channel, name = planning.asked_whom(policy.ask if policy else "")
    if channel:
        return await slack.channel(channel)
    return await slack.channel_named(name) if name else None


async def _claims(side: ClusterSide) -> tuple[PodbotError | None, dict[Right, bool | PodbotError]]:
    claim = await look(side.own.check_claim, SECONDS)
    return claim, await _right_each(side.own, planning.at_home(side.home))


async def _right_each(own: Own, rights: Iterable[Right]) -> dict[Right, bool | PodbotError]:
    return await look_each(lambda right: _may(own, right), rights, LONG)


async def _may(own: Own, right: Right) -> bool:
    return await own.may(right.access, namespace=right.namespace, name=right.name)


async def _rights(
    side: ClusterSide, policy: Policy, whom: Mapping[str, Identity | Account], able: set[str]
) -> dict[tuple[Place, Access], bool | PodbotError]:
    """Ask about rights as those who have them; whom podbot cannot be has been told already."""

    async def allowed(asked: tuple[Place, Access]) -> bool:
        place, access = asked
        return await side.acting_as(place, whom[place.user]).allowed(access)

    wanted = (one for one in planning.reviews(policy, side.cluster, side.accounts) if one[0].user in able)
    return await look_each(allowed, islice(wanted, planning.MOST_RIGHTS), LONG)


async def _pods(
    side: ClusterSide, policy: Policy, whom: Mapping[str, Identity | Account], able: set[str]
) -> dict[tuple[Place, str], tuple[str, ...] | PodbotError]:
    """Have every template's pod checked by the API server, as a tier that may create there."""

    async def problems(asked: tuple[Place, str]) -> tuple[str, ...]:
        place, name = asked
        cluster = side.acting_as(place, whom[place.user])
        return (await linting.found(side.templates[name], cluster)).problems

    makers = [place for place in planning.makers(policy, side.cluster, side.accounts) if place.user in able]
    return await look_each(problems, [(place, name) for place in makers for name in side.templates], LONG)


def _ahead(clock: Clock, at: datetime | None) -> float | None:
    return None if at is None else (clock.now() - at).total_seconds()
