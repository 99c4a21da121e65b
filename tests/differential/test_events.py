"""`events`, `kubectl events` and `kubectl get events`."""

import json
import re
from collections import Counter
from collections.abc import Iterable

import pytest

from bot.core.resources import Json
from tests.differential.sides import Sides, same
from tests.differential.tables import of_kubectl, of_podbot

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="package")]

Told = tuple[str, ...]

_REPEATED = re.compile(r"\(x(\d+) over ")
_OF_CONTAINER = re.compile(r" \(.+\)$")

ABOUT = ["", "web-1", "plain-1", "again-1", "pull-1", "stuck-1", "crashing-1", "config-1"]


@pytest.mark.parametrize("pod", ABOUT)
@pytest.mark.parametrize("warnings", [False, True], ids=["", "warnings"])
async def test_events(sides: Sides, pod: str, warnings: bool) -> None:  # noqa: FBT001  # a case, not a call
    """The same events happened equally often; podbot also says of which container, so it has more lines."""

    async def kubectl() -> Counter[Told]:
        flags = (*(("--for", f"pod/{pod}") if pod else ()), *(("--types", "Warning") if warnings else ()))
        return _counted(
            (row, _times(row["last seen"])) for row in of_kubectl((await sides.kubectl("events", *flags)).text)
        )

    async def podbot() -> Counter[Told]:
        reply = await sides.podbot.read(f"events {pod}{' --warnings' if warnings else ''}")
        rows = of_podbot(reply)
        assert reply.file is None
        return _counted((row, int(row["count"].replace(",", ""))) for row in rows)

    await same(kubectl, podbot)


async def test_order(sides: Sides) -> None:
    """The newest come last, in the order of kubectl's --sort-by=.lastTimestamp; those of one second in any."""
    for _ in range(20):
        before = await _times_of(sides)
        rows = of_podbot(await sides.podbot.read("events"))
        if await _times_of(sides) == before:
            break
    seconds = [before[_key(row)] for row in rows]
    assert len(seconds) > 20
    assert seconds == sorted(seconds)


async def _times_of(sides: Sides) -> dict[Told, str]:
    """Return when each thing was last said, by the fields that kubectl sorts by."""
    printed = await sides.kubectl("get", "events", "--sort-by=.lastTimestamp", "-o", "json")
    events: list[Json] = json.loads(printed.text)["items"]
    times: dict[Told, str] = {}
    for event in events:
        key, said = _key(_row(event)), (event.get("lastTimestamp") or event.get("eventTime") or "")[:19]
        times[key] = max(said, times.get(key, ""))
    return times


def _row(event: Json) -> dict[str, str]:
    about = event["involvedObject"]
    path = re.fullmatch(r"spec\.\w+\{(.+)\}", about.get("fieldPath", ""))
    whose = f" ({path[1]})" if path else ""
    shown = {key: event[key] for key in ("type", "reason", "message")}
    return {**shown, "object": f"{about['kind'].lower()}/{about['name']}{whose}"}


def _key(row: dict[str, str]) -> Told:
    return row["type"], row["reason"], row["object"].lower(), " ".join(row["message"].split())


def _counted(rows: Iterable[tuple[dict[str, str], int]]) -> Counter[Told]:
    """Count what happened how often, whichever container it was."""
    counts: Counter[Told] = Counter()
    for row, times in rows:
        counts[_key({**row, "object": _OF_CONTAINER.sub("", row["object"])})] += times
    return counts


def _times(last_seen: str) -> int:
    found = _REPEATED.search(last_seen)
    return int(found[1]) if found else 1
