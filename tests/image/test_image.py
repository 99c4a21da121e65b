"""The Dockerfile, built for real with buildah over a base of Debian's packages."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.image.archive import Image, archive
from tests.programs import program

ROOT = Path(__file__).parent.parent.parent
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def image() -> Image:
    """Return the built image."""
    return Image(archive())


def head() -> str:
    """Return the commit that is checked out."""
    words = [program("git"), "-C", str(ROOT), "rev-parse", "HEAD"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603  # git, by its full path


def test_the_image_is_small(image: Image) -> None:
    """It is pulled with less than 100 MB, of which podbot and its packages are less than 30."""
    assert image.size < 100 * MEGABYTE
    assert image.manifest["layers"][-1]["size"] < 30 * MEGABYTE


def test_the_image_runs_podbot_as_a_number(image: Image) -> None:
    """The user is a number that is not root, so that Kubernetes can tell, and podbot is what runs."""
    config = image.config["config"]
    assert (config["User"], config["Entrypoint"], config["Cmd"]) == ("65532:65532", ["podbot"], ["run"])


def test_the_image_says_what_it_is(image: Image) -> None:
    """Labels tell version, revision, source and licence; the revision is in podbot's environment too."""
    labels = {key.rpartition(".")[2]: value for key, value in image.config["config"]["Labels"].items()}
    assert labels["version"] == VERSION
    assert labels["revision"] == head()
    assert labels["licenses"] == "Apache-2.0"
    assert labels["source"].startswith("https://")
    assert f"PODBOT_REVISION={head()}" in image.config["config"]["Env"]


def test_nobody_but_root_can_change_the_image(image: Image) -> None:
    """All that was added is root's, and writable to root alone."""
    assert image.files
    assert [file.name for file in image.files if file.uid or file.gid or (file.mode & 0o022 and not file.issym())] == []


def test_the_image_holds_what_runs_and_no_more(image: Image) -> None:
    """Bytecode is there for every module; tests, documents, the chart, pip and what builds wheels are not."""
    names = {file.name for file in image.files}
    packages = {name.partition("/site-packages/")[2].partition("/")[0] for name in names}
    assert {"bot", "config", "handlers", "kubernetes", "slack_bolt"} <= packages
    assert not {"tests", "bench", "docs", "helm", "pip", "setuptools", "hatchling", "pytest"} & packages
    modules = [name for name in names if re.search(r"/site-packages/bot/[^/]+\.py$", name)]
    assert modules
    for name in modules:
        folder, _, file = name.rpartition("/")
        assert any(one.startswith(f"{folder}/__pycache__/{file.removesuffix('.py')}.") for one in names), name


def test_the_same_sources_give_the_same_image(image: Image) -> None:
    """Built again, every layer has the same bytes, and the configuration is the same."""
    again = Image(archive(2))
    assert again.manifest["layers"] == image.manifest["layers"]
    assert again.config["config"] == image.config["config"]
    assert again.config["created"] == image.config["created"]


def test_versions_agree() -> None:
    """The package, the image's default label and the chart are of one version."""
    chart = yaml.safe_load((ROOT / "helm" / "podbot" / "Chart.yaml").read_text())
    assert f"ARG VERSION={VERSION}\n" in (ROOT / "Dockerfile").read_text()
    assert (chart["appVersion"], chart["version"]) == (VERSION, VERSION)


def test_every_package_of_the_image_is_locked() -> None:
    """Whatever pip may install has a hash, and the build asks for hashes."""
    assert (ROOT / "Dockerfile").read_text().count("--require-hashes") == 2
    for name in ("requirements.lock", "requirements-build.lock"):
        blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text())
        pinned = [block for block in blocks if "==" in block.partition("\n")[0]]
        assert pinned
        assert all("--hash=sha256:" in block for block in pinned)
        assert "://" not in (ROOT / name).read_text()
