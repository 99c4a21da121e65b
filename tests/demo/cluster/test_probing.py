"""Probes, on a clock that tests move."""

from functools import partial

import pytest

from bot.core.resources import Json
from bot.core.wire import Request
from bot.demo.cluster.answers import Answer
from tests.demo.cluster.bench import PODS, Bench

_NOT_RUN = (
    'rpc error: code = Unknown desc = failed to exec in container: exec: "nosuch": executable file not found in $PATH'
)


def _container(bench: Bench, name: str) -> Json:
    status: Json = bench.get(f"{PODS}/{name}")["status"]["containerStatuses"][0]
    return status


def _answers(code: int, _: Request) -> Answer:
    return Answer(code)


async def test_liveness_restarts(bench: Bench) -> None:
    """A container that fails its liveness probe three times is killed, told of, and started again."""
    bench.pod("web", livenessProbe={"exec": {"command": ["false"]}}, spec={"terminationGracePeriodSeconds": 2})
    await bench.wait(15)
    assert _container(bench, "web")["restartCount"] == 0
    await bench.wait(15)
    status = _container(bench, "web")
    assert (status["restartCount"], status["lastState"]["terminated"]["exitCode"]) == (1, 137)
    told = bench.events("web")
    assert ("Unhealthy", "Liveness probe failed: ") in told
    assert ("Killing", "Container main failed liveness probe, will be restarted") in told


async def test_liveness_ends_what_is_never_restarted(bench: Bench) -> None:
    """A pod that is never restarted fails with its liveness probe."""
    spec = {"restartPolicy": "Never", "terminationGracePeriodSeconds": 0}
    bench.pod("web", livenessProbe={"tcpSocket": {"port": 1}, "failureThreshold": 1}, spec=spec)
    await bench.wait(5)
    assert bench.get(f"{PODS}/web")["status"]["phase"] == "Failed"
    assert ("Killing", "Container main failed liveness probe") in bench.events("web")
    assert ("Unhealthy", "Liveness probe failed: dial tcp 10.244.0.2:1: connect: connection refused") in bench.events(
        "web"
    )


async def test_what_liveness_does_not_kill(bench: Bench) -> None:
    """A container whose liveness probe goes well runs on, and ends by itself."""
    bench.pod("web", "sleep 60; false", livenessProbe={"exec": {"command": ["true"]}})
    await bench.wait(50)
    assert (bench.status("web"), _container(bench, "web")["restartCount"]) == ("Running", 0)
    await bench.wait(20)
    assert _container(bench, "web")["lastState"]["terminated"]["exitCode"] == 1


async def test_startup_comes_first(bench: Bench) -> None:
    """Until the startup probe has gone well a container is not started, not ready, and not asked anything else."""
    bench.pod(
        "web",
        startupProbe={"tcpSocket": {"port": 9}, "failureThreshold": 10},
        livenessProbe={"exec": {"command": ["false"]}, "failureThreshold": 1},
    )
    await bench.wait(35)
    assert (_container(bench, "web")["started"], bench.row("web")[1]) == (False, "0/1")
    assert not [message for _, message in bench.events("web") if "Liveness" in message]
    bench.simulation.serve("shop", "web", 9, lambda _: Answer(200))
    await bench.wait(10)
    assert (_container(bench, "web")["started"], bench.row("web")[1]) == (True, "1/1")


async def test_startup_that_fails_restarts(bench: Bench) -> None:
    """A container that never starts is killed after the startup probe's last failure."""
    probe = {"exec": {"command": ["false"]}, "periodSeconds": 1, "failureThreshold": 2}
    bench.pod("web", startupProbe=probe, spec={"terminationGracePeriodSeconds": 0})
    await bench.wait(6)
    assert _container(bench, "web")["restartCount"] == 1
    assert ("Killing", "Container main failed startup probe, will be restarted") in bench.events("web")


async def test_readiness_comes_and_goes(bench: Bench) -> None:
    """A container is ready as long as what it serves is well, and back when it is again."""
    port = {"name": "http", "containerPort": 8080}
    probe = {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 2, "failureThreshold": 2}
    bench.pod("web", ports=[port], readinessProbe=probe)
    await bench.wait(4)
    refused = 'Get "http://10.244.0.2:8080/ready": dial tcp 10.244.0.2:8080: connect: connection refused'
    assert ("Unhealthy", f"Readiness probe failed: {refused}") in bench.events("web")
    for code, ready in ((200, "1/1"), (503, "0/1"), (302, "1/1")):
        bench.simulation.serve("shop", "web", 8080, partial(_answers, code))
        await bench.wait(5)
        assert bench.row("web")[1] == ready
    assert ("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503") in bench.events("web")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["sh", "-c", "echo no database >&2; exit 1"], "Readiness probe failed: no database\n"),
        (["sleep", "5"], 'Readiness probe failed: command timed out: "sleep 5" timed out after 1s'),
        (
            ["nosuch"],
            f"Readiness probe errored and resulted in unknown state: {_NOT_RUN}",
        ),
    ],
)
async def test_commands_that_fail(bench: Bench, command: list[str], message: str) -> None:
    """A failing command's output is told, and so is one that is too slow or not there."""
    bench.pod("web", readinessProbe={"exec": {"command": command}})
    await bench.wait(5)
    assert ("Unhealthy", message) in bench.events("web")
    assert bench.row("web")[1] == "0/1"
