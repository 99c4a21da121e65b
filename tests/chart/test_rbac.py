"""The chart's roles are those that `podbot rbac` prints, for every policy and in every form."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from bot.cli import main
from bot.core.rbac import ACT
from bot.core.resources import Json
from tests.chart.charts import CHART, RBAC, helm, kept, merged, notes, only, rendered

FORMS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "constrained": ({}, []),
    "legacy": ({"rbac": {"mode": "legacy"}, "policy": {"people": None}}, ["--legacy"]),
    "cluster-wide": ({"rbac": {"clusterWide": True}}, ["--cluster-wide"]),
    "cluster-wide-legacy": (
        {"rbac": {"clusterWide": True, "mode": "legacy"}, "policy": {"people": None}},
        ["--cluster-wide", "--legacy"],
    ),
    "tokens": ({"rbac": {"mode": "tokens"}, "policy": {"people": None}}, ["--tokens"]),
    "cluster-wide-tokens": (
        {"rbac": {"clusterWide": True, "mode": "tokens"}, "policy": {"people": None}},
        ["--cluster-wide", "--tokens"],
    ),
    "without-templates-of-the-namespace": ({"policy": {"pod_templates": False}}, []),
    "without-grants": ({"policy": {"grants": [], "default_namespace": None}}, []),
    "without-groups": ({"policy": {"tiers": {"viewer": {"groups": []}, "operator": {"groups": []}}}}, []),
    "of-another-cluster": ({"cluster": {"name": "elsewhere"}}, ["--cluster", "elsewhere"]),
    "changes-alone": ({"policy": {"tiers": {"operator": {"may": ["CHANGE"]}}}}, []),
    "dangers-alone": ({"policy": {"tiers": {"operator": {"may": ["DANGEROUS"]}}}}, []),
}
FORM = pytest.mark.parametrize("form", FORMS)


@FORM
def test_the_chart_makes_what_podbot_rbac_prints(form: str, tmp_path: Path) -> None:
    """The same roles and bindings, of the same names and in the same namespaces, rule for rule."""
    changes, flags = FORMS[form]
    values = merged(kept("full"), changes)
    wanted = _bare(_printed(values["policy"], tmp_path, "--service-account", "podbot", *flags))
    assert wanted
    assert _bare(rendered(values)) == wanted


@FORM
def test_the_notes_say_how_to_make_the_same(form: str, tmp_path: Path) -> None:
    """With `rbac.create: false` the line that is to be typed prints what the chart would have made, in every form."""
    values = merged(kept("full"), FORMS[form][0])
    path = tmp_path / "policy.yaml"
    path.write_text(yaml.safe_dump(values["policy"]))
    told = notes(merged(values, {"rbac": {"create": False}}), release="night")
    (line,) = (one.split() for one in told.splitlines() if "podbot rbac" in one)
    printed = CliRunner().invoke(main, [str(path) if word == "policy.yaml" else word for word in line[1:]])
    assert printed.exit_code == 0, printed.output
    assert _bare(list(yaml.safe_load_all(printed.output))) == _bare(rendered(values, release="night"))


def test_another_release_has_other_names(tmp_path: Path) -> None:
    """Two releases share no role: the names begin with the release's, as `podbot rbac --name` has them."""
    values = kept("minimal")
    name = "night-podbot"
    wanted = _bare(_printed(values["policy"], tmp_path, "--service-account", name, "--name", name))
    made = _bare(rendered(values, release="night"))
    assert made == wanted
    assert not {*made} & {*_bare(rendered(values))}


def test_nobody_is_named_by_no_rule() -> None:
    """A rule without names would reach every user; helm can be told to pass over the schema that demands a tier."""
    values = {"slack": {"existingSecret": "podbot"}, "policy": {"team": "T0ACME", "tiers": {}, "grants": []}}
    said = helm("template", "podbot", str(CHART), "--skip-schema-validation", values=values)
    assert said.ok, said.error
    rules = [rule for one in yaml.safe_load_all(said.out) if one for rule in one.get("rules", ())]
    becoming = [rule for rule in rules if any(verb.startswith("impersonate:") for verb in rule["verbs"])]
    assert becoming
    assert not [rule for rule in becoming if {"users", "groups"} & {*rule["resources"]}]


