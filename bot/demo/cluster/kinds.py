"""The kinds that the simulation keeps, and what is particular to each.

Source: https://kubernetes.io/docs/reference/kubernetes-api/.
"""

from dataclasses import dataclass
from typing import Final

_METADATA = ("metadata.name", "metadata.namespace")
_ABOUT = ("apiVersion", "fieldPath", "kind", "name", "namespace", "resourceVersion", "uid")
_OF_EVENTS = (*(f"involvedObject.{key}" for key in _ABOUT), "reason", "reportingComponent", "source", "type")
_OF_PODS = (
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
)
_RBAC = "rbac.authorization.k8s.io"
_STORAGE = "storage.k8s.io"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object; `fields` can be selected by beside those of every kind, `generations` are counted."""

    group: str
    version: str
    plural: str
    name: str
    namespaced: bool = True
    fields: tuple[str, ...] = ()
    generations: bool = False
    own_fields: bool = False

    @property
    def api_version(self) -> str:
        """Group and version as an object has them."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """The plural with its group, as messages have it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def selectable(self) -> tuple[str, ...]:
        """What its objects can be selected by."""
        return _METADATA + self.fields


PODS: Final = Kind("", "v1", "pods", "Pod", fields=_OF_PODS, generations=True, own_fields=True)
EVENTS: Final = Kind("", "v1", "events", "Event", fields=_OF_EVENTS, own_fields=True)
NAMESPACES: Final = Kind(
    "", "v1", "namespaces", "Namespace", namespaced=False, fields=("status.phase",), own_fields=True
)
NODES: Final = Kind("", "v1", "nodes", "Node", namespaced=False)
SERVICES: Final = Kind("", "v1", "services", "Service", fields=("spec.clusterIP", "spec.type"), own_fields=True)
SECRETS: Final = Kind("", "v1", "secrets", "Secret", fields=("type",), own_fields=True)
CONFIG_MAPS: Final = Kind("", "v1", "configmaps", "ConfigMap")
CLAIMS: Final = Kind("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim")
PERSISTENT_VOLUMES: Final = Kind("", "v1", "persistentvolumes", "PersistentVolume", namespaced=False)
QUOTAS: Final = Kind("", "v1", "resourcequotas", "ResourceQuota")
LIMIT_RANGES: Final = Kind("", "v1", "limitranges", "LimitRange")
ACCOUNTS: Final = Kind("", "v1", "serviceaccounts", "ServiceAccount")
POD_TEMPLATES: Final = Kind("", "v1", "podtemplates", "PodTemplate", generations=True)
REPLICA_SETS: Final = Kind("apps", "v1", "replicasets", "ReplicaSet", generations=True)
STORAGE_CLASSES: Final = Kind(_STORAGE, "v1", "storageclasses", "StorageClass", namespaced=False)
ATTACHMENTS: Final = Kind(_STORAGE, "v1", "volumeattachments", "VolumeAttachment", namespaced=False)
STATEFUL_SETS: Final = Kind("apps", "v1", "statefulsets", "StatefulSet", generations=True)
DAEMON_SETS: Final = Kind("apps", "v1", "daemonsets", "DaemonSet", generations=True)
JOBS: Final = Kind("batch", "v1", "jobs", "Job", generations=True)
REPLICATION_CONTROLLERS: Final = Kind("", "v1", "replicationcontrollers", "ReplicationController", generations=True)
SLICES: Final = Kind("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice")
LEASES: Final = Kind("coordination.k8s.io", "v1", "leases", "Lease")
BUDGETS: Final = Kind("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", generations=True)
ROLES: Final = Kind(_RBAC, "v1", "roles", "Role")
ROLE_BINDINGS: Final = Kind(_RBAC, "v1", "rolebindings", "RoleBinding")
CLUSTER_ROLES: Final = Kind(_RBAC, "v1", "clusterroles", "ClusterRole", namespaced=False)
CLUSTER_ROLE_BINDINGS: Final = Kind(_RBAC, "v1", "clusterrolebindings", "ClusterRoleBinding", namespaced=False)
POD_METRICS: Final = Kind("metrics.k8s.io", "v1beta1", "pods", "PodMetrics")
WHO: Final = Kind("authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview", namespaced=False)
MAY: Final = Kind("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", namespaced=False)
RULES: Final = Kind("authorization.k8s.io", "v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview", namespaced=False)
REVIEWS: Final = (WHO, MAY, RULES)

STORED: Final = (
    *(PODS, EVENTS, NAMESPACES, NODES, SERVICES, SECRETS, CONFIG_MAPS, CLAIMS, QUOTAS, LIMIT_RANGES, ACCOUNTS),
    POD_TEMPLATES,
    *(PERSISTENT_VOLUMES, STORAGE_CLASSES, ATTACHMENTS),
    *(STATEFUL_SETS, DAEMON_SETS, JOBS, REPLICATION_CONTROLLERS),
    *(REPLICA_SETS, SLICES, LEASES, BUDGETS, ROLES, ROLE_BINDINGS, CLUSTER_ROLES, CLUSTER_ROLE_BINDINGS, POD_METRICS),
)
KINDS: Final = {(kind.group, kind.version, kind.plural): kind for kind in (*STORED, *REVIEWS)}
