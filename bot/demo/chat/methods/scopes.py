"""Which scope a token must have for each method, as Slack's pages about them say; a method that is not here needs none.

Source: https://docs.slack.dev/reference/methods, each method's page.
"""

from collections.abc import Mapping
from typing import Final

from bot.demo.chat.arguments import Arguments
from bot.demo.chat.errors import SlackError
from bot.demo.chat.workspace import App, Channel, Workspace

CONNECTIONS: Final = "connections:write"
"""The scope of app-level tokens."""

_ALL = ("channels", "groups", "im", "mpim")
_POST = ("chat:write",)
_FILE = ("files:write",)
_GROUP = ("usergroups:read",)
_PERSON = ("users:read",)

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "users.info": _PERSON,
    "users.list": _PERSON,
    "usergroups.list": _GROUP,
    "usergroups.users.list": _GROUP,
    "conversations.open": ("channels:manage", "groups:write", "im:write", "mpim:write"),
    "conversations.info": tuple(f"{kind}:read" for kind in _ALL),
    "conversations.list": tuple(f"{kind}:read" for kind in _ALL),
    "conversations.members": tuple(f"{kind}:read" for kind in _ALL),
    "conversations.join": ("channels:join",),
    "conversations.history": tuple(f"{kind}:history" for kind in _ALL),
    "conversations.replies": tuple(f"{kind}:history" for kind in _ALL),
    "chat.postMessage": _POST,
    "chat.postEphemeral": _POST,
    "chat.update": _POST,
    "chat.delete": _POST,
    "files.getUploadURLExternal": _FILE,
    "files.completeUploadExternal": _FILE,
}
"""Any one of a method's scopes will do; where they are of kinds of channels, the one of the channel's own kind."""


def header(app: App, token: str) -> str:
    """Return what `x-oauth-scopes` says of a token: what it was granted; empty for one that is not known."""
    if token == app.app_token:
        return CONNECTIONS if app.may_connect else ""
    return ",".join(sorted(granted(app))) if token == app.bot_token else ""


def granted(app: App) -> frozenset[str]:
    """Return the bot token's scopes."""
    everything = {scope for scopes in NEEDED.values() for scope in scopes} | {"app_mentions:read", "commands"}
    return frozenset(everything) if app.scopes is None else app.scopes


def check(workspace: Workspace, name: str, asked: Arguments) -> None:
    """Raise Slack's `missing_scope` unless the app has what the method, and the channel's kind, need."""
    app = workspace.app
    if name == "apps.connections.open" and not app.may_connect:
        raise _missing((CONNECTIONS,), frozenset())
    needed = NEEDED.get(name, ())
    kinds = {scope.partition(":")[0] for scope in needed}
    channel = workspace.channels.get(asked.text("channel"))
    if channel is not None and kinds == set(_ALL):
        needed = tuple(scope for scope in needed if scope.startswith(f"{_kind(channel)}:"))
    if needed and not granted(app) & set(needed):
        raise _missing(needed, granted(app))


def _kind(channel: Channel) -> str:
    if channel.direct:
        return "im"
    return "groups" if channel.private else "channels"


def _missing(needed: tuple[str, ...], provided: frozenset[str]) -> SlackError:
    return SlackError("missing_scope", more={"needed": ",".join(needed), "provided": ",".join(sorted(provided))})
