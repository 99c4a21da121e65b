"""A Pod that somebody wrote out; what is refused stands in tests/hostile.py too."""

from typing import Any

import pytest

from bot.core.errors import UsageError
from bot.core.manifests import Written, written_pod
from bot.core.names import PodName
from bot.core.resources import Json

SPEC: Json = {"containers": [{"name": "main", "image": "busybox"}]}


def tree(**metadata: Any) -> Json:
    """Return a Pod with this metadata beside its name."""
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", **metadata}, "spec": SPEC}


@pytest.mark.parametrize("metadata", [{}, {"namespace": "shop"}, {"labels": {"app": "web"}, "annotations": {"a": "b"}}])
def test_a_pod_is_taken_as_it_is(metadata: Json) -> None:
    """Everything that was written is kept."""
    assert written_pod(tree(**metadata), "shop") == Written(PodName("web"), tree(**metadata))


def test_what_the_server_writes_is_left_out() -> None:
    """A pod as kubectl shows it can be sent again, and what was left out is named."""
    shown = {
        **tree(uid="u", resourceVersion="1", creationTimestamp=None, managedFields=[]),
        "status": {"phase": "Failed"},
    }
    left_out = (
        "status", "metadata.uid", "metadata.resourceVersion", "metadata.creationTimestamp", "metadata.managedFields"
    )  # fmt: skip
    assert written_pod(shown, "shop") == Written(PodName("web"), tree(), left_out)


def test_unknown_keys_are_for_the_server_to_refuse() -> None:
    """A key that no Pod has is not dropped in silence: strict validation names it."""
    assert written_pod({**tree(), "colour": "red"}, "shop").pod["colour"] == "red"


def test_empty_lists_bind_to_nothing() -> None:
    """No owners and no finalizers are as good as none."""
    assert written_pod(tree(ownerReferences=[], finalizers=None), "shop").name == "web"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (tree(labels=["a"]), "metadata.labels is not a mapping"),
        (tree(annotations="a"), "metadata.annotations is not a mapping"),
        ({**tree(), "metadata": []}, "metadata is not a mapping"),
        (tree(name=5), "metadata.name is not text"),
        (tree(namespace=5), "the YAML is for namespace missing or no word, and this is shop"),
        (tree(namespace="a\x1bb"), "the YAML is for namespace missing or no word, and this is shop"),
        ({**tree(), "kind": ["Pod"]}, "the YAML's kind is missing or no word"),
        ({**tree(), "kind": "x" * 99}, f"the YAML's kind is “{'x' * 40}”"),
    ],
)
def test_other_shapes_are_refused(written: Json, said: str) -> None:
    """Whatever stands where text or a mapping belongs is told, cut and without hidden characters."""
    with pytest.raises(UsageError) as caught:
        written_pod(written, "shop")
    assert str(caught.value) == said
    assert caught.value.hint
