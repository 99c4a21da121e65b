"""From an alert to its end: the shortcut on a message, an answer for the asker alone, shared, and resolved."""

import asyncio
import json

import pytest

from bot.core.resources import Json
from bot.demo.chat.messages import Message
from bot.slack.shortcuts import TRIAGE
from tests.contract.sites import pod
from tests.e2e.world import ALICE, BOB, GUEST, LOBBY, ONCALL, STRANGER, TEAM, World, said, state_of, words
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")


def _alert(world: World, text: str, channel: str = ONCALL, thread: str = "") -> Message:
    """Have a webhook write a message."""
    blocks: tuple[Json, ...] = ({"type": "section", "text": {"type": "mrkdwn", "text": text}},)
    return world.chat.state.write(channel, "", "[FIRING:1]", bot="B0ALERTS", thread=thread, blocks=blocks)


async def _ask(world: World, user: str, alert: Message) -> Message:
    """Choose the shortcut in the menu of a message, and return the first message that it brings."""
    known = {one.ts for one in world.chat.driver.messages(alert.channel, seen_by=user)}
    assert (await world.chat.driver.shortcut(user, alert, TRIAGE.callback)).acknowledged

    def fresh() -> Message | None:
        seen = world.chat.driver.messages(alert.channel, seen_by=user)
        return next((one for one in seen if one.ts not in known), None)

    return await world.until(fresh)


async def _broken(world: World, name: str, namespace: str = "") -> None:
    """Make sure that there is a pod that has failed for good, so that each look at it sees the same."""
    if await world.pod(name, namespace) is None:
        body = pod(name, "echo lost the database >&2; exit 3")
        body["spec"]["restartPolicy"] = "Never"
        await world.make(body, namespace)

    async def failed() -> bool:
        found = await world.pod(name, namespace) or {}
        return bool(found.get("status", {}).get("phase") == "Failed")

    await until(failed, "a pod that has failed")


def _looks(world: World) -> int:
    return len([one for one in world.audit() if one.get("objectRef", {}).get("resource") == "pods"])


async def _once_at_rest(world: World) -> int:
    """Return how often podbot has looked at pods, once it no longer follows what other tests have made."""
    before = -1
    while (now := _looks(world)) != before:
        before = now
        await asyncio.sleep(2)
    return now


async def test_an_alert_is_triaged_for_the_asker_alone(world: World) -> None:
    """The pod that an alert names is triaged as the asker; the asker alone sees it, with the next steps."""
    await _broken(world, "falling")
    alert = _alert(world, f"*namespace:* `{world.shop}`\n*pod:* `falling`")
    answer = await _ask(world, ALICE, alert)
    assert answer.only_for == ALICE
    assert "exit code 3" in words(answer)
    assert words(await world.press(ALICE, answer, "do:1"))  # the next step, as if it had been typed


async def test_pods_of_several_namespaces(world: World) -> None:
    """An alert about several namespaces is triaged in each that is granted, and each pod has a button of its own."""
    await _broken(world, "falling")
    await _broken(world, "sinking", world.payments)
    said = f"namespace={world.shop} pod=falling\nnamespace={world.payments} pod=sinking\nnamespace=else pod=gone-1"
    answer = await _ask(world, ALICE, _alert(world, said))
    for part in (f"{world.shop}/falling", f"{world.payments}/sinking", "else/gone-1"):
        assert part in words(answer)
    closer = await world.press(ALICE, answer, "do:1")
    assert f"{world.payments}/sinking" in words(closer)
    assert "Refused" not in words(closer)


async def test_an_alert_without_a_pod(world: World) -> None:
    """A message that names no pod is answered with how to name one, and no namespace is read."""
    before = await _once_at_rest(world)
    answer = await _ask(world, ALICE, _alert(world, "<!channel> everything is slow"))
    assert "No pod's name is in this message" in words(answer)
    assert "/pod triage POD" in words(answer)
    assert _looks(world) == before


