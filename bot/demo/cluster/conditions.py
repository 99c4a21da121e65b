"""A pod's status as the kubelet writes it: its phase and its conditions.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/status/generate.go.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from bot.core.reading import mapping, objects, strings
from bot.core.resources import Json
from bot.demo.cluster import times
from bot.demo.cluster.rules import amount, written
from bot.demo.cluster.runtime import Runtime

_NO_SANDBOX = {"status": "False", "reason": "PodSandboxNotReady", "message": "pod sandbox is not ready"}
_REASONS = {"Succeeded": "PodCompleted", "Failed": "PodFailed"}


def phase_of(inits: Sequence[Runtime], mains: Sequence[Runtime]) -> str:
    """Return the phase that the containers' states make."""
    if any(one.over and one.code for one in inits if not one.sidecar):
        return "Failed"
    if all(one.over for one in mains):
        return "Failed" if any(one.code for one in mains) else "Succeeded"
    return "Running" if any(one.id for one in mains) else "Pending"


def pod_resources(spec: Json) -> Json:
    """Return what a pod's containers have together, as its status tells it."""
    parts = [mapping(one.get("resources")) for one in objects(spec["containers"])]
    sums = {}
    for key in ("requests", "limits"):
        every = [strings(one.get(key)) for one in parts]
        names = sorted({name for one in every for name in one})
        if names:
            sums[key] = {name: _sum(one[name] for one in every if name in one) for name in names}
    return {"resources": sums, **({"allocatedResources": sums["requests"]} if "requests" in sums else {})}


def _sum(amounts: Iterable[str]) -> str:
    return written(sum(map(amount, amounts), Decimal(0)))


def conditions(
    pod: Json, phase: str, inits: Sequence[Runtime], mains: Sequence[Runtime], *, sandbox: bool, now: datetime
) -> list[Json]:
    """Return a scheduled pod's conditions; what is as it was before keeps its time."""
    incomplete = [one.name for one in inits if not (one.started if one.sidecar else one.code == 0)]
    unready = [one.name for one in (*(one for one in inits if one.sidecar), *mains) if not one.ready]
    ended = {"reason": _REASONS[phase]} if phase in _REASONS else None
    ready = _told(unready, ended, "ContainersNotReady", "containers with unready status")
    told: dict[str, Mapping[str, str]] = {
        "PodReadyToStartContainers": {"status": "True"} if sandbox and phase not in _REASONS else _NO_SANDBOX,
        "Initialized": {
            **_told(incomplete, None, "ContainersNotInitialized", "containers with incomplete status"),
            **({"reason": _REASONS[phase]} if phase == "Succeeded" else {}),
        },
        "Ready": ready,
        "ContainersReady": ready,
        "PodScheduled": {"status": "True"},
    }
    known = {one["type"]: one for one in objects(pod["status"].get("conditions"))}
    generation = {"observedGeneration": pod["metadata"].get("generation", 1)}
    kept = [one for kind, one in known.items() if kind not in told]
    return [*kept, *({**generation, **_condition(kind, known.get(kind, {}), one, now)} for kind, one in told.items())]


def _told(names: Sequence[str], ended: Mapping[str, str] | None, reason: str, message: str) -> Mapping[str, str]:
    if ended is not None:
        return {"status": "False", **ended}
    if not names:
        return {"status": "True"}
    return {"status": "False", "reason": reason, "message": f"{message}: [{' '.join(names)}]"}


def _condition(kind: str, before: Json, told: Mapping[str, str], now: datetime) -> Json:
    same = before.get("status") == told["status"]
    since = before["lastTransitionTime"] if same else times.seconds(now)
    return {"type": kind, "lastProbeTime": None, "lastTransitionTime": since, **told}
