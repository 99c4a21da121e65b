"""Values of every kind, and the objects that the chart makes of them."""

from typing import Any

from bot.core.resources import Json
from tests.chart.charts import kept, merged, rendered

MATRIX: dict[str, tuple[str, dict[str, Any]]] = {
    "minimal": ("minimal", {}),
    "full": ("full", {}),
    "full-by-socket": ("full", {"slack": {"mode": "socket"}, "ingress": {"enabled": False}}),
    "minimal-by-http": ("minimal", {"slack": {"mode": "http"}}),
    "one-replica": ("minimal", {"replicaCount": 1}),
    "account-of-others": ("minimal", {"serviceAccount": {"create": False, "name": "given"}}),
    "tokens": ("minimal", {"rbac": {"mode": "tokens"}}),
    "without-rights": ("minimal", {"rbac": {"create": False}}),
    "named": ("minimal", {"fullnameOverride": "night", "nameOverride": "bot"}),
    "nothing-restricted": (
        "minimal",
        {"podSecurityContext": None, "securityContext": None, "resources": None, "topologySpreadConstraints": []},
    ),
    "network-of-socket-mode": ("minimal", {"networkPolicy": {"enabled": True}}),
    "monitored": (
        "minimal",
        {"metrics": {one: {"enabled": True} for one in ("serviceMonitor", "prometheusRule", "dashboard")}},
    ),
}


def made(case: str) -> list[Json]:
    """Return the objects of one case."""
    base, changes = MATRIX[case]
    return rendered(merged(kept(base), changes))
