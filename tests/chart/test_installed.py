"""The chart's life on a real cluster, in the order in which it happens: installed, asked, changed, shaken, taken away.

The tests share one release, and each begins where the one before it ended.
"""

import asyncio
import re
from collections import Counter

import pytest

from bot.core.resources import Json
from tests.chart.installation import LEASES, Installation
from tests.e2e.world import ALICE, ENDED, ONCALL, TEAM, state_of, words
from tests.real import until

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="package")]


async def test_pods_are_ready_with_their_own_credentials(podbot: Installation) -> None:
    """Two replicas hear the chat and reach the API server with the token that their pods were given, as a number."""
    world = podbot.world
    seen = {event["user"]["username"] for event in world.audit()}
    assert seen == {f"system:serviceaccount:{world.home}:{podbot.release}"}
    for pod in await podbot.pods():
        assert pod["status"]["containerStatuses"][0]["restartCount"] == 0
        assert pod["spec"]["containers"][0]["securityContext"]["readOnlyRootFilesystem"] is True
    answer = words(await world.say(ALICE, TEAM, "status"))
    assert "0.1.0" in answer
    assert any(pod["metadata"]["name"] in answer for pod in await podbot.pods())


async def test_the_doctor_is_content(podbot: Installation) -> None:
    """`podbot check`, run in a pod as the notes say, finds nothing to mend and no right beyond the needs."""
    said = await podbot.kubectl("exec", f"deployment/{podbot.release}", "-c", "podbot", "--", "podbot", "check")
    assert said.ok, said.out + said.error
    assert "own-rights: podbot itself holds what it needs, and nothing beyond" in said.out


async def test_a_list_is_answered(podbot: Installation) -> None:
    """`/pod list` shows the pods of the channel's namespace, read as the channel's tier."""
    world = podbot.world
    await world.make(
        {"metadata": {"name": "seen"}, "spec": {"containers": [{"name": "main", "image": "busybox:1.35"}]}}
    )
    assert "seen" in words(await world.say(ALICE, TEAM, "list"))

    async def audited() -> bool:
        lists = [event for event in world.audit() if event["verb"] == "list" and _resource(event) == "pods"]
        return any(event.get("impersonatedUser", {}).get("username") == "podbot:viewer" for event in lists)

    await until(audited, "the list in the audit log")


async def test_a_creation_is_done(podbot: Installation) -> None:
    """`/pod create` is announced, done as the channel's tier, and runs."""
    world = podbot.world
    done = await world.done(await world.say(ALICE, ONCALL, "create single web-1"))
    assert state_of(done) == "done", words(done)
    found = await world.pod("web-1")
    assert found is not None
    assert found["status"]["phase"] == "Running"


async def test_a_policy_is_taken_over_without_a_restart(podbot: Installation) -> None:
    """A changed policy reaches the same pods: with a reason to freeze they refuse changes, and answer reads."""
    world, before = podbot.world, await _uids(podbot)
    await podbot.upgrade({"policy": {"frozen": "release night"}})

    async def frozen() -> bool:
        said = [words(await world.say(ALICE, ONCALL, "create single x --dry-run")) for _ in range(2)]
        return all("release night" in one for one in said)

    await until(frozen, "the frozen policy, in both replicas", 150)
    assert "web-1" in words(await world.say(ALICE, TEAM, "list"))
    assert await _uids(podbot) == before


async def test_an_upgrade_replaces_the_pods_and_a_rollback_brings_back(podbot: Installation) -> None:
    """An upgrade rolls the pods while commands are answered; a rollback brings the first values back, policy too."""
    world, before = podbot.world, await _uids(podbot)
    upgrading = asyncio.create_task(podbot.upgrade({"settings": {"commandsAtOnce": 7}}))
    answers = []
    while not upgrading.done():
        answers.append(words(await world.say(ALICE, TEAM, "list")))
        await asyncio.sleep(0.5)
    await upgrading
    await podbot.connected()
    assert not {*before} & {*await _uids(podbot)}
    lost = [answer for answer in answers if "web-1" not in answer and "being stopped" not in answer]
    assert lost == []
    await podbot.helm("rollback", podbot.release, "1", "--wait", "--timeout", "3m")
    await podbot.connected()
    done = await world.done(await world.say(ALICE, ONCALL, "create single web-2"))
    assert state_of(done) == "done", words(done)


async def test_a_replica_that_ends_loses_nothing(podbot: Installation) -> None:
    """One of two replicas is told to end while twelve changes run: each ends with its outcome, and was done once."""
    world = podbot.world
    names = [f"ending-{number}" for number in range(12)]
    started = await asyncio.gather(*(world.chat.driver.slash(ALICE, ONCALL, f"create single {name}") for name in names))
    first, *_ = await podbot.pods()
    await world.admin.call("DELETE", f"/api/v1/namespaces/{world.home}/pods/{first['metadata']['name']}")
    later = [f"later-{number}" for number in range(6)]
    started += await asyncio.gather(
        *(world.chat.driver.slash(ALICE, ONCALL, f"create single {name}") for name in later)
    )
    told = await _told(podbot, [*names, *later])
    assert all(delivery.acknowledged for delivery in started)
    await _are_done_once(podbot, told)
    await podbot.connected()
    await _make_room(podbot, [*names, *later])


