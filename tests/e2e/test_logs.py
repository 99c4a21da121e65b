"""`logs`: searched, of several containers and pods, and followed in a message for all."""

from collections.abc import Callable

import pytest

from bot.core.resources import Json
from bot.demo.chat.messages import Message
from tests.contract.sites import pod
from tests.e2e.world import ALICE, BOB, GUEST, ONCALL, SHARED, STRANGER, TEAM, World, words

pytestmark = pytest.mark.asyncio(loop_scope="package")

TOKEN = b"xoxb-1234567890-abcdefghijkl"
HOSTILE = b"<!channel> ```x``` \033[31mred\033[0m \0 \303 <@U0ALICE> " + TOKEN + b"\n"
TICKS = "while true; do\necho tick\nsleep 1\ndone"


def pair(name: str, **labels: str) -> Json:
    """Return a pod whose containers main and side each print a line of their own."""
    body = pod(name, f"echo main of {name}; sleep 3600", labels=labels)
    side = {"name": "side", "image": "busybox:1.35", "command": ["sh", "-c", f"echo side of {name}; sleep 3600"]}
    body["spec"]["containers"].append(side)
    return body


async def _make(world: World, *bodies: Json) -> None:
    """Make pods, in place of those that another test left, and wait until they are ready."""
    for body in bodies:
        await world.make(body)
    for body in bodies:
        await world.admin.running(world.shop, body["metadata"]["name"])


async def _ticking(world: World, name: str) -> Callable[[], None]:
    """Make a pod that prints a line a second; return what prints one more where the cluster is simulated."""
    await _make(world, pod(name, TICKS))

    def tick() -> None:
        if world.simulation is not None:
            world.simulation.write_log(world.shop, name, "main", b"tick\n")

    return tick


def _now(world: World, message: Message) -> Message | None:
    return next((one for one in world.chat.driver.messages(message.channel) if one.ts == message.ts), None)


async def _until(world: World, message: Message, *parts: str) -> Message:
    """Wait until a message says all of these."""

    def says() -> Message | None:
        found = _now(world, message)
        return found if found and all(part in words(found) for part in parts) else None

    return await world.until(says)


async def test_grep(world: World) -> None:
    """Only matching lines are shown, with how many were read, from anywhere in a long log."""
    said = b"ERROR at first\n" + b"".join(b"all is well %d\n" % number for number in range(700)) + b"one error more\n"
    await world.print("searched", said)
    answer = words(await world.say(ALICE, TEAM, "logs searched --grep '(?i)ERROR'"))
    assert "2 of the 702 lines read match `(?i)ERROR`" in answer
    assert "ERROR at first\none error more" in answer
    assert "well" not in answer
    answer = words(await world.say(ALICE, TEAM, "logs searched --grep ERROR --tail 5 --timestamps"))
    assert "none of the 5 lines read matches" in answer


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("logs web --grep '('", "missing )"),
        ("logs web --grep ''", "empty"),
        (f"logs web --grep {'x' * 201}", "200 characters"),
        ("logs", "POD is missing"),
        ("logs web -l app=web", "contradict"),
        ("logs web -c a --all-containers", "contradict"),
        ("logs web -p -f", "contradict"),
        ("logs web -l 'a b'", "label selector"),
    ],
)
async def test_what_cannot_be_understood_teaches(world: World, line: str, said: str) -> None:
    """A bad pattern, and flags that contradict each other, are refused with what to type, before any call."""
    requests = len(world.audit())
    answer = await world.say(ALICE, TEAM, line)
    assert said in words(answer)
    assert "/pod help logs" in words(answer)
    assert len(world.audit()) == requests


async def test_all_containers(world: World) -> None:
    """Every container's lines come under its prefix, with their times where they are asked for."""
    await _make(world, pair("double"))
    answer = words(await world.say(ALICE, TEAM, "logs double --all-containers"))
    assert "[pod/double/main] main of double\n" in f"{answer}\n"
    assert "[pod/double/side] side of double" in answer
    answer = words(await world.say(ALICE, TEAM, "logs double --all-containers --timestamps"))
    assert "[pod/double/main] 20" in answer


