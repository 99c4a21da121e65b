"""Lists as the API server prints them: columns and cells.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/printers/internalversion/printers.go.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.ages import age, moment
from bot.core.containers import Container, Terminated
from bot.core.pods import Pod
from bot.core.reading import mapping, objects, text
from bot.core.resources import Json
from bot.core.statuses import ready_word, status_word
from bot.demo.cluster import kinds
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.status import bad_request

_OBJECTS = ("", "Metadata", "None", "Object")
_NONE = "<none>"
_ENDS = {"Succeeded": "The pod has completed successfully.", "Failed": "The pod failed."}

Cells = Callable[[Json, datetime], list[Any]]


@dataclass(frozen=True, slots=True)
class _Printer:
    """Column names, of which those after `wide` are for `-o wide` only, and what prints a row."""

    columns: tuple[str, ...]
    wide: int
    cells: Cells


def table(kind: Kind, items: Sequence[Json], metadata: Json, include: str, now: datetime) -> Json:
    """Return objects as a Table; `include` says how much of each object comes with its row."""
    if include not in _OBJECTS:
        why = "must be 'Metadata', 'Object', 'None', or empty"
        raise bad_request(f'Unable to convert to Table as requested: includeObject: Invalid value: "{include}": {why}')
    printer = _PRINTERS.get(kind, _PLAIN)
    columns = [
        {
            "name": name,
            "type": "string",
            "format": "name" if name == "Name" else "",
            "description": "",
            "priority": int(index >= printer.wide),
        }
        for index, name in enumerate(printer.columns)
    ]
    rows = [_row(kind, item, printer.cells(item, now), include) for item in items]
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "columnDefinitions": columns,
        "rows": rows,
    }


def _row(kind: Kind, item: Json, cells: list[Any], include: str) -> Json:
    phase = text(mapping(item.get("status")).get("phase"))
    ended = kind is kinds.PODS and phase in _ENDS
    condition = {"type": "Completed", "status": "True", "reason": phase, "message": _ENDS[phase]} if ended else None
    return {"cells": cells, **({"conditions": [condition]} if condition else {}), "object": _object(item, include)}


def _object(item: Json, include: str) -> Json | None:
    if include == "None":
        return None
    if include == "Object":
        return item
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": item["metadata"]}


def _age(item: Json, now: datetime) -> str:
    return age(moment(item["metadata"].get("creationTimestamp")), now)


def _plain(item: Json, now: datetime) -> list[Any]:
    return [item["metadata"]["name"], _age(item, now)]


def _pod(item: Json, now: datetime) -> list[Any]:
    pod = Pod.of(item)
    inits = (one for one in pod.init_containers if one.sidecar or not pod.is_true("Initialized"))
    counted = (*pod.containers, *inits)
    cells = [pod.name, ready_word(pod), status_word(pod), _restarts(counted, now), _age(item, now)]
    return [*cells, pod.ip or _NONE, pod.node or _NONE, _NONE, _NONE]


def _restarts(containers: Sequence[Container], now: datetime) -> str:
    count = sum(one.restart_count for one in containers)
    ends = [one.last_state.finished for one in containers if isinstance(one.last_state, Terminated)]
    latest = max((end for end in ends if end is not None), default=None)
    return f"{count} ({age(latest, now)} ago)" if count and latest else str(count)


def _event(item: Json, now: datetime) -> list[Any]:
    involved, source = item["involvedObject"], mapping(item.get("source"))
    first = age(moment(item.get("firstTimestamp") or item.get("eventTime")), now)
    last = age(moment(item.get("lastTimestamp") or item.get("eventTime")), now)
    component = ", ".join(filter(None, (source.get("component") or item.get("reportingComponent"), source.get("host"))))
    about = f"{involved['kind'].lower()}/{involved['name']}"
    start = [last, item["type"], item["reason"], about, involved.get("fieldPath", ""), component]
    return [*start, item["message"], first, item.get("count") or 1, item["metadata"]["name"]]


def _service(item: Json, now: datetime) -> list[Any]:
    spec = mapping(item.get("spec"))
    ports = ",".join(f"{one['port']}/{one.get('protocol', 'TCP')}" for one in objects(spec.get("ports"))) or _NONE
    address = spec.get("clusterIP") or _NONE
    start = [item["metadata"]["name"], spec.get("type", "ClusterIP"), address, _NONE, ports, _age(item, now)]
    return [*start, _joined(spec.get("selector"))]


def _replica_set(item: Json, now: datetime) -> list[Any]:
    spec, status = item["spec"], mapping(item.get("status"))
    containers = objects(mapping(mapping(spec.get("template")).get("spec")).get("containers"))
    names, images = (",".join(one[key] for one in containers) for key in ("name", "image"))
    counts = [spec.get("replicas", 1), status.get("replicas", 0), status.get("readyReplicas", 0)]
    selector = _joined(mapping(spec.get("selector")).get("matchLabels"))
    return [item["metadata"]["name"], *counts, _age(item, now), names, images, selector]


def _joined(labels: Any) -> str:
    return ",".join(f"{key}={value}" for key, value in mapping(labels).items()) or _NONE


_PLAIN = _Printer(("Name", "Age"), 2, _plain)
_PRINTERS: Mapping[Kind, _Printer] = {
    kinds.PODS: _Printer(
        ("Name", "Ready", "Status", "Restarts", "Age", "IP", "Node", "Nominated Node", "Readiness Gates"), 5, _pod
    ),
    kinds.EVENTS: _Printer(
        ("Last Seen", "Type", "Reason", "Object", "Subobject", "Source", "Message", "First Seen", "Count", "Name"),
        10,
        _event,
    ),
    kinds.SERVICES: _Printer(("Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "Selector"), 6, _service),
    kinds.REPLICA_SETS: _Printer(
        ("Name", "Desired", "Current", "Ready", "Age", "Containers", "Images", "Selector"), 5, _replica_set
    ),
}
