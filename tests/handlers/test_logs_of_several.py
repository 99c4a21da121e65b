"""`logs` over the simulation: searched, of several containers and pods, and followed."""

import tracemalloc
from collections.abc import Iterator

import pytest

from bot.core.errors import ClusterError, Invalid, UsageError
from bot.core.loglines import lines_of
from bot.core.names import PodName
from bot.core.parsing import parse
from bot.core.replies import Offer, Reply
from bot.core.resources import LogQuery
from bot.demo.cluster.faults import Fault, How
from bot.render.blocks import context, preformatted, section
from bot.render.limits import fit
from bot.render.plain import plain
from bot.steps import logs as reading
from handlers import REGISTRY, logs
from handlers.logs import COMMAND, Logs
from tests.fakes import FakeCluster, context_of
from tests.handlers.running import answer
from tests.handlers.shop import Shop
from tests.handlers.test_logs import simple_pod

SIDE = {"name": "side", "image": "busybox:1.35", "command": ["sh", "-c", "echo side; sleep 360000"]}
QUIET = {"name": "quiet", "image": "busybox:1.35", "command": ["sleep", "infinity"]}


@pytest.fixture
async def shop() -> Shop:
    """Return the shop with web-1 and web-2, of two containers each, and api-1, whose image can't be pulled."""
    prepared = Shop()
    for number in (1, 2):
        main = {"name": "main", "image": "busybox:1.35", "command": ["sh", "-c", f"echo main {number}; sleep 360000"]}
        prepared.pod(f"web-{number}", metadata={"labels": {"app": "web"}}, spec={"containers": [main, SIDE]})
    prepared.pod("api-1", metadata={"labels": {"app": "api"}}, image="nosuch:1")
    await prepared.wait(5)
    return prepared


def asked(line: str) -> Logs:
    """Return what a line asks for."""
    request = parse(line, REGISTRY).asked
    assert isinstance(request, Logs)
    return request


def _write(shop: Shop, said: dict[str, list[bytes]]) -> None:
    for name, lines in said.items():
        pod, _, container = name.partition("/")
        for line in lines:
            shop.simulation.write_log("shop", pod, container, line)


async def test_all_containers_by_time(shop: Shop) -> None:
    """Lines of all containers are interleaved by time under their prefixes, and carry no times."""
    for container in ("side", "main", "side"):
        await shop.wait(1)
        _write(shop, {f"web-1/{container}": [f"then {container}\n".encode()]})
    reply = await shop.read("logs web-1 --all-containers")
    heading = "*web-1* in `main/shop`, 2 containers: 5 lines"
    uid = shop.get("/api/v1/namespaces/shop/pods/web-1")["metadata"]["uid"]
    assert reply == Reply(
        heading,
        (
            section(heading),
            preformatted(
                "[pod/web-1/main] main 1\n[pod/web-1/side] side\n[pod/web-1/side] then side\n"
                "[pod/web-1/main] then main\n[pod/web-1/side] then side"
            ),
            context("The last 200 lines of each were read; `--tail` changes that."),
        ),
        pins={"pod/web-1": uid},
    )


async def test_times_of_several(shop: Shop) -> None:
    """Times stay where they are asked for, after the prefix; of one line it is told as of one."""
    reply = await shop.read("logs web-1 --all-containers --timestamps --tail 1")
    assert "The last line of each was read; `--tail` changes that." in plain(reply.blocks)
    assert "[pod/web-1/main] 2026-01-02T03:04:05.800000000Z main 1" in plain(reply.blocks)


async def test_selected_pods(shop: Shop) -> None:
    """A selector reads the usual container of each pod, or the one that is named, and pins nothing."""
    reply = await shop.read("logs -l app=web")
    assert reply.text == "*app=web* in `main/shop`, 2 containers of 2 pods: 2 lines"
    assert reply.pins == {}
    assert "[pod/web-1/main] main 1\n[pod/web-2/main] main 2" in plain(reply.blocks)
    assert "[pod/web-2/side] side" in plain((await shop.read("logs -l app=web -c side")).blocks)
    with pytest.raises(UsageError, match="none of these pods has a container “sid”"):
        await shop.read("logs -l app=web -c sid")


