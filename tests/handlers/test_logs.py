from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.errors import Declined, Forbidden, Invalid, NotFound
from bot.core.names import ContainerName, PodName
from bot.core.replies import File, Reply
from bot.core.resources import Json, LogQuery
from bot.render.blocks import context, preformatted, quote, section
from bot.render.limits import fit
from bot.steps import logs as reading
from handlers.logs import COMMAND, Logs
from tests.fakes import FakeCluster, context_of
from tests.handlers.running import answer

RUNNING = {"running": {"startedAt": "2026-01-02T03:00:00Z"}}
HEADING = "*web-1* in `main/shop`, container `app`"
OTHERS = "Other containers, by `-c`: `setup`, `side`, `debug`."
PINS = {"pod/web-1": "uid-1"}


def asked(**options: Any) -> Logs:
    """Return a request for web-1's log with its usual options."""
    usual: dict[str, Any] = dict.fromkeys(("selector", "container", "tail", "since", "grep"))
    flags: dict[str, Any] = dict.fromkeys(("all_containers", "previous", "follow", "timestamps"), False)
    return Logs(**{"pod": PodName("web-1"), **usual, **flags, **options})


def pod(state: Json | None = None, **more: Any) -> Json:
    """Return a pod of four containers, whose container app is in this state."""
    statuses = [] if state is None else [{"name": "app", "state": state, **more}]
    return {
        "metadata": {"name": "web-1", "uid": "uid-1"},
        "spec": {
            "initContainers": [{"name": "setup"}],
            "containers": [{"name": "app"}, {"name": "side"}],
            "ephemeralContainers": [{"name": "debug"}],
        },
        "status": {"phase": "Pending", "containerStatuses": statuses},
    }


def simple_pod() -> Json:
    """Return a running pod of one container."""
    return {
        "metadata": {"name": "web-1", "uid": "uid-1"},
        "spec": {"containers": [{"name": "app"}]},
        "status": {"containerStatuses": [{"name": "app", "state": RUNNING}]},
    }


async def test_logs() -> None:
    """The log of the first container is shown literally, with the other containers' names and the pod's UID."""
    cluster = FakeCluster({"get pods/web-1": pod(RUNNING), "logs web-1/app": [b"one <!chan", b"nel>\n```two\n"]})
    assert await answer(COMMAND, context_of(cluster), asked()) == Reply(
        f"{HEADING}: 2 lines",
        (section(f"{HEADING}: 2 lines"), preformatted("one <!channel>\n```two"), context(OTHERS)),
        pins=PINS,
    )
    assert cluster.calls[1] == ("logs web-1/app", {"query": LogQuery("app", tail=200, budget=reading.READ)})


async def test_options() -> None:
    """The options go to the server as its own."""
    cluster = FakeCluster({"get pods/web-1": pod(RUNNING), "logs web-1/side": [b"x\n"]})
    options = asked(container=ContainerName("side"), previous=True, tail=-1, since=60, timestamps=True)
    reply = await answer(COMMAND, context_of(cluster), options)
    query = LogQuery("side", previous=True, tail=None, since=60, timestamps=True, budget=reading.READ)
    assert cluster.calls[1] == ("logs web-1/side", {"query": query})
    assert reply.blocks[0] == section("*web-1* in `main/shop`, container `side`, previous run: 1 line")


async def test_default_container() -> None:
    """The container that the pod's annotation names is taken, as kubectl does."""
    raw = pod(RUNNING)
    raw["metadata"]["annotations"] = {"kubectl.kubernetes.io/default-container": "side"}
    cluster = FakeCluster({"get pods/web-1": raw, "logs web-1/side": [b"x\n"]})
    assert (await answer(COMMAND, context_of(cluster), asked())).blocks[1] == preformatted("x")


async def test_tail_is_told() -> None:
    """A log that fills the asked number of lines says how to read all."""
    cluster = FakeCluster({"get pods/web-1": simple_pod(), "logs web-1/app": [b"a\nb\n"]})
    reply = await answer(COMMAND, context_of(cluster), asked(tail=2))
    assert reply.blocks[2] == context("The last 2 lines; `--tail -1` reads all.")
    cluster = FakeCluster({"get pods/web-1": simple_pod(), "logs web-1/app": [b"b\n"]})
    reply = await answer(COMMAND, context_of(cluster), asked(tail=1))
    assert reply.blocks[2] == context("The last line; `--tail -1` reads all.")


