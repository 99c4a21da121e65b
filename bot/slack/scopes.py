"""What podbot asks of Slack: each method of the Web API and each event, with the bot scope that it needs.

Sources: https://docs.slack.dev/reference/methods, where each method's page names its scopes,
https://docs.slack.dev/reference/events and https://docs.slack.dev/reference/scopes.
"""

from collections.abc import Mapping
from typing import Final

MENTION: Final = "app_mention"

METHODS: Final[Mapping[str, frozenset[str]]] = {
    "apps.connections.open": frozenset(),  # connections:write, of the app-level token
    "auth.test": frozenset(),
    "chat.delete": frozenset({"chat:write"}),
    "chat.postEphemeral": frozenset({"chat:write"}),
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "conversations.history": frozenset({"channels:history", "groups:history"}),
    "conversations.info": frozenset({"channels:read", "groups:read"}),  # public and private channels
    "conversations.list": frozenset({"channels:read", "groups:read"}),
    "conversations.open": frozenset({"im:write"}),
    "conversations.replies": frozenset({"channels:history", "groups:history"}),
    "files.completeUploadExternal": frozenset({"files:write"}),
    "files.getUploadURLExternal": frozenset({"files:write"}),
    "usergroups.list": frozenset({"usergroups:read"}),
    "usergroups.users.list": frozenset({"usergroups:read"}),
    "users.info": frozenset({"users:read"}),
    "views.open": frozenset(),
    "views.update": frozenset(),
}
EVENTS: Final[Mapping[str, frozenset[str]]] = {MENTION: frozenset({"app_mentions:read"})}
FOR_THE_COMMAND: Final = frozenset({"commands"})

OF_CHECKS: Final = frozenset({"conversations.info", "conversations.list"})
"""The methods that `podbot check` alone calls."""

OF_WATCHES: Final = frozenset({"conversations.history", "conversations.replies"})
"""The methods by which a watch finds what it may have told, after a replica was killed or Slack's answer got lost."""

DISPENSABLE: Final = OF_CHECKS | OF_WATCHES
"""Whoever installs the app may leave the scopes of these out."""


def _of(methods: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(scope for scopes in methods.values() for scope in scopes)


REQUIRED: Final = FOR_THE_COMMAND | _of(EVENTS) | _of({name: METHODS[name] for name in METHODS.keys() - DISPENSABLE})
OPTIONAL: Final = _of(METHODS) - REQUIRED
