"""`label` and its *Undo*: done as the person who asks, asked about where a selector loses a pod, and undone once."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import SystemClock
from bot.core.resources import Json
from bot.demo.chat.messages import Message
from bot.kube.client import Call
from tests.contract.sites import pod
from tests.e2e.ground import WORLDS
from tests.e2e.world import ALICE, BOB, GUEST, ONCALL, TEAM, World, state_of, words
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def _make(world: World, name: str, **labels: str) -> None:
    await world.make(pod(name, labels=labels))


async def _labels(world: World, name: str) -> Any:
    found = await world.pod(name)
    assert found is not None
    return found["metadata"].get("labels", {})


async def _set(world: World, name: str, **labels: str) -> None:
    """Change labels as somebody else, without podbot."""
    operations: list[Json] = [
        {"op": "add", "path": f"/metadata/labels/{key}", "value": value} for key, value in labels.items()
    ]
    cluster = f"/api/v1/namespaces/{world.shop}/pods/{name}"
    await world.admin.client.json(Call("PATCH", cluster, (), tuple(operations), content="application/json-patch+json"))


async def _done(world: World, line: str) -> Message:
    """Type a line that asks nothing, and return how it ended."""
    ended = await world.done(await world.say(ALICE, ONCALL, line))
    assert state_of(ended) == "done"
    return ended


async def _undone(world: World, message: Message) -> Message:
    return await world.done(await world.press(ALICE, message, "do:0"))


async def test_labels_are_set_replaced_and_removed(world: World) -> None:
    """One message in the channel shows each label before and after, and the patch was made as the person who asked."""
    await _make(world, "plain", app="plain", old="1")
    before = len(world.audit())
    ended = await _done(world, "label plain app=other example.com/team=shop old- --overwrite")
    assert ended.only_for == ""
    assert "*Labeled* · pod `plain`" in words(ended)
    assert await _labels(world, "plain") == {"app": "other", "example.com/team": "shop"}
    patches = [one for one in world.audit()[before:] if one["verb"] == "patch"]
    assert len(patches) == 2  # the dry run of the plan, and the patch
    for one in patches:
        assert f"/namespaces/{world.shop}/pods/plain" in one["requestURI"]
        assert one["impersonatedUser"]["username"] == "podbot:operator"
        assert one["impersonatedUser"]["extra"]["podbot.io/slack-user"] == [ALICE]


async def test_a_pod_without_labels(world: World) -> None:
    """A pod without labels gets its first, and Undo takes it away again."""
    await world.make(pod("unlabeled"))
    ended = await _done(world, "label unlabeled first=1")
    assert await _labels(world, "unlabeled") == {"first": "1"}
    assert state_of(await _undone(world, ended)) == "done"
    assert await _labels(world, "unlabeled") == {}


async def test_pods_are_selected(world: World) -> None:
    """With -l every pod that matches is labeled; one whose value is another is left alone, and told."""
    await _make(world, "many-1", batch="b7")
    await _make(world, "many-2", batch="b7", phase="late")
    answer = await _done(world, "label -l batch=b7 phase=early")
    assert "1 of 2 pods" in words(answer)
    assert "many-2: left alone, “phase” already has a value (late)" in words(answer)
    assert await _labels(world, "many-1") == {"batch": "b7", "phase": "early"}
    assert await _labels(world, "many-2") == {"batch": "b7", "phase": "late"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("label refused app=other", "“app” already has a value (refused)"),
        ("label refused kubernetes.io/x=1", "is reserved"),
        ("label refused podbot.io/template-", "is reserved"),
        ("label refused a=b a-", "both set and removed"),
        ("label refused", "least one label must be"),
        ("label refused 'a=b c'", "not a label value"),
        ("label nowhere-at-all a=b", "Not found"),
        ("label -l app=nowhere a=b", "no pods in"),
        ("label ../x a=b", "not a pod name"),
    ],
)
async def test_what_is_wrong_is_refused(world: World, line: str, said: str) -> None:
    """What is wrong is told to the asker alone, and no label changes."""
    if await world.pod("refused") is None:
        await _make(world, "refused", app="refused")
    answer = await world.say(ALICE, ONCALL, line)
    assert answer.only_for == ALICE
    assert said in words(answer)
    assert await _labels(world, "refused") == {"app": "refused"}


@pytest.mark.parametrize(("user", "channel"), [(ALICE, TEAM), (GUEST, ONCALL)])
async def test_viewers_and_guests_label_nothing(world: World, user: str, channel: str) -> None:
    """The viewer's tier and a guest are refused by policy."""
    await world.make(pod(f"kept-from-{user.lower()}"))
    assert "Refused" in words(await world.say(user, channel, f"label kept-from-{user.lower()} a=b"))
    assert await _labels(world, f"kept-from-{user.lower()}") == {}


