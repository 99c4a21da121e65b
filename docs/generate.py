"""Writes what is made from the code, in documents and chart. Run by `make docs`; a test holds all equal."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import yaml

from bot.checks.examining import CHECKS
from bot.checks.report import page
from bot.core import rbac
from bot.core.resources import Access
from bot.core.triage.registry import FAMILIES
from bot.metrics.measures import MEASURES
from bot.render.reference import commands_table, rules_table
from handlers import COMMANDS

ROOT: Final = Path(__file__).parent.parent
CHART: Final = ROOT / "helm" / "podbot"


def readme(text: str) -> str:
    """Return the README's text with its table of commands made anew."""
    return _between(text, "commands", commands_table(COMMANDS))


def operations(text: str) -> str:
    """Return the text of docs/operations.md with its table of measures made anew."""
    rows = [
        f"| `{one.told}` | {one.kind} | {', '.join(f'`{label}`' for label in one.labels)} | {one.help} |"
        for one in MEASURES
    ]
    return _between(text, "measures", "\n".join(["| name | kind | labels | what it is |", "|---|---|---|---|", *rows]))


def triage(text: str) -> str:
    """Return the text of docs/triage.md with its table of rules made anew."""
    return _between(text, "rules", rules_table(FAMILIES))


def check(text: str) -> str:
    """Return the text of docs/check.md with its list of findings made anew."""
    return _between(text, "findings", page(CHECKS))


def chart_readme(text: str) -> str:
    """Return the text of the chart's README with its table of values made anew."""
    return _between(text, "values", values_table((CHART / "values.yaml").read_text()))


def rights(_: str) -> str:
    """Return what the chart makes RBAC of: podbot's own rights, and each right that a command of an effect needs."""
    needs = {json.dumps({"effect": one.effect.name, **_right(need)}) for one in COMMANDS for need in one.needs}
    written = {
        "own": [json.dumps(one) for one in rbac.OWN],
        "extras": [json.dumps(extra) for extra in rbac.EXTRAS],
        "reviews": [json.dumps(_right(access)) for access in rbac.REVIEWS],
        "commands": sorted(needs),
    }
    lines = [line for key, many in written.items() for line in (f"{key}:", *(f"  - {one}" for one in many))]
    return "\n".join(["# Written by `make docs` from what the commands declare that they need.", *lines, ""])


def _right(access: Access) -> dict[str, str]:
    said = asdict(access)
    return {key: said[key] for key in ("scope", "group", "resource", "verb", "policy")}


def values_table(text: str) -> str:
    """Return a table of the values in a chart's values.yaml: each with a comment above, with that and its default."""
    lines = text.splitlines()
    root = yaml.compose(text, yaml.SafeLoader)
    rows = [f"| `{path}` | `{default}` | {comment} |" for path, default, comment in _values(root, lines, "")]
    return "\n".join(["| value | default | what it is |", "|---|---|---|", *rows])


def _values(node: yaml.Node | None, lines: list[str], prefix: str) -> Iterator[tuple[str, str, str]]:
    """Yield path, default and comment of every value; what has a comment of its own is one value, whatever is in it."""
    if not isinstance(node, yaml.MappingNode):
        raise ValueError(f"{prefix}: every value needs a comment above it")  # noqa: TRY004  # the text is wrong, not a type
    for key, value in node.value:
        path = f"{prefix}{key.value}"
        comment = " ".join(_above(lines, key.start_mark.line))
        if comment:
            default = json.dumps(_plain(value), ensure_ascii=False)
            yield path, default, comment.replace("|", "\\|")
        else:
            yield from _values(value, lines, f"{path}.")


def _plain(node: yaml.Node) -> Any:
    return yaml.safe_load(yaml.serialize(node))


def _above(lines: list[str], line: int) -> list[str]:
    """Return the words of the comment right above a line."""
    first = line
    while first and lines[first - 1].strip().startswith("#"):
        first -= 1
    return [one.strip().removeprefix("#").strip() for one in lines[first:line]]


def _between(text: str, what: str, made: str) -> str:
    before, begin, rest = text.partition(f"<!-- {what}: written by make docs -->\n")
    _, end, after = rest.partition(f"\n<!-- end of {what} -->")
    return f"{before}{begin}{made}{end}{after}"


GENERATED: Final[Mapping[Path, Callable[[str], str]]] = {
    ROOT / "README.md": readme,
    ROOT / "docs" / "operations.md": operations,
    ROOT / "docs" / "check.md": check,
    ROOT / "docs" / "triage.md": triage,
    CHART / "README.md": chart_readme,
    CHART / "files" / "rights.yaml": rights,
}
"""Each file, and what makes its text anew of its old one."""

if __name__ == "__main__":
    for path, generate in GENERATED.items():
        path.write_text(generate(path.read_text() if path.exists() else ""))
