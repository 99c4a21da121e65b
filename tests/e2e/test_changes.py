"""Changing verbs: announced, asked about, done once, and told as they ended."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.core.errors import ClusterError
from bot.demo.chat.messages import Message
from tests.contract.sites import pod
from tests.e2e.ground import policy, write_policy
from tests.e2e.world import ALICE, BOB, ONCALL, QUIET, TEAM, World, state_of, words
from tests.real import until

TOKEN = "xoxb-1234567890-abcdefghijkl"

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def _uid(world: World, name: str) -> str:
    found = await world.pod(name)
    assert found is not None
    return str(found["metadata"]["uid"])


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("single", ""),
        ("sidecar", ""),
        ("ambassador", "host=10.244.0.1"),
        ("adapter", ""),
        ("shared-volume", ""),
        ("debug", "--ttl 10m"),
    ],
)
async def test_create_from_every_template(world: World, template: str, values: str) -> None:
    """One message in the channel goes from the announcement to Running, and the pod is there, labelled."""
    message = await world.say(ALICE, ONCALL, f"create {template} made-{template} {values}")
    assert message.only_for == ""
    ended = await world.done(message)
    assert state_of(ended) == "done"
    assert "Running" in words(ended)
    made = await world.pod(f"made-{template}")
    assert made is not None
    assert made["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "podbot"
    assert made["metadata"]["labels"]["podbot.io/template"] == template
    assert ALICE in str(made["metadata"]["annotations"])
    await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/made-{template}")


async def test_create_with_a_claim_asks_first(world: World) -> None:
    """A claim-backed pod names its claim and asks; after the press it runs with it."""
    claim = {
        "metadata": {"name": "data"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}},
    }
    await world.admin.make(f"/api/v1/namespaces/{world.shop}/persistentvolumeclaims", claim)
    question = await world.say(ALICE, ONCALL, "create claim keeper claim=data user=0")
    assert "data" in words(question)
    assert await world.pod("keeper") is None
    ended = await world.done(await world.press(ALICE, question, "confirm"))
    assert state_of(ended) == "done"
    assert await world.pod("keeper") is not None


async def test_dry_run_makes_nothing(world: World) -> None:
    """--dry-run has the server check, and leaves no pod."""
    ended = await world.done(await world.say(ALICE, ONCALL, "create single never —dry-run"))
    assert state_of(ended) == "done"
    assert await world.pod("never") is None


async def test_create_says_why_a_pod_does_not_run(world: World) -> None:
    """An image that can't be pulled is named, with the server's reason."""
    ended = await world.done(await world.say(ALICE, ONCALL, "create single unpulled image=nginx:0.0.0-none"), 150)
    assert any(word in words(ended) for word in ("ErrImagePull", "ImagePullBackOff"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("create singel x", "single"),
        ("create single x port=many", "port"),
        ("create single x colour=red", "colour"),
        ("create claim x", "claim"),
        ("create single ../x", "name"),
        ("create single x -l kubernetes.io/hostname=evil", "kubernetes.io"),
    ],
)
async def test_create_refuses_what_is_wrong(world: World, line: str, said: str) -> None:
    """A wrong template, type, parameter, name or label is refused with what to type, and nothing is made."""
    answer = await world.say(ALICE, ONCALL, line)
    assert answer.only_for == ALICE
    assert said in words(answer)
    assert await world.pod("x") is None


async def test_create_where_the_name_is_taken(world: World) -> None:
    """A name that exists is said to, and the pod that has it is left alone."""
    await world.make(pod("taken"))
    uid = await _uid(world, "taken")
    answer = await world.say(ALICE, ONCALL, "create single taken")
    assert "already exists" in words(answer)
    assert await _uid(world, "taken") == uid


async def test_create_over_quota(world: World) -> None:
    """A quota's refusal is quoted, and nothing is half made."""
    quotas = f"/api/v1/namespaces/{world.payments}/resourcequotas"
    await world.admin.make(quotas, {"metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}})

    pods, only_checked = f"/api/v1/namespaces/{world.payments}/pods", (("dryRun", "All"),)

    async def holds() -> bool:
        try:
            await world.admin.call("POST", pods, pod("refused"), only_checked)
        except ClusterError:
            return True
        return False

    try:
        await until(holds, "the quota holds")
        answer = await world.say(ALICE, ONCALL, "create single refused -n " + world.payments)
        assert "quota" in words(answer).lower()
        assert await world.pod("refused", world.payments) is None
    finally:
        await world.admin.remove(f"{quotas}/none")


async def _question(world: World, name: str, *, flags: str = "") -> Message:
    await world.make(pod(name))
    question = await world.say(ALICE, ONCALL, f"delete {name} {flags}".strip())
    assert state_of(question) == "asked"
    return question


async def test_delete_asks_and_then_deletes(world: World) -> None:
    """Delete says what it will do, and does it when the asker presses."""
    question = await _question(world, "doomed")
    assert await world.pod("doomed") is not None
    ended = await world.done(await world.press(ALICE, question, "confirm"))
    assert state_of(ended) == "done"
    assert await world.pod("doomed") is None


def _told(world: World) -> int:
    """Count what Alice alone was told in the channel."""
    return len([one for one in world.chat.driver.messages(ONCALL, seen_by=ALICE) if one.only_for])


async def test_cancel_leaves_the_pod(world: World) -> None:
    """Cancel closes the question, and no later press of it does anything."""
    question = await _question(world, "spared")
    closed = await world.press(ALICE, question, "cancel")
    assert "ancelled" in words(closed)
    assert "pressed already" in words(await world.press(ALICE, question, "confirm"))
    found = await world.pod("spared")
    assert found is not None
    assert "deletionTimestamp" not in found["metadata"]


async def test_only_the_asker_can_press(world: World) -> None:
    """Somebody else's press is refused, to them alone, and changes nothing."""
    question = await _question(world, "guarded")
    refused = await world.press(BOB, question, "confirm")
    assert refused.only_for == BOB
    assert "Refused" in words(refused)
    assert await world.pod("guarded") is not None


async def test_a_pod_made_again_is_not_deleted(world: World) -> None:
    """A pod deleted and recreated with the same name between question and press is left alone."""
    question = await _question(world, "reborn")
    await world.admin.remove(f"/api/v1/namespaces/{world.shop}/pods/reborn")

    async def gone() -> bool:
        return await world.pod("reborn") is None

    await until(gone, "the first pod's end")
    await world.make(pod("reborn"))
    uid = await _uid(world, "reborn")
    answer = await world.press(ALICE, question, "confirm")
    assert "Refused" in words(answer)
    assert await _uid(world, "reborn") == uid


async def test_a_double_press_on_two_replicas_is_done_once(world: World) -> None:
    """Two presses of one question, taken by two replicas, delete once and end in one outcome."""
    async with world.replica():
        question = await _question(world, "twice")
        told = _told(world)
        presses = (world.chat.driver.press(ALICE, question, "podbot:confirm") for _ in range(2))
        await asyncio.gather(*presses)
        ended = await world.done(question)
        await world.chat.driver.wait_for(lambda: _told(world) > told, 30)  # the press that came second
    assert state_of(ended) == "done"
    assert await world.pod("twice") is None


async def test_two_replicas_answer_each_command_once(world: World) -> None:
    """With two sockets each command is answered by one of them."""
    async with world.replica():
        before = len(world.chat.driver.messages(TEAM, seen_by=ALICE))
        await asyncio.gather(*(world.chat.driver.slash(ALICE, TEAM, "templates") for _ in range(6)))
        await world.chat.driver.wait_for(lambda: len(world.chat.driver.messages(TEAM, seen_by=ALICE)) >= before + 6, 30)
    assert len(world.chat.driver.messages(TEAM, seen_by=ALICE)) == before + 6


async def test_nothing_is_done_where_it_cannot_be_announced(world: World) -> None:
    """Where podbot is no member of the channel, the change is not made, and the asker is told to invite it."""
    answer = await world.say(ALICE, QUIET, "create single silent")
    assert "invite" in words(answer)
    assert await world.pod("silent") is None


async def test_a_tier_that_may_not(world: World) -> None:
    """Policy refuses a change in a reading channel, and says which effect is missing."""
    answer = words(await world.say(ALICE, TEAM, "create single forbidden"))
    assert "Refused" in answer
    assert "CHANGE" in answer
    assert await world.pod("forbidden") is None


async def test_kubernetes_refuses_what_policy_would_allow(world: World, tmp_path: Path) -> None:
    """A mapped person's own RBAC decides: Bob may look, and may not create; legacy impersonation knows no people."""
    if world.form == "legacy":
        path = write_policy(tmp_path, policy("shop", "payments"))
        printed = CliRunner().invoke(main, ["rbac", "--policy", str(path), "--legacy"])
        assert printed.exit_code == 1
        assert "people" in printed.output
        return
    await world.make(pod("kept"))
    assert "orbidden" in words(await world.say(BOB, ONCALL, "create single bobs"))
    assert "orbidden" in words(await world.say(BOB, ONCALL, "delete kept"))
    assert await world.pod("bobs") is None
    assert await world.pod("kept") is not None


async def test_eviction_honours_a_disruption_budget(world: World) -> None:
    """--evict is refused by the budget, in the server's words, and the pod stays."""
    await world.make(pod("budgeted", labels={"app": "budgeted"}))
    await world.admin.running(world.shop, "budgeted")
    budgets = f"/apis/policy/v1/namespaces/{world.shop}/poddisruptionbudgets"
    spec = {"minAvailable": 1, "selector": {"matchLabels": {"app": "budgeted"}}}
    await world.admin.make(budgets, {"metadata": {"name": "budgeted"}, "spec": spec})
    answer = await world.say(ALICE, ONCALL, "delete budgeted --evict")
    assert "disruption budget" in words(answer)
    assert answer.only_for == ALICE
    assert await world.pod("budgeted") is not None


async def test_an_edited_mention_does_nothing_again(world: World) -> None:
    """Slack sends each edit of a mention as a new one: the change is not done a second time, and its thread says so."""
    made = await world.done(await world.mention(ALICE, ONCALL, "create single mentioned -l team=shop"))
    assert state_of(made) == "done"
    assert world.mentioned
    ts = world.mentioned.payload["event"]["ts"]
    mention = next(one for one in world.chat.driver.messages(ONCALL) if one.ts == ts)
    await world.chat.driver.edit(mention, "create single mentioned-again -l team=shop")

    def refused() -> Message | None:
        thread = world.chat.driver.messages(ONCALL, thread=ts)
        return next((one for one in thread if "was edited" in words(one)), None)

    assert "Refused" in words(await world.until(refused))
    assert await world.pod("mentioned-again") is None


async def test_a_change_by_mention_stays_in_its_thread(world: World) -> None:
    """A mention's change is asked and told in the thread, and works the same."""
    await world.make(pod("threaded"))
    question = await world.mention(ALICE, ONCALL, "delete threaded")
    assert question.thread
    ended = await world.done(await world.press(ALICE, question, "confirm"))
    assert state_of(ended) == "done"


async def test_a_secret_in_the_line_is_not_asked_about(world: World) -> None:
    """A line that carries a token gets no button, and one that needs none is announced with the token masked."""
    await world.make(pod("kept-too"))
    announced = await world.done(await world.say(ALICE, ONCALL, f"create single secretive -l a={TOKEN}"))
    assert TOKEN not in words(announced)
    assert TOKEN not in str(announced.metadata)
    refused = await world.say(ALICE, ONCALL, f"create claim secretive-2 claim=data -l a={TOKEN}")
    assert "secret" in words(refused)
    assert TOKEN not in words(refused)
    assert await world.pod("secretive-2") is None
