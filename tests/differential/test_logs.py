"""`logs` and `kubectl logs`: every byte that a message can show."""

import pytest

from bot.core.replies import Reply
from bot.render.text import clean
from tests.differential.sides import Sides, same

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="package")]

FLAGS = [
    "web-2 --tail 5",
    "web-2 --tail=200",
    "web-2 --tail -1",
    "web-2 --tail -1 --timestamps",
    "web-2 --tail 3 --timestamps --since 1h",
    "web-2 --since 1h --tail -1",
    "web-2 --since 1s",
    "api-1",
    "api-1 -c main",
    "api-1 --container helper",
    "plain-1",
    "plain-1 -c two",
    "plain-1 -c setup",
    "plain-1 -c beside",
    "again-1",
    "again-1 -p",
    "again-1 --previous --tail 1 --timestamps",
    "crashing-1 -p",
    "done-1",
    "failed-1",
    "stuck-1",
]


@pytest.mark.parametrize("flags", FLAGS)
async def test_logs(sides: Sides, flags: str) -> None:
    """The same container's log, in the same lines; podbot takes out only what could format or hide text."""

    async def kubectl() -> str:
        said = await sides.kubectl("logs", *sides.words(flags))
        assert said.code == 0, said.error
        return clean(said.out.decode(errors="replace")).rstrip("\n")

    async def podbot() -> str:
        return printed(await sides.podbot.read(f"logs {flags}"))

    await same(kubectl, podbot)


async def test_the_last_lines_by_default(sides: Sides) -> None:
    """Without --tail podbot shows the last 200 lines of what kubectl shows."""
    said = await sides.kubectl("logs", "web-2")
    shown = printed(await sides.podbot.read("logs web-2"))
    assert shown.splitlines() == said.text.splitlines()[-200:]


def printed(reply: Reply) -> str:
    """Return the log that a reply shows, or its file where it is there."""
    if reply.file:
        return reply.file.text.rstrip("\n")
    parts = [block["elements"][0] for block in reply.blocks if block["type"] == "rich_text"]
    return "".join(part["elements"][0]["text"] for part in parts if part["type"] == "rich_text_preformatted")
