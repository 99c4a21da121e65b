"""The simulated cluster for tests: its audit log in the form of the API server's."""

from collections.abc import Callable

from bot.core.resources import Json
from bot.demo.cluster.auditing import Entry
from bot.demo.cluster.simulation import Simulation


def audit_of(simulation: Simulation, account: str) -> Callable[[], list[Json]]:
    """Return a reader of what an account has asked, each in the form of `audit.k8s.io/v1` Event."""
    return lambda: [_event(entry) for entry in simulation.audit if entry.user == account]


def _event(entry: Entry) -> Json:
    resource, _, subresource = entry.resource.partition("/")
    event: Json = {
        "stage": "ResponseComplete",
        "verb": entry.verb,
        "requestURI": entry.path,
        "objectRef": {"resource": resource, **({"subresource": subresource} if subresource else {})},
        "responseStatus": {"code": entry.code},
    }
    if entry.impersonated:
        extra = {key: list(values) for key, values in entry.extras.items()}
        event["impersonatedUser"] = {"username": entry.impersonated, "groups": list(entry.groups), "extra": extra}
    return event
