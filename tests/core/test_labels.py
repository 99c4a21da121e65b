"""Label keys and values."""

import pytest

from bot.core.errors import UsageError
from bot.core.labels import label_key, label_value, labels


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
