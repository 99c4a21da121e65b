"""The page's own server: the page, its parts, a stream of what there is to see, and a place for what is done."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.core.reading import mapping, text
from bot.core.resources import Json
from bot.demo.chat.server import ChatServer
from bot.demo.page import sights
from bot.demo.page.deeds import NotDoneError, do
from bot.demo.page.guard import HEADERS, guard
from bot.demo.page.panel import Panel

_HERE: Final = Path(__file__).parent
_LARGEST_BODY: Final = 64 * 1024
_PANEL_SECONDS: Final = 1.5
_SHUTDOWN: Final = 1.0
_TASKS: Final = 50  # deeds under way at once


class PageServer:
    """The page at `url`, for `async with`; `port` 0 takes a free one.

    `commands` are the verbs and their summaries, `tries` what a visitor is offered to begin with, `roles` says in words
    what each person may do, `topics` what each channel is for.
    """

    def __init__(
        self,
        chat: ChatServer,
        panel: Panel,
        commands: Sequence[tuple[str, str]],
        *,
        tries: Sequence[Json] = (),
        roles: Mapping[str, str] = MappingProxyType({}),
        topics: Mapping[str, str] = MappingProxyType({}),
        port: int = 0,
        cluster: str = "",
    ) -> None:
        self._about = {"guide": list(tries), "roles": dict(roles), "topics": dict(topics), "cluster": cluster}
        self._chat = chat
        self._panel = panel
        self._commands = commands
        self._port = port
        self._runner: web.AppRunner | None = None
        self._deeds: set[asyncio.Task[None]] = set()
        self._pods: list[Json] = []
        self._watching = 0
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[guard])
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/sights", self._sights),
                web.get("/files/{file}", self._file),
                web.get("/favicon.ico", _no_picture),
                web.post("/deeds", self._deed),
                web.static("/static", _HERE / "static"),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._poll = asyncio.create_task(self._look(), name="look at the pods")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tasks = [self._poll, *self._deeds]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()

    async def _page(self, _: web.Request) -> web.Response:
        environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )
        data = {
            "commands": [{"verb": verb, "summary": summary} for verb, summary in self._commands],
            "command": self._chat.driver.command,
            "people": sights.people(self._chat.state),
            "shortcuts": [{"callback": key, "name": name} for key, name in self._chat.workspace.app.shortcuts.items()],
            **self._about,
        }
        said = environment.get_template("index.html").render(data=data)
        return web.Response(text=said, content_type="text/html")

    async def _sights(self, request: web.Request) -> web.StreamResponse:
        """Stream what a person sees, again whenever something has changed: server-sent events."""
        user = request.query.get("user", "")
        if user not in self._chat.workspace.users:
            raise web.HTTPNotFound(text="There is no such person.\n")
        stream = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await stream.prepare(request)
        self._watching += 1
        try:
            with suppress(ConnectionError):
                await self._tell(stream, user)
        finally:
            self._watching -= 1
        return stream

    async def _tell(self, stream: web.StreamResponse, user: str) -> None:
        last = ""
        bell = self._chat.state.bell
        while True:
            seen = {
                **sights.sight(self._chat.state, user),
                "panel": {"pods": self._pods, "requests": self._panel.requests()},
            }
            said = json.dumps(seen)
            if said != last:
                await stream.write(f"data: {said}\n\n".encode())
                last = said
            await bell.rung(_PANEL_SECONDS * 10)
            await asyncio.sleep(0.05)  # what rings together is told together

    async def _look(self) -> None:
        while True:
            if self._watching:
                pods = await self._panel.pods()
                if pods != self._pods:
                    self._pods = pods
                    self._chat.state.bell.ring()
            await asyncio.sleep(_PANEL_SECONDS)

    async def _file(self, request: web.Request) -> web.Response:
        found = next((one for one in self._chat.driver.files() if one.id == request.match_info["file"]), None)
        if found is None:
            raise web.HTTPNotFound(text="There is no such file.\n")
        return web.Response(body=found.content, content_type="text/plain", charset="utf-8")

    async def _deed(self, request: web.Request) -> web.Response:
        """Begin a deed; what comes of it is seen in the stream, and what nobody could do is said at once."""
        try:
            asked = mapping(await request.json())
        except ValueError as error:
            raise web.HTTPBadRequest(text="That is no JSON.\n") from error
        if text(asked.get("user")) not in self._chat.workspace.users or len(self._deeds) >= _TASKS:
            raise web.HTTPConflict(text="That can't be done now.\n")
        task = asyncio.create_task(do(self._chat.driver, asked), name="a deed on the page")
        self._deeds.add(task)
        task.add_done_callback(self._deeds.discard)
        try:
            await task
        except NotDoneError as error:
            return web.json_response({"problem": str(error)}, status=409)
        return web.json_response({})


async def _no_picture(_: web.Request) -> web.Response:
    """Answer what browsers ask beside a file that they show, and do without."""
    return web.Response(status=204)
