"""Claims and their volumes: what a new claim is given, who waits for whom, and what goes with what.

The provisioner makes paths of the node, as kube-controller-manager does with --enable-hostpath-provisioner.
Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/volume/persistentvolume/pv_controller.go.
"""

from typing import Final

from bot.core.reading import mapping, objects, text
from bot.core.resources import Json
from bot.demo.cluster import kinds, times
from bot.demo.cluster.completing import PROTECTION, VOLUME_PROTECTION, complete
from bot.demo.cluster.deletions import Deletions
from bot.demo.cluster.events import NORMAL, WARNING
from bot.demo.cluster.node import Node
from bot.demo.cluster.scheduling import ENDED, ON_FIRST_USE, claims_of, ephemeral_claims, unschedulable
from bot.demo.cluster.store import Changed
from bot.demo.cluster.timeline import Process

HOST_PATH: Final = "kubernetes.io/host-path"
_BINDING = 0.5  # seconds
_COMPONENT = "persistentvolume-controller"
_UNMATCHED = "no persistent volumes available for this claim and no storage class is set"
_NOT_USED = {
    "type": "Unused",
    "status": "True",
    "reason": "NoPodsUsingPVC",
    "message": "No pods are currently referencing this PVC",
}
_UNUSED = "waiting for first consumer to be created before binding"
_EXTERNAL = (
    "Waiting for a volume to be created either by the external provisioner '{}' or manually by the system "
    "administrator. If volume creation is delayed, please verify that the provisioner is running and correctly "
    "registered."
)
_BOUND = {"pv.kubernetes.io/bind-completed": "yes", "pv.kubernetes.io/bound-by-controller": "yes"}


