"""What stands under a watch's message is anybody's in the channel to press, each as themselves."""

from datetime import timedelta

import pytest

from bot.core.forms import Sheet
from bot.core.replies import Reply
from bot.core.signing import unseal
from bot.render.plain import plain
from config.policy import Policy
from tests.watching.people import BOB, buttons, note, press
from tests.watching.town import KEYS, POLICY, Posted, Town, town

RULE = POLICY["grants"][0]
ALICE_ONLY = {**POLICY, "grants": [{**RULE, "users": ["U0ALICE"]}]}
TOKEN = "xoxb-123456789012-abcdefghijkl"


async def _incident(here: Town, pod: str = "api-1") -> Posted:
    """Watch with two replicas, break a pod, and return what is told of it."""
    await here.turn_on()
    here.replica("a")
    here.replica("b")
    here.breaks(pod)
    await here.until(80)
    (told,) = here.channel.incidents
    return told


def _says(reply: Reply | Sheet) -> str:
    assert isinstance(reply, Reply)
    return f"{reply.text}\n{plain(reply.blocks)}"


async def test_triage_is_whoever_presses_its_own() -> None:
    """It is read as that person, told to that person alone, and theirs to share."""
    async with town() as here:
        told = await _incident(here)
        before, posted = len(here.simulation.audit), len(here.channel.posted)
        answer = await press(here, told, "Triage")
        assert "*shop/api-1*" in _says(answer)
        assert "main ends with exit code 3" in _says(answer)
        looks = [one for one in list(here.simulation.audit)[before:] if one.impersonated]
        assert {one.extras["podbot.io/slack-user"] for one in looks} == {(BOB,)}
        assert isinstance(answer, Reply)
        assert unseal(buttons(answer.blocks)["Share"], KEYS).asker == BOB
        assert len(here.channel.posted) == posted


async def test_a_note_stands_in_the_thread_and_the_incident_goes_on() -> None:
    """What it was, who mended it and how is told once, and neither edit nor end of the incident touches it."""
    async with town() as here:
        told = await _incident(here)
        await note(here, await press(here, told, "Resolve"), "restocked")
        (noted,) = here.channel.notes
        assert noted.thread == told.ref.ts
        for part in ("Done", "pod api-1", "*What it was*: it ran out of stock", f"*Mended by* <@{BOB}>: restocked"):
            assert part in noted.says
        said = len(noted.states)
        assert "*In trouble*" in told.says, "podbot says what it sees, whatever people say"
        here.drop("api-1")
        await here.until(120)
        assert "*Recovered*" in told.says
        assert (len(noted.states), len(here.channel.notes)) == (said, 1)
        here.breaks("api-1")
        await here.until(100)
        assert "*Back again*" in told.says
        await note(here, await press(here, told, "Resolve", "U0ALICE"), "restocked for good", "U0ALICE")
        assert [one.thread for one in here.channel.notes] == [told.ref.ts] * 2
        assert "<@U0ALICE>: restocked for good" in here.channel.notes[1].says
        assert len(here.channel.incidents) == 1


async def test_what_is_over_can_be_noted_and_not_looked_at() -> None:
    """*Triage* goes when the pods are well; *Resolve* begins with what it was, also when the incident is forgotten."""
    async with town() as here:
        told = await _incident(here)
        here.drop("api-1")
        await here.until(800, every=10)
        assert not [key for key in await here.own.records.read() if key.startswith("incident.")]
        assert list(buttons(told.blocks)) == ["Resolve"]
        sheet = await press(here, told, "Resolve")
        assert isinstance(sheet, Sheet)
        assert sheet.form.fields[0].value == "main ends with exit code 3 (3 restarts)"
        await note(here, sheet, "restocked")
        assert "*Recovered*" in told.says
        assert [one.thread for one in here.channel.notes] == [told.ref.ts]


async def test_no_button_has_the_message_edited() -> None:
    """What is told is not told again while it is so, though time passes and a button's life with it."""
    async with town() as here:
        told = await _incident(here)
        values = buttons(told.blocks)
        await here.until(1200, every=5)
        assert len(told.states) == 1
        assert buttons(told.blocks) == values


