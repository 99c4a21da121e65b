"""`exec`: asked about, run once as the person, and told to the asker alone."""

import pytest

from bot.core.resources import Json
from bot.demo.chat.messages import Message
from tests.contract.sites import pod
from tests.e2e.world import ALICE, BOB, GUEST, ONCALL, TEAM, World, state_of, words
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def _shell(world: World) -> None:
    if await world.pod("shell") is None:
        await world.make(pod("shell"))
        await world.admin.running(world.shop, "shell")


def _told(world: World, user: str) -> list[Message]:
    return [one for one in world.chat.driver.messages(ONCALL, seen_by=user) if one.only_for == user]


async def _exec(world: World, line: str) -> tuple[Message, Message]:
    """Ask, press, and return the message for all as it ended, and what Alice alone was told."""
    await _shell(world)
    question = await world.say(ALICE, ONCALL, f"exec {line}")
    assert (question.only_for, state_of(question)) == ("", "asked")
    before = {one.ts for one in _told(world, ALICE)}
    ended = await world.done(await world.press(ALICE, question, "confirm"))
    assert state_of(ended) == "done"

    def whisper() -> Message | None:
        return next((one for one in _told(world, ALICE) if one.ts not in before), None)

    return ended, await world.until(whisper)


async def test_it_asks_first(world: World) -> None:
    """The question shows container and command; cancelled, nothing is run."""
    await _shell(world)
    requests = len(world.audit())
    question = await world.say(ALICE, ONCALL, "exec shell -- sh -c 'echo \"a b\"' -h --tail")
    assert "container main of pod shell" in words(question)
    assert "sh -c 'echo" in words(question)
    assert "ancelled" in words(await world.press(ALICE, question, "cancel"))
    made = [one for one in world.audit()[requests:] if one["objectRef"].get("subresource") == "exec"]
    assert {one.get("responseStatus", {}).get("code") for one in made} <= {None, 400}


async def test_output_is_the_askers_alone(world: World) -> None:
    """The channel learns the exit code and sizes, the asker output and errors, apart."""
    message, whisper = await _exec(world, "shell -- sh -c 'echo to-the-asker; echo went-wrong >&2; exit 3'")
    assert "Exit code 3" in words(message)
    assert "13 bytes of output, 11 bytes of errors" in words(message)
    (answer, *_), (output, *_) = words(message).split("asked for"), words(whisper).split("Errors:")
    assert "to-the-asker" not in answer
    assert "to-the-asker\n" in f"{output}\n"
    assert "went-wrong" in words(whisper)
    assert whisper.only_for == ALICE


async def test_the_command_is_taken_word_for_word(world: World) -> None:
    """Quotes and flags after -- reach the container as they were typed, also from a phone."""
    _, whisper = await _exec(world, "shell \u2014 echo 'a  b' -h --tail \"c d\"")
    assert "a  b -h --tail c d" in words(whisper)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 0", "Exit code 0"),
        ("exit 1", "Exit code 1"),
        ("exit 126", "Exit code 126"),
        ("exit 127", "there is no such command"),
        ("kill -9 $$", "killed"),
    ],
)
async def test_exit_codes(world: World, script: str, said: str) -> None:
    """Every exit code is told, and what shells mean by it."""
    message, whisper = await _exec(world, f"shell -- sh -c '{script}'")
    assert said in words(message)
    assert "It said nothing." in words(whisper)


async def test_a_command_that_does_not_end(world: World) -> None:
    """After its time podbot stops listening, and says that the command may go on."""
    message, whisper = await _exec(world, "shell --timeout 1 -- sleep 61")
    assert "No exit code" in words(message)
    assert "may still run in the container" in words(message)
    assert "stopped after 1 s" in words(whisper)


async def test_a_shell_that_is_not_there(world: World) -> None:
    """An image without the program is told in the runtime's own words."""
    _, whisper = await _exec(world, "shell -- /no/bash")
    assert "/no/bash" in words(whisper)
    assert "no such file or directory" in words(whisper)


async def test_long_output(world: World) -> None:
    """What is longer than a message is whole in a file for the asker, and the exit code is told."""
    message, _ = await _exec(world, "shell -- seq 20000")
    assert "Exit code 0" in words(message)
    assert "108,894 bytes of output" in words(message)
    files = [one for one in world.chat.driver.files() if one.name == "shell-main.txt"]
    assert files[-1].channel == world.chat.workspace.direct(ALICE).id
    assert "\n19999\n20000\n" in files[-1].text
    assert not world.chat.driver.files(ONCALL)


