"""Logs in words: whose they are, how much was read and searched, and what is not shown."""

from collections.abc import Iterator, Sequence

from bot.core.logs import About, Printed, Source, Tail
from bot.core.replies import Block, File, Offer, Reply
from bot.render.blocks import context as small_print
from bot.render.blocks import preformatted, quote, section
from bot.render.cutting import excerpt
from bot.render.text import bold, clean, code, counted, escape, typed

IN_MESSAGE = 7_500  # characters; what is longer goes into a file as well
_SAID = 200  # characters of what the server said of one of several
_NAMED = 8  # containers whose trouble is told one by one


def printed(about: About, log: Printed) -> Reply:
    """Show what was read; what is long is in the file as well."""
    text, lines = _text(log.data)
    answer = f"{_heading(about)}: {_found(about, log.read, log.matched) or _lines(lines)}"
    notes = (
        *_cuts(about, log, lines),
        *_each(log.missing),
        *_left_out(about),
        *_others(about),
        *_silent(about, log, lines),
        *_lost(about, log),
    )
    file = File(_file_name(about), f"{text}\n") if len(text) > IN_MESSAGE else None
    return Reply(answer, _blocks(answer, text, notes), file, about.pins, offers=_offers(about))


def followed(about: About, tail: Tail) -> Reply:
    """Show the last lines of what goes on, and why it does not any more."""
    text, _ = _text(tail.data)
    told = _found(about, tail.read, tail.matched) or (f"{_lines(tail.read)} so far" if text else "nothing printed yet")
    answer = f"{_heading(about)}: {told}"
    waiting = [(source, source.why_missing) for source in about.sources if source.waits]
    notes = (*_each([*tail.ended, *waiting]), *_left_out(about))
    return Reply(answer, _blocks(answer, text, notes), pins=about.pins)


def not_started(about: About) -> Reply:
    """Say what the one container waits for."""
    source = about.sources[0]
    answer = f"{_heading(about)}: not started, {code(source.waits)}"
    message: tuple[Block, ...] = (quote(source.message),) if source.message else ()
    notes = (f"{_describes(about, source)} why; {typed(_line(about, source))} tries again.", *_others(about))
    return Reply(answer, (section(answer), *message, small_print(*notes)), pins=about.pins)


def no_previous(about: About) -> Reply:
    """Say that there is no log of an earlier run."""
    source = about.sources[0]
    restarted = f"restarted {counted(source.restarts, 'time')}" if source.restarts else "never restarted"
    answer = f"{_heading(about)}: no log of an earlier run is there; it has {restarted}"
    notes = (f"{typed(_line(about, source))} shows the present run.", *_others(about))
    return Reply(answer, (section(answer), small_print(*notes)), pins=about.pins)


def no_pods(about: About) -> Reply:
    """Say that the labels match nothing."""
    answer = f"No pods match {code(about.whose)} in {code(_place(about))}."
    note = f"{typed(f'list --show-labels -n {about.namespace}')} shows what labels there are."
    return Reply(answer, (section(answer), small_print(note)))


def _blocks(answer: str, text: str, notes: Sequence[str]) -> tuple[Block, ...]:
    log: tuple[Block, ...] = (preformatted(text),) if text else ()
    return (section(answer), *log, *((small_print(*notes),) if notes else ()))


def _text(data: bytes) -> tuple[str, int]:
    """Return what is shown of a log, and in how many lines."""
    text = clean(data.decode(errors="replace")).rstrip("\n")
    return text, text.count("\n") + 1 if text else 0


def _lines(lines: int) -> str:
    return counted(lines, "line") if lines else "nothing printed"


def _found(about: About, read: int, matched: int) -> str:
    """Say how much was found; empty where nothing was searched for."""
    if not about.wanted.grep:
        return ""
    pattern = code(about.wanted.grep)
    if not matched:
        return f"none of the {counted(read, 'line')} read matches {pattern}" if read else "nothing printed"
    return f"{matched:,} of the {counted(read, 'line')} read {'matches' if matched == 1 else 'match'} {pattern}"


