"""A new object: completed, admitted, validated, and stored."""

from http import HTTPStatus
from typing import Final

from bot.core.reading import mapping, text
from bot.core.resources import Json
from bot.demo.cluster import kinds, limits, quotas, validation
from bot.demo.cluster.completing import complete
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.kubelet import Kubelet
from bot.demo.cluster.status import StatusError, already_exists, ending, forbidden

_TOO_EARLY: Final = "resourceVersion should not be set on objects to be created"
_PRIORITIES: Final = frozenset({"system-node-critical", "system-cluster-critical"})


class Creator:
    """Makes objects, for requests and for controllers."""

    def __init__(self, kubelet: Kubelet) -> None:
        self._kubelet = kubelet
        self._store = kubelet.node.store

    def make(self, kind: Kind, namespace: str, body: Json, *, dry_run: bool = False) -> Json:
        """Create an object that has been read, or only check it."""
        if mapping(body.get("metadata")).get("resourceVersion"):
            raise StatusError(HTTPStatus.INTERNAL_SERVER_ERROR, "", _TOO_EARLY)
        if kind.namespaced:
            self._admit_namespace(kind, namespace, body)
        if kind is kinds.PODS:
            self._admit_account(namespace, body)
        item = complete(self._store, kind, namespace, limits.filled(self._store, kind, namespace, body))
        validation.validate(kind, item)
        limits.admit(self._store, kind, item)
        quotas.admit(self._store, kind, item)
        name = item["metadata"]["name"]
        if self._store.find(kind, namespace if kind.namespaced else "", name):
            raise already_exists(kind, name)
        if dry_run:
            return item
        return self._kubelet.adopt(item) if kind is kinds.PODS else self._store.add(kind, item)

    def _admit_namespace(self, kind: Kind, namespace: str, body: Json) -> None:
        home = self._store.get(kinds.NAMESPACES, "", namespace)
        if home["metadata"].get("deletionTimestamp"):
            raise ending(kind, text(mapping(body.get("metadata")).get("name")), namespace)

    def _admit_account(self, namespace: str, body: Json) -> None:
        spec, name = mapping(body.get("spec")), text(mapping(body.get("metadata")).get("name"))
        account = text(spec.get("serviceAccountName")) or "default"
        if self._store.find(kinds.ACCOUNTS, namespace, account) is None:
            why = f'error looking up service account {namespace}/{account}: serviceaccount "{account}" not found'
            raise forbidden("", "pods", name, why)
        priority = text(spec.get("priorityClassName"))
        if priority and priority not in _PRIORITIES:
            raise forbidden("", "pods", name, f"no PriorityClass with name {priority} was found")