async def test_megabytes_of_output(world: World) -> None:
    """Output is kept up to a limit; of a little more the exit code is still told, of far too much it is not."""
    message, whisper = await _exec(world, "shell -- head -c 1000000 /dev/zero")
    assert "Exit code 0" in words(message)
    assert "at least 262,144 bytes of output" in words(message)
    assert "binary, 262,144 bytes" in words(whisper)
    message, whisper = await _exec(world, "shell -- yes")
    assert "No exit code" in words(message)
    assert "far too much output" in words(whisper)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("exec shell ls", "is missing before the words to run"),
        ("exec shell --", "othing stands after"),
        ("exec shell -it -- sh", "not interactive"),
        ("exec shell -c nosuch -- ls", "has no container"),
        ("exec absent -- ls", "Not found"),
        ("exec ../x -- ls", "is not a pod name"),
        ("exec shell -- echo xoxb-1234567890-abcdefghijkl", "carry a secret"),
    ],
)
async def test_what_is_refused(world: World, line: str, said: str) -> None:
    """What cannot be run is refused to the asker alone, with a hint and without a question."""
    await _shell(world)
    answer = await world.say(ALICE, ONCALL, line)
    assert answer.only_for == ALICE
    assert said in words(answer)
    assert "abcdefghijkl" not in words(answer)


async def test_a_container_that_does_not_run(world: World) -> None:
    """A container that does not run is told before anybody is asked."""
    body = pod("unpulled")
    body["spec"]["containers"][0]["image"] = "cluster.local/absent:1"
    if await world.pod("unpulled") is None:
        await world.make(body)
    answer = await world.say(ALICE, ONCALL, "exec unpulled -- ls")
    assert "does not run" in words(answer)
    assert answer.only_for == ALICE


async def test_a_pod_made_again(world: World) -> None:
    """A pod that was replaced between question and press gets no command."""
    await world.make(pod("fleeting"))
    await world.admin.running(world.shop, "fleeting")
    question = await world.say(ALICE, ONCALL, "exec fleeting -- touch /ran")
    await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/fleeting")

    async def gone() -> bool:
        return await world.pod("fleeting") is None

    await until(gone, "the first pod's end")
    await world.make(pod("fleeting"))
    await world.admin.running(world.shop, "fleeting")
    before = {one.ts for one in _told(world, ALICE)}
    ended = await world.done(await world.press(ALICE, question, "confirm"))
    assert state_of(ended) == "refused"
    await world.until(lambda: next((one for one in _told(world, ALICE) if one.ts not in before), None))


async def test_it_is_recorded_as_the_person(world: World) -> None:
    """The websocket carries the identity: the API server's own log has it as Alice's tier, with her Slack id."""
    before = len(world.audit())
    await _exec(world, "shell -- true")

    async def seen() -> list[Json]:
        made = [one for one in world.audit()[before:] if one["objectRef"].get("subresource") == "exec"]
        return [one for one in made if one.get("responseStatus", {}).get("code") == 101]

    for event in await until(seen, "the command in the audit log"):
        assert event["impersonatedUser"]["username"] == "podbot:operator"
        assert event["impersonatedUser"]["extra"]["podbot.io/slack-user"] == [ALICE]


@pytest.mark.parametrize(("user", "channel"), [(ALICE, TEAM), (GUEST, ONCALL), (GUEST, TEAM)])
async def test_who_may_not(world: World, user: str, channel: str) -> None:
    """A viewer and a guest are refused by podbot, and nothing is sent."""
    await _shell(world)
    requests = len(world.audit())
    assert "Refused" in words(await world.say(user, channel, "exec shell -- ls"))
    assert "exec" not in {one["objectRef"].get("subresource") for one in world.audit()[requests:]}


async def test_kubernetes_decides_for_a_person(world: World) -> None:
    """Bob, whose tier may and who himself may not, is refused by Kubernetes, as himself and without a question."""
    if world.form == "legacy":
        pytest.skip("the legacy form knows no people")
    await _shell(world)
    before = len(world.audit())
    answer = await world.say(BOB, ONCALL, "exec shell -- ls")
    assert answer.only_for == BOB
    assert "Refused by Kubernetes" in words(answer)
    assert "bob@example.com" in words(answer)

    async def seen() -> list[Json]:
        return [one for one in world.audit()[before:] if one["objectRef"].get("subresource") == "exec"]

    for event in await until(seen, "the refusal in the audit log"):
        assert event["impersonatedUser"]["username"] == "bob@example.com"
        assert event["responseStatus"]["code"] == 403
