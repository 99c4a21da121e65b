"""What whoever types podbot's command line asks as themselves, with their own kubeconfig: to have templates checked.

It stands beside `own.py`, the bot as itself: the one other client without an identity to impersonate. A running podbot
never comes here; here is no asker in Slack, and whoever runs the command has lent it nothing but their own rights.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.core.names import Namespace
from bot.kube.client import Client
from bot.kube.cluster import BoundCluster
from bot.kube.credentials import open_transport

_NOT_A_BOT = "\0"  # no user is called so: a 403 is the caller's own, and never the bot's lack of rights


@asynccontextmanager
async def as_caller(kubeconfig: str, context: str | None, namespace: Namespace) -> AsyncIterator[BoundCluster]:
    """Give a namespace as the kubeconfig's own user; raises `Unauthenticated` where it cannot be used."""
    transport = await open_transport(kubeconfig=kubeconfig, context=context)
    try:
        yield BoundCluster("", namespace, Client(transport, (), _NOT_A_BOT))
    finally:
        await transport.close()
