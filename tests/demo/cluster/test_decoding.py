"""Bodies that the API server can't read, or reads under protest."""

from typing import Any

import pytest

from bot.core.resources import Json
from tests.demo.cluster.bench import PODS, Bench, pod

_STRICT = {"fieldValidation": "Strict"}
_TITLE = 'Pod in version "v1" cannot be handled as a Pod: '


def test_unknown_fields(bench: Bench) -> None:
    """Strict validation names every unknown field; without it they are dropped."""
    body = pod("web", imagee="x", resources={"limit": {}})
    body["spec"] |= {"contaners": []}
    fields = ('"spec.containers[0].imagee"', '"spec.containers[0].resources.limit"', '"spec.contaners"')
    told = "strict decoding error: " + ", ".join(f"unknown field {field}" for field in fields)
    assert bench.says("POST", PODS, body, query=_STRICT) == (400, _TITLE + told)
    assert "contaners" not in bench.create(PODS, body)["spec"]


def test_unknown_fields_of_a_lease(bench: Bench) -> None:
    """A Lease's fields are known too."""
    path = "/apis/coordination.k8s.io/v1/namespaces/shop/leases"
    code, message = bench.says("POST", path, {"metadata": {"name": "x"}, "spec": {"foo": 1}}, query=_STRICT)
    assert code == 400
    assert (
        message == 'Lease in version "v1" cannot be handled as a Lease: strict decoding error: unknown field "spec.foo"'
    )


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"hostNetwork": "x"}, "string into Go struct field PodSpec.spec.hostNetwork of type bool"),
        (
            {"activeDeadlineSeconds": "x"},
            "string into Go struct field PodSpec.spec.activeDeadlineSeconds of type int64",
        ),
        ({"activeDeadlineSeconds": True}, "bool into Go struct field PodSpec.spec.activeDeadlineSeconds of type int64"),
        ({"containers": {}}, "object into Go struct field PodSpec.spec.containers of type []v1.Container"),
        ({"containers": [1]}, "number into Go struct field PodSpec.spec.containers of type v1.Container"),
        ({"nodeSelector": []}, "array into Go struct field PodSpec.spec.nodeSelector of type map[string]string"),
        ({"containers": [{"image": 1}]}, "number into Go struct field Container.spec.containers.image of type string"),
    ],
)
def test_values_of_another_type(bench: Bench, spec: Json, message: str) -> None:
    """A value of another type names its struct, its path and the type that it should have."""
    wanted = f"{_TITLE}json: cannot unmarshal {message}"
    assert bench.says("POST", PODS, pod("web", spec=spec)) == (400, wanted)


@pytest.mark.parametrize("value", ["x", "1 Gi", "NaN", "inf", "1_000", True, [], ""])
def test_quantities_that_are_none(bench: Bench, value: Any) -> None:
    """A quantity must be one."""
    code, message = bench.says("POST", PODS, pod("web", resources={"requests": {"cpu": value}}))
    assert code == 400
    assert message.startswith(f"{_TITLE}quantities must match the regular expression")


def test_nulls_are_nothing(bench: Bench) -> None:
    """A null is as if the field were not there."""
    made = bench.create(PODS, pod("web", spec={"hostNetwork": None, "volumes": None}, env=None))
    assert "hostNetwork" not in made["spec"]
    assert "env" not in made["spec"]["containers"][0]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"junk", "the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse"),
        (b"[]", "the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse"),
        ({"kind": "Service", "apiVersion": "v1"}, 'Service in version "v1" cannot be handled as a Pod'),
    ],
)
def test_bodies_that_are_no_pod(bench: Bench, body: Any, message: str) -> None:
    """A body that is no pod is refused."""
    code, told = bench.says("POST", PODS, body)
    assert (code, told.startswith(message)) == (400, True)


def test_options_that_are_none(bench: Bench) -> None:
    """Unknown levels of validation and dry runs are Invalid."""
    code, message = bench.says("POST", PODS, pod("web"), query={"fieldValidation": "Foo"})
    levels = '"", "Ignore", "Strict", "Warn"'
    wanted = f'fieldValidation: Unsupported value: "Foo": supported values: {levels}'
    assert (code, message) == (422, f'CreateOptions.meta.k8s.io "" is invalid: {wanted}')
    code, message = bench.says("POST", PODS, pod("web"), query={"dryRun": "x"})
    assert (code, message.endswith('dryRun: Unsupported value: ["x"]: supported values: "All"')) == (422, True)
