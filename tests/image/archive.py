"""podbot's image as an OCI archive, built once for all tests."""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final

from bot.core.resources import Json
from tests.programs import program

BUILD: Final = Path(__file__).parent / "build"
NAME: Final = "podbot:test"


@cache
def archive(number: int = 1) -> Path:
    """Build the image, once for each number, and return its archive; without the tools do as `program` does.

    PODBOT_TEST_ARCHIVE names one that was built before, which is taken for the first.
    """
    built = os.environ.get("PODBOT_TEST_ARCHIVE")
    if built and number == 1:
        return Path(built)
    for name in ("buildah", "debootstrap"):
        program(name)
    folder = tempfile.mkdtemp(prefix=f"podbot-image-{number}-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / "podbot.tar"
    ended = subprocess.run(  # noqa: S603  # the project's own script
        [str(BUILD), str(path)],
        env={**os.environ, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return path


class Image:
    """What an OCI archive holds: its manifest, its configuration, its layers, compressed."""

    def __init__(self, path: Path) -> None:
        with tarfile.open(path) as tar:
            (entry,) = json.load(self._file(tar, "index.json"))["manifests"]
            self.manifest: Json = json.load(self._blob(tar, entry))
            self.config: Json = json.load(self._blob(tar, self.manifest["config"]))
            *_, top = self.manifest["layers"]
            with tarfile.open(fileobj=self._blob(tar, top)) as layer:
                self.files = layer.getmembers()

    @property
    def size(self) -> int:
        """Bytes of all layers, as they are pulled."""
        return sum(layer["size"] for layer in self.manifest["layers"])

    def _blob(self, tar: tarfile.TarFile, descriptor: Json) -> Any:
        return self._file(tar, f"blobs/{descriptor['digest'].replace(':', '/')}")

    @staticmethod
    def _file(tar: tarfile.TarFile, name: str) -> Any:
        found = tar.extractfile(name)
        assert found is not None, name
        return found
