"""Objects that the API server can read and refuses."""

import pytest

from bot.core.resources import Json
from tests.demo.cluster.bench import PODS, Bench, pod

_LABEL = "a lowercase RFC 1123 label must consist of"
_SUBDOMAIN = "a lowercase RFC 1123 subdomain must consist of"


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"name": "Upper"}, f'Pod "Upper" is invalid: metadata.name: Invalid value: "Upper": {_SUBDOMAIN}'),
        ({"name": "ä"}, f'Pod "ä" is invalid: metadata.name: Invalid value: "ä": {_SUBDOMAIN}'),
        ({"name": "x" * 254}, 'x": must be no more than 253 characters'),
        ({"name": ""}, "metadata.name: Required value: name or generateName is required"),
        ({"labels": {"a b": "c"}}, 'metadata.labels: Invalid value: "a b": name part must consist of'),
        ({"labels": {"a": "-"}}, 'metadata.labels: Invalid value: "-": a valid label must be an empty string or'),
        ({"annotations": {"a b": "c"}}, 'metadata.annotations: Invalid value: "a b": name part must consist of'),
    ],
)
def test_metadata(bench: Bench, metadata: Json, message: str) -> None:
    """A name, a label or an annotation that breaks the rules is Invalid."""
    code, told = bench.says("POST", PODS, pod("web", metadata=metadata))
    assert code == 422
    assert message in told


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"containers": []}, "spec.containers: Required value"),
        ({"containers": [{"name": "A_b"}]}, f'spec.containers[0].name: Invalid value: "A_b": {_LABEL}'),
        ({"containers": [{"image": "x"}]}, "spec.containers[0].name: Required value"),
        ({"containers": [{"name": "a"}]}, "spec.containers[0].image: Required value"),
        ({"initContainers": [{"name": "main", "image": "x"}]}, 'spec.initContainers[0].name: Duplicate value: "main"'),
        (
            {"restartPolicy": "Foo"},
            'spec.restartPolicy: Unsupported value: "Foo": supported values: "Always", "OnFailure", "Never"',
        ),
        (
            {"activeDeadlineSeconds": 0},
            "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
        ),
        ({"volumes": [{"name": "A"}]}, f'spec.volumes[0].name: Invalid value: "A": {_LABEL}'),
        (
            {"volumes": [{"name": "a", "persistentVolumeClaim": {"claimName": ""}}]},
            "spec.volumes[0].persistentVolumeClaim.claimName: Required value",
        ),
    ],
)
def test_pods(bench: Bench, spec: Json, message: str) -> None:
    """A pod that breaks a rule is Invalid, and the field is named."""
    code, told = bench.says("POST", PODS, pod("web", spec=spec))
    assert code == 422
    assert message in told


@pytest.mark.parametrize(
    ("container", "message"),
    [
        (
            {"resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}},
            'resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
        ),
        ({"imagePullPolicy": "Foo"}, 'imagePullPolicy: Unsupported value: "Foo": supported values: "Always"'),
        ({"volumeMounts": [{"name": "z", "mountPath": "/x"}]}, 'volumeMounts[0].name: Not found: "z"'),
        ({"volumeMounts": [{"name": "z", "mountPath": ""}]}, "volumeMounts[0].mountPath: Required value"),
        (
            {"volumeMounts": [{"name": "z", "mountPath": "/x"}] * 2},
            'volumeMounts[1].mountPath: Invalid value: "/x": must be unique',
        ),
        (
            {"ports": [{"containerPort": 0}]},
            "ports[0].containerPort: Required value",
        ),
    ],
)
def test_containers(bench: Bench, container: Json, message: str) -> None:
    """A container that breaks a rule is Invalid, and the field is named."""
    code, told = bench.says("POST", PODS, pod("web", **container))
    assert code == 422
    assert f"spec.containers[0].{message}" in told


def test_every_cause_is_named(bench: Bench) -> None:
    """Of several causes each is named, in the message and in the details."""
    given = bench.ask("POST", PODS, pod("Upper", spec={"containers": []})).json()
    assert given["message"].startswith('Pod "Upper" is invalid: [metadata.name: Invalid value')
    assert given["message"].endswith("spec.containers: Required value]")
    assert [cause["field"] for cause in given["details"]["causes"]] == ["metadata.name", "spec.containers"]


def test_names_of_other_kinds(bench: Bench) -> None:
    """A namespace's name is a label; a role's may have a colon."""
    code, message = bench.says("POST", "/api/v1/namespaces", {"metadata": {"name": "a.b"}})
    assert (code, "must not contain dots" in message) == (422, True)
    roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
    bench.create(roles, {"metadata": {"name": "podbot:tier:viewer"}, "rules": []})
