"""auth.test, users.info and usergroups.users.list."""

from bot.core.resources import Json
from bot.demo.chat.arguments import Arguments
from bot.demo.chat.errors import SlackError
from bot.demo.chat.state import State
from bot.demo.chat.workspace import Kind


def auth_test(state: State, _: Arguments) -> Json:
    """Say who the token belongs to."""
    workspace, app = state.workspace, state.workspace.app
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.domain,
        "team_id": workspace.team,
        "user": workspace.user(app.user).name,
        "user_id": app.user,
        "bot_id": app.bot,
        "is_enterprise_install": False,
    }


def users_info(state: State, asked: Arguments) -> Json:
    """Say what kind of member a user is; the `team_id` is the user's own team."""
    user = state.workspace.user(asked.required("user"))
    return {
        "user": {
            "id": user.id,
            "team_id": user.team,
            "name": user.name,
            "real_name": user.name.title(),
            "deleted": user.kind is Kind.DELETED,
            "tz": user.timezone,
            "tz_offset": user.offset,
            "profile": {"real_name": user.name.title(), "display_name": user.name, "team": user.team},
            "is_admin": False,
            "is_owner": False,
            "is_restricted": user.kind in (Kind.GUEST, Kind.SINGLE_CHANNEL_GUEST),
            "is_ultra_restricted": user.kind is Kind.SINGLE_CHANNEL_GUEST,
            "is_bot": user.kind is Kind.BOT,
            "is_stranger": user.kind is Kind.STRANGER,
            "is_app_user": False,
            "updated": int(state.clock.now().timestamp()),
        }
    }


def usergroup_users(state: State, asked: Arguments) -> Json:
    """List a usergroup's members."""
    usergroup = asked.required("usergroup")
    if usergroup not in state.workspace.usergroups:
        raise SlackError("no_such_subteam")
    return {"users": sorted(state.workspace.usergroups[usergroup])}
