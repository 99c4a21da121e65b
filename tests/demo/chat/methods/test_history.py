"""conversations.history and conversations.replies, called by slack_sdk."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.chat.server import ChatServer

METADATA = {"event_type": "started", "event_payload": {"request": "1"}}


async def post(client: AsyncWebClient, *texts: str, thread: str = "") -> list[str]:
    """Post in #team, and return each message's ts."""
    return [
        (await client.chat_postMessage(channel="C0TEAM", text=text, thread_ts=thread or None))["ts"] for text in texts
    ]


def said(told: object) -> list[str]:
    """Return the texts of an answer's messages."""
    assert hasattr(told, "data")
    return [message["text"] for message in told.data["messages"]]


async def test_history_is_what_all_can_read(server: ChatServer, client: AsyncWebClient) -> None:
    """A channel's history has people's and the bot's messages, newest first, without replies and whispers."""
    server.driver.write("U0ALICE", "C0TEAM", "hello")
    (root,) = await post(client, "hi")
    await post(client, "below", thread=root)
    await client.chat_postEphemeral(channel="C0TEAM", user="U0ALICE", text="psst")
    told = await client.conversations_history(channel="C0TEAM")
    assert (said(told), told["has_more"]) == (["hi", "hello"], False)


async def test_metadata_is_kept_and_returned_on_demand(client: AsyncWebClient) -> None:
    """Metadata outlives an update without any, and is told where include_all_metadata asks for it."""
    posted = await client.chat_postMessage(channel="C0TEAM", text="a", metadata=METADATA)
    await client.chat_update(channel="C0TEAM", ts=posted["ts"], text="b")
    plain = await client.conversations_history(channel="C0TEAM")
    whole = await client.conversations_history(channel="C0TEAM", include_all_metadata=True)
    assert [message.get("metadata") for message in (*plain["messages"], *whole["messages"])] == [None, METADATA]


async def test_pages_join_up(client: AsyncWebClient) -> None:
    """Pages by cursor tell each message once, and the last one has no cursor."""
    await post(client, *"abcde")
    pages = [said(page) async for page in await client.conversations_history(channel="C0TEAM", limit=2)]
    assert pages == [["e", "d"], ["c", "b"], ["a"]]


@pytest.mark.parametrize(
    ("inclusive", "texts"), [(False, ["c"]), (True, ["d", "c", "b"])], ids=["exclusive", "inclusive"]
)
async def test_a_span_of_time(client: AsyncWebClient, texts: list[str], *, inclusive: bool) -> None:
    """Oldest and latest bound the history, and belong to it only where it is inclusive."""
    _, oldest, _, latest, _ = await post(client, *"abcde")
    told = await client.conversations_history(channel="C0TEAM", oldest=oldest, latest=latest, inclusive=inclusive)
    assert said(told) == texts


async def test_replies_begin_with_their_root(client: AsyncWebClient) -> None:
    """A thread is told from its first message on, without its neighbours."""
    root, _ = await post(client, "root", "neighbour")
    await post(client, "one", "two", thread=root)
    assert said(await client.conversations_replies(channel="C0TEAM", ts=root)) == ["root", "one", "two"]


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("history", {"channel": "C0NOWHERE"}, "channel_not_found"),
        ("history", {"channel": "C0QUIET"}, "not_in_channel"),
        ("history", {"channel": "C0TEAM", "limit": 1001}, "invalid_limit"),
        ("history", {"channel": "C0TEAM", "limit": "x"}, "invalid_arguments"),
        ("history", {"channel": "C0TEAM", "cursor": "?"}, "invalid_cursor"),
        ("history", {"channel": "C0TEAM", "cursor": "b3RoZXI6MQ=="}, "invalid_cursor"),
        ("history", {"channel": "C0TEAM", "oldest": "noon"}, "invalid_ts_oldest"),
        ("replies", {"channel": "C0TEAM", "ts": "1.0"}, "thread_not_found"),
        ("replies", {"channel": "C0TEAM"}, "invalid_arguments"),
    ],
)
async def test_refuses_to_read(client: AsyncWebClient, method: str, arguments: dict[str, object], error: str) -> None:
    """What can't be read is refused in Slack's words."""
    await post(client, "a")
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(f"conversations.{method}", params=arguments)
    assert caught.value.response["error"] == error
