"""What leaves for Slack, whatever a verb has rendered."""

import asyncio
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.replies import Block, File, Reply
from bot.demo.chat.blocks import accept
from bot.render.blocks import context, preformatted, quote, section, table
from bot.render.fallbacks import shrunk
from bot.render.text import code, escape
from bot.slack.messages import content, prepare
from tests.core.test_redaction import TOKENS

SHAPES: dict[str, Callable[[str], Block]] = {
    "a section": lambda said: section(escape(said)),
    "code": lambda said: section(code(said)),
    "small print": lambda said: context(escape(said)),
    "a log": preformatted,
    "a quotation": quote,
    "a cell": lambda said: table(("said",), [(said,)]),
}
AROUND = st.one_of(st.text(max_size=40), st.integers(0, 12_000).map(lambda size: "a word " * (size // 7)))


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=40, deadline=None)
@given(before=AROUND, token=st.sampled_from(TOKENS), after=AROUND, in_file=st.booleans())
async def test_a_planted_token_never_leaves(shape: str, before: str, token: str, after: str, *, in_file: bool) -> None:
    """A token is in no part of what is sent, whatever is around it, and where Slack refused the message too."""
    said = f"{before} {token} {after}"
    reply = Reply(escape(said), (SHAPES[shape](said),), File("it.log", said) if in_file else None)
    prepared = await prepare(reply)
    for sent in (prepared, shrunk(prepared)):
        assert accept([dict(block) for block in sent.blocks]) == sent.blocks
        assert token not in json.dumps(content(sent))
        assert sent.file is None or token not in sent.file.text


@pytest.mark.parametrize(
    "long", [Reply("x", (table(("Pod",), [("web-1",)] * 2_000),)), Reply("x", file=File("a", "b"))]
)
async def test_what_is_long_is_prepared_beside_the_loop(long: Reply) -> None:
    """Masking a long list or a file leaves the loop to others, which acknowledge what comes meanwhile."""
    preparing = asyncio.create_task(prepare(long))
    await asyncio.sleep(0)
    assert not preparing.done()
    await preparing
