"""Logs of containers and commands in them."""

import json

import pytest

from bot.core.resources import Json
from bot.demo.cluster.answers import Session, Stream
from tests.demo.cluster.bench import PODS, Bench, pod

_TWO = [{"name": name, "image": "busybox:1.35", "command": ["sleep", "infinity"]} for name in "ab"]
_UPGRADE = {"Upgrade": "websocket"}


@pytest.fixture
async def ran(bench: Bench) -> Bench:
    """Return a cluster with a pod that wrote two lines."""
    bench.pod("web", "echo one; echo two; sleep 360000")
    await bench.wait(5)
    return bench


async def test_a_log(ran: Bench) -> None:
    """A log holds what the container wrote, whole or in part."""
    assert ran.log("web") == b"one\ntwo\n"
    assert ran.log("web", tailLines="1") == b"two\n"
    assert ran.log("web", tailLines="0") == b""
    assert ran.log("web", limitBytes="5") == b"one\nt"
    assert ran.log("web", timestamps="true", tailLines="1") == b"2026-01-02T03:04:05.800000000Z two\n"


async def test_a_log_since(ran: Bench) -> None:
    """A log can begin at a time, or some seconds ago."""
    ran.simulation.write_log("shop", "web", "main", b"three\n")
    assert ran.log("web", sinceSeconds="2") == b"three\n"
    assert ran.log("web", sinceTime="2026-01-02T03:04:06Z") == b"three\n"
    assert ran.log("web", sinceSeconds="60") == b"one\ntwo\nthree\n"


async def test_a_log_of_any_bytes(ran: Bench) -> None:
    """A test may write anything into a log."""
    ran.simulation.write_log("shop", "web", "main", b"\x1b[31m\x00\xff\r half")
    assert ran.log("web", tailLines="1") == b"\x1b[31m\x00\xff\r half"


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ({"previous": "true"}, 400, 'previous terminated container "main" in pod "web" not found'),
        ({"container": "zz"}, 400, "container zz is not valid for pod web"),
        ({"tailLines": "x"}, 400, 'strconv.ParseInt: parsing "x": invalid syntax'),
        ({"sinceTime": "x"}, 400, 'parsing time "x": cannot parse'),
        (
            {"tailLines": "-3", "limitBytes": "0"},
            422,
            (
                'PodLogOptions "web" is invalid: [tailLines: Invalid value: -3: must be greater than or equal to 0, '
                "limitBytes: Invalid value: 0: must be greater than 0]"
            ),
        ),
        (
            {"sinceSeconds": "0"},
            422,
            'PodLogOptions "web" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0',
        ),
        (
            {"sinceSeconds": "1", "sinceTime": "2026-01-02T03:04:06Z"},
            422,
            (
                'PodLogOptions "web" is invalid: []: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be '
                "specified"
            ),
        ),
    ],
)
async def test_logs_that_are_refused(ran: Bench, query: dict[str, str], code: int, message: str) -> None:
    """What can't be read is refused in the server's words."""
    assert ran.says("GET", f"{PODS}/web/log", query=query) == (code, message)


async def test_which_container(bench: Bench) -> None:
    """Of several containers one must be named; init containers count as choices only."""
    inits = [{"name": "init", "image": "busybox:1.35", "command": ["echo", "set up"]}]
    bench.create(PODS, pod("two", spec={"initContainers": inits, "containers": _TWO}))
    bench.create(PODS, pod("one", "echo hi; sleep infinity", spec={"initContainers": inits}))
    await bench.wait(5)
    wanted = "a container name must be specified for pod two, choose one of: [init a b]"
    assert bench.says("GET", f"{PODS}/two/log") == (400, wanted)
    assert (bench.log("one"), bench.log("one", container="init")) == (b"hi\n", b"set up\n")


async def test_logs_of_what_has_not_started(bench: Bench) -> None:
    """A container that waits has no log yet, and an unscheduled pod has nothing to say."""
    bench.create(PODS, pod("pull", image="nosuch:1"))
    bench.create(PODS, pod("big", resources={"requests": {"cpu": "64"}}))
    await bench.wait(0.2)
    waiting = 'container "main" in pod "pull" is waiting to start: '
    assert bench.says("GET", f"{PODS}/pull/log") == (400, f"{waiting}ContainerCreating")
    await bench.wait(1.8)
    assert bench.says("GET", f"{PODS}/pull/log") == (400, f"{waiting}image can't be pulled")
    await bench.wait(1)
    assert bench.says("GET", f"{PODS}/pull/log") == (400, f"{waiting}trying and failing to pull image")
    assert bench.ask("GET", f"{PODS}/big/log").status == 204
    assert bench.says("GET", f"{PODS}/none/log") == (404, 'pods "none" not found')


