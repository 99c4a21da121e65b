"""What README and docs tell people to type can be typed, and what they point at is there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.cli import main
from bot.core.parsing import parse
from handlers import REGISTRY
from tests.consistency.pages import PAGES, ROOT, SHELL, blocks, spans

LARGEST_IMAGE = 150_000
_TARGET = re.compile(r"""(?:\]\(|src="|srcset=")([^)"]+)""")
EVERY = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@EVERY
def test_lines_of_pod_parse(page: Path) -> None:
    """Every line of a block is understood as podbot understands what people type; a sentence names verbs that exist."""
    for line in _blocks(page, "/pod "):
        parse(line.removeprefix("/pod "), REGISTRY)
    for line in _typed(page, "/pod "):
        verbs = line.removeprefix("/pod ").partition(" ")[0]
        assert verbs in REGISTRY or not verbs.isalpha(), line


@EVERY
def test_lines_of_podbot_exist(page: Path) -> None:
    """Every `podbot …` is a command that there is, with options that it has."""
    for line in _typed(page, "podbot "):
        words = shlex.split(line.split(" | ")[0])[1:]
        command: click.Command = main
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            assert words[0] in command.commands, line
            command = command.commands[words.pop(0)]
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {word for word in words if word.startswith("-")} <= known, line


@EVERY
def test_lines_of_make_exist(page: Path) -> None:
    """Every `make …` names a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for line in _typed(page, "make "):
        assert line.split()[1] in targets, line


@EVERY
def test_links_and_images_are_there(page: Path) -> None:
    """Every relative link and image leads to a file of the repository."""
    for target in _TARGET.findall(page.read_text()):
        if "://" not in target:
            assert (page.parent / target.partition("#")[0]).exists(), target


def test_images_are_shown_and_small() -> None:
    """Every image stands in the README, in the light and in the dark, and loads at once."""
    images = sorted((ROOT / "docs" / "images").iterdir())
    assert images
    readme = (ROOT / "README.md").read_text()
    for image in images:
        assert f"docs/images/{image.name}" in readme
        assert image.stat().st_size <= LARGEST_IMAGE
    names = {image.stem for image in images}
    assert names == {f"{name.rpartition('-')[0]}-{theme}" for name in names for theme in ("light", "dark")}


def _typed(page: Path, start: str) -> Iterator[str]:
    """Yield the lines of blocks, and the code in sentences, that begin like this."""
    yield from _blocks(page, start)
    yield from (span for span in spans(page) if span.startswith(start))


def _blocks(page: Path, start: str) -> Iterator[str]:
    """Yield the lines that begin like this of blocks that are typed."""
    lines = (line for block in blocks(page) if block.language in SHELL for line in block.text.splitlines())
    yield from (line for line in lines if line.startswith(start))


def test_lines_are_found() -> None:
    """What these tests look for is there to be found."""
    readme, demo = ROOT / "README.md", ROOT / "docs" / "demo.md"
    assert list(_typed(readme, "make "))[:2] == ["make demo", "make test"]
    assert "/pod list" in _typed(demo, "/pod ")
    assert any(line.startswith("podbot demo --kubeconfig") for line in _typed(demo, "podbot "))
