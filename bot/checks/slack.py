"""Checks of Slack: tokens, scopes, the way in, and what the policy names there."""

from collections.abc import Iterator
from typing import Final

from bot.checks import planning
from bot.checks.checking import Check
from bot.checks.facts import Facts
from bot.checks.findings import Finding, failure, ok, skipped, warning
from bot.core.errors import ChatError, PodbotError
from bot.core.inspections import Channel, Token
from bot.slack import scopes
from config.policy import Policy
from config.settings import Settings

_REINSTALL = "compare the app with `podbot manifest`, and install it again"

TOKEN = ok("token-good", "SLACK_BOT_TOKEN is that of {user} in {team}")
TOKEN_REFUSED = failure(
    "token-refused",
    "Slack does not take SLACK_BOT_TOKEN: {why}",
    "copy the Bot User OAuth Token from the app's page “OAuth & Permissions”, after installing it",
)
SLACK_SILENT = failure(
    "slack-unreachable", "Slack does not answer: {why}", "let podbot reach {address} (proxy, NetworkPolicy, DNS)"
)
SCOPES = ok("scopes-good", "the bot token has the scopes of the manifest, and no other")
SCOPES_MISSING = failure("scopes-missing", "the bot token lacks {scopes}", _REINSTALL)
SCOPES_OPTIONAL = warning(
    "scopes-optional",
    "the bot token lacks {scopes}, without which this check cannot look at channels",
    "grant them, or look yourself whether podbot is in each channel of the policy",
)
SCOPES_MORE = warning("scopes-more", "the bot token has more than it needs: {scopes}", f"take them away; {_REINSTALL}")
SCOPES_UNTOLD = skipped("scopes-untold", "Slack did not say which scopes the bot token has")
SOCKET = ok("way-socket", "Slack gives SLACK_APP_TOKEN a socket")
SOCKET_REFUSED = failure(
    "way-refused",
    "Slack gives SLACK_APP_TOKEN no socket: {why}",
    "switch Socket Mode on, and make an app-level token with connections:write",
)
HTTP = ok("way-http", "HTTP mode, with a signing secret; whether Slack reaches it is seen only when it does")
SECRET_ODD = warning(
    "way-secret",
    "SLACK_SIGNING_SECRET does not look like one: Slack's are 32 hexadecimal digits",
    "copy the Signing Secret from the app's page “Basic Information”",
)
TEAM = ok("team-good", "the policy is for the token's workspace")
TEAM_OTHER = failure(
    "team-other",
    "the policy is for workspace {policy}, and the bot token is of {token}, so that everyone is refused",
    "set `team` in the policy to the workspace's id, or use the other workspace's tokens",
)
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
USERGROUPS_UNSEEN = failure("usergroups-unseen", "usergroups cannot be read: {why}", _REINSTALL)
ASK = ok("ask-good", "refusals send people to {ask}")
ASK_NOBODY = warning("ask-nobody", "refusals send people to nobody", "name a channel in `ask` of the policy: <#C…>")
ASK_LOST = warning(
    "ask-lost", "refusals send people to {ask}, and there is no such channel", "correct `ask` in the policy"
)
ASK_UNSEEN = skipped("ask-unseen", "whether {ask} is there: {why}")


def token(facts: Facts) -> Iterator[Finding]:
    """Judge whether Slack knows podbot."""
    seen = facts.slack.token
    if isinstance(seen, Token):
        yield TOKEN(user=seen.user, team=seen.team)
    elif isinstance(seen, ChatError) and seen.code:
        yield TOKEN_REFUSED(why=seen.code)
    elif isinstance(facts.settings, Settings):
        yield SLACK_SILENT(why=seen, address=facts.settings.slack_api_url)


def granted(facts: Facts) -> Iterator[Finding]:
    """Judge what the bot token was granted against the manifest."""
    seen = facts.slack.token
    if not isinstance(seen, Token) or seen.scopes is None:
        yield SCOPES_UNTOLD()
        return
    judged = (
        (SCOPES_MISSING, scopes.REQUIRED - seen.scopes),
        (SCOPES_OPTIONAL, scopes.OPTIONAL - seen.scopes),
        (SCOPES_MORE, seen.scopes - scopes.REQUIRED - scopes.OPTIONAL),
    )
    found = [kind(scopes=", ".join(sorted(wrong))) for kind, wrong in judged if wrong]
    yield from found or [SCOPES()]


