"""podbot's chart, by helm itself."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from bot.core.resources import Json
from tests.programs import program

ROOT: Final = Path(__file__).parent.parent.parent
CHART: Final = ROOT / "helm" / "podbot"
RBAC: Final = ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding")
PATHS: Final = {
    "ServiceAccount": "/api/v1/namespaces/{}/serviceaccounts",
    "ConfigMap": "/api/v1/namespaces/{}/configmaps",
    "Service": "/api/v1/namespaces/{}/services",
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments",
    "Ingress": "/apis/networking.k8s.io/v1/namespaces/{}/ingresses",
    "NetworkPolicy": "/apis/networking.k8s.io/v1/namespaces/{}/networkpolicies",
    "PodDisruptionBudget": "/apis/policy/v1/namespaces/{}/poddisruptionbudgets",
    "Role": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles",
    "RoleBinding": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/rolebindings",
    "ClusterRole": "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    "ClusterRoleBinding": "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
}
"""Where objects of each kind that the chart makes are, in a namespace if they are in one."""
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What a program said, and whether it was content."""

    ok: bool
    out: str
    error: str


def helm(*words: str, values: Values | None = None, environment: Mapping[str, str] | None = None) -> Said:
    """Run helm, with these values on its standard input where there are any."""
    given = ("--values", "-") if values is not None else ()
    written = yaml.safe_dump(dict(values)) if values is not None else ""
    return run("helm", *words, *given, written=written, environment=environment)


def run(name: str, *words: str, written: str = "", environment: Mapping[str, str] | None = None) -> Said:
    """Run a program, with this on its standard input."""
    ended = subprocess.run(  # noqa: S603  # by its full path, with words of the tests' own
        [program(name), *words],
        input=written,
        capture_output=True,
        text=True,
        check=False,
        env=dict(environment) if environment is not None else None,
        timeout=300,
    )
    return Said(ended.returncode == 0, ended.stdout, ended.stderr)


def kept(name: str) -> dict[str, Any]:
    """Return the values of one of the chart's files in ci/."""
    loaded: dict[str, Any] = yaml.safe_load((CHART / "ci" / f"{name}-values.yaml").read_text())
    return loaded


def merged(values: Values, changes: Values) -> dict[str, Any]:
    """Return values with some changed, deep down, as helm merges them: None takes a value away."""
    both = {key: value for key, value in values.items() if changes.get(key, ...) is not None}
    for key, value in ((key, value) for key, value in changes.items() if value is not None):
        old = both.get(key)
        both[key] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return both


def rendered(
    values: Values, *, release: str = "podbot", namespace: str = "ops", flags: Sequence[str] = ()
) -> list[Json]:
    """Return the objects that the chart makes of these values."""
    said = helm("template", release, str(CHART), "--namespace", namespace, *flags, values=values)
    assert said.ok, said.error
    return [one for one in yaml.safe_load_all(said.out) if one]


def notes(values: Values, *, release: str = "podbot", namespace: str = "ops") -> str:
    """Return what helm tells after an installation with these values; nothing is installed, and no cluster is asked."""
    words = ("install", release, str(CHART), "--namespace", namespace, "--dry-run=client")
    said = helm(*words, values=values, environment={**os.environ, "KUBECONFIG": os.devnull})
    assert said.ok, said.error
    return said.out.partition("\nNOTES:\n")[2]


def only(objects: Sequence[Json], kind: str) -> Json:
    """Return the one object of a kind."""
    (found,) = (one for one in objects if one["kind"] == kind)
    return found


def refusal(values: Values) -> str:
    """Return what helm says of values that the chart refuses."""
    said = helm("template", "podbot", str(CHART), values=values)
    assert not said.ok, "the chart took these values"
    return said.error
