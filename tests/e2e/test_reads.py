"""Reading verbs: typed in Slack, answered from a real API server, as the person who asks."""

import pytest

from bot.core.resources import Json
from handlers import REGISTRY
from tests.contract.sites import pod
from tests.e2e.world import ALICE, BOB, GUEST, LOBBY, ONCALL, SHARED, STRANGER, TEAM, World, words
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_help_lists_every_verb(world: World) -> None:
    """Help names each verb, to the asker alone."""
    answer = await world.say(ALICE, TEAM, "help")
    assert answer.only_for == ALICE
    for verb in REGISTRY:
        assert verb in words(answer)


async def test_a_misspelt_verb_is_corrected(world: World) -> None:
    """An unknown word gets a suggestion."""
    assert "list" in words(await world.say(ALICE, TEAM, "lsit"))


@pytest.mark.parametrize(
    "line", ["list —show—labels", "list --show-lables", "list -l ‘app=“", "logs", "logs --tail x web"]
)
async def test_a_line_that_cannot_be_understood_teaches(world: World, line: str) -> None:
    """A usage error says what to type, and reaches no cluster."""
    answer = words(await world.say(ALICE, TEAM, line))
    assert "/pod" in answer


async def test_whoami_shows_slack_and_kubernetes(world: World) -> None:
    """Whoami shows the ids that policy decides by and the identity that the API server saw."""
    answer = words(await world.say(ALICE, ONCALL, "whoami"))
    for part in ("T0ACME", ALICE, ONCALL, "operator", "podbot:operator", "podbot:operators"):
        assert part in answer


async def test_a_mapped_person_is_nobody_else(world: World) -> None:
    """Bob is bob@example.com and shop-team, and has nothing of his tier's."""
    if world.form == "legacy":
        assert "podbot:operator" in words(await world.say(BOB, ONCALL, "whoami"))
        return
    answer = words(await world.say(BOB, ONCALL, "whoami"))
    assert "bob@example.com" in answer
    assert "shop-team" in answer
    assert "podbot:operators" not in answer


async def test_can_says_what_is_missing(world: World) -> None:
    """Where Kubernetes gives less than policy, can names the verb and the resource that are missing."""
    answer = words(await world.say(BOB, ONCALL, "can delete"))
    assert ("delete pods" in answer) == (world.form == "constrained")


async def test_list_selects_by_label(world: World) -> None:
    """Every form of selector reaches the server, and only the matching pods come back."""
    await world.make(pod("picked", labels={"app": "picked", "tier": "front"}))
    await world.make(pod("passed", labels={"app": "passed"}))
    for selector in (
        "app=picked",
        "app==picked",
        "app!=passed,tier",
        "'app in (picked)'",
        "'app notin (passed),tier'",
        "tier",
        "'!tier,app=picked'",
    ):
        answer = words(await world.say(ALICE, TEAM, f"list -l {selector}"))
        assert ("picked" in answer.replace(selector, "").split()) == ("!tier" not in selector), selector


async def test_list_everywhere_is_the_grants_namespaces(world: World) -> None:
    """-A lists the namespaces of the grant, and no other."""
    await world.make(pod("elsewhere"), world.payments)
    assert "elsewhere" in words(await world.say(ALICE, ONCALL, "list -A"))
    assert "elsewhere" not in words(await world.say(ALICE, TEAM, "list -A"))


async def test_list_shows_labels_and_more(world: World) -> None:
    """--show-labels and -o wide show what kubectl shows."""
    await world.make(pod("labelled", labels={"colour": "green"}))
    assert "colour=green" in words(await world.say(ALICE, TEAM, "list --show-labels"))
    assert "Node" in words(await world.say(ALICE, TEAM, "list -o wide")).title()


async def test_logs_show_what_the_container_wrote(world: World) -> None:
    """Hostile lines come as text: nothing pings, nothing formats, no token is shown."""
    token = b"xoxb-1234567890-abcdefghijkl"
    await world.print("rude", b"<!channel> ```x``` \033[31mred\033[0m \0 \303 " + token + b"\n")
    answer = await world.say(ALICE, TEAM, "logs rude")
    said = words(answer)
    assert "red" in said
    assert token.decode() not in said
    assert not {"\033", "\0"} & set(said)
    assert "<!channel>" not in answer.text
    assert all("<!channel>" not in str(block) for block in answer.blocks if block["type"] in {"section", "context"})


async def test_logs_that_are_long_come_as_a_file(world: World) -> None:
    """What does not fit goes to the asker's direct message as a file."""
    await world.print("chatty", b"".join(b"line number %d of many\n" % number for number in range(1500)))
    answer = words(await world.say(ALICE, TEAM, "logs chatty --tail -1"))
    assert "line number 1499 of many" in answer
    files = [one for one in world.chat.driver.files() if "chatty" in one.name]
    assert files
    assert "line number 0 of many" in files[-1].text


async def test_logs_of_a_previous_run_that_was_not(world: World) -> None:
    """Where there was no previous run, the answer says so."""
    await world.make(pod("steady"))
    await world.admin.running(world.shop, "steady")
    assert "previous" in words(await world.say(ALICE, TEAM, "logs steady -p")).lower()


async def test_describe_shows_what_matters(world: World) -> None:
    """A running pod is told with its container, node, labels and events."""
    await world.make(pod("described", labels={"colour": "green"}))
    await world.admin.running(world.shop, "described")
    answer = words(await world.say(ALICE, TEAM, "describe described"))
    for part in ("Running", "1/1 ready", "no restarts", "busybox:1.35", "`colour=green`", "*Scheduled*"):
        assert part in answer, part


