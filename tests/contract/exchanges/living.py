"""Pods that run, that have ended, that are not ready: their status, their row, their events."""

from typing import Any

from bot.core.resources import Json
from tests.contract.exchanges.exchange import CORE, PODS, TABLE, Exchange, Story, create, get, phase, pod, rows

_EVENTS = f"{CORE}/events"


def _alive(name: str, script: str, *, spec: Json | None = None, **container: Any) -> Json:
    body = pod(name, image="busybox:1.35", command=["sh", "-c", script], **container)
    body["spec"] |= {"terminationGracePeriodSeconds": 0, **(spec or {})}
    del body["spec"]["nodeSelector"]
    return body


def _ready(_: int, body: Json) -> bool:
    statuses = (body.get("status") or {}).get("containerStatuses") or ()
    return bool(statuses) and all(one["ready"] for one in statuses)


def _started(_: int, body: Json) -> bool:
    statuses = (body.get("status") or {}).get("containerStatuses") or ()
    return bool(statuses) and all("running" in one["state"] for one in statuses)


def _of(what: str, name: str, reason: str) -> Exchange:
    query = {"fieldSelector": f"involvedObject.name={name},reason={reason}"}
    return get(what, _EVENTS, query=query, until=rows(1))


_SIZED = {"limits": {"memory": "32Mi"}, "requests": {"cpu": "10m"}}
_ENDED = ("status.podIP", "status.podIPs", "status.resources")  # whether they are there still is chance
_LIVES = Story(
    "lives",
    (
        create("one that runs", PODS, _alive("web", "sleep 3600")),
        get("it runs", f"{PODS}/web", until=_ready),
        get("its row", f"{PODS}/web", accept=TABLE, query={"includeObject": "None"}),
        _of("scheduled", "web", "Scheduled"),
        _of("started", "web", "Started"),
        create(
            "one as somebody, with limits",
            PODS,
            _alive("some", "sleep 3600", resources=_SIZED, securityContext={"runAsUser": 1000, "runAsGroup": 2000}),
        ),
        get("it runs as somebody", f"{PODS}/some", until=_ready),
        create("one that ends", PODS, _alive("once", "exit 0", spec={"restartPolicy": "Never"})),
        get("it has ended", f"{PODS}/once", until=phase("Succeeded"), stripped=_ENDED),
        get("its row in the end", f"{PODS}/once", accept=TABLE, query={"includeObject": "None"}),
        create("one that fails", PODS, _alive("bad", "exit 3", spec={"restartPolicy": "Never"})),
        get("it has failed", f"{PODS}/bad", until=phase("Failed"), stripped=_ENDED),
        get("its row after it", f"{PODS}/bad", accept=TABLE, query={"includeObject": "None"}),
        create(
            "one that is not ready",
            PODS,
            _alive("slow", "sleep 3600", readinessProbe={"exec": {"command": ["false"]}, "periodSeconds": 1}),
        ),
        get("it runs, and is not ready", f"{PODS}/slow", until=_started),
        create(
            "one with an init container",
            PODS,
            _alive(
                "first",
                "sleep 3600",
                spec={"initContainers": [{"name": "init", "image": "busybox:1.35", "command": ["true"]}]},
            ),
        ),
        get("it runs after it", f"{PODS}/first", until=_ready),
        get("a log", f"{PODS}/web/log"),
        get("a log of no container", f"{PODS}/web/log", query={"container": "none"}),
        get("a log of an earlier run", f"{PODS}/web/log", query={"previous": "true"}),
        get("a log of the wrong length", f"{PODS}/web/log", query={"tailLines": "-1"}),
        get("a log since when", f"{PODS}/web/log", query={"sinceSeconds": "1", "sinceTime": "2026-01-01T00:00:00Z"}),
        get("a command without a websocket", f"{PODS}/web/exec", query={"command": "true"}, accept="*/*"),
        get("a command of no container", f"{PODS}/web/exec", query={"command": "x", "container": "none"}, accept="*/*"),
        get("no command", f"{PODS}/web/exec", accept="*/*"),
        get("a proxy without its slash", f"{PODS}/web/proxy", accept="*/*"),
    ),
)
STORIES = (_LIVES,)
