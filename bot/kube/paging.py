"""Lists in pages. Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks."""

from dataclasses import dataclass, replace

from bot.core.errors import Expired
from bot.core.reading import mapping, objects, text
from bot.core.resources import Json
from bot.kube.client import Call, Client

_PAGE = 500
_STARTS = 3


@dataclass(frozen=True, slots=True)
class Pages:
    """A list's items (a Table's rows), its last page for what else it says, and how many were left unread."""

    items: tuple[Json, ...]
    last: Json
    unread: int | None


async def read_pages(client: Client, call: Call, *, items: str, limit: int) -> Pages:
    """Read at most `limit` of what is under the key `items`; a list that expires on the way starts again, twice."""
    for _ in range(_STARTS - 1):
        try:
            return await _read(client, call, items, limit)
        except Expired:
            continue
    return await _read(client, call, items, limit)


async def _read(client: Client, call: Call, key: str, limit: int) -> Pages:
    found: list[Json] = []
    token = ""
    while True:
        asked = (("limit", str(min(_PAGE, limit - len(found)))), *((("continue", token),) if token else ()))
        page = await client.json(replace(call, query=(*call.query, *asked)))
        found += objects(page.get(key))
        token = text(mapping(page.get("metadata")).get("continue"))
        if not token or len(found) >= limit:
            return Pages(tuple(found[:limit]), page, _unread(page, token, max(0, len(found) - limit)))


def _unread(page: Json, token: str, over: int) -> int | None:
    """Count what was not read; the server does not count for lists that a selector narrows."""
    if not token:
        return over
    remaining = mapping(page.get("metadata")).get("remainingItemCount")
    return remaining + over if isinstance(remaining, int) else None
