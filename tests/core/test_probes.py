"""Health checks and ports in words."""

from typing import Any

import pytest

from bot.core.containers import Port
from bot.core.pods import Pod
from bot.core.probes import Probe, probes
from bot.core.resources import Json
from tests.core.samples import raw_pod


@pytest.mark.parametrize(
    ("raw", "check"),
    [
        ({"httpGet": {"port": "http", "path": "/healthz"}}, "GET http://:http/healthz"),
        ({"httpGet": {"port": 8443, "scheme": "HTTPS", "host": "web"}}, "GET https://web:8443/"),
        ({"tcpSocket": {"port": 6379}}, "connect to :6379"),
        ({"grpc": {"port": 9000}}, "gRPC health of :9000"),
        ({"grpc": {"port": 9000, "service": "live"}}, "gRPC health of :9000 live"),
        ({"exec": {"command": ["cat", "/ready"]}}, "run “cat /ready”"),
        ({"httpGet": None}, "an unknown check"),
    ],
)
def test_a_check_is_told_by_what_it_does(raw: Json, check: str) -> None:
    """Each kind of check has its words, with the API's own defaults for its times."""
    (probe,) = probes({"livenessProbe": raw})
    assert probe.words == f"liveness: {check} within 1 s, every 10 s, fails after 3"


def test_times_are_told() -> None:
    """What a check's spec says of its times is in its words."""
    times = {"timeoutSeconds": 2, "periodSeconds": 5, "initialDelaySeconds": 7, "failureThreshold": 30}
    (probe,) = probes({"startupProbe": {"tcpSocket": {"port": 80}, **times}})
    assert probe.words == "startup: connect to :80 within 2 s, every 5 s, from 7 s on, fails after 30"


@pytest.mark.parametrize("raw", [{}, {"livenessProbe": None}, {"livenessProbe": []}])
def test_no_check(raw: Json) -> None:
    """A container without checks has none."""
    assert probes(raw) == ()


def test_a_container_has_its_ports_and_checks() -> None:
    """Ports and checks come with the view of a pod, checks in the order in which they begin."""
    port = {"containerPort": 8080, "name": "http", "protocol": "TCP", "hostPort": 80}
    check: dict[str, Any] = {"tcpSocket": {"port": "http"}}
    raw = {"name": "app", "ports": [port, {"containerPort": 53, "protocol": "UDP"}]}
    container = {**raw, "livenessProbe": check, "readinessProbe": check}
    (app,) = Pod.of(raw_pod(spec={"containers": [container]})).containers
    assert app.ports == (Port(8080, "TCP", "http", 80), Port(53, "UDP"))
    assert [one.words for one in app.ports] == ["http 8080/TCP (host 80)", "53/UDP"]
    assert app.probes == (Probe("readiness", "connect to :http"), Probe("liveness", "connect to :http"))
