"""The Web API's methods, as far as an app like podbot calls them; a method that is not here does not exist."""

from collections.abc import Callable, Mapping

from bot.core.resources import Json
from bot.demo.chat.arguments import Arguments
from bot.demo.chat.errors import SlackError
from bot.demo.chat.methods import connections, conversations, history, identities, posting, scopes, uploads, views
from bot.demo.chat.state import State

Method = Callable[[State, Arguments], Json]

METHODS: Mapping[str, Method] = {
    "auth.test": identities.auth_test,
    "users.info": identities.users_info,
    "users.list": identities.users_list,
    "usergroups.list": identities.usergroups,
    "usergroups.users.list": identities.usergroup_users,
    "conversations.open": conversations.open_direct,
    "conversations.info": conversations.info,
    "conversations.list": conversations.list_channels,
    "conversations.members": conversations.members,
    "conversations.join": conversations.join,
    "conversations.history": history.history,
    "conversations.replies": history.replies,
    "chat.postMessage": posting.post_message,
    "chat.postEphemeral": posting.post_ephemeral,
    "chat.update": posting.update,
    "chat.delete": posting.delete,
    "chat.getPermalink": posting.permalink,
    "files.getUploadURLExternal": uploads.announce,
    "files.completeUploadExternal": uploads.complete,
    "views.open": views.open_view,
    "views.update": views.update_view,
    "views.publish": views.publish_view,
    "apps.connections.open": connections.open_connection,
}
_APP_LEVEL = frozenset({"apps.connections.open"})


def call(state: State, name: str, asked: Arguments) -> Json:
    """Carry out one method, or raise `SlackError`; an unknown method is remembered."""
    if name not in METHODS:
        state.unknown_methods.append(name)
        raise SlackError("unknown_method", [f"[ERROR] no such method: {name}"], {"req_method": name})
    _check_token(state, name, asked.token)
    scopes.check(state.workspace, name, asked)
    return {"ok": True, **METHODS[name](state, asked)}


def _check_token(state: State, name: str, token: str) -> None:
    app = state.workspace.app
    if not token:
        raise SlackError("not_authed")
    if token not in (app.bot_token, app.app_token):
        raise SlackError("invalid_auth")
    if (token == app.app_token) != (name in _APP_LEVEL):
        raise SlackError("not_allowed_token_type")
