"""Paths of checked segments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BadName
from bot.core.resources import PODS, REPLICASETS, Resource
from bot.kube.paths import collection, item

BAD = ["", ".", "..", "../x", "%2e%2e", "%252e", "a/b", "a\\b", "a\nb", "a b", "A", "ä", "a?b", "a#b", "a" * 254]


def test_collections() -> None:
    """The core group lives under /api, the others under /apis, and cluster-scoped kinds in no namespace."""
    assert collection(PODS, "shop") == "/api/v1/namespaces/shop/pods"
    assert collection(REPLICASETS, "shop") == "/apis/apps/v1/namespaces/shop/replicasets"
    classes = Resource("storage.k8s.io", "v1beta1", "storageclasses", namespaced=False)
    assert collection(classes, "ignored") == "/apis/storage.k8s.io/v1beta1/storageclasses"


def test_items() -> None:
    """A name and a subresource follow the collection."""
    assert item(PODS, "shop", "web-1.a") == "/api/v1/namespaces/shop/pods/web-1.a"
    assert item(PODS, "shop", "web", "log") == "/api/v1/namespaces/shop/pods/web/log"


@pytest.mark.parametrize("bad", BAD)
def test_bad_names(bad: str) -> None:
    """A name that is no RFC 1123 subdomain makes no path."""
    with pytest.raises(BadName, match="is not a name"):
        item(PODS, "shop", bad)


@pytest.mark.parametrize("bad", [*BAD, "a.b", "a" * 64])
def test_bad_namespaces(bad: str) -> None:
    """A namespace that is no RFC 1123 label makes no path."""
    with pytest.raises(BadName, match="is not a namespace"):
        collection(PODS, bad)


@pytest.mark.parametrize(
    "resource", [Resource("", "../v1", "pods"), Resource("a/b", "v1", "pods"), Resource("", "v1", "pods/log")]
)
def test_bad_resources(resource: Resource) -> None:
    """A kind whose parts are no segments makes no path."""
    with pytest.raises(BadName):
        collection(resource, "shop")


def test_a_bad_subresource() -> None:
    """A subresource is one segment."""
    with pytest.raises(BadName, match="is not a subresource"):
        item(PODS, "shop", "web", "proxy/..")


@given(st.text())
def test_any_text_is_one_segment_or_refused(name: str) -> None:
    """No text at all changes the number of a path's segments."""
    try:
        path = item(PODS, "shop", name)
    except BadName:
        return
    assert path.split("/") == ["", "api", "v1", "namespaces", "shop", "pods", name]
