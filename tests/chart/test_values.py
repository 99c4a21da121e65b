"""Wrong values are refused before anything is made, and the message names the value."""

import json
from typing import Any

import pytest
import yaml

from config.errors import ConfigError
from config.policy import parse_policy
from tests.chart.charts import CHART, helm, kept, merged, refusal

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"replicas": 3}, "additional properties 'replicas' not allowed"),
    ({"image": {"repo": "podbot"}}, "at '/image': additional properties 'repo' not allowed"),
    ({"image": {"digest": "sha256:short"}}, "at '/image/digest': 'sha256:short' does not match pattern"),
    (
        {"image": {"pullPolicy": "Sometimes"}},
        "at '/image/pullPolicy': value must be one of 'Always', 'IfNotPresent', 'Never'",
    ),
    ({"replicaCount": "two"}, "at '/replicaCount': got string, want integer"),
    ({"replicaCount": -1}, "at '/replicaCount': minimum: got -1, want 0"),
    ({"slack": {"existingSecret": ""}}, "at '/slack/existingSecret': minLength: got 0, want 1"),
    ({"slack": {"mode": "rtm"}}, "at '/slack/mode': value must be one of 'socket', 'http'"),
    ({"slack": {"command": "pod"}}, "at '/slack/command': 'pod' does not match pattern"),
    ({"slack": {"botToken": "xoxb-1"}}, "at '/slack': additional properties 'botToken' not allowed"),
    ({"rbac": {"mode": "admin"}}, "at '/rbac/mode': value must be one of 'constrained', 'legacy', 'tokens'"),
    ({"rbac": {"extraRules": [{}]}}, "at '/rbac': additional properties 'extraRules' not allowed"),
    ({"policy": {"team": "acme"}}, "at '/policy/team': 'acme' does not match pattern"),
    ({"policy": {"tiers": {"viewer": {"may": ["WRITE"]}}}}, "value must be one of 'READ', 'CHANGE', 'DANGEROUS'"),
    ({"policy": {"owner": "me"}}, "at '/policy': additional properties 'owner' not allowed"),
    (
        {"metrics": {"serviceMonitor": {"interval": "soon"}}},
        "at '/metrics/serviceMonitor/interval': 'soon' does not match",
    ),
    ({"templates": {"one": "name: one"}}, "at '/templates': additional properties 'one' not allowed"),
    ({"health": {"port": 80}}, "at '/health/port': minimum: got 80, want 1,024"),
    # What a schema cannot say.
    (
        {"policy": {"default_namespace": {"C0TEAM": "web"}}},
        'policy.default_namespace.C0TEAM: no grant reaches "web" from this channel; add one',
    ),
    (
        {"rbac": {"mode": "legacy"}, "policy": {"people": {"U0ALICE": {"user": "alice"}}}},
        "policy.people: needs rbac.mode=constrained",
    ),
    (
        {"rbac": {"mode": "tokens"}, "policy": {"people": {"U0ALICE": {"user": "alice"}}}},
        "policy.people: people need impersonation",
    ),
    (
        {"policy": {"grants": [{"cluster": "main", "tier": "veiwer", "channels": ["C0TEAM"], "namespaces": ["shop"]}]}},
        'policy.grants[0].tier: there is no tier "veiwer"; add it to policy.tiers',
    ),
    (
        {"policy": {"tiers": {"viewer": {"groups": ["system:masters"]}}}},
        'policy.tiers.viewer.groups: "system:masters" is Kubernetes',
    ),
    (
        {"policy": {"people": {"U0ALICE": {"user": "podbot:viewer"}}}},
        'policy.people.U0ALICE: "podbot:viewer" is not a person',
    ),
    (
        {"ingress": {"enabled": True, "host": "podbot.example.com"}},
        "ingress.enabled: nothing listens behind it; set slack.mode=http",
    ),
    ({"slack": {"mode": "http"}, "ingress": {"enabled": True}}, "ingress.host: name the host"),
    ({"serviceAccount": {"create": False}}, "serviceAccount.name: name the ServiceAccount that there is"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG, ids=[json.dumps(wrong)[:60] for wrong, _ in WRONG])
