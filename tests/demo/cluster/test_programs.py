"""What commands do."""

import pytest

from bot.demo.cluster.programs import NoSuchProgramError, Outcome, image_command, run
from tests.fakes import NOW

_ENVIRONMENT = {"NAME": "world", "HOSTNAME": "web", "EVERY": "5"}


def _sh(script: str) -> Outcome:
    return run(["sh", "-c", script], _ENVIRONMENT, NOW)


@pytest.mark.parametrize(
    ("command", "outcome"),
    [
        (["echo", "a b", "ü"], Outcome("a b ü\n".encode())),
        (["printf", "a"], Outcome(b"a")),
        (["true"], Outcome()),
        (["false"], Outcome(code=1)),
        (["sleep", "2.5"], Outcome(seconds=2.5)),
        (["sleep", "infinity"], Outcome(code=None)),
        (["tail", "-f", "/dev/null"], Outcome(code=None)),
        (["tail", "/dev/zero"], Outcome(code=137, seconds=1, killed=True)),
        (["env"], Outcome(b"NAME=world\nHOSTNAME=web\nEVERY=5\n")),
        (["hostname"], Outcome(b"web\n")),
        (["date"], Outcome(b"2026-01-02T03:04:05Z\n")),
        (["cat", "/etc/hosts"], Outcome()),
        (["sh"], Outcome()),
    ],
)
def test_programs(command: list[str], outcome: Outcome) -> None:
    """Each known program does what it is known for."""
    assert run(command, _ENVIRONMENT, NOW) == outcome


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ("echo out; echo err >&2; exit 3", Outcome(b"out\n", b"err\n", 3)),
        ("false && echo no; echo yes", Outcome(b"yes\n")),
        ("true && echo yes", Outcome(b"yes\n")),
        ("false; exit", Outcome(code=1)),
        ("exit x", Outcome(code=2)),
        ("echo 'a;b' \"c&&d\"", Outcome(b"a;b c&&d\n")),
        ("echo $NAME ${NAME:-x} $(date -u)", Outcome(b"world world 2026-01-02T03:04:05Z\n")),
        ("echo one\necho two", Outcome(b"one\ntwo\n")),
        ("nosuch; echo on", Outcome(b"on\n", b"sh: nosuch: not found\n")),
        ("nosuch", Outcome(stderr=b"sh: nosuch: not found\n", code=127)),
        ("sleep 2; sleep 3", Outcome(seconds=5)),
        ("sleep infinity; echo never", Outcome(code=None)),
        ("exec echo hi", Outcome(b"hi\n")),
        ('echo "open', Outcome()),
        ("", Outcome()),
        ("while true; do echo hi; sleep 1; done", Outcome(code=None)),
        ('trap : TERM\necho "hello $NAME"\necho x >>log\nwait', Outcome(b"hello world\n", code=None)),
    ],
)
def test_scripts(script: str, outcome: Outcome) -> None:
    """A script's parts run one after the other; one with loops, pipes or traps is a service."""
    assert _sh(script) == outcome


def test_nginx_says_that_it_starts() -> None:
    """A web server writes its notices and goes on."""
    outcome = run(["nginx", "-g", "daemon off;"], {}, NOW)
    assert outcome.stdout.startswith(b'2026/01/02 03:04:05 [notice] 1#1: using the "epoll" event method\n')
    assert outcome.code is None


def test_a_program_that_is_not_there() -> None:
    """A program that no image has can't be run."""
    with pytest.raises(NoSuchProgramError):
        run(["nosuch"], {}, NOW)


def test_what_an_image_runs() -> None:
    """A container without a command runs its image's."""
    assert image_command("docker.io/library/nginx:1.22", {})[0] == "nginx"
    assert image_command("busybox:1.35", {}) == ["sh"]
    assert image_command("cluster.local/pause:1", {}) == ["/pause"]
    assert image_command("busybox:1.35", {"command": ["echo"], "args": ["hi"]}) == ["echo", "hi"]


@pytest.mark.parametrize(
    ("command", "outcome"),
    [
        (["seq", "3"], Outcome(b"1\n2\n3\n")),
        (["head", "-c", "3", "/dev/zero"], Outcome(bytes(3))),
        (["kill", "-9", "$$"], Outcome(code=137)),
        (["kill", "1"], Outcome()),
    ],
)
def test_more_programs(command: list[str], outcome: Outcome) -> None:
    """Numbers, zeros, and an end by a signal."""
    assert run(command, {}, NOW) == outcome


def test_a_flood() -> None:
    """What says the same for ever says a lot of it."""
    outcome = run(["yes"], {}, NOW)
    assert outcome.code is None
    assert len(outcome.stdout) > 2**21
