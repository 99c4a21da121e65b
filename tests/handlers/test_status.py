"""How podbot itself is."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.replies import Reply
from bot.core.vitals import Held, Load, Server, Vitals, Way
from bot.render.blocks import context, section, table
from handlers.status import COMMAND, Status
from tests.fakes import NOW, FakeCluster, context_of
from tests.handlers.running import answer

WELL = Vitals(
    version="0.1.0",
    revision="abc1234",
    replica="podbot-7d9",
    started=NOW - timedelta(hours=5, minutes=3),
    cluster="main",
    server=Server("v1.37.1", 0.0123),
    slack=Way("Socket Mode", connected=True, silent=4.2),
    policy=Held(NOW - timedelta(minutes=90)),
    templates=7,
    load=Load(running=2, at_once=20, waiting=1, room=40, long=3, most_long=8),
)
LOG = "Whoever runs podbot finds the details in its log."


async def told(vitals: Vitals) -> Reply:
    """Return the answer to whoever asks how podbot is."""

    async def take() -> Vitals:
        return vitals

    return await answer(COMMAND, replace(context_of(FakeCluster()), vitals=take), Status())


async def test_all_is_well() -> None:
    """The whole of it is one table, the verdict before it."""
    heading = ":large_green_circle: *All is well* · podbot 0.1.0 for `main`"
    rows = [
        ("podbot", "0.1.0, revision abc1234, replica podbot-7d9, up for 5h3m"),
        ("Cluster", "main, Kubernetes v1.37.1, answered in 12 ms"),
        ("Slack", "Socket Mode, connected, heard 4s ago"),
        ("Policy", "in force for 90m"),
        ("Templates", "7 templates"),
        ("Commands", "2 of 20 run, 1 of 40 wait; 3 of 8 long ones, such as waits and followed messages"),
    ]
    blocks = (section(heading), table(("What", "How it is"), rows), context("`/pod can` shows what you may do."))
    assert await told(WELL) == Reply(heading, blocks)


@pytest.mark.parametrize(
    ("changed", "trouble", "row"),
    [
        (
            {"server": Server(trouble="cannot be reached")},
            "the API server cannot be reached",
            ("Cluster", "main, whose API server cannot be reached"),
        ),
        (
            {"slack": Way("HTTP", connected=False)},
            "Slack does not reach this replica",
            ("Slack", "HTTP, not connected"),
        ),
        (
            {"policy": Held(NOW, broken=True), "frozen": True},
            "the policy file is broken",
            ("Policy", "in force for 0s; a later edit is broken and not used; changes are frozen"),
        ),
        (
            {"templates": 1, "templates_broken": True},
            "the templates are broken",
            ("Templates", "1 template; a later edit is broken and not used"),
        ),
    ],
)
async def test_trouble_comes_first(changed: dict[str, Any], trouble: str, row: tuple[str, str]) -> None:
    """What is not well stands in the first line and in its row, without details, which are in the log."""
    reply = await told(replace(WELL, **changed))
    assert reply.text == f":warning: *Not all is well*: {trouble} · podbot 0.1.0 for `main`"
    cells = [tuple(cell["text"] for cell in cells) for cells in reply.blocks[1]["rows"]]
    assert row in cells
    assert reply.blocks[-1] == context(LOG)


async def test_what_is_not_known() -> None:
    """Without a revision none is shown, and a podbot that nothing is known of has an answer as well."""
    assert "revision" not in str((await told(replace(WELL, revision=""))).blocks)
    assert (await answer(COMMAND, context_of(FakeCluster()), Status())).text
