"""What stands behind a claim, in lines of mrkdwn: claim, volume, class, attachment, and who else uses it."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.claims import Claim, User
from bot.core.persistent_volumes import Attachment, PersistentVolume, StorageClass
from bot.core.volumes import Joined, Unread
from bot.render.cutting import excerpt
from bot.render.text import code, counted, escape, when

_USERS = 10
_DETAIL = 200  # characters of one detail
_BINDINGS: Mapping[str, str] = {"Immediate": "binds at once", "WaitForFirstConsumer": "binds when a pod uses it"}
_WHY: Mapping[Unread, str] = {Unread.ABSENT: " (does not exist)", Unread.REFUSED: " (not shown)", Unread.NONE: ""}


def claim_lines(joined: Joined) -> Iterator[str]:
    """Yield a claim and what stands behind it, the whole chain first."""
    claim, volume, storage_class = joined.claim, joined.volume, joined.storage_class
    yield " → ".join(_chain(joined))
    if isinstance(claim, Claim):
        yield f"claim: {', '.join(_claim(claim))}"
    if isinstance(volume, PersistentVolume):
        yield f"volume: {', '.join(_volume(volume))}"
    if isinstance(storage_class, StorageClass):
        yield f"class: {', '.join(_class(storage_class))}"
    if joined.users:
        yield f"also used by {_users(joined.users)}"


def facts(details: Sequence[str]) -> str:
    """Return details, each made harmless and cut."""
    return "; ".join(escape(excerpt(one, _DETAIL)) for one in details)


def _chain(joined: Joined) -> Iterator[str]:
    claim, volume = joined.claim, joined.volume
    if not isinstance(claim, Claim):
        yield f"claim {code(joined.name)}{_WHY[claim]}"
        return
    yield f"claim {code(claim.name)} {escape(claim.phase) or 'of no phase yet'}"
    if isinstance(volume, PersistentVolume):
        yield f"volume {code(volume.name)} {escape(volume.phase)}".rstrip()
    else:
        yield f"volume {code(claim.volume)}{_WHY[volume]}" if claim.volume else "no volume"
    if claim.class_name:
        why = "" if isinstance(joined.storage_class, StorageClass) else _WHY[joined.storage_class]
        yield f"class {code(claim.class_name)}{why}"
    else:
        yield "no class"
    yield from _attachment(joined.attachment)


def _attachment(found: Attachment | Unread) -> Iterator[str]:
    if isinstance(found, Attachment):
        yield f"{'attached' if found.attached else 'not attached'} to {code(found.node)}"
    elif found is Unread.ABSENT:
        yield "no attachment, which some drivers do without"
    elif found is Unread.REFUSED:
        yield "attachment (not shown)"


def _claim(claim: Claim) -> Iterator[str]:
    yield f"{escape(claim.requested) or 'no size'} asked for"
    yield f"{escape(claim.granted)} granted" if claim.granted else "nothing granted yet"
    yield from map(escape, claim.access_modes)
    yield from filter(None, (escape(claim.volume_mode),))
    if claim.selector:
        yield f"only volumes with {code(claim.selector)}"
    if claim.data_source:
        yield f"filled from {escape(claim.data_source)}"
    yield from _attributes(claim)
    yield from _growth(claim)


def _attributes(claim: Claim) -> Iterator[str]:
    if claim.attributes_class:
        current = claim.current_attributes_class
        now = f" (now {code(current)})" if current and current != claim.attributes_class else ""
        yield f"attributes class {code(claim.attributes_class)}{now}"
    if claim.modifying:
        yield f"change to attributes class {code(claim.target_attributes_class)}: {escape(claim.modifying)}"


def _growth(claim: Claim) -> Iterator[str]:
    """Yield how far an expansion has come: what the controllers say, else the claim's conditions."""
    if claim.resizing:
        yield f"growing to {escape(claim.allocated or claim.requested)}: {escape(claim.resizing)}"
        return
    for condition in claim.conditions:
        if condition.type in {"Resizing", "FileSystemResizePending"} and condition.status == "True":
            yield f"growing to {escape(claim.allocated or claim.requested)}: {escape(condition.type)}"


def _volume(volume: PersistentVolume) -> Iterator[str]:
    source = f" {code(volume.source)}" if volume.source else ""
    yield f"{escape(volume.words)}{source}"
    if volume.driver:
        yield f"driver {code(volume.driver)}"
    if volume.handle:
        yield f"handle {code(excerpt(volume.handle, _DETAIL))}"
    if volume.details:
        yield facts(volume.details)
    yield f"{escape(volume.capacity) or 'no size'}"
    yield f"reclaim policy {escape(volume.reclaim_policy) or 'unknown'}"
    if volume.attributes_class:
        yield f"attributes class {code(volume.attributes_class)}"
    if volume.mount_options:
        yield f"mount options {code(','.join(volume.mount_options))}"
    yield f"on nodes with {code(volume.affinity)}" if volume.affinity else "no node affinity"
    if volume.reason:
        yield f"{escape(volume.phase)} for {escape(volume.reason)}"
    if volume.since:
        yield f"{escape(volume.phase)} since {when(volume.since)}"


def _class(storage_class: StorageClass) -> Iterator[str]:
    yield f"provisioner {code(storage_class.provisioner)}"
    yield _BINDINGS.get(storage_class.binding, escape(storage_class.binding) or _BINDINGS["Immediate"])
    yield "volumes can grow" if storage_class.expands else "volumes can't grow"
    if storage_class.default:
        yield "the default"


def _users(users: Sequence[User]) -> str:
    said = [f"{code(one.pod)} {f'on {code(one.node)}' if one.node else '(no node yet)'}" for one in users[:_USERS]]
    more = len(users) - len(said)
    return ", ".join((*said, *((counted(more, "more pod"),) if more > 0 else ())))
