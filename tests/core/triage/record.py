"""Records what `triage` reads of a real pod, as a case of the golden corpus.

    KUBECONFIG_TEST=FILE python -m tests.core.triage.record NAMESPACE POD EXPECTED > tests/core/triage/golden/NAME.json

EXPECTED is the id of the rule that must come first, or "none". It reads as the administrator, and keeps no values.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.app import SystemClock
from bot.core.names import Namespace, PodName
from bot.core.reading import mapping
from bot.core.resources import PODS, Json
from bot.core.triage.encoding import encode
from bot.core.triage.judging import judge
from bot.core.triage.snapshot import Snapshot
from bot.kube.cluster import BoundCluster
from bot.steps.triage import snapshot_of
from tests.real import Administrator, Real

_NOISE = frozenset({"managedFields", "kubectl.kubernetes.io/last-applied-configuration"})
_OF_NODE = frozenset({"conditions", "volumesAttached", "volumesInUse", "allocatable"})


async def read(admin: Administrator, namespace: str, name: str) -> Snapshot:
    """Read one pod as the administrator, the way the verb does."""
    cluster = BoundCluster("main", Namespace(namespace), admin.client)
    return await snapshot_of(cluster, partial(cluster.get, PODS, name), PodName(name), SystemClock().now())


def case(name: str, seen: Snapshot, expected: str | None) -> Json:
    """Return a snapshot as a recorded case, without what no rule reads."""
    raw = encode(seen)
    if node := mapping(raw.get("node")):
        status = {key: value for key, value in mapping(node.get("status")).items() if key in _OF_NODE}
        raw["node"] = {"metadata": {"name": mapping(node.get("metadata")).get("name")}, "status": status}
    return {"name": name, "origin": "recorded", "expected": expected, "misses": [], "snapshot": _bare(raw)}


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _bare(inner) for key, inner in value.items() if key not in _NOISE}
    return [_bare(one) for one in value] if isinstance(value, list) else value


async def _main(namespace: str, name: str, expected: str) -> None:
    async with Real.opened() as admin:
        seen = await read(admin, namespace, name)
    first = judge(seen).first
    sys.stderr.write(f"{name}: {first.rule if first else 'none'}: {first.cause if first else ''}\n")
    json.dump(case(name, seen, None if expected == "none" else expected), sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:4]))
