"""Names that must never reach a path."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import UsageError
from bot.core.names import container_name, is_label, is_subdomain, namespace, pod_name

CHECKS: tuple[Callable[[str], str], ...] = (pod_name, namespace, container_name)
DANGEROUS = [
    "", " ", ".", "..", "../x", "a/b", "/", "a\\b", "%2e%2e", "%252e", "a..b", "-a", "a-", "A", "web\n", "web\x00",
    "web 1", "a?b", "a#b", "a;b", "a:b", "a_b", "wéb", "\u202eweb", "\N{FULLWIDTH DIGIT ONE}",
    "\N{SMALL ROMAN NUMERAL ONE}", "a" * 254,
]  # fmt: skip


@pytest.mark.parametrize("text", DANGEROUS)
@pytest.mark.parametrize("check", CHECKS)
def test_dangerous_names_are_refused(check: Callable[[str], str], text: str) -> None:
    """A name that could change the path of a request is refused, with what to type instead."""
    with pytest.raises(UsageError) as refused:
        check(text)
    assert refused.value.hint.startswith(("use 1 to ", "type `"))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Orders", "type `orders`"),
        ("pod/orders", "type `orders`"),
        ("Shop/orders", "type `orders -n shop`"),
        ("a/b/c", ""),
        ("../x", ""),
    ],
)
def test_a_pod_named_in_another_way(text: str, hint: str) -> None:
    """A capital, kubectl's kind and a namespace before the name are told how to be typed; what is no name is not."""
    with pytest.raises(UsageError) as refused:
        pod_name(text)
    assert refused.value.hint == hint or (not hint and refused.value.hint.startswith("use 1 to "))


def test_ordinary_names_pass() -> None:
    """Pods may have dots and 253 characters, namespaces and containers 63 characters without dots."""
    assert pod_name("web-1.shop") == "web-1.shop"
    assert pod_name("a" * 253) == "a" * 253
    assert namespace("a" * 63) == "a" * 63
    assert container_name("1-a") == "1-a"


@pytest.mark.parametrize("check", [namespace, container_name])
def test_labels_are_shorter_than_subdomains(check: Callable[[str], str]) -> None:
    """A namespace or container of 64 characters, or with a dot, is refused."""
    for text in ("a" * 64, "a.b"):
        with pytest.raises(UsageError):
            check(text)


def test_long_names_are_cut_in_the_message() -> None:
    """A refusal repeats only the beginning of a long name."""
    with pytest.raises(UsageError, match=r"^“a{60}…” is not a pod name$"):
        pod_name("a" * 1000)


@given(st.text(max_size=300))
def test_accepted_names_are_plain_segments(text: str) -> None:
    """Whatever is accepted consists of lower-case letters, digits, hyphens and single inner dots."""
    if is_subdomain(text):
        assert set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
        assert all(is_label(part) or len(part) > 63 for part in text.split("."))
