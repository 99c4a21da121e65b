"""What stands on the PATH when a document's commands run: each program, checked as far as it can be without a server.

`python -m tests.consistency.standins PROGRAM WORD…`; REAL_PATH says where the real programs are. Nothing else is on the
PATH, so that a command that nobody checks fails as not found.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

import click
import yaml

from tests.consistency.pages import ROOT

PLAIN: Final = ("bash", "cat", "openssl", "printf", "rm")
"""Programs that are run as they are."""
_SERVING: Final = ("run", "demo", "check")
_ANSWERED: Final[Mapping[tuple[str, ...], str]] = {("rev-parse", "HEAD"): "0" * 40, ("clean", "-xfd"): ""}
_PROBES: Final = re.compile(r"http://127\.0\.0\.1:8081/(healthz|readyz|metrics)")


def podbot(words: Sequence[str]) -> int:
    """Run podbot's own command line; what serves, or needs a server, is parsed alone (`tests/e2e` runs those)."""
    from bot.cli import main as cli  # noqa: PLC0415  # half a second, which the other programs need not

    if words[0] not in _SERVING and "--kubeconfig" not in words:
        return _code(cli(list(words), standalone_mode=False))
    command: click.Command = cli
    left = list(words)
    while isinstance(command, click.Group):
        command = command.commands[left.pop(0)]
    try:
        command.make_context(words[0], left)
    except click.exceptions.Exit as ended:  # it was asked for help
        return ended.exit_code
    return 0


def kubectl(words: Sequence[str]) -> int:
    """Make objects that need no server by kubectl's own client-side dry run; of the rest check verb and flags."""
    verb = words[2] if words[0] == "-n" else words[0]
    if verb == "create" and "token" not in words:
        dry = [] if "--dry-run=client" in words else ["--dry-run=client", "--output=name"]
        return _real("kubectl", [*words, *dry])
    if verb == "apply":
        objects = list(yaml.safe_load_all(sys.stdin.read()))
        if not objects or not all({"apiVersion", "kind", "metadata"} <= set(one) for one in objects):
            raise SystemExit("kubectl apply got no Kubernetes objects")
    if "--" in words:  # what comes after it is a command of its own, in a container of podbot's
        cut = list(words).index("--")
        return _known("kubectl", words[:cut]) or STANDINS[words[cut + 1]](words[cut + 2 :])
    return _known("kubectl", words)


def helm(words: Sequence[str]) -> int:
    """Render what would be installed, which validates its values; of the rest check verb and flags."""
    if words[0] in {"install", "upgrade", "template"}:
        return _known("helm", words) or _real("helm", ["template", *words[1:]], quiet=True)
    return _known("helm", words)


def make(words: Sequence[str]) -> int:
    """Have make say what it would do."""
    return _real("make", ["--dry-run", "--directory", str(ROOT), *words], quiet=True)


def git(words: Sequence[str]) -> int:
    """Answer the two things that documents ask of git."""
    print(_ANSWERED[tuple(words)])  # noqa: T201  # a program's output
    return 0


def docker(words: Sequence[str]) -> int:
    """Check a build's arguments by the Dockerfile; `tests/image` builds it."""
    arguments = {word.partition("=")[0] for before, word in pairwise(words) if before == "--build-arg"}
    known = set(re.findall(r"^ARG (\w+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    return int(words[0] not in {"build", "push"} or not arguments <= known)


def curl(words: Sequence[str]) -> int:
    """Check that it asks for what the health server has; `tests/e2e/test_operations.py` asks it."""
    return int(not all(_PROBES.fullmatch(word) for word in words))


STANDINS: Final[Mapping[str, Callable[[Sequence[str]], int]]] = {
    "podbot": podbot,
    "kubectl": kubectl,
    "helm": helm,
    "make": make,
    "git": git,
    "docker": docker,
    "curl": curl,
}


def _known(program: str, words: Sequence[str]) -> int:
    """Have a program parse its words: asked for help, it first refuses a verb or a flag that it does not know."""
    return _real(program, [*words, "--help"], quiet=True)


def _real(program: str, words: Sequence[str], *, quiet: bool = False) -> int:
    path = shutil.which(program, path=os.environ["REAL_PATH"])
    if path is None:
        raise SystemExit(f"{program} is not on the PATH")
    out = subprocess.DEVNULL if quiet else None
    return subprocess.run([path, *words], check=False, stdout=out).returncode  # noqa: S603  # words of our own documents


def _code(returned: object) -> int:
    return returned if isinstance(returned, int) else 0


if __name__ == "__main__":
    sys.exit(STANDINS[sys.argv[1]](sys.argv[2:]))
