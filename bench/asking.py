"""Asking as Alice does, timed at the chat server's side."""

from itertools import islice
from time import perf_counter

from bot.core.resources import Json
from bot.demo.chat.server import ChatServer
from bot.demo.chat.web_api import RESPONSE_URL
from tests.e2e.world import ALICE, ONCALL

_PATIENCE = 30.0  # seconds


async def acknowledged(chat: ChatServer, line: str) -> float:
    """Type a line, and return after how many seconds it was acknowledged."""
    started = perf_counter()
    delivery = await chat.driver.slash(ALICE, ONCALL, line)
    if not delivery.acknowledged:
        raise RuntimeError(f"/pod {line}: {delivery.outcome.value}")
    return perf_counter() - started


async def ask(chat: ChatServer, line: str) -> tuple[float, Json]:
    """Type a line; return after how many seconds the reply was posted, and the reply."""
    calls = chat.state.calls
    seen = len(calls)

    def answered() -> Json | None:
        return next((call.arguments for call in islice(calls, seen, None) if call.method == RESPONSE_URL), None)

    started = perf_counter()
    await acknowledged(chat, line)
    message = await chat.driver.wait_for(answered, _PATIENCE)
    return perf_counter() - started, message or {}