async def test_no_pods(shop: Shop) -> None:
    """Labels that match nothing are said to, with what to type."""
    reply = await shop.read("logs -l app=none")
    assert plain(reply.blocks).startswith("No pods match `app=none` in `main/shop`.")
    assert "/pod list --show-labels -n shop" in plain(reply.blocks)


async def test_one_that_waits_spoils_nothing(shop: Shop) -> None:
    """A container without a log is named with its reason beside the logs of the others."""
    reply = await shop.read("logs -l app")
    assert "[pod/web-1/main] main 1" in plain(reply.blocks)
    assert "`api-1/main`: not started (ImagePullBackOff)" in plain(reply.blocks)
    alone = await shop.read("logs -l app=api")
    assert alone.text.endswith("nothing printed")
    assert "not started" in plain(alone.blocks)


async def test_previous_of_several_that_is_not_there(shop: Shop) -> None:
    """Where no log can be read, the server's words are the answer."""
    with pytest.raises(Invalid, match="previous terminated container"):
        await shop.read("logs -l app=web -p")


async def test_too_many(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limits containers and pods are counted, and not read."""
    monkeypatch.setattr(logs, "AT_ONCE", 1)
    monkeypatch.setattr(logs, "PODS_AT_ONCE", 1)
    reply = await shop.read("logs -l app=web --all-containers")
    assert "1 container of 1 pod: 1 line" in reply.text
    told = plain(reply.blocks)
    assert ("1 more container left out" in told, "1 more pod left out" in told) == (True, True)
    shop.pod("app-0", "echo over", metadata={"labels": {"app": "web"}}, spec={"restartPolicy": "Never"})
    await shop.wait(5)
    assert "main 1" in plain((await shop.read("logs -l app=web")).blocks)  # those that have not ended come first
    monkeypatch.setattr(logs, "PODS_READ", 2)
    assert "At least 1 more pod left out" in plain((await shop.read("logs -l app")).blocks)


async def test_grep(shop: Shop) -> None:
    """A search counts what it read and found, everywhere unless told where, and not in the kubelet's times."""
    _write(shop, {"web-1/main": [b"%d ok\n" % number for number in range(300)]})
    reply = await shop.read("logs web-1 -c main --grep '^1?7 ok$'")
    assert reply.text == "*web-1* in `main/shop`, container `main`: 2 of the 301 lines read match `^1?7 ok$`"
    assert reply.blocks[1] == preformatted("7 ok\n17 ok")
    reply = await shop.read("logs web-1 -c main --grep '^7 ok$' --tail 10 --timestamps")
    assert "none of the 10 lines read matches" in reply.text
    assert "Only the last 10 lines were searched; `--tail -1` searches all." in plain(reply.blocks)
    reply = await shop.read("logs web-1 -c main --grep '^7 ok$' --tail 1")
    assert "Only the last line was searched; `--tail -1` searches all." in plain(reply.blocks)
    reply = await shop.read("logs -l app=web --grep 2026")
    assert "none of the 302 lines read matches" in reply.text


@pytest.mark.parametrize("line", ["logs web-1 --grep 7", "logs web-1 --grep 7 --tail -1 --timestamps"])
async def test_grep_is_a_filter(line: str) -> None:
    """Whatever the chunks are, a search finds what a filter over the whole log finds."""
    said = b"".join(b"2026-01-02T03:04:05.1Z %d\n" % number for number in range(500))
    chunks = [said[start : start + 7] for start in range(0, len(said), 7)]
    cluster = FakeCluster({"get pods/web-1": simple_pod(), "logs web-1/app": chunks})
    reply = await answer(COMMAND, context_of(cluster), asked(line))
    assert f"{sum(b'7' in line.partition(b' ')[2] for line in lines_of(said))} of the 500 lines" in reply.text
    query = LogQuery("app", tail=None, timestamps="--timestamps" in line, budget=reading.READ)
    assert cluster.calls[1] == ("logs web-1/app", {"query": query})


def _megabytes(count: int) -> Iterator[bytes]:
    block = b"".join(b"%08d " % number + b"x" * 990 + b"\n" for number in range(100))
    return (block for _ in range(count * 10))


async def _peak(line: str, megabytes: int) -> int:
    cluster = FakeCluster({"get pods/web-1": simple_pod(), "logs web-1/app": _megabytes(megabytes)})
    context_, request = context_of(cluster), asked(line)
    tracemalloc.start()
    try:
        results = [result async for result in COMMAND.run(context_, request)]
        assert len(results) == 1
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("flags", ["--tail -1", "--grep x", "--all-containers --tail -1", "--all-containers --grep x"])
async def test_memory_does_not_grow_with_the_log(flags: str) -> None:
    """A log of 20 MB takes no more memory than one of 4 MB."""
    line = f"logs web-1 {flags}"
    await _peak(line, 1)  # what is loaded once
    assert await _peak(line, 20) < await _peak(line, 4) + 500_000


async def test_an_earlier_run_is_offered(shop: Shop) -> None:
    """A container that was restarted offers its previous run, and nothing else does."""
    shop.simulation.write_log("shop", "web-1", "main", b"old\n", previous=True)
    reply = await shop.read("logs web-1 -c main")
    assert reply.offers == (Offer("Previous run", "logs web-1 -c main -p -n shop", reply.pins),)
    assert plain((await shop.read(reply.offers[0].line)).blocks).startswith(
        "*web-1* in `main/shop`, container `main`, previous run: 1 line\n\nold\n"
    )
    for line in ("logs web-1 -c main -p", "logs web-1 -c side", "logs web-1 --all-containers"):
        assert (await shop.read(line)).offers == ()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("logs", "POD is missing"),
        ("logs web-1 -l app=web", "a pod and -l contradict each other"),
        ("logs web-1 -c main --all-containers", "-c and --all-containers contradict each other"),
        ("logs web-1 -f -p", "-p and -f contradict each other"),
        ("logs web-1 --grep (", "--grep: “(” is not a pattern: missing ): ("),
    ],
)
def test_contradictions(line: str, message: str) -> None:
    """A line that contradicts itself is refused with what to type."""
    with pytest.raises(UsageError) as caught:
        parse(line.replace("(", "'('"), REGISTRY)
    assert (str(caught.value), caught.value.verb) == (message, "logs")
    assert caught.value.hint


