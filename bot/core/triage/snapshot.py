"""All that was read about one pod, or about a controller that has none, at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from bot.core.claims import Claim
from bot.core.events import Event, by_time, folded
from bot.core.persistent_volumes import PersistentVolume, StorageClass
from bot.core.pods import Pod
from bot.core.reading import mapping, objects, text
from bot.core.resources import Json


@dataclass(frozen=True, slots=True)
class Log:
    """The end of one container's log, masked already; `previous` is the run before the one that is there now.

    `missing` says why there is none.
    """

    container: str
    text: str = ""
    previous: bool = False
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Unseen:
    """What could not be looked at, and why: a right that is missing, or what the API server said."""

    what: str
    why: str


@dataclass(frozen=True)
class Snapshot:
    """What rules may know. Every part but `now` may be missing; `unseen` says what could not be read.

    `raw` is the pod as stored, empty where it is about `owners` alone (the pod's own controller first).
    `happened` are raw events: of pods of this name, of claims and of controllers. `claims`, `volumes` and
    `classes` are raw objects by name, None for one that does not exist. `config_maps` are their keys by name,
    None for one that does not exist; values are never kept, and Secrets are never read. `services` and
    `slices` are None where they were not looked at; `peers` are other pods of the namespace, as far as they were.
    """

    now: datetime
    raw: Json = field(default_factory=dict)
    happened: tuple[Json, ...] = ()
    logs: tuple[Log, ...] = ()
    owners: tuple[Json, ...] = ()
    node: Json = field(default_factory=dict)
    claims: Mapping[str, Json | None] = field(default_factory=dict)
    volumes: Mapping[str, Json | None] = field(default_factory=dict)
    classes: Mapping[str, Json | None] = field(default_factory=dict)
    services: tuple[Json, ...] | None = None
    slices: tuple[Json, ...] | None = None
    config_maps: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    peers: tuple[Json, ...] = ()
    unseen: tuple[Unseen, ...] = ()

    @cached_property
    def pod(self) -> Pod:
        """The pod's view."""
        return Pod.of(self.raw)

    @cached_property
    def spec(self) -> Json:
        """The pod's spec."""
        return mapping(self.raw.get("spec"))

    @cached_property
    def status(self) -> Json:
        """The pod's status."""
        return mapping(self.raw.get("status"))

    @cached_property
    def every_event(self) -> tuple[Event, ...]:
        """Everything that happened, the newest last, each repeat by itself."""
        return by_time(self.happened)

    @cached_property
    def all_events(self) -> tuple[Event, ...]:
        """Everything that happened, the newest last, repeats as one."""
        return folded(self.every_event)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened to this very pod."""
        return tuple(one for one in self.all_events if one.kind in {"Pod", ""} and one.uid in {self.pod.uid, ""})

    @cached_property
    def namesakes(self) -> tuple[Event, ...]:
        """What happened to an earlier pod of the same name."""
        return tuple(one for one in self.all_events if one.kind == "Pod" and one.uid not in {self.pod.uid, ""})

    def about(self, kind: str, name: str) -> tuple[Event, ...]:
        """Return what happened to another object."""
        return tuple(one for one in self.all_events if (one.kind, one.name) == (kind, name))

    def specs(self) -> Mapping[str, Json]:
        """Return the raw spec of each container, by name."""
        lists = (objects(self.spec.get(key)) for key in ("initContainers", "containers", "ephemeralContainers"))
        return {text(one.get("name")): one for some in lists for one in some}

    def log(self, container: str) -> Log | None:
        """Return the log of a container's run that ended, else of its run now."""
        own = [one for one in self.logs if one.container == container]
        return next((one for one in own if one.previous), own[0] if own else None)

    def claim(self, name: str) -> Claim | None:
        """Return a claim that was read and is there."""
        raw = self.claims.get(name)
        return Claim.of(raw) if raw else None

    def volume(self, name: str) -> PersistentVolume | None:
        """Return a volume that was read and is there."""
        raw = self.volumes.get(name)
        return PersistentVolume.of(raw) if raw else None

    def storage_class(self, name: str) -> StorageClass | None:
        """Return a class that was read and is there."""
        raw = self.classes.get(name)
        return StorageClass.of(raw) if raw else None
