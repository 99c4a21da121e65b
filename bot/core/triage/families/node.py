"""What the pod's node did to it, or cannot do for it.

Sources: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/,
https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.triage.crashes import VAGUE
from bot.core.triage.finders import Cause, Finder, conditioned, either, ended_as
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.looking import condition_proof
from bot.core.triage.next_steps import describe, kubectl, node
from bot.core.triage.nodes import condition, conditions
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.standing import Standing, standing

_SOURCE: Final = "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/"
_PRESSURE: Final = "https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/"
_PRESSURES = ("MemoryPressure", "DiskPressure", "PIDPressure")
_LOW = re.compile(r"low on resource: ([\w./-]{0,100}\w)")
_USED = re.compile(r"Container (\S{1,63}) was using (\S{1,40}), request is ([^\s,]{1,40})")
_OWN_LIMIT = (
    r"(?P<what>usage of EmptyDir volume .{1,300}? exceeds the limit|"
    r"(?:pod )?ephemeral local storage usage exceeds|exceeded its local ephemeral storage limit|"
    r"Container \S{1,63} exceeded its local ephemeral)"
)
# https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/lifecycle/predicate.go
_NO_ROOM = frozenset({"OutOfcpu", "OutOfmemory", "OutOfpods", "OutOfephemeral-storage", "NodeAffinity", "NodePorts"})
_REFUSED = frozenset(
    {
        "UnexpectedAdmissionError",
        "TopologyAffinityError",
        "SysctlForbidden",
        "AppArmor",
        "PodOSSelectorNodeLabelDoesNotMatch",
        "PodOSNotSupported",
        "PodLevelResourcesNotSupported",
        "InvalidNodeInfo",
        "UnsupportedPodFeature",
        "Forbidden",
    }
)


def _silent(seen: Snapshot) -> Iterator[Finding]:
    ready = condition(seen, "Ready")
    if seen.pod.node and ready and ready.status == "Unknown":
        words = "node {node} has stopped reporting: what is known of the pod may be stale"
        cause = Cause(words, "Look at the node first", node)
        yield cause.found(seen, (condition_proof(ready, "node"),), groups={"node": seen.pod.node})
    elif seen.pod.reason == "NodeLost":
        yield from ended_as({"NodeLost"}, Cause("its node has stopped reporting", "Look at the node first", node))(seen)


def _unready(seen: Snapshot) -> Iterator[Finding]:
    """Say that a node is not ready, where the pod is not well either."""
    ready = condition(seen, "Ready")
    if seen.pod.node and ready and ready.status == "False" and standing(seen) is not Standing.HEALTHY:
        cause = Cause("node {node} is not ready", "Look at the node first", node, Sureness.LIKELY)
        yield cause.found(seen, (condition_proof(ready, "node"),), groups={"node": seen.pod.node})


def _pressed(seen: Snapshot) -> Iterator[Finding]:
    for one in conditions(seen):
        if one.type in _PRESSURES and one.status == "True":
            short = one.type.removesuffix("Pressure").lower().replace("pid", "process ids")
            cause = Cause("node {node} is short of {short}", "Move work away or add nodes", node, Sureness.POSSIBLE)
            groups = {"node": seen.pod.node, "short": short}
            yield cause.found(seen, (condition_proof(one, "node"),), groups=groups)


def _evicted(seen: Snapshot) -> Iterator[Finding]:
    message = seen.pod.message
    found = _LOW.search(message)
    if seen.pod.reason == "Evicted" and found:
        used = _USED.search(message)
        use = f": {used[1]} used {used[2]}, and requested {used[3]}" if used else ""
        cause = Cause(
            "it was evicted: node {node} was short of {resource}{use}",
            "Give it requests near its use, and see what else uses the node",
            node,
        )
        groups = {"node": seen.pod.node, "resource": found[1], "use": use}
        yield cause.found(seen, (Evidence("status.message", message),), groups=groups)


def _target(reason: str, cause: Cause) -> Finder:
    return conditioned("DisruptionTarget", cause, reasons={reason})


def _shut_down(seen: Snapshot) -> Iterator[Finding]:
    cause = Cause("its node ended it: it shut down, or was short of something", "See the node", node)
    yield from either(
        ended_as({"NodeShutdown", "Shutdown", "Terminated"}, Cause("its node was shut down", "See the node", node)),
        _target("TerminationByKubelet", cause),
    )(seen)


_rule = partial(Rule, source=_SOURCE, always=True)

FAMILY: Final = Family(
    "node",
    (
        _rule(
            "K8",
            "node Ready=Unknown, NodeLost",
            "the node is silent; its pods' status is stale",
            _silent,
            (*VAGUE, "K10", "P1", "K9"),
        ),
        _rule(
            "K2",
            "Evicted: emptyDir or ephemeral-storage limit",
            "its own limit, not the node's",
            ended_as(
                {"Evicted"},
                Cause("it was evicted: it wrote more than its own limit allows", "Raise the limit, or write less"),
                _OWN_LIMIT,
            ),
            (*VAGUE, "K1", "K7"),
            source=_PRESSURE,
        ),
        _rule(
            "K1", "Evicted: `low on resource`", "the node ran short", _evicted, (*VAGUE, "K7", "K9"), source=_PRESSURE
        ),
        _rule(
            "K3",
            "DisruptionTarget, PreemptionByScheduler",
            "preempted by a higher priority",
            _target(
                "PreemptionByScheduler",
                Cause(
                    "it was preempted: its place went to a pod of higher priority",
                    "See priorities",
                    kubectl("get priorityclasses"),
                ),
            ),
            (*VAGUE, "K7"),
        ),
        _rule(
            "K4",
            "DisruptionTarget, DeletionByTaintManager",
            "a NoExecute taint drove it out",
            _target(
                "DeletionByTaintManager",
                Cause(
                    "its node got a taint that it does not tolerate, and it was driven out",
                    "See the node's taints",
                    node,
                ),
            ),
            VAGUE,
        ),
        _rule(
            "K5",
            "DisruptionTarget, EvictionByEvictionAPI",
            "drained or scaled down",
            _target(
                "EvictionByEvictionAPI",
                Cause("it was evicted on request: its node is drained, or an autoscaler moves pods", "", node),
            ),
            VAGUE,
        ),
        _rule(
            "K6",
            "DisruptionTarget, DeletionByPodGC",
            "its node is gone",
            _target(
                "DeletionByPodGC", Cause("its node is gone, and it was cleared up after it", "", kubectl("get nodes"))
            ),
            VAGUE,
        ),
        _rule("K7", "TerminationByKubelet, NodeShutdown", "the node shut down or was pressed", _shut_down, VAGUE),
        _rule(
            "K11",
            "OutOfcpu, OutOfmemory, OutOfpods, OutOfephemeral-storage, NodeAffinity",
            "the kubelet refused it after binding",
            either(
                ended_as(
                    _NO_ROOM - {"NodeAffinity"},
                    Cause(
                        "its node had no room for it when it came",
                        "Whatever made it makes another; else make it again",
                        node,
                    ),
                ),
                ended_as(
                    {"NodeAffinity"}, Cause("its node no longer has the labels that it asks for", "Make it again", node)
                ),
            ),
            VAGUE,
        ),
        _rule(
            "K12",
            "UnexpectedAdmissionError, TopologyAffinityError, SysctlForbidden, AppArmor, PodOS…",
            "the node cannot run it",
            ended_as(_REFUSED, Cause("its node refused to run it", "Mend what the message names", describe)),
            VAGUE,
        ),
        Rule("K13", "node Ready=False", "the node is not ready", _unready, source=_PRESSURE),
        Rule(
            "K9",
            "MemoryPressure, DiskPressure, PIDPressure",
            "the node is short of something",
            _pressed,
            source=_PRESSURE,
        ),
    ),
)
