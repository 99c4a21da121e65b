"""All checks, in one visible list, and how they are judged: each for itself, none hiding another."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.checks import channels, cluster, configuration, excess, rights, slack
from bot.checks.checking import Check
from bot.checks.facts import Facts
from bot.checks.findings import Finding, Level, failure, skipped

logger = logging.getLogger("podbot.checks")

CHECKS: Final[tuple[Check, ...]] = (
    *configuration.CHECKS,
    *slack.CHECKS,
    *channels.CHECKS,
    *cluster.CHECKS,
    *rights.CHECKS,
    *excess.CHECKS,
)

NOT_LOOKED = skipped("not-looked", "because {check} failed")
MISTAKE = failure(
    "mistake", "podbot made a mistake of its own: {error}", "tell whoever makes podbot; its log says more"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What one check found."""

    check: Check
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        """Whether a later check that builds on this one makes no sense."""
        return any(one.level is Level.FAILURE or one.kind is NOT_LOOKED for one in self.findings)


def judged(facts: Facts, checks: Sequence[Check] = CHECKS) -> Iterator[Judged]:
    """Yield what each check finds, in their order."""
    done: dict[str, Judged] = {}
    for check in checks:
        because = next((name for name in check.after if done[name].failed), "")
        findings = (NOT_LOOKED(check=because),) if because else _findings(check, facts)
        done[check.name] = Judged(check, findings)
        yield done[check.name]


def _findings(check: Check, facts: Facts) -> tuple[Finding, ...]:
    try:
        return tuple(check.judge(facts))
    except Exception as error:
        logger.exception("check %s failed unexpectedly", check.name)
        return (MISTAKE(error=type(error).__name__),)
