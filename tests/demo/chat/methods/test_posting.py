"""The chat methods, called by slack_sdk."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.chat.server import ChatServer

DIVIDER = {"type": "divider"}
METADATA = {"event_type": "started", "event_payload": {"request": "1"}}


async def test_posts_in_a_thread_with_metadata(server: ChatServer, client: AsyncWebClient) -> None:
    """A posted message has its text, blocks, metadata, author and thread."""
    root = await client.chat_postMessage(channel="C0TEAM", text="root")
    told = await client.chat_postMessage(
        channel="C0TEAM", text="below", blocks=[DIVIDER], metadata=METADATA, thread_ts=root["ts"]
    )
    (message,) = server.driver.messages("C0TEAM", thread=root["ts"])
    assert (message.text, message.blocks, message.metadata) == ("below", (DIVIDER,), METADATA)
    assert told["message"] == {
        "type": "message",
        "text": "below",
        "ts": told["ts"],
        "thread_ts": root["ts"],
        "team": "T0ACME",
        "user": "U0PODBOT",
        "bot_id": "B0PODBOT",
        "app_id": "A0PODBOT",
        "blocks": [{"type": "divider", "block_id": "b0"}],
        "metadata": METADATA,
    }


async def test_a_users_id_is_the_direct_message(server: ChatServer, client: AsyncWebClient) -> None:
    """What is posted to a user's id arrives in the direct message with that user."""
    told = await client.chat_postMessage(channel="U0ALICE", text="hello")
    assert (told["channel"], server.driver.direct_messages("U0ALICE")[0].text) == ("D0ALICE", "hello")


async def test_takes_forms_too(server: ChatServer, client: AsyncWebClient) -> None:
    """Arguments may come as a form, with JSON in strings and the token among them."""
    form = {"token": "xoxb-demo", "channel": "C0TEAM", "text": "hi", "blocks": '[{"type": "divider"}]'}
    await AsyncWebClient(base_url=client.base_url).api_call("chat.postMessage", data=form)
    assert server.driver.messages("C0TEAM")[0].blocks == (DIVIDER,)
    assert "token" not in server.calls("chat.postMessage")[0].arguments


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "hi"}, "channel_not_found"),
        ({"channel": "C0QUIET", "text": "hi"}, "not_in_channel"),
        ({"channel": "C0TEAM"}, "no_text"),
        ({"channel": "C0TEAM", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0TEAM", "text": "hi", "blocks": [{"type": "marquee"}]}, "invalid_blocks"),
        ({"channel": "C0TEAM", "text": "hi", "blocks": "[{"}, "invalid_blocks_format"),
        ({"channel": "C0TEAM", "text": "hi", "metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
        (
            {"channel": "C0TEAM", "text": "hi", "metadata": {"event_type": "x", "event_payload": "y"}},
            "invalid_metadata_schema",
        ),
        ({"channel": "C0TEAM", "text": "hi", "metadata": "{"}, "invalid_metadata_format"),
        ({"channel": "C0TEAM", "text": "hi", "thread_ts": "1.0"}, "message_not_found"),
        ({"text": "hi"}, "invalid_arguments"),
    ],
)
async def test_refuses_to_post(
    server: ChatServer, client: AsyncWebClient, arguments: dict[str, object], error: str
) -> None:
    """What can't be posted is refused in Slack's words, and nothing is posted."""
    with pytest.raises(SlackApiError) as caught:
        await client.api_call("chat.postMessage", json=arguments)
    assert (caught.value.response["error"], list(server.state.board)) == (error, [])


async def test_says_what_is_wrong_with_blocks(client: AsyncWebClient) -> None:
    """invalid_blocks comes with the place of each fault."""
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0TEAM", text="hi", blocks=[{"type": "header"}])
    words = "missing required field: text [json-pointer:/blocks/0]"
    assert caught.value.response["errors"] == [words]
    assert caught.value.response["response_metadata"] == {"messages": [f"[ERROR] {words}"]}


async def test_splits_long_text(server: ChatServer, client: AsyncWebClient) -> None:
    """Text over 4,000 characters becomes several messages, unless blocks are what is shown."""
    await client.chat_postMessage(channel="C0TEAM", text="x" * 4001)
    await client.chat_postMessage(channel="C0ONCALL", text="x" * 4001, blocks=[DIVIDER])
    assert [len(message.text) for message in server.driver.messages("C0TEAM")] == [4000, 1]
    assert len(server.driver.messages("C0ONCALL")) == 1


async def test_ephemeral_messages_have_one_reader(server: ChatServer, client: AsyncWebClient) -> None:
    """An ephemeral message is seen by its user alone, and chat.update and chat.delete do not find it."""
    told = await client.chat_postEphemeral(channel="C0TEAM", user="U0ALICE", text="psst")
    assert [message.text for message in server.driver.messages("C0TEAM", seen_by="U0ALICE")] == ["psst"]
    assert server.driver.messages("C0TEAM", seen_by="U0BOB") == ()
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel="C0TEAM", ts=told["message_ts"], text="louder")
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_delete(channel="C0TEAM", ts=told["message_ts"])


async def test_ephemeral_messages_are_for_members(client: AsyncWebClient) -> None:
    """Nobody is whispered to in a channel that they are not in."""
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        await client.chat_postEphemeral(channel="C0TEAM", user="U0STRANGER", text="psst")


async def test_update_replaces_what_it_is_given(server: ChatServer, client: AsyncWebClient) -> None:
    """Text alone takes the blocks away and keeps the metadata; blocks alone keep the text; {} takes metadata away."""
    told = await client.chat_postMessage(channel="C0TEAM", text="one", blocks=[DIVIDER], metadata=METADATA)
    where = {"channel": "C0TEAM", "ts": told["ts"]}

    await client.api_call("chat.update", json={**where, "text": "two"})
    (message,) = server.driver.messages("C0TEAM")
    assert (message.text, message.blocks, message.metadata, message.edited) == ("two", (), METADATA, True)

    await client.api_call("chat.update", json={**where, "blocks": [DIVIDER], "metadata": {}})
    (message,) = server.driver.messages("C0TEAM")
    assert (message.text, message.blocks, message.metadata) == ("two", (DIVIDER,), None)


async def test_update_refuses_long_text(client: AsyncWebClient) -> None:
    """An update is never split."""
    told = await client.chat_postMessage(channel="C0TEAM", text="one")
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_update(channel="C0TEAM", ts=told["ts"], text="x" * 4001)


async def test_only_own_messages_are_changed(server: ChatServer, client: AsyncWebClient) -> None:
    """A user's message is cant_update_message and cant_delete_message."""
    theirs = server.state.write("C0TEAM", "U0BOB", "mine")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel="C0TEAM", ts=theirs.ts, text="yours")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await client.chat_delete(channel="C0TEAM", ts=theirs.ts)


async def test_deletes_a_message_once(server: ChatServer, client: AsyncWebClient) -> None:
    """A deleted message is gone, and deleting it again finds nothing."""
    told = await client.chat_postMessage(channel="C0TEAM", text="one")
    await client.chat_delete(channel="C0TEAM", ts=told["ts"])
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_delete(channel="C0TEAM", ts=told["ts"])
    assert server.driver.messages("C0TEAM") == ()


async def test_links_to_a_message(client: AsyncWebClient) -> None:
    """A permalink names channel and ts."""
    told = await client.chat_postMessage(channel="C0TEAM", text="one")
    link = await client.chat_getPermalink(channel="C0TEAM", message_ts=told["ts"])
    assert link["permalink"] == f"https://acme.slack.com/archives/C0TEAM/p{told['ts'].replace('.', '')}"
