"""Uploading files, by slack_sdk."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.chat.server import ChatServer


async def test_uploads_into_a_thread(server: ChatServer, client: AsyncWebClient) -> None:
    """files_upload_v2 puts the file, its title and a message that carries it into the thread."""
    root = await client.chat_postMessage(channel="C0TEAM", text="root")
    told = await client.files_upload_v2(
        channel="C0TEAM",
        thread_ts=root["ts"],
        filename="web-1.log",
        title="Log of web-1",
        content="één\nregel",
        initial_comment="all of it",
        request_file_info=False,
    )
    (file,) = server.driver.files("C0TEAM")
    (message,) = server.driver.messages("C0TEAM", thread=root["ts"])
    assert (file.name, file.title, file.text, file.thread) == ("web-1.log", "Log of web-1", "één\nregel", root["ts"])
    assert (message.text, message.files) == ("all of it", (told["file"]["id"],))


async def test_a_file_without_a_channel_reaches_nobody(server: ChatServer, client: AsyncWebClient) -> None:
    """A completed file that was shared nowhere is in no channel."""
    await client.files_upload_v2(filename="a.log", content="x", request_file_info=False)
    assert (server.driver.files(), list(server.state.board)) == ((), [])


async def test_only_members_share_files(server: ChatServer, client: AsyncWebClient) -> None:
    """A file does not reach a channel that the bot is not in."""
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.files_upload_v2(channel="C0QUIET", filename="a.log", content="x", request_file_info=False)
    assert server.driver.files() == ()


@pytest.mark.parametrize(
    ("length", "snippet", "error"),
    [("0", "", "invalid_arguments"), ("many", "", "invalid_arguments"), ("1048577", "text", "snippet_too_large")],
)
async def test_refuses_a_bad_announcement(client: AsyncWebClient, length: str, snippet: str, error: str) -> None:
    """A file needs a length above 0, and a snippet one of at most 1 MiB."""
    with pytest.raises(SlackApiError, match=error):
        await client.api_call(
            "files.getUploadURLExternal", params={"filename": "a", "length": length, "snippet_type": snippet}
        )


async def test_refuses_content_of_another_length(server: ChatServer, client: AsyncWebClient) -> None:
    """Content must be as long as announced, and the file is not there until it came."""
    told = await client.files_getUploadURLExternal(filename="a.log", length=3)
    async with aiohttp.ClientSession() as session, session.post(told["upload_url"], data=b"four") as response:
        assert await response.json() == {"ok": False, "error": "length_mismatch"}
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(files=[{"id": told["file_id"], "title": "a"}])
    assert [call.error for call in server.calls("upload")] == ["length_mismatch"]


@pytest.mark.parametrize("files", ["[]", "7", "[7]", '[{"id": "F9"}]', "["])
async def test_refuses_files_that_are_none(client: AsyncWebClient, files: str) -> None:
    """Only files that were announced can be completed."""
    with pytest.raises(SlackApiError, match=r"invalid_arguments|file_not_found"):
        await client.api_call("files.completeUploadExternal", params={"files": files})
