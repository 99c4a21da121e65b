"""Following a new pod until it settles."""

from collections import deque
from typing import Any

from bot.core.diagnosis import Finding, Stage
from bot.core.errors import Forbidden, NotFound
from bot.core.pods import Pod
from bot.core.resources import Json
from bot.steps.settling import Settling, settle
from tests.core.samples import ended, event, pending, raw_pod, running, waiting
from tests.fakes import NOW, FakeClock, FakeCluster, context_of

FIRST = pending({"containerStatuses": []})


async def follow(*later: Json | Exception, events: Any = ()) -> tuple[list[Settling], FakeCluster, FakeClock]:
    """Follow a pod through these answers, the last of which stays, for at most ten seconds."""
    cluster = FakeCluster({"get pods/web-1": deque(later), "list events": events})
    clock = FakeClock()
    states = [state async for state in settle(context_of(cluster, clock=clock), Pod.of(FIRST), seconds=10)]
    return states, cluster, clock


async def test_yields_what_looks_different_until_the_pod_is_ready() -> None:
    """The first state needs no call, equal ones are left out, and a pod that runs needs no events."""
    states, cluster, clock = await follow(pending(), pending(), raw_pod())
    assert [(state.stage, state.last) for state in states] == [
        (Stage.STARTING, False),
        (Stage.STARTING, False),
        (Stage.RUNNING, False),
        (Stage.RUNNING, True),
    ]
    assert [call for call, _ in cluster.calls] == ["get pods/web-1"] * 6
    assert (clock.now() - NOW).total_seconds() == 6


async def test_a_pod_that_is_ready_for_a_moment_has_not_settled() -> None:
    """A container that ends just after its start is not told as running."""
    crashed = pending({"containerStatuses": [waiting("app", "CrashLoopBackOff", lastState=ended("app", 3)["state"])]})
    states, _, _ = await follow(raw_pod(), raw_pod(), crashed)
    assert (states[-1].stage, states[-1].last) == (Stage.STUCK, True)


async def test_a_restart_counts_afresh() -> None:
    """A pod that is ready at each look, but restarts between them, has not settled."""
    again = [raw_pod(status={"containerStatuses": [running("app", restartCount=count)]}) for count in range(9)]
    states, _, clock = await follow(*again)
    assert states[-1].pod.restarts == 8
    assert (clock.now() - NOW).total_seconds() == 10


async def test_ends_with_a_pod_that_has_done_its_work() -> None:
    """A pod that completes at once has settled."""
    states, _, _ = await follow(raw_pod(status={"phase": "Succeeded", "containerStatuses": [ended("app", 0)]}))
    assert (states[-1].stage, states[-1].last) == (Stage.COMPLETED, True)


async def test_ends_with_a_pod_that_is_stuck_and_says_why() -> None:
    """A pod that cannot pull its image is told with the words of the event."""
    said = 'Failed to pull image "nginx:9": not found'
    stuck = pending({"containerStatuses": [waiting("app", "ImagePullBackOff", "Back-off")]})
    states, _, _ = await follow(pending(), stuck, events=[event("Failed", said)])
    assert (states[-1].stage, states[-1].last) == (Stage.STUCK, True)
    assert states[-1].finding is not None
    assert states[-1].finding.said == said


async def test_ends_with_its_time_and_what_events_say() -> None:
    """A pod that does not get on is left after the given seconds, with the reason that its events tell."""
    states, cluster, clock = await follow(pending(), events=[event("FailedMount", "no such Secret")])
    last = states[-1]
    assert (last.stage, last.last) == (Stage.STARTING, True)
    assert last.finding == Finding("a volume cannot be mounted", "no such Secret")
    assert (clock.now() - NOW).total_seconds() == 10
    assert [call for call, _ in cluster.calls].count("list events") == 3


async def test_says_that_events_may_not_be_read() -> None:
    """Without the right to read events, the state says that its reason may be missing."""
    states, _, _ = await follow(pending(), events=Forbidden("no"))
    assert states[-1].unread


async def test_ends_with_a_pod_that_is_gone_or_another() -> None:
    """A pod that somebody deletes or replaces on the way is gone, and its namesake is not followed."""
    for answer in (NotFound("gone"), pending(uid="another")):
        states, _, _ = await follow(answer)
        assert (states[-1].gone, states[-1].last, states[-1].pod.uid) == (True, True, "uid-web-1")
