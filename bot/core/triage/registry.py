"""Every family of rules, in one visible list: what is named earlier is the cause of what is named later."""

from typing import Final

from bot.core.triage.families import scheduling
from bot.core.triage.rules import Family

FAMILIES: Final[tuple[Family, ...]] = (scheduling.FAMILY,)
