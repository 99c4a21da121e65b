"""`exec` over the simulated cluster, with the rights that it declares and no others, and what it looks like."""

from typing import Any

import pytest

from bot.core.errors import Declined, Forbidden, NotFound, UsageError
from bot.core.names import PodName
from bot.core.parsing import parse
from bot.core.replies import Reply
from bot.core.resources import Executed
from bot.core.usages import parameters, usage
from bot.render.blocks import context, preformatted, quote, section
from bot.render.plain import plain
from handlers import REGISTRY
from handlers.exec import COMMAND, Exec, Ran
from tests.core.samples import raw_pod
from tests.demo.cluster.bench import PODS
from tests.fakes import FakeCluster, context_of
from tests.handlers.shop import Shop

STOPPED = "podbot did not hear it end. The command may still run in the container: end it there with kill or pkill."


@pytest.fixture
async def shop() -> Shop:
    """Return a shop with a running pod."""
    shop = Shop()
    shop.pod("web-1")
    await shop.wait(5)
    return shop


def _read(line: str) -> Exec:
    asked = parse(line, REGISTRY).asked
    assert isinstance(asked, Exec)
    return asked


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("exec web -- ls", ("ls",)),
        ("exec web -c app --timeout 60 -- ls -l --tail=5 -h", ("ls", "-l", "--tail=5", "-h")),
        ("exec web -- sh -c 'echo \"a b\"' -h --tail", ("sh", "-c", 'echo "a b"', "-h", "--tail")),
        ("exec -c app web -- sh -- -c x", ("sh", "--", "-c", "x")),
        ("exec web -n shop -- -n other", ("-n", "other")),
        ("exec web -- --help", ("--help",)),
        ("exec web -- echo '' ' '", ("echo", "", " ")),
        ("exec web -- sh -it", ("sh", "-it")),
    ],
)
def test_the_command_is_taken_word_for_word(line: str, command: tuple[str, ...]) -> None:
    """Everything after the first -- is the command, whatever it looks like, and the line can be run again."""
    assert _read(line).command == command
    assert _read(parse(line, REGISTRY).line) == _read(line)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("exec web ls", "“--” is missing before the words to run"),
        ("exec web", "“--” is missing before the words to run"),
        ("exec", "POD is missing"),
        ("exec -- ls", "POD is missing"),
        ("exec web --", "nothing stands after “--”"),
        ("exec web extra -- ls", "“extra” is one word too many"),
        ("exec web -it -- sh", "exec here is not interactive"),
        ("exec web --stdin -- sh", "exec here is not interactive"),
        ("exec web -t -- sh", "exec here is not interactive"),
        ("exec web --timeout 91 -- ls", "--timeout: “91” is not a number from 1 to 90"),
        ("exec web --timeout 0 -- ls", "--timeout: “0” is not a number from 1 to 90"),
    ],
)
def test_lines_that_are_refused(line: str, message: str) -> None:
    """A line without --, with too much before it or nothing after it, or with a terminal, is refused with a hint."""
    with pytest.raises(UsageError) as told:
        parse(line, REGISTRY)
    assert (str(told.value), told.value.verb) == (message, "exec")
    assert told.value.hint


def test_usage() -> None:
    """The usage has -- and the command last, which must be given, and does not offer what is there to be refused."""
    assert usage(COMMAND) == "exec POD [-c CONTAINER] [--timeout SECONDS] [-n NAMESPACE] -- COMMAND…"
    assert not [one for one in parameters(COMMAND) if "-i" in one.names or "-t" in one.names]
    assert [one.metavar for one in parameters(COMMAND) if one.required] == ["POD", "COMMAND"]


async def _only(shop: Shop, line: str) -> tuple[str, str]:
    (reply,) = await shop.change(line)
    assert reply.whisper is not None
    return plain(reply.blocks), plain(reply.whisper.blocks)


async def test_output_is_the_askers_alone(shop: Shop) -> None:
    """All see how it ended and how much it said; output and errors go apart to the asker."""
    told, whispered = await _only(shop, "exec web-1 -- sh -c 'echo here; echo there >&2; exit 3'")
    assert told == ":x: *Exit code 3* · 0.0 s · 5 bytes of output, 6 bytes of errors\n"
    assert "Output:\n\nhere\n\nErrors:\n\nthere" in whispered