@pytest.mark.parametrize("fault", [Fault(How.REFUSED, path="/pods/web-2/log"), Fault(How.TORN, path="/pods/web-2/log")])
async def test_a_fault_in_one_of_several(shop: Shop, fault: Fault) -> None:
    """A log that breaks off is said; an API server that can't be reached is the answer."""
    context_ = shop._context("logs")
    context_.cluster._client._transport.faults.append(fault)  # type: ignore[attr-defined]  # the shop's own transport
    request = asked("logs -l app=web")
    if fault.how is How.REFUSED:
        with pytest.raises(ClusterError, match="connection refused"):
            await answer(COMMAND, context_, request)
        return
    told = plain((await answer(COMMAND, context_, request)).blocks)
    assert "[pod/web-1/main] main 1" in told
    assert "`web-2/main`: the answer of the API server broke off" in told


def test_a_search_reads_all_unless_it_is_told() -> None:
    """Without --tail a search looks through everything, and what is followed begins with the usual lines."""
    lines = ("logs w", "logs w --grep x", "logs w -f --grep x", "logs w --tail -1", "logs w --grep x --tail 5")
    assert [asked(line).wanted.tail for line in lines] == [200, None, 200, None, 5]
    assert asked("logs w").pod == PodName("w")


async def test_many_that_wait(shop: Shop) -> None:
    """Of many without a log some are named and the rest is counted; a long answer is a file as well."""
    for number in range(9):
        shop.pod(f"idle-{number}", metadata={"labels": {"set": "idle"}}, image="nosuch:1")
    shop.pod("idle-9", "echo here; sleep 360000", metadata={"labels": {"set": "idle"}})
    await shop.wait(5)
    shop.simulation.write_log("shop", "idle-9", "main", b"a long line indeed\n" * 600)
    reply = await shop.read("logs -l set=idle --tail -1")
    assert "… and 1 more container like these" in plain(reply.blocks)
    assert reply.file is not None
    assert (reply.file.name, reply.file.text.count("[pod/idle-9/main] a long")) == ("shop-pods.log", 600)
    assert fit(reply).file == reply.file