def _printed(policy: Json, folder: Path, *flags: str) -> list[Json]:
    path = folder / "policy.yaml"
    path.write_text(yaml.safe_dump(policy))
    printed = CliRunner().invoke(main, ["rbac", "--policy", str(path), "--namespace", "ops", *flags])
    assert printed.exit_code == 0, printed.output
    return list(yaml.safe_load_all(printed.output))


def _bare(objects: list[Json]) -> dict[tuple[str, str, str], Json]:
    """Return the objects of RBAC by what they are, without their labels."""
    found = [one for one in objects if one["kind"] in RBAC]
    named = {(one["kind"], one["metadata"].get("namespace", ""), one["metadata"]["name"]): one for one in found}
    assert len(named) == len(found)
    return {key: {part: one[part] for part in one if part != "metadata"} for key, one in named.items()}


@FORM
def test_the_bots_own_rights_are_few_and_named(form: str) -> None:
    """No wildcard, no Secret, no deletecollection, no node's proxy, no namespace; to become somebody only by name."""
    values = merged(kept("full"), FORMS[form][0])
    rules = [(one, rule) for one in rendered(values) for rule in one.get("rules", ())]
    assert rules
    for _, rule in rules:
        assert "*" not in str(rule)
        assert "deletecollection" not in str(rule["verbs"])
        assert not {"secrets", "nodes/proxy", "namespaces", "serviceaccounts"} & {*rule["resources"]}
        if {"users", "groups", "serviceaccounts/token"} & {*rule["resources"]}:
            assert rule["resourceNames"]
        if "nodes" in rule["resources"]:
            assert {verb.removeprefix(ACT) for verb in rule["verbs"]} == {"get"}
    own = [rule for one, rule in rules if one["metadata"]["name"] == "podbot:own"]
    own, tokens = own[:4], own[4:]
    leases, records = (
        {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"]},
        {"apiGroups": [""], "resources": ["configmaps"]},
    )
    assert own == [
        {**leases, "verbs": ["create", "delete", "get", "list"]},
        {**leases, "resourceNames": ["podbot-watching"], "verbs": ["patch"]},
        {**records, "verbs": ["create"]},
        {**records, "resourceNames": ["podbot-watches"], "verbs": ["get", "patch"]},
    ]
    assert len(tokens) == form.endswith("tokens")
    assert all((rule["resources"], rule["verbs"]) == (["serviceaccounts/token"], ["create"]) for rule in tokens)


@pytest.mark.parametrize("mode", ["constrained", "legacy", "tokens"])
def test_tokens_go_with_their_accounts_and_setting(mode: str) -> None:
    """With tokens alone there is a ServiceAccount a tier, which no pod gets a token of, and podbot is told."""
    values = merged(kept("full"), {"rbac": {"mode": mode}, "policy": {"people": None}})
    objects = rendered(values)
    accounts = [one for one in objects if one["metadata"]["name"].startswith("podbot-tier-")]
    tiers = sorted(values["policy"]["tiers"]) if mode == "tokens" else []
    assert [(one["kind"], one["metadata"]["name"]) for one in accounts] == [
        ("ServiceAccount", f"podbot-tier-{tier}") for tier in tiers
    ]
    assert not any(one["automountServiceAccountToken"] for one in accounts)
    (container,) = only(objects, "Deployment")["spec"]["template"]["spec"]["containers"][:1]
    told = [one["value"] for one in container["env"] if one["name"] == "PODBOT_IDENTITY"]
    assert told == (["tokens"] if mode == "tokens" else [])
    if mode == "tokens":
        assert "impersonate" not in str([one for one in objects if one["kind"] in RBAC])


def test_without_rbac_there_are_no_roles() -> None:
    """`rbac.create: false` leaves every role to the administrator, `rbac.tierRoles: false` the tiers' alone."""
    assert not [one for one in rendered(merged(kept("full"), {"rbac": {"create": False}})) if one["kind"] in RBAC]
    names = {
        one["metadata"]["name"]
        for one in rendered(merged(kept("full"), {"rbac": {"tierRoles": False}}))
        if one["kind"] in RBAC
    }
    assert names == {"podbot:own", "podbot:impersonation", "podbot:targets"}