async def test_buttons_need_no_watch() -> None:
    """A watch that is turned off leaves them under its open message, and they go on working."""
    async with town() as here:
        told = await _incident(here)
        (watch,) = await here.watches.all()
        await here.watches.remove(watch)
        await here.until(60)
        assert "No longer watched" in told.says
        assert "*shop/api-1*" in _says(await press(here, told, "Triage"))
        await note(here, await press(here, told, "Resolve"), "restocked")
        assert len(here.channel.notes) == 1


async def test_a_pod_that_is_gone_or_another() -> None:
    """A press is about whatever has the pod's name by now, and says so where nothing has."""
    async with town() as here:
        told = await _incident(here)
        here.drop("api-1")
        assert "Not found" in _says(await press(here, told, "Triage"))
        here.pod("api-1")
        await here.until(15)
        assert "nothing is wrong" in _says(await press(here, told, "Triage"))


async def test_several_in_one_have_one_triage() -> None:
    """It is the namespace's; when all are well it goes."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        for number in range(7):
            here.breaks(f"app-{number}")
        await here.until(70)
        (together,) = (one for one in here.channel.incidents if "*And 3 more incidents*" in one.says)
        assert list(buttons(together.blocks)) == ["Triage"]
        assert "*7 of 7 pods need help*" in _says(await press(here, together, "Triage"))
        for number in range(7):
            here.drop(f"app-{number}")
        await here.until(240)
        assert buttons(together.blocks) == {}


@pytest.mark.parametrize("label", ["Triage", "Resolve"])
async def test_who_may_not(label: str) -> None:
    """The policy of the moment decides about whoever presses: nothing is read, and no form is shown."""
    async with town() as here:
        told = await _incident(here)
        here.policy = Policy.model_validate(ALICE_ONLY)
        before = len(here.simulation.audit)
        assert "No grant covers you" in _says(await press(here, told, label))
        assert not [one for one in list(here.simulation.audit)[before:] if one.impersonated]
        assert here.channel.notes == []
        assert "No grant covers you" not in _says_or_form(await press(here, told, label, "U0ALICE"))


async def test_a_viewer_looks_and_notes_nothing() -> None:
    """Who may only read gets the triage, and is refused the form."""
    async with town() as here:
        told = await _incident(here)
        here.policy = Policy.model_validate(
            {**POLICY, "tiers": {"operator": {"groups": ["podbot:operators"], "may": ["READ"]}}}
        )
        assert "*shop/api-1*" in _says(await press(here, told, "Triage"))
        assert "Your tier may not do this here" in _says(await press(here, told, "Resolve"))


async def test_the_policy_counts_when_the_form_is_sent() -> None:
    """A freeze between the press and the sending is told, and nothing is noted."""
    async with town() as here:
        told = await _incident(here)
        sheet = await press(here, told, "Resolve")
        here.policy = Policy.model_validate({**POLICY, "frozen": "a release"})
        await note(here, sheet, "restocked")
        assert here.channel.notes == []
        assert "Changes are frozen" in _says(here.channel.whispers[-1][2])


@pytest.mark.parametrize("label", ["Triage", "Resolve"])
async def test_a_button_is_good_in_its_place_for_a_month(label: str) -> None:
    """Pressed as if in another channel, of another kind, or after thirty days, it does nothing."""
    async with town() as here:
        told = await _incident(here)
        value = buttons(told.blocks)[label]
        other = value.replace(".look.", ".do.").replace(".note.", ".resolve.")
        for said in (await press(here, told, label, channel="C0ELSE"), await press(here, told, label, value=other)):
            assert "did not make this button" in _says(said)
        assert "too old" not in _says_or_form(await press(here, told, label, later=timedelta(days=29)))
        assert "too old" in _says(await press(here, told, label, later=timedelta(days=30)))


async def test_a_name_that_looks_like_a_secret_is_in_no_button() -> None:
    """Its values can be read by whoever can read the message."""
    async with town() as here:
        told = await _incident(here, TOKEN)
        assert buttons(told.blocks) == {}


def _says_or_form(shown: Reply | Sheet) -> str:
    return "" if isinstance(shown, Sheet) else _says(shown)
