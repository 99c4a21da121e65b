"""The fields that objects may have, as far as strict decoding needs them.

A type is written as in Go: a scalar, a struct's name, "[]" and "map[string]" before either; "any" is not looked into.
Source: https://github.com/kubernetes/api/blob/master/core/v1/types.go.
"""

from collections.abc import Mapping
from typing import Final

from bot.demo.cluster.object_schema import OBJECTS

# Struct to type to the fields of that type; the fields' names are the whole of the schema.
_WRITTEN: Mapping[str, Mapping[str, str]] = {
    "ObjectMeta": {
        "string": "name generateName namespace selfLink uid resourceVersion creationTimestamp deletionTimestamp",
        "int64": "generation deletionGracePeriodSeconds",
        "map[string]string": "labels annotations",
        "[]string": "finalizers",
        "any": "ownerReferences managedFields",
    },
    "Pod": {"string": "apiVersion kind", "ObjectMeta": "metadata", "PodSpec": "spec", "any": "status"},
    "PodSpec": {
        "string": "restartPolicy dnsPolicy serviceAccountName serviceAccount nodeName hostname subdomain schedulerName "
        "priorityClassName runtimeClassName preemptionPolicy hostnameOverride",
        "int64": "terminationGracePeriodSeconds activeDeadlineSeconds",
        "int32": "priority",
        "bool": "automountServiceAccountToken hostNetwork hostPID hostIPC hostUsers shareProcessNamespace "
        "enableServiceLinks setHostnameAsFQDN",
        "map[string]string": "nodeSelector",
        "[]Container": "containers initContainers ephemeralContainers",
        "[]Volume": "volumes",
        "[]LocalObjectReference": "imagePullSecrets",
        "PodSecurityContext": "securityContext",
        "any": "affinity tolerations hostAliases dnsConfig readinessGates overhead topologySpreadConstraints os "
        "schedulingGates resourceClaims resources schedulingGroup workloadRef",
    },
    "Container": {
        "string": "name image workingDir imagePullPolicy terminationMessagePath terminationMessagePolicy "
        "restartPolicy targetContainerName",
        "[]string": "command args",
        "bool": "stdin stdinOnce tty",
        "[]ContainerPort": "ports",
        "[]EnvVar": "env",
        "[]EnvFromSource": "envFrom",
        "[]VolumeMount": "volumeMounts",
        "ResourceRequirements": "resources",
        "SecurityContext": "securityContext",
        "Probe": "livenessProbe readinessProbe startupProbe",
        "any": "volumeDevices lifecycle resizePolicy restartPolicyRules",
    },
    "ContainerPort": {"string": "name hostIP protocol", "int32": "containerPort hostPort"},
    "EnvVar": {"string": "name value", "any": "valueFrom"},
    "EnvFromSource": {"string": "prefix", "ConfigMapEnvSource": "configMapRef", "SecretEnvSource": "secretRef"},
    "ConfigMapEnvSource": {"string": "name", "bool": "optional"},
    "SecretEnvSource": {"string": "name", "bool": "optional"},
    "LocalObjectReference": {"string": "name"},
    "VolumeMount": {
        "string": "name mountPath subPath subPathExpr mountPropagation recursiveReadOnly",
        "bool": "readOnly",
    },
    "ResourceRequirements": {"map[string]Quantity": "limits requests", "any": "claims"},
    "Probe": {
        "int32": "initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold",
        "int64": "terminationGracePeriodSeconds",
        "any": "exec httpGet tcpSocket grpc",
    },
    "SecurityContext": {
        "bool": "privileged runAsNonRoot readOnlyRootFilesystem allowPrivilegeEscalation",
        "int64": "runAsUser runAsGroup",
        "string": "procMount",
        "any": "capabilities seLinuxOptions windowsOptions seccompProfile appArmorProfile",
    },
    "PodSecurityContext": {
        "int64": "runAsUser runAsGroup fsGroup",
        "bool": "runAsNonRoot",
        "string": "fsGroupChangePolicy supplementalGroupsPolicy seLinuxChangePolicy",
        "any": "seLinuxOptions windowsOptions supplementalGroups sysctls seccompProfile appArmorProfile",
    },
    "Volume": {
        "string": "name",
        "EmptyDirVolumeSource": "emptyDir",
        "PersistentVolumeClaimVolumeSource": "persistentVolumeClaim",
        "any": "hostPath secret configMap projected downwardAPI nfs csi ephemeral image iscsi fc rbd cephfs glusterfs "
        "cinder gcePersistentDisk awsElasticBlockStore azureDisk azureFile vsphereVolume photonPersistentDisk scaleIO "
        "portworxVolume storageos quobyte flocker flexVolume gitRepo",
    },
    "EmptyDirVolumeSource": {"string": "medium", "Quantity": "sizeLimit"},
    "PersistentVolumeClaimVolumeSource": {"string": "claimName", "bool": "readOnly"},
    "Lease": {"string": "apiVersion kind", "ObjectMeta": "metadata", "LeaseSpec": "spec"},
    "LeaseSpec": {
        "string": "holderIdentity strategy preferredHolder",
        "MicroTime": "acquireTime renewTime",
        "int32": "leaseDurationSeconds leaseTransitions",
    },
    "PodMetrics": {"string": "apiVersion kind timestamp window", "ObjectMeta": "metadata", "any": "containers"},
    "Eviction": {"string": "apiVersion kind", "ObjectMeta": "metadata", "DeleteOptions": "deleteOptions"},
    "DeleteOptions": {
        "string": "apiVersion kind propagationPolicy",
        "int64": "gracePeriodSeconds",
        "bool": "orphanDependents ignoreStoreReadErrorWithClusterBreakingPotential",
        "[]string": "dryRun",
        "Preconditions": "preconditions",
    },
    "Preconditions": {"string": "uid resourceVersion"},
}
_OTHER = {
    "apiVersion": "string",
    "kind": "string",
    "metadata": "ObjectMeta",
    **dict.fromkeys(("spec", "status", "data", "binaryData", "stringData", "type", "immutable"), "any"),
    **dict.fromkeys(("rules", "aggregationRule", "roleRef", "subjects", "template", "secrets"), "any"),
    **dict.fromkeys(("automountServiceAccountToken", "imagePullSecrets", "involvedObject", "reason"), "any"),
    **dict.fromkeys(("message", "source", "firstTimestamp", "lastTimestamp", "count", "eventTime"), "any"),
    **dict.fromkeys(("provisioner", "parameters", "reclaimPolicy", "mountOptions", "allowedTopologies"), "any"),
    **dict.fromkeys(("allowVolumeExpansion", "volumeBindingMode"), "any"),
    **dict.fromkeys(("series", "action", "related", "reportingComponent", "reportingInstance"), "any"),
}
STRUCTS: Final[Mapping[str, Mapping[str, str]]] = {
    struct: {field: type_ for type_, fields in types.items() for field in fields.split()}
    for struct, types in {**_WRITTEN, **OBJECTS}.items()
}


def fields_of(struct: str) -> Mapping[str, str]:
    """Return a struct's fields and their types; a kind that is not written out here may have what any kind has."""
    return STRUCTS.get(struct, _OTHER)