async def test_it_is_left_after_its_time(shop: Shop) -> None:
    """A command that does not end has no exit code, and that it may go on is said."""
    told, whispered = await _only(shop, "exec web-1 --timeout 1 -- top")
    assert told.startswith(":warning: *No exit code* · ")
    assert STOPPED in told
    assert "stopped after 1 s" in whispered


async def test_a_program_that_is_not_there(shop: Shop) -> None:
    """The runtime's own words are quoted."""
    told, whispered = await _only(shop, "exec web-1 -- /no/shell")
    assert told.startswith(":warning: *No exit code* · ")
    assert "may still run" not in told
    assert "stat /no/shell: no such file or directory" in whispered


async def test_the_plan_refuses_first(shop: Shop) -> None:
    """A pod or container that is not there or does not run is told before anybody is asked."""
    with pytest.raises(NotFound):
        await shop.plan("exec absent -- ls")
    with pytest.raises(Declined, match="pod web-1 has no container “app”") as told:
        await shop.plan("exec web-1 -c app -- ls")
    assert told.value.hint == "its only container is `main`"
    shop.pod("ended", "true", spec={"restartPolicy": "Never"})
    await shop.wait(5)
    with pytest.raises(Declined, match="container main of pod ended does not run") as told:
        await shop.plan("exec ended -- ls")
    assert told.value.hint == "`/pod describe ended -n shop` says why"


async def test_the_pod_went_meanwhile(shop: Shop) -> None:
    """A pod that goes between plan and run is NotFound: nothing was run."""

    async def end() -> None:
        shop.ask("DELETE", f"{PODS}/web-1", {"gracePeriodSeconds": 0})

    with pytest.raises(NotFound):
        await shop.change("exec web-1 -- ls", end)


async def test_a_namesake_is_told(shop: Shop) -> None:
    """Where another pod has the name afterwards, all are told that it may have run there; a pod that stays is not."""

    async def replace() -> None:
        shop.drop("web-1")
        shop.pod("web-1")
        await shop.wait(5)

    assert "Another pod" not in (await shop.type("exec web-1 -- ls"))[0]
    assert (
        "Another pod has this name by now, and it may have run there"
        in (await shop.type("exec web-1 -- ls", replace))[0]
    )


async def test_a_pod_that_is_gone_afterwards() -> None:
    """A pod that ends with its command is no namesake."""
    cluster = FakeCluster({"get pods/web-1": _running("app"), "check_execute web-1/app": None})
    asked = Exec(PodName("web-1"), ("kill", "1"), None, 30)
    plan = await COMMAND.plan(context_of(cluster), asked)
    later = FakeCluster({"execute web-1/app": Executed(b"", b"", 0), "get pods/web-1": NotFound("gone")})
    assert [result.replaced async for result in COMMAND.run(context_of(later), asked, plan)] == [False]


def _running(*names: str, restarts: int = 0, **metadata: Any) -> dict[str, Any]:
    statuses = [{"name": name, "state": {"running": {}}, "restartCount": restarts} for name in names]
    return raw_pod(
        spec={"containers": [{"name": name} for name in names]}, status={"containerStatuses": statuses}, **metadata
    )


async def test_the_plan_says_what_will_be_run() -> None:
    """The plan pins pod and container, always asks, and shows the command and how long it has."""
    cluster = FakeCluster({"get pods/web-1": _running("app", restarts=2), "check_execute web-1/app": None})
    plan = await COMMAND.plan(context_of(cluster), Exec(PodName("web-1"), ("sh", "-c", "a b"), None, 30))
    assert (plan.summary, plan.asks) == ("run a command in container app of pod web-1", True)
    assert plan.pins == {"pod/web-1": "uid-web-1", "container": "app"}
    assert plan.notes == (
        "Command: sh -c 'a b'",
        "It has 30 seconds; what still runs then goes on in the container, unwatched.",
        "The container has restarted 2 times.",
        "Its output goes to the asker alone.",
    )
    assert cluster.calls[1] == ("check_execute web-1/app", {"command": ("sh", "-c", "a b")})


