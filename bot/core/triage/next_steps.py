"""The next step of a finding: a line of podbot's where it has the verb, else one for kubectl; all of them only read."""

from collections.abc import Callable
from shlex import quote
from typing import Final

from bot.core.containers import Terminated
from bot.core.pods import controller
from bot.core.reading import mapping, text
from bot.core.triage.findings import Finding, Step
from bot.core.triage.snapshot import Snapshot

_OF_NODES: Final = frozenset({"K8", "K9", "K13"})
"""The rules that blame the node as it is now: silent, short of something, not ready."""

Next = Callable[[Snapshot, str], Step]


def describe(seen: Snapshot, _: str) -> Step:
    """Show all about the pod."""
    return Step(f"describe {seen.pod.name} -n {seen.pod.namespace}", "Describe")


def logs(seen: Snapshot, container: str) -> Step:
    """Show what the container printed, in the run before where it was started again."""
    found = next((one for one in seen.pod.all_containers if one.name == container), None)
    previous = found is not None and found.last_state is not None and not isinstance(found.state, Terminated)
    flag = " -p" if previous else ""
    label = "Logs of the previous run" if previous else "Logs"
    return Step(f"logs {seen.pod.name} -c {container}{flag} -n {seen.pod.namespace}", label)


def events(seen: Snapshot, _: str) -> Step:
    """Show what happened to the pod."""
    return Step(f"events {seen.pod.name} -n {seen.pod.namespace}", "Events")


def volumes(seen: Snapshot, _: str) -> Step:
    """Show the pod's volumes, and what is behind them."""
    return Step(f"volumes {seen.pod.name} -n {seen.pod.namespace}", "Volumes")


def top(seen: Snapshot, _: str) -> Step:
    """Show what the pod uses of CPU and memory."""
    return Step(f"top {seen.pod.name} --containers -n {seen.pod.namespace}", "Use of CPU and memory")


def listing(seen: Snapshot, _: str) -> Step:
    """Show the namespace's pods."""
    return Step(f"list -n {namespace(seen)} -o wide", "Pods")


def node(seen: Snapshot, _: str) -> Step:
    """Show all about the pod's node."""
    return kubectl("describe node {node}" if seen.pod.node else "describe nodes")(seen, "")


def owner(seen: Snapshot, _: str) -> Step:
    """Show all about the controller that makes such pods."""
    kind, name = owner_of(seen)
    is_named = kind.isalnum() and not name.startswith(
        "-"
    )  # an owner is anybody's words, which kubectl may take as flags
    line = "describe {0} {1} -n {ns}" if is_named else "get replicasets -n {ns}"
    return kubectl(line, kind.lower(), name)(seen, "")


def kubectl(line: str, *names: str) -> Next:
    """Show what podbot has no verb for; `{ns}` and `{node}` stand for the pod's, `{0}` for a name.

    They are quoted for a shell, in which people will paste the line: a pod may name objects as it likes.
    """

    def step(seen: Snapshot, _: str) -> Step:
        quoted = (quote(name) for name in names)
        return Step(f"kubectl {line}".format(*quoted, ns=quote(namespace(seen)), node=quote(seen.pod.node)))

    return step


def may_move(seen: Snapshot, found: Finding) -> bool:
    """Whether a pod of its controller's may do better on another node; a DaemonSet's belongs to this one."""
    owner = seen.pod.owner
    moves = owner is not None and owner.kind != "DaemonSet" and seen.pod.deletion_timestamp is None
    return moves and not seen.pod.ended and found.rule in _OF_NODES


def namespace(seen: Snapshot) -> str:
    """Return the namespace that the snapshot is of."""
    return seen.pod.namespace or next((_meta(one, "namespace") for one in seen.owners), "")


def owner_of(seen: Snapshot) -> tuple[str, str]:
    """Return kind and name of the controller that people know, as far as it was read; empty where there is none."""
    if seen.owners:
        top_most = seen.owners[-1]
        above = controller(top_most)
        return (above.kind, above.name) if above else (text(top_most.get("kind")), _meta(top_most, "name"))
    own = seen.pod.owner
    return (own.kind, own.name) if own else ("", "")


def _meta(raw: dict[str, object], key: str) -> str:
    return text(mapping(raw.get("metadata")).get(key))


QUOTAS: Final = kubectl("describe resourcequota,limitrange -n {ns}")
