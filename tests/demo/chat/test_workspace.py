"""The workspace's people and channels."""

import pytest

from bot.demo.chat.errors import SlackError
from bot.demo.chat.workspace import User, acme


def test_members_come_and_go() -> None:
    """A channel's members are those who joined and did not leave."""
    workspace = acme()
    workspace.join("C0QUIET", workspace.app.user)
    workspace.leave("C0QUIET", "U0BOB")
    assert {workspace.app.user, "U0BOB"} & workspace.channel("C0QUIET").members == {workspace.app.user}


def test_replaces_a_user_of_the_same_id() -> None:
    """A user added again takes the place of the one before."""
    workspace = acme()
    workspace.add(User("U0BOB", "robert"))
    assert workspace.user("U0BOB").name == "robert"


def test_a_direct_message_is_opened_once() -> None:
    """A user and the app have one direct message between them."""
    workspace = acme()
    assert workspace.direct("U0BOB") is workspace.direct("U0BOB")


def test_secrets_are_not_shown() -> None:
    """The app's repr shows none of its secrets."""
    app = acme().app
    assert not [secret for secret in (app.bot_token, app.app_token, app.signing_secret) if secret in repr(app)]


def test_strangers_to_the_workspace_are_not_found() -> None:
    """Unknown ids are Slack's own errors."""
    with pytest.raises(SlackError, match="user_not_found"):
        acme().direct("U0NOBODY")
    with pytest.raises(SlackError, match="channel_not_found"):
        acme().channel("C0NOWHERE")