async def test_selected_pods(world: World) -> None:
    """The logs of the pods that labels select come together; what can't be read is said, and spoils nothing."""
    waiting = pod("several-3", labels={"set": "several"})
    waiting["spec"]["containers"][0]["image"] = "cluster.local/absent:1"
    await _make(world, *(pair(f"several-{number}", set="several") for number in (1, 2)))
    await world.make(waiting)
    answer = words(await world.say(ALICE, TEAM, "logs -l set=several"))
    for part in ("[pod/several-1/main] main of several-1", "[pod/several-2/main] main of", "`several-3/main`:"):
        assert part in answer
    assert "side of" not in answer
    answer = words(await world.say(ALICE, TEAM, "logs -l set=several --all-containers --grep 'side of several-2$'"))
    assert "[pod/several-2/side] side of several-2" in answer
    assert "main of" not in answer
    assert "No pods match" in words(await world.say(ALICE, TEAM, "logs -l set=none"))
    assert "no container" in words(await world.say(ALICE, TEAM, "logs several-1 -c sid")).lower()


@pytest.mark.parametrize("flags", ["--grep red", "--all-containers", "--timestamps", "-f", "-f --all-containers"])
async def test_hostile_lines_are_harmless(world: World, flags: str) -> None:
    """However they are asked for, lines can't ping, link or format, and no token is shown."""
    name = f"hostile{flags.replace(' ', '')}"
    await world.print(name, HOSTILE)
    answer = await world.say(ALICE, TEAM, f"logs {name} {flags}")
    if "-f" in flags:
        answer = await _until(world, answer, "red")
        await world.press(ALICE, answer, "stop")
    said = words(answer)
    assert "red" in said
    assert TOKEN.decode() not in str(answer)
    assert not {"\033", "\0"} & set(said)
    literal = [block for block in answer.blocks if block["type"] == "rich_text"]
    rest = [answer.text, *(str(block) for block in answer.blocks if block["type"] in {"section", "context"})]
    assert "<!channel>" in str(literal)
    assert all("<!channel>" not in part and "U0ALICE> xoxb" not in part for part in rest)


async def test_follow_and_stop(world: World) -> None:
    """A viewer follows in one message for all, which grows, is nobody else's to stop, and ends at the asker's Stop."""
    tick = await _ticking(world, "followed")
    message = await world.say(ALICE, TEAM, "logs followed -f --timestamps")
    assert message.only_for == ""
    assert f"<@{ALICE}> follows `/pod logs followed -f --timestamps`" in words(message)
    await _until(world, message, "Live", "tick")
    tick()
    before = await _until(world, message, "2 lines so far")
    for user in (BOB, GUEST):
        assert "Refused" in words(await world.press(user, before, "stop"))
    await world.chat.driver.press(ALICE, before, "podbot:stop")
    ended = await _until(world, message, "Stopped.")
    assert "podbot:stop" not in str(ended.blocks)
    assert not [one for one in world.chat.driver.files() if one.name == "podbot.txt" and "tick" in one.text]


async def test_a_mention_is_followed_in_its_thread(world: World) -> None:
    """A mention is followed in its thread, and stopped there."""
    await _ticking(world, "threaded")
    message = await world.mention(ALICE, TEAM, "logs threaded -f")
    assert message.thread
    await _until(world, message, "tick", "Live")
    await world.chat.driver.press(ALICE, message, "podbot:stop")
    await _until(world, message, "Stopped.")


async def test_several_are_shared(world: World) -> None:
    """What several pods printed can be shared, and is read again."""
    await _make(world, pair("given", set="given"))
    answer = await world.say(ALICE, TEAM, "logs -l set=given --all-containers")
    shared = await world.press(ALICE, answer, "share")
    assert shared.only_for == ""
    assert "[pod/given/side] side of given" in words(shared)


