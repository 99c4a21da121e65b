"""The app manifest, as Slack reads it."""

import json
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from bot.cli import main
from bot.slack import scopes
from bot.slack.shortcuts import TRIAGE
from handlers import REGISTRY


def _printed(*arguments: str) -> dict[str, Any]:
    told = CliRunner().invoke(main, ["manifest", *arguments])
    assert told.exit_code == 0, told.output
    loaded: dict[str, Any] = yaml.safe_load(told.output)
    return loaded


def test_socket_mode_names_no_address() -> None:
    """Without an address the app uses Socket Mode, and its manifest holds no URL."""
    made = _printed()
    assert made["settings"] == {
        "event_subscriptions": {"bot_events": ["app_mention"]},
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": False,
        "socket_mode_enabled": True,
        "token_rotation_enabled": False,
    }
    assert "http" not in json.dumps(made)


@pytest.mark.parametrize(
    "address", ["https://bot.example.com", "https://bot.example.com/", "https://bot.example.com/slack/events"]
)
def test_http_names_the_one_path(address: str) -> None:
    """With an address, commands, events and interactivity all go to the path that HTTP mode serves."""
    made = _printed("--http", address)
    url = "https://bot.example.com/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == url
    assert made["settings"]["interactivity"] == {"is_enabled": True, "request_url": url}
    assert made["features"]["slash_commands"][0]["url"] == url


def test_scopes_are_those_of_the_code() -> None:
    """The bot asks for what is required and what is optional, and Slack wants what is optional in both lists."""
    asked = _printed()["oauth_config"]["scopes"]
    assert set(asked["bot"]) == scopes.REQUIRED | scopes.OPTIONAL
    assert set(asked["bot_optional"]) == scopes.OPTIONAL
    assert asked.keys() == {"bot", "bot_optional"}


def test_the_shortcut_is_declared_as_the_code_listens() -> None:
    """The one shortcut stands in a message's menu, under the id that podbot listens for, within Slack's lengths."""
    (declared,) = _printed()["features"]["shortcuts"]
    assert declared == {
        "name": "Triage pods in this message",
        "type": "message",
        "callback_id": TRIAGE.callback,
        "description": TRIAGE.description,
    }
    assert len(TRIAGE.callback) <= 255
    assert len(TRIAGE.description) <= 150


def test_the_command_hints_at_its_verbs() -> None:
    """The usage hint names every verb, within what Slack takes."""
    (command,) = _printed("--command", "/k8s")["features"]["slash_commands"]
    assert command["command"] == "/k8s"
    assert command["usage_hint"] == f"[{'|'.join(REGISTRY)}] …"
    assert len(command["usage_hint"]) <= 1000


def test_names_and_forms() -> None:
    """The app has the name that was asked for, and JSON says what YAML says."""
    made = _printed("--name", "podbot staging")
    assert made["display_information"]["name"] == made["features"]["bot_user"]["display_name"] == "podbot staging"
    assert _printed("--output", "json") == _printed("--output", "yaml")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--http", "http://bot.example.com"), "https://podbot.example.com"),
        (("--http", "https://[x"), "https://podbot.example.com"),
        (("--command", "pod"), "use a slash"),
        (("--name", "x" * 36), "1 to 35 characters"),
    ],
)
def test_what_slack_would_refuse_is_refused(arguments: tuple[str, ...], said: str) -> None:
    """A wrong address, command or name is told before Slack would."""
    told = CliRunner().invoke(main, ["manifest", *arguments])
    assert told.exit_code == 2
    assert said in told.output
