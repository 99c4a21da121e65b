"""Help, README and RBAC are made of the same declarations as the code."""

import ast
import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from bot.cli import main
from bot.core.arguments import is_allowed
from bot.core.commands import Change, Command
from bot.core.grants import Effect
from bot.core.parsing import parse
from bot.core.resources import Access
from bot.core.triage.registry import FAMILIES
from bot.core.usages import built
from bot.metrics.measures import MEASURES
from config.policy import load_policy
from config.settings import NAMES
from handlers import COMMANDS, REGISTRY

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "config" / "policy.example.yaml"
OF_THE_CHANNEL = frozenset({"resolve", "watch"})
TELLING = sorted([*(ROOT / "docs").glob("*.md"), *(ROOT / "helm").rglob("*.yaml"), *(ROOT / "helm").rglob("*.json")])
EVERY = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)


def _generators() -> Any:
    """Return docs/generate.py, a script, as a module."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    return generate


@pytest.mark.parametrize(("path", "made"), _generators().GENERATED.items(), ids=lambda one: getattr(one, "name", ""))
def test_what_is_made_from_the_code_is_as_it_would_be_made(path: Path, made: Callable[[str], str]) -> None:
    """`make docs` would change nothing."""
    text = path.read_text()
    assert made(text) == text


def test_tables_are_whole() -> None:
    """Every command stands in the README's table, every measure in the operations', every rule in triage's."""
    names = ("README.md", "docs/operations.md", "docs/triage.md")
    readme, operations, triage = ((ROOT / name).read_text() for name in names)
    assert all(f"| `/pod {command.name}" in readme for command in COMMANDS)
    assert all(f"| `{measure.told}` |" in operations for measure in MEASURES)
    assert all(f"| {rule.id} | {family.name} |" in triage for family in FAMILIES for rule in family.rules)


@pytest.mark.parametrize("path", TELLING, ids=lambda path: path.name)
def test_measures_that_are_told_exist(path: Path) -> None:
    """Whatever a document, an alert or a dashboard reads of podbot's metrics is measured, under that very name."""
    suffixes = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count", "")}
    known = {f"{one.name}{suffix}" for one in MEASURES for suffix in suffixes[one.kind]}
    assert set(re.findall(r"\bpodbot_[a-z_]+\b", path.read_text())) <= known


def test_every_label_that_is_told_exists() -> None:
    """Alerts in the documents choose by labels that the measure has."""
    labels = {one.told: set(one.labels) for one in MEASURES}
    text = (ROOT / "docs" / "operations.md").read_text()
    chosen = re.findall(r"(podbot_[a-z_]+)\{([a-z]+)[=!]", text)
    assert chosen
    assert all(label in labels[name] for name, label in chosen)


def test_every_module_of_handlers_is_in_the_list() -> None:
    """A verb that is written is a verb that can be typed."""
    modules = {path.stem for path in (ROOT / "handlers").glob("*.py")} - {"__init__"}
    assert modules == set(REGISTRY)


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_documented(name: str) -> None:
    """Each setting stands in the README or in docs/settings.md."""
    assert name in (ROOT / "README.md").read_text() + (ROOT / "docs" / "settings.md").read_text()


@EVERY
def test_parameters_are_fields(command: Command[Any, Any]) -> None:
    """What click reads is what the request holds, and of our own types only."""
    declared = getattr(command.request, "__click_params__", [])
    assert {one.name for one in declared} == set(getattr(command.request, "__dataclass_fields__", {}))
    assert all(is_allowed(one) for one in declared)


@EVERY
def test_examples_can_be_typed(command: Command[Any, Any]) -> None:
    """Every example of help parses, as the command that it is an example of."""
    assert command.examples
    for example in command.examples:
        assert parse(example, REGISTRY).command is command


@EVERY
def test_a_need_names_a_flag_that_there_is(command: Command[Any, Any]) -> None:
    """`when` is one of the command's own flags."""
    flags = {opt for param in built(command).params for opt in param.opts}
    assert {need.when for need in command.needs if need.when} <= flags


@EVERY
def test_a_change_asks_for_a_right_to_change(command: Command[Any, Any]) -> None:
    """A read needs only verbs that read; a change one that does not, or to reach into a pod, which may do anything.

    What changes the channel's messages, or what podbot tells there, needs no right in Kubernetes, only the policy's.
    """
    reading = {"get", "list", "watch"}
    changing = [need for need in command.needs if need.verb not in reading or need.resource == "pods/proxy"]
    assert bool(changing) == (isinstance(command, Change) and command.name not in OF_THE_CHANNEL)


@pytest.mark.parametrize("pod_templates", [False, True])
@pytest.mark.parametrize("flags", [[], ["--legacy"]])
def test_rbac_is_the_union_of_the_needs(flags: list[str], pod_templates: bool, tmp_path: Path) -> None:  # noqa: FBT001  # pytest gives it by name
    """Each tier's role holds exactly what the commands whose effect it may use need, and the policy lets them use."""
    content = {**yaml.safe_load(EXAMPLE.read_text()), "pod_templates": pod_templates}
    content.pop("people", None)
    path = tmp_path / "policy.yaml"
    path.write_text(yaml.safe_dump(content))
    printed = CliRunner().invoke(main, ["rbac", "--policy", str(path), *flags])
    printed_objects = list(yaml.safe_load_all(printed.output))
    for name, tier in load_policy(path).tiers.items():
        effects = {Effect[effect] for effect in tier.may}
        needs = [
            need
            for command in COMMANDS
            if command.effect in effects
            for need in command.needs
            if pod_templates or not need.policy
        ]
        for kind, scope in (("Role", "namespace"), ("ClusterRole", "cluster")):
            wanted = {_right(need) for need in needs if need.scope == scope}
            named = (kind, f"podbot:tier:{name}")
            roles = [one for one in printed_objects if (one["kind"], one["metadata"]["name"]) == named]
            assert roles
            assert all(_rights(role["rules"]) == wanted for role in roles)


def _right(need: Access) -> tuple[str, str, str]:
    return need.group, need.resource, need.verb


def _rights(rules: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {
        (group, resource, verb)
        for rule in rules
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("test_*.py")), ids=lambda path: path.stem)
def test_tests_state_behaviour(path: Path) -> None:
    """Every test has a docstring of one sentence."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            assert ast.get_docstring(node), f"{path.name}: {node.name}"
