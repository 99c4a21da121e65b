"""What a line left out, asked by form: as the person who asks, once, and never more than the form has said."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from bot import app
from bot.app import SystemClock
from config.settings import SHIPPED_TEMPLATES
from tests.contract.sites import pod
from tests.e2e.ground import simulated_world
from tests.e2e.world import ALICE, BOB, GUEST, ONCALL, QUIET, TEAM, World, said, state_of, words
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def _made(world: World, template: str) -> int:
    """Count the pods that were made from a template."""
    pods = await world.admin.call("GET", f"/api/v1/namespaces/{world.shop}/pods")
    labels = [one["metadata"].get("labels") or {} for one in pods["items"]]
    return [one.get("podbot.io/template") for one in labels].count(template)


async def test_create_by_form(world: World) -> None:
    """A template is chosen, what is wrong is said beside its field, and the rest is a line like any other."""
    empty = await world.view(ALICE, "create")
    assert (empty.title, empty.labels) == ("Create a pod", ("Template",))
    await world.chat.driver.choose(ALICE, "Template", "single")
    view = await world.view(ALICE, says="The image")
    assert view.shown == {
        "Template": "single",
        "Name": "",
        "image": "nginx:1.22",
        "port": "80",
        "cpu": "100m",
        "memory": "64Mi",
        "Labels": "",
        "Time to live": "",
    }
    world.chat.driver.fill(ALICE, {"Name": "../x", "port": "0", "memory": "9Gi", "Labels": "team", "Time to live": "5"})
    await world.chat.driver.submit(ALICE)
    view = await world.view(ALICE)
    assert view.wrong.keys() == {"Name", "port", "memory", "Labels", "Time to live"}
    assert view.wrong["port"] == "“port” does not take that value; use at least 1"
    assert await world.pod("x") is None
    right = {"Name": "formed", "port": "8080", "memory": "32Mi", "Labels": "team=shop", "Time to live": "10m"}
    world.chat.driver.fill(ALICE, right)
    message = await world.submit(ALICE)
    assert message.only_for == ""
    line = "create single formed port=8080 memory=32Mi -l team=shop --ttl 10m"
    assert f"/pod {line} -n {world.shop}" in words(message)
    assert state_of(await world.done(message)) == "done"
    made = await world.pod("formed")
    assert made is not None
    assert made["metadata"]["labels"]["team"] == "shop"
    assert made["spec"]["activeDeadlineSeconds"] == 600
    assert f"{ALICE}/{ONCALL}" in str(made["metadata"]["annotations"])


async def test_another_template_keeps_what_was_typed(world: World) -> None:
    """Another choice shows the other template's fields; what was typed stays, what was not is the new default."""
    await world.view(ALICE, "create sidecar", says="What the")
    world.chat.driver.fill(ALICE, {"Name": "kept", "message": "here", "every": "7"})
    await world.chat.driver.choose(ALICE, "Template", "shared-volume")
    view = await world.view(ALICE, says="Seconds between two versions")
    assert (view.shown["Name"], view.shown["message"], view.shown["every"]) == ("kept", "here", "7")
    await world.chat.driver.choose(ALICE, "Template", "debug")
    view = await world.view(ALICE, says="An image")
    assert (view.shown["Name"], view.shown["image"]) == ("kept", "busybox:1.35")
    world.chat.driver.close(ALICE)


async def test_a_late_trigger(world: World) -> None:
    """Where Slack opens no form any more, the asker is told to type the command again."""
    triggers = world.chat.state.triggers
    triggers.life, usual = timedelta(0), triggers.life
    answer = await world.say(ALICE, ONCALL, "create sidecar")
    triggers.life = usual
    assert answer.only_for == ALICE
    assert "Type the command again." in words(answer)
    assert world.chat.driver.view(ALICE) is None


async def test_two_people_at_once(world: World) -> None:
    """Each of two people fills in their own form, and each pod is asked for as its own person."""
    await world.view(ALICE, "create debug", says="An image")
    await world.view(BOB, "create debug", says="An image")
    world.chat.driver.fill(BOB, {"Name": "of-bob"})
    world.chat.driver.fill(ALICE, {"Name": "of-alice"})
    bobs = await world.submit(BOB)
    if world.form == "constrained":  # Bob is bob@example.com there, who may create nothing
        assert bobs.only_for == BOB
        assert "Refused by Kubernetes" in words(bobs)
    else:
        assert BOB in words(await world.done(bobs))
    alices = await world.done(await world.submit(ALICE))
    assert (state_of(alices), "of-bob" in words(alices)) == ("done", False)
    made = await world.pod("of-alice")
    assert made is not None
    assert ALICE in str(made["metadata"]["annotations"])


async def test_a_form_delivered_twice_acts_once(world: World) -> None:
    """The same form, delivered again, makes no second pod though it names none."""
    before = await _made(world, "adapter")
    known = {message.ts for message in world.chat.driver.messages(ONCALL)}
    await world.view(ALICE, "create adapter", says="What the")
    delivery = await world.chat.driver.submit(ALICE)
    again = await world.chat.driver.redeliver(delivery)
    assert again.acknowledged
    messages = world.chat.driver.messages
    await world.done(
        await world.until(lambda: next((m for m in messages(ONCALL) if m.ts not in known and state_of(m)), None))
    )
    await world.say(ALICE, ONCALL, "whoami")  # by now the second has been dropped
    assert await _made(world, "adapter") == before + 1