async def test_the_container_is_kubectls() -> None:
    """Without -c it is the container that the pod's annotation names."""
    raw = _running("app", "proxy", annotations={"kubectl.kubernetes.io/default-container": "proxy"})
    cluster = FakeCluster({"get pods/web-1": raw, "check_execute web-1/proxy": None})
    plan = await COMMAND.plan(context_of(cluster), Exec(PodName("web-1"), ("ls",), None, 30))
    assert plan.container == "proxy"


async def test_a_missing_right() -> None:
    """A missing right ends it in the plan."""
    answers = {"get pods/web-1": _running("app"), "check_execute web-1/app": Forbidden("no")}
    with pytest.raises(Forbidden):
        await COMMAND.plan(context_of(FakeCluster(answers)), Exec(PodName("web-1"), ("ls",), None, 30))


def _ran(executed: Executed, *command: str) -> Ran:
    return Ran(Exec(PodName("web-1"), command or ("ls", "a b"), None, 30), "main/shop", "app", executed, 1.26)


def test_render() -> None:
    """The whole answer: for all in one line, for the asker with command, output and errors."""
    answer = ":white_check_mark: *Exit code 0* · 1.3 s · 6 bytes of output, 1 byte of errors"
    whisper = (
        section("`web-1` in `main/shop`, container `app`"),
        preformatted("ls 'a b'"),
        section(answer),
        section("Output:"),
        preformatted("<@U1>"),
        section("Errors:"),
        preformatted("e"),
    )
    assert COMMAND.render(_ran(Executed(b"<@U1>\n", b"e", 0))) == Reply(
        answer, (section(answer),), whisper=Reply("What web-1 said", whisper)
    )


@pytest.mark.parametrize(
    ("executed", "answer"),
    [
        (Executed(b"", b"", 1), ":x: *Exit code 1* · "),
        (Executed(b"", b"", 126), ":x: *Exit code 126*, found, but it could not be run · "),
        (Executed(b"", b"", 127), ":x: *Exit code 127*, there is no such command · "),
        (Executed(b"", b"", 137), ":x: *Exit code 137*, killed (SIGKILL), perhaps for want of memory · "),
        (Executed(b"", b"", None, reason="the websocket broke"), ":warning: *No exit code* · "),
    ],
)
def test_how_it_ended(executed: Executed, answer: str) -> None:
    """Exit codes that shells give a meaning are explained."""
    reply = COMMAND.render(_ran(executed))
    assert reply.text == f"{answer}1.3 s · 0 bytes of output, 0 bytes of errors"
    assert reply.whisper is not None
    assert section("It said nothing.") in reply.whisper.blocks


def test_a_lost_connection() -> None:
    """Where nobody told of its end, all are told that the command may still run."""
    lost = COMMAND.render(_ran(Executed(b"", b"", None, reason="the websocket broke", unheard=True)))
    failed = COMMAND.render(_ran(Executed(b"", b"", None, reason="no such program")))
    assert (context(STOPPED) in lost.blocks, context(STOPPED) in failed.blocks) == (True, False)


def test_far_too_much() -> None:
    """Output that was cut is counted as at least so much, goes into a file, and that it may go on is said."""
    reply = COMMAND.render(
        _ran(Executed(b"y\n" * 5000, b"e", None, cut=True, reason="stopped: far too much output", unheard=True))
    )
    assert reply.text == ":warning: *No exit code* · 1.3 s · at least 10,000 bytes of output, at least 1 byte of errors"
    assert context(STOPPED, "Only the first 256 KiB of what it said were kept.") in reply.blocks
    assert reply.file is None
    assert reply.whisper is not None
    assert quote("stopped: far too much output") in reply.whisper.blocks
    assert reply.whisper.file is not None
    assert reply.whisper.file.text == "--- output\n" + "y\n" * 5000 + "\n--- errors\ne"


def test_binary_output() -> None:
    """Binary output is not decoded: its first bytes are shown as numbers."""
    reply = COMMAND.render(_ran(Executed(bytes(20_000), b"", 0)))
    assert reply.whisper is not None
    about = "Output: binary, 20,000 bytes, not shown; it begins so, as `hexdump -C` has it:"
    assert section(about) in reply.whisper.blocks
    assert reply.whisper.file is None