async def test_another_replica_stops(world: World) -> None:
    """Stop works whichever replica takes the press."""
    await _ticking(world, "everywhere")
    async with world.replica():
        message = await world.say(ALICE, TEAM, "logs everywhere -f")
        await world.chat.driver.press(ALICE, message, "podbot:stop")  # connections take turns
        await _until(world, message, "Stopped.")


async def test_a_followed_message_is_removed(world: World) -> None:
    """Remove takes the message away, and nobody but the asker can."""
    await _ticking(world, "removed")
    message = await world.say(ALICE, TEAM, "logs removed -f")
    assert "Refused" in words(await world.press(GUEST, message, "remove"))
    await world.chat.driver.press(ALICE, message, "podbot:remove")
    await world.chat.driver.wait_for(lambda: _now(world, message) is None, 30)


async def test_following_ends_with_the_container(world: World) -> None:
    """When the container ends, the message says how, and keeps its last lines."""
    body = pod("finite", "echo begun; sleep 5; echo over; exit 3")
    body["spec"]["restartPolicy"] = "Never"
    await _make(world, body)
    message = await world.say(ALICE, TEAM, "logs finite -f")
    ended = await _until(world, message, "It has ended.")
    assert "begun\nover" in words(ended)
    assert "`finite/main`: it ended with exit code 3" in words(ended)


async def test_following_ends_with_the_pod(world: World) -> None:
    """When the pod is deleted, the message says so."""
    await _ticking(world, "leaving")
    message = await world.say(ALICE, TEAM, "logs leaving -f")
    await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/leaving")
    assert "the pod was deleted" in words(await _until(world, message, "It has ended."))


async def test_following_several(world: World) -> None:
    """Several containers are followed in one message, under their prefixes, and searched."""
    await _make(world, *(pair(f"crowd-{number}", set="crowd") for number in (1, 2)))
    message = await world.say(ALICE, TEAM, "logs -l set=crowd --all-containers -f --grep 'side|two'")
    found = await _until(world, message, "[pod/crowd-1/side] side of crowd-1", "[pod/crowd-2/side] side of crowd-2")
    assert "main of" not in words(found)
    assert "4 containers of 2 pods" in words(found)
    await world.chat.driver.press(ALICE, found, "podbot:stop")
    await _until(world, message, "Stopped.")


async def test_what_cannot_be_followed_is_told_to_the_asker(world: World) -> None:
    """A pod that is not there, or has not started, brings no message for all."""
    body = pod("unborn")
    body["spec"]["containers"][0]["image"] = "cluster.local/absent:1"
    await world.make(body)
    for name, said in (("absent", "not found"), ("unborn", "has not started")):
        answer = await world.say(ALICE, TEAM, f"logs {name} -f")
        assert answer.only_for == ALICE
        assert said in words(answer)


@pytest.mark.parametrize(("user", "channel"), [(GUEST, TEAM), (STRANGER, SHARED)])
@pytest.mark.parametrize("flags", ["target -f", "-l app=web", "target --grep x", "target --all-containers"])
async def test_outsiders_follow_nothing(world: World, user: str, channel: str, flags: str) -> None:
    """Whoever is no full member is refused every form of it, without a call."""
    requests = len(world.audit())
    assert "Refused" in words(await world.say(user, channel, f"logs {flags}"))
    assert {one["objectRef"]["resource"] for one in world.audit()[requests:]} <= {"leases"}


async def test_a_person_with_less(world: World) -> None:
    """A mapped person reads and follows by their own rights; in another's namespace they get nothing."""
    await world.print("bobs", b"hello bob\n")
    message = await world.say(BOB, ONCALL, "logs bobs -f")
    await _until(world, message, "hello bob")
    await world.chat.driver.press(BOB, message, "podbot:stop")
    await _until(world, message, "Stopped.")
    assert "Refused" in words(await world.say(BOB, ONCALL, f"logs bobs -f -n {world.payments}"))