async def test_logs_of_runs_before(bench: Bench) -> None:
    """A container that crashed has a log of the run before, also while it waits."""
    bench.pod("bad", "echo dying; false")
    await bench.wait(3.5)
    assert bench.status("bad") == "CrashLoopBackOff"
    assert (bench.log("bad"), bench.log("bad", previous="true")) == (b"dying\n", b"dying\n")
    await bench.wait(10.4)
    assert bench.status("bad") == "Error"
    bench.simulation.write_log("shop", "bad", "main", b"more\n")
    assert (bench.log("bad"), bench.log("bad", previous="true")) == (b"dying\nmore\n", b"dying\n")


async def test_a_log_of_a_run_before_can_be_planted(ran: Bench) -> None:
    """A test may give a container an earlier run and its log."""
    ran.simulation.write_log("shop", "web", "main", b"old\n", previous=True)
    assert (ran.log("web"), ran.log("web", previous="true")) == (b"one\ntwo\n", b"old\n")
    assert ran.row("web")[3] == "1 (0s ago)"
    assert ran.get(f"{PODS}/web")["status"]["phase"] == "Running"
    ran.create(PODS, pod("pull", image="nosuch:1"))
    await ran.wait(5)
    ran.simulation.write_log("shop", "pull", "main", b"old\n", previous=True)
    assert ran.log("pull") == b""


def _followed(bench: Bench, name: str, **query: str) -> Stream:
    given = bench.ask("GET", f"{PODS}/{name}/log", query={"follow": "true", **query})
    assert (given.status, given.body) == (200, b"")
    assert given.stream is not None
    return given.stream


async def test_a_followed_log(ran: Bench) -> None:
    """A followed log goes on with what is written, once each, until its container ends."""
    stream = _followed(ran, "web", tailLines="1")
    assert (stream.read(), stream.read()) == (b"two\n", b"")
    ran.simulation.write_log("shop", "web", "main", b"three\nfour")
    assert (stream.read(), stream.read()) == (b"three\nfour", b"")
    ran.ask("DELETE", f"{PODS}/web", {"gracePeriodSeconds": 0})
    assert stream.read() is None


async def test_what_a_followed_log_leaves_out(ran: Bench) -> None:
    """Times, beginnings and limits hold for all of a followed log."""
    assert _followed(ran, "web", sinceTime="2026-01-02T03:05:00Z").read() == b""
    assert _followed(ran, "web", sinceSeconds="60", tailLines="0").read() == b""
    assert _followed(ran, "web", timestamps="true", tailLines="1").read() == b"2026-01-02T03:04:05.800000000Z two\n"
    stream = _followed(ran, "web", limitBytes="6")
    assert stream.read() == b"one\ntw"
    ran.simulation.write_log("shop", "web", "main", b"three\n")
    assert stream.read() is None


async def test_a_followed_log_ends_with_its_run(bench: Bench) -> None:
    """When a container is started again, what followed the run before has ended."""
    bench.pod("again", "echo one; sleep 9")
    await bench.wait(3)
    stream = _followed(bench, "again")
    assert stream.read() == b"one\n"
    await bench.wait(12)
    assert bench.row("again")[3].startswith("1")
    assert stream.read() is None


def _exec(bench: Bench, *command: str, path: str = f"{PODS}/web/exec", **more: str) -> Session:
    query = {"stdout": "true", "command": command[0], **more}
    given = bench.ask("GET", path, headers=_UPGRADE, query=query)
    assert given.session is not None
    return given.session


async def test_a_command(ran: Bench) -> None:
    """A command's output and its end come in frames of their own channels."""
    session = _exec(ran, "hostname")
    assert (session.output, json.loads(session.end[1:])) == (
        (b"\x01", b"\x01web\n"),
        {"metadata": {}, "status": "Success"},
    )
    session = _exec(ran, "false")
    assert json.loads(session.end[1:])["details"]["causes"] == [{"reason": "ExitCode", "message": "1"}]
    session = _exec(ran, "nosuch")
    told: Json = json.loads(session.end[1:])
    assert (told["reason"], 'exec: "nosuch": executable file not found' in told["message"]) == ("InternalError", True)


async def test_a_command_without_an_end(ran: Bench) -> None:
    """A program that goes on for ever has no end to wait for."""
    assert _exec(ran, "top").seconds is None


async def test_commands_that_are_refused(ran: Bench) -> None:
    """A command needs an upgrade, a container that runs, and a stream."""
    path = f"{PODS}/web/exec"
    assert ran.says("GET", path) == (400, "Upgrade request required")
    given = ran.ask("GET", path, headers=_UPGRADE)
    assert (given.status, given.body) == (400, b"you must specify at least 1 of stdin, stdout, stderr")
    ran.create(PODS, pod("pull", image="nosuch:1"))
    told = ran.says("GET", f"{PODS}/pull/exec", headers=_UPGRADE)
    assert told == (400, "pod pull does not have a host assigned")
    await ran.wait(5)
    given = ran.ask("GET", f"{PODS}/pull/exec", headers=_UPGRADE, query={"stdout": "true"})
    assert (given.status, given.content, given.body) == (
        500,
        "text/plain; charset=utf-8",
        b'container not found ("main")',
    )
