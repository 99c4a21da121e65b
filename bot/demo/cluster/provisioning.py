"""Claims and their volumes: what a new claim is given, who waits for whom, and what goes with what.

The provisioner makes paths of the node, as kube-controller-manager does with --enable-hostpath-provisioner.
Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/volume/persistentvolume/pv_controller.go.
"""

from typing import Final

from bot.core.reading import mapping, objects, text
from bot.core.resources import Json
from bot.demo.cluster import kinds, times
from bot.demo.cluster.events import NORMAL, WARNING
from bot.demo.cluster.node import Node
from bot.demo.cluster.scheduling import ENDED, ON_FIRST_USE, claims_of, ephemeral_claims, unschedulable
from bot.demo.cluster.timeline import Process

HOST_PATH: Final = "kubernetes.io/host-path"
_BINDING = 0.5  # seconds
_COMPONENT = "persistentvolume-controller"
_DEFAULT = "storageclass.kubernetes.io/is-default-class"
_UNMATCHED = "no persistent volumes available for this claim and no storage class is set"
_UNUSED = "waiting for first consumer to be created before binding"
_EXTERNAL = (
    "Waiting for a volume to be created either by the external provisioner '{}' or manually by the system "
    "administrator. If volume creation is delayed, please verify that the provisioner is running and correctly "
    "registered."
)
_BOUND = {"pv.kubernetes.io/bind-completed": "yes", "pv.kubernetes.io/bound-by-controller": "yes"}


class Provisioner:
    """Binds claims to volumes that it makes, and takes both away when their time has come."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._store = node.store

    def completed(self, namespace: str, body: Json) -> Json:
        """Return a new claim with everything that the server and its admission fill in."""
        claim = self._store.completed(kinds.CLAIMS, namespace, body)
        spec = {"volumeMode": "Filesystem", **mapping(claim.get("spec"))}
        if spec.get("storageClassName") is None and (name := self._default_class()):
            spec["storageClassName"] = name
        metadata = {**claim["metadata"], "finalizers": ["kubernetes.io/pvc-protection"]}
        return {**claim, "metadata": metadata, "spec": spec, "status": {"phase": "Pending"}}

    def begin(self, claim: Json) -> None:
        """Look after a claim from now on."""
        self._node.timeline.start(claim["metadata"]["uid"], self._bound(claim), after=_BINDING)

    def delete(self, claim: Json) -> Json:
        """Mark a claim as deleted; it goes when no pod on a node uses it."""
        moment = times.seconds(self._node.timeline.now)
        marked = {"deletionTimestamp": moment, "deletionGracePeriodSeconds": 0, **claim["metadata"]}
        return self._store.replace(kinds.CLAIMS, {**claim, "metadata": marked})

    def reconcile(self) -> None:
        """Make the claims of ephemeral volumes; let go what nothing holds any more."""
        pods = self._store.list(kinds.PODS)
        for pod in pods:
            self._ephemeral(pod)
        alive = {pod["metadata"]["uid"] for pod in pods}
        for claim in self._store.list(kinds.CLAIMS):
            self._collect(claim, alive)
        claims = {claim["metadata"]["uid"] for claim in self._store.list(kinds.CLAIMS)}
        for volume in self._store.list(kinds.PERSISTENT_VOLUMES):
            self._reclaim(volume, claims)

    def _ephemeral(self, pod: Json) -> None:
        metadata = pod["metadata"]
        if metadata.get("deletionTimestamp") or mapping(pod.get("status")).get("phase") in ENDED:
            return
        for name, template in ephemeral_claims(pod).items():
            if self._store.find(kinds.CLAIMS, metadata["namespace"], name) is None:
                owner = {"apiVersion": "v1", "kind": "Pod", "name": metadata["name"], "uid": metadata["uid"]}
                held = {"ownerReferences": [{**owner, "controller": True, "blockOwnerDeletion": True}]}
                about = {**mapping(template.get("metadata")), "name": name, **held}
                body = {"metadata": about, "spec": template.get("spec")}
                self.begin(self._store.add(kinds.CLAIMS, self.completed(metadata["namespace"], body)))

    def _collect(self, claim: Json, pods: set[str]) -> None:
        metadata = claim["metadata"]
        owners = [one["uid"] for one in objects(metadata.get("ownerReferences")) if one.get("kind") == "Pod"]
        if owners and not pods.intersection(owners) and not metadata.get("deletionTimestamp"):
            claim = self.delete(claim)
        if claim["metadata"].get("deletionTimestamp") and not self._is_used(metadata["namespace"], metadata["name"]):
            self._store.remove(kinds.CLAIMS, metadata["namespace"], metadata["name"])
            self._node.timeline.stop(metadata["uid"])

    def _reclaim(self, volume: Json, claims: set[str]) -> None:
        spec, status = mapping(volume.get("spec")), mapping(volume.get("status"))
        held = text(mapping(spec.get("claimRef")).get("uid"))
        if not held or held in claims or status.get("phase") != "Bound":
            return
        if spec.get("persistentVolumeReclaimPolicy") == "Delete":
            self._store.remove(kinds.PERSISTENT_VOLUMES, "", volume["metadata"]["name"])
        else:
            self._store.replace(kinds.PERSISTENT_VOLUMES, {**volume, "status": self._status("Released")})

    def _is_wanted(self, name: str, pod: Json) -> bool:
        """Whether a pod that could have the node waits for a claim."""
        return name in claims_of(pod) and not pod["spec"].get("nodeName") and not unschedulable(self._store, pod)

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
            "finalizers": ["kubernetes.io/pv-controller", "kubernetes.io/pv-protection"],
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

    def _default_class(self) -> str:
        for storage_class in self._store.list(kinds.STORAGE_CLASSES):
            if mapping(storage_class["metadata"].get("annotations")).get(_DEFAULT) == "true":
                return text(storage_class["metadata"]["name"])
        return ""

    def _tell(self, claim: Json, type_: str, reason: str, message: str) -> None:
        self._node.events.controller(claim, _COMPONENT, type_, reason, message)
