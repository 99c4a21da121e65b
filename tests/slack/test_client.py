"""What connections are, and what they keep."""

import pytest

from bot.slack.client import new_session, web_client
from tests.slack.clocks import PatientClock


def test_the_environments_proxy_serves(monkeypatch: pytest.MonkeyPatch, clock: PatientClock) -> None:
    """A client goes through the environment's proxy, but not to this machine itself."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    assert web_client("https://slack.com/api/", clock).proxy == "http://proxy.example:3128"
    assert web_client("https://127.0.0.1:1/api/", clock).proxy is None


async def test_connections_carry_nothing() -> None:
    """Shared connections have no token, keep no cookie and do not wait for ever."""
    async with new_session() as session:
        assert "Authorization" not in session.headers
        session.cookie_jar.update_cookies({"d": "secret"})
        assert list(session.cookie_jar) == []
        assert session.timeout.total == 15
