"""Requests as the API server reads them."""

import pytest

from bot.core.wire import Request
from bot.demo.cluster.asked import read

_PODS = "/api/v1/namespaces/shop/pods"


@pytest.mark.parametrize(
    ("method", "path", "query", "read_as"),
    [
        ("GET", _PODS, (), ("list", "", "pods", "", "shop", "")),
        ("GET", _PODS, (("watch", "true"),), ("watch", "", "pods", "", "shop", "")),
        ("GET", _PODS, (("fieldSelector", "metadata.name=web"),), ("list", "", "pods", "", "shop", "web")),
        ("GET", f"{_PODS}/web/log", (), ("get", "", "pods", "log", "shop", "web")),
        ("DELETE", _PODS, (), ("deletecollection", "", "pods", "", "shop", "")),
        ("DELETE", f"{_PODS}/web", (), ("delete", "", "pods", "", "shop", "web")),
        ("GET", "/api/v1/namespaces/shop", (), ("get", "", "namespaces", "", "shop", "shop")),
        ("GET", "/apis/apps/v1/replicasets", (), ("list", "apps", "replicasets", "", "", "")),
        ("PUT", f"{_PODS}/web", (), ("update", "", "pods", "", "shop", "web")),
        ("GET", "/version", (), ("get", "", "", "", "", "")),
    ],
)
def test_what_is_asked_for(
    method: str, path: str, query: tuple[tuple[str, str], ...], read_as: tuple[str, str, str, str, str, str]
) -> None:
    """Verb, group, resource, subresource, namespace and name follow from method, path and query."""
    asked = read(Request(method, path, query))
    assert (asked.verb, asked.group, asked.resource, asked.subresource, asked.namespace, asked.name) == read_as
