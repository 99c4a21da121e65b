"""Requests that change objects: create, patch, delete, evict."""

import json
from http import HTTPStatus

from bot.core.reading import mapping, objects
from bot.core.resources import Json
from bot.demo.cluster import bodies, decoding, kinds, times, validation
from bot.demo.cluster.answers import Answer, answer
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.budgets import check_eviction
from bot.demo.cluster.collecting import Collector
from bot.demo.cluster.completing import defaulted
from bot.demo.cluster.creating import Creator
from bot.demo.cluster.deletions import Deletions
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.kubelet import Kubelet
from bot.demo.cluster.options import DeleteOptions
from bot.demo.cluster.patches import patched
from bot.demo.cluster.resizing import admit_resize
from bot.demo.cluster.status import bad_request, conflict, invalid, wrong
from bot.demo.cluster.store import Store

# Whose deletion answers with the object, by the API server's own OpenAPI; the others answer with a Status.
_TOLD_WHOLE = frozenset(
    {
        *(kinds.SERVICES, kinds.CLAIMS, kinds.PERSISTENT_VOLUMES, kinds.QUOTAS, kinds.ACCOUNTS, kinds.POD_TEMPLATES),
        *(kinds.STORAGE_CLASSES, kinds.ATTACHMENTS),
    }
)
_EVICTION = {
    "type": "DisruptionTarget",
    "status": "True",
    "lastProbeTime": None,
    "reason": "EvictionByEvictionAPI",
    "message": "Eviction API: evicting",
}


class Changes:
    """Changes objects in the store, or only checks whether they may be changed."""

    def __init__(self, kubelet: Kubelet, creator: Creator, deletions: Deletions, collector: Collector) -> None:
        self._store: Store = kubelet.node.store
        self._kubelet = kubelet
        self._creator = creator
        self._deletions = deletions
        self._collector = collector

    def create(self, kind: Kind, asked: Asked) -> Answer:
        """Create an object, or only check it."""
        read = bodies.decode(asked, kind)
        home = mapping(read.item.get("metadata")).get("namespace")
        if kind.namespaced and home not in (None, "", asked.namespace):
            raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
        made = self._creator.make(kind, asked.namespace, read.item, dry_run="All" in asked.options("dryRun"))
        return answer(made, HTTPStatus.CREATED, read.warnings)

    def patch(self, kind: Kind, asked: Asked) -> Answer:
        """Patch an object, or only check the patch."""
        level = bodies.check_level(asked, "PatchOptions")
        before = self._store.get(kind, asked.namespace, asked.name)
        patched_item = patched(before, asked.header("Content-Type"), asked.request.body)
        after, warnings = _checked(kind, patched_item, level)
        _check_same(kind, asked, before, mapping(after.get("metadata")))
        after = defaulted(kind, after)
        validation.validate_change(kind, before, after)
        if kind is kinds.CLAIMS:
            admit_resize(self._store, before, after)
        after = _counted(kind, before, after)
        if after == before or "All" in asked.options("dryRun"):
            return answer(after, warnings=warnings)
        stored = self._store.replace(kind, after)
        if not after["metadata"].get("finalizers"):
            self._deletions.release(kind, stored)
        return answer(stored, warnings=warnings)

    def delete(self, kind: Kind, asked: Asked) -> Answer:
        """Delete an object if it is the one that is meant."""
        item = self._store.find(kind, asked.namespace, asked.name)
        options = DeleteOptions.read(asked)
        item = item or self._store.get(kind, asked.namespace, asked.name)
        options.check(kind, item)
        if kind is kinds.PODS:
            return answer(self._kubelet.delete(item, options.grace, dry_run=options.dry_run))
        if options.orphans and not options.dry_run:
            return answer(self._orphaned(kind, item))
        left = self._deletions.marked(kind, item) if options.dry_run else self._deletions.delete(kind, item)
        if kind in _TOLD_WHOLE or left is not item or left["metadata"].get("deletionTimestamp"):
            return answer(left)
        group = {"group": kind.group} if kind.group else {}
        details = {"name": asked.name, **group, "kind": kind.plural, "uid": item["metadata"]["uid"]}
        return answer({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details})

    def evict(self, asked: Asked) -> Answer:
        """Evict a pod unless a budget keeps it."""
        body = bodies.read_as(asked, "Eviction", "policy/v1")
        named = mapping(body.get("metadata")).get("name")
        if named not in (None, "", asked.name):
            raise bad_request("name in URL does not match name in Eviction object")
        pod = self._store.get(kinds.PODS, asked.namespace, asked.name)
        options = DeleteOptions.of(mapping(body.get("deleteOptions")), asked, dry_run="All" in asked.options("dryRun"))
        options.check(kinds.PODS, pod)
        check_eviction(self._store, pod)
        if not options.dry_run:
            self._mark(pod)
            self._kubelet.delete(self._store.get(kinds.PODS, asked.namespace, asked.name), options.grace)
        code = HTTPStatus.CREATED
        done = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": code}
        return answer(done, code)

    def _orphaned(self, kind: Kind, item: Json) -> Json:
        """Take an object away from what it owns, and return it as the server marks it on the way."""
        held = {**item, "metadata": {**item["metadata"], "finalizers": ["orphan"]}}
        self._collector.orphan(item)
        self._store.remove(kind, item["metadata"].get("namespace", ""), item["metadata"]["name"])
        return self._deletions.marked(kind, held)

    def _mark(self, pod: Json) -> None:
        status = mapping(pod.get("status"))
        moment = times.seconds(self._kubelet.node.timeline.now)
        marked = [{**_EVICTION, "lastTransitionTime": moment}, *objects(status.get("conditions"))]
        self._store.replace(kinds.PODS, {**pod, "status": {**status, "conditions": marked}})


def _check_same(kind: Kind, asked: Asked, before: Json, metadata: Json) -> None:
    """Raise the server's refusal of a patch that makes another object of this one, or that is of an older version."""
    name = metadata.get("name")
    if not name:
        why = f"the name of the object ({asked.name} based on URL) was undeterminable: name must be provided"
        raise bad_request(why)
    if name != asked.name:
        raise bad_request(f"the name of the object ({name}) does not match the name on the URL ({asked.name})")
    if kind.namespaced and metadata.get("namespace") != asked.namespace:
        raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
    if metadata.get("resourceVersion") not in (None, before["metadata"]["resourceVersion"]):
        why = "the object has been modified; please apply your changes to the latest version and try again"
        raise conflict(kind, asked.name, why)


def _counted(kind: Kind, before: Json, after: Json) -> Json:
    """Return a changed object with its status as it was, and its next generation where its spec is another."""
    kept = {**after, "status": before["status"]} if "status" in before else after
    if not kind.generations or before.get("spec") == after.get("spec"):
        return kept
    generation = before["metadata"].get("generation", 1) + 1
    return {**kept, "metadata": {**kept["metadata"], "generation": generation}}


def _checked(kind: Kind, item: Json, level: str) -> tuple[Json, list[str]]:
    try:
        bodies.check_kind(item, kind.name, kind.group, kind.api_version)
        read = decoding.checked(item, kind.name, level)
    except ValueError as error:
        written = json.dumps(item)
        raise invalid("", "", [wrong("patch", written, str(error))]) from error
    return {"kind": kind.name, "apiVersion": kind.api_version, **read.item}, read.warnings
