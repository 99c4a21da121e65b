"""Reading what `/pod describe` answers."""

import re

from bot.core.replies import Reply
from bot.render.plain import plain
from tests.differential.facts import COMPARED, Box, Facts
from tests.differential.tables import of_podbot

_EVENT = re.compile(r"• \S+ · (:warning: )?\*(.+?)\*(?: ([a-z0-9-]+))?(?: \((\d+) times\))?: (.*)")


def facts_of(reply: Reply) -> Facts:
    """Read a reply."""
    page = plain(reply.blocks).replace("`", "")
    return Facts(
        node=_found(r"\*Node\* (\S+) ·", page, "none"),
        ip=_found(r"\*IP\* (\S+)", page, "none"),
        account=_found(r"\*Service account\* (\S+)", page, "none"),
        owner=_found(r"\*Controlled by\* (.+)", page, "nothing").replace(" ", "/"),
        labels=set(_found(r"\*Labels\* (.*)", page, "none").split()),
        containers=dict(_box(row, page) for row in of_podbot(reply)),
        untrue=set(re.findall(r"• \*(\w+)\* is False", page)),
        events=[
            ("Warning" if warning else "Normal", reason, container, int(times or 1), message[:COMPARED])
            for warning, reason, container, times, message in _EVENT.findall(page)
        ],
    )


def _found(pattern: str, page: str, nothing: str) -> str:
    found = re.search(pattern, page)
    return "" if found is None or found[1] == nothing else found[1]


def _box(row: dict[str, str], page: str) -> tuple[str, Box]:
    name = row["container"].partition(" ")[0]
    return name, Box(
        image=row["image"],
        state=re.sub(r", (?:not )?ready$", "", row["state"]),
        ports=[port for port in row["ports"].split(", ") if port],
        probes=[probe for probe in row["probes"].split("; ") if probe],
        restarts=int(_found(rf"• {re.escape(name)} has restarted (\d+) time", page, "") or 0),
        exits=re.findall(rf"• {re.escape(name)}(?: ended|, the run before): exit code (\d+)", page),
    )
