"""Requests that change objects: create, patch, delete, evict."""

import json
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from bot.core.reading import mapping, objects, text
from bot.core.resources import Json
from bot.demo.cluster import decoding, kinds, quotas, times, validation
from bot.demo.cluster.answers import Answer, answer
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.budgets import check_eviction
from bot.demo.cluster.controllers import Controllers
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.kubelet import Kubelet
from bot.demo.cluster.patches import patched
from bot.demo.cluster.status import StatusError, bad_request, conflict, forbidden, invalid, unsupported
from bot.demo.cluster.store import Store

# Whose deletion answers with the object, by the API server's own OpenAPI; the others answer with a Status.
_TOLD_WHOLE = frozenset(
    {
        *(kinds.SERVICES, kinds.CLAIMS, kinds.PERSISTENT_VOLUMES, kinds.QUOTAS, kinds.ACCOUNTS, kinds.POD_TEMPLATES),
        *(kinds.STORAGE_CLASSES, kinds.ATTACHMENTS),
    }
)
_POLICIES = ("Foreground", "Background", "Orphan")
_EVICTION = {
    "type": "DisruptionTarget",
    "status": "True",
    "lastProbeTime": None,
    "reason": "EvictionByEvictionAPI",
    "message": "Eviction API: evicting",
}


@dataclass(frozen=True, slots=True)
class Options:
    """How to delete: within which time, and only what is still the same."""

    grace: int | None
    uid: str
    version: str
    dry_run: bool

    @classmethod
    def of(cls, told: Json, asked: Asked) -> "Options":
        """Read DeleteOptions, or the query where it says the same."""
        same = mapping(told.get("preconditions"))
        grace = told.get("gracePeriodSeconds", asked.number("gracePeriodSeconds"))
        dry_run = bool(told.get("dryRun")) or "All" in asked.options("dryRun")
        return cls(grace, text(same.get("uid")), text(same.get("resourceVersion")), dry_run)


