"""The pods whose labels are to be changed, and what is said of them; all in plain text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.core.errors import ClusterError, Forbidden, OutcomeUnknown, UsageError
from bot.core.pods import Pod
from bot.core.redaction import redact_within
from bot.core.relabelling import LabelChange, Relabelling, Step, inverse

Problem = ClusterError | UsageError


@dataclass(frozen=True, slots=True)
class Target:
    """A pod, what the changes make of its labels, and how far that has come; `problem` keeps it from being done."""

    pod: Pod
    labels: Relabelling
    problem: Problem | None = None
    is_done: bool = False

    @property
    def is_open(self) -> bool:
        """Whether there is something to do, and nothing against it."""
        return bool(self.labels.steps) and self.problem is None


def standing_against_all(targets: Sequence[Target]) -> Problem | None:
    """Return what stands against all pods where none was done; above all, that one of them may have been changed."""
    problems = [(one.pod.name, one.problem) for one in targets if one.problem]
    if not problems or any(one.is_done for one in targets):
        return None
    errors = [problem for _, problem in problems]
    worst = next((one for one in errors if isinstance(one, OutcomeUnknown)), errors[0])
    if len(targets) == 1 or isinstance(worst, Forbidden):  # a right is missing for all of them alike
        return worst
    said = "; ".join(grouped((name, str(problem)) for name, problem in problems))
    if isinstance(worst, UsageError):
        return type(worst)(f"pods {said}", hint=worst.hint, verb=worst.verb)
    return type(worst)(said, status=worst.status, cause=worst.cause, retry_after=worst.retry_after)


def grouped(said: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Say each thing once, after the names of all pods that it is said of."""
    names: dict[str, list[str]] = {}
    for name, words in said:
        names.setdefault(words, []).append(name)
    return (f"{', '.join(whose)}: {words}" for words, whose in names.items())


def intended(targets: Iterable[Target]) -> Iterator[tuple[str, str]]:
    """Say of each pod what will be done to it."""
    for one in targets:
        if one.is_open:
            changes = (f"{step.key} {' → '.join(both_values(step))}" for step in one.labels.steps)
            yield one.pod.name, ", ".join(changes)


def remarks(targets: Iterable[Target]) -> Iterator[tuple[str, str]]:
    """Say of each pod what is not done to it, and why."""
    for one in targets:
        if isinstance(one.problem, OutcomeUnknown):
            yield one.pod.name, f"no clear answer came, it may have been labeled ({one.problem})"
        elif one.problem:
            yield one.pod.name, f"left alone, {one.problem}"
        else:
            for change in one.labels.idle:
                missing = change.value is None
                yield one.pod.name, f"label “{change.key}” not found" if missing else f"{change} is so already"


def both_values(step: Step) -> tuple[str, str]:
    """Return a label's value before and after as people read them, masked where its name gives one away."""
    return _shown(step.key, step.before), _shown(step.key, step.after)


def _shown(key: str, value: str | None) -> str:
    """Return a value in words where there is none; no value has brackets in it."""
    return redact_within({key: value}, value) if value else "(none)" if value is None else "(empty)"


def ways_back(targets: Iterable[Target]) -> dict[tuple[LabelChange, ...], list[Target]]:
    """Return the changes that bring back what was, each with the pods that were done and that it holds for."""
    ways: dict[tuple[LabelChange, ...], list[Target]] = {}
    for one in targets:
        if one.is_done:
            ways.setdefault(inverse(one.labels.steps), []).append(one)
    return ways
