"""Raw pods as an API server returns them, for tests of the views and of whoever reads pods."""

from typing import Any

from bot.core.resources import Json

CREATED = "2026-01-02T03:00:05Z"


def raw_pod(name: str = "web-1", *, spec: Json | None = None, status: Json | None = None, **meta: Any) -> Json:
    """Return a pod that runs and is ready, changed by what is given."""
    metadata = {"name": name, "namespace": "shop", "uid": f"uid-{name}", "creationTimestamp": CREATED, **meta}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"nodeName": "node-a", "containers": [{"name": "app", "image": "nginx:1.22"}], **(spec or {})},
        "status": {
            "phase": "Running",
            "conditions": [ready()],
            "containerStatuses": [running("app")],
            **(status or {}),
        },
    }


def pending(status: Json | None = None, name: str = "web-1", **more: Any) -> Json:
    """Return a pod whose container is being made, changed by what is given."""
    being_made = {"containerStatuses": [waiting("app", "ContainerCreating")], "phase": "Pending", "conditions": []}
    return raw_pod(name, status={**being_made, **(status or {})}, **more)


def ready(status: str = "True") -> Json:
    """Return the condition Ready."""
    return {"type": "Ready", "status": status}


def running(name: str, **more: Any) -> Json:
    """Return the status of a container that runs and is ready."""
    return {"name": name, "ready": True, "started": True, "state": {"running": {"startedAt": CREATED}}, **more}


def waiting(name: str, reason: str = "", message: str = "", **more: Any) -> Json:
    """Return the status of a container that waits."""
    return {"name": name, "state": {"waiting": {"reason": reason, "message": message}}, **more}


def ended(name: str, code: int, reason: str = "", **more: Any) -> Json:
    """Return the status of a container that has ended."""
    return {"name": name, "state": {"terminated": {"exitCode": code, "reason": reason}}, **more}


def event(reason: str, message: str, kind: str = "Warning", last: str = CREATED) -> Json:
    """Return an event of a pod."""
    return {"type": kind, "reason": reason, "message": message, "lastTimestamp": last}
