"""Init containers and sidecars: what holds the others up, and what fails beside them.

Sources: https://kubernetes.io/docs/concepts/workloads/pods/init-containers/,
https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.containers import Container, Running
from bot.core.pods import default_container
from bot.core.triage.crashes import again, crash, how
from bot.core.triage.finders import Cause
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.known_errors import advice_for
from bot.core.triage.looking import failed_runs
from bot.core.triage.next_steps import logs
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot

_SOURCE: Final = "https://kubernetes.io/docs/tasks/debug/debug-application/debug-init-containers/"
_SLOW = 600  # seconds that an init container may run before it is told of
_ROUGH: Final = ("R1", "R4", "R5", "R6", "R7", "R8", "R9")


def _place(seen: Snapshot, container: Container) -> str:
    inits = seen.pod.init_containers
    return f"{[one.name for one in inits].index(container.name) + 1} of {len(inits)}"


def _init_fails(seen: Snapshot) -> Iterator[Finding]:
    for run in failed_runs(seen):
        if run.container in seen.pod.init_containers and not run.container.sidecar:
            found = crash(seen, run)
            cause = Cause(
                "init container {container} ({place}) ends with {how}{times}{tail}", advice_for(found.headline), logs
            )
            groups = {"place": _place(seen, run.container), "how": how(run), "times": again(run), "tail": found.tail}
            yield cause.found(seen, found.proofs, groups=groups, container=run.container)


def _init_slow(seen: Snapshot) -> Iterator[Finding]:
    for one in seen.pod.init_containers:
        if isinstance(one.state, Running) and not one.sidecar and one.state.started:
            if (seen.now - one.state.started).total_seconds() < _SLOW:
                continue
            cause = Cause(
                "init container {container} ({place}) still runs, and the others wait for it",
                "See what it waits for",
                logs,
                Sureness.LIKELY,
            )
            proof = Evidence(f"status.initContainerStatuses[{one.name}].state.running", "running", one.state.started)
            yield cause.found(seen, (proof,), groups={"place": _place(seen, one)}, container=one)


def _init(seen: Snapshot) -> Iterator[Finding]:
    yield from _init_fails(seen)
    yield from _init_slow(seen)


def _sidecar_blocks(seen: Snapshot) -> Iterator[Finding]:
    """Say that a sidecar that has not started holds the pod's own containers up."""
    if seen.pod.is_true("Initialized"):
        return
    for one in seen.pod.init_containers:
        slow = isinstance(one.state, Running) and one.sidecar and not one.started and one.state.started
        if slow and (seen.now - slow).total_seconds() > _budget(one):
            cause = Cause(
                "sidecar {container} runs, but its startup probe does not pass, so the others are not started",
                "Mend the probe or the sidecar",
                logs,
                Sureness.LIKELY,
            )
            proof = Evidence(f"status.initContainerStatuses[{one.name}].started", "false", slow)
            yield cause.found(seen, (proof,), container=one)


def _budget(container: Container) -> int:
    probe = next((one for one in container.probes if one.kind == "startup"), None)
    return probe.delay + probe.period * 2 if probe else 30


def _aside(seen: Snapshot) -> Iterator[Finding]:
    """Say that a container beside the main one fails, and that the main one is well."""
    main = default_container(seen.pod)
    for run in failed_runs(seen):
        is_sidecar = run.container.sidecar or (run.container in seen.pod.containers and run.container != main)
        if main and is_sidecar and main.ready and isinstance(main.state, Running):
            found = crash(seen, run)
            cause = Cause(
                "sidecar {container} ends with {how}{times}{tail}; {main} itself runs", advice_for(found.headline), logs
            )
            groups = {"how": how(run), "times": again(run), "tail": found.tail, "main": main.name}
            yield cause.found(seen, found.proofs, groups=groups, container=run.container)


_rule = partial(Rule, source=_SOURCE)

FAMILY: Final = Family(
    "init and sidecar containers",
    (
        _rule("R10", "an init container fails, or runs for ten minutes", "the others wait for it", _init, _ROUGH),
        _rule(
            "R11",
            "a sidecar that has not started",
            "its startup probe holds the others up",
            _sidecar_blocks,
            ("P1",),
        ),
        _rule("R12", "a container fails beside the main one, which is well", "the pod is in part", _aside, _ROUGH),
    ),
)
