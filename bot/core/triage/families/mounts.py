"""Why a volume that is there cannot be mounted, or not be written by the container that has it.

The messages are the kubelet's: https://github.com/kubernetes/kubernetes/tree/master/pkg/volume/util.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.mounts import Mount
from bot.core.reading import mapping
from bot.core.triage.finders import Cause, Finder, either, happened, waiting
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.logreading import line_with
from bot.core.triage.looking import event_proof, failed_runs, is_being_made, matches, matching, told
from bot.core.triage.next_steps import kubectl, volumes
from bot.core.triage.references import Missing, missing, told_missing
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot

_SOURCE: Final = "https://kubernetes.io/docs/concepts/storage/volumes/"
_MOUNT = frozenset({"FailedMount"})
_VOLUME = r'volume "(?P<volume>[^"]{1,253})"'
_UNMOUNTED = r"unmounted volumes=\[(?P<volume>[^\]]{1,253})\]"
_TRANSIENT = r"failed to sync (?:configmap|secret) cache|not registered|object .{1,300} not registered"
_PATH = re.compile(r"(/[\w@%+=:,./-]{1,300})")
_USED_BY = re.compile(r"used by pod\(s\) (?P<pods>\S.{0,200})")
_DENIED = r"permission denied|EACCES"
_READ_ONLY = r"read-only file system|EROFS"
_FULL = r"no space left on device|ENOSPC|disk quota exceeded"
_VAGUE: Final = ("R1", "R8", "R10", "R12", "C4", "R7")


def _reference(seen: Snapshot, *, keys: bool) -> Iterator[Finding]:
    for event in list(told(seen, _MOUNT))[:1] if is_being_made(seen) else ():
        lost = missing(event.message)
        if lost is None or bool(lost.key) is not keys:
            continue
        yield told_missing(seen, _placed(seen, event.message, lost), event_proof(event))


def _placed(seen: Snapshot, message: str, lost: Missing) -> Missing:
    """Add the object's name, which the kubelet leaves out beside a missing key: it stands behind the volume's."""
    found = re.search(_VOLUME, message)
    source = next((one.source for one in seen.pod.volumes if found and one.name == found["volume"]), "")
    return Missing(lost.kind, lost.name or source, lost.key)


def _objects(seen: Snapshot) -> Iterator[Finding]:
    return _reference(seen, keys=False)


def _keys(seen: Snapshot) -> Iterator[Finding]:
    return _reference(seen, keys=True)


def _setup(seen: Snapshot) -> Iterator[Finding]:
    """Say that a mount fails; what the kubelet does again by itself a moment later is not told."""
    cause = Cause("volume {volume} cannot be mounted", "Mend what the message names", volumes)
    for event in matching(seen.events, _MOUNT):
        if is_being_made(seen) and not matches(_TRANSIENT, event.message) and not missing(event.message):
            found = re.search(_VOLUME, event.message) or re.search(_UNMOUNTED, event.message)
            yield cause.found(seen, (event_proof(event),), groups={"volume": found["volume"] if found else ""})
            return


def _multi_attach(seen: Snapshot) -> Iterator[Finding]:
    cause = Cause(
        "its volume is still attached to another node{by}",
        "It is let go when the other pod is gone; if its node is dead, an administrator must do it",
        kubectl("get volumeattachments"),
    )
    for event in list(told(seen, {"FailedAttachVolume"}, "Multi-Attach"))[:1] if is_being_made(seen) else ():
        found = re.search(_USED_BY, event.message)
        by = f", by pod {found['pods']}" if found else ""
        yield cause.found(seen, (event_proof(event),), groups={"by": by})


def _mount_of(seen: Snapshot, container: str, path: str) -> Mount | None:
    """Return the innermost mount of a container that a path lies in."""
    mounts = next((one.mounts for one in seen.pod.all_containers if one.name == container), ())
    around = [one for one in mounts if path == one.path or path.startswith(f"{one.path.rstrip('/')}/")]
    return max(around, key=lambda one: len(one.path), default=None)


def _refused_path(seen: Snapshot, pattern: str) -> Iterator[tuple[str, str, Mount | None]]:
    """Yield containers that failed over a file, with the line that says so, and the mount that the file lies in."""
    for run in failed_runs(seen):
        name = run.container.name
        line = line_with(seen, name, pattern)
        if line:
            mounts = (_mount_of(seen, name, path.rstrip(":.,'")) for path in _PATH.findall(line))
            yield name, line, next(filter(None, mounts), None)


def _in_log(pattern: str, words: str, advice: str, *, mounted: bool, otherwise: str = "") -> Finder:
    """Return a rule over a line of a failed run's log that names a file in a volume."""

    def find(seen: Snapshot) -> Iterator[Finding]:
        for name, line, mount in _refused_path(seen, pattern):
            if mount is None and mounted:
                continue
            container = next(one for one in seen.pod.all_containers if one.name == name)
            said = words if mount else otherwise
            groups = {"path": mount.path if mount else "", "volume": mount.volume if mount else ""}
            proofs = [Evidence(f"log of {name}", line), *_mount_proof(seen, name, mount)]
            cause = Cause(said, advice, volumes, Sureness.LIKELY)
            yield cause.found(seen, proofs, groups=groups, container=container)

    return find


