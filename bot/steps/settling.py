"""Following a new pod until it runs, ends or is stuck."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from bot.core.commands import Context
from bot.core.diagnosis import Finding, Stage, stage, why_not_running
from bot.core.events import Event
from bot.core.pods import Pod
from bot.core.statuses import ready_word, status_word
from bot.steps.events import events_of
from bot.steps.pods import read_again

PAUSE = 1.0
_EVENTS_EVERY = 5  # turns: status says most, and says it first
_OPEN = (Stage.STARTING, Stage.RUNNING)
_WELL = (Stage.RUNNING, Stage.COMPLETED)
_STEADY = 4  # reads that must find it ready: one that ends at once is ready as well for a moment


@dataclass(frozen=True, slots=True)
class Settling:
    """One state of a pod on its way, and why it does not run yet.

    `last` says that nothing follows; a pod that is still STARTING then has run out of time. One that is not there any
    more, or has been replaced, is `gone`. `unread` says that events could not be read, so that a reason may be missing.
    """

    pod: Pod
    stage: Stage
    finding: Finding | None = None
    last: bool = False
    gone: bool = False
    unread: bool = False


async def settle(context: Context, pod: Pod, *, seconds: float) -> AsyncIterator[Settling]:
    """Yield a pod's states from this one on, each that looks different, until it settles or `seconds` are over.

    The first comes without a call, for whoever has just created the pod. A pod has settled when it stays ready without
    a restart, has ended, or is stuck.
    """
    end = context.clock.now() + timedelta(seconds=seconds)
    events: tuple[Event, ...] | None = ()
    seen: object = None
    turn = steady = 0
    while True:
        steady = steady + 1 if pod.is_true("Ready") else 0
        state = _state(pod, events, over=steady >= _STEADY or context.clock.now() >= end)
        if state.stage not in _WELL and (state.last or turn % _EVENTS_EVERY == _EVENTS_EVERY - 1):
            events = await events_of(context.cluster, pod)
            state = _state(pod, events, over=state.last)
        if (looks := _looks(state)) != seen:
            yield state
            seen = looks
        if state.last:
            return
        await context.clock.sleep(PAUSE)
        turn += 1
        found = await read_again(context, pod)
        if found is None:
            yield Settling(pod, stage(pod, None), last=True, gone=True)
            return
        steady = steady if found.restarts == pod.restarts else 0
        pod = found


def _state(pod: Pod, events: tuple[Event, ...] | None, *, over: bool) -> Settling:
    finding = why_not_running(pod, events or ())
    reached = stage(pod, finding)
    return Settling(pod, reached, finding, last=over or reached not in _OPEN, unread=events is None)


def _looks(state: Settling) -> object:
    """Return what people see of it."""
    return (state.stage, status_word(state.pod), ready_word(state.pod), state.finding, state.last)
