"""What documents tell people to type is typed: each block by what it is, none passed over.

Shell blocks are run, page by page, by a shell that has only the stand-ins of `standins.py` on its PATH, which say how
far each program is checked. Lines of `/pod` are parsed, YAML is loaded by whoever would load it.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.core.parsing import parse
from config.policy import parse_policy
from config.settings import SHIPPED_TEMPLATES
from config.templates import parse_templates
from handlers import REGISTRY
from tests.chart.charts import CHART, kept, merged, rendered
from tests.consistency.pages import PAGES, ROOT, SHELL, Block, blocks, spans
from tests.consistency.standins import PLAIN, STANDINS
from tests.programs import program

GIVEN = {"bot-token": "xoxb-1", "app-token": "xapp-1", "old-key": "k" * 64, "signing-keys": "k" * 64, "FILE": ""}
"""What the reader has made before: the names that documents use for it."""
NEEDED = ("helm", "kubectl", "openssl")
TOLD = {"text", "promql"}
"""Blocks that nobody types: a drawing; and queries, which test_documents.py holds to the measures."""
EVERY = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@EVERY
def test_every_block_is_of_a_kind_that_is_tested(page: Path) -> None:
    """A block says in which language it is, and there is a test for that."""
    assert {block.language for block in blocks(page)} <= {*SHELL, "yaml", *TOLD}


@EVERY
def test_what_is_typed_in_slack_is_understood(page: Path) -> None:
    """Every line of such a block parses as what people type."""
    for block in blocks(page):
        for line in block.text.splitlines() if block.is_chat else ():
            parse(line.removeprefix("/pod").strip(), REGISTRY)


@EVERY
def test_what_is_typed_in_a_shell_works(page: Path, tmp_path: Path) -> None:
    """Each block of a page is run after the other, with the files that the page has named before it."""
    typed = [block for block in blocks(page) if block.is_shell]
    _need("\n".join(block.text for block in typed))
    environment = _prepared(tmp_path)
    for block in blocks(page):
        if block.name:
            (tmp_path / "here" / block.name).write_text(block.text)
        if block.is_shell:
            ended = _run(block.text, tmp_path, environment)
            assert ended.returncode == 0, f"{block.text}\n{ended.stdout}\n{ended.stderr}"


@EVERY
def test_what_stands_in_a_sentence_is_known(page: Path, tmp_path: Path) -> None:
    """A command of kubectl or helm in a sentence has a verb and flags that there are."""
    typed = [span for span in spans(page) if span.startswith(("kubectl ", "helm ")) and len(shlex.split(span)) > 1]
    _need("\n".join(typed))
    environment = _prepared(tmp_path)
    for line in typed:
        ended = _run(f"{line} --help", tmp_path, environment)
        assert ended.returncode == 0, f"{line}\n{ended.stderr}"


@EVERY
def test_yaml_is_what_it_seems_to_be(page: Path) -> None:
    """A policy loads, a template is good, and values are taken by the chart."""
    for block in blocks(page):
        if block.language == "yaml":
            _load(block)


def _load(block: Block) -> None:
    content = block.content()
    if {"team", "tiers"} <= set(content):
        parse_policy(block.text.encode(), "policy.yaml")
    elif {"name", "pod"} <= set(content):
        assert parse_templates({"template.yaml": block.text.encode()})
    else:
        known = set(yaml.safe_load((CHART / "values.yaml").read_text()))
        assert set(content) <= known, f"neither a policy, nor a template, nor the chart's values: {block.text}"
        _need("helm")
        assert rendered(merged(kept("minimal"), content))


def _need(typed: str) -> None:
    """Skip, or fail where REQUIRE_CLUSTER=1, without the programs that check what is typed."""
    for name in NEEDED:
        if name in typed.split():
            program(name)


def _prepared(folder: Path) -> dict[str, str]:
    """Make a PATH of stand-ins, and a folder to be in with what the reader has by then; return the environment."""
    here, path = folder / "here", folder / "bin"
    here.mkdir()
    path.mkdir()
    for name, text in GIVEN.items():
        (here / name).write_text(text)
    shutil.copy(ROOT / "config" / "policy.example.yaml", here / "policy.yaml")
    shutil.copy(CHART / "ci" / "minimal-values.yaml", here / "values.yaml")
    (here / "helm").symlink_to(ROOT / "helm")
    (here / "templates").symlink_to(SHIPPED_TEMPLATES)
    for name in STANDINS:
        (path / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tests.consistency.standins {name} "$@"\n')
        (path / name).chmod(0o755)
    for name in PLAIN:
        if found := shutil.which(name):
            (path / name).symlink_to(found)
    return {"PATH": str(path), "REAL_PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(here)}


def _run(script: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    shell = folder / "bin" / "bash"
    return subprocess.run(  # noqa: S603  # our own documents
        [shell, "-euo", "pipefail", "-c", script],
        cwd=folder / "here",
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_an_unknown_command_is_no_silence(tmp_path: Path) -> None:
    """What no stand-in checks fails, and so do a flag, a verb or values that there are not."""
    environment = _prepared(tmp_path)
    _need("helm kubectl")
    for wrong in (
        "terraform apply",
        "podbot rbac --polcy policy.yaml",
        "podbot run --port 1",
        "kubectl get pods --al",
        "kubectl rollotu status deployment/podbot",
        "helm upgrde podbot helm/podbot",
        "helm install podbot helm/podbot --values policy.yaml",
        "make demmo",
        "docker build --build-arg REVISON=1 .",
        "curl http://127.0.0.1:8081/ready",
        "printf nothing | kubectl apply -f -",
    ):
        assert _run(wrong, tmp_path, environment).returncode != 0, wrong
