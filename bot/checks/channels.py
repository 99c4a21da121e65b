"""Checks of what the policy names in Slack: channels, usergroups, and whom refusals send people to."""

from collections.abc import Iterator
from typing import Final

from bot.checks import planning
from bot.checks.checking import Check
from bot.checks.facts import Facts
from bot.checks.findings import Finding, failure, ok, skipped, warning
from bot.checks.slack import AFTER, REINSTALL, code, reason
from bot.core.errors import PodbotError
from bot.core.inspections import Channel
from config.policy import Policy
from config.settings import Settings

CHANNELS = ok("channels-good", "podbot is in all {count} channels of the policy")
CHANNEL_LOST = failure(
    "channel-lost",
    "channel {channel} is not there, or private without podbot in it",
    "correct its id in the policy, or type `/invite @podbot` there",
)
CHANNEL_ARCHIVED = failure("channel-archived", "channel {channel} is archived", "take it out of the policy")
CHANNEL_OUTSIDE = failure(
    "channel-outside",
    "podbot is not in {channel}, so that it can announce nothing there, and changes nothing",
    "type `/invite @podbot` in it",
)
CHANNEL_UNHEARD = warning(
    "channel-unheard",
    "podbot is not in {channel}, so that it hears no mention and can follow nothing there",
    "type `/invite @podbot` in it",
)
CHANNEL_SHARED = warning(
    "channel-shared",
    "{channel} is shared with {whom}, whose members read what is announced there",
    "grant to a channel of your own workspace alone; only its full members may act, in any case",
)
CHANNEL_PUBLIC = warning(
    "channel-public",
    "{channel} is public: every member of the workspace can join it, and then has what is granted there to everyone",
    "make it private, or name `users` or `usergroups` in the grant",
)
CHANNEL_UNSEEN = skipped("channel-unseen", "channel {channel}: {why}")
USERGROUPS = ok("usergroups-good", "the policy's usergroups are there: {count}")
USERGROUP_LOST = failure(
    "usergroup-lost",
    "there is no usergroup {usergroup}, so that its grants reach nobody",
    "correct its id in the policy",
)
USERGROUP_EMPTY = warning(
    "usergroup-empty",
    "usergroup {usergroup} is {how}, so that its grants reach nobody",
    "put people into it, or take it out of the policy",
)
USERGROUPS_UNSEEN = failure("usergroups-unseen", "usergroups cannot be read: {why}", REINSTALL)
ASK = ok("ask-good", "refusals send people to {ask}")
ASK_NOBODY = warning("ask-nobody", "refusals send people to nobody", "name a channel in `ask` of the policy: <#C…>")
ASK_LOST = warning(
    "ask-lost", "refusals send people to {ask}, and there is no such channel", "correct `ask` in the policy"
)
ASK_UNSEEN = skipped("ask-unseen", "whether {ask} is there: {why}")


def channels(facts: Facts) -> Iterator[Finding]:
    """Judge the channels that grants name."""
    if not isinstance(facts.policy, Policy) or not isinstance(facts.settings, Settings):
        return
    grants = planning.grants(facts.policy, facts.settings.cluster)
    found: list[Finding] = []
    for channel, seen in facts.slack.channels.items():
        here = [rule for rule in grants if channel in rule.channels]
        effects = {effect for rule in here for effect in facts.policy.tiers[rule.tier].may}
        is_open = any(not rule.users and not rule.usergroups for rule in here)
        found += _channel(channel, seen, changes=bool(effects - {"READ"}), is_open=is_open) if here else []
    yield from found or [CHANNELS(count=len(facts.slack.channels))]


def usergroups(facts: Facts) -> Iterator[Finding]:
    """Judge the usergroups that grants name."""
    if not isinstance(facts.policy, Policy):
        return
    wanted = sorted({one for rule in facts.policy.grants for one in rule.usergroups})
    seen = facts.slack.usergroups
    if isinstance(seen, PodbotError):
        yield from [USERGROUPS_UNSEEN(why=reason(seen))] if wanted else [USERGROUPS(count="none")]
        return
    lost = [USERGROUP_LOST(usergroup=one) for one in wanted if one not in seen]
    there = [seen[one] for one in wanted if one in seen]
    empty = [
        USERGROUP_EMPTY(usergroup=f"{one.id} (@{one.handle})", how="disabled" if one.is_disabled else "empty")
        for one in there
        if one.is_disabled or not one.users
    ]
    yield from [*lost, *empty] or [USERGROUPS(count=", ".join(f"@{one.handle}" for one in there) or "none")]


def ask(facts: Facts) -> Iterator[Finding]:
    """Judge whom refusals send people to."""
    if not isinstance(facts.policy, Policy):
        return
    whom, seen = facts.policy.ask, facts.slack.ask
    if not whom:
        yield ASK_NOBODY()
    elif isinstance(seen, PodbotError) and code(seen) != "channel_not_found":
        yield ASK_UNSEEN(ask=whom, why=reason(seen))
    elif any(planning.asked_whom(whom)) and not isinstance(seen, Channel):
        yield ASK_LOST(ask=whom)
    else:
        yield ASK(ask=whom)


_LOST: Final = frozenset({"channel_not_found", "invalid_arguments"})


def _channel(channel: str, seen: Channel | PodbotError, *, changes: bool, is_open: bool) -> Iterator[Finding]:
    if isinstance(seen, PodbotError):
        lost = code(seen) in _LOST
        yield CHANNEL_LOST(channel=channel) if lost else CHANNEL_UNSEEN(channel=channel, why=reason(seen))
        return
    shown = f"{channel} (#{seen.name})"
    if seen.is_archived:
        yield CHANNEL_ARCHIVED(channel=shown)
        return
    if not seen.is_member:
        yield CHANNEL_OUTSIDE(channel=shown) if changes else CHANNEL_UNHEARD(channel=shown)
    if seen.is_shared or seen.is_org_shared:
        others = "another organisation" if seen.is_shared else "other workspaces of the organisation"
        yield CHANNEL_SHARED(channel=shown, whom=others)
    elif not seen.is_private and is_open:
        yield CHANNEL_PUBLIC(channel=shown)


CHECKS: Final = (
    Check(
        "slack-channels",
        "the policy's channels are there, podbot is in them, and they are nobody else's",
        channels,
        (
            *(CHANNELS, CHANNEL_LOST, CHANNEL_ARCHIVED, CHANNEL_OUTSIDE, CHANNEL_UNHEARD),
            *(CHANNEL_SHARED, CHANNEL_PUBLIC, CHANNEL_UNSEEN),
        ),
        (*AFTER, "policy"),
    ),
    Check(
        "slack-usergroups",
        "the policy's usergroups are there, with people in them",
        usergroups,
        (USERGROUPS, USERGROUP_LOST, USERGROUP_EMPTY, USERGROUPS_UNSEEN),
        (*AFTER, "policy"),
    ),
    Check(
        "slack-ask",
        "whom refusals send people to is there",
        ask,
        (ASK, ASK_NOBODY, ASK_LOST, ASK_UNSEEN),
        (*AFTER, "policy"),
    ),
)
