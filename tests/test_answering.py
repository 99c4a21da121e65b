"""Answers that are shared."""

from dataclasses import replace

from bot.answering import shared
from bot.audit import Outcome
from bot.core.asks import Press
from bot.core.replies import File, Reply
from bot.parts import pressed, seal_ticket
from bot.render.blocks import preformatted, section
from bot.render.limits import fit
from tests.fakes import FakeCluster, context_of
from tests.following import Bench, says


async def test_what_is_long_is_shared_without_a_file() -> None:
    """However long the answer, the frame around it brings no file, which Slack would keep after Remove."""
    bench = Bench()
    context = context_of(FakeCluster(), clock=bench.clock)
    log = "line of a log\n" * 5000
    reply = Reply("x", (section("h"), preformatted(log + "the end")), File("web-1-app.log", log))
    value = seal_ticket(bench.bot, context, "logs web-1 --tail -1", "share", {}, 60)
    ticket = pressed(bench.bot, replace(context.ask, press=Press(value)))
    assert ticket is not None
    assert await shared(bench.bot, context, reply, ticket) is Outcome.ANSWERED
    [message] = bench.chat.shown
    assert fit(message).file is None
    assert ("the end" in says(message), "The file is not shared" in says(message)) == (True, True)
