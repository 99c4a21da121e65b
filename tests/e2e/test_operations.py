"""What a kubelet and Prometheus see of podbot, running as a process of its own."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as plain_families

from bot.demo.chat.workspace import acme
from bot.demo.cluster.server import ClusterServer
from bot.flow import CLOSING
from bot.metrics.measures import MEASURES
from handlers import REGISTRY
from tests.e2e.processes import process, reachable
from tests.e2e.world import ALICE, GUEST, LOBBY, ONCALL, TEAM, World, words
from tests.programs import free_port
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="function")
OPENMETRICS = {"Accept": "application/openmetrics-text; version=1.0.0"}
HOSTILE = (
    "",
    "lits pods",
    "frobnicate-" + "x" * 200,
    '"} evil_metric{a="b',
    "list -n ../../secrets",
    "describe web-1\nlist",
    "logs $(whoami)",
    "\u202etsil",
    "list -l 'a in (",
    "wait pod-that-is-not-there --timeout 1s",
)


@dataclass(frozen=True, slots=True)
class Running:
    """A podbot, its world, and the way to its health server."""

    world: World
    server: ClusterServer
    process: asyncio.subprocess.Process
    session: aiohttp.ClientSession
    url: str

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Return a path's status and body; 0 where nothing answers."""
        try:
            async with self.session.get(f"{self.url}{path}", headers=headers) as response:
                return response.status, await response.text()
        except aiohttp.ClientConnectionError as error:
            return 0, str(error)

    async def says(self, path: str, status: int, words: str) -> str:
        """Wait until a path answers so, and return what it said."""

        async def told() -> str | None:
            found = await self.get(path)
            return found[1] if found[0] == status and words in found[1] else None

        return await until(told, f"{path} with {status} and {words!r}", 60)

    async def series(self) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
        """Return all samples of /metrics by name and labels, as Prometheus' own parser reads them."""
        status, text = await self.get("/metrics", OPENMETRICS)
        assert status == 200
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)  # type: ignore[no-untyped-call]  # the package's
            for sample in family.samples
        }

    async def value(self, name: str, **labels: str) -> float:
        """Return one sample, 0 where it is not there."""
        return (await self.series()).get((name, frozenset(labels.items())), 0.0)

    async def asked_version(self) -> bool:
        """Ask for readiness, and return whether that made podbot ask the API server, as it does when all is quiet."""
        await self.get("/readyz")
        return await self.value("podbot_kubernetes_requests_total", verb="get", resource="version", code="2xx") > 0


@asynccontextmanager
async def running(folder: Path, **changed: str) -> AsyncIterator[Running]:
    """Run podbot with a health server, connected."""
    address = f"127.0.0.1:{free_port()}"
    settings = {"PODBOT_HEALTH_ADDRESS": address, "PODBOT_HEALTH_PATIENCE": "1.5", "PODBOT_REVISION": "abc123"}
    async with (
        reachable(folder) as (world, server),
        process({**world.environment, **settings, **changed}) as started,
        aiohttp.ClientSession() as session,
    ):
        found = Running(world, server, started, session, f"http://{address}")
        await found.says("/readyz", 200, "ready")
        yield found


async def test_a_dead_api_server_is_told_and_forgotten(tmp_path: Path) -> None:
    """Readiness says that the API server is gone, and no more once it is back; podbot stays alive meanwhile."""
    async with running(tmp_path) as podbot:
        await podbot.server.__aexit__(None, None, None)
        await podbot.says("/readyz", 503, "the API server cannot be reached")
        assert await podbot.get("/healthz") == (200, "alive\n")
        assert await podbot.value("podbot_ready") == 0
        await podbot.server.__aenter__()
        await podbot.says("/readyz", 200, "ready")
        assert await podbot.value("podbot_kubernetes_requests_total", verb="get", resource="version", code="none") > 0


async def test_a_dead_socket_is_told_and_replaced(tmp_path: Path) -> None:
    """Readiness says that Slack does not reach podbot while no socket opens; a new one is counted."""
    async with running(tmp_path) as podbot:
        chat = podbot.world.chat
        chat.fail("apps.connections.open", error="internal_error")
        for connection in list(chat.sockets.connections):
            connection.drop()
        await podbot.says("/readyz", 503, "Slack does not reach this replica")
        await podbot.says("/readyz", 200, "ready")
        assert await podbot.value("podbot_slack_sockets_opened_total") >= 2
        failed = await podbot.value("podbot_slack_requests_total", method="apps.connections.open", result="error")
        assert failed >= 1


async def test_draining_is_told_until_the_end(tmp_path: Path) -> None:
    """While a command still runs after SIGTERM, readiness says so, new ones are turned away, and the exit code is 0."""
    async with running(tmp_path, PODBOT_DRAIN="4") as podbot:
        world = podbot.world
        await world.print("web-1", b"up\n")
        waiting = asyncio.create_task(world.say(ALICE, TEAM, "wait web-1 --for=delete --timeout 60s"))
        await until(lambda: _is(podbot, "podbot_work_running", 1), "a command runs")
        podbot.process.send_signal(signal.SIGTERM)
        assert "turned away" in await podbot.says("/readyz", 503, "draining")
        assert await podbot.get("/healthz") == (200, "alive\n")
        assert "being stopped, and begins nothing" in words(await world.say(ALICE, ONCALL, "templates"))
        assert await podbot.value("podbot_commands_turned_away_total") == 1
        assert "stopped" in words(await waiting)
        output, errors = await podbot.process.communicate()
        assert podbot.process.returncode == 0, errors.decode()
        assert (await podbot.get("/readyz"))[0] == 0
    records = [json.loads(line)["audit"] for line in output.decode().splitlines()]
    lines = [json.loads(line) for line in errors.decode().splitlines()]
    assert {record["command"] for record in records} == {"wait", ""}
    assert all({"at", "level", "logger", "message"} <= set(line) for line in lines)


