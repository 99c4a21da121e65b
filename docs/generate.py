"""Writes the generated parts of the README, between their markers. Run by `make docs`; a test holds them equal."""

from pathlib import Path

from bot.render.reference import commands_table
from handlers import COMMANDS

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- commands: written by make docs -->", "<!-- end of commands -->"


def generated(text: str) -> str:
    """Return the README's text with its table of commands made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{commands_table(COMMANDS)}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(generated(README.read_text()))
