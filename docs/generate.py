"""Writes the generated parts of the README and of docs/triage.md, between their markers, for `make docs`; tested."""

from pathlib import Path

from bot.core.triage.registry import FAMILIES
from bot.render.reference import commands_table, rules_table
from handlers import COMMANDS

README = Path(__file__).parent.parent / "README.md"
TRIAGE = Path(__file__).parent / "triage.md"
COMMANDS_TABLE = "<!-- commands: written by make docs -->", "<!-- end of commands -->"
RULES_TABLE = "<!-- rules: written by make docs -->", "<!-- end of rules -->"


def generated(text: str) -> str:
    """Return the README's text with its table of commands made anew."""
    return _between(text, COMMANDS_TABLE, commands_table(COMMANDS))


def generated_rules(text: str) -> str:
    """Return the text about triage with its table of rules made anew."""
    return _between(text, RULES_TABLE, rules_table(FAMILIES))


def _between(text: str, markers: tuple[str, str], table: str) -> str:
    begin, end = markers
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{table}\n{end}{after}"


if __name__ == "__main__":
    README.write_text(generated(README.read_text()))
    TRIAGE.write_text(generated_rules(TRIAGE.read_text()))