async def test_hostile_bytes() -> None:
    """Escape codes, NUL and half characters are cleaned, and nothing fails."""
    data = b"\x1b[31mred\x1b[0m\x00 \xc3\n\xff\xfe ok \xf0\x9f\n"
    cluster = FakeCluster({"get pods/web-1": simple_pod(), "logs web-1/app": [data]})
    reply = await answer(COMMAND, context_of(cluster), asked())
    assert reply.blocks == (section(f"{HEADING}: 2 lines"), preformatted("red \ufffd\n\ufffd\ufffd ok \ufffd"))


@pytest.mark.parametrize("data", [[], [b"\n\n"]])
async def test_nothing_printed(data: list[bytes]) -> None:
    """A container that ran and printed nothing says so."""
    cluster = FakeCluster({"get pods/web-1": simple_pod(), "logs web-1/app": data})
    reply = await answer(COMMAND, context_of(cluster), asked())
    note = context("`/pod describe web-1 -n shop` shows how it is.")
    assert reply == Reply(f"{HEADING}: nothing printed", (section(f"{HEADING}: nothing printed"), note), pins=PINS)


async def test_long_log_is_a_file() -> None:
    """A log too long for a message is whole in a file named after pod and container."""
    data = b"".join(b"line %d\n" % number for number in range(2000))
    cluster = FakeCluster({"get pods/web-1": simple_pod(), "logs web-1/app": [data]})
    reply = await answer(COMMAND, context_of(cluster), asked(tail=-1))
    assert reply.file == File("web-1-app.log", data.decode())


async def test_long_log_is_not_cut_by_the_verb() -> None:
    """A long log leaves the verb whole, so that a secret in it is masked before anything is cut."""
    data = b"".join(b"line %d\n" % number for number in range(2000))
    cluster = FakeCluster({"get pods/web-1": simple_pod(), "logs web-1/app": [data]})
    reply = await answer(COMMAND, context_of(cluster), asked(tail=-1))
    assert reply.blocks[1] == preformatted(data.decode().rstrip())
    fitted = fit(reply)
    assert fitted.blocks[1]["elements"][0]["elements"][0]["text"].endswith("line 1998\nline 1999")
    assert fitted.file == reply.file


async def test_endless_log_keeps_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a log longer than a file the last whole lines are kept, and the bytes before them are counted."""
    monkeypatch.setattr(reading, "KEPT", 25)
    chunks = (b"0123456789\n" for _ in range(1000))
    cluster = FakeCluster({"get pods/web-1": simple_pod(), "logs web-1/app": chunks})
    reply = await answer(COMMAND, context_of(cluster), asked(tail=-1))
    assert reply.blocks[1:] == (
        preformatted("0123456789\n0123456789"),
        context("10,978 bytes before these lines are left out. Narrow it with `--since`."),
    )


async def test_one_endless_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a single endless line the end is kept."""
    monkeypatch.setattr(reading, "KEPT", 10)
    cluster = FakeCluster({"get pods/web-1": simple_pod(), "logs web-1/app": [b"x" * 50, b"", b"end"]})
    assert (await answer(COMMAND, context_of(cluster), asked(tail=-1))).blocks[1] == preformatted("xxxxxxxend")


async def test_reading_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where reading had to stop before the log's end, the answer says that the end is missing."""
    monkeypatch.setattr(reading, "READ", 2**20)

    def chunks() -> Iterator[bytes]:
        yield b"\n" * (2**20 - 4)
        yield b"end\n"

    cluster = FakeCluster({"get pods/web-1": simple_pod(), "logs web-1/app": chunks()})
    reply = await answer(COMMAND, context_of(cluster), asked(tail=-1))
    note = "The end is missing: reading stopped after 1 MiB. Narrow it with `--since`."
    assert reply.blocks[-1]["elements"][0]["text"] == note


