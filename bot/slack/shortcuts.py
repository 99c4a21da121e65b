"""The shortcuts that podbot adds to Slack's menus: the manifest and the listener are made of these declarations.

Sources: https://docs.slack.dev/interactivity/implementing-shortcuts and https://docs.slack.dev/reference/app-manifest.
"""

from dataclasses import dataclass
from typing import Final

from bot.core.resources import Json


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One entry of a message's menu; Slack sends `callback` when it is chosen. It needs the scope `commands`."""

    name: str
    callback: str
    description: str

    @property
    def declared(self) -> Json:
        """The entry as the manifest has it."""
        return {"name": self.name, "type": "message", "callback_id": self.callback, "description": self.description}


TRIAGE: Final = Shortcut(
    "Triage pods in this message", "podbot-triage", "Says what is wrong with the pods that an alert names"
)
SHORTCUTS: Final = (TRIAGE,)