def test_a_wrong_value_is_refused_by_name(wrong: dict[str, Any], words: str) -> None:
    """Each wrong value is refused, and the message says which one it is and what would do."""
    assert words in refusal(merged(kept("minimal"), wrong))


def test_without_values_the_message_says_what_is_needed() -> None:
    """Whoever gives no values is told about the policy and the Secret."""
    said = refusal({})
    assert "at '/policy': missing properties 'team', 'tiers'" in said
    assert "at '/slack/existingSecret'" in said


@pytest.mark.parametrize("name", ["minimal", "full"])
def test_lint_is_clean(name: str) -> None:
    """`helm lint --strict` finds nothing."""
    said = helm("lint", "--strict", str(CHART), values=kept(name))
    assert said.ok, said.out + said.error
    assert "0 chart(s) failed" in said.out
    assert "WARNING" not in said.out


GRANT = {"cluster": "main", "tier": "viewer", "channels": ["C0TEAM"], "namespaces": ["shop"]}
POLICIES: list[dict[str, Any]] = [
    {},
    {"ask": "#platform", "frozen": "release night", "pod_templates": True},
    {"pod_templates": "yes"},
    {"team": "T0"},
    {"tiers": {}},
    {"tiers": {"Viewer": {"may": ["READ"]}}},
    {"tiers": {"viewer": {"may": []}}},
    {"tiers": {"viewer": {"may": ["READ"], "groups": [" shop"]}}},
    {"people": {"alice": {"user": "alice"}}},
    {"people": {"U0ALICE": {"groups": ["shop"]}}},
    {"people": {"U0ALICE": {"user": "alice@example.com", "groups": ["shop-team"]}}},
    {"grants": [{**GRANT, "channels": []}]},
    {"grants": [{**GRANT, "channels": ["#team"]}]},
    {"grants": [{**GRANT, "namespaces": ["*"]}]},
    {"grants": [{**GRANT, "namespaces": ["a" * 64]}]},
    {"grants": [{**GRANT, "usergroups": ["S0ONCALL"], "users": ["W0ALICE"]}]},
    {"grants": [{**GRANT, "verbs": ["list"]}]},
    {"grants": [{**GRANT, "tier": "owner"}]},
    {"default_namespace": {"C0TEAM": "Shop"}},
    {"default_namespace": {"C0TEAM": "shop"}},
    {"default_namespace": {"C0TEAM": "web"}},
    {"default_namespace": {"C0TEAM": "shop"}, "grants": []},
]


@pytest.mark.parametrize("changes", POLICIES, ids=[json.dumps(one)[:60] for one in POLICIES])
def test_the_chart_takes_the_policies_that_podbot_takes(changes: dict[str, Any]) -> None:
    """What podbot would refuse to start with, the chart refuses to install, and nothing else."""
    policy = {**kept("minimal")["policy"], **changes}
    try:
        parse_policy(yaml.safe_dump(policy).encode(), "policy")
    except ConfigError:
        good = False
    else:
        good = True
    said = helm("template", "podbot", str(CHART), values={**kept("minimal"), "policy": policy})
    assert said.ok == good, said.error


def test_the_schema_knows_every_value() -> None:
    """Each value of values.yaml is in the schema, and each of the schema in values.yaml."""
    schema = json.loads((CHART / "values.schema.json").read_text())
    assert _alike(yaml.safe_load((CHART / "values.yaml").read_text()), schema, schema) == []


def _alike(values: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], path: str = "") -> list[str]:
    """Return the paths that only one of the two has."""
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    known = schema.get("properties", {})
    if path in ("/policy", "/startupProbe", "/livenessProbe", "/readinessProbe") or not known:
        return []  # what has no defaults of its own
    assert schema["additionalProperties"] is False, path
    lost = [f"{path}/{key}" for key in {*values} ^ {*known} if key != "global"]
    inner = [key for key, value in values.items() if key in known and isinstance(value, dict)]
    return [*lost, *(one for key in inner for one in _alike(values[key], known[key], root, f"{path}/{key}"))]
