"""What Slack's packages may log."""

import logging

import pytest

from bot.slack.logs import package_logger


def test_logs_no_body(caplog: pytest.LogCaptureFixture) -> None:
    """Of a request with a bad signature nothing is logged but that."""
    caplog.set_level(logging.INFO)
    package_logger().info("Invalid request signature detected (signature: v0=1, body: text=secret)")
    assert caplog.messages == ["Invalid request signature detected"]


def test_logs_no_ticket(caplog: pytest.LogCaptureFixture) -> None:
    """A websocket's address loses its ticket, in the message and in what was raised."""
    error = ValueError("wss://wss.example/link/?ticket=secret&app_id=A1")
    package_logger().error("Failed to connect (error: %s); Retrying...", error, exc_info=error)
    assert caplog.messages == ["Failed to connect (error: wss://wss.example/link/?ticket=…&app_id=A1); Retrying..."]
    assert "secret" not in caplog.text


def test_logs_no_payloads(caplog: pytest.LogCaptureFixture) -> None:
    """Where all else logs at DEBUG, the packages do not, and they are filtered once only."""
    caplog.set_level(logging.DEBUG)
    package_logger().debug("Received message (data: secret)")
    assert package_logger() is package_logger()
    assert (caplog.messages, len(package_logger().filters)) == ([], 1)


def test_podbots_level_is_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where podbot logs warnings only, the packages do too."""
    monkeypatch.setattr(logging.getLogger("podbot"), "level", logging.WARNING)
    assert package_logger().level == logging.WARNING
    monkeypatch.undo()
    assert package_logger().level == logging.INFO