def _heading(about: About) -> str:
    previous = ", previous run" if about.wanted.previous else ""
    containers = f"container {code(about.sources[0].container)}"
    if about.several:
        containers = counted(len(about.sources), "container")
    if about.selected:
        containers += f" of {counted(len({source.pod for source in about.sources}), 'pod')}"
    return f"{bold(about.whose)} in {code(_place(about))}, {containers}{previous}"


def _cuts(about: About, log: Printed, lines: int) -> Iterator[str]:
    if log.cut:
        yield f"The end is missing: reading stopped after {log.cut // 2**20} MiB. Narrow it with {code('--since')}."
    if log.dropped:
        yield f"{log.dropped:,} bytes before these lines are left out. Narrow it with {code('--since')}."
    if not about.wanted.grep and not about.several and lines == about.wanted.tail:
        yield f"The {_last(lines)}; {code('--tail -1')} reads all."
    if about.several and about.wanted.tail is not None:
        yield f"The {_last(about.wanted.tail)} of each {_were(about.wanted.tail)} read; {code('--tail')} changes that."
    elif about.wanted.grep and about.wanted.tail is not None:
        searched = f"{_last(about.wanted.tail)} {_were(about.wanted.tail)} searched"
        yield f"Only the {searched}; {code('--tail -1')} searches all."


def _last(lines: int) -> str:
    return "last line" if lines == 1 else f"last {counted(lines, 'line')}"


def _were(lines: int) -> str:
    return "was" if lines == 1 else "were"


def _each(troubles: Sequence[tuple[Source, str]]) -> Iterator[str]:
    """Say what became of single logs, in one piece of small print, of which a message takes ten."""
    told = [
        f"{code(f'{source.pod}/{source.container}')}: {escape(excerpt(' '.join(why.split()), _SAID))}"
        for source, why in troubles[:_NAMED]
    ]
    if len(troubles) > _NAMED:
        told.append(f"… and {counted(len(troubles) - _NAMED, 'more container')} like these")
    if told:
        yield "\n".join(told)


def _left_out(about: About) -> Iterator[str]:
    if about.sources_left_out:
        yield f"{counted(about.sources_left_out, 'more container')} left out: narrow it with {code('-c')}."
    if about.pods_left_out:
        pods = counted(about.pods_left_out, "more pod")
        yield f"{f'At least {pods}' if about.uncounted else pods} left out: narrow {code('-l')}."


def _others(about: About) -> Iterator[str]:
    if about.others:
        yield f"Other containers, by {code('-c')}: {', '.join(map(code, about.others))}."


def _silent(about: About, log: Printed, lines: int) -> Iterator[str]:
    """Say where else to look for what one container has not printed."""
    if not lines and not log.read and not about.several:
        yield f"{_describes(about, about.sources[0])} how it is."


def _lost(about: About, log: Printed) -> Iterator[str]:
    """Say what the kubelet's one line means, and that a newer run may be there in a moment."""
    if log.lost and not about.several:
        source = about.sources[0]
        again = f"{_line(about, source)}{' -p' if about.wanted.previous else ''}"
        yield f"The node says so: it no longer has this run's log. {typed(again)} asks again, for a newer run."


def _describes(about: About, source: Source) -> str:
    return f"{typed(f'describe {source.pod} -n {about.namespace}')} shows"


def _offers(about: About) -> tuple[Offer, ...]:
    """Offer the previous run of a container that was restarted."""
    source = about.sources[0]
    if about.several or about.wanted.previous or not source.restarts:
        return ()
    return (Offer("Previous run", f"logs {source.pod} -c {source.container} -p -n {about.namespace}", about.pins),)


def _line(about: About, source: Source) -> str:
    """Return the shortest line that reads this container."""
    return f"logs {source.pod} -c {source.container} -n {about.namespace}"


def _place(about: About) -> str:
    return f"{about.cluster}/{about.namespace}"


def _file_name(about: About) -> str:
    source = about.sources[0]
    if about.selected:
        return f"{about.namespace}-pods.log"
    return f"{source.pod}.log" if about.several else f"{source.pod}-{source.container}.log"
