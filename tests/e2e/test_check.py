"""`podbot check` as people run it: a process over a chat server and a cluster, well set up, and with one fault each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from pytest_mock import MockerFixture

from tests.e2e import promise
from tests.e2e.checked import Found, Site, site
from tests.e2e.faults import CHAT, RBAC, SETTINGS, Case
from tests.e2e.ground import WORLDS, applied, rbac
from tests.e2e.world import ALICE, QUIET, TEAM, words
from tests.real import until

SIMULATED = ("simulated-constrained", "simulated-legacy")
REAL = ("real-constrained", "real-legacy")
EVERY = [*SIMULATED, *(pytest.param(name, marks=pytest.mark.cluster) for name in REAL)]


async def _seed(place: Site, case: Case) -> None:
    made = case.make(place)
    if made is not None:
        await made


def _loud(found: list[Found]) -> set[str]:
    return {one.kind for one in found if one.level in ("warning", "failure")}


async def _expect(place: Site, case: Case) -> None:
    code, found = await place.findings()
    assert _loud(found) == case.kinds, [one for one in found if one.level in ("warning", "failure")]
    assert any(case.says in one.says and case.mend in one.mend for one in found if one.kind in case.kinds), found
    assert code == case.code


@pytest_asyncio.fixture
async def simulated(tmp_path: Path) -> AsyncIterator[Site]:
    """Prepare a simulated cluster with constrained impersonation, as it should be."""
    async with site("simulated-constrained", tmp_path) as place:
        yield place


@pytest.mark.parametrize("name", EVERY)
async def test_a_good_setup_is_good(name: str, tmp_path: Path) -> None:
    """Where all is well there is no warning, all is looked at, and the server's log shows only what podbot may ask."""
    async with site(name, tmp_path) as place:
        code, found = await place.findings()
        assert [one for one in found if one.level != "ok"] == []
        assert code == 0
        assert {"targets-legacy" if "legacy" in name else "targets-good"} <= {one.kind for one in found}
        code, printed = await place.check()
        assert code == 0
        promise.check(place.world.audit())
        *lines, last = printed.splitlines()
        assert all(line.startswith("ok") for line in lines)
        assert last == f"{len(lines)} ok"


@pytest.mark.parametrize("case", {**CHAT, **SETTINGS}.values(), ids={**CHAT, **SETTINGS}.keys())
async def test_a_fault_is_found(simulated: Site, case: Case) -> None:
    """Each fault of Slack, settings and the way to the cluster is found, nothing else is, and its mend is named."""
    await _seed(simulated, case)
    await _expect(simulated, case)


@pytest.mark.parametrize("name", ["simulated-constrained", pytest.param(REAL[0], marks=pytest.mark.cluster)])
@pytest.mark.parametrize("case", RBAC.values(), ids=RBAC.keys())
async def test_a_fault_of_rights_is_found(name: str, case: Case, tmp_path: Path) -> None:
    """Each fault of RBAC is found, on a real cluster too, nothing else is, and its mend is named."""
    async with site(name, tmp_path) as place:
        await _seed(place, case)

        async def seen() -> bool:  # RBAC reaches the API server's authorizer a moment later
            return case.kinds == _loud((await place.findings())[1])

        try:
            if name == REAL[0]:
                await until(seen, "the fault seen")
            await _expect(place, case)
        finally:
            await place.take("podbot-test-excess")


async def test_it_is_checked_at_start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Podbot answers first, then logs what is wrong, and goes on; where it is told to, it does not look."""
    async with site("simulated-constrained", tmp_path) as place:
        place.policy["grants"][1]["channels"].append(QUIET)
        place.write()
        world = place.world

        async def told() -> bool:
            return "check: slack-channels: podbot is not in C0QUIET" in caplog.text and "1 failure" in caplog.text

        async with world.replica(**{**place.environment, "PODBOT_CHECK_AT_START": "true"}):
            assert "All is well" in words(await world.say(ALICE, TEAM, "status"))
            await until(told, "the fault logged")
            levels = {record.levelname for record in caplog.records if record.getMessage().startswith("check: slack")}
            assert levels == {"ERROR"}
        promise.check(world.audit())
        caplog.clear()
        async with world.replica(**place.environment):
            assert "All is well" in words(await world.say(ALICE, TEAM, "status"))
        assert "check:" not in caplog.text


async def test_a_check_at_start_that_breaks_harms_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mocker: MockerFixture
) -> None:
    """Whatever goes wrong in the check at start is logged, and podbot answers."""
    mocker.patch("bot.checks.running.examine", side_effect=ZeroDivisionError)
    async with WORLDS["simulated-constrained"](tmp_path) as world, world.replica(PODBOT_CHECK_AT_START="true"):
        assert "All is well" in words(await world.say(ALICE, TEAM, "status"))

        async def told() -> bool:
            return "the check at start failed" in caplog.text

        await until(told, "the mistake logged")
        assert "All is well" in words(await world.say(ALICE, TEAM, "status"))


async def test_rights_in_every_namespace_are_a_choice(simulated: Site) -> None:
    """What `podbot rbac --cluster-wide` gives is no excess, though it reaches more namespaces than the policy names."""
    world = simulated.world
    async with applied(
        world.admin, rbac(simulated.folder / "policy.yaml", world.home, "constrained", "--cluster-wide")
    ):
        code, found = await simulated.findings()
    assert [one for one in found if one.level != "ok"] == []
    assert code == 0
