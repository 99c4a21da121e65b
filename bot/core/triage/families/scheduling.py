"""Why no node takes a pod.

The words are the scheduler's: https://github.com/kubernetes/kubernetes/tree/master/pkg/scheduler/framework/plugins.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from bot.core.pods import Condition
from bot.core.reading import mapping, number, objects, strings, text
from bot.core.requirements import node_affinity
from bot.core.resources import Json
from bot.core.triage.claiming import unscheduled
from bot.core.triage.finders import Cause, Finder, either, happened
from bot.core.triage.findings import Finding
from bot.core.triage.looking import condition_proof
from bot.core.triage.next_steps import kubectl, listing, node
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot

_SOURCE: Final = "https://kubernetes.io/docs/concepts/scheduling-eviction/"
_TOTAL = re.compile(r"\A\d{1,6}/(\d{1,6}) nodes are available")
_COMPUTE = r"(?:cpu|memory|ephemeral-storage)(?![A-Za-z0-9_/-])"
_UNITS: Final = {"cpu": "cores", "memory": "bytes", "ephemeral-storage": "bytes"}
_NODES = kubectl("get nodes --show-labels")
Groups = Mapping[str, str | None]
Words = Callable[[Snapshot, Groups], Groups]


def _nothing(_: Snapshot, __: Groups) -> Groups:
    return {}


def _said(pattern: str, cause: Cause, words: Words = _nothing) -> Finder:
    """Return a rule over one reason of the scheduler's, and over how many nodes it is true of.

    `{nodes}` in the cause becomes "no node has", or "2 of 3 nodes lack" where others fail for other reasons.
    """

    def find(seen: Snapshot) -> Iterator[Finding]:
        condition = unscheduled(seen)
        if condition is None:
            return
        ahead = condition.message.partition("preemption:")[0]
        for found in re.finditer(rf"(?:(?P<count>\d{{1,6}}) )?(?:node\(s\) )?(?:{pattern})", ahead):
            count = int(found["count"] or 0)
            groups = {**words(seen, found.groupdict()), **found.groupdict(), **_counted(condition, count)}
            yield cause.found(seen, (condition_proof(condition),), groups=groups, weight=count)

    return find


def _counted(condition: Condition, count: int) -> Groups:
    known = _TOTAL.search(condition.message)
    total = int(known[1]) if known else 0
    some = 0 < count < total
    return {
        "nodes": f"{count} of {total} nodes lack" if some else "no node has",
        "all": f"{count} of {total} nodes have" if some else "every node has",
        "them": f"{count} of {total} nodes" if some else "every node",
    }


def _asked(seen: Snapshot, groups: Groups) -> Groups:
    """Say what the containers ask for of the resource that is short."""
    sizes = {name: _request(spec, groups["resource"] or "") for name, spec in seen.specs().items()}
    units = _UNITS.get(groups["resource"] or "", "")
    asked = ", ".join(f"{name} asks for {_sized(size, units)}" for name, size in sizes.items() if size)
    return {"asked": f": {asked}" if asked else ""}


def _sized(size: str, units: str) -> str:
    """Return a quantity with its unit where it is written as a bare number: "64 cores", and "500m" as it is."""
    return f"{size} {units.removesuffix('s') if size == '1' else units}" if units and size[-1:].isdigit() else size


def _request(spec: Json, resource: str) -> str:
    resources = mapping(spec.get("resources"))
    value = mapping(resources.get("requests")).get(resource) or mapping(resources.get("limits")).get(resource)
    return str(value) if isinstance(value, str | int) else ""


def _labels(seen: Snapshot, _: Groups) -> Groups:
    wanted = [f"{key}={value}" for key, value in strings(seen.spec.get("nodeSelector")).items()]
    affinity = mapping(mapping(seen.spec.get("affinity")).get("nodeAffinity"))
    required = node_affinity({"required": affinity.get("requiredDuringSchedulingIgnoredDuringExecution")})
    return {"labels": ", ".join(filter(None, (*wanted, required))) or "the labels that it asks for"}


def _spread(seen: Snapshot, _: Groups) -> Groups:
    keys = [text(one.get("topologyKey")) for one in objects(seen.spec.get("topologySpreadConstraints"))]
    return {"keys": ", ".join(keys)}


def _ports(seen: Snapshot, _: Groups) -> Groups:
    ports = [number(port.get("hostPort")) for one in seen.specs().values() for port in objects(one.get("ports"))]
    return {"ports": ", ".join(str(port) for port in ports if port)}


_rule = partial(Rule, source=_SOURCE)
_OTHERS = ("S12", "S0")

FAMILY: Final = Family(
    "scheduling",
    (
        _rule(
            "S1",
            "PodScheduled=False, `Insufficient cpu` or `memory`",
            "it requests more than is free",
            _said(
                rf"Insufficient (?P<resource>{_COMPUTE})",
                Cause(
                    "{nodes} enough {resource} free{asked}",
                    "Ask for less, or free or add some",
                    kubectl("describe nodes"),
                ),
                _asked,
            ),
            _OTHERS,
        ),
        _rule(
            "S2",
            "PodScheduled=False, `Insufficient` and an extended resource",
            "no such device, or all are taken",
            _said(
                rf"Insufficient (?!{_COMPUTE})(?P<resource>[A-Za-z0-9./_-]{{0,316}}[A-Za-z0-9])",
                Cause("{nodes} {resource} free{asked}", "See which nodes offer it", kubectl("describe nodes")),
                _asked,
            ),
            _OTHERS,
        ),
        _rule(
            "S3",
            "PodScheduled=False, `Too many pods`",
            "the nodes hold as many pods as they may",
            _said("Too many pods", Cause("{all} as many pods as it may hold", "End some pods or add a node", listing)),
            _OTHERS,
        ),
        _rule(
            "S6",
            "PodScheduled=False, pod affinity or anti-affinity",
            "a rule about other pods keeps it away",
            either(
                _said(
                    r"didn't (?:satisfy|match) existing pods anti-affinity rules",
                    Cause("another pod's anti-affinity keeps it from {them}", "See which pods are there", listing),
                ),
                _said(
                    r"didn't match pod (?P<rule>anti-affinity|affinity) rules",
                    Cause("its own pod {rule} keeps it from {them}", "See which pods are there", listing),
                ),
            ),
            _OTHERS,
        ),
        _rule(
            "S7",
            "PodScheduled=False, topology spread constraints",
            "its spread cannot be kept, or nodes lack the key",
            either(
                _said(
                    r"didn't match pod topology spread constraints \(missing required label\)",
                    Cause("{all} no label {keys}, by which it is to be spread", "Label the nodes", _NODES),
                    _spread,
                ),
                _said(
                    r"didn't match pod topology spread constraints",
                    Cause("its spread over {keys} keeps it from {them}", "Allow more skew, or add a node", _NODES),
                    _spread,
                ),
            ),
            _OTHERS,
        ),
        _rule(
            "S8",
            "PodScheduled=False, `free ports`",
            "its host port is taken",
            _said(
                r"didn't have free ports for the requested pod ports",
                Cause(
                    "its host port {ports} is taken on {them}", "End the pod that holds it, or ask for none", listing
                ),
                _ports,
            ),
            _OTHERS,
        ),
        _rule(
            "S9",
            "PodScheduled=False, nodes were unschedulable",
            "the nodes are cordoned",
            _said(
                r"were unschedulable|untolerated taint(?:\(s\))? \{node\.kubernetes\.io/unschedulable[^}]*\}",
                Cause("{them} is cordoned: it takes no new pods", "Uncordon a node or add one", kubectl("get nodes")),
            ),
            ("S12", "S4"),
        ),
        _rule(
            "S4",
            "PodScheduled=False, untolerated taint",
            "a toleration is missing",
            _said(
                r"(?:had )?untolerated taint(?:\(s\)|s)?(?: (?P<taint>\{[^}]{1,300}\}))?",
                Cause(
                    "{all} a taint {taint} that it does not tolerate",
                    "Tolerate the taint, or remove it",
                    kubectl("get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints"),
                ),
            ),
            _OTHERS,
        ),
        _rule(
            "S5",
            "PodScheduled=False, node affinity or selector",
            "no node has the label",
            _said(
                r"didn't match Pod's node affinity/selector",
                Cause("{nodes} the labels that it asks for: {labels}", "Label a node, or ask for another", _NODES),
                _labels,
            ),
            _OTHERS,
        ),
        _rule(
            "S14",
            "an unallocated ResourceClaim, FailedPrepareDynamicResources",
            "a device claim, or its driver, is at fault",
            either(
                _said(
                    r"cannot allocate all claims|resourceclaim [^,.]{0,300}(?:not found|not created yet)",
                    Cause(
                        "a device that its ResourceClaim asks for cannot be had",
                        step=kubectl("get resourceclaims -n {ns}"),
                    ),
                ),
                happened(
                    {"FailedPrepareDynamicResources", "FailedResourceClaimCreation"},
                    Cause("a device that its ResourceClaim asks for cannot be prepared", step=node),
                    during=lambda seen: seen.pod.phase == "Pending",
                ),
            ),
            _OTHERS,
        ),
    ),
)
