"""Commands in containers."""

import pytest

from bot.core.errors import Forbidden, Invalid, NotFound, ServerFault
from bot.core.names import ContainerName, PodName
from bot.core.resources import PODS, Executed
from tests.contract.sites import POD, Site, pod
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")

MAIN = ContainerName("main")


async def _run(site: Site, *command: str, seconds: float = 20, limit: int = 4096) -> Executed:
    return await site.cluster.execute(POD, command, container=MAIN, seconds=seconds, limit=limit)


async def _known(site: Site, name: str) -> bool:
    return bool((await site.cluster.get(PODS, name))["status"].get("containerStatuses"))


async def test_output_and_success(site: Site) -> None:
    """What a command says comes back as it was written, with exit code 0."""
    assert await _run(site, "echo", "a b", "ü") == Executed("a b ü\n".encode(), b"", 0)


async def test_channels_and_exit_code(site: Site) -> None:
    """Output and errors stay apart, and the exit code is the command's."""
    assert await _run(site, "sh", "-c", "echo out; echo err >&2; exit 3") == Executed(b"out\n", b"err\n", 3)


async def test_output_beyond_the_limit(site: Site) -> None:
    """Output is cut at the limit, and the exit code is still learned."""
    assert await _run(site, "echo", "abcdef", limit=4) == Executed(b"abcd", b"", 0, cut=True)


async def test_a_command_that_takes_too_long(site: Site) -> None:
    """A command that does not end in its time is left, without an exit code."""
    ended = await _run(site, "sleep", "60", seconds=0.5)
    assert (ended.code, ended.reason) == (None, "stopped after 0.5 s")


async def test_a_program_that_is_not_there(site: Site) -> None:
    """A program that the container lacks has no output, and says so."""
    ended = await _run(site, "no-such-program")
    assert ended.code != 0
    assert ended.stdout == b""


@pytest.mark.parametrize("code", [1, 2, 126, 127, 137, 143, 255])
async def test_every_exit_code(site: Site, code: int) -> None:
    """The exit code is the command's own, also those that shells give a meaning."""
    assert await _run(site, "sh", "-c", f"exit {code}") == Executed(b"", b"", code)


async def test_a_command_that_is_killed(site: Site) -> None:
    """A command that SIGKILL ends has the code 137."""
    assert (await _run(site, "sh", "-c", "kill -9 $$")).code == 137


async def test_binary_output(site: Site) -> None:
    """Bytes that are no text come as they are."""
    assert await _run(site, "head", "-c", "5", "/dev/zero") == Executed(bytes(5), b"", 0)


async def test_output_without_end(site: Site) -> None:
    """A command that says far too much is left, without an exit code."""
    ended = await _run(site, "yes", limit=1000)
    assert (ended.stdout, ended.code, ended.cut) == (b"y\n" * 500, None, True)
    assert ended.reason == "stopped: far too much output"


async def test_a_file_that_is_not_there(site: Site) -> None:
    """The runtime's own words say what an image lacks."""
    ended = await _run(site, "/no/shell")
    assert (ended.code, ended.stdout) == (None, b"")
    assert "stat /no/shell: no such file or directory" in ended.reason


async def test_a_check_runs_nothing(site: Site) -> None:
    """A command that is only checked does not run."""
    await site.cluster.check_execute(POD, ["touch", "/checked"], container=MAIN)
    if site.simulation is None:
        assert (await _run(site, "ls", "/checked")).code == 1


async def test_a_check_says_what_is_wrong(site: Site) -> None:
    """A check names a pod or container that is not there, and a right that is missing."""
    with pytest.raises(NotFound):
        await site.cluster.check_execute(PodName("absent"), ["true"], container=MAIN)
    with pytest.raises(Invalid, match="container absent is not valid"):
        await site.cluster.check_execute(POD, ["true"], container=ContainerName("absent"))
    with pytest.raises(Forbidden, match="pods/exec"):
        await site.acting_as(site.viewer).check_execute(POD, ["true"], container=MAIN)


async def test_a_pod_that_is_not_there(site: Site) -> None:
    """A pod that nobody has is NotFound."""
    with pytest.raises(NotFound):
        await site.cluster.execute(PodName("absent"), ["true"], container=MAIN, seconds=5, limit=10)


async def test_a_container_that_is_not_there(site: Site) -> None:
    """A container that the pod lacks is Invalid."""
    with pytest.raises(Invalid, match="container absent is not valid for pod web"):
        await site.cluster.execute(POD, ["true"], container=ContainerName("absent"), seconds=5, limit=10)


async def test_a_container_that_does_not_run(site: Site) -> None:
    """A container that does not run is refused for certain, and the connection is not used for what comes next."""
    body = pod("still")
    body["spec"]["containers"][0]["image"] = "cluster.local/absent:1"
    await site.cluster.create(PODS, body)
    await until(lambda: _known(site, "still"), "the kubelet's word on the pod")
    for _ in range(3):
        with pytest.raises(ServerFault, match="container not found"):
            await site.cluster.execute(PodName("still"), ["true"], container=MAIN, seconds=5, limit=10)


async def test_a_person_who_may_not(site: Site) -> None:
    """Whoever may not execute is Forbidden, by websocket as by any other call."""
    with pytest.raises(Forbidden, match="pods/exec"):
        await site.acting_as(site.viewer).execute(POD, ["true"], container=MAIN, seconds=5, limit=10)
