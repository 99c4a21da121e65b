"""Which hosts a line of a log may say it can't reach."""

import pytest

from bot.core.triage.families.networking import hosts_in


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("connect to db:5432 failed: connection refused", "db"),
        ("dial tcp: lookup db.shop.svc on 10.0.0.10:53: no such host", "db.shop.svc"),
        ('could not translate host name "db" to address', "db"),
        ("tcp://orders-db.shop:5432: connection refused", "orders-db.shop"),
        ("[orders-db:5432] connection refused", "orders-db"),
        ("url=redis-0.redis:6379, connection refused", "redis-0.redis"),
        ("getaddrinfo ENOTFOUND db", "db"),
    ],
)
def test_the_likeliest_comes_first(line: str, host: str) -> None:
    """A host is found in a URL, behind a word that leads to one, or before a port."""
    assert next(hosts_in(line)) == host


def test_a_name_is_taken_whole() -> None:
    """What stands before a port is one name, never a part of it."""
    assert list(hosts_in("a-b.c-d:80")) == ["a-b.c-d"]
    assert list(hosts_in("x_y:80")) == []
