"""ConfigMaps and Secrets that are named and not there, whole or in part; names and keys alone, never values.

The words are the kubelet's, of containers and of volumes alike:
https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kubelet_pods.go,
https://github.com/kubernetes/kubernetes/tree/master/pkg/volume.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bot.core.containers import Container
from bot.core.triage.finders import Cause
from bot.core.triage.findings import Evidence, Finding
from bot.core.triage.next_steps import kubectl
from bot.core.triage.snapshot import Snapshot

_NAMES: Final[Mapping[str, str]] = {"configmap": "ConfigMap", "config": "ConfigMap", "secret": "Secret"}
_OBJECT = re.compile(r'(configmap|secret)s? "([^"]{1,253})" not found', re.IGNORECASE)
_KEY = re.compile(r"couldn't find key (\S{1,253}) in (configmap|secret) [^/\s]{1,63}/([^\s,]{1,253})", re.IGNORECASE)
_NO_KEY = re.compile(r"references non-existent (config|secret) key: ([^\s,]{1,253})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Missing:
    """A reference that leads nowhere: an object's kind and name, and the key where the object is there."""

    kind: str
    name: str = ""
    key: str = ""


def missing(message: str) -> Missing | None:
    """Return what a message says is missing."""
    if found := _OBJECT.search(message):
        return Missing(_NAMES[found[1].lower()], found[2])
    if found := _KEY.search(message):
        return Missing(_NAMES[found[2].lower()], found[3], found[1])
    if found := _NO_KEY.search(message):
        return Missing(_NAMES[found[1].lower()], key=found[2])
    return None


def told_missing(seen: Snapshot, lost: Missing, proof: Evidence, container: Container | None = None) -> Finding:
    """Return the finding, with the keys that the object has where they were read, and the nearest of them."""
    keys = seen.config_maps.get(lost.name) or () if lost.kind == "ConfigMap" else ()
    near = get_close_matches(lost.key, keys, n=1)
    named = f"{lost.kind} {lost.name}" if lost.name else f"the {lost.kind}"
    needs = f"{container.name} needs " if container else ""
    if lost.key:
        words = "{needs}key {key} of {named}, which has no such key" if container else "{named} has no key {key}"
    else:
        words = "{needs}{named}, which does not exist" if container else "{named} does not exist"
    having = f"its keys are {', '.join(keys)}" if keys else ""
    meant = f"did you mean {near[0]}? " if near else ""
    advice = f"{meant}{having}" or ("Add the key, or name another" if lost.key else "Make it, or name another")
    proofs = (proof, Evidence(f"{lost.kind} {lost.name}", having)) if having else (proof,)
    kind = lost.kind.lower()
    step = kubectl("describe {0} {1} -n {ns}", kind, lost.name) if lost.key else kubectl("get {0}s -n {ns}", kind)
    cause = Cause(words, f"{advice[:1].upper()}{advice[1:]}", step)
    groups = {"named": named, "key": lost.key, "needs": needs}
    return cause.found(seen, proofs, groups=groups, container=container)
