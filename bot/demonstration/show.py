"""The demo from curtain to curtain: `opened` for whoever wants it running, `serve` for the command line."""

import asyncio
import json
import secrets
import signal
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.app import App, SystemClock
from bot.demo import scenery
from bot.demo.chat.keeping import LATEST
from bot.demo.chat.server import ChatServer
from bot.demo.chat.workspace import acme
from bot.demo.page.panel import Panel
from bot.demo.page.server import PageServer
from bot.demo.witness import Witness
from bot.demonstration.ground import REAL, SIMULATED, Ground, prepared, simulated
from bot.kube.credentials import open_transport
from bot.slack.scopes import OPTIONAL, REQUIRED
from bot.slack.shortcuts import SHORTCUTS
from config.policy import parse_policy
from config.settings import Settings, load_settings
from handlers import COMMANDS

GRANTED = REQUIRED | OPTIONAL
MENU = {one.callback: one.name for one in SHORTCUTS}


@asynccontextmanager
async def opened(kubeconfig: Path | None = None, port: int = 0) -> AsyncIterator[str]:
    """Run podbot, a chat server and a page over a cluster, and give the page's address.

    Without a kubeconfig the cluster is simulated; with one the demo makes three namespaces and podbot's RBAC there, and
    takes them away at the end.
    """
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="podbot-demo-")))
        names = REAL if kubeconfig else SIMULATED
        administrator = kubeconfig
        if administrator is None:
            administrator = await stack.enter_async_context(simulated(clock, folder))
        written = json.dumps(scenery.policy(names.shop, names.payments)).encode()
        policy = folder / "policy.yaml"
        policy.write_bytes(written)
        ground = await stack.enter_async_context(
            prepared(parse_policy(written, str(policy)), administrator, folder, names)
        )
        chat = await stack.enter_async_context(ChatServer(clock, acme(GRANTED, MENU), keep=LATEST))
        chat.state.write("C0ONCALL", "U0ALERTS", **scenery.alert(names.shop))
        transport = await open_transport(kubeconfig=str(ground.kubeconfig))
        stack.push_async_callback(transport.close)
        witness = Witness(transport, clock, chat.state.bell.ring)
        await stack.enter_async_context(App(settings(chat, ground, policy), witness))
        verbs = [(command.name, command.summary) for command in COMMANDS]
        tries = [scenery.described(one, chat.workspace) for one in scenery.TRIES]
        page = PageServer(
            chat,
            Panel(ground.looks, witness),
            verbs,
            tries=tries,
            roles=scenery.ROLES,
            topics=scenery.TOPICS,
            port=port,
            cluster=ground.name,
        )
        await stack.enter_async_context(page)
        yield page.url


def settings(chat: ChatServer, ground: Ground, policy: Path) -> Settings:
    """Return podbot's settings on this stage."""
    app = chat.workspace.app
    return load_settings(
        {
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_APP_TOKEN": app.app_token,
            "SLACK_API_URL": chat.base_url,
            "SIGNING_KEYS": secrets.token_hex(32),
            "KUBECONFIG": str(ground.kubeconfig),
            "PODBOT_NAMESPACE": ground.home,
            "PODBOT_POLICY": str(policy),
            "PODBOT_DRAIN": "2",
            "PODBOT_CHECK_AT_START": "false",  # the panel is for what people ask
        }
    )


async def serve(kubeconfig: Path | None, port: int, *, browser: bool) -> None:
    """Run the demo until Ctrl+C or SIGTERM, saying where it is."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with opened(kubeconfig, port) as url:
        print(f"\n  podbot's demo is at {url}\n  Ctrl+C ends it.\n", flush=True)  # noqa: T201  # the command's answer
        if browser:
            await asyncio.to_thread(webbrowser.open, url)
        await stopping.wait()
