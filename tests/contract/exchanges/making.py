"""Pods as they are made: what is filled in, and bodies that are not taken."""

from bot.core.resources import Json
from tests.contract.exchanges.exchange import JSON, PAUSE, PODS, Exchange, Story, create, get, pod

_STRICT = {"fieldValidation": "Strict"}
_DRY = {"dryRun": "All", **_STRICT}
_PROBES: Json = {
    "livenessProbe": {"httpGet": {"port": 80}},
    "readinessProbe": {"tcpSocket": {"port": "web"}, "periodSeconds": 3},
    "startupProbe": {"exec": {"command": ["true"]}, "failureThreshold": 30},
}
_FULL = pod(
    "full",
    spec={
        "restartPolicy": "OnFailure",
        "initContainers": [
            {"name": "first", "image": "busybox:1.35", "resources": {"limits": {"memory": "8Mi"}}},
            {"name": "beside", "image": "busybox", "restartPolicy": "Always"},
        ],
        "volumes": [
            {"name": "scratch", "emptyDir": {}},
            {"name": "sized", "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
            {"name": "map", "configMap": {"name": "kube-root-ca.crt"}},
            {"name": "secret", "secret": {"secretName": "none", "optional": True}},
            {"name": "info", "downwardAPI": {"items": [{"path": "name", "fieldRef": {"fieldPath": "metadata.name"}}]}},
            {"name": "claim", "persistentVolumeClaim": {"claimName": "data"}},
            {"name": "host", "hostPath": {"path": "/srv"}},
        ],
        "tolerations": [{"key": "gpu", "operator": "Exists"}],
        "hostAliases": [{"ip": "127.0.0.1", "hostnames": ["me"]}],
    },
    ports=[{"containerPort": 80, "name": "web"}],
    env=[
        {"name": "PLAIN", "value": "x"},
        {"name": "NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        {"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}},
        {"name": "KEY", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}},
    ],
    resources={"limits": {"cpu": "500m", "memory": "64Mi"}, "requests": {"cpu": 0.1}},
    volumeMounts=[{"name": "scratch", "mountPath": "/scratch"}, {"name": "host", "mountPath": "/host"}],
    lifecycle={"preStop": {"httpGet": {"port": 80}}},
    **_PROBES,
)


def _made(what: str, body: object, **query: str) -> Exchange:
    return create(what, PODS, body, query={**_DRY, **query})


_MADE = Story(
    "defaults",
    (
        _made("a minimal pod", {"metadata": {"name": "web"}, "spec": {"containers": [{"name": "a", "image": "b"}]}}),
        _made("a pod with much of everything", _FULL),
        _made("a name that is generated", pod("", metadata={"generateName": "web-", "name": None})),
        _made("an image without a tag", pod(image="nginx")),
        _made("the tag latest", pod(image="reg.example.com:5000/nginx:latest")),
        _made("a digest", pod(image=f"nginx@sha256:{'0' * 64}")),
        _made("no token mounted", pod(spec={"automountServiceAccountToken": False})),
        _made("guaranteed", pod(resources={"limits": {"cpu": "100m", "memory": "8Mi"}})),
        _made("burstable", pod(resources={"requests": {"memory": "8Mi"}})),
        _made("quantities are written anew", pod(resources={"requests": {"cpu": "0.5", "memory": "1024Mi"}})),
        _made("host network", pod(spec={"hostNetwork": True}, ports=[{"containerPort": 80}])),
        _made("labels and annotations", pod(metadata={"labels": {"a/b": "c"}, "annotations": {"A/b": "c d"}})),
        _made("a deadline and an owner", pod(spec={"activeDeadlineSeconds": 60, "terminationGracePeriodSeconds": 0})),
        _made("fields that the server decides", pod(metadata={"uid": "x", "creationTimestamp": None, "generation": 7})),
        _made("a status is dropped", {**pod(), "status": {"phase": "Running"}}),
        create("made", PODS, pod(), query=_STRICT),
        get("nothing of the dry runs is there", PODS, query={"labelSelector": "a/b"}),
        create("a name that is taken", PODS, pod()),
        create("a name that is taken, as a dry run", PODS, pod(), query=_DRY),
        create("a namespace that is not there", "/api/v1/namespaces/none-$namespace/pods", pod()),
        create("the namespace of another", PODS, pod("other", metadata={"namespace": "default"})),
        create("a version before it is there", PODS, pod("other", metadata={"resourceVersion": "1"})),
        create("another kind", PODS, {**pod("other"), "kind": "Service"}),
        create("another version", PODS, {**pod("other"), "apiVersion": "v2"}),
        create("a group that is not there", PODS, {**pod("other"), "apiVersion": "podbot.io/v1"}),
        create("neither kind nor version", PODS, {"metadata": {"name": "bare"}, "spec": pod()["spec"]}, query=_DRY),
    ),
)
_BODIES = Story(
    "bodies",
    (
        create("no object", PODS, []),
        create("a word", PODS, "pod"),
        create("a kind that is a number", PODS, {"kind": 5}),
        create("no JSON", PODS, b"{"),
        create("nothing", PODS, None),
        create("another content type", PODS, b"x=1", content="application/x-www-form-urlencoded"),
        create("an answer that nobody can give", PODS, pod(), accept="image/png"),
        create("a misspelt field, strictly", PODS, pod(spec={"contaners": []}), query=_DRY),
        create("two misspelt fields", PODS, pod(spec={"a": 1}, imagePullPolice="Always"), query=_DRY),
        create("a misspelt field in a list", PODS, pod(ports=[{"port": 80}]), query=_DRY),
        create("a misspelt field by default", PODS, pod(spec={"contaners": []}), query={"dryRun": "All"}),
        create(
            "a misspelt field, ignored",
            PODS,
            pod(spec={"contaners": []}),
            query={"dryRun": "All", "fieldValidation": "Ignore"},
        ),
        create(
            "a field twice, strictly",
            PODS,
            b'{"metadata": {"name": "a", "name": "b"}, "spec": {"containers": []}}',
            content=JSON,
            query=_DRY,
        ),
        create("a level that is none", PODS, pod(), query={"fieldValidation": "Loose"}),
        create("a dry run of some", PODS, pod(), query={"dryRun": "Some"}),
        create("a list that is an object", PODS, pod(spec={"containers": {}})),
        create("a container that is a number", PODS, pod(spec={"containers": [5]})),
        create("an object that is a list", PODS, pod(spec=None) | {"spec": []}),
        create("a text that is a number", PODS, pod(image=5)),
        create("a number that is a text", PODS, pod(ports=[{"containerPort": "80"}])),
        create("a number with a fraction", PODS, pod(ports=[{"containerPort": 80.5}])),
        create("a truth that is a text", PODS, pod(tty="yes")),
        create("a label that is a number", PODS, pod(metadata={"labels": {"a": 1}})),
        create("a quantity that is none", PODS, pod(resources={"limits": {"cpu": "much"}})),
        create("an environment of numbers", PODS, pod(env=[{"name": "A", "value": 1}])),
        create("null where nothing is needed", PODS, pod(command=None, image=PAUSE), query=_DRY),
    ),
)
STORIES = (_MADE, _BODIES)