async def _is(podbot: Running, name: str, value: float) -> bool:
    return await podbot.value(name) == value


async def test_commands_are_measured(tmp_path: Path) -> None:
    """Commands, acknowledgements, and the calls that they made of Slack and Kubernetes are counted and timed."""
    async with running(tmp_path) as podbot:
        world = podbot.world
        await world.say(ALICE, TEAM, "list")
        await world.say(ALICE, TEAM, "whoami")
        await world.say(ALICE, TEAM, "logs nobody")
        await until(lambda: _is(podbot, "podbot_audit_records_total", 3), "three records")
        assert await podbot.value("podbot_commands_total", verb="list", outcome="answered") == 1
        assert await podbot.value("podbot_commands_total", verb="logs", outcome="failed") == 1
        assert await podbot.value("podbot_command_seconds_count", verb="list") == 1
        assert await podbot.value("podbot_acknowledge_seconds_count") == 3
        assert await podbot.value("podbot_kubernetes_requests_total", verb="list", resource="pods", code="2xx") >= 1
        assert await podbot.value("podbot_kubernetes_requests_total", verb="get", resource="pods", code="4xx") == 1
        assert await podbot.value("podbot_slack_requests_total", method="auth.test", result="ok") == 1
        assert await podbot.value("podbot_slack_requests_total", method="response_url", result="ok") == 3
        assert await podbot.value("podbot_slack_sockets_opened_total") == 1
        assert await podbot.value("podbot_build_info", version="0.1.0", revision="abc123") == 1
        assert await podbot.value("process_resident_memory_bytes") > 0
        status, text = await podbot.get("/metrics")
        assert status == 200
        told = {family.name for family in plain_families(text)}
        assert {measure.name for measure in MEASURES} <= told
        assert not {family for family in told if family.endswith("_created")}


async def test_labels_are_bounded(tmp_path: Path) -> None:
    """Whatever people type, no label holds it, and typing it again adds no series."""
    async with running(tmp_path) as podbot:
        for _ in range(2):
            for line in HOSTILE:
                await podbot.world.say(ALICE, TEAM, line)
            await podbot.world.say(GUEST, TEAM, "list")
            await podbot.world.say(ALICE, LOBBY, "delete web-1 -n kube-system")
        await podbot.world.say(ALICE, ONCALL, "list")  # whose usergroups Slack is asked for
        await until(podbot.asked_version, "readiness has asked the API server by itself")
        first = await podbot.series()
        for line in HOSTILE:
            await podbot.world.say(ALICE, ONCALL, line)
        series = await podbot.series()
        ours = {key for key in series if key[0].startswith("podbot_")}
        assert ours == {key for key in first if key[0].startswith("podbot_")}
        verbs = {value for _, labels in ours for name, value in labels if name == "verb"}
        assert verbs <= {*REGISTRY, *CLOSING, "form", "unknown", "get", "list", "watch", "create"}
        told = {value for _, labels in series for name, value in labels if name not in {"le", "version"}}
        assert all(len(value) < 60 and value.isprintable() for value in told)
        assert not {value for value in told if "frob" in value or "evil" in value or ".." in value}


async def test_http_mode_has_two_ports(tmp_path: Path) -> None:
    """In HTTP mode Slack's requests and the probes come to ports of their own, and neither serves the other's."""
    port = free_port()
    settings = {"SLACK_APP_TOKEN": "", "PODBOT_LISTEN_HOST": "127.0.0.1", "PODBOT_LISTEN_PORT": str(port)}
    async with running(tmp_path, **settings, SLACK_SIGNING_SECRET=acme().app.signing_secret) as podbot:
        podbot.world.chat.post_to(f"http://127.0.0.1:{port}/slack/events")
        await podbot.world.say(ALICE, TEAM, "whoami")
        await until(lambda: _is(podbot, "podbot_acknowledge_seconds_count", 1), "an acknowledgement")
        assert await podbot.value("podbot_slack_connected") == 1
        async with podbot.session.get(f"http://127.0.0.1:{port}/metrics") as response:
            assert response.status == 404


async def test_nothing_else_is_served(tmp_path: Path) -> None:
    """The health server knows three paths, reads only, and is not where Slack's requests come."""
    async with running(tmp_path) as podbot:
        for path in ("/", "/slack/events", "/metrics/", "/readyz?verbose", "/..%2fmetrics"):
            status, _ = await podbot.get(path)
            assert status == (200 if path.startswith("/readyz") else 404), path
        async with podbot.session.post(f"{podbot.url}/readyz") as response:
            assert response.status == 405


async def test_a_taken_port_stops_the_start(tmp_path: Path) -> None:
    """Where the health server cannot listen, podbot says which setting is to be mended."""
    async with running(tmp_path) as podbot:
        settings = {**podbot.world.environment, "PODBOT_HEALTH_ADDRESS": podbot.url.removeprefix("http://")}
        async with process(settings) as second:
            _, errors = await second.communicate()
        assert second.returncode == 1
        assert "PODBOT_HEALTH_ADDRESS" in errors.decode()
