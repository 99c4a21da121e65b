"""The one message of a change, from question to outcome, and the frame around answers that are shared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.commands import Plan
from bot.core.names import Namespace
from bot.core.replies import Block, Reply
from bot.render.blocks import actions, button, context, section
from bot.render.text import code, escape, when

STATES: Mapping[str, str] = {
    "asked": ":grey_question: Waiting for a press",
    "started": ":hourglass_flowing_sand: Started",
    "done": ":white_check_mark: Done",
    "refused": ":no_entry: Refused, nothing was changed",
    "failed": ":x: Failed, nothing was changed",
    "unknown": ":warning: Unknown, it may have happened",
    "cancelled": ":heavy_minus_sign: Cancelled, nothing was changed",
    "expired": ":heavy_minus_sign: Expired, nothing was changed",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """What every state of a change's message says: who, where, what. `line` is what was typed, already redacted."""

    user: str
    cluster: str
    namespace: Namespace
    line: str
    plan: Plan


def question(heading: Heading, confirm: str, cancel: str, seconds: float) -> Reply:
    """Ask for the button that only the asker can press; `confirm` and `cancel` are signed values."""
    minutes = round(seconds / 60)
    waiting = f"Only <@{heading.user}> can press, for {minutes} minutes."
    buttons = actions(
        button("Do it", "podbot:confirm", confirm, style="danger"),
        button("Cancel", "podbot:cancel", cancel),
    )
    return _message(heading, "asked", (*_notes(heading), buttons, context(waiting)))


def announced(heading: Heading) -> Reply:
    """Say what is about to be done, before it is done."""
    return _message(heading, "started", _notes(heading))


def ended(heading: Heading, state: str, reply: Reply | None = None) -> Reply:
    """Say how it ended (`state` is a key of `STATES`), with the answer that the verb or an error rendered."""
    message = _message(heading, state, reply.blocks if reply else ())
    return replace(message, file=reply.file) if reply else message


def going(heading: Heading, reply: Reply) -> Reply:
    """Show an intermediate result under the announcement."""
    return _message(heading, "started", reply.blocks)


def closed(user: str, line: str, cluster: str, namespace: str, state: str) -> Reply:
    """Close a question that was cancelled or has expired; its buttons go."""
    text = f"{STATES[state]} · {code(f'{cluster}/{namespace}')} · <@{user}>: {code('/pod ' + line)}"
    return Reply(f"{state}: {escape(line)}", (section(text),))


@dataclass(frozen=True, slots=True)
class Pressable:
    """A button to be: its label, what its action is called, and its signed value."""

    label: str
    action: str
    value: str


def pressable(reply: Reply, buttons: Sequence[Pressable]) -> Reply:
    """Add buttons under an answer; its offers are used up by that."""
    if not buttons:
        return replace(reply, offers=())
    row = actions(*(button(one.label, f"podbot:{one.action}", one.value) for one in buttons))
    return replace(reply, blocks=(*reply.blocks, row), offers=())


def fileless(reply: Reply) -> Reply:
    """Return an answer, fitted already, without its file, and say so."""
    if reply.file is None:
        return reply
    note = context(":scissors: The file is not shared; the same command brings it to whoever types it.")
    return replace(reply, blocks=(*reply.blocks, note), file=None)


def shared(
    reply: Reply, user: str, line: str, first: datetime, again: datetime, remove: str, resolve: str = ""
) -> Reply:
    """Frame an answer that somebody shares with the channel: who, which command, both times of reading."""
    frame = section(f"<@{user}> shared {code('/pod ' + line)}")
    times = context(f"First read {when(first)}, read again {when(again)}")
    closing = (button("Resolve", "podbot:resolve", resolve, style="primary"),) if resolve else ()
    buttons = actions(*closing, button("Remove", "podbot:remove", remove))
    return replace(reply, blocks=(frame, *reply.blocks, times, buttons))


@dataclass(frozen=True, slots=True)
class Following:
    """What every state of a message that follows something says; `minutes` is the most that it goes on for."""

    user: str
    line: str
    minutes: int
    stop: str
    remove: str


def followed(following: Following, blocks: tuple[Block, ...], ended: str = "") -> Reply:
    """Frame what is followed, for all in the channel: who follows what, and for how long or why no longer."""
    frame = section(f"<@{following.user}> follows {code('/pod ' + following.line)}")
    state = (
        f":black_square_for_stop: {ended}" if ended else f":satellite: Live, for at most {following.minutes} minutes."
    )
    remove = button("Remove", "podbot:remove", following.remove)
    stop = () if ended else (button("Stop", "podbot:stop", following.stop),)
    text = f"{ended or 'following'}: {escape(following.line)}"
    return Reply(text, (frame, *blocks, context(state), actions(*stop, remove)))


def _message(heading: Heading, state: str, blocks: tuple[Block, ...]) -> Reply:
    where = code(f"{heading.cluster}/{heading.namespace}")
    first = f"{STATES[state]} · {where} · {escape(heading.plan.summary)}"
    who = context(f"<@{heading.user}> asked for {code('/pod ' + heading.line)}")
    text = f"{state}: {escape(heading.plan.summary)} in {heading.cluster}/{heading.namespace}"
    return Reply(text, (section(first), who, *blocks))


def _notes(heading: Heading) -> tuple[Block, ...]:
    if not heading.plan.notes:
        return ()
    return (section("\n".join(f"• {escape(note)}" for note in heading.plan.notes)),)
