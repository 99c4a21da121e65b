"""`watch` and `watches`: turned on and off, and listed."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from bot.core.commands import Change, Context, Read, Scope
from bot.core.errors import Declined, Forbidden, UsageError
from bot.core.grants import Effect, Identity
from bot.core.parsing import parse
from bot.core.replies import Reply
from bot.core.triage.rights import LOOKING
from bot.render.plain import plain
from bot.steps.watches import KeptWatches
from handlers import REGISTRY
from tests.fakes import FakeCluster, context_of
from tests.handlers.running import answer

ALLOWED = {"allowed list pods": True, "allowed watch pods": True}


class MemoryRecords:
    """Texts in memory; the answer to the next write may get lost."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.loses = False

    async def read(self) -> Mapping[str, str]:
        return dict(self.texts)

    async def change(self, decide: Callable[[Mapping[str, str]], Mapping[str, str | None]]) -> Mapping[str, str]:
        for _ in range(1 + self.loses):
            for key, text in decide(dict(self.texts)).items():
                if text is None:
                    self.texts.pop(key)
                else:
                    self.texts[key] = text
        return self.texts


@pytest.fixture
def records() -> MemoryRecords:
    """Return records without an entry."""
    return MemoryRecords()


def context(records: MemoryRecords, **answers: bool) -> Context:
    """Return what the verb gets when Alice asks."""
    cluster = FakeCluster({**ALLOWED, **{f"allowed {verb} pods": said for verb, said in answers.items()}})
    return replace(context_of(cluster), watches=KeptWatches(records, ("k" * 40,)))


async def change(line: str, context: Context) -> Reply:
    """Plan and do what a line asks."""
    parsed = parse(line, REGISTRY)
    assert isinstance(parsed.command, Change)
    plan = await parsed.command.plan(context, parsed.asked)
    (result,) = [one async for one in parsed.command.run(context, parsed.asked, plan)]
    return parsed.command.render(result)


async def listed(context: Context) -> str:
    """Return what `watches` says."""
    parsed = parse("watches", REGISTRY)
    assert isinstance(parsed.command, Read)
    return plain((await answer(parsed.command, context, parsed.asked)).blocks)


@pytest.mark.parametrize(
    ("line", "said"), [("watch", "“on” or “off” is missing"), ("watch maybe", "“on” or “off” must stand here")]
)
def test_neither_on_nor_off(line: str, said: str) -> None:
    """A line without the one word that it needs, or with another, says which two there are."""
    with pytest.raises(UsageError) as refused:
        parse(line, REGISTRY)
    assert (str(refused.value), refused.value.hint) == (said, "type `/pod watch on|off [-l SELECTOR] [-n NAMESPACE]`")


async def test_on_listed_and_off(records: MemoryRecords) -> None:
    """What is turned on is listed, with how to end it; what is turned off is not."""
    asked = context(records)
    reply = await change("watch on -l 'app in (web,api)'", asked)
    assert reply.text == ":eyes: *Watched* · pods in `main/shop (app in (api,web))`"
    assert "`/pod watch off -l 'app in (api,web)' -n shop` ends it." in plain(reply.blocks)
    said = await listed(asked)
    assert "*1 watch of this channel*" in said
    for part in ("main/shop", "app in (api,web)", "podbot:operator"):
        assert part in said
    reply = await change("watch off -l 'app in (api,web)'", asked)
    assert reply.text == ":heavy_minus_sign: *No longer watched* · pods in `main/shop (app in (api,web))`"
    assert "*Nothing is watched* for this channel" in await listed(asked)


async def test_the_plan_says_what_will_be_told(records: MemoryRecords) -> None:
    """The announcement says as whom, and nothing has been kept by then."""
    parsed = parse("watch on", REGISTRY)
    assert isinstance(parsed.command, Change)
    plan = await parsed.command.plan(context(records), parsed.asked)
    assert plan.summary == "watch main/shop"
    (note,) = plan.notes
    assert note.startswith("As podbot:operator, podbot tells this channel when pods there come into trouble")
    assert records.texts == {}


