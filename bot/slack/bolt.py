"""The Bolt app: a slash command, mentions, buttons, a shortcut and forms, each acknowledged before all else."""

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.asks import Ask
from bot.core.reading import text
from bot.core.redaction import redact, redact_reply
from bot.core.replies import Reply
from bot.core.resources import Json
from bot.render import forms
from bot.render.limits import fit
from bot.slack.inbound import Arrival, entry, mention, press, shortcut, slash
from bot.slack.logs import NAME, package_logger
from bot.slack.scopes import MENTION
from bot.slack.shortcuts import TRIAGE

logger = logging.getLogger("podbot.slack")

BUTTONS = re.compile("^podbot:")

Checked = Ask | Reply | Mapping[str, str]
"""What became of a form that was sent: what it asks for, an answer in its place, or what is wrong, by field."""
Check = Callable[[Ask], Checked]

# Bolt reads these itself: a client id turns OAuth on, a token beside a client is warned of. It has no switch for that:
# https://github.com/slackapi/bolt-python/blob/v1.30.0/slack_bolt/app/async_app.py.
_NOT_FOR_BOLT = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_BOT_TOKEN", "SLACK_VERIFICATION_TOKEN")


def build_app(client: AsyncWebClient, signing_secret: str, me: AuthorizeResult) -> AsyncApp:
    """Return an app that needs no call of its own to dispatch a payload: `me` is what auth.test has said.

    `client` has no token, since listeners get one that Bolt makes of it, and podbot does not use it. Listeners run
    before the response, because they only acknowledge and start a task; Bolt would look for that every 10 ms.
    """

    async def authorize() -> AuthorizeResult:
        return me

    with _without_bolts_environment():
        app = AsyncApp(
            name=NAME,  # Bolt configures a logger of this name, which must not be podbot's own
            logger=package_logger(),
            client=client,
            signing_secret=signing_secret,
            authorize=authorize,
            process_before_response=True,
            raise_error_for_unhandled_request=True,
        )
    app.error(_unhandled)
    return app


def listen(
    app: AsyncApp, command: str, bot_user: str, arrive: Callable[[], Arrival], take: Callable[[Ask], None], check: Check
) -> None:
    """Register the listeners; `take` starts the work and returns at once, as does `check`, which does no I/O."""

    @app.command(command)
    async def typed(ack: AsyncAck, body: Json) -> None:
        await ack()
        take(slash(body, arrive()))

    @app.event(MENTION)
    async def mentioned(ack: AsyncAck, body: Json) -> None:
        await ack()
        take(mention(body, arrive(), bot_user))

    @app.action(BUTTONS)
    async def pressed(ack: AsyncAck, body: Json) -> None:
        await ack()
        take(press(body, arrive()))

    @app.message_shortcut(TRIAGE.callback)
    async def asked(ack: AsyncAck, body: Json) -> None:
        await ack()
        take(shortcut(body, arrive()))

    @app.action(forms.CHOICE)
    async def chosen(ack: AsyncAck, body: Json) -> None:
        await ack()
        take(entry(body, arrive()))

    @app.view_submission(forms.CALLBACK)
    async def submitted(ack: AsyncAck, body: Json) -> None:
        ask = entry(body, arrive())
        checked = check(ask)
        await ack(acknowledgement(ask, checked) or "")
        if isinstance(checked, Ask):
            take(checked)


def acknowledgement(ask: Ask, checked: Checked) -> Json:
    """Return what a sent form is answered with: nothing, which closes it, errors beside its fields, or a message.

    Source: https://docs.slack.dev/surfaces/modals#response_actions.
    """
    if isinstance(checked, Ask):
        return {}
    if isinstance(checked, Reply):
        return {"response_action": "update", "view": forms.message(fit(redact_reply(checked)))}
    blocks = ask.entry.blocks if ask.entry else {}
    somewhere = next(iter(blocks.values()), "")
    errors = {blocks.get(name, somewhere): forms.beside(redact(words)) for name, words in checked.items()}
    return {"response_action": "errors", "errors": errors}


async def _unhandled(error: Exception) -> BoltResponse | None:
    """Acknowledge what podbot does not know, without its body in the log; anything else is a fault of podbot's own."""
    if not isinstance(error, BoltUnhandledRequestError):
        logger.error("a payload could not be taken", exc_info=error)
        return None
    if command := text(error.body.get("command")):
        logger.warning("the app sends %s, which is not the command that podbot is set to", command)
    return BoltResponse(status=200)


@contextmanager
def _without_bolts_environment() -> Iterator[None]:
    hidden = {name: os.environ.pop(name) for name in _NOT_FOR_BOLT if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)
