"""Checks of Slack: tokens, scopes, the way in, and the workspace."""

from collections.abc import Iterator
from typing import Final

from bot.checks.checking import Check
from bot.checks.facts import Facts
from bot.checks.findings import Finding, failure, ok, skipped, warning
from bot.core.errors import ChatError, PodbotError
from bot.core.inspections import Token
from bot.slack import scopes
from config.policy import Policy
from config.settings import Settings

_SECRET = 32  # hexadecimal digits

REINSTALL: Final = "compare the app with `podbot manifest`, and install it again"

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
SCOPES_MISSING = failure("scopes-missing", "the bot token lacks {scopes}", REINSTALL)
SCOPES_OPTIONAL = warning(
    "scopes-optional",
    "the bot token lacks {scopes}: by `:read` this check looks at channels, by `:history` a watch never tells twice",
    "grant them, or look yourself whether podbot is in each channel of the policy",
)
SCOPES_MORE = warning("scopes-more", "the bot token has more than it needs: {scopes}", f"take them away; {REINSTALL}")
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
        refused = facts.slack.connection
        yield SOCKET_REFUSED(why=reason(refused)) if refused else SOCKET()
        return
    secret = facts.settings.slack_signing_secret
    held = secret.get_secret_value() if secret else ""
    yield HTTP() if len(held) == _SECRET and set(held) <= set("0123456789abcdef") else SECRET_ODD()


def team(facts: Facts) -> Iterator[Finding]:
    """Judge whether token and policy are of one workspace."""
    if isinstance(facts.policy, Policy) and isinstance(facts.slack.token, Token):
        is_same = facts.policy.team == facts.slack.token.team
        yield TEAM() if is_same else TEAM_OTHER(policy=facts.policy.team, token=facts.slack.token.team)


def reason(error: PodbotError) -> str:
    """Return why Slack does not say, in a word of its own where it has one."""
    if code(error) == "missing_scope":
        return "the token lacks the scope for it"
    return code(error) or str(error)


def code(error: PodbotError) -> str:
    """Return Slack's word for an error, empty where it has none."""
    return error.code if isinstance(error, ChatError) else ""


AFTER: Final = ("settings", "slack-token")
CHECKS: Final = (
    Check("slack-token", "Slack knows the bot token", token, (TOKEN, TOKEN_REFUSED, SLACK_SILENT), ("settings",)),
    Check(
        "slack-scopes",
        "the bot token's scopes are those of the manifest",
        granted,
        (SCOPES, SCOPES_MISSING, SCOPES_OPTIONAL, SCOPES_MORE, SCOPES_UNTOLD),
        AFTER,
    ),
    Check(
        "slack-way",
        "Slack can reach podbot: a socket, or a signing secret",
        way,
        (SOCKET, SOCKET_REFUSED, HTTP, SECRET_ODD),
        AFTER,
    ),
    Check("slack-team", "token and policy are of one workspace", team, (TEAM, TEAM_OTHER), (*AFTER, "policy")),
)
