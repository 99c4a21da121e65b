"""`podbot templates lint`, as a person or a pipeline types it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import linting
from bot.cli import main
from bot.core.errors import Unreachable
from bot.core.names import Namespace
from bot.core.ports import Cluster
from bot.core.resources import PODS
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.transport import SimulatedTransport
from bot.demo.cluster.users import ADMINISTRATOR
from bot.kube.caller import as_caller
from bot.kube.client import Client
from bot.kube.cluster import BoundCluster
from config.settings import SHIPPED_TEMPLATES
from tests.fakes import FakeClock, FakeCluster
from tests.real import Real, kubeconfig

GOOD = """\
name: box
summary: A box
parameters: {image: {type: image, default: "busybox:1.35"}}
pod:
  apiVersion: v1
  kind: Pod
  spec:
    containers: [{name: main, image: {parameter: image}}]
"""
SHIPPED = (
    "adapter: good\nambassador: good\nclaim: good\n  It uses the claims: data.\ndebug: good\nshared-volume: good\n"
)


def lint(*words: str) -> tuple[int, str]:
    """Type `podbot templates lint` and return its exit code and what it says."""
    result = CliRunner().invoke(main, ["templates", "lint", *words])
    return result.exit_code, result.output


def write(folder: Path, **changes: str) -> str:
    """Write the good template with each of these words replaced, and return the folder."""
    text = GOOD
    for before, after in changes.items():
        text = text.replace(before, after)
    (folder / "box.yaml").write_text(text)
    return str(folder)


def simulated(monkeypatch: pytest.MonkeyPatch, cluster: Cluster | None = None) -> None:
    """Put the simulated cluster, or another one, in the place of the kubeconfig's."""
    simulation = Simulation(FakeClock(), tokens={"administrator": ADMINISTRATOR})
    transport = SimulatedTransport(simulation, "administrator")

    @asynccontextmanager
    async def opened(_file: str, _context: str | None, namespace: Namespace) -> AsyncIterator[Cluster]:
        yield cluster or BoundCluster("", namespace, Client(transport, (), "\0"))

    monkeypatch.setattr(linting, "as_caller", opened)


def test_the_shipped_templates_are_good() -> None:
    """Without a folder the shipped templates are checked; what each touches is told."""
    assert lint() == (0, f"{SHIPPED}sidecar: good\nsingle: good\n")


def test_the_documented_template_is_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What docs/templates.md shows can be copied."""
    page = Path(__file__).parent.parent / "docs" / "templates.md"
    (tmp_path / "worker.yaml").write_text(page.read_text().partition("```yaml\n")[2].partition("```")[0])
    simulated(monkeypatch)
    assert lint(str(tmp_path), "--kubeconfig", "any") == (0, "worker: good\n")


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    """File, key and what to do are told for each problem, and the exit code is 1."""
    code, said = lint(write(tmp_path, Pod="Secret", summary="sumary"))
    assert code == 1
    assert f"{tmp_path}/box.yaml: sumary: " in said
    assert f"{tmp_path}/box.yaml: summary: " in said
    assert lint(str(tmp_path / "none"))[0] == 1


def test_a_parameter_that_nobody_can_guess_needs_an_example(tmp_path: Path) -> None:
    """What must be given and has a pattern needs an example, or nobody has ever filled it in."""
    changed = write(tmp_path, **{'type: image, default: "busybox:1.35"': 'pattern: "[a-z]+"'})
    said = "box: parameters.image: give an example, which `templates box` shows and lint fills in\n"
    assert lint(changed) == (1, f"{said}1 of 1 templates must be mended\n")
    changed = write(tmp_path, **{'type: image, default: "busybox:1.35"': 'pattern: "[a-z]+", example: busybox'})
    assert lint(changed) == (0, "box: good\n")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("name: main, ", "name: main, imagee: x, ", 'unknown field "spec.containers[0].imagee"'),
        ("name: main, ", "", "spec.containers[0].name: Required value"),
    ],
)
def test_the_server_checks_the_pods(
    before: str, after: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a kubeconfig the server has the last word, under strict validation, and makes nothing."""
    simulated(monkeypatch)
    assert lint(write(tmp_path), "--kubeconfig", "any") == (0, "box: good\n")
    code, told = lint(write(tmp_path, **{before: after}), "--kubeconfig", "any")
    assert code == 1
    assert "box: the API server does not take its pod: " in told
    assert said in told


def test_a_server_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be said of every template is said once."""
    simulated(monkeypatch, FakeCluster({"create pods": Unreachable("connection refused")}))
    assert lint(write(tmp_path), "--kubeconfig", "any") == (1, "connection refused\n")
    assert lint(write(tmp_path), "--kubeconfig", "any", "--namespace", "A b")[0] == 1


@pytest.mark.cluster
async def test_a_real_server_takes_the_shipped_templates() -> None:
    """A real API server takes every shipped template's pod, asked by the kubeconfig's own user, and none is made."""
    async with Real.opened() as admin, admin.namespace("podbot-lint") as namespace:
        findings = await linting.lint(SHIPPED_TEMPLATES, linting.Server(kubeconfig(), None, namespace))
        assert not [finding for finding in findings if finding.problems]
        async with as_caller(kubeconfig(), None, namespace) as cluster:
            assert not (await cluster.list(PODS)).items