async def test_describe_says_why_a_pod_does_not_run(world: World) -> None:
    """A pod that nothing can run is told with the scheduler's own words."""
    body = pod("homeless")
    body["spec"]["nodeSelector"] = {"nowhere": "at-all"}
    await world.make(body)

    async def passed_over() -> Json | None:
        found = await world.pod("homeless")
        return found if found and found["status"].get("conditions") else None

    await until(passed_over, "the scheduler's answer")
    answer = words(await world.say(ALICE, TEAM, "describe homeless"))
    for part in (
        "Pending",
        "No node has the labels that it asks for: nowhere=at-all",
        "node affinity/selector",
        "*PodScheduled* is False",
    ):
        assert part in answer, part


async def test_events_tell_what_happened_to_a_pod(world: World) -> None:
    """A pod's events come in time order, and only its own."""
    for name in ("eventful", "uneventful"):
        await world.make(pod(name))
        await world.admin.running(world.shop, name)
    answer = words(await world.say(ALICE, TEAM, "events eventful"))
    assert "pod/eventful" in answer
    assert "pod/uneventful" not in answer
    assert answer.index("Scheduled") < answer.index("Started")
    assert "pod/uneventful" in words(await world.say(ALICE, ONCALL, f"events -n {world.shop}"))


async def test_events_need_their_own_right(world: World) -> None:
    """Who may read pods and not events is told which right is missing."""
    answer = words(await world.say(BOB, ONCALL, "events"))
    assert ("events is forbidden" in answer) == (world.form == "constrained")


async def test_yaml_shows_a_pod_as_stored(world: World) -> None:
    """A pod is shown with its spec and status, masked, and without managedFields."""
    body = pod("stored", labels={"commit": "12e5"})
    body["spec"]["containers"][0]["env"] = [{"name": "DB_PASSWORD", "value": "hunter2!x"}]
    await world.make(body)
    await world.admin.running(world.shop, "stored")
    answer = words(await world.say(ALICE, TEAM, "yaml stored"))
    for part in ("kind: Pod", "commit: '12e5'", "name: DB_PASSWORD", "image: busybox:1.35", "phase: Running"):
        assert part in answer
    assert "hunter2" not in answer
    assert "managedFields:" not in answer


async def test_what_is_not_there(world: World) -> None:
    """A pod that does not exist is said not to be found, with what to type next."""
    answer = words(await world.say(ALICE, TEAM, "logs absent"))
    assert "not found" in answer.lower()
    assert "/pod list" in answer


@pytest.mark.parametrize("name", ["..", ".", "../x", "%2e%2e", "a" * 254, "wéb", "'-n'", "''", "web/log"])
async def test_names_that_would_change_a_path(world: World, name: str) -> None:
    """A name that is none is refused before any call."""
    requests = len(world.audit())
    for verb in ("logs", "delete", "create single"):
        answer = await world.say(ALICE, ONCALL, f"{verb} {name}")
        assert answer.only_for == ALICE
        assert "/pod help" in words(answer)
    assert len(world.audit()) == requests


async def test_a_mention_is_answered_in_its_thread(world: World) -> None:
    """A mention is answered for all, in the thread under it, and once though Slack delivers it again."""
    first = await world.mention(ALICE, TEAM, "templates")
    assert first.only_for == ""
    assert first.thread
    assert world.mentioned is not None
    await world.chat.driver.redeliver(world.mentioned)
    await world.mention(ALICE, TEAM, "templates")  # after it, whatever the repetition set off has been answered
    me = world.chat.workspace.app.user
    answers = [one for one in world.chat.driver.messages(TEAM, thread=first.thread) if one.user == me]
    assert answers == [first]


@pytest.mark.parametrize(("user", "channel"), [(GUEST, TEAM), ("U0SINGLE", TEAM), (STRANGER, SHARED), (GUEST, ONCALL)])
async def test_outsiders_and_guests_are_refused(world: World, user: str, channel: str) -> None:
    """Who is not a full member of the workspace is refused, clearly, by command and by mention."""
    for ask in (world.say, world.mention):
        answer = words(await ask(user, channel, "list"))
        assert "Refused" in answer


async def test_bots_are_not_answered(world: World) -> None:
    """A webhook that mentions podbot gets nothing, so that two bots can't talk for ever."""
    before = len(tuple(world.chat.state.board))
    await world.chat.driver.bot_mention(TEAM, "list")
    await world.say(ALICE, TEAM, "templates")
    assert len(tuple(world.chat.state.board)) == before + 2  # the webhook's own message, and Alice's answer


async def test_a_channel_without_a_grant(world: World) -> None:
    """Where policy grants nothing, the refusal names what is missing and whom to ask."""
    answer = words(await world.say(ALICE, LOBBY, "list -n kube-system"))
    assert "Refused" in answer
    assert "#platform" in answer


async def test_share_reads_again_for_all(world: World) -> None:
    """Share posts what is there now for the channel, under the sharer's name, and Remove takes it back."""
    await world.make(pod("shared"))
    answer = await world.say(ALICE, TEAM, "list")
    shared = await world.press(ALICE, answer, "share")
    assert shared.only_for == ""
    assert f"<@{ALICE}>" in words(shared)
    await world.chat.driver.press(ALICE, shared, "podbot:remove")
    await world.chat.driver.wait_for(lambda: shared not in tuple(world.chat.state.board), 30)
