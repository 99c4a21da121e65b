"""Whether podbot lives, and whether it is ready, each with what is wrong in words."""

from dataclasses import dataclass, field

from bot.core.vitals import Server, Way

LATE = 15.0
"""How many seconds the loop's heartbeat, which comes every second, may be late."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How a replica is; in seconds, `beat` since the loop's last heartbeat, `unanswered` since the API server answered.

    `server` is what the last look at the API server found.
    """

    started: bool = False
    draining: bool = False
    beat: float = 0.0
    slack: Way = field(default_factory=Way)
    server: Server = field(default_factory=Server)
    unanswered: float = 0.0


def stuck(condition: Condition) -> tuple[str, ...]:
    """Return why the process should be ended and started again; nothing while it lives."""
    if condition.beat <= LATE:
        return ()
    return (f"the event loop has not run for {condition.beat:.0f} s",)


def unready(condition: Condition, patience: float) -> tuple[str, ...]:
    """Return all that keeps podbot from serving; it is patient with the API server for so many seconds."""
    if not condition.started:
        return ("starting: policy, API server and Slack are being checked",)
    reasons = []
    if condition.draining:
        reasons.append("draining: running commands are finished, new ones are turned away")
    if not condition.slack.connected:
        silent = condition.slack.silent
        heard = "" if silent is None else f", and was last heard {silent:.0f} s ago"
        reasons.append(f"Slack does not reach this replica{heard}")
    if condition.unanswered > patience:
        trouble = condition.server.trouble or "has not answered"
        reasons.append(f"the API server {trouble}, for {condition.unanswered:.0f} s")
    return tuple(reasons)
