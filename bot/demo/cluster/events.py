"""Events as the kubelet and the controllers record them: repeats are counted, not told again."""

from bot.core.resources import Json
from bot.demo.cluster import times
from bot.demo.cluster.kinds import EVENTS
from bot.demo.cluster.store import Store
from bot.demo.cluster.timeline import Timeline

NORMAL, WARNING = "Normal", "Warning"
_SCHEDULER = "default-scheduler"


class Events:
    """Records events about objects."""

    def __init__(self, store: Store, timeline: Timeline) -> None:
        self._store = store
        self._timeline = timeline
        self._names: dict[tuple[str, ...], tuple[str, str]] = {}

    def kubelet(self, about: Json, type_: str, reason: str, message: str, *, container: str = "") -> None:
        """Record what the node's kubelet tells, perhaps of one container ("spec.containers{main}")."""
        source = {"component": "kubelet", "host": "local"}
        self._record(about, type_, reason, message, source, container)

    def scheduler(self, about: Json, type_: str, reason: str, message: str) -> None:
        """Record what the scheduler tells, in the newer form without count and times."""
        event = self._event(about, type_, reason, message, _SCHEDULER, "")
        moment = times.micros(self._timeline.now)
        untimed: Json = {"firstTimestamp": None, "lastTimestamp": None, "eventTime": moment, "source": {}}
        self._store.add(EVENTS, {**event, **untimed, "action": "Binding" if type_ == NORMAL else "Scheduling"})

    def controller(self, about: Json, component: str, type_: str, reason: str, message: str) -> None:
        """Record what a controller tells."""
        self._record(about, type_, reason, message, {"component": component}, "")

    def _record(self, about: Json, type_: str, reason: str, message: str, source: Json, path: str) -> None:
        moment = times.seconds(self._timeline.now)
        told = (about["metadata"]["uid"], path, type_, reason, message)
        known = self._store.find(EVENTS, *self._names.get(told, ("", "")))
        if known is not None:
            self._store.replace(EVENTS, {**known, "count": known["count"] + 1, "lastTimestamp": moment})
            return
        seen = {"firstTimestamp": moment, "lastTimestamp": moment, "eventTime": None, "count": 1}
        event = {**self._event(about, type_, reason, message, source["component"], path), **seen, "source": source}
        added = self._store.add(EVENTS, event)["metadata"]
        self._names[told] = (added["namespace"], added["name"])

    def _event(self, about: Json, type_: str, reason: str, message: str, component: str, path: str) -> Json:
        metadata = about["metadata"]
        namespace = metadata.get("namespace") or "default"
        involved = {
            "kind": about["kind"],
            "apiVersion": about["apiVersion"],
            "namespace": namespace,
            "name": metadata["name"],
            "uid": metadata["uid"],
            "resourceVersion": metadata.get("resourceVersion", ""),
            **({"fieldPath": path} if path else {}),
        }
        name = f"{metadata['name']}.{self._store.uid().replace('-', '')[:16]}"
        event: Json = {
            "metadata": {"name": name},
            "involvedObject": involved,
            "reason": reason,
            "message": message,
            "type": type_,
            "reportingComponent": component,
            "reportingInstance": "local",
        }
        return self._store.completed(EVENTS, namespace, event)
