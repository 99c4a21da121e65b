"""`create --yaml`: a Pod's YAML from a code block, shown to all, asked about where it reaches out; or refused."""

import asyncio
import json
from hashlib import sha256

import pytest

from bot.demo.chat.messages import Message
from tests.contract.sites import pod as stored
from tests.e2e.world import ALICE, BOB, ONCALL, TEAM, World, state_of, words
from tests.hostile_documents import ASKED, REFUSED, Hostile, pod

NAME = "unwelcome"

pytestmark = pytest.mark.asyncio(loop_scope="package")


def named(name: str, text: str) -> str:
    """Return a document about another pod."""
    return text.replace(NAME, name)


async def send(world: World, text: str, line: str = "create", user: str = ALICE, channel: str = ONCALL) -> Message:
    """Mention podbot with a document in a code block, escaped as Slack does."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return await world.mention(user, channel, f"{line}\n```{escaped}```")


async def pods(world: World) -> set[str]:
    """Return the names of all pods in the shop."""
    listed = await world.admin.call("GET", f"/api/v1/namespaces/{world.shop}/pods")
    return {one["metadata"]["name"] for one in listed["items"]}


@pytest.mark.parametrize("hostile", REFUSED, ids=lambda one: one.name)
async def test_hostile_documents_are_refused(world: World, hostile: Hostile) -> None:
    """Each is refused in words that say what is wrong, and no pod is made."""
    before = await pods(world)
    answer = await send(world, hostile.text)
    assert hostile.said.casefold() in words(answer).casefold()
    assert not state_of(answer)
    assert await pods(world) == before


@pytest.mark.parametrize("hostile", ASKED, ids=lambda one: one.name)
async def test_what_reaches_out_is_asked_about(world: World, hostile: Hostile) -> None:
    """The question names the danger, and until it is pressed there is no pod."""
    question = await send(world, hostile.text)
    assert state_of(question) == "asked"
    assert hostile.said in words(question)
    assert await world.pod(NAME) is None
    assert "Cancelled" in words(await world.press(ALICE, question, "cancel"))
    assert await world.pod(NAME) is None


async def test_an_ordinary_pod_is_announced_and_made(world: World) -> None:
    """The channel sees images, commands and labels; the pod runs, labelled as podbot's, with who made it."""
    text = named("plain", pod(metadata=f"  namespace: {world.shop}\n  labels: {{app: plain}}\n"))
    message = await send(world, text, "create -l team=shop --ttl 10m")
    ended = await world.done(message)
    assert state_of(ended) == "done"
    assert "Running" in words(ended)
    made = await world.pod("plain")
    assert made is not None
    labels = made["metadata"]["labels"]
    assert {"app": "plain", "team": "shop", "app.kubernetes.io/managed-by": "podbot"}.items() <= labels.items()
    assert "podbot.io/template" not in labels
    assert ALICE in made["metadata"]["annotations"]["podbot.io/created-by"]
    assert made["spec"]["activeDeadlineSeconds"] == 600


async def test_a_command_of_several_lines(world: World) -> None:
    """A slash command takes what stands below its first line; a dry run leaves nothing."""
    message = await world.say(ALICE, ONCALL, f"create --yaml --dry-run\n{named('checked', pod())}")
    ended = await world.done(message)
    assert "Checked only" in words(ended)
    assert f"/pod create --yaml -n {world.shop}" in words(ended)
    assert await world.pod("checked") is None


async def test_what_another_cluster_showed_can_be_sent(world: World) -> None:
    """What only the server writes is left out, and that is said."""
    shown = {**stored("shown"), "status": {"phase": "Running"}}
    shown["metadata"] = {**shown["metadata"], "uid": "x", "resourceVersion": "1", "creationTimestamp": None}
    message = await send(world, json.dumps(shown), "create --dry-run")
    assert "Left out, since the server writes it: status, metadata.uid" in words(message)
    assert "Checked only" in words(await world.done(message))


async def test_the_press_makes_the_pod_that_was_asked_about(world: World) -> None:
    """The button carries the document: after the press its pod is there, and was made once."""
    await world.admin.make(f"/api/v1/namespaces/{world.shop}/secrets", {"metadata": {"name": "letter"}})
    text = named("reader", pod("  volumes: [{name: s, secret: {secretName: letter}}]\n"))
    question = await send(world, text)
    assert "Secrets: letter" in words(question)
    assert "busybox:1.35, which runs sleep 3600" in words(question)
    assert "Refused" in words(await world.press(BOB, question, "confirm"))
    assert await world.pod("reader") is None
    await asyncio.gather(*(world.press(ALICE, question, "confirm") for _ in range(2)))
    ended = await world.done(question)
    assert state_of(ended) == "done"
    made = await world.pod("reader")
    assert made is not None
    assert made["spec"]["volumes"][0]["secret"]["secretName"] == "letter"


async def test_a_document_too_long_for_a_button(world: World) -> None:
    """One that must be asked about and does not fit a button is refused with what to do; one that need not is made."""
    noise = "".join(f"    k{number}: '{sha256(b'%d' % number).hexdigest()}'\n" for number in range(60))
    long = pod(metadata=f"  annotations:\n{noise}")
    answer = await send(world, f"{named('lengthy', long)}  hostNetwork: true\n")
    assert "the document is too long to be signed".casefold() in words(answer).casefold()
    assert "shorten it" in words(answer).casefold()
    assert await world.pod("lengthy") is None
    assert "Checked only" in words(await world.done(await send(world, named("lengthy", long), "create --dry-run")))


async def test_a_secret_gets_no_button(world: World) -> None:
    """A button's value can be read, so a document with a secret in it is not asked about."""
    env = "  - {name: side, image: busybox, env: [{name: DB_PASSWORD, value: hunter2secret}]}\n  hostNetwork: true\n"
    answer = await send(world, pod(env))
    assert "a secret" in words(answer)
    assert "hunter2" not in words(answer)
    assert await world.pod(NAME) is None


@pytest.mark.parametrize(
    ("line", "text", "said"),
    [
        ("create single", pod(), "says all"),
        ("create --yaml", "", "no YAML"),
        ("list", pod(), "takes no code block"),
        ("create -l kubernetes.io/hostname=a", pod(), "reserved"),
    ],
)
async def test_a_line_that_does_not_go_with_it(world: World, line: str, text: str, said: str) -> None:
    """A template beside YAML, YAML that is missing, and a block for another verb are told."""
    answer = await send(world, text, line)
    assert said in words(answer)
    assert await world.pod(NAME) is None


async def test_who_may_not_create_cannot_with_yaml(world: World) -> None:
    """The viewer's tier is refused by policy; a person with few rights by Kubernetes."""
    assert "Refused" in words(await send(world, pod(), channel=TEAM))
    if world.form == "constrained":
        assert "Refused by Kubernetes" in words(await send(world, pod(), user=BOB))
    assert await world.pod(NAME) is None
