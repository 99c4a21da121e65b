"""A typed view of a pod's raw JSON, which tolerates nulls, missing and unknown fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.ages import moment, span
from bot.core.containers import Container, containers
from bot.core.reading import mapping, number, objects, strings, text, texts
from bot.core.resources import Json
from bot.core.volume_sources import Volume

DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
TERMINAL_PHASES = frozenset({"Succeeded", "Failed"})


@dataclass(frozen=True, slots=True)
class Owner:
    """The controller in an object's ownerReferences; `api` is its apiVersion, such as "apps/v1"."""

    api: str
    kind: str
    name: str
    uid: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One of an object's conditions; `status` is "True", "False" or "Unknown"."""

    type: str
    status: str
    reason: str = ""
    message: str = ""
    since: datetime | None = None

    @classmethod
    def of(cls, raw: Json) -> "Condition":
        """Read one item of an object's `status.conditions`."""
        return cls(
            type=text(raw.get("type")),
            status=text(raw.get("status")),
            reason=text(raw.get("reason")),
            message=text(raw.get("message")),
            since=moment(raw.get("lastTransitionTime")),
        )


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod as the API server tells of it; times are in UTC, absent ones None, absent texts empty.

    `deletion_timestamp` is when the grace period (`deletion_grace`, seconds) of a deleted pod ends; see `deleted`.
    """

    name: str
    namespace: str = ""
    uid: str = ""
    version: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    finalizers: tuple[str, ...] = ()
    owner: Owner | None = None
    created: datetime | None = None
    deletion_timestamp: datetime | None = None
    deletion_grace: int = 0
    phase: str = ""
    reason: str = ""
    message: str = ""
    node: str = ""
    ip: str = ""
    service_account: str = ""
    restart_policy: str = ""
    conditions: tuple[Condition, ...] = ()
    volumes: tuple[Volume, ...] = ()
    containers: tuple[Container, ...] = ()
    init_containers: tuple[Container, ...] = ()
    ephemeral: tuple[Container, ...] = ()

    @classmethod
    def of(cls, raw: Json) -> "Pod":
        """Read a pod's raw JSON, as `Cluster.get` and `Cluster.list` return it."""
        meta, spec, status = (mapping(raw.get(part)) for part in ("metadata", "spec", "status"))
        return cls(
            name=text(meta.get("name")),
            namespace=text(meta.get("namespace")),
            uid=text(meta.get("uid")),
            version=text(meta.get("resourceVersion")),
            labels=strings(meta.get("labels")),
            annotations=strings(meta.get("annotations")),
            finalizers=texts(meta.get("finalizers")),
            owner=controller(raw),
            created=moment(meta.get("creationTimestamp")),
            deletion_timestamp=moment(meta.get("deletionTimestamp")),
            deletion_grace=number(meta.get("deletionGracePeriodSeconds")),
            phase=text(status.get("phase")),
            reason=text(status.get("reason")),
            message=text(status.get("message")),
            node=text(spec.get("nodeName")),
            ip=text(status.get("podIP")),
            service_account=text(spec.get("serviceAccountName")),
            restart_policy=text(spec.get("restartPolicy")),
            conditions=tuple(Condition.of(item) for item in objects(status.get("conditions"))),
            volumes=tuple(Volume.of(item) for item in objects(spec.get("volumes"))),
            containers=containers(spec.get("containers"), status.get("containerStatuses")),
            init_containers=containers(spec.get("initContainers"), status.get("initContainerStatuses")),
            ephemeral=containers(spec.get("ephemeralContainers"), status.get("ephemeralContainerStatuses")),
        )

    @property
    def all_containers(self) -> tuple[Container, ...]:
        """Every container, in the order they start: init, ordinary, ephemeral."""
        return self.init_containers + self.containers + self.ephemeral

    @property
    def ended(self) -> bool:
        """Whether no container of it will run again."""
        return self.phase in TERMINAL_PHASES

    @property
    def deleted(self) -> datetime | None:
        """When somebody or something deleted it; None for a pod that is not being deleted."""
        end = self.deletion_timestamp
        try:
            return None if end is None else end - span(self.deletion_grace)
        except OverflowError:  # no date is so long before
            return end

    @property
    def restarts(self) -> int:
        """How often its containers have been started again, all together."""
        return sum(one.restart_count for one in self.all_containers)

    def condition(self, kind: str) -> Condition | None:
        """Return the condition of this type, if the pod has it."""
        return next((one for one in self.conditions if one.type == kind), None)

    def is_true(self, kind: str) -> bool:
        """Whether the condition of this type is "True"."""
        return any(one.type == kind and one.status == "True" for one in self.conditions)


def controller(raw: Json) -> Owner | None:
    """Return the one owner of any object that is its controller.

    Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/.
    """
    for reference in objects(mapping(raw.get("metadata")).get("ownerReferences")):
        if reference.get("controller") is True:
            return Owner(*(text(reference.get(key)) for key in ("apiVersion", "kind", "name", "uid")))
    return None


def default_container(pod: Pod) -> Container | None:
    """Return the container that kubectl takes when none is named; None for a pod without containers.

    Source: FindOrDefaultContainerByName in
    https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/util/podcmd/podcmd.go.
    """
    wanted = pod.annotations.get(DEFAULT_CONTAINER, "")
    named = next((one for one in pod.all_containers if one.name == wanted), None)
    return named or next(iter(pod.containers), None)
