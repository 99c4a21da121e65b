"""Which proxy is used, and what is this machine."""

import pytest

from config.proxies import is_loopback, proxy_for

PROXY = "http://proxy.example:3128"
SLACK = "https://slack.com/api/"
CLUSTER = "https://api.example:6443"


@pytest.mark.parametrize(
    ("environment", "url", "proxy"),
    [
        ({}, SLACK, None),
        ({"HTTPS_PROXY": PROXY}, SLACK, PROXY),
        ({"https_proxy": PROXY}, CLUSTER, PROXY),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "slack.com"}, SLACK, None),
        ({"https_proxy": PROXY, "no_proxy": "api.example"}, CLUSTER, None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "example.com"}, SLACK, PROXY),
        ({"HTTPS_PROXY": ""}, SLACK, None),
        ({"HTTP_PROXY": PROXY}, SLACK, None),
        ({"HTTP_PROXY": PROXY}, "http://127.0.0.1:8080/api/", None),
        ({"HTTP_PROXY": PROXY}, "http://localhost:8080/api/", None),
        ({"HTTPS_PROXY": PROXY}, "https://[::1]:6443", None),
    ],
)
def test_a_proxy_only_where_one_is_meant(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, proxy: str | None
) -> None:
    """The environment's proxy is used for its scheme, except to this machine itself and where NO_PROXY says so."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == proxy


def test_loopback() -> None:
    """Loopback is this machine's addresses and name, and no name that looks alike."""
    assert [is_loopback(url) for url in ("http://127.8.8.8", "https://[::1]:1", "http://localhost:2")] == [True] * 3
    assert [is_loopback(url) for url in ("http://127.0.0.1.example", "http://10.0.0.1", "")] == [False] * 3
