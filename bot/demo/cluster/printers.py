"""The columns of each kind.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/printers/internalversion/printers.go.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.reading import mapping
from bot.core.resources import Json
from bot.demo.cluster import cells, kinds
from bot.demo.cluster.kinds import Kind

Cells = Callable[[Json, datetime], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Printer:
    """Columns as "Name", "Name:type" where it is no text, "Name*" for `-o wide` only; and what prints a row."""

    columns: tuple[str, ...]
    cells: Cells

    def definitions(self) -> Iterator[Json]:
        """Yield the columns as a Table defines them."""
        for column in self.columns:
            name, _, type_ = column.rstrip("*").partition(":")
            format_ = "name" if name == "Name" or type_ == "name" else ""
            shown = {"type": "string" if type_ in ("", "name") else type_, "format": format_, "description": ""}
            yield {"name": name, **shown, "priority": int(column.endswith("*"))}


def printer_of(kind: Kind) -> Printer:
    """Return what prints a kind."""
    return _PRINTERS.get(kind, _DATED)


_PLAIN = Printer(("Name", "Age"), lambda item, now: [cells.name(item), cells.age(item, now)])
_DATED = Printer(
    ("Name", "Created At:date"), lambda item, _: [cells.name(item), item["metadata"].get("creationTimestamp")]
)
_ACCOUNTS = ("Users*", "Groups*", "ServiceAccounts*")
_PRINTERS: Mapping[Kind, Printer] = {
    kinds.PODS: Printer(
        ("Name", "Ready", "Status", "Restarts", "Age", "IP*", "Node*", "Nominated Node*", "Readiness Gates*"), cells.pod
    ),
    kinds.EVENTS: Printer(
        (
            *("Last Seen", "Type", "Reason", "Object", "Subobject*", "Source*", "Message"),
            *("First Seen*", "Count*", "Name*"),
        ),
        cells.event,
    ),
    kinds.SERVICES: Printer(
        ("Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "Selector*"), cells.service
    ),
    kinds.REPLICA_SETS: Printer(
        (
            *("Name", "Desired:integer", "Current:integer", "Ready:integer", "Age"),
            *("Containers*", "Images*", "Selector*"),
        ),
        cells.replica_set,
    ),
    kinds.POD_TEMPLATES: Printer(("Name", "Containers", "Images", "Pod Labels"), cells.template),
    kinds.CLAIMS: Printer(
        (
            *("Name", "Status", "Volume", "Capacity", "Access Modes", "StorageClass", "VolumeAttributesClass"),
            *("Age", "VolumeMode*"),
        ),
        cells.claim,
    ),
    kinds.PERSISTENT_VOLUMES: Printer(
        (
            *("Name", "Capacity", "Access Modes", "Reclaim Policy", "Status", "Claim", "StorageClass"),
            *("VolumeAttributesClass", "Reason", "Age", "VolumeMode*"),
        ),
        cells.volume,
    ),
    kinds.STORAGE_CLASSES: Printer(
        ("Name", "Provisioner", "ReclaimPolicy", "VolumeBindingMode", "AllowVolumeExpansion", "Age"),
        cells.storage_class,
    ),
    kinds.ATTACHMENTS: Printer(("Name", "Attacher:name", "PV", "Node", "Attached:boolean", "Age"), cells.attachment),
    kinds.QUOTAS: Printer(("Name", "Request", "Limit", "Age"), cells.quota),
    kinds.NODES: Printer(
        (
            *("Name", "Status", "Roles", "Age", "Version", "Internal-IP*", "External-IP*"),
            *("OS-Image*", "Kernel-Version*", "Container-Runtime*"),
        ),
        cells.node,
    ),
    kinds.LEASES: Printer(
        ("Name", "Holder", "Age"),
        lambda item, now: [
            cells.name(item),
            mapping(item.get("spec")).get("holderIdentity") or "",
            cells.age(item, now),
        ],
    ),
    kinds.CONFIG_MAPS: Printer(
        ("Name", "Data", "Age"), lambda item, now: [cells.name(item), cells.counted(item), cells.age(item, now)]
    ),
    kinds.SECRETS: Printer(
        ("Name", "Type", "Data", "Age"),
        lambda item, now: [cells.name(item), item.get("type"), cells.counted(item), cells.age(item, now)],
    ),
    kinds.NAMESPACES: Printer(
        ("Name", "Status", "Age"), lambda item, now: [cells.name(item), cells.phase(item), cells.age(item, now)]
    ),
    kinds.BUDGETS: Printer(
        ("Name", "Min Available", "Max Unavailable", "Allowed Disruptions:integer", "Age"), cells.budget
    ),
    **dict.fromkeys(
        (kinds.ROLE_BINDINGS, kinds.CLUSTER_ROLE_BINDINGS), Printer(("Name", "Role", "Age", *_ACCOUNTS), cells.binding)
    ),
    kinds.ACCOUNTS: _PLAIN,
}
