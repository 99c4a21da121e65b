"""Pods in every state that people ask about."""

from typing import Any

from bot.core.resources import Json
from tests.contract.sites import pod

BINARY = "printf 'plain\\n\\033[31mred\\033[0m\\nhalf \\303 é <!channel> `x`\\n'"
_ONCE = "[ -f /kept/x ] && { echo second; sleep 3600; }; touch /kept/x; echo first; exit 3"
_HTTP = {"httpGet": {"path": "/", "port": 80}}


def container(name: str, script: str = "sleep 3600", **more: Any) -> Json:
    """Return a busybox container that runs a shell script."""
    return {"name": name, "image": "busybox:1.35", "command": ["sh", "-c", script], **more}


def of(name: str, *containers: Json, labels: Json | None = None, annotations: Json | None = None, **spec: Any) -> Json:
    """Return a pod of these containers."""
    body = pod(name, labels=labels or {}, annotations=annotations or {})
    return {**body, "spec": {**body["spec"], "containers": list(containers), **spec}}


def served() -> Json:
    """Return a web server with ports and probes."""
    server = {
        "name": "server",
        "image": "nginx:1.22",
        "ports": [{"name": "http", "containerPort": 80}, {"containerPort": 8443, "protocol": "UDP"}],
        "readinessProbe": {**_HTTP, "periodSeconds": 1},
        "livenessProbe": {**_HTTP, "initialDelaySeconds": 5, "failureThreshold": 9},
        "startupProbe": {"exec": {"command": ["test", "-d", "/"]}, "periodSeconds": 1},
    }
    return of("web-1", server, labels={"app": "web", "tier": "front", "build": "7"})


def running() -> list[Json]:
    """Return the pods that become ready."""
    numbers = "i=1; while [ $i -le 300 ]; do echo line $i; i=$((i+1)); done; sleep 3600"
    return [
        served(),
        of("web-2", container("main", numbers), labels={"app": "web", "tier": "back", "build": "3"}),
        of(
            "api-1",
            container("main", "echo of main; sleep 3600"),
            container("helper", "echo of helper; sleep 3600"),
            labels={"app": "api"},
            annotations={"kubectl.kubernetes.io/default-container": "helper"},
        ),
        of(
            "plain-1",
            container("one", "echo of one; sleep 3600"),
            container("two", f"{BINARY}; sleep 3600"),
            initContainers=[
                container("setup", "echo set up"),
                container("beside", "echo beside; sleep 3600", restartPolicy="Always"),
            ],
        ),
        of(
            "again-1",
            container("main", _ONCE, volumeMounts=[{"name": "kept", "mountPath": "/kept"}]),
            labels={"app": "worker", "tier": "back"},
            volumes=[{"name": "kept", "emptyDir": {}}],
        ),
    ]


def others() -> list[Json]:
    """Return the pods that end, fail or never start."""
    missing = [{"name": "X", "valueFrom": {"configMapKeyRef": {"name": "nowhere", "key": "x"}}}]
    return [
        of("done-1", container("main", "echo done"), labels={"app": "job"}, restartPolicy="Never"),
        of("failed-1", container("main", "echo failed; exit 3"), labels={"app": "job"}, restartPolicy="Never"),
        of("crashing-1", container("main", "echo crashing; exit 1"), labels={"app": "worker"}),
        of("pull-1", {"name": "main", "image": "nowhere.invalid/none:1"}, labels={"app": "api", "tier": "front"}),
        of("stuck-1", container("main"), labels={"app": "api"}, nodeSelector={"disk": "none"}),
        of("config-1", container("main", env=missing), labels={"build": "5"}),
    ]


def owned() -> Json:
    """Return a ReplicaSet of one pod."""
    labels = {"app": "owned"}
    template = of("x", container("main"), labels=labels)
    return {
        "metadata": {"name": "owner"},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": template["spec"]},
        },
    }
