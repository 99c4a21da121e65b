"""A simulated cluster on a clock that tests move, and short ways to ask it things."""

import json
from collections.abc import Mapping
from typing import Any

from bot.core.resources import Json
from bot.core.wire import Request
from bot.demo.cluster.answers import Answer
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.users import ADMINISTRATOR, User, service_account
from tests.fakes import FakeClock

PODS = "/api/v1/namespaces/shop/pods"
TABLE = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"}
BOT = "system:serviceaccount:bots:podbot"
_TOKENS = {"root": ADMINISTRATOR, "bot": service_account("bots", "podbot"), "alice": User("alice", ("team",))}


class Bench:
    """A simulation with the namespace shop; `ask` is the administrator's unless another token is named."""

    def __init__(self, **options: Any) -> None:
        self.clock = FakeClock()
        self.simulation = Simulation(self.clock, tokens=_TOKENS, **options)
        self.create("/api/v1/namespaces", {"metadata": {"name": "shop"}})

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        await self.clock.sleep(seconds)
        self.simulation.settle()

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        by: str = "root",
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request, signed in by a token if there is one."""
        signed = (*((("Authorization", f"Bearer {by}"),) if by else ()), *(headers or {}).items())
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.simulation.respond(Request(method, path, tuple((query or {}).items()), signed, content))

    def get(self, path: str, **query: str) -> Json:
        """Return what is there, which must be."""
        given = self.ask("GET", path, query=query)
        assert given.status == 200, given.body
        return given.json()

    def create(self, path: str, body: Json, **query: str) -> Json:
        """Create an object, which must go well."""
        given = self.ask("POST", path, body, query=query)
        assert given.status == 201, given.body
        return given.json()

    def pod(self, name: str, script: str = "sleep 360000", **more: Any) -> Json:
        """Create a pod of one busybox container that runs a script."""
        return self.create(PODS, pod(name, script, **more))

    def says(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, str]:
        """Return a refusal's code and message."""
        given = self.ask(method, path, body, **options)
        return given.status, given.json()["message"]

    def status(self, name: str) -> str:
        """Return a pod's word in the STATUS column."""
        return str(self.row(name)[2])

    def row(self, name: str) -> list[Any]:
        """Return a pod's cells."""
        given = self.ask("GET", f"{PODS}/{name}", headers=TABLE, query={"includeObject": "None"})
        cells: list[Any] = given.json()["rows"][0]["cells"]
        return cells

    def events(self, name: str) -> list[tuple[str, str]]:
        """Return reason and message of each event about a pod, in the order they were first told."""
        found = self.get("/api/v1/namespaces/shop/events", fieldSelector=f"involvedObject.name={name}")["items"]
        ordered = sorted(found, key=lambda event: int(event["metadata"]["resourceVersion"]))
        return [(event["reason"], event["message"]) for event in ordered]

    def log(self, name: str, **query: str) -> bytes:
        """Return a pod's log."""
        given = self.ask("GET", f"{PODS}/{name}/log", query=query)
        assert given.status == 200, given.body
        return given.body


def pod(
    name: str, script: str = "sleep 360000", *, metadata: Json | None = None, spec: Json | None = None, **container: Any
) -> Json:
    """Return a pod of one busybox container that runs a script."""
    main = {"name": "main", "image": "busybox:1.35", "command": ["sh", "-c", script], **container}
    return {"metadata": {"name": name, **(metadata or {})}, "spec": {"containers": [main], **(spec or {})}}


def claim(name: str, **spec: Any) -> Json:
    """Return a claim of a gibibyte."""
    asked = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return {"metadata": {"name": name}, "spec": {**asked, **spec}}
