"""What podbot can't do without, and nothing else: a process that takes commands and makes bare calls for them.

It is started by `bench.raw`, and told on its input, a JSON object a line, what to do.
"""

import asyncio
import json
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp
import yaml
from yarl import URL


class BareBot:
    """Calls by one session, one after the other; `answers` are the calls and the message for each line."""

    def __init__(self, session: aiohttp.ClientSession, server: str, token: str) -> None:
        self._session = session
        self._server = server
        self._authorization = ("Authorization", f"Bearer {token}")
        self.answers: dict[str, Any] = {}

    async def listen(self, api: str, app_token: str) -> None:
        """Take commands from a websocket: acknowledge, make the calls, post the message."""
        headers = {"Authorization": f"Bearer {app_token}"}
        async with self._session.post(f"{api}apps.connections.open", headers=headers) as response:
            url = (await response.json())["url"]
        async with self._session.ws_connect(url) as socket:
            async for message in socket:
                envelope = message.json()
                if envelope["type"] != "slash_commands":
                    continue
                await socket.send_json({"envelope_id": envelope["envelope_id"]})
                answer = self.answers[envelope["payload"]["text"]]
                await self.make(answer["requests"])
                async with self._session.post(envelope["payload"]["response_url"], json=answer["message"]) as posted:
                    await posted.read()

    async def make(self, requests: Any) -> None:
        """Make requests of the API server, and read their answers as what they are."""
        for asked in requests:
            headers = [*map(tuple, asked["headers"]), self._authorization]
            url = URL(f"{self._server}{asked['path']}", encoded=True)
            async with self._session.request(asked["method"], url, headers=headers) as response:
                body = await response.read()
                response.raise_for_status()
                if response.content_type == "application/json":
                    json.loads(body)


async def serve(config: Mapping[str, Any], api: str, app_token: str) -> None:
    """Obey: learn an answer, or make calls now and say how long they took."""
    cluster, token = config["clusters"][0]["cluster"], config["users"][0]["user"]["token"]
    authority = cluster.get("certificate-authority")
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=authority) if authority else True)
    loop = asyncio.get_running_loop()
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as tasks:
        bot = BareBot(session, cluster["server"], token)
        listening = tasks.create_task(bot.listen(api, app_token))
        while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
            told, started = json.loads(line), perf_counter()
            if "line" in told:
                bot.answers[told["line"]] = told
            else:
                await bot.make(told["requests"])
            sys.stdout.write(f"{perf_counter() - started}\n")
            sys.stdout.flush()
        listening.cancel()


if __name__ == "__main__":
    asyncio.run(serve(yaml.safe_load(Path(sys.argv[1]).read_text()), sys.argv[2], sys.argv[3]))
