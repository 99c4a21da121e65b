"""apps.connections.open: the way into Socket Mode."""

import secrets

from bot.core.resources import Json
from bot.demo.chat.arguments import Arguments
from bot.demo.chat.state import State


def open_connection(state: State, _: Arguments) -> Json:
    """Return the URL of a new websocket, with the ticket that lets it in."""
    ticket = secrets.token_hex(16)
    state.tickets[ticket] = None
    return {"url": f"{state.origin.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={state.workspace.app.id}"}
