"""The Slack app manifest: what to make the app from, by the same declarations as the code.

Sources: https://docs.slack.dev/reference/app-manifest and https://docs.slack.dev/changelog/2026/03/16/optional-scopes.
"""

from collections.abc import Sequence
from typing import Final

from bot.core.resources import Json
from bot.slack import scopes
from bot.slack.shortcuts import SHORTCUTS

PATH: Final = "/slack/events"
"""Where HTTP mode takes Slack's requests, all three kinds of them."""

LONGEST_NAME: Final = 35


def manifest(verbs: Sequence[str], *, name: str, command: str, http: str = "") -> Json:
    """Return the manifest of an app called `name`; with `http`, podbot's https address, it has no Socket Mode."""
    url = f"{http.rstrip('/').removesuffix(PATH)}{PATH}" if http else ""
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": name,
            "description": "Kubernetes pod actions, each made with the rights of the person who asks",
        },
        "features": {
            # Without its messages tab the app cannot send direct messages, which long answers go to.
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": name, "always_online": False},
            "shortcuts": [one.declared for one in SHORTCUTS],
            "slash_commands": [
                {
                    "command": command,
                    **({"url": url} if url else {}),
                    "description": "Act on Kubernetes pods, with your own rights; help says how",
                    "usage_hint": f"[{'|'.join(verbs)}] …",
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {
            "scopes": {
                "bot": sorted(scopes.REQUIRED | scopes.OPTIONAL),
                "bot_optional": sorted(scopes.OPTIONAL),  # each stands in both
            }
        },
        "settings": {
            "event_subscriptions": {**({"request_url": url} if url else {}), "bot_events": sorted(scopes.EVENTS)},
            "interactivity": {"is_enabled": True, **({"request_url": url} if url else {})},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }
