"""The declarations of all measures, from which docs/operations.md has its table; names as Prometheus advises.

Source: https://prometheus.io/docs/practices/naming/.
"""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["counter", "gauge", "histogram"]

CALLS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Upper bounds, in seconds, for one request to a server."""
ACKNOWLEDGING: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
"""The same for acknowledging: Slack gives up after three seconds."""
COMMANDS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
"""The same for a command: a read has 30 s, a change two minutes, a followed message five."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric: its name without a counter's `_total`, what it is, its labels, and a histogram's upper bounds."""

    kind: Kind
    name: str
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def told(self) -> str:
        """The name as it is queried, without the suffixes of a histogram."""
        return f"{self.name}_total" if self.kind == "counter" else self.name


BUILD = Measure("gauge", "podbot_build_info", "1, for the version and revision that run.", ("version", "revision"))
READY = Measure("gauge", "podbot_ready", "Whether /readyz would say yes.")
LAG = Measure("gauge", "podbot_loop_lag_seconds", "How late the event loop's last heartbeat was.")
ENDED = Measure("counter", "podbot_commands", "Commands by verb and by how they ended.", ("verb", "outcome"))
ANSWERED = Measure(
    "histogram", "podbot_command_seconds", "From a command's receipt to its answer or outcome.", ("verb",), COMMANDS
)
ACKNOWLEDGED = Measure(
    "histogram", "podbot_acknowledge_seconds", "From a delivery to its acknowledgement.", (), ACKNOWLEDGING
)
BUSY = Measure("counter", "podbot_commands_turned_away", "Commands refused because too much ran, or podbot stopped.")
RECORDS = Measure("counter", "podbot_audit_records", "Audit records written.")
RUNNING = Measure("gauge", "podbot_work_running", "Commands that run now.")
WAITING = Measure("gauge", "podbot_work_waiting", "Commands that wait for a place.")
PLACES = Measure("gauge", "podbot_work_places", "How many commands may run at once.")
SLACK_REQUESTS = Measure(
    "counter",
    "podbot_slack_requests",
    "Requests to Slack by method and result: ok, ratelimited (Slack said to wait) or error.",
    ("method", "result"),
)
SLACK_SECONDS = Measure(
    "histogram", "podbot_slack_call_seconds", "Calls of Slack, with all their waiting.", ("method",), CALLS
)
SLACK_CONNECTED = Measure("gauge", "podbot_slack_connected", "Whether Slack can reach this replica.")
SLACK_SILENT = Measure("gauge", "podbot_slack_silent_seconds", "Since Slack was last heard; 0 in HTTP mode.")
SLACK_SOCKETS = Measure("counter", "podbot_slack_sockets_opened", "Websockets opened; all but the first reconnect.")
KUBERNETES_REQUESTS = Measure(
    "counter",
    "podbot_kubernetes_requests",
    "Requests to the API server; the code is 2xx to 5xx, or none where no answer came.",
    ("verb", "resource", "code"),
)
KUBERNETES_SECONDS = Measure(
    "histogram",
    "podbot_kubernetes_request_seconds",
    "Until the API server's answer began.",
    ("verb", "resource"),
    CALLS,
)
KUBERNETES_SILENT = Measure("gauge", "podbot_kubernetes_silent_seconds", "Since the API server last told its version.")
RELOADS_FAILED = Measure(
    "counter",
    "podbot_reload_failures",
    "Looks, every 5 s, at a policy or templates that are broken on disk.",
    ("file",),
)
POLICY_BROKEN = Measure("gauge", "podbot_policy_broken_seconds", "Since the policy on disk is broken; 0 where not.")
POLICY_AGE = Measure("gauge", "podbot_policy_age_seconds", "Since the policy in force was adopted.")

MEASURES: Final = tuple(value for value in tuple(globals().values()) if isinstance(value, Measure))
