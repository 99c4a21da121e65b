"""Why a container's process does not begin: its command, or a hook beside it.

The messages are the runtime's: https://github.com/opencontainers/runc/blob/main/libcontainer/standard_init_linux.go.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.containers import Container
from bot.core.reading import mapping, texts
from bot.core.triage.finders import Cause, Finder, either, happened, waiting
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.logreading import line_with
from bot.core.triage.looking import Run, failed_runs, matches, told, waits
from bot.core.triage.next_steps import describe, logs
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot

_SOURCE: Final = "https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/"
_HOOKS: Final = "https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/"
_NOT_STARTED = frozenset({"StartError", "ContainerCannotRun"})
_ABSENT = r"executable file not found|no such file or directory|cannot find"
_DENIED = r"permission denied|operation not permitted"
_SHELL = {126: "cannot be run: it is no program, or may not be executed", 127: "is not found"}


def command_of(seen: Snapshot, container: Container) -> str:
    """Return what a container is told to run, as far as its spec says; else the image decides."""
    spec = mapping(seen.specs().get(container.name))
    return " ".join((*texts(spec.get("command")), *texts(spec.get("args"))))


def _not_started(seen: Snapshot) -> Iterator[Finding]:
    for run in failed_runs(seen):
        if run.ended.reason in _NOT_STARTED:
            yield _failure(seen, run.container, run.ended.message, run.proof)
    told_of = {run.container.name for run in failed_runs(seen) if run.ended.reason in _NOT_STARTED}
    for one in waits(seen, {"RunContainerError"}):
        if one.container.name not in told_of:
            yield _failure(seen, one.container, one.said, one.proof)


def _failure(seen: Snapshot, container: Container, said: str, proof: Evidence) -> Finding:
    command = command_of(seen, container)
    first = command.split(" ")[0] if command else ""
    shown = f": {first}" if first else ""
    if matches(_ABSENT, said):
        cause = Cause("the command of {container} is not in its image{shown}", "Mend the command, or use another image")
    elif matches(_DENIED, said):
        cause = Cause("the command of {container} may not be executed{shown}", "Make the file executable")
    else:
        cause = Cause("the runtime cannot start {container}{shown}", "Mend what the message names")
    proofs = (proof, Evidence(f"spec.containers[{container.name}].command", command)) if command else (proof,)
    return cause.found(seen, proofs, groups={"shown": shown}, container=container)


def _by_shell(seen: Snapshot) -> Iterator[Finding]:
    """Read exit codes 126 and 127, which a shell gives for a command that it can't run or find."""
    for run in failed_runs(seen):
        code = run.ended.exit_code
        if code in _SHELL and run.ended.reason not in _NOT_STARTED:
            yield _exit(seen, run, _SHELL[code])


def _exit(seen: Snapshot, run: Run, why: str) -> Finding:
    line = line_with(seen, run.container.name, r"not found|permission denied|exec format|no such file")
    said = Evidence(f"log of {run.container.name}", line) if line else None
    words = "{container} ended with exit code {code}: a command in it {why}"
    cause = Cause(words, "Mend the command, or use another image", logs, Sureness.LIKELY)
    groups = {"code": str(run.ended.exit_code), "why": why}
    proofs = (said, run.proof) if said else (run.proof,)
    return cause.found(seen, proofs, groups=groups, container=run.container)


def _hook(reason: str, which: str) -> Finder:
    return either(
        waiting({reason}, Cause(f"the {which} hook of {{container}} fails, so it is not started", "", logs)),
    )


def _post_start(seen: Snapshot) -> Iterator[Finding]:
    """Find a hook that failed by its event, while its container waits or has ended for it."""
    event = next(told(seen, {"FailedPostStartHook"}), None)
    down = {one.container.name for one in waits(seen, {"CrashLoopBackOff", "PostStartHookError"})}
    if event and (event.container in down or (down and not event.container)):
        finder = happened(
            {"FailedPostStartHook"},
            Cause("its postStart hook fails, so {container} is ended each time", "Mend the hook's command", describe),
            during=lambda _: True,
        )
        yield from finder(seen)


_rule = partial(Rule, source=_SOURCE)

FAMILY: Final = Family(
    "starting",
    (
        _rule(
            "C5",
            "PreStartHookError, PostStartHookError, FailedPostStartHook",
            "a lifecycle hook fails",
            either(_post_start, _hook("PostStartHookError", "postStart"), _hook("PreStartHookError", "preStart")),
            ("R1", "R4", "R6", "R7", "R8"),
            source=_HOOKS,
        ),
        _rule(
            "C4",
            "RunContainerError, StartError, ContainerCannotRun; exit codes 126 and 127",
            "the command is missing or can't be executed",
            either(_not_started, _by_shell),
            ("R1", "R8", "C3"),
        ),
    ),
)
