"""auth.test, users.info, users.list, usergroups.list and usergroups.users.list, called by slack_sdk."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.chat.server import ChatServer


async def test_auth_test_names_the_bot(client: AsyncWebClient) -> None:
    """auth.test tells the team, the bot's user and the bot."""
    told = await client.auth_test()
    assert [told[key] for key in ("team_id", "user_id", "bot_id")] == ["T0ACME", "U0PODBOT", "B0PODBOT"]


@pytest.mark.parametrize(
    ("user", "team", "flags"),
    [
        ("U0ALICE", "T0ACME", set()),
        ("U0GUEST", "T0ACME", {"is_restricted"}),
        ("U0SINGLE", "T0ACME", {"is_restricted", "is_ultra_restricted"}),
        ("U0STRANGER", "T0OTHER", {"is_stranger"}),
        ("U0GONE", "T0ACME", {"deleted"}),
        ("U0ALERTS", "T0ACME", {"is_bot"}),
        ("U0PODBOT", "T0ACME", {"is_bot"}),
    ],
)
async def test_users_info_tells_what_a_user_is(client: AsyncWebClient, user: str, team: str, flags: set[str]) -> None:
    """users.info has each kind's flags and the user's own team."""
    told = (await client.users_info(user=user))["user"]
    assert ({name for name, value in told.items() if value is True}, told["team_id"]) == (flags, team)


async def test_usergroup_members(client: AsyncWebClient) -> None:
    """usergroups.users.list tells a group's members."""
    assert (await client.usergroups_users_list(usergroup="S0ONCALL"))["users"] == ["U0ALICE"]


async def test_lists_users(server: ChatServer, client: AsyncWebClient) -> None:
    """users.list pages through all users, each as users.info tells it."""
    pages = [page["members"] async for page in await client.users_list(limit=5)]
    assert [len(page) for page in pages] == [5, 3]
    assert [user["id"] for page in pages for user in page] == list(server.workspace.users)
    assert pages[0][0] == (await client.users_info(user="U0ALICE"))["user"]


@pytest.mark.parametrize(("include", "users"), [(True, ["U0ALICE"]), (False, None)])
async def test_lists_usergroups(client: AsyncWebClient, users: list[str] | None, *, include: bool) -> None:
    """usergroups.list tells each group's handle and size, and its members on demand."""
    (group,) = (await client.usergroups_list(include_users=include))["usergroups"]
    told = (group["id"], group["handle"], group["user_count"], group.get("users"))
    assert told == ("S0ONCALL", "oncall", 1, users)


async def test_unknown_ids(client: AsyncWebClient) -> None:
    """Unknown users and groups are user_not_found and no_such_subteam."""
    with pytest.raises(SlackApiError, match="user_not_found"):
        await client.users_info(user="U0NOBODY")
    with pytest.raises(SlackApiError, match="no_such_subteam"):
        await client.usergroups_users_list(usergroup="S0NONE")


async def test_wrong_tokens_are_refused(server: ChatServer, client: AsyncWebClient) -> None:
    """A wrong token is invalid_auth, none is not_authed, and each kind has its own methods."""
    app = server.workspace.app
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await client.auth_test(token="xoxb-other")
    with pytest.raises(SlackApiError, match="not_authed"):
        await AsyncWebClient(base_url=server.base_url).auth_test()
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await client.apps_connections_open(app_token=app.bot_token)
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await client.auth_test(token=app.app_token)


async def test_an_unknown_method_is_refused_and_remembered(server: ChatServer, client: AsyncWebClient) -> None:
    """A method that is not played here is unknown_method, named in the error and in the server's list."""
    with pytest.raises(SlackApiError, match=r"no such method: reactions\.add") as caught:
        await client.reactions_add(channel="C0TEAM", name="eyes", timestamp="1.0")
    assert (caught.value.response["error"], caught.value.response["req_method"]) == ("unknown_method", "reactions.add")
    assert server.unknown_methods == ("reactions.add",)
