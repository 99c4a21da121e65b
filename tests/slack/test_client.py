"""Which proxy is used, and what connections keep."""

import pytest

from bot.slack.client import new_session, proxy_for, web_client
from tests.slack.clocks import PatientClock

PROXY = "http://proxy.example:3128"
SLACK = "https://slack.com/api/"


@pytest.mark.parametrize(
    ("environment", "url", "proxy"),
    [
        ({}, SLACK, None),
        ({"HTTPS_PROXY": PROXY}, SLACK, PROXY),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "slack.com"}, SLACK, None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "example.com"}, SLACK, PROXY),
        ({"HTTP_PROXY": PROXY}, SLACK, None),
        ({"HTTP_PROXY": PROXY}, "http://127.0.0.1:8080/api/", None),
        ({"HTTP_PROXY": PROXY}, "http://localhost:8080/api/", None),
        ({"HTTP_PROXY": PROXY}, "http://[::1]:8080/api/", None),
    ],
)
def test_a_proxy_only_where_one_is_meant(
    monkeypatch: pytest.MonkeyPatch, clock: PatientClock, environment: dict[str, str], url: str, proxy: str | None
) -> None:
    """The environment's proxy is used for its scheme, except to this machine itself and where NO_PROXY says so."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == web_client(url, clock).proxy == proxy


async def test_connections_carry_nothing() -> None:
    """Shared connections have no token, keep no cookie and do not wait for ever."""
    async with new_session() as session:
        assert "Authorization" not in session.headers
        session.cookie_jar.update_cookies({"d": "secret"})
        assert list(session.cookie_jar) == []
        assert session.timeout.total == 15
