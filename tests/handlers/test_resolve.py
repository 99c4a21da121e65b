"""What is said of trouble that has been mended."""

import pytest

from bot.core.errors import UsageError
from bot.core.parsing import parse
from bot.core.replies import Reply
from bot.render.blocks import section
from handlers import REGISTRY
from handlers.resolve import COMMAND, plan, run
from tests.fakes import context_of


async def _said(line: str) -> Reply:
    asked = parse(line, REGISTRY).asked
    context = context_of()
    (result,) = [one async for one in run(context, asked, await plan(context, asked))]
    return COMMAND.render(result)


async def test_who_mended_it_is_who_says_so() -> None:
    """The cause, who closes it and what mended it are told; nothing of it formats or pings."""
    said = "*What it was*: no such tag\n*Mended by* <@U0ALICE>: &lt;!here&gt; \u2217rolled back\u2217"
    reply = await _said("resolve web-1 --cause 'no such tag' --note '<!here> *rolled back*'")
    assert reply == Reply(said, (section(said),))
    assert (await _said("resolve web-1 --note done")).text == "*Mended by* <@U0ALICE>: done"


async def test_a_line_without_a_note_teaches() -> None:
    """Where no form can be opened, the answer says what to type."""
    with pytest.raises(UsageError, match="what mended it is missing"):
        await plan(context_of(), parse("resolve web-1", REGISTRY).asked)
