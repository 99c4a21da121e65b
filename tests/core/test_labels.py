"""Label keys and values."""

import pytest

from bot.core.errors import UsageError
from bot.core.labels import is_reserved_label, label_key, label_value, labels, own_key


@pytest.mark.parametrize("key", ["app", "A.b_c-1", "app.kubernetes.io/name", "a" * 63, f"{'a' * 253}/x"])
def test_keys_that_kubernetes_takes(key: str) -> None:
    """A name of at most 63 characters passes, with a DNS prefix or without."""
    assert label_key(key) == key


@pytest.mark.parametrize(
    "key", ["", "/x", "x/", "a/b/c", "-a", "a-", "a b", "é", "a" * 64, f"{'a' * 254}/x", "A.io/x", "a\n"]
)
def test_keys_that_kubernetes_refuses(key: str) -> None:
    """A key of another form is refused."""
    with pytest.raises(UsageError, match="is not a label key"):
        label_key(key)


def test_values() -> None:
    """A value may be empty, has at most 63 characters, and begins and ends with a letter or digit."""
    assert [label_value(value) for value in ("", "v1.2_3-x", "a" * 63)] == ["", "v1.2_3-x", "a" * 63]
    for value in ("a" * 64, "-a", "a/b", "a b", "a\n"):
        with pytest.raises(UsageError, match="is not a label value"):
            label_value(value)


def test_labels_keep_their_order() -> None:
    """Pairs are read in the order they were typed, blanks around them dropped."""
    assert labels("tier=front, app=web,empty=") == (("tier", "front"), ("app", "web"), ("empty", ""))


@pytest.mark.parametrize("text", ["", "app", "app=web,", "app=web,app=api", "=x", "a=b=c", "app:web"])
def test_junk_is_refused(text: str) -> None:
    """A missing sign, an empty part, a label given twice and junk are refused with a hint."""
    with pytest.raises(UsageError) as refused:
        labels(text)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("key", "reserved"),
    [
        ("team", False),
        ("example.com/team", False),
        ("app.kubernetes.io/name", False),
        ("notkubernetes.io/x", False),
        ("podbot.io", False),
        ("app.kubernetes.io/managed-by", True),
        ("kubernetes.io/hostname", True),
        ("node.kubernetes.io/x", True),
        ("pod-security.k8s.io/x", True),
        ("podbot.io/template", True),
        ("x.podbot.io/y", True),
    ],
)
def test_reserved_labels(key: str, *, reserved: bool) -> None:
    """Kubernetes' and podbot's own labels are reserved; the recommended ones and everybody's own are not."""
    assert is_reserved_label(key) is reserved


def test_a_reserved_key_is_not_ones_own() -> None:
    """A reserved key is refused with what to use instead; any other passes."""
    assert own_key("example.com/team") == "example.com/team"
    with pytest.raises(UsageError, match="is reserved") as refused:
        own_key("podbot.io/template")
    assert refused.value.hint == "use a key of your own, such as `team` or `example.com/team`"