async def test_kubernetes_refuses_what_policy_would_allow(world: World) -> None:
    """Bob's own RBAC lets him look at pods, and label none; legacy impersonation knows no people."""
    if world.form == "legacy":
        return
    await world.make(pod("kept-from-bob"))
    answer = words(await world.say(BOB, ONCALL, "label kept-from-bob a=b"))
    assert "Refused by Kubernetes" in answer
    assert "cannot patch resource" in answer
    assert await _labels(world, "kept-from-bob") == {}


def _told(world: World) -> list[Message]:
    """Return what Alice alone was told in the channel."""
    return [one for one in world.chat.driver.messages(ONCALL, seen_by=ALICE) if one.only_for]


async def _question(world: World, name: str) -> Message:
    """Ask to take a pod out of a Service's selector."""
    await _make(world, name, app=name)
    spec = {"selector": {"app": name}, "ports": [{"port": 80}]}
    await world.admin.make(f"/api/v1/namespaces/{world.shop}/services", {"metadata": {"name": name}, "spec": spec})
    question = await world.say(ALICE, ONCALL, f"label {name} app-")
    assert state_of(question) == "asked"
    assert f"Service {name} will send no more traffic to {name}." in words(question)
    return question


async def test_a_services_selector_asks(world: World) -> None:
    """A change that takes a pod from a Service says so and asks; the press does it."""
    question = await _question(world, "served")
    assert await _labels(world, "served") == {"app": "served"}
    ended = await world.done(await world.press(ALICE, question, "confirm"))
    assert state_of(ended) == "done"
    assert await _labels(world, "served") == {}


@pytest.mark.parametrize("how", ["relabeled", "recreated"])
async def test_what_changed_since_the_question_is_left_alone(world: World, how: str) -> None:
    """A press is refused where the label has another value by now, or the pod's name another pod."""
    name = f"served-{how}"
    question = await _question(world, name)
    if how == "relabeled":
        await _set(world, name, app="theirs")
    else:
        await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/{name}")

        async def gone() -> bool:
            return await world.pod(name) is None

        await until(gone, "the first pod's end")
        await _make(world, name, app=name)
    before, told = await _labels(world, name), _told(world)
    await world.press(ALICE, question, "confirm")
    assert state_of(await world.done(question)) == "refused"
    await world.until(lambda: next(iter(_told(world)[len(told) :]), None))  # the asker is told as well
    assert await _labels(world, name) == before


async def test_a_replica_sets_pod(world: World) -> None:
    """Taking a pod from its ReplicaSet asks, and brings another; Undo asks again, and the ReplicaSet keeps one."""
    sets, labels = f"/apis/apps/v1/namespaces/{world.shop}/replicasets", {"set": "one"}
    template = {"metadata": {"labels": labels}, "spec": pod("")["spec"]}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
    await world.admin.make(sets, {"metadata": {"name": "one"}, "spec": spec})

    async def members() -> list[Json]:
        path = f"/api/v1/namespaces/{world.shop}/pods"
        found = (await world.admin.call("GET", path, query=(("labelSelector", "set=one"),)))["items"]
        return [one for one in found if one["metadata"].get("ownerReferences")]

    (first,) = await until(members, "the ReplicaSet's pod")
    name = first["metadata"]["name"]
    question = await world.say(ALICE, ONCALL, f"label {name} set-")
    assert f"ReplicaSet one will let go of {name} and bring a new pod" in words(question)
    ended = await world.done(await world.press(ALICE, question, "confirm"))
    assert state_of(ended) == "done"
    (second,) = await until(members, "another pod")
    assert second["metadata"]["name"] != name

    async def is_let_go() -> bool:
        return "ownerReferences" not in ((await world.pod(name)) or {})["metadata"]

    await until(is_let_go, "the end of the ownership")
    again = await world.press(ALICE, ended, "do:0")
    assert state_of(again) == "asked"
    assert f"ReplicaSet one will take {name} as its own" in words(again)
    assert state_of(await world.done(await world.press(ALICE, again, "confirm"))) == "done"

    async def is_one() -> bool:
        return len(await members()) == 1

    await until(is_one, "the end of one pod too many")
    await world.admin.remove(f"{sets}/one")


