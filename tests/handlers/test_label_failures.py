"""`label` of several pods where it takes long or fails, over a fake cluster."""

from collections import deque
from collections.abc import Mapping
from typing import Any

import pytest

from bot.core.errors import Conflict, Forbidden, Invalid, OutcomeUnknown
from bot.core.resources import Json
from bot.render.blocks import section
from handlers.label import COMMAND, Labelled
from tests.core.samples import raw_pod
from tests.fakes import FakeClock, FakeCluster, context_of
from tests.handlers.labelling import asked

TEST_FAILED = Invalid("the server rejected our request due to an error in our request", status=422, cause="Invalid")


class Slow(FakeCluster):
    """A cluster that takes so many seconds for each patch."""

    def __init__(self, answers: Mapping[str, Any], seconds: float) -> None:
        super().__init__(answers)
        self.clock, self.seconds = FakeClock(), seconds

    async def patch(self, *args: Any, **options: Any) -> Json:
        await self.clock.sleep(self.seconds)
        return await super().patch(*args, **options)


async def done(*answers: Any, seconds: float = 0) -> list[Labelled]:
    """Label as many pods as there are answers to their patches, each of which takes so many seconds."""
    names = [f"web-{number}" for number in range(1, len(answers) + 1)]
    raws = {f"get pods/{name}": raw_pod(name=name, uid=f"uid-{name}") for name in names}
    patches = {
        f"patch pods/{name}": deque([{}, answer] if answer is not None else [{}])
        for name, answer in zip(names, answers, strict=True)
    }
    cluster = Slow({**raws, **patches, "list services": (), "list replicasets": ()}, seconds)
    request, context = asked(f"{' '.join(names)} a=b"), context_of(cluster, clock=cluster.clock)
    plan = await COMMAND.plan(context, request)
    return [result async for result in COMMAND.run(context, request, plan)]


async def test_what_takes_long_is_told_on_the_way() -> None:
    """Those that are done so far are told every three seconds, so that what breaks it off leaves few untold."""
    told = await done(None, None, None, None, None, None, seconds=2)
    assert [sum(one.is_done for one in result.targets) for result in told] == [1, 3, 5, 6]
    assert len(await done(None, None, None, None)) == 2


async def test_what_fails_at_one_pod_does_not_stop_the_others() -> None:
    """Each failure is told at its pod, an unknown outcome as such; the first that is done is told at once."""
    first, last = await done(TEST_FAILED, None, OutcomeUnknown("the connection broke"), Forbidden("quota exceeded"))
    assert [one.is_done for one in first.targets] == [False, True, False, False]
    reply = COMMAND.render(last)
    assert reply.text == ":label: *Labeled* · 1 of 4 pods"
    assert reply.blocks[2] == section(
        "• web-1: left alone, the pod or its labels were changed meanwhile\n"
        "• web-3: no clear answer came, it may have been labeled (the connection broke)\n"
        "• web-4: left alone, quota exceeded"
    )
    assert [offer.line for offer in reply.offers] == ["label web-2 a- --overwrite -n shop"]


@pytest.mark.parametrize(
    ("answers", "error", "said"),
    [
        ((TEST_FAILED,), Conflict, "the pod or its labels were changed meanwhile"),
        ((Invalid("wrong"), TEST_FAILED), Invalid, "web-1: wrong; web-2: the pod or its labels were changed meanwhile"),
        ((TEST_FAILED, OutcomeUnknown("broke")), OutcomeUnknown, "web-1: the pod or its labels .*; web-2: broke"),
        ((Forbidden("cannot patch resource"), Forbidden("cannot patch resource")), Forbidden, "^cannot patch resource"),
        ((Forbidden("a webhook says no"),), Invalid, "a webhook says no"),
    ],
)
async def test_where_all_fail_the_change_fails(
    answers: tuple[Exception, ...], error: type[Exception], said: str
) -> None:
    """Where no pod could be labeled that is an error, unknown if one of them is."""
    with pytest.raises(error, match=said):
        await done(*answers)
