from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import config
from config.errors import ConfigError
from config.names import kubernetes_name, persons_name
from config.policy import Policy, load_policy, parse_policy

EXAMPLE = Path(config.__file__).parent / "policy.example.yaml"


def policy(**changed: Any) -> dict[str, Any]:
    """Return a small valid policy as a tree, with some of its keys changed."""
    return {
        "team": "T0ACME",
        "tiers": {"viewer": {"groups": ["podbot:viewers"], "may": ["READ"]}},
        "people": {"U024BE7LH": {"user": "alice@example.com", "groups": ["shop-team"]}},
        "grants": [rule()],
        "default_namespace": {"C0TEAM": "shop"},
        **changed,
    }


def rule(**changed: Any) -> dict[str, Any]:
    """Return a valid grant as a tree, with some of its keys changed."""
    return {"cluster": "main", "tier": "viewer", "channels": ["C0TEAM"], "namespaces": ["shop"], **changed}


def problems(tree: dict[str, Any]) -> dict[str, str]:
    """Return the mends of a policy by key; {} where it is valid."""
    try:
        parse_policy(yaml.safe_dump(tree).encode(), "policy.yaml")
    except ConfigError as error:
        return {problem.key: problem.mend for problem in error.problems}
    return {}


def test_example_is_valid() -> None:
    """The shipped example loads, and uses every key there is."""
    assert load_policy(EXAMPLE).team == "T0ACME"
    assert yaml.safe_load(EXAMPLE.read_text()).keys() == Policy.model_fields.keys()


def test_small_policy_is_valid() -> None:
    """The policy that the other tests change is valid itself."""
    assert problems(policy()) == {}


@pytest.mark.parametrize(
    ("changed", "keys"),
    [
        ({"team": "acme"}, {"team"}),
        ({"team": "C0TEAM"}, {"team"}),
        ({"team": "T0ACME\n"}, {"team"}),
        ({"tiers": {}, "grants": [], "default_namespace": {}}, {"tiers"}),
        ({"tiers": {"viewer": {"may": []}}}, {"tiers.viewer.may"}),
        ({"tiers": {"viewer": {"may": ["WRITE"]}}}, {"tiers.viewer.may.0"}),
        ({"tiers": {"viewer": {"may": ["READ"], "groups": ["system:masters"]}}}, {"tiers.viewer.groups.0"}),
        ({"tiers": {"Viewer": {"may": ["READ"]}}}, {"tiers.Viewer"}),
        ({"people": {"alice": {"user": "a"}}}, {"people.alice"}),
        ({"people": {"U0ALICE": {"user": "system:admin"}}}, {"people.U0ALICE.user"}),
        ({"people": {"U0ALICE": {"user": "podbot:viewer"}}}, {"people.U0ALICE.user"}),
        (
            {"people": {"U0ALICE": {"user": "a", "groups": ["podbot:x", "system:x"]}}},
            {"people.U0ALICE.groups.0", "people.U0ALICE.groups.1"},
        ),
        ({"people": {"U0ALICE": {"user": ""}}}, {"people.U0ALICE.user"}),
        ({"people": {"U0ALICE": {"user": "a\u202eb"}}}, {"people.U0ALICE.user"}),
        ({"grants": [rule(channels=[])]}, {"grants.0.channels"}),
        ({"grants": [{"cluster": "main", "tier": "viewer", "namespaces": ["shop"]}]}, {"grants.0.channels"}),
        ({"grants": [rule(channels=["#team"])]}, {"grants.0.channels.0"}),
        ({"grants": [rule(users=["alice"])]}, {"grants.0.users.0"}),
        ({"grants": [rule(usergroups=["oncall"])]}, {"grants.0.usergroups.0"}),
        ({"grants": [rule(namespaces=["*"])]}, {"grants.0.namespaces.0"}),
        ({"grants": [rule(namespaces=["shop", "../x"])]}, {"grants.0.namespaces.1"}),
        ({"grants": [rule(namespaces=[])]}, {"grants.0.namespaces"}),
        ({"grants": [rule(), rule(tier="admin"), rule(tier="owner")]}, {"grants.1.tier", "grants.2.tier"}),
        ({"default_namespace": {"C0TEAM": "payments"}}, {"default_namespace.C0TEAM"}),
        ({"default_namespace": {"C0OTHER": "shop"}}, {"default_namespace.C0OTHER"}),
        ({"pod_templates": "yes"}, {"pod_templates"}),
        ({"frozen": None}, {"frozen"}),
    ],
)
def test_wrong_value_is_refused_by_its_key(changed: dict[str, Any], keys: set[str]) -> None:
    """Every wrong value is refused under the key that it stands at."""
    assert problems(policy(**changed)).keys() == keys


@pytest.mark.parametrize(
    ("changed", "key", "mend"),
    [
        ({"grant": []}, "grant", "unknown key; did you mean “grants”?"),
        ({"zzz": 1}, "zzz", "unknown key"),
        ({"grants": [rule(chanels=["C0TEAM"])]}, "grants.0.chanels", "unknown key; did you mean “channels”?"),
        (
            {"tiers": {"viewer": {"may": ["READ"], "group": []}}},
            "tiers.viewer.group",
            ("unknown key; did you mean “groups”?"),
        ),
        ({"grants": [rule(tier="viewers")]}, "grants.0.tier", "there is no tier “viewers”; did you mean “viewer”?"),
        ({"grants": [rule(tier="admin")]}, "grants.0.tier", "there is no tier “admin”; add it to tiers"),
        ({"grants": [rule(channels=[])]}, "grants.0.channels", "empty; write at least one"),
    ],
)
def test_problem_says_what_to_do(changed: dict[str, Any], key: str, mend: str) -> None:
    """A problem's words say what was probably meant, or what to write."""
    assert problems(policy(**changed))[key] == mend


def test_missing_team_is_named() -> None:
    """A required key that is missing is named."""
    tree = policy()
    del tree["team"]
    assert problems(tree) == {"team": "missing; set it"}


def test_several_problems_are_one_error_of_several_lines() -> None:
    """All problems come in one error, a line each."""
    content = yaml.safe_dump(policy(team="acme", grants=[rule(channels=["#x"])])).encode()
    with pytest.raises(ConfigError) as caught:
        parse_policy(content, "policy.yaml")
    assert [line.split(": ")[:2] for line in str(caught.value).splitlines()] == [
        ["policy.yaml", "team"],
        ["policy.yaml", "grants.0.channels.0"],
    ]


@given(st.text(max_size=20), st.sampled_from(["", "system:", "podbot:"]))
def test_accepted_names_can_be_impersonated(text: str, prefix: str) -> None:
    """A name that is accepted is printable, trimmed, not empty, and of nobody whom podbot may not be."""
    try:
        name = persons_name(prefix + text)
    except ValueError:
        return
    assert name == kubernetes_name(name) == name.strip() != ""
    assert name.isprintable()
    assert not name.startswith(("system:", "podbot:"))