def way(facts: Facts) -> Iterator[Finding]:
    """Judge whether Slack can reach podbot."""
    if not isinstance(facts.settings, Settings):
        return
    if facts.settings.socket_mode:
        why = facts.slack.connection
        yield SOCKET_REFUSED(why=_why(why)) if why else SOCKET()
        return
    secret = facts.settings.slack_signing_secret
    held = secret.get_secret_value() if secret else ""
    yield HTTP() if len(held) == _SECRET and set(held) <= set("0123456789abcdef") else SECRET_ODD()


def team(facts: Facts) -> Iterator[Finding]:
    """Judge whether token and policy are of one workspace."""
    if isinstance(facts.policy, Policy) and isinstance(facts.slack.token, Token):
        is_same = facts.policy.team == facts.slack.token.team
        yield TEAM() if is_same else TEAM_OTHER(policy=facts.policy.team, token=facts.slack.token.team)


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
        yield from [USERGROUPS_UNSEEN(why=_why(seen))] if wanted else [USERGROUPS(count="none")]
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
    elif isinstance(seen, PodbotError) and _code(seen) != "channel_not_found":
        yield ASK_UNSEEN(ask=whom, why=_why(seen))
    elif any(planning.asked_whom(whom)) and not isinstance(seen, Channel):
        yield ASK_LOST(ask=whom)
    else:
        yield ASK(ask=whom)


_SECRET = 32
_LOST = frozenset({"channel_not_found", "invalid_arguments"})


def _channel(channel: str, seen: Channel | PodbotError, *, changes: bool, is_open: bool) -> Iterator[Finding]:
    if isinstance(seen, PodbotError):
        lost = _code(seen) in _LOST
        yield CHANNEL_LOST(channel=channel) if lost else CHANNEL_UNSEEN(channel=channel, why=_why(seen))
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


def _why(error: PodbotError) -> str:
    if _code(error) == "missing_scope":
        return "the token lacks the scope for it"
    return _code(error) or str(error)


def _code(error: PodbotError) -> str:
    return error.code if isinstance(error, ChatError) else ""


_AFTER = ("settings", "slack-token")
CHECKS: Final = (
    Check("slack-token", "Slack knows the bot token", token, (TOKEN, TOKEN_REFUSED, SLACK_SILENT), ("settings",)),
    Check(
        "slack-scopes",
        "the bot token's scopes are those of the manifest",
        granted,
        (SCOPES, SCOPES_MISSING, SCOPES_OPTIONAL, SCOPES_MORE, SCOPES_UNTOLD),
        _AFTER,
    ),
    Check(
        "slack-way",
        "Slack can reach podbot: a socket, or a signing secret",
        way,
        (SOCKET, SOCKET_REFUSED, HTTP, SECRET_ODD),
        _AFTER,
    ),
    Check("slack-team", "token and policy are of one workspace", team, (TEAM, TEAM_OTHER), (*_AFTER, "policy")),
    Check(
        "slack-channels",
        "the policy's channels are there, podbot is in them, and they are nobody else's",
        channels,
        (
            *(CHANNELS, CHANNEL_LOST, CHANNEL_ARCHIVED, CHANNEL_OUTSIDE, CHANNEL_UNHEARD),
            *(CHANNEL_SHARED, CHANNEL_PUBLIC, CHANNEL_UNSEEN),
        ),
        (*_AFTER, "policy"),
    ),
    Check(
        "slack-usergroups",
        "the policy's usergroups are there, with people in them",
        usergroups,
        (USERGROUPS, USERGROUP_LOST, USERGROUP_EMPTY, USERGROUPS_UNSEEN),
        (*_AFTER, "policy"),
    ),
    Check(
        "slack-ask",
        "whom refusals send people to is there",
        ask,
        (ASK, ASK_NOBODY, ASK_LOST, ASK_UNSEEN),
        (*_AFTER, "policy"),
    ),
)