async def test_as_whom_is_told_as_kubernetes_sees_it(records: MemoryRecords) -> None:
    """Where podbot impersonates nobody the tier is its ServiceAccount."""
    asked = replace(context(records), accounts="bots")
    await change("watch on", asked)
    said = await listed(asked)
    assert "system:serviceaccount:bots:podbot-tier-operator" in said
    assert "podbot:operator" not in said


@pytest.mark.parametrize("verb", ["list", "watch"])
async def test_the_askers_own_right_is_needed(records: MemoryRecords, verb: str) -> None:
    """Who may not list or watch pods turns nothing on, whatever the tier may."""
    with pytest.raises(Forbidden, match=f"you may not {verb} pods in shop"):
        await change("watch on", context(records, **{verb: False}))
    assert records.texts == {}


@pytest.mark.parametrize("may_read_logs", [True, False])
async def test_a_person_sees_no_more_by_way_of_the_tier(records: MemoryRecords, *, may_read_logs: bool) -> None:
    """A watch shows the channel what the tier may read, so a person of their own must be allowed all of it."""
    rights = {f"allowed {one.verb} {one.resource}": True for one in LOOKING}
    cluster = FakeCluster({**ALLOWED, **rights, "allowed get pods/log": may_read_logs})
    asked = replace(context_of(cluster), watches=KeptWatches(records, ("k" * 40,)))
    grant = replace(asked.grant, identity=Identity("alice@example.com", ("shop-team",)))
    asked = replace(asked, scopes=(Scope(grant, cluster),))
    if may_read_logs:
        assert "Watched" in (await change("watch on", asked)).text
        return
    with pytest.raises(Forbidden, match="you may not get pods/log in shop"):
        await change("watch on", asked)
    assert records.texts == {}


async def test_a_tier_that_may_not_read_watches_nothing(records: MemoryRecords) -> None:
    """A watch reads, so its tier must be one that may."""
    cluster = FakeCluster(dict(ALLOWED))
    asked = replace(context_of(cluster, may=frozenset({Effect.CHANGE})), watches=KeptWatches(records, ("k" * 40,)))
    with pytest.raises(Declined, match="may not read"):
        await change("watch on", asked)


async def test_what_is_so_already_is_declined(records: MemoryRecords) -> None:
    """It is turned on once, and only what is on is turned off."""
    asked = context(records)
    with pytest.raises(Declined, match="does not watch main/shop"):
        await change("watch off", asked)
    await change("watch on", asked)
    with pytest.raises(Declined, match="already"):
        await change("watch on", replace(asked, ask=replace(asked.ask, received=asked.clock.now(), user="U0BOB")))


async def test_a_long_selector_is_declined_before_anything_is_announced(records: MemoryRecords) -> None:
    """The plan says no, with the bound and what to type instead."""
    parsed = parse(f"watch on -l 'app in ({','.join(f'web-{number}' for number in range(100))})'", REGISTRY)
    assert isinstance(parsed.command, Change)
    with pytest.raises(Declined, match="at most 500 characters"):
        await parsed.command.plan(context(records), parsed.asked)
    assert records.texts == {}


async def test_an_answer_that_gets_lost_is_no_refusal(records: MemoryRecords) -> None:
    """Where the API server's answer is lost and the change is tried again, it is done, and not "already"."""
    records.loses = True
    assert "*Watched*" in (await change("watch on", context(records))).text
    assert "*No longer watched*" in (await change("watch off", context(records))).text
    assert records.texts == {}


@pytest.mark.parametrize("line", ["watch", "watch both", "watch on off", "watch on -l 'a b'", "watch on -A"])
def test_what_is_no_line(line: str) -> None:
    """A word is needed, one of two, and one namespace."""
    with pytest.raises(UsageError):
        parse(line, REGISTRY)
