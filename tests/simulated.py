"""The simulated cluster for tests: its audit log in the form of the API server's, and faults of watches alone."""

from collections.abc import Callable
from dataclasses import astuple, dataclass

from bot.core.resources import Json
from bot.core.wire import Request
from bot.demo.cluster.auditing import Entry
from bot.demo.cluster.faults import Fault
from bot.demo.cluster.simulation import Simulation


@dataclass(slots=True)
class OfWatches(Fault):
    """A fault that only watches meet; lists have the same path."""

    def meets(self, request: Request) -> bool:
        """Whether this is a watch that goes wrong."""
        return ("watch", "true") in request.query and Fault.meets(self, request)

    @classmethod
    def of(cls, fault: Fault) -> "OfWatches":
        """Return the same fault for watches alone."""
        return cls(*astuple(fault))


def audit_of(simulation: Simulation, *accounts: str) -> Callable[[], list[Json]]:
    """Return a reader of what some accounts have asked, each in the form of `audit.k8s.io/v1` Event."""
    return lambda: [_event(entry) for entry in simulation.audit if entry.user in accounts]


def _event(entry: Entry) -> Json:
    resource, _, subresource = entry.resource.partition("/")
    event: Json = {
        "stage": "ResponseComplete",
        "verb": entry.verb,
        "user": {"username": entry.user},
        "requestURI": entry.path,
        "objectRef": {
            "resource": resource,
            "name": entry.name,
            **({"subresource": subresource} if subresource else {}),
        },
        "responseStatus": {"code": entry.code},
    }
    if entry.impersonated:
        extra = {key: list(values) for key, values in entry.extras.items()}
        event["impersonatedUser"] = {"username": entry.impersonated, "groups": list(entry.groups), "extra": extra}
    return event