async def test_undo_restores_exactly_and_works_once(world: World) -> None:
    """Undo brings back what was, Undo of Undo what was undone, and a button that was pressed is used up."""
    before, after = {"app": "undo", "old": ""}, {"app": "other", "new": "1"}
    await _make(world, "undo", **before)
    first = await _done(world, "label undo app=other new=1 old- --overwrite")
    assert await _labels(world, "undo") == after
    second = await _undone(world, first)
    assert await _labels(world, "undo") == before
    await _undone(world, second)
    assert await _labels(world, "undo") == after
    refused = await world.press(ALICE, first, "do:0")
    assert refused.only_for == ALICE
    assert "pressed already" in words(refused)
    assert await _labels(world, "undo") == after


async def test_two_presses_of_undo_on_two_replicas(world: World) -> None:
    """Of two presses at once, taken by two replicas, one undoes and the other is told."""
    await _make(world, "undo-twice", a="1")
    async with world.replica():
        ended = await _done(world, "label undo-twice a=2 --overwrite")
        before = {one.ts for one in world.chat.driver.messages(ONCALL, seen_by=ALICE)}
        await asyncio.gather(*(world.chat.driver.press(ALICE, ended, "podbot:do:0") for _ in range(2)))

        def fresh() -> list[Message]:
            return [one for one in world.chat.driver.messages(ONCALL, seen_by=ALICE) if one.ts not in before]

        await world.chat.driver.wait_for(
            lambda: {state_of(one) or "refused" for one in fresh()} == {"done", "refused"}, 30
        )
    assert len(fresh()) == 2
    assert await _labels(world, "undo-twice") == {"a": "1"}


async def test_undo_stays_in_its_thread(world: World) -> None:
    """A change by mention is undone in the mention's thread."""
    await _make(world, "undo-thread", a="1")
    ended = await world.done(await world.mention(ALICE, ONCALL, "label undo-thread a=2 --overwrite"))
    undone = await _undone(world, ended)
    assert ended.thread
    assert undone.thread == ended.thread
    assert await _labels(world, "undo-thread") == {"a": "1"}


async def test_undo_is_the_askers_alone(world: World) -> None:
    """Somebody else's press of Undo is refused, to them alone, and leaves the button as it is."""
    await _make(world, "undo-mine", a="1")
    ended = await _done(world, "label undo-mine a=2 --overwrite")
    for user in (BOB, GUEST):
        refused = await world.press(user, ended, "do:0")
        assert refused.only_for == user
        assert "Refused" in words(refused)
    assert await _labels(world, "undo-mine") == {"a": "2"}
    await _undone(world, ended)
    assert await _labels(world, "undo-mine") == {"a": "1"}


async def test_undo_leaves_what_somebody_changed_since(world: World) -> None:
    """Undo is refused where the label is no longer what podbot made it, and the other's value stays."""
    await _make(world, "undo-late", a="1")
    ended = await _done(world, "label undo-late a=2 --overwrite")
    await _set(world, "undo-late", a="3")
    refused = await world.press(ALICE, ended, "do:0")
    assert refused.only_for == ALICE
    assert "no longer the same" in words(refused)
    assert await _labels(world, "undo-late") == {"a": "3"}


async def test_undo_is_good_for_nine_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A press of Undo after nine minutes is refused, and the labels stay."""
    async with WORLDS["simulated-constrained"](tmp_path) as world, world.replica():
        await _make(world, "undo-old", a="1")
        ended = await _done(world, "label undo-old a=2 --overwrite")
        later = SystemClock().now() + timedelta(minutes=10)
        monkeypatch.setattr(SystemClock, "now", lambda _: later)
        assert "too old" in words(await world.press(ALICE, ended, "do:0"))
        assert await _labels(world, "undo-old") == {"a": "2"}