def _mount_proof(seen: Snapshot, container: str, mount: Mount | None) -> Iterator[Evidence]:
    security = mapping(mapping(seen.specs().get(container)).get("securityContext"))
    if mount and mount.read_only:
        yield Evidence(f"spec.containers[{container}].volumeMounts[{mount.volume}].readOnly", "true")
    elif security.get("readOnlyRootFilesystem") is True:
        yield Evidence(f"spec.containers[{container}].securityContext.readOnlyRootFilesystem", "true")
    else:
        ids = {**mapping(seen.spec.get("securityContext")), **security}
        told_ids = ", ".join(f"{key} {ids[key]}" for key in ("runAsUser", "runAsGroup", "fsGroup") if key in ids)
        if told_ids:
            yield Evidence("securityContext", told_ids)


_rule = partial(Rule, source=_SOURCE)
_MOUNTS: Final = ("V17",)

FAMILY: Final = Family(
    "mounts",
    (
        _rule("V15", "FailedMount: ConfigMap or Secret not found", "the object is missing", _objects, _MOUNTS),
        _rule("V16", "FailedMount: non-existent key", "`items` names a key that is not there", _keys, _MOUNTS),
        _rule(
            "V12", "FailedAttachVolume, Multi-Attach", "the volume is attached to another node", _multi_attach, _MOUNTS
        ),
        _rule(
            "V18",
            "FailedMapVolume, volumeMode",
            "a block device against a filesystem",
            either(
                happened(
                    {"FailedMapVolume"},
                    Cause("a block device of it cannot be mapped", "Mend what the message names", volumes),
                ),
                happened(
                    {"FailedMount"},
                    Cause(
                        "a volume of it is a block device and is mounted as a filesystem, or the other way round",
                        "Use volumeDevices for block, volumeMounts else",
                        volumes,
                    ),
                    r"volumeMode|has volumeMode Block",
                ),
            ),
            _MOUNTS,
        ),
        _rule(
            "V19",
            "FailedMountOnFilesystemMismatch",
            "the wrong fsType",
            happened(
                {"FailedMountOnFilesystemMismatch"},
                Cause("a volume of it has another filesystem than its fsType says", "Mend the fsType", volumes),
            ),
            _MOUNTS,
        ),
        _rule(
            "V26",
            "an image volume: pull reasons, ImageVolumeMountFailed",
            "a bad reference or subPath",
            either(
                waiting(
                    {"ImageVolumeMountFailed"},
                    Cause("{container} cannot have its image volume", "Mend its reference or subPath", volumes),
                ),
                happened(
                    {"ImageVolumeMountFailed", "FailedMountImageVolume"},
                    Cause("an image volume of it cannot be mounted", "Mend its reference or subPath", volumes),
                ),
            ),
            ("C3", "V17"),
        ),
        _rule("V17", "FailedMount: MountDevice, SetUp", "a filesystem, NFS, a permission or the driver", _setup),
        _rule(
            "V27",
            "`Read-only file system` in the log of a failed run",
            "it writes where nothing may be written",
            _in_log(
                _READ_ONLY,
                "{container} writes to {path}, where volume {volume} is mounted read-only",
                "Mount it for writing, or write elsewhere",
                mounted=False,
                otherwise="{container} writes to a filesystem that is read-only",
            ),
            _VAGUE,
        ),
        _rule(
            "V28",
            "`Permission denied` in the log of a failed run, on a path of a volume",
            "its user may not write or read there",
            _in_log(
                _DENIED,
                "{container} may not use {path}, where volume {volume} is mounted",
                "Set fsGroup, or run it as the files' owner",
                mounted=True,
            ),
            _VAGUE,
        ),
        _rule(
            "V22",
            "ENOSPC in the log or message of a failed run",
            "a volume is full",
            _in_log(
                _FULL,
                "volume {volume}, mounted at {path}, is full for {container}",
                "Free space, or let the claim grow",
                mounted=False,
                otherwise="a disk that {container} writes to is full",
            ),
            _VAGUE,
        ),
    ),
)
