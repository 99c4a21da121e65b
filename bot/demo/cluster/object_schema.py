"""The fields of what is not a pod; the types are those of `schema`.

Source: https://kubernetes.io/docs/reference/kubernetes-api/.
"""

from collections.abc import Mapping
from typing import Final

_OWN: Final[Mapping[str, str]] = {"string": "apiVersion kind", "ObjectMeta": "metadata"}

OBJECTS: Final[Mapping[str, Mapping[str, str]]] = {
    "ConfigMap": {**_OWN, "map[string]string": "data binaryData", "bool": "immutable"},
    "Secret": {
        "string": "apiVersion kind type",
        "ObjectMeta": "metadata",
        "map[string]string": "data stringData",
        "bool": "immutable",
    },
    "Namespace": {**_OWN, "NamespaceSpec": "spec", "any": "status"},
    "NamespaceSpec": {"[]string": "finalizers"},
    "ServiceAccount": {
        **_OWN,
        "any": "secrets",
        "[]LocalObjectReference": "imagePullSecrets",
        "bool": "automountServiceAccountToken",
    },
    "PodTemplate": {**_OWN, "PodTemplateSpec": "template"},
    "PodTemplateSpec": {"ObjectMeta": "metadata", "PodSpec": "spec"},
    "ReplicaSet": {**_OWN, "ReplicaSetSpec": "spec", "any": "status"},
    "ReplicaSetSpec": {
        "int32": "replicas minReadySeconds",
        "LabelSelector": "selector",
        "PodTemplateSpec": "template",
    },
    "LabelSelector": {
        "map[string]string": "matchLabels",
        "[]LabelSelectorRequirement": "matchExpressions",
    },
    "LabelSelectorRequirement": {"string": "key operator", "[]string": "values"},
    "Service": {**_OWN, "ServiceSpec": "spec", "any": "status"},
    "ServiceSpec": {
        "[]ServicePort": "ports",
        "map[string]string": "selector",
        "string": "clusterIP type sessionAffinity loadBalancerIP externalTrafficPolicy externalName ipFamilyPolicy "
        "loadBalancerClass internalTrafficPolicy trafficDistribution",
        "[]string": "clusterIPs externalIPs loadBalancerSourceRanges ipFamilies",
        "int32": "healthCheckNodePort",
        "bool": "publishNotReadyAddresses allocateLoadBalancerNodePorts",
        "any": "sessionAffinityConfig",
    },
    "ServicePort": {"string": "name protocol appProtocol", "int32": "port nodePort", "any": "targetPort"},
    "PersistentVolumeClaim": {**_OWN, "PersistentVolumeClaimSpec": "spec", "any": "status"},
    "PersistentVolumeClaimSpec": {
        "[]string": "accessModes",
        "LabelSelector": "selector",
        "VolumeResourceRequirements": "resources",
        "string": "volumeName storageClassName volumeMode volumeAttributesClassName",
        "any": "dataSource dataSourceRef",
    },
    "VolumeResourceRequirements": {"map[string]Quantity": "limits requests"},
    "PersistentVolume": {**_OWN, "PersistentVolumeSpec": "spec", "any": "status"},
    "PersistentVolumeSpec": {
        "map[string]Quantity": "capacity",
        "[]string": "accessModes mountOptions",
        "string": "persistentVolumeReclaimPolicy storageClassName volumeMode volumeAttributesClassName",
        "any": "claimRef nodeAffinity hostPath nfs csi local iscsi fc rbd cephfs glusterfs cinder gcePersistentDisk "
        "awsElasticBlockStore azureDisk azureFile vsphereVolume photonPersistentDisk scaleIO portworxVolume storageos "
        "quobyte flocker flexVolume",
    },
    "StorageClass": {
        "string": "apiVersion kind provisioner reclaimPolicy volumeBindingMode",
        "ObjectMeta": "metadata",
        "map[string]string": "parameters",
        "[]string": "mountOptions",
        "bool": "allowVolumeExpansion",
        "any": "allowedTopologies",
    },
    "ResourceQuota": {**_OWN, "ResourceQuotaSpec": "spec", "any": "status"},
    "ResourceQuotaSpec": {"map[string]Quantity": "hard", "[]string": "scopes", "any": "scopeSelector"},
    "LimitRange": {**_OWN, "LimitRangeSpec": "spec"},
    "LimitRangeSpec": {"[]LimitRangeItem": "limits"},
    "LimitRangeItem": {
        "string": "type",
        "map[string]Quantity": "max min default defaultRequest maxLimitRequestRatio",
    },
    "Event": {
        "string": "apiVersion kind reason message firstTimestamp lastTimestamp type eventTime action "
        "reportingComponent reportingInstance",
        "ObjectMeta": "metadata",
        "ObjectReference": "involvedObject related",
        "EventSource": "source",
        "int32": "count",
        "any": "series",
    },
    "ObjectReference": {"string": "kind namespace name uid apiVersion resourceVersion fieldPath"},
    "EventSource": {"string": "component host"},
    "SelfSubjectReview": {**_OWN, "any": "status"},
    "SelfSubjectAccessReview": {**_OWN, "SelfSubjectAccessReviewSpec": "spec", "any": "status"},
    "SelfSubjectAccessReviewSpec": {
        "ResourceAttributes": "resourceAttributes",
        "NonResourceAttributes": "nonResourceAttributes",
    },
    "ResourceAttributes": {
        "string": "namespace verb group version resource subresource name",
        "any": "fieldSelector labelSelector",
    },
    "NonResourceAttributes": {"string": "path verb"},
    "SelfSubjectRulesReview": {**_OWN, "SelfSubjectRulesReviewSpec": "spec", "any": "status"},
    "SelfSubjectRulesReviewSpec": {"string": "namespace"},
    "TokenRequest": {**_OWN, "TokenRequestSpec": "spec", "any": "status"},
    "TokenRequestSpec": {"[]string": "audiences", "int64": "expirationSeconds", "any": "boundObjectRef"},
}