async def test_a_replica_that_is_killed_does_nothing_twice(podbot: Installation) -> None:
    """One of two replicas is killed without a word: what was done had been announced, and nothing was done twice."""
    world = podbot.world
    names = [f"killed-{number}" for number in range(12)]
    asking = [asyncio.create_task(world.chat.driver.slash(ALICE, ONCALL, f"create single {name}")) for name in names]
    first, *_ = await podbot.pods()
    path = f"/api/v1/namespaces/{world.home}/pods/{first['metadata']['name']}"
    await world.admin.call("DELETE", path, {"gracePeriodSeconds": 0})
    asked = await asyncio.gather(*asking)
    await podbot.connected()
    said = _announced(podbot, names)
    for name, delivery in zip(names, asked, strict=True):
        if await world.pod(name):
            assert said[name], f"{name} was made without a word"
        if delivery.acknowledged and not said[name]:
            assert await world.pod(name) is None
    await _were_made_at_most_once(podbot, names)
    await _make_room(podbot, names)
    answer = await world.done(await world.say(ALICE, ONCALL, "create single after"))
    assert state_of(answer) == "done", words(answer)


async def test_slack_may_send_requests_instead(podbot: Installation) -> None:
    """Upgraded to HTTP mode, a pod takes Slack's signed requests at its port, and answers."""
    world = podbot.world
    await podbot.upgrade({"slack": {"mode": "http"}, "replicaCount": 1})

    async def alone() -> Json | None:
        pods = await podbot.pods()
        return pods[0] if len(pods) == 1 and not world.chat.sockets.connections else None

    pod = await until(alone, "one pod, without a socket")
    url = f"http://{pod['status']['podIP']}:3000/slack/events"
    world.chat.post_to(url, secret=world.chat.workspace.app.signing_secret)
    assert "web-1" in words(await world.say(ALICE, TEAM, "list"))


async def test_nothing_is_left_when_it_is_taken_away(podbot: Installation) -> None:
    """After `helm uninstall` there is no object of the release in the whole cluster, no claim and no pod."""
    world, admin = podbot.world, podbot.world.admin
    assert (await admin.call("GET", LEASES.format(world.home)))["items"]
    await podbot.helm("uninstall", podbot.release, "--wait", "--timeout", "3m")

    async def gone() -> bool:
        return not await podbot.left()

    await until(gone, "nothing left", 60)
    assert await world.pod("web-1") is not None


async def _uids(podbot: Installation) -> list[str]:
    return sorted(pod["metadata"]["uid"] for pod in await podbot.pods())


def _resource(event: Json) -> str:
    return str(event.get("objectRef", {}).get("resource", ""))


def _announced(podbot: Installation, names: list[str]) -> dict[str, list[str]]:
    """Return the states of the channel's messages about each of these pods."""
    said = [(state_of(one), words(one)) for one in podbot.world.chat.driver.messages(ONCALL) if not one.only_for]
    return {name: [state for state, line in said if re.search(rf"\b{name}\b", line)] for name in names}


async def _told(podbot: Installation, names: list[str]) -> dict[str, str]:
    """Wait until everything asked has an outcome, or was turned away with a word, and return which of the two."""
    told: dict[str, str] = {}
    for _ in range(600):
        whispers = "\n".join(words(one) for one in podbot.world.chat.driver.messages(ONCALL) if one.only_for == ALICE)
        told = {
            name: next((state for state in states if state in ENDED), "")
            or ("turned away" if not states and re.search(rf"\b{name}\b", whispers) else "")
            for name, states in _announced(podbot, names).items()
        }
        if all(told.values()):
            break
        await asyncio.sleep(0.1)
    assert all(told.values()), told
    return told


async def _make_room(podbot: Installation, names: list[str]) -> None:
    """Delete these pods, for a small node has no room for more."""
    pods = f"/api/v1/namespaces/{podbot.world.shop}/pods"
    await asyncio.gather(*(podbot.world.admin.remove(f"{pods}/{name}") for name in names))


async def _are_done_once(podbot: Installation, told: dict[str, str]) -> None:
    for name, state in told.items():
        if state in ("done", "unknown"):
            assert await podbot.world.pod(name) is not None, f"{name}: {state}"
        if state == "turned away":
            assert await podbot.world.pod(name) is None, f"{name}: {state}"
    await _were_made_at_most_once(podbot, [*told])


async def _were_made_at_most_once(podbot: Installation, names: list[str]) -> None:
    """Look in the API server's own log: the dry run of the plan apart, no pod was asked for twice."""
    made = Counter(
        str(event["objectRef"].get("name"))
        for event in podbot.world.audit()
        if event["verb"] == "create" and _resource(event) == "pods" and "dryRun" not in event["requestURI"]
    )
    assert {name: made[name] for name in names if made[name] > 1} == {}
