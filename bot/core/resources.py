"""The kinds of the Kubernetes API that podbot speaks of, and the questions RBAC is asked about them."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Resource:
    """Where a kind lives in the API: group ("" is core), version and plural name."""

    group: str
    version: str
    plural: str
    namespaced: bool = True


PODS = Resource("", "v1", "pods")
EVENTS = Resource("", "v1", "events")
POD_TEMPLATES = Resource("", "v1", "podtemplates")
NODES = Resource("", "v1", "nodes", namespaced=False)
SERVICES = Resource("", "v1", "services")
CONFIG_MAPS = Resource("", "v1", "configmaps")
REPLICATIONCONTROLLERS = Resource("", "v1", "replicationcontrollers")
REPLICASETS = Resource("apps", "v1", "replicasets")
CLAIMS = Resource("", "v1", "persistentvolumeclaims")
PERSISTENT_VOLUMES = Resource("", "v1", "persistentvolumes", namespaced=False)
STORAGE_CLASSES = Resource("storage.k8s.io", "v1", "storageclasses", namespaced=False)
VOLUME_ATTACHMENTS = Resource("storage.k8s.io", "v1", "volumeattachments", namespaced=False)
SLICES = Resource("discovery.k8s.io", "v1", "endpointslices")
STATEFULSETS = Resource("apps", "v1", "statefulsets")
DAEMONSETS = Resource("apps", "v1", "daemonsets")
JOBS = Resource("batch", "v1", "jobs")
LEASES = Resource("coordination.k8s.io", "v1", "leases")
POD_METRICS = Resource("metrics.k8s.io", "v1beta1", "pods")


@dataclass(frozen=True, slots=True)
class Access:
    """One right that a command needs, in RBAC's words.

    `resource` may name a subresource ("pods/log"). `when` is the flag that needs it, empty when it is always needed.
    Where an `optional` right is missing, the answer says so and the command goes on. `policy` is the switch of the
    policy without which it is never used, so that no role is given it. Source:
    https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources.
    """

    verb: str
    resource: str
    group: str = ""
    when: str = ""
    optional: bool = False
    scope: Literal["namespace", "cluster"] = "namespace"
    policy: Literal["", "pod_templates"] = ""

    @property
    def words(self) -> str:
        """Verb and resource as `kubectl auth can-i` takes them: "list pods.metrics.k8s.io"."""
        return f"{self.verb} {self.resource}{'.' if self.group else ''}{self.group}"

    @property
    def purpose(self) -> str:
        """The flag or argument that needs it, as it is typed: "--evict", "POD"; empty when it is always needed."""
        return self.when if self.when.startswith("-") else self.when.upper()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a server-side Table; priority 0 is always shown, above 0 with `-o wide` only."""

    name: str
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One object's cells, as the server printed them; its labels and its controller where labels were asked for.

    `owner` is the controller's kind and name, empty for none.
    """

    cells: tuple[str, ...]
    labels: tuple[tuple[str, str], ...] = ()
    owner: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Table:
    """A list as the server renders it; `unread` is how many objects were left unread (None: some, uncounted)."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unread: int | None = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """Raw objects of one kind; `unread` as in `Table`, `version` the list's resourceVersion."""

    items: tuple[Json, ...]
    unread: int | None = 0
    version: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """The API server's answer to a SelfSubjectReview; a ServiceAccount's `uid` is that of its object."""

    user: str
    groups: tuple[str, ...] = ()
    extras: tuple[tuple[str, tuple[str, ...]], ...] = ()
    uid: str = ""


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What of a container's log to read; `since` in seconds, `budget` the most bytes that are read at all.

    Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log-of-the-specified-pod.
    """

    container: str
    previous: bool = False
    tail: int | None = None
    since: int | None = None
    timestamps: bool = False
    follow: bool = False
    budget: int = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Executed:
    """What a command in a container left: its output (cut at a limit), and its exit code.

    `code` is None where the container said none; `reason` then says why. `unheard`: nobody told of the command's end,
    so that it may still run.
    """

    stdout: bytes
    stderr: bytes
    code: int | None
    cut: bool = False
    reason: str = ""
    unheard: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came from a pod's port through the API server: header names in lower case, the body cut at a limit.

    `status` is None when no answer came that could be read. `reason` says why there is none, or why its body broke off.
    """

    status: int | None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    cut: bool = False
    reason: str = ""

    def header(self, name: str) -> str:
        """Return a header, empty where it is not there."""
        return dict(self.headers).get(name, "")


@dataclass(frozen=True, slots=True)
class Change:
    """One event of a watch: ADDED, MODIFIED or DELETED, and the object."""

    kind: str
    object: Json
