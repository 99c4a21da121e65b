"""A volume as a section: what it is, who finds it where, what stands behind it, and what survives."""

from collections.abc import Iterator

from bot.core.mounts import Mount
from bot.core.pods import Pod
from bot.core.replies import Block
from bot.core.volume_sources import Volume
from bot.core.volumes import Joined, Use, sharing, survival, uses
from bot.render.blocks import section
from bot.render.claims import claim_lines, facts
from bot.render.text import bold, code, escape


def in_short(volume: Volume) -> str:
    """Return a volume in a few words, for a list of them."""
    return f"{code(volume.name)} ({_source(volume)})"


def volume_section(pod: Pod, volume: Volume, joined: Joined | None, *, wrong: bool) -> Block:
    """Return all about one volume."""
    found = uses(pod, volume)
    together = sharing(found)
    shared = f" · shared by {', '.join(map(code, together))}" if together else ""
    heading = f"{':warning: ' if wrong else ''}{bold(volume.name)} · {_source(volume)}{shared}"
    behind = claim_lines(joined) if joined else ()
    details = (facts(volume.details),) if volume.details else ()
    lines = (*details, *(_use(pod, use) for use in found), *(() if found else ("mounted by no container",)), *behind)
    return section("\n".join((heading, *(f"• {line}" for line in lines), survival(volume, joined))))


def _source(volume: Volume) -> str:
    source = f" {code(volume.source)}" if volume.source else ""
    return f"{escape(volume.words)}{source}"


def _use(pod: Pod, use: Use) -> str:
    kind = _kind(pod, use)
    where = "as block device" if use.mount.device else "at"
    head = f"{code(use.container.name)}{f' ({kind})' if kind else ''} {where} {code(use.mount.path)}"
    return ", ".join((head, *_how(use.mount)))


def _kind(pod: Pod, use: Use) -> str:
    if use.container in pod.init_containers:
        return "sidecar" if use.container.sidecar else "init"
    return "ephemeral" if use.container in pod.ephemeral else ""


def _how(mount: Mount) -> Iterator[str]:
    if mount.read_only:
        recursive = mount.recursive not in {"", "Disabled"}
        yield f"read-only{f', what is mounted below it too ({escape(mount.recursive)})' if recursive else ''}"
    if mount.sub_path:
        yield f"only its part {code(mount.sub_path)}"
    if mount.sub_path_expression:
        yield f"only its part {code(mount.sub_path_expression)} with the container's variables"
    if mount.propagation not in {"", "None"}:
        yield f"mount propagation {escape(mount.propagation)}"
    if mount.image:
        yield f"resolved to {code(mount.image)}"
