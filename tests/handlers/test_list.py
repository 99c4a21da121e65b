import pytest

from bot.core.errors import Forbidden, Unreachable
from bot.core.replies import Reply
from bot.core.resources import Column, Row, Table
from bot.render.blocks import context, section, table
from handlers.list import COMMAND, ListPods
from tests.fakes import FakeCluster, context_of
from tests.handlers.running import answer

COLUMNS = (Column("Name"), Column("Status"), Column("Node", priority=1))
WEB = Row(("web-1", "Running", "node-1"), (("app", "web"), ("tier", "front")))
API = Row(("api-1", "<!channel>", "node-2"))
ALL = ListPods(selector=None, field_selector=None, show_labels=False, output=None)
LOGS = context("`/pod describe POD -n shop` shows how one of them is, `/pod logs POD -n shop` what it printed.")


def pods(*rows: Row, unread: int | None = 0) -> Table:
    """Return a Table of pods."""
    return Table(COLUMNS, rows, unread)


async def test_list() -> None:
    """Pods come in the server's own columns, the wide ones left out."""
    cluster = FakeCluster({"table pods": pods(WEB, API)})
    assert await answer(COMMAND, context_of(cluster), ALL) == Reply(
        "*2 pods* in `main/shop`",
        (
            section("*2 pods* in `main/shop`"),
            table(("Name", "Status"), [("web-1", "Running"), ("api-1", "<!channel>")]),
            LOGS,
        ),
    )
    assert cluster.calls == [("table pods", {"selector": "", "fields": "", "limit": 500, "labels": False})]


async def test_options() -> None:
    """Selectors go to the server; wide columns and labels are shown where asked."""
    cluster = FakeCluster({"table pods": pods(WEB)})
    asked = ListPods(selector="app=web", field_selector="status.phase=Running", show_labels=True, output="wide")
    assert (await answer(COMMAND, context_of(cluster), asked)).blocks == (
        section("*1 pod* in `main/shop` matching `app=web` and `status.phase=Running`"),
        table(("Name", "Status", "Node", "Labels"), [("web-1", "Running", "node-1", "app=web,tier=front")]),
        LOGS,
    )
    options = {"selector": "app=web", "fields": "status.phase=Running", "limit": 500, "labels": True}
    assert cluster.calls == [("table pods", options)]


async def test_nothing() -> None:
    """An empty namespace says so, and what to do."""
    reply = await answer(COMMAND, context_of(FakeCluster({"table pods": Table((), ())})), ALL)
    assert reply == Reply(
        "No pods in `main/shop`",
        (section("No pods in `main/shop`."), context("`/pod templates` shows what you can create.")),
    )


async def test_no_match() -> None:
    """No match says what was looked for, and how to see all."""
    asked = ListPods(selector="app=x", field_selector=None, show_labels=False, output=None)
    reply = await answer(COMMAND, context_of(FakeCluster({"table pods": pods()})), asked)
    assert reply.blocks == (
        section("No pods in `main/shop` matching `app=x`."),
        context("`/pod list -n shop` shows all of them."),
    )


@pytest.mark.parametrize(("unread", "count"), [(9_430, "*1 of 9,431 pods*"), (None, "*1 of more than 1 pod*")])
async def test_unread(unread: int | None, count: str) -> None:
    """Pods that were not read are counted where the server counts them, and the answer says how to narrow it."""
    reply = await answer(COMMAND, context_of(FakeCluster({"table pods": pods(WEB, unread=unread)})), ALL)
    assert reply.blocks[0] == section(f"{count} in `main/shop`")
    assert reply.blocks[-1] == context(
        "At most 500 of a namespace are read. Narrow it: `/pod list -n shop -l app=web`."
    )


async def test_everywhere() -> None:
    """With several namespaces each row names its own; one that may not be listed is told and spoils nothing."""
    shop = FakeCluster({"table pods": pods(WEB)}, "shop")
    pay = FakeCluster({"table pods": Forbidden("no", status=403)}, "pay")
    test = FakeCluster({"table pods": pods(API)}, "test")
    reply = await answer(COMMAND, context_of(pay, shop, test), ALL)
    assert reply.blocks == (
        section("*2 pods* in 3 namespaces of `main`"),
        table(("Namespace", "Name", "Status"), [("shop", "web-1", "Running"), ("test", "api-1", "<!channel>")]),
        section(":no_entry: Not allowed to list pods in `pay`. `/pod can list` says what is missing."),
        context(
            "`/pod describe POD -n NAMESPACE` shows how one of them is, `/pod logs POD -n NAMESPACE` what it printed."
        ),
    )


@pytest.mark.parametrize("names", [("shop",), ("shop", "pay")])
async def test_forbidden(names: tuple[str, ...]) -> None:
    """Where no namespace may be listed, the server's refusal is the answer."""
    clusters = [FakeCluster({"table pods": Forbidden(f"no pods of {name}")}, name) for name in names]
    with pytest.raises(Forbidden, match="no pods of shop"):
        await answer(COMMAND, context_of(*clusters), ALL)


async def test_unreachable() -> None:
    """Any other error in one of several namespaces is the answer: half a list would look like a whole one."""
    shop = FakeCluster({"table pods": pods(WEB)}, "shop")
    pay = FakeCluster({"table pods": Unreachable("refused")}, "pay")
    with pytest.raises(Unreachable):
        await answer(COMMAND, context_of(shop, pay), ALL)
