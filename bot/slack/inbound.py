"""Slack's payloads to Asks: pure, and by the ids that Slack signs, never by names.

A field that is missing becomes empty, which no policy grants anything.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.core.alerts import named
from bot.core.asks import Ask, Entry, MessageRef, Press, Via, ViewRef
from bot.core.forms import field_name
from bot.core.reading import mapping, objects, text
from bot.core.resources import Json
from bot.slack.documents import split
from bot.slack.said import texts


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a payload came (UTC), and the id that its log lines and its answer carry."""

    request_id: str
    received: datetime


def slash(body: Json, arrival: Arrival) -> Ask:
    """Read a slash command.

    Source: https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling.
    """
    words, document = split(text(body.get("text")))
    return Ask(
        request_id=arrival.request_id,
        received=arrival.received,
        via=Via.SLASH,
        team=text(body.get("team_id")),
        user=text(body.get("user_id")),
        channel=text(body.get("channel_id")),
        words=words,
        document=document,
        key=f"slash:{text(body.get('trigger_id'))}",
        response_url=text(body.get("response_url")),
        trigger_id=text(body.get("trigger_id")),
    )


def mention(body: Json, arrival: Arrival, bot_user: str) -> Ask:
    """Read an `app_mention` event; it is answered in its thread, or in a thread under it.

    Each edit of a message that mentions podbot is an event too, with an id of its own. Sources:
    https://docs.slack.dev/reference/events/app_mention and https://github.com/slackapi/bolt-js/issues/960.
    """
    event = mapping(body.get("event"))
    user = text(event.get("user"))
    words, document = split(_after_mention(text(event.get("text")), bot_user))
    return Ask(
        request_id=arrival.request_id,
        received=arrival.received,
        via=Via.MENTION,
        team=text(body.get("team_id")),
        user=user,
        channel=text(event.get("channel")),
        words=words,
        document=document,
        thread=text(event.get("thread_ts")) or text(event.get("ts")),
        key=f"event:{text(body.get('event_id'))}",
        from_bot=_is_bot(event) or user in ("", bot_user),
        edited="edited" in event,
    )


def press(body: Json, arrival: Arrival) -> Ask:
    """Read a pressed button; its value says what it does, once its signature has been verified.

    Source: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload.
    """
    user, container = mapping(body.get("user")), mapping(body.get("container"))
    action = next(iter(objects(body.get("actions"))), {})
    channel = text(mapping(body.get("channel")).get("id")) or text(container.get("channel_id"))
    ts, thread = text(container.get("message_ts")), text(container.get("thread_ts"))
    return Ask(
        request_id=arrival.request_id,
        received=arrival.received,
        via=Via.BUTTON,
        team=_team(body),
        user=text(user.get("id")),
        channel=channel,
        words="",
        thread=thread if thread != ts else "",  # what heads a thread is in the channel
        key=f"press:{channel}:{ts}:{text(action.get('action_ts'))}",
        response_url=text(body.get("response_url")),
        trigger_id=text(body.get("trigger_id")),
        press=Press(text(action.get("value")), _message(container, channel, ts)),
    )


def shortcut(body: Json, arrival: Arrival) -> Ask:
    """Read the shortcut on a message: it asks about the pods that the message names, wherever the asker may look.

    Source: https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload.
    """
    message, user = mapping(body.get("message")), mapping(body.get("user"))
    thread = text(message.get("thread_ts"))
    return Ask(
        request_id=arrival.request_id,
        received=arrival.received,
        via=Via.SHORTCUT,
        team=_team(body),
        user=text(user.get("id")),
        channel=text(mapping(body.get("channel")).get("id")),
        words=" ".join(("alert", "-A", *(one.word for one in named(texts(message))))),
        thread=thread if thread != text(message.get("ts")) else "",  # what heads a thread is seen in the channel
        key=f"shortcut:{text(body.get('trigger_id'))}",
        response_url=text(body.get("response_url")),
        trigger_id=text(body.get("trigger_id")),
    )


def _team(body: Json) -> str:
    """Return the workspace that an interaction comes from; where `team` is null, the user says it."""
    return text(mapping(body.get("team")).get("id")) or text(mapping(body.get("user")).get("team_id"))


def entry(body: Json, arrival: Arrival) -> Ask:
    """Read a form that was sent, or a choice in one; no channel comes with it but the one in its signed value.

    Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload.
    """
    user, view = mapping(body.get("user")), mapping(body.get("view"))
    held = mapping(mapping(view.get("state")).get("values"))
    values = {field_name(block): _held(mapping(fields)) for block, fields in held.items()}
    return Ask(
        request_id=arrival.request_id,
        received=arrival.received,
        via=Via.FORM,
        team=_team(body),
        user=text(user.get("id")),
        channel="",
        words="",
        key=f"view:{text(body.get('trigger_id'))}",
        trigger_id=text(body.get("trigger_id")),
        view=ViewRef(text(view.get("id"))),
        entry=Entry(text(view.get("private_metadata")), values, {field_name(block): block for block in held}),
    )


def _held(fields: Json) -> str:
    """Return what the one element of a block holds: typed text, or the value that was chosen."""
    element = mapping(next(iter(fields.values()), None))
    return text(element.get("value")) or text(mapping(element.get("selected_option")).get("value"))


def _message(container: Json, channel: str, ts: str) -> MessageRef | None:
    """Return the message that can be edited: chat.update knows no ephemeral ones."""
    return MessageRef(channel, ts) if ts and not container.get("is_ephemeral") else None


def _is_bot(event: Json) -> bool:
    return "bot_id" in event or event.get("subtype") == "bot_message"


def _after_mention(said: str, bot_user: str) -> str:
    found = re.search(rf"<@{re.escape(bot_user)}(?:\|[^>]*)?>", said)
    return said[found.end() :] if found else said
