"""Who may do what: each verb, by every way in, for each kind of person; a refusal changes nothing."""

import pytest

from bot.demo.chat.workspace import Kind, User
from tests.contract.sites import pod
from tests.e2e.world import ALICE, BOB, GUEST, ONCALL, SHARED, STRANGER, TEAM, World, state_of, words

pytestmark = pytest.mark.asyncio(loop_scope="package")

READS = (
    *("list", "logs target", "logs target --all-containers --grep x", "logs -l app=web", "volumes target"),
    *("triage target", "triage", "triage -l app=web", "alert target", "timeline target"),
    *("top", "wait target", "status", "watches", "whoami", "can", "help", "templates"),
)
CHANGES = (
    *("create debug intruder", "delete target", "delete target --evict", "label target a=b", "watch on"),
    *("curl target/", "exec target -- kill 1", "resolve target --note done"),
)
NOT_MEMBERS = ((GUEST, TEAM), ("U0SINGLE", TEAM), (GUEST, ONCALL), (STRANGER, SHARED))


async def _target(world: World) -> str:
    """Return the UID of the pod that the lines are about."""
    found = await world.pod("target")
    if found is None:
        await world.make(pod("target"))
        found = await world.admin.running(world.shop, "target")
    return str(found["metadata"]["uid"])


async def _is_unchanged(world: World, uid: str) -> bool:
    found = ((await world.pod("target")) or {}).get("metadata", {})
    untouched = found.get("uid") == uid and not {"deletionTimestamp", "labels"} & set(found)
    return untouched and await world.pod("intruder") is None


@pytest.mark.parametrize("line", READS + CHANGES)
@pytest.mark.parametrize(("user", "channel"), NOT_MEMBERS)
async def test_nobody_but_full_members(world: World, user: str, channel: str, line: str) -> None:
    """Guests, and people of another workspace, are refused by command and by mention; no request is made for them."""
    uid = await _target(world)
    requests = len(world.audit())
    assert "Refused" in words(await world.say(user, channel, line))
    assert "Refused" in words(await world.mention(user, channel, line))
    assert {one["objectRef"]["resource"] for one in world.audit()[requests:]} <= {"leases"}
    assert await _is_unchanged(world, uid)


@pytest.mark.parametrize("line", CHANGES)
async def test_bots_change_nothing(world: World, line: str) -> None:
    """Neither a bot user nor a webhook gets podbot to do anything."""
    uid = await _target(world)
    before = len(tuple(world.chat.state.board))
    await world.chat.driver.bot_mention(ONCALL, line, user="U0ALERTS")
    await world.chat.driver.bot_mention(ONCALL, line)
    await world.say(ALICE, TEAM, "templates")
    assert len(tuple(world.chat.state.board)) == before + 3
    assert await _is_unchanged(world, uid)


async def test_a_member_who_was_deactivated(world: World) -> None:
    """A deactivated member's last command is refused."""
    world.chat.workspace.add(User("U0LEFT", "lea", Kind.DELETED))
    world.chat.workspace.join(TEAM, "U0LEFT")
    assert "Refused" in words(await world.say("U0LEFT", TEAM, "list"))


@pytest.mark.parametrize("line", CHANGES)
async def test_a_viewer_changes_nothing(world: World, line: str) -> None:
    """The viewer's tier reads only, by command and by mention."""
    uid = await _target(world)
    for ask in (world.say, world.mention):
        assert "Refused" in words(await ask(ALICE, TEAM, line))
    assert await _is_unchanged(world, uid)


@pytest.mark.parametrize("line", READS)
async def test_a_viewer_reads(world: World, line: str) -> None:
    """The viewer's tier reads, to itself by command and for all in the thread by mention."""
    await _target(world)
    private, public = await world.say(ALICE, TEAM, line), await world.mention(ALICE, TEAM, line)
    assert (private.only_for, public.only_for) == (ALICE, "")
    assert public.thread
    assert "Refused" not in words(private) + words(public)


async def test_a_grant_in_one_channel_is_none_in_another(world: World) -> None:
    """The operator's namespaces are out of reach from the viewers' channel."""
    assert "Refused" in words(await world.say(ALICE, TEAM, f"list -n {world.payments}"))
    assert "No pods" in words(await world.say(ALICE, ONCALL, f"list -n {world.payments} -l never=there"))


async def test_a_guest_cannot_press(world: World) -> None:
    """A question's buttons and a shared answer's Remove are the asker's alone."""
    uid = await _target(world)
    question = await world.say(ALICE, ONCALL, "delete target")
    for user in (GUEST, BOB):
        for action in ("confirm", "cancel"):
            assert "Refused" in words(await world.press(user, question, action))
    shared = await world.press(ALICE, await world.say(ALICE, TEAM, "list"), "share")
    assert "Refused" in words(await world.press(GUEST, shared, "remove"))
    assert shared in world.chat.driver.messages(TEAM)
    assert await _is_unchanged(world, uid)
    assert state_of(question) == "asked"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("list —show-labels", "list --show-labels"),
        ("logs target —tail 5", "logs target --tail 5"),
        ("list -l “app=web”", "list -l 'app=web'"),
        ("list\u00a0-l\u00a0app=web", "list -l app=web"),
        ("list -l <http://app.kubernetes.io/name=x|app.kubernetes.io/name=x>", "list -l app.kubernetes.io/name=x"),
        ("List", "list"),
    ],
)
async def test_phones_are_understood(world: World, typed: str, meant: str) -> None:
    """What a phone makes of a line gives the same answer as the line."""
    await _target(world)
    said = [words(await world.say(ALICE, TEAM, line)) for line in (typed, meant)]
    assert "Not understood" not in said[0]
    assert said[0].splitlines()[0] == said[1].splitlines()[0]
