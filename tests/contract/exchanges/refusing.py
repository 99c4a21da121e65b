"""Pods that break a rule, each refused in the server's words."""

from typing import Any

from bot.core.resources import Json
from tests.contract.exchanges.exchange import PODS, Exchange, Story, create, pod

_MAIN = {"name": "main", "image": "a"}


def _refused(what: str, body: Json) -> Exchange:
    return create(what, PODS, body, query={"dryRun": "All"})


def _spec(what: str, **spec: Any) -> Exchange:
    return _refused(what, pod(spec=spec))


def _container(what: str, **container: Any) -> Exchange:
    return _refused(what, pod(**container))


def _named(what: str, **metadata: Any) -> Exchange:
    return _refused(what, pod(metadata=metadata))


_METADATA = Story(
    "metadata",
    (
        _named("capitals in a name", name="Web"),
        _named("a name of dots", name="a..b"),
        _named("a name that is too long", name="a" * 254),
        _named("no name", name=None),
        create(
            "a bad name to generate from",
            PODS,
            pod(metadata={"name": None, "generateName": "Web-"}),
            stripped=("message", "details"),
        ),
        _named("a bad label key", labels={"a b": "c"}),
        _named("a bad label prefix", labels={"A_/b": "c"}),
        _named("a label with two slashes", labels={"a/b/c": "d"}),
        _named("an empty label key", labels={"": "c"}),
        _named("a bad label value", labels={"a": "b c"}),
        _named("a label value that is too long", labels={"a": "b" * 64}),
        _named("a bad annotation key", annotations={"a b": "c"}),
        _named("annotations that are too large", annotations={"a": "b" * 262145}),
        _named("a bad finalizer", finalizers=["a b"]),
        _named("an owner without a name", ownerReferences=[{"apiVersion": "v1", "kind": "Pod", "uid": "x"}]),
    ),
)
_SPEC = Story(
    "spec",
    (
        _spec("no containers", containers=[]),
        _refused("no spec", {"metadata": {"name": "a"}}),
        _spec("two of one name", containers=[_MAIN, _MAIN]),
        _spec("an init container of the same name", initContainers=[_MAIN]),
        _spec("a restart policy that is none", restartPolicy="Sometimes"),
        _spec("a DNS policy that is none", dnsPolicy="Mine"),
        _spec("no deadline at all", activeDeadlineSeconds=0),
        _spec("a grace period below nothing", terminationGracePeriodSeconds=-1),
        _spec("an ephemeral container", ephemeralContainers=[_MAIN]),
        _spec("a bad node", nodeName="No de"),
        _spec("a bad node selector", nodeSelector={"a b": "c"}),
        _spec("a toleration without an operator", tolerations=[{"key": "a", "operator": "Like"}]),
        _spec("an account that is not there", serviceAccountName="none"),
        _spec("a priority that is not there", priorityClassName="none"),
        _spec("a host name with capitals", hostname="Web"),
        _spec("a restart policy of one container", initContainers=[{**_MAIN, "name": "b", "restartPolicy": "No"}]),
        _spec("several at once", restartPolicy="x", containers=[{"name": "A"}]),
        _spec("a user below nothing", securityContext={"runAsUser": -1}),
        _spec("the host's processes, and shared ones", hostPID=True, shareProcessNamespace=True),
    ),
)
_VOLUMES = Story(
    "volumes",
    (
        _spec("a volume without a name", volumes=[{"emptyDir": {}}]),
        _spec("a volume with a bad name", volumes=[{"name": "A", "emptyDir": {}}]),
        _spec("two volumes of one name", volumes=[{"name": "a", "emptyDir": {}}, {"name": "a", "emptyDir": {}}]),
        _spec("a volume of two kinds", volumes=[{"name": "a", "emptyDir": {}, "hostPath": {"path": "/"}}]),
        _spec("a volume of no kind", volumes=[{"name": "a"}]),
        _spec("a claim without a name", volumes=[{"name": "a", "persistentVolumeClaim": {}}]),
        _spec("a host path without a path", volumes=[{"name": "a", "hostPath": {}}]),
        _spec("a host path that goes up", volumes=[{"name": "a", "hostPath": {"path": "/a/../b"}}]),
        _spec("a Secret without a name", volumes=[{"name": "a", "secret": {}}]),
        _spec("a ConfigMap without a name", volumes=[{"name": "a", "configMap": {}}]),
        _container("a mount of no volume", volumeMounts=[{"name": "a", "mountPath": "/a"}]),
        _container("a mount without a name", volumeMounts=[{"mountPath": "/a"}]),
        _refused(
            "a mount without a path",
            pod(spec={"volumes": [{"name": "a", "emptyDir": {}}]}, volumeMounts=[{"name": "a"}]),
        ),
        _refused(
            "two mounts at one place",
            pod(
                spec={"volumes": [{"name": "a", "emptyDir": {}}]},
                volumeMounts=[{"name": "a", "mountPath": "/a"}, {"name": "a", "mountPath": "/a"}],
            ),
        ),
        _refused(
            "a sub-path that goes up",
            pod(
                spec={"volumes": [{"name": "a", "emptyDir": {}}]},
                volumeMounts=[{"name": "a", "mountPath": "/a", "subPath": "../b"}],
            ),
        ),
    ),
)
_CONTAINERS = Story(
    "containers",
    (
        _container("no image", image=""),
        _container("an image with a space", image=" a"),
        _spec("no container name", containers=[{"image": "a"}]),
        _spec("a container name with dots", containers=[{**_MAIN, "name": "a.b"}]),
        _container("a pull policy that is none", imagePullPolicy="Often"),
        _container("a port of 0", ports=[{"containerPort": 0}]),
        _container("a port of 70000", ports=[{"containerPort": 70000}]),
        _container("a protocol that is none", ports=[{"containerPort": 80, "protocol": "HTTP"}]),
        _container("a bad port name", ports=[{"containerPort": 80, "name": "Web"}]),
        _container(
            "two ports of one name", ports=[{"containerPort": 1, "name": "a"}, {"containerPort": 2, "name": "a"}]
        ),
        _container("an environment without a name", env=[{"value": "a"}]),
        _container("an environment with a bad name", env=[{"name": "a=b"}]),
        _container(
            "a value from two places", env=[{"name": "a", "value": "b", "valueFrom": {"fieldRef": {"fieldPath": "x"}}}]
        ),
        _container("a field that is none", env=[{"name": "a", "valueFrom": {"fieldRef": {"fieldPath": "spec.none"}}}]),
        _container("more asked than allowed", resources={"limits": {"cpu": "1"}, "requests": {"cpu": "2"}}),
        _container("less than nothing", resources={"requests": {"memory": "-1"}}),
        _container("an unknown resource", resources={"requests": {"apples": "1"}}),
        _container("a probe of nothing", livenessProbe={"periodSeconds": 5}),
        _container("a probe of two kinds", livenessProbe={"tcpSocket": {"port": 1}, "exec": {"command": ["a"]}}),
        _container("a probe without a command", livenessProbe={"exec": {}}),
        _container("a probe of port 0", readinessProbe={"httpGet": {"port": 0}}),
        _container(
            "a liveness that needs two successes", livenessProbe={"tcpSocket": {"port": 1}, "successThreshold": 2}
        ),
        _container("a message policy that is none", terminationMessagePolicy="Never"),
        _container(
            "privileged without escalation", securityContext={"privileged": True, "allowPrivilegeEscalation": False}
        ),
    ),
)
STORIES = (_METADATA, _SPEC, _VOLUMES, _CONTAINERS)
