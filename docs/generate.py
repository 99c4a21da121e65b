"""Writes the generated parts of the documents, between their markers. Run by `make docs`; a test holds them equal."""

from collections.abc import Callable, Iterable
from pathlib import Path

from bot.metrics.measures import MEASURES, Measure
from bot.render.reference import commands_table
from handlers import COMMANDS

ROOT = Path(__file__).parent.parent


def measures_table(measures: Iterable[Measure]) -> str:
    """Return the table of what podbot measures, in Markdown."""
    rows = [
        f"| `{one.told}` | {one.kind} | {', '.join(f'`{label}`' for label in one.labels)} | {one.help} |"
        for one in measures
    ]
    return "\n".join(["| name | kind | labels | what it is |", "|---|---|---|---|", *rows])


TABLES: dict[Path, tuple[str, Callable[[], str]]] = {
    ROOT / "README.md": ("commands", lambda: commands_table(COMMANDS)),
    ROOT / "docs" / "operations.md": ("measures", lambda: measures_table(MEASURES)),
}


def generated(path: Path) -> str:
    """Return a document's text with its table made anew."""
    what, table = TABLES[path]
    begin, end = f"<!-- {what}: written by make docs -->", f"<!-- end of {what} -->"
    before, _, rest = path.read_text().partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{table()}\n{end}{after}"


if __name__ == "__main__":
    for page in TABLES:
        page.write_text(generated(page))
