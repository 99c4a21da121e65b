"""What a pod's own health checks say of it, and whether they ask the right thing.

Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.containers import Container, Running
from bot.core.events import Event
from bot.core.probes import Probe
from bot.core.reading import objects, text
from bot.core.triage.finders import Cause
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.looking import condition_proof, event_proof, is_recent, matches, told
from bot.core.triage.next_steps import describe, logs, top
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot

_SOURCE: Final = "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/"
_LATELY = 900  # seconds in which a kill by a probe still tells why a container is as it is
_OFTEN = 3
_BROKEN = r"probe errored|executable file not found|no such file or directory|command .{0,300} timed out"
_LEAST = 30  # seconds that every container may take until its first check counts


def _probe(container: Container, kind: str) -> Probe | None:
    return next((one for one in container.probes if one.kind == kind), None)


def _unhealthy(seen: Snapshot, container: Container, kind: str, pattern: str = "") -> Event | None:
    said = told(seen, {"Unhealthy", "ProbeError"}, rf"^{kind} probe\b.*{pattern}")
    return next((one for one in said if _is_about(seen, one, container)), None)


def _is_about(seen: Snapshot, event: Event, container: Container) -> bool:
    return event.container in {container.name, ""} and (bool(event.container) or len(seen.pod.all_containers) == 1)


def _wrong_port(container: Container, probe: Probe) -> str:
    """Return what is odd about a probe's port, as far as the container names its own."""
    known = {str(one.number) for one in container.ports} | {one.name for one in container.ports if one.name}
    asked = probe.check.rpartition(":")[2].partition("/")[0].split(" ")[0]
    if known and asked and asked not in known and ":" in probe.check:
        return f"The probe asks port {asked}, the container names {', '.join(one.words for one in container.ports)}. "
    return ""


def _killed_by(seen: Snapshot, kind: str) -> Iterator[tuple[Container, Event, Event | None]]:
    """Yield containers that a probe had ended lately, with the event of the kill, and that of the check."""
    for container in seen.pod.all_containers:
        kills = told(seen, {"Killing"}, rf"Container {container.name} failed {kind} probe")
        kill = next(kills, None)
        troubled = not container.ready or container.restart_count >= _OFTEN
        if kill and troubled and is_recent(kill.last, seen.now, _LATELY):
            yield container, kill, _unhealthy(seen, container, kind)


def _liveness(seen: Snapshot) -> Iterator[Finding]:
    yield from _by_probe(seen, "liveness", "{container} is restarted each time its liveness probe fails: {check}")


def _startup(seen: Snapshot) -> Iterator[Finding]:
    words = "{container} is restarted since its startup probe does not pass within {budget} s: {check}"
    yield from _by_probe(seen, "startup", words)


def _by_probe(seen: Snapshot, kind: str, words: str) -> Iterator[Finding]:
    for container, kill, check in _killed_by(seen, kind):
        probe = _probe(container, kind)
        if probe is None:
            continue
        advice = f"{_wrong_port(container, probe)}See its log: is it slow, stuck, or is the check wrong"
        budget = str(probe.delay + probe.period * probe.failures)
        proofs = (event_proof(check), event_proof(kill)) if check else (event_proof(kill),)
        cause = Cause(words, advice, logs)
        yield cause.found(seen, proofs, groups={"check": probe.check, "budget": budget}, container=container)


def _readiness(seen: Snapshot) -> Iterator[Finding]:
    for container in _not_ready(seen):
        probe = _probe(container, "readiness")
        if probe is None or not _is_late(seen, container, probe):
            continue
        check = _unhealthy(seen, container, "readiness")
        condition = seen.pod.condition("ContainersReady") or seen.pod.condition("Ready")
        proofs = [event_proof(check)] if check else []
        proofs += [condition_proof(condition)] if condition else []
        sure = Sureness.CERTAIN if check else Sureness.LIKELY
        advice = f"{_wrong_port(container, probe)}See what it logs while it is asked"
        words = "{container} runs, but its readiness probe fails: {check}"
        yield Cause(words, advice, logs, sure).found(seen, proofs, groups={"check": probe.check}, container=container)


def _not_ready(seen: Snapshot) -> Iterator[Container]:
    for one in seen.pod.all_containers:
        if isinstance(one.state, Running) and not one.ready and one not in seen.pod.ephemeral:
            yield one


def _is_late(seen: Snapshot, container: Container, probe: Probe) -> bool:
    """Whether a container has had the time to pass its checks."""
    started = container.state.started if isinstance(container.state, Running) else None
    patience = max(_LEAST, probe.delay + probe.period * probe.failures)
    return started is None or (seen.now - started).total_seconds() > patience


def _broken(seen: Snapshot) -> Iterator[Finding]:
    for container in seen.pod.all_containers:
        if container.ready:
            continue
        for probe in container.probes:
            event = _unhealthy(seen, container, probe.kind, f"(?:{_BROKEN})")
            if event:
                slow = matches("timed out", event.message)
                what = "takes too long" if slow else "cannot be run at all"
                words = f"the {probe.kind} probe of {{container}} {what}: {{check}}"
                step = top if slow else describe
                cause = Cause(words, "Allow it more time, or a cheaper check" if slow else "Mend the probe", step)
                yield cause.found(seen, (event_proof(event),), groups={"check": probe.check}, container=container)
                break


def _gates(seen: Snapshot) -> Iterator[Finding]:
    pod = seen.pod
    wanted = [text(one.get("conditionType")) for one in objects(seen.spec.get("readinessGates"))]
    open_gates = [one for one in wanted if not pod.is_true(one)]
    ready = pod.condition("Ready")
    if open_gates and ready and ready.status != "True" and pod.is_true("ContainersReady"):
        names = ", ".join(open_gates)
        found = next((one for one in map(pod.condition, open_gates) if one), None)
        proofs = (condition_proof(ready), condition_proof(found) if found else Evidence("spec.readinessGates", names))
        cause = Cause("its containers are ready, but its readiness gate is not: {names}", "See what sets the gate")
        yield cause.found(seen, proofs, groups={"names": names})


_rule = partial(Rule, source=_SOURCE)
_ENDS: Final = ("R1", "R4", "R5", "R6", "R7", "R8", "R10", "R12", "R15", "P1", "R17", "R11")

FAMILY: Final = Family(
    "probes",
    (
        _rule(
            "P4",
            "a probe errored, its command is missing, or it takes too long",
            "the probe is at fault",
            _broken,
            (*_ENDS, "P2", "P3"),
        ),
        _rule(
            "P3",
            "startup probe, then Killing",
            "it starts too slowly, or the check is wrong",
            _startup,
            _ENDS,
            always=True,
        ),
        _rule(
            "P2",
            "Killing: failed liveness probe",
            "it does not answer, or the check is wrong",
            _liveness,
            _ENDS,
            always=True,
        ),
        _rule("P5", "ContainersReady=True, Ready=False", "a readiness gate is not set", _gates),
        _rule(
            "P1",
            "Ready=False, Unhealthy (readiness)",
            "it does not answer, or the check is wrong",
            _readiness,
            ("R15",),
        ),
    ),
)
