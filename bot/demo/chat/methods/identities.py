"""auth.test, users.info, users.list, usergroups.list and usergroups.users.list."""

from bot.core.resources import Json
from bot.demo.chat.arguments import Arguments
from bot.demo.chat.errors import SlackError
from bot.demo.chat.methods.paging import paged
from bot.demo.chat.state import State
from bot.demo.chat.workspace import Kind, User


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
    return {"user": _described(state, state.workspace.user(asked.required("user")))}


def users_list(state: State, asked: Arguments) -> Json:
    """List the users, those who left among them."""
    users = [_described(state, user) for user in state.workspace.users.values()]
    return {**paged(asked, "members", users), "cache_ts": int(state.clock.now().timestamp())}


def _described(state: State, user: User) -> Json:
    return {
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


def usergroups(state: State, asked: Arguments) -> Json:
    """List the usergroups, with their members where they are asked for; a handle here is the id's own word."""
    return {
        "usergroups": [
            {
                "id": group,
                "team_id": state.workspace.team,
                "is_usergroup": True,
                "name": group[2:].title(),
                "handle": group[2:].lower(),
                "user_count": len(users),
                **({"users": sorted(users)} if asked.flag("include_users") else {}),
            }
            for group, users in state.workspace.usergroups.items()
        ]
    }


def usergroup_users(state: State, asked: Arguments) -> Json:
    """List a usergroup's members."""
    usergroup = asked.required("usergroup")
    if usergroup not in state.workspace.usergroups:
        raise SlackError("no_such_subteam")
    return {"users": sorted(state.workspace.usergroups[usergroup])}