class Changes:
    """Changes objects in the store and starts what follows from it."""

    def __init__(self, store: Store, kubelet: Kubelet, controllers: Controllers) -> None:
        self._store = store
        self._kubelet = kubelet
        self._controllers = controllers

    def create(self, kind: Kind, asked: Asked) -> Answer:
        """Create an object, or only check it."""
        body = decoding.decode(asked, kind)
        home = mapping(body.get("metadata")).get("namespace")
        if kind.namespaced and home not in (None, "", asked.namespace):
            raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
        made = self.make(kind, asked.namespace, body, dry_run="All" in asked.options("dryRun"))
        return answer(made, HTTPStatus.CREATED)

    def make(self, kind: Kind, namespace: str, body: Json, *, dry_run: bool = False) -> Json:
        """Create an object that has been read."""
        if kind.namespaced:
            self._store.get(kinds.NAMESPACES, "", namespace)
        item = self._completed(kind, namespace, body)
        name = item["metadata"]["name"]
        if dry_run:
            if self._store.find(kind, namespace, name):
                self._store.add(kind, item)  # says that the name is taken
            return item
        stored = self._kubelet.adopt(item) if kind is kinds.PODS else self._store.add(kind, item)
        self._controllers.created(kind, stored)
        return stored

    def patch(self, kind: Kind, asked: Asked) -> Answer:
        """Patch an object, or only check the patch."""
        strict = decoding.check_level(asked, "PatchOptions")
        before = self._store.get(kind, asked.namespace, asked.name)
        after = patched(before, asked.header("Content-Type"), asked.request.body)
        metadata = mapping(after.get("metadata"))
        if metadata.get("name") != asked.name:
            why = f"the name of the object ({metadata.get('name')}) does not match the name on the URL ({asked.name})"
            raise bad_request(why)
        after = _checked(kind, after, strict=strict)
        if metadata.get("resourceVersion") not in (None, before["metadata"]["resourceVersion"]):
            why = "the object has been modified; please apply your changes to the latest version and try again"
            raise conflict(kind, asked.name, why)
        validation.validate_change(kind, before, after)
        if after == before or "All" in asked.options("dryRun"):
            return answer(after)
        stored = self._store.replace(kind, after)
        if kind is kinds.PODS:
            self._kubelet.release(stored)
        return answer(stored)

    def delete(self, kind: Kind, asked: Asked) -> Answer:
        """Delete an object if it is the one that is meant."""
        told = _delete_options(asked)
        item = self._store.get(kind, asked.namespace, asked.name)
        options = Options.of(told, asked)
        _check_same(kind, item, options)
        if kind is kinds.PODS:
            return answer(self._kubelet.delete(item, options.grace, dry_run=options.dry_run))
        if kind is kinds.CLAIMS and not options.dry_run:
            return answer(self._controllers.provisioner.delete(item))
        if not options.dry_run:
            self._remove(kind, asked.namespace, asked.name)
        if kind in _TOLD_WHOLE:
            return answer(item)
        group = {"group": kind.group} if kind.group else {}
        details = {"name": asked.name, **group, "kind": kind.plural, "uid": item["metadata"]["uid"]}
        return answer({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details})

    def evict(self, asked: Asked) -> Answer:
        """Evict a pod unless a budget keeps it."""
        body = decoding.read_object(asked.request.body, "Eviction")
        named = mapping(body.get("metadata")).get("name")
        if named not in (None, "", asked.name):
            raise bad_request("name in URL does not match name in Eviction object")
        pod = self._store.get(kinds.PODS, asked.namespace, asked.name)
        options = Options.of(mapping(body.get("deleteOptions")), asked)
        _check_same(kinds.PODS, pod, options)
        check_eviction(self._store, pod)
        if not options.dry_run:
            self._mark(pod)
            self._kubelet.delete(self._store.get(kinds.PODS, asked.namespace, asked.name), options.grace)
        code = HTTPStatus.CREATED
        done = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": code}
        return answer(done, code)

    def _completed(self, kind: Kind, namespace: str, body: Json) -> Json:
        if kind is not kinds.PODS:
            is_claim = kind is kinds.CLAIMS
            complete = self._controllers.provisioner.completed if is_claim else partial(self._store.completed, kind)
            item = complete(namespace, body)
            validation.validate(kind, item)
            return item
        self._admit_account(namespace, body)
        item = self._store.completed(kind, namespace, body)
        validation.validate(kind, item)
        pod = self._kubelet.completed(namespace, body)
        quotas.admit(self._store, pod)
        return pod

    def _admit_account(self, namespace: str, body: Json) -> None:
        spec, name = mapping(body.get("spec")), text(mapping(body.get("metadata")).get("name"))
        account = text(spec.get("serviceAccountName")) or "default"
        if self._store.find(kinds.ACCOUNTS, namespace, account) is None:
            why = f'error looking up service account {namespace}/{account}: serviceaccount "{account}" not found'
            raise forbidden("", "pods", name, why)

    def _mark(self, pod: Json) -> None:
        status = mapping(pod.get("status"))
        moment = times.seconds(self._kubelet.node.timeline.now)
        marked = [{**_EVICTION, "lastTransitionTime": moment}, *objects(status.get("conditions"))]
        self._store.replace(kinds.PODS, {**pod, "status": {**status, "conditions": marked}})

    def _remove(self, kind: Kind, namespace: str, name: str) -> None:
        self._store.remove(kind, namespace, name)
        if kind is kinds.NAMESPACES:
            self._kubelet.remove_all(name)
            for other in kinds.STORED:
                for item in self._store.list(other, name) if other.namespaced else ():
                    self._store.remove(other, name, item["metadata"]["name"])


def _checked(kind: Kind, item: Json, *, strict: bool) -> Json:
    try:
        return decoding.checked(item, kind.name, strict=strict)
    except ValueError as error:
        written = json.dumps(item)
        message = f' "" is invalid: patch: Invalid value: {json.dumps(written)}: {error}'
        raise StatusError(HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid", message, details={}) from error


def _delete_options(asked: Asked) -> Json:
    if not asked.request.body:
        return {}
    told = decoding.read_object(asked.request.body, "DeleteOptions")
    policy = told.get("propagationPolicy")
    if policy not in (None, *_POLICIES):
        causes = [unsupported("propagationPolicy", policy, (*_POLICIES, "nil"))]
        raise invalid("DeleteOptions", "", causes, group="meta.k8s.io")
    return told


def _check_same(kind: Kind, item: Json, options: Options) -> None:
    metadata = item["metadata"]
    uid, version = metadata["uid"], metadata["resourceVersion"]
    if options.uid not in ("", uid):
        same = f"the UID in the precondition ({options.uid}) does not match the UID in record ({uid})"
        raise _stale(kind, metadata["name"], f"{same}. The object might have been deleted and then recreated")
    if options.version not in ("", version):
        same = (
            f"the ResourceVersion in the precondition ({options.version}) does not match the ResourceVersion in record"
        )
        raise _stale(kind, metadata["name"], f"{same} ({version}). The object might have been modified")


def _stale(kind: Kind, name: str, why: str) -> StatusError:
    message = f'Operation cannot be fulfilled on {kind.name} "{name}": {why}'
    return StatusError(HTTPStatus.CONFLICT, "Conflict", message, details={"name": name, "kind": kind.name})
