"""Limit ranges, where an exchange with the real cluster does not reach."""

from typing import Any

import pytest

from bot.core.resources import Json
from tests.demo.cluster.bench import PODS, Bench, claim, pod

RANGES = "/api/v1/namespaces/shop/limitranges"


def limited(bench: Bench, name: str, **limit: Any) -> None:
    """Create a limit range of one limit."""
    bench.create(RANGES, {"metadata": {"name": name}, "spec": {"limits": [limit]}})


def test_init_containers_are_given_as_much(bench: Bench) -> None:
    """Every container is given what it does not say, and the annotation tells of each."""
    limited(bench, "sizes", type="Container", default={"memory": "64Mi"})
    init: Json = {"initContainers": [{"name": "first", "image": "busybox:1.35"}]}
    made = bench.create(PODS, pod("web", spec=init))
    assert made["spec"]["initContainers"][0]["resources"]["limits"] == {"memory": "64Mi"}
    assert made["metadata"]["annotations"]["kubernetes.io/limit-ranger"] == (
        "LimitRanger plugin set: memory request for init container first; memory limit for init container first; "
        "memory request for container main; memory limit for container main"
    )


@pytest.mark.parametrize(
    ("limit", "resources", "why"),
    [
        ({"min": {"cpu": "1"}, "type": "Pod"}, {}, "minimum cpu usage per Pod is 1.  No request is specified"),
        ({"max": {"cpu": "1"}, "type": "Pod"}, {}, "maximum cpu usage per Pod is 1.  No limit is specified"),
        (
            {"max": {"cpu": "1"}, "type": "Pod"},
            {"requests": {"cpu": "2"}, "limits": {"cpu": "2"}},
            "maximum cpu usage per Pod is 1, but limit is 2",
        ),
        (
            {"maxLimitRequestRatio": {"cpu": "2"}, "type": "Pod"},
            {},
            "cpu max limit to request ratio per Pod is 2, but no request is specified or request is 0",
        ),
        (
            {"maxLimitRequestRatio": {"cpu": "2"}, "type": "Pod"},
            {"requests": {"cpu": "1"}},
            "cpu max limit to request ratio per Pod is 2, but no limit is specified or limit is 0",
        ),
    ],
)
def test_what_is_not_said(bench: Bench, limit: Json, resources: Json, why: str) -> None:
    """What a limit asks for and a pod does not say is refused."""
    limited(bench, "sizes", **limit)
    code, message = bench.says("POST", PODS, pod("web", resources=resources))
    assert (code, message) == (403, f'pods "web" is forbidden: {why}')


def test_claims_and_pods_are_limited_apart(bench: Bench) -> None:
    """A limit of claims says nothing about pods."""
    limited(bench, "claims", type="PersistentVolumeClaim", max={"storage": "1Mi"})
    bench.pod("web")
    code, message = bench.says("POST", "/api/v1/namespaces/shop/persistentvolumeclaims", claim("data"))
    assert (code, "maximum storage usage per PersistentVolumeClaim is 1Mi" in message) == (403, True)