WAITING = {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image <x>"}}


async def test_waiting_container() -> None:
    """A container that has not started says what it waits for."""
    refused = Invalid('container "app" in pod "web-1" is waiting to start: trying and failing to pull image')
    cluster = FakeCluster({"get pods/web-1": pod(WAITING), "logs web-1/app": refused})
    assert await answer(COMMAND, context_of(cluster), asked()) == Reply(
        f"{HEADING}: not started, `ImagePullBackOff`",
        (
            section(f"{HEADING}: not started, `ImagePullBackOff`"),
            quote("Back-off pulling image <x>"),
            context("`/pod describe web-1 -n shop` shows why; `/pod logs web-1 -c app -n shop` tries again.", OTHERS),
        ),
        pins=PINS,
    )


async def test_unscheduled_pod() -> None:
    """A pod that no node takes answers with an empty log, and the reply says why it waits."""
    raw = pod()
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes"}
    raw["status"]["conditions"] = [condition]
    cluster = FakeCluster({"get pods/web-1": raw, "logs web-1/app": []})
    reply = await answer(COMMAND, context_of(cluster), asked())
    assert reply.blocks[:2] == (section(f"{HEADING}: not started, `Unschedulable`"), quote("0/3 nodes"))


async def test_nothing_known() -> None:
    """A pod of which nothing is known yet is pending."""
    cluster = FakeCluster({"get pods/web-1": pod(), "logs web-1/app": []})
    reply = await answer(COMMAND, context_of(cluster), asked())
    assert reply.text == f"{HEADING}: not started, `Pending`"


@pytest.mark.parametrize(("restarts", "told"), [(0, "never restarted"), (3, "restarted 3 times")])
async def test_no_previous_run(restarts: int, told: str) -> None:
    """Without an earlier run's log, the answer says so and points at the present run."""
    refused = Invalid('previous terminated container "app" in pod "web-1" not found')
    raw = pod(RUNNING, restartCount=restarts)
    cluster = FakeCluster({"get pods/web-1": raw, "logs web-1/app": refused})
    answer_text = f"{HEADING}, previous run: no log of an earlier run is there; it has {told}"
    assert await answer(COMMAND, context_of(cluster), asked(previous=True)) == Reply(
        answer_text,
        (section(answer_text), context("`/pod logs web-1 -c app -n shop` shows the present run.", OTHERS)),
        pins=PINS,
    )


async def test_crash_loop() -> None:
    """A container that waits for its next start has a log of its last run."""
    state = {"waiting": {"reason": "CrashLoopBackOff"}}
    raw = pod(state, lastState={"terminated": {"exitCode": 1}})
    cluster = FakeCluster({"get pods/web-1": raw, "logs web-1/app": [b"boom\n"]})
    assert (await answer(COMMAND, context_of(cluster), asked())).blocks[1] == preformatted("boom")


async def test_wrong_container() -> None:
    """A container that the pod has not is refused with those it has, and no log is read."""
    cluster = FakeCluster({"get pods/web-1": pod(RUNNING)})
    with pytest.raises(Declined, match="pod web-1 has no container “sid”") as caught:
        await answer(COMMAND, context_of(cluster), asked(container=ContainerName("sid")))
    assert caught.value.hint == "did you mean `side`? Its containers are `setup`, `app`, `side`, `debug`"
    assert caught.value.verb == "logs"


@pytest.mark.parametrize("error", [Forbidden("no"), NotFound("no"), Invalid("some other reason")])
async def test_errors_pass(error: Exception) -> None:
    """What else the server says is the answer."""
    cluster = FakeCluster({"get pods/web-1": simple_pod(), "logs web-1/app": error})
    with pytest.raises(type(error)):
        await answer(COMMAND, context_of(cluster), asked())


@pytest.mark.parametrize(("previous", "flag"), [(True, " -p"), (False, "")])
async def test_a_run_that_the_node_cleaned_up(previous: bool, flag: str) -> None:  # noqa: FBT001  # a parameter
    """Where the kubelet writes that it has no log any more, its line is shown and said to be none."""
    said = "unable to retrieve container logs for containerd://a3deb6631e84"
    cluster = FakeCluster({"get pods/web-1": simple_pod(), "logs web-1/app": [said.encode()]})
    reply = await answer(COMMAND, context_of(cluster), asked(previous=previous))
    line = f"`/pod logs web-1 -c app -n shop{flag}` asks again, for a newer run."
    note = context(f"The node says so: it no longer has this run's log. {line}")
    assert reply.blocks[1:] == (preformatted(said), note)
