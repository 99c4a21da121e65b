"""Plays a story at a site, and tells its answers as they are recorded."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from string import Template
from typing import Any

from bot.core.grants import Identity
from bot.core.ports import Clock
from bot.core.resources import Json
from bot.core.wire import Request, Response, Transport
from bot.kube.impersonation import headers_for
from tests.contract.exchanges.exchange import Exchange, Story
from tests.contract.normalising import Normaliser
from tests.contract.sites import Site

_PAUSE = 0.1  # seconds between two looks
_LOOKS = 900
_TWICE = ("BOOKMARK", "BOOKMARK")  # how many come is the server's affair
_BEGINNING = 200  # characters of a body that is no JSON


async def play(story: Story, site: Site, clock: Clock) -> AsyncIterator[Json]:
    """Ask what a story asks, in a namespace of its own, and yield each answer as it is recorded."""
    known = {"namespace": str(site.namespace), "bot": site.own_user}
    normaliser = Normaliser(known)
    for exchange in story.exchanges:
        status, headers, body = await _asked(exchange, site, known, clock)
        known |= {name: _part(body, path) for name, path in exchange.keep.items()}
        told = {"what": exchange.what, "asked": exchange.line, "status": status}
        if "warning" in headers:
            told["warning"] = headers["warning"]
        yield {**told, "body": normaliser.body(body, exchange.stripped)}


async def _asked(
    exchange: Exchange, site: Site, known: Mapping[str, str], clock: Clock
) -> tuple[int, Mapping[str, str], Any]:
    for _ in range(_LOOKS):
        status, headers, body = await _once(exchange, site, known)
        if exchange.until is None or (isinstance(body, dict) and exchange.until(status, body)):
            return status, headers, body
        await clock.sleep(_PAUSE)
    raise TimeoutError(f"{exchange.what}: not so within {_PAUSE * _LOOKS:.0f} s, but {status} {body}")


async def _once(exchange: Exchange, site: Site, known: Mapping[str, str]) -> tuple[int, Mapping[str, str], Any]:
    transport, identity = _sender(exchange, site)
    content = exchange.body
    if not isinstance(content, bytes):
        content = b"" if content is None else _filled(json.dumps(content), known).encode()
    headers = [("Accept", exchange.accept), *(headers_for(identity) if identity else ())]
    headers += [("Content-Type", exchange.content)] if content else []
    headers += [(name, _filled(value, known)) for name, value in exchange.headers.items()]
    query = tuple((name, _filled(value, known)) for name, value in exchange.query.items())
    request = Request(exchange.method, _filled(exchange.path, known), query, tuple(headers), content, timeout=30)
    async with transport.send(request) as response:
        return response.status, response.headers, _read(await _whole(response), exchange)


def _sender(exchange: Exchange, site: Site) -> tuple[Transport, Identity | None]:
    people = {"operator": site.operator, "viewer": site.viewer, "nobody": site.nobody}
    return site.admin.connection if exchange.by == "admin" else site.transport, people.get(exchange.by)


async def _whole(response: Response) -> bytes:
    async with asyncio.timeout(30):
        return b"".join([chunk async for chunk in response.chunks()])


def _read(body: bytes, exchange: Exchange) -> Any:
    """Return what a body says: an object, the objects of a watch, or its words."""
    try:
        if "watch" in exchange.query:
            return _alone([json.loads(line) for line in body.splitlines()])
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")[:_BEGINNING]


def _alone(events: list[Json]) -> Any:
    """Return the one object that is no event: a refusal; or the events, with one bookmark where several follow."""
    if len(events) == 1 and events[0].get("kind") == "Status":
        return events[0]
    kinds = [event["type"] for event in events]
    return [event for before, event in zip(["", *kinds], events, strict=False) if (before, event["type"]) != _TWICE]


def _filled(text: str, known: Mapping[str, str]) -> str:
    return Template(text).safe_substitute(known)


def _part(body: Any, path: str) -> str:
    for key in path.split("."):
        body = body[key]
    return str(body)
