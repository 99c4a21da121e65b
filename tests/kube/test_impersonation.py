"""Identities as headers."""

from unittest.mock import sentinel

import pytest

from bot.core.errors import BadName, NotSetUp
from bot.core.grants import Grant, Identity
from bot.core.names import Namespace
from bot.kube.clusters import KubernetesClusters
from bot.kube.impersonation import headers_for


def test_groups_repeat_and_keys_are_escaped() -> None:
    """Each group has a header of its own, and an extra's key is percent-escaped as a whole."""
    identity = Identity("alice@example.com", ("a", "b"), {"podbot.io/slack-user": ("U1", "U2")})
    assert headers_for(identity) == (
        ("Impersonate-User", "alice@example.com"),
        ("Impersonate-Group", "a"),
        ("Impersonate-Group", "b"),
        ("Impersonate-Extra-podbot.io%2Fslack-user", "U1"),
        ("Impersonate-Extra-podbot.io%2Fslack-user", "U2"),
    )


@pytest.mark.parametrize("value", ["", " ", "a\r\nImpersonate-User: admin", "a\n", " a", "a\x00", "\ud800"])
def test_an_unsafe_value(value: str) -> None:
    """A value that would be no header, or two, is refused."""
    with pytest.raises(BadName, match="Impersonate-Extra-key"):
        headers_for(Identity("alice", (), {"key": (value,)}))


def test_an_unsafe_key_is_escaped() -> None:
    """A key can't end its header."""
    ((_, _), (name, _)) = headers_for(Identity("alice", (), {"a\r\nb: c": ("1",)}))
    assert name == "Impersonate-Extra-a%0D%0Ab%3A%20c"


def test_nobody_is_never_the_bot() -> None:
    """An identity whose user was emptied after its check is refused."""
    identity = Identity("alice")
    object.__setattr__(identity, "user", "")
    with pytest.raises(BadName, match="Impersonate-User"):
        headers_for(identity)


def test_another_cluster_is_refused() -> None:
    """A grant for another cluster reaches none."""
    clusters = KubernetesClusters("main", sentinel.transport, "")
    grant = Grant("other", Namespace("shop"), "viewer", Identity("alice"), frozenset())
    with pytest.raises(NotSetUp, match="'other'"):
        clusters.acting_as(grant)


def test_a_cluster_is_bound_to_its_grant() -> None:
    """A cluster carries the grant's namespace and its own name."""
    clusters = KubernetesClusters("main", sentinel.transport, "")
    cluster = clusters.acting_as(Grant("main", Namespace("shop"), "viewer", Identity("alice"), frozenset()))
    assert (cluster.name, cluster.namespace) == ("main", "shop")
