import pytest

from bot.core.errors import Unreachable, UsageError
from bot.core.grants import Effect
from bot.core.replies import Reply
from bot.render.blocks import context, section, table
from handlers.can import COMMAND, Can
from tests.fakes import FakeCluster, context_of
from tests.handlers.running import answer
from tests.handlers.samples import COMMANDS

ALLOWED = {
    "allowed list pods": True,
    "allowed get pods": True,
    "allowed delete pods": True,
    "allowed create pods/eviction": False,
    "allowed get replicasets": False,
    "allowed get nodes": False,
    "allowed get pods/log": False,
}
SMALL_PRINT = context("Rights of `podbot:operator`, now. `/pod help VERB` says what a command does.")


async def test_all_commands() -> None:
    """Each command is told with what is missing, and a right that several need is asked about once."""
    cluster = FakeCluster(ALLOWED)
    reply = await answer(COMMAND, context_of(cluster, commands=COMMANDS), Can(None))
    missing = (
        "create pods/eviction for --evict; "
        "for a part of the answer: get replicasets.apps, get nodes in the whole cluster"
    )
    assert reply == Reply(
        "You may fully use 2 of 4 commands in `main/shop`.",
        (
            section("You may fully use 2 of 4 commands in `main/shop`."),
            table(
                ("Command", "May you?", "What is missing"),
                [
                    ("help", "✅ yes", ""),
                    ("list", "✅ yes", ""),
                    ("delete", "⚠️ in part", missing),
                    ("logs", "⛔ no", "get pods/log"),
                ],
            ),
            SMALL_PRINT,
        ),
    )
    assert sorted(call for call, _ in cluster.calls) == sorted(ALLOWED)


async def test_policy_is_missing() -> None:
    """A command that the tier may not use is not allowed, whatever Kubernetes says, and the policy is named."""
    answers = {call: True for call in ALLOWED if "logs" not in call}
    viewer = context_of(FakeCluster(answers), commands=COMMANDS, may=frozenset({Effect.READ}))
    reply = await answer(COMMAND, viewer, Can("delete"))
    assert reply.blocks == (
        section("You may not use `delete` in `main/shop`."),
        table(
            ("Command", "May you?", "What is missing"),
            [("delete", "⛔ no", "policy: tier operator has no dangerous commands")],
        ),
        SMALL_PRINT,
    )


async def test_unknown_command() -> None:
    """A word that is no command is refused with the nearest one, and the cluster is not asked."""
    with pytest.raises(UsageError, match="“delte” is not a command") as caught:
        await answer(COMMAND, context_of(FakeCluster(), commands=COMMANDS), Can("delte"))
    assert caught.value.hint == "did you mean `/pod can delete`?"
    with pytest.raises(UsageError) as caught:
        await answer(COMMAND, context_of(FakeCluster(), commands=COMMANDS), Can("xyzzy"))
    assert caught.value.hint == "type `/pod help` to see them all"


async def test_review_fails() -> None:
    """A review that fails is no “no”: the command fails with the review's own error."""
    cluster = FakeCluster({"allowed list pods": Unreachable("connection refused")})
    with pytest.raises(Unreachable):
        await answer(COMMAND, context_of(cluster, commands=COMMANDS), Can("list"))
