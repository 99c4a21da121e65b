"""Requests, counted on their way to the simulated cluster."""

import pytest

from bot.core.errors import Unreachable
from bot.core.wire import Rejected, Request
from bot.demo.cluster.faults import Fault, How
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.transport import SimulatedTransport
from bot.demo.cluster.users import ADMINISTRATOR
from bot.metrics.kubernetes import Metered, resource, resources, verb
from handlers import COMMANDS
from tests.fakes import FakeClock

PODS = "/api/v1/namespaces/shop/pods"


class Told:
    """Keeps what it is told, without the seconds."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, str]] = []

    def requested(self, verb: str, resource: str, code: str, seconds: float) -> None:
        assert seconds >= 0
        self.requests.append((verb, resource, code))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/version", "version"),
        (PODS, "pods"),
        (f"{PODS}/web-1", "pods"),
        (f"{PODS}/web-1/log", "pods/log"),
        (f"{PODS}/https:web-1:8443/proxy/any/path", "pods/proxy"),
        ("/api/v1/persistentvolumes/pv-1", "persistentvolumes"),
        ("/api/v1/namespaces/shop", "namespaces"),
        ("/apis/apps/v1/namespaces/shop/replicasets/web", "replicasets.apps"),
        ("/apis/storage.k8s.io/v1/storageclasses/fast", "storageclasses.storage.k8s.io"),
        (
            "/apis/authentication.k8s.io/v1/selfsubjectreviews",
            "selfsubjectreviews.authentication.k8s.io",
        ),
    ],
)
def test_a_path_names_its_kind(path: str, kind: str) -> None:
    """The kind is written as kubectl writes it, and no name is in it."""
    assert resource(path) == kind


@pytest.mark.parametrize(
    ("method", "path", "query", "does"),
    [
        ("GET", PODS, (), "list"),
        ("GET", PODS, (("watch", "true"),), "watch"),
        ("GET", f"{PODS}/web-1", (), "get"),
        ("GET", "/version", (), "get"),
        ("POST", PODS, (), "create"),
        ("PATCH", f"{PODS}/web-1", (), "patch"),
        ("DELETE", f"{PODS}/web-1", (), "delete"),
        ("BREW", PODS, (), "other"),
    ],
)
def test_a_request_has_a_verb_of_rbac(method: str, path: str, query: tuple[tuple[str, str], ...], does: str) -> None:
    """What a request does is told in RBAC's words."""
    assert verb(Request(method, path, query)) == does


def test_every_need_has_a_label() -> None:
    """Whatever a command has a right for is told by name."""
    known = resources(need for command in COMMANDS for need in command.needs)
    assert {"pods", "pods/log", "pods/exec", "pods.metrics.k8s.io", "leases.coordination.k8s.io", "version"} <= set(
        known
    )


async def test_requests_are_counted_once() -> None:
    """An answer counts by the class of its code, none as such, and a websocket by how it was opened."""
    simulation = Simulation(FakeClock(), tokens={"administrator": ADMINISTRATOR})
    inner, told = SimulatedTransport(simulation, "administrator"), Told()
    metered = Metered(inner, told)
    async with metered.send(Request("GET", PODS)) as response:
        assert response.status == 200
    async with metered.send(Request("GET", f"{PODS}/nobody")) as response:
        assert response.status == 404
    inner.faults.append(Fault(How.REFUSED))
    with pytest.raises(Unreachable):
        async with metered.send(Request("GET", PODS)):
            pass
    with pytest.raises(Rejected):
        async with metered.connect(Request("GET", f"{PODS}/nobody/exec"), ["v5.channel.k8s.io"]):
            pass
    assert told.requests == [
        ("list", "pods", "2xx"),
        ("get", "pods", "4xx"),
        ("list", "pods", "none"),
        ("connect", "pods/exec", "4xx"),
    ]
    await metered.close()


async def test_what_fails_later_is_not_counted_twice() -> None:
    """An error of the reader's own, while it reads the answer, is no second request."""
    simulation = Simulation(FakeClock(), tokens={"administrator": ADMINISTRATOR})
    told = Told()
    metered = Metered(SimulatedTransport(simulation, "administrator"), told)
    with pytest.raises(KeyError):
        async with metered.send(Request("GET", PODS)):
            raise KeyError
    assert told.requests == [("list", "pods", "2xx")]
