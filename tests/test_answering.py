"""Answers to reads: those that a button offered, and those that are shared."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.answering import replied, shared, shown
from bot.audit import Outcome
from bot.core.asks import Press, Via
from bot.core.commands import Context, Read
from bot.core.errors import Reason, Refused
from bot.core.replies import File, Reply
from bot.core.signing import unseal
from bot.parts import pressed, seal_ticket
from bot.render.blocks import preformatted, section
from bot.render.limits import fit
from tests.fakes import FakeCluster, context_of
from tests.following import POLICY, Bench, says
from tests.handlers.samples import Nothing

RANDOM = "".join(hashlib.sha512(bytes([number])).hexdigest() for number in range(30))


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


async def test_an_offered_read_is_about_the_same_pod() -> None:
    """A button's read is answered only where it is about what the button stood under; a typed one in any case."""
    bench = Bench()
    context = context_of(FakeCluster(), clock=bench.clock)
    context = replace(context, ask=replace(context.ask, via=Via.MENTION))
    offer = unseal(seal_ticket(bench.bot, context, "logs web-1 -p", "do", {"pod/web-1": "u1"}, 60), bench.bot.keys)
    same, other = (Reply(uid, (section(uid),), pins={"pod/web-1": uid}) for uid in ("u1", "u2"))
    with pytest.raises(Refused) as caught:
        await shown(bench.bot, context, other, "logs web-1 -p", offer)
    assert caught.value.refusal.reason is Reason.CHANGED
    await shown(bench.bot, context, same, "logs web-1 -p", offer)
    await shown(bench.bot, context, other, "logs web-1 -p", replace(offer, pins={}))
    await shown(bench.bot, context, other, "logs web-1 -p")
    assert [reply.text for reply in bench.chat.shown] == ["u1", "u2", "u2"]


@pytest.mark.parametrize(("patience", "is_answered"), [(None, True), (600.0, False)])
async def test_a_long_read_needs_the_policy_that_granted_it(patience: float | None, *, is_answered: bool) -> None:
    """What took long is not answered once the policy has changed, and gives its place back; a usual read is."""
    bench = Bench()

    async def run(_context: Context, _asked: Nothing) -> AsyncIterator[str]:
        bench.policy = POLICY.model_copy(update={"frozen": "a move"})
        yield "ready"

    def render(text: str) -> Reply:
        return Reply(text)

    command = Read(name="wait", request=Nothing, run=run, render=render, summary="W", patience=lambda _: patience)
    answering = replied(bench.bot, context_of(FakeCluster(), clock=bench.clock), command, Nothing())
    if is_answered:
        assert (await answering).text == "ready"
        return
    with pytest.raises(Refused) as caught:
        await answering
    assert (caught.value.refusal.reason, bench.bot.places.taken) == (Reason.POLICY, 0)


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("resolve web-1 --cause 'no such tag'", ["Resolve", "Remove"]),
        ("", ["Remove"]),
        ("resolve web-1 --cause 'password=hunter2hunter2'", ["Remove"]),
        (f"resolve web-1 --cause '{RANDOM}'", ["Remove"]),
    ],
)
async def test_a_shared_triage_can_be_closed(line: str, labels: list[str]) -> None:
    """What is shared has a button that closes what it found, unless its line carries a secret or is too long."""
    bench = Bench()
    context = context_of(FakeCluster(), clock=bench.clock)
    ticket = unseal(seal_ticket(bench.bot, context, "triage web-1", "share", {}, 60), bench.bot.keys)
    await shared(bench.bot, context, Reply("x", (section("x"),), resolve=line), ticket)
    buttons = bench.chat.shown[0].blocks[-1]["elements"]
    assert [one["text"]["text"] for one in buttons] == labels
    if line and len(labels) > 1:
        closing = pressed(bench.bot, replace(context.ask, user="U0BOB", press=Press(buttons[0]["value"])))
        assert closing is not None
        assert (closing.kind, closing.line, closing.asker) == ("resolve", line, "U0ALICE")
