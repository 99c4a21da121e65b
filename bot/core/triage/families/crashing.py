"""Why a container ends again and again, by its exit code and its log.

Sources: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states and, for the codes above
128, https://man7.org/linux/man-pages/man7/signal.7.html.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from bot.core.containers import Running, Terminated
from bot.core.triage.crashes import again, crash, how
from bot.core.triage.finders import Cause, waiting
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.known_errors import advice_for
from bot.core.triage.looking import failed_runs, runs, told
from bot.core.triage.next_steps import describe, events, logs
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot

_SOURCE: Final = "https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/"
_KILLED, _ENDED = 137, 143
_SIGNALS: Final[Mapping[int, str]] = {
    132: "SIGILL, an instruction that the processor does not know",
    134: "SIGABRT: it gave up by itself",
    135: "SIGBUS: it used memory that is not there",
    136: "SIGFPE: it divided by zero, or the like",
    139: "SIGSEGV: it used memory that is not its own",
}
_UNKNOWN = "ContainerStatusUnknown"
_OWN_RULES = frozenset({"OOMKilled", "StartError", "ContainerCannotRun", _UNKNOWN})
_BY_SHELL = frozenset({126, 127})
_OFTEN, _LATELY = 3, timedelta(hours=1)


def _signalled(seen: Snapshot) -> Iterator[Finding]:
    for run in failed_runs(seen):
        code = run.ended.exit_code or 128 + run.ended.signal
        if code in _SIGNALS and run.ended.reason not in _OWN_RULES:
            found = crash(seen, run)
            cause = Cause(
                "{container} crashed with {signal}{times}{tail}", "Look for a bug in it or its libraries", logs
            )
            groups = {"signal": _SIGNALS[code], "times": again(run), "tail": found.tail}
            yield cause.found(seen, found.proofs, groups=groups, container=run.container)


def _killed(seen: Snapshot) -> Iterator[Finding]:
    for run in failed_runs(seen):
        if run.ended.exit_code == _KILLED and run.ended.reason not in _OWN_RULES:
            cause = Cause(
                "{container} was killed from outside (137, SIGKILL), and not for its memory limit{times}",
                "See its events: a probe, a node that drains or is short, or its own end that took too long",
                events,
                Sureness.LIKELY,
            )
            yield cause.found(seen, (run.proof,), groups={"times": again(run)}, container=run.container)


def _ended(seen: Snapshot) -> Iterator[Finding]:
    for run in failed_runs(seen):
        if run.ended.exit_code == _ENDED and run.ended.reason not in _OWN_RULES:
            words = "{container} was asked to end (143, SIGTERM){times}; nothing that was read says by whom"
            cause = Cause(words, "See its events, and what its controller does", events, Sureness.LIKELY)
            yield cause.found(seen, (run.proof,), groups={"times": again(run)}, container=run.container)


def _lost(seen: Snapshot) -> Iterator[Finding]:
    for run in failed_runs(seen):
        if run.ended.reason == _UNKNOWN:
            cause = Cause("the node lost track of {container}: how it ended is not known", "See its node", describe)
            yield cause.found(seen, (run.proof,), container=run.container)


def _completes(seen: Snapshot) -> Iterator[Finding]:
    """Say that a process that should go on ends well, each time."""
    for run in runs(seen):
        restarts = run.container.restart_count > 0 or run.again
        if run.ended.exit_code or run.ended.signal or run.ended.reason in _OWN_RULES or not restarts:
            continue
        if seen.pod.restart_policy in {"", "Always"} and run.container in seen.pod.containers:
            cause = Cause(
                "{container} ends by itself with exit code 0, and is started again each time{times}",
                "Give it a command that goes on, or make it a Job",
                logs,
                Sureness.LIKELY,
            )
            found = crash(seen, run)
            yield cause.found(
                seen, (run.proof, *found.proofs[1:]), groups={"times": again(run)}, container=run.container
            )


def _failed(seen: Snapshot) -> Iterator[Finding]:
    for run in failed_runs(seen):
        code = run.ended.exit_code
        if run.ended.reason in _OWN_RULES or code in {_KILLED, _ENDED, 0} | _BY_SHELL | _SIGNALS.keys():
            continue
        found = crash(seen, run)
        cause = Cause("{container} ends with {how}{times}{tail}", advice_for(found.headline), logs)
        groups = {"how": how(run), "times": again(run), "tail": found.tail}
        yield cause.found(seen, found.proofs, groups=groups, container=run.container)


def _intermittent(seen: Snapshot) -> Iterator[Finding]:
    """Say that what runs now has ended badly several times, and lately."""
    for one in seen.pod.containers:
        last = one.last_state
        if not (isinstance(one.state, Running) and isinstance(last, Terminated) and one.ready):
            continue
        recent = last.finished is not None and seen.now - last.finished < _LATELY
        if one.restart_count >= _OFTEN and recent:
            quote = f"{last.word}, exit code {last.exit_code}"
            proof = Evidence(f"status.containerStatuses[{one.name}].lastState.terminated", quote, last.finished)
            words = "{container} runs now, but was started again {count} times, last after {last}"
            killing = next((event_quote for event_quote in _killings(seen, one.name)), None)
            cause = Cause(words, "", logs, Sureness.LIKELY)
            groups = {"count": f"{one.restart_count:,}", "last": f"exit code {last.exit_code} ({last.word})"}
            yield cause.found(seen, (proof, *([killing] if killing else [])), groups=groups, container=one)


def _killings(seen: Snapshot, container: str) -> Iterator[Evidence]:
    for event in told(seen, {"Killing"}, r"failed (?:liveness|startup) probe"):
        if event.container == container or f"Container {container} " in event.message:
            yield Evidence("event Killing", event.message, event.last)


def _for_another_reason(seen: Snapshot) -> Iterator[Finding]:
    pod = seen.pod
    if pod.phase == "Failed" and pod.reason:
        proof = Evidence("status.reason", ": ".join(filter(None, (pod.reason, pod.message))))
        cause = Cause("it failed: {reason}", "See what the message names", describe, Sureness.LIKELY)
        yield cause.found(seen, (proof,), groups={"reason": pod.reason})


def _no_logs(seen: Snapshot) -> Iterator[Finding]:
    """Say that a failed run left no word, which is itself worth knowing."""
    for run in failed_runs(seen):
        log = seen.log(run.container.name)
        if log and not log.text.strip() and run.ended.reason not in _OWN_RULES:
            why = log.missing or "it is empty"
            cause = Cause("nothing is in the log of {container}: {why}", "", describe, Sureness.POSSIBLE)
            yield cause.found(seen, (run.proof,), groups={"why": why}, container=run.container)


_rule = partial(Rule, source=_SOURCE)

FAMILY: Final = Family(
    "crashing",
    (
        _rule("R5", "exit codes 139, 134, 135, 136", "the process crashed with a signal", _signalled, ("R1", "R8")),
        _rule("R9", "ContainerStatusUnknown", "node or runtime lost it", _lost, ("R1", "R4", "R8")),
        _rule("R8", "another exit code", "the first error line of its log", _failed, ("R1",)),
        _rule("R7", "exit code 0, again and again", "the process completes", _completes, ("R1",)),
        _rule("R4", "137 and not OOMKilled", "killed from outside", _killed, ("R1",)),
        _rule("R6", "143", "asked to end", _ended, ("R1",)),
        _rule(
            "R1",
            "CrashLoopBackOff",
            "it fails again and again, and nothing else is known",
            waiting(
                {"CrashLoopBackOff"}, Cause("{container} fails again and again", "See its log", logs, Sureness.LIKELY)
            ),
        ),
        _rule("R0", "pod Failed, for another reason", "what the node or a controller says", _for_another_reason),
        _rule("R15", "many restarts, running now", "it fails from time to time", _intermittent, always=True),
        _rule("R17", "no log of a failed run", "why there is none", _no_logs),
    ),
)
