"""What pods are created from: podbot's own templates, and the PodTemplates of a namespace."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.core.resources import Json
from tests.contract.sites import pod
from tests.e2e.world import ALICE, BOB, LOBBY, ONCALL, TEAM, World, state_of, words

pytestmark = pytest.mark.asyncio(loop_scope="package")


@asynccontextmanager
async def pod_template(world: World, name: str, **spec: object) -> AsyncIterator[None]:
    """Keep a PodTemplate in the shop for a while, with more in its pod's spec."""
    body: Json = pod(name)
    metadata = {"labels": {"app": name}, "annotations": {"team": "shop"}}
    template = {"metadata": metadata, "spec": {**body["spec"], **spec}}
    collection = f"/api/v1/namespaces/{world.shop}/podtemplates"
    await world.admin.make(collection, {"metadata": {"name": name}, "template": template})
    try:
        yield
    finally:
        await world.admin.remove(f"{collection}/{name}")


@pytest.mark.parametrize(("user", "channel"), [(ALICE, TEAM), (ALICE, ONCALL)])
async def test_the_namespaces_own_are_listed(world: World, user: str, channel: str) -> None:
    """PodTemplates stand beside podbot's own templates, for viewers too, and each can be looked at."""
    async with pod_template(world, "batch", hostNetwork=True):
        listed = words(await world.say(user, channel, "templates"))
        assert "single" in listed
        assert f"PodTemplate of namespace {world.shop}" in listed
        shown = words(await world.say(user, channel, f"templates batch -n {world.shop}"))
    assert "Container main: busybox:1.35" in shown
    assert "It reaches its host: hostNetwork" in shown
    assert f"create batch my-pod -n {world.shop}" in shown


async def test_templates_need_no_namespace(world: World) -> None:
    """Where no grant reaches, podbot's own are shown and no cluster is asked; a namespace that was typed is refused."""
    async with pod_template(world, "batch"):
        before = len(world.audit())
        listed = words(await world.say(ALICE, LOBBY, "templates"))
        assert "single" in listed
        assert "batch" not in listed
        assert "there is no template" in words(await world.say(ALICE, LOBBY, "templates batch")).casefold()
        assert not [one for one in world.audit()[before:] if one["objectRef"]["resource"] == "podtemplates"]
    assert "Refused" in words(await world.say(ALICE, TEAM, f"templates -n {world.payments}"))


async def test_who_may_not_list_them_is_told(world: World) -> None:
    """A person without the right sees podbot's own, and reads what is missing."""
    if world.form == "legacy":
        pytest.skip("people need constrained impersonation")
    listed = words(await world.say(BOB, ONCALL, "templates"))
    assert "single" in listed
    assert f"you may not list them in {world.shop}" in listed
    said = words(await world.say(BOB, ONCALL, "templates batch"))
    assert "you may not get the PodTemplates" in said


async def test_a_pod_is_made_of_one(world: World) -> None:
    """The channel sees what it consists of; the pod runs with its labels and annotations, and the template's name."""
    async with pod_template(world, "batch"):
        message = await world.say(ALICE, ONCALL, "create batch of-theirs -l team=shop")
        ended = await world.done(message)
    assert state_of(ended) == "done"
    assert "create pod of-theirs from PodTemplate batch" in words(ended)
    made = await world.pod("of-theirs")
    assert made is not None
    labels = made["metadata"]["labels"]
    assert {"app": "batch", "team": "shop", "podbot.io/template": "batch"}.items() <= labels.items()
    assert made["metadata"]["annotations"]["team"] == "shop"
    assert ALICE in made["metadata"]["annotations"]["podbot.io/created-by"]
    await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/of-theirs")


async def test_one_that_reaches_out_is_asked_about(world: World) -> None:
    """Its dangers are named; a PodTemplate that is changed before the press is refused at the press."""
    async with pod_template(world, "batch", hostNetwork=True):
        question = await world.say(ALICE, ONCALL, "create batch outside")
        assert state_of(question) == "asked"
        assert "hostNetwork" in words(question)
        assert "Container main: busybox:1.35" in words(question)
    async with pod_template(world, "batch", hostNetwork=True, hostPID=True):
        answer = await world.press(ALICE, question, "confirm")
    assert "Refused" in words(answer)
    assert await world.pod("outside") is None


async def test_podbots_own_goes_first(world: World) -> None:
    """A PodTemplate cannot stand in for a template of podbot's own of the same name."""
    async with pod_template(world, "single", hostNetwork=True):
        ended = await world.done(await world.say(ALICE, ONCALL, "create single own --dry-run"))
        assert "pod own from template single" in words(ended)
        assert words(await world.say(ALICE, ONCALL, "templates")).count("single") == 1


@pytest.mark.parametrize(
    ("user", "channel", "line", "said"),
    [
        (ALICE, ONCALL, "create nothing-like-it x", "there is no template"),
        (ALICE, ONCALL, "create batch x a=b", "has no parameters"),
        (ALICE, TEAM, "create batch x", "Refused"),
        (ALICE, ONCALL, "create batch x -l kubernetes.io/os=linux", "reserved"),
    ],
)
async def test_create_from_one_is_refused(world: World, user: str, channel: str, line: str, said: str) -> None:
    """What does not fit, and who may not, is told; nothing is made."""
    async with pod_template(world, "batch"):
        answer = await world.say(user, channel, line)
    assert said.casefold() in words(answer).casefold()
    assert await world.pod("x") is None
