from dataclasses import replace

from bot.core.grants import Account, Effect
from bot.core.names import Namespace
from bot.core.replies import Reply
from bot.core.resources import Who
from bot.render.blocks import context, section, table
from handlers.whoami import COMMAND, Whoami
from tests.fakes import FakeCluster, context_of
from tests.handlers.running import answer


async def test_whoami() -> None:
    """It shows Slack's ids, the tier, and the identity as the API server tells it."""
    who = Who("podbot:viewer", ("podbot:viewers", "system:authenticated"), (("podbot.io/slack-user", ("U0ALICE",)),))
    cluster = FakeCluster({"who": who})
    reply = await answer(COMMAND, context_of(cluster, may=frozenset({Effect.READ})), Whoami())
    assert reply == Reply(
        "You are `podbot:viewer` in `main/shop`.",
        (
            section("You are `podbot:viewer` in `main/shop`. Tier `operator` may read."),
            table(
                ("What", "Value"),
                [
                    ("Slack workspace", "T0ACME"),
                    ("Slack user", "U0ALICE"),
                    ("Slack channel", "C0TEAM"),
                    ("Kubernetes user", "podbot:viewer"),
                    ("Kubernetes groups", "podbot:viewers, system:authenticated"),
                    ("podbot.io/slack-user", "U0ALICE"),
                ],
            ),
            context("`/pod can` shows what you may do here."),
        ),
    )


async def test_an_account() -> None:
    """Where podbot signs in as a tier's ServiceAccount, it says that Kubernetes does not know who asks."""
    account = Account(Namespace("podbot"), "viewer")
    asked = context_of(FakeCluster({"who": Who(account.user, account.groups)}))
    (scope,) = asked.scopes
    grant = replace(scope.grant, identity=account)
    reply = await answer(COMMAND, replace(asked, scopes=(replace(scope, grant=grant),)), Whoami())
    assert reply.text == "You are `system:serviceaccount:podbot:podbot-tier-viewer` in `main/shop`."
    note = (
        "Kubernetes sees this ServiceAccount, and not who you are: its audit log does not name you, podbot's own does."
    )
    assert note in str(reply.blocks[0])


async def test_all_effects() -> None:
    """A tier's effects are told in words."""
    reply = await answer(COMMAND, context_of(FakeCluster({"who": Who("a")})), Whoami())
    words = "may read, change and do dangerous things (a button asks first)."
    assert reply.blocks[0] == section(f"You are `a` in `main/shop`. Tier `operator` {words}")