@pytest.mark.parametrize(("user", "channel"), [(GUEST, TEAM), (STRANGER, "C0SHARED"), (ALICE, LOBBY)])
async def test_who_is_granted_nothing(world: World, user: str, channel: str) -> None:
    """Guests, people of another workspace, and channels without a grant get a refusal by the shortcut, too."""
    await _broken(world, "falling")
    answer = await _ask(world, user, _alert(world, f"pod={world.shop}/falling", channel))
    assert answer.only_for == user
    assert "Refused" in words(answer)


async def test_in_a_thread_it_is_answered_there(world: World) -> None:
    """The shortcut on an answer in a thread is answered in that thread."""
    root = _alert(world, "an incident")
    answer = await _ask(world, ALICE, _alert(world, "pod=nope-1", thread=root.ts))
    assert answer.thread == root.ts


async def _shared(world: World, name: str) -> Message:
    """Share the triage of a pod that crashes."""
    await _broken(world, name)
    answer = await world.say(ALICE, ONCALL, f"triage {name}")
    return await world.press(ALICE, answer, "share")


async def test_a_shared_triage_is_resolved(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever may change closes it: a form with the cause, and the message becomes the note, in the record as well."""
    shared = await _shared(world, "mended")
    await world.chat.driver.press(BOB, shared, "podbot:resolve")
    view = await world.view(BOB, says="What mended it")
    assert "What it was" in said(view)
    world.chat.driver.fill(BOB, {"What mended it": "rolled back <!here>"})
    caplog.clear()

    async def recorded() -> list[Json]:
        records = [json.loads(one)["audit"] for one in caplog.messages if one.startswith('{"audit"')]
        return [one for one in records if one["command"] == "resolve" and one["via"] == "form"]

    await world.chat.driver.submit(BOB)
    done = await world.done(shared)
    assert done.ts == shared.ts
    for part in ("Done", "exit code 3", f"*Mended by* <@{BOB}>", "rolled back &lt;!here&gt;"):
        assert part in words(done)
    assert "Resolve" not in str([block for block in done.blocks if block["type"] == "actions"])
    (record,) = await until(recorded, "the record")
    assert (record["user"], record["outcome"], record["effect"]) == (BOB, "done", "change")
    assert "rolled back" in record["line"]


async def test_a_message_is_resolved_once(world: World) -> None:
    """Of two who fill the form in at once, the first closes the message, and the second is told."""
    shared = await _shared(world, "mended-twice")
    for user in (ALICE, BOB):
        await world.chat.driver.press(user, shared, "podbot:resolve")
        await world.view(user, says="What mended it")
        world.chat.driver.fill(user, {"What mended it": f"by {user}"})
    await world.chat.driver.submit(ALICE)
    await world.done(shared)
    told = await world.submit(BOB)
    assert "pressed already" in words(told)
    now = next(one for one in world.chat.driver.messages(ONCALL) if one.ts == shared.ts)
    assert f"by {ALICE}" in words(now)
    assert f"by {BOB}" not in words(now)


async def test_a_viewer_resolves_nothing(world: World) -> None:
    """Who may only read is refused by the button and by the line, and the message stays."""
    await _broken(world, "falling")
    answer = await world.say(ALICE, TEAM, "triage falling")
    shared = await world.press(ALICE, answer, "share")
    await world.chat.driver.press(BOB, shared, "podbot:resolve")
    assert "Refused" in said(await world.view(BOB, says="Refused"))
    world.chat.driver.close(BOB)
    assert "Refused" in words(await world.say(ALICE, TEAM, "resolve falling --note done"))
    assert shared in world.chat.driver.messages(TEAM)


async def test_a_typed_note(world: World) -> None:
    """A line with a note is a message of its own in the channel."""
    told = await world.done(await world.say(ALICE, ONCALL, "resolve gone-1 --cause 'no such tag' --note 'pushed it'"))
    assert state_of(told) == "done"
    assert not told.only_for
    assert "pushed it" in words(told)