class Provisioner:
    """Binds claims to volumes that it makes, and takes both away when their time has come."""

    def __init__(self, node: Node, deletions: Deletions) -> None:
        self._node = node
        self._deletions = deletions
        self._store = node.store

    def changed(self, change: Changed) -> None:
        """Look after what one change concerns: its claim or volume, or the claims of its pod."""
        if change.kind is kinds.PODS:
            self._pod_changed(change)
        elif change.kind is kinds.CLAIMS:
            self._claim_changed(change)
        elif change.kind is kinds.PERSISTENT_VOLUMES:
            self._volume_changed(change)

    def _pod_changed(self, change: Changed) -> None:
        namespace, name = change.key
        pod = self._store.find(kinds.PODS, namespace, name)
        if pod is not None:
            self._ephemeral(pod)
        for claim in claims_of(change.before) if pod is None and change.before is not None else ():
            self._let_go(namespace, claim)

    def _claim_changed(self, change: Changed) -> None:
        namespace, name = change.key
        claim = change.after or change.before or {}
        if change.before is None:
            self._node.timeline.start(claim["metadata"]["uid"], self._bound(claim), after=_BINDING)
        self._let_go(namespace, name)
        if change.after is None:
            self._node.timeline.stop(claim["metadata"]["uid"])
            self._reclaim(text(claim["spec"].get("volumeName")))
            owners = objects(claim["metadata"].get("ownerReferences"))
            for pod in filter(None, (self._store.find(kinds.PODS, namespace, text(one.get("name"))) for one in owners)):
                self._ephemeral(pod)

    def _volume_changed(self, change: Changed) -> None:
        volume = self._store.find(kinds.PERSISTENT_VOLUMES, *change.key)
        if volume is None:
            return
        if mapping(volume.get("status")).get("phase") == "Pending":
            status = self._status("Available")
            self._store.replace(kinds.PERSISTENT_VOLUMES, {**volume, "status": status})
        elif volume["metadata"].get("deletionTimestamp") and volume["status"]["phase"] != "Bound":
            self._deletions.release(kinds.PERSISTENT_VOLUMES, volume, VOLUME_PROTECTION)

    def _ephemeral(self, pod: Json) -> None:
        """Make the claims of a pod's ephemeral volumes."""
        metadata = pod["metadata"]
        if metadata.get("deletionTimestamp") or mapping(pod.get("status")).get("phase") in ENDED:
            return
        for name, template in ephemeral_claims(pod).items():
            if self._store.find(kinds.CLAIMS, metadata["namespace"], name) is None:
                owner = {"apiVersion": "v1", "kind": "Pod", "name": metadata["name"], "uid": metadata["uid"]}
                held = {"ownerReferences": [{**owner, "controller": True, "blockOwnerDeletion": True}]}
                about = {**mapping(template.get("metadata")), "name": name, **held}
                body = {"metadata": about, "spec": template.get("spec")}
                self._store.add(kinds.CLAIMS, complete(self._store, kinds.CLAIMS, metadata["namespace"], body))

    def _let_go(self, namespace: str, name: str) -> None:
        """Let a claim go that is deleted and that no pod on a node uses."""
        claim = self._store.find(kinds.CLAIMS, namespace, name)
        if claim is None or not claim["metadata"].get("deletionTimestamp") or self._is_used(namespace, name):
            return
        self._deletions.release(kinds.CLAIMS, claim, PROTECTION)

    def _reclaim(self, name: str) -> None:
        """Take a volume away whose claim has gone, or leave it Released, as it was made to."""
        volume = self._store.find(kinds.PERSISTENT_VOLUMES, "", name)
        if volume is None or mapping(volume.get("status")).get("phase") != "Bound":
            return
        if volume["spec"].get("persistentVolumeReclaimPolicy") == "Delete":
            self._store.remove(kinds.PERSISTENT_VOLUMES, "", name)
        else:
            self._store.replace(kinds.PERSISTENT_VOLUMES, {**volume, "status": self._status("Released")})

    def _is_wanted(self, name: str, pod: Json) -> bool:
        """Whether a pod that could have the node waits for a claim."""
        return (
            name in claims_of(pod)
            and not pod["spec"].get("nodeName")
            and not unschedulable(self._store, self._node.usage.taken, pod)
        )

    def _wanted_by(self, namespace: str, name: str) -> bool:
        return any(name in claims_of(pod) for pod in self._store.list(kinds.PODS, namespace))

    def _is_used(self, namespace: str, name: str) -> bool:
        pods = self._store.list(kinds.PODS, namespace)
        return any(pod["spec"].get("nodeName") and name in claims_of(pod) for pod in pods)

    def _bound(self, claim: Json) -> Process:
        store, metadata = self._store, claim["metadata"]
        namespace, name = metadata["namespace"], text(mapping(claim.get("spec")).get("storageClassName"))
        if not name:
            self._tell(claim, NORMAL, "FailedBinding", _UNMATCHED)
            return
        if store.find(kinds.STORAGE_CLASSES, "", name) is None:
            self._tell(claim, WARNING, "ProvisioningFailed", f'storageclass.storage.k8s.io "{name}" not found')
            yield lambda: store.find(kinds.STORAGE_CLASSES, "", name) is not None
        storage_class = store.get(kinds.STORAGE_CLASSES, "", name)
        if storage_class.get("volumeBindingMode") == ON_FIRST_USE:
            self._tell(claim, NORMAL, "WaitForFirstConsumer", _UNUSED)
            yield lambda: any(self._is_wanted(metadata["name"], pod) for pod in store.list(kinds.PODS, namespace))
        if storage_class["provisioner"] != HOST_PATH:
            self._tell(claim, NORMAL, "ExternalProvisioning", _EXTERNAL.format(storage_class["provisioner"]))
            return
        current = store.find(kinds.CLAIMS, namespace, metadata["name"])
        if current is not None and current["metadata"]["uid"] == metadata["uid"]:
            self._provision(current, storage_class)

    def _provision(self, claim: Json, storage_class: Json) -> None:
        metadata, spec = claim["metadata"], claim["spec"]
        made = self._volume(claim, storage_class)
        self._store.add(kinds.PERSISTENT_VOLUMES, made)
        by = dict.fromkeys((f"volume.{part}kubernetes.io/storage-provisioner" for part in ("", "beta.")), HOST_PATH)
        annotations = {**mapping(metadata.get("annotations")), **_BOUND, **by}
        name = made["metadata"]["name"]
        granted = {"accessModes": spec.get("accessModes"), "capacity": made["spec"]["capacity"], "phase": "Bound"}
        if not self._wanted_by(metadata["namespace"], metadata["name"]):
            moment = times.seconds(self._node.timeline.now)
            granted["conditions"] = [{**_NOT_USED, "lastProbeTime": None, "lastTransitionTime": moment}]
        bound = {**claim, "metadata": {**metadata, "annotations": annotations}, "spec": {**spec, "volumeName": name}}
        self._store.replace(kinds.CLAIMS, {**bound, "status": granted})
        self._tell(claim, NORMAL, "ProvisioningSucceeded", f"Successfully provisioned volume {name} using {HOST_PATH}")

    def _volume(self, claim: Json, storage_class: Json) -> Json:
        metadata, spec = claim["metadata"], claim["spec"]
        keys = ("namespace", "name", "uid", "resourceVersion")
        reference = {"kind": "PersistentVolumeClaim", "apiVersion": "v1", **{key: metadata[key] for key in keys}}
        about: Json = {
            "name": f"pvc-{metadata['uid']}",
            "annotations": {
                "kubernetes.io/createdby": "hostpath-dynamic-provisioner",
                "pv.kubernetes.io/bound-by-controller": "yes",
                "pv.kubernetes.io/provisioned-by": HOST_PATH,
            },
            "finalizers": ["kubernetes.io/pv-controller", VOLUME_PROTECTION],
        }
        made = {
            "accessModes": spec.get("accessModes"),
            "capacity": {"storage": mapping(mapping(spec.get("resources")).get("requests")).get("storage")},
            "claimRef": reference,
            "hostPath": {"path": f"/tmp/hostpath_pv/{self._store.uid()}", "type": ""},  # noqa: S108  # what the real one makes
            "persistentVolumeReclaimPolicy": storage_class["reclaimPolicy"],
            "storageClassName": storage_class["metadata"]["name"],
            "volumeMode": spec["volumeMode"],
        }
        body = {"metadata": about, "spec": made, "status": self._status("Bound")}
        return self._store.completed(kinds.PERSISTENT_VOLUMES, "", body)

    def _status(self, phase: str) -> Json:
        return {"phase": phase, "lastPhaseTransitionTime": times.seconds(self._node.timeline.now)}

    def _tell(self, claim: Json, type_: str, reason: str, message: str) -> None:
        self._node.events.controller(claim, _COMPONENT, type_, reason, message)