@pytest.mark.parametrize(
    ("user", "channel", "why"),
    [(ALICE, TEAM, "Your tier may not do this here."), (GUEST, ONCALL, "Guests may not use podbot.")],
)
async def test_a_refusal_stands_in_the_form(world: World, user: str, channel: str, why: str) -> None:
    """Who may not create is told so where the form would be, with whom to ask, and nothing is to be filled in."""
    view = await world.view(user, "create", channel)
    assert why in said(view)
    assert "#platform" in said(view)
    assert (view.labels, "submit" in view.says) == ((), False)
    world.chat.driver.close(user)


async def test_what_the_server_refuses_is_told_to_the_asker(world: World) -> None:
    """An error after the form was sent reaches the asker alone, in the channel that the form came from."""
    await world.make(pod("held"))
    await world.view(ALICE, "create debug", says="An image")
    world.chat.driver.fill(ALICE, {"Name": "held"})
    answer = await world.submit(ALICE)
    assert answer.only_for == ALICE
    assert "already exists" in words(answer)


async def test_where_podbot_is_no_member(world: World) -> None:
    """A form sent from a channel that podbot can't post in does nothing, and its asker is told in a direct message."""
    await world.view(ALICE, "create debug", QUIET, says="An image")
    world.chat.driver.fill(ALICE, {"Name": "unsaid"})
    direct = world.chat.workspace.direct(ALICE).id
    told = await world.submit(ALICE, direct)
    assert "/invite @podbot" in words(told)
    assert await world.pod("unsaid") is None


async def test_yaml_by_form(world: World) -> None:
    """What was pasted as YAML is checked beside its field, then goes the whole way with its line, and makes a pod."""
    view = await world.view(ALICE, "create --yaml", says="A Pod's YAML")
    assert view.labels == ("A Pod's YAML",)
    world.chat.driver.fill(ALICE, {"A Pod's YAML": "apiVersion: v1\nkind: Pod\n"})
    await world.chat.driver.submit(ALICE)
    shown = world.chat.driver.view(ALICE)
    assert shown is not None
    assert "spec" in shown.wrong["A Pod's YAML"]
    world.chat.driver.fill(ALICE, {"A Pod's YAML": yaml.safe_dump(pod("pasted"))})
    ended = await world.done(await world.submit(ALICE))
    assert state_of(ended) == "done"
    assert await world.pod("pasted") is not None


async def test_yaml_that_the_server_refuses_is_given_back(world: World) -> None:
    """What was pasted comes back as a file with the refusal, since the form has closed."""
    await world.make(pod("pasted-twice"))
    await world.view(ALICE, "create --yaml", says="A Pod's YAML")
    pasted = yaml.safe_dump(pod("pasted-twice"))
    world.chat.driver.fill(ALICE, {"A Pod's YAML": pasted})
    answer = await world.submit(ALICE)
    assert answer.only_for == ALICE
    assert "already exists" in words(answer)
    assert "pod.yaml" in words(answer)
    assert world.chat.driver.files()[-1].text == pasted


async def test_a_form_that_is_too_old(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form that stood open for too long says so when it is sent, and nothing is done."""
    await world.view(ALICE, "create debug", says="An image")
    world.chat.driver.fill(ALICE, {"Name": "old"})
    later = SystemClock().now() + timedelta(minutes=31)
    monkeypatch.setattr(SystemClock, "now", lambda _: later)
    await world.chat.driver.submit(ALICE)
    monkeypatch.undo()
    view = await world.view(ALICE)
    assert "too old" in said(view)
    assert "Type the command again." in said(view)
    world.chat.driver.close(ALICE)
    assert await world.pod("old") is None


async def test_help_and_full_lines_open_no_form(world: World) -> None:
    """`/pod` alone shows help, and a line that says enough is carried out at once."""
    assert "/pod help VERB" in words(await world.say(ALICE, ONCALL, ""))
    ended = await world.done(await world.say(ALICE, ONCALL, "create debug enough --dry-run"))
    assert state_of(ended) == "done"
    assert world.chat.driver.view(ALICE) is None


async def test_a_mention_creates_with_defaults(world: World) -> None:
    """A mention, for which Slack opens no form, creates with the defaults, or is told what is missing."""
    announced = await world.mention(ALICE, ONCALL, "create debug")
    assert state_of(await world.done(announced)) == "done"
    refused = await world.mention(ALICE, ONCALL, "create ambassador")
    assert "needs a value for host" in words(refused)


async def test_a_template_that_changed_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form whose template was edited while it was open is refused in the form, and nothing is made."""
    monkeypatch.setattr(app, "POLL_SECONDS", 0.05)
    templates = tmp_path / "templates"
    shutil.copytree(SHIPPED_TEMPLATES, templates)
    async with (
        simulated_world(tmp_path, "constrained") as world,
        world.replica(PODBOT_TEMPLATES=str(templates)) as podbot,
    ):
        await world.view(ALICE, "create debug", says="An image")
        world.chat.driver.fill(ALICE, {"Name": "changed"})
        edited = templates / "debug.yaml"
        edited.write_text(edited.read_text().replace("busybox:1.35", "busybox:1.36"))
        await until(lambda: _is_used(podbot, "busybox:1.36"), "the edit is used")
        await world.chat.driver.submit(ALICE)
        assert "no longer the same" in said(await world.view(ALICE))
        assert await world.pod("changed") is None


async def _is_used(podbot: app.App, image: str) -> bool:
    return podbot._templates.value["debug"].parameters["image"].default == image
