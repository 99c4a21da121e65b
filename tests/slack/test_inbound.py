"""Payloads, shaped as Slack's documentation says, to Asks."""

from datetime import UTC, datetime

import pytest

from bot.core.asks import Ask, Entry, MessageRef, Press, Via, ViewRef
from bot.core.resources import Json
from bot.slack.inbound import Arrival, entry, mention, press, shortcut, slash

ARRIVAL = Arrival("r1", datetime(2026, 1, 2, tzinfo=UTC))
SLASH: Json = {
    "team_id": "T0ACME",
    "channel_id": "C0TEAM",
    "channel_name": "C0OTHER",
    "user_id": "U0ALICE",
    "user_name": "U0ROOT",
    "command": "/pod",
    "text": "  list \u00a0 ",
    "response_url": "https://hooks.slack.com/commands/secret",
    "trigger_id": "1.2.3",
}
EVENT: Json = {"type": "app_mention", "user": "U0ALICE", "text": "<@U0BOT> list", "ts": "1.5", "channel": "C0TEAM"}
PRESS: Json = {
    "team": {"id": "T0ACME"},
    "user": {"id": "U0ALICE", "team_id": "T0OTHER", "name": "U0ROOT"},
    "channel": {"id": "C0TEAM"},
    "container": {"message_ts": "1.5", "channel_id": "C0TEAM", "is_ephemeral": False},
    "actions": [{"action_id": "podbot:confirm", "value": "signed", "action_ts": "2.5"}],
}


def mentioned(**event: object) -> Ask:
    """Read a mention, with some of its event's fields changed."""
    return mention({"team_id": "T0ACME", "event_id": "Ev1", "event": {**EVENT, **event}}, ARRIVAL, "U0BOT")


def test_a_command_is_read_by_its_ids() -> None:
    """A slash command is an Ask by Slack's ids; names play no part."""
    assert slash(SLASH, ARRIVAL) == Ask(
        request_id="r1",
        team="T0ACME",
        user="U0ALICE",
        channel="C0TEAM",
        words="list",
        via=Via.SLASH,
        received=ARRIVAL.received,
        key="slash:1.2.3",
        response_url="https://hooks.slack.com/commands/secret",
        trigger_id="1.2.3",
    )


def test_a_secret_address_is_not_shown() -> None:
    """Nobody who prints an Ask prints what could post as podbot."""
    assert "secret" not in repr(slash(SLASH, ARRIVAL))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("<@U0BOT> list", "list"),
        ("<@U0BOT|podbot>\u00a0list", "list"),
        ("please <@U0BOT> list -n shop", "list -n shop"),
        ("<@U0BOT> ask <@U0BOT>", "ask <@U0BOT>"),
        ("<@U0BOT>", ""),
        ("<@U0OTHER> list", "<@U0OTHER> list"),
        ("<@U0BOT> logs web \u2014previous &amp;", "logs web --previous &"),
    ],
)
def test_a_mentions_words_follow_it(said: str, words: str) -> None:
    """The words are what stands after podbot's own mention, undone."""
    assert mentioned(text=said).words == words


YAML = "apiVersion: v1\nkind: Pod"


@pytest.mark.parametrize(
    ("said", "words", "document"),
    [
        (f"create\n```{YAML}```", "create", YAML),
        (f"create -n shop ```\n{YAML}\n``` ", "create -n shop", YAML),
        (f"create\n-n shop\n```{YAML}```\n\u2014dry-run", "create -n shop   --dry-run", YAML),
        (f"create ```yaml\n{YAML}```", "create", YAML),
        (f"create ```{YAML}``` ```{YAML}```", "create", f"{YAML}\n---\n{YAML}"),
        (
            "create ```a: &lt;b&gt; &amp;amp; “c” —d\u00a0‘e’\r\n  f: g```",
            "create",
            "a: <b> &amp; “c” —d\u00a0‘e’\n  f: g",
        ),
        (
            "create ```a: <http://b.example/c:1|b.example/c:1>\nd: <https://e.example/?f&amp;g>```",
            "create",
            "a: b.example/c:1\nd: https://e.example/?f&g",
        ),
        ("```list -n shop```", "list -n shop", ""),
        (f"```create --yaml\n{YAML}```", "create --yaml", YAML),
        (f"create —yaml -n shop\n{YAML}", "create --yaml -n shop", YAML),
        (f"create\n{YAML}", f"create\n{YAML}", ""),
        ("create --yaml\n", "create --yaml", ""),
        ("create ```open", "create ```open", ""),
        ("create ``````", "create", ""),
        ("list `-n shop`", "list `-n shop`", ""),
    ],
)
def test_a_code_block_is_a_document(said: str, words: str, document: str) -> None:
    """What stands in a code block, or below `--yaml`, is taken as it was typed, and the rest is the line."""
    for ask in (slash({**SLASH, "text": said}, ARRIVAL), mentioned(text=f"<@U0BOT> {said}")):
        assert (ask.words, ask.document) == (words, document)


@pytest.mark.parametrize(("thread", "answered_in"), [("1.0", "1.0"), (None, "1.5")])
def test_a_mention_is_answered_in_a_thread(thread: str | None, answered_in: str) -> None:
    """A mention is answered in the thread that it stands in, else in one under it."""
    assert mentioned(thread_ts=thread).thread == answered_in


@pytest.mark.parametrize(
    "event", [{"bot_id": "B1"}, {"subtype": "bot_message"}, {"user": ""}, {"user": None}, {"user": "U0BOT"}]
)
def test_a_bot_is_known_as_one(event: Json) -> None:
    """What a bot, a webhook or podbot itself wrote is marked."""
    assert mentioned(**event).from_bot
    assert not mentioned().from_bot


def test_an_edited_mention_is_known_as_one() -> None:
    """Slack sends an edited message as a new event with an id of its own, and says of it that it was edited."""
    assert mentioned(edited={"user": "U0ALICE", "ts": "2.0"}).edited
    assert not mentioned().edited


def test_a_press_is_read() -> None:
    """A press is an Ask without words: its signed value has them."""
    assert press(PRESS, ARRIVAL) == Ask(
        request_id="r1",
        team="T0ACME",
        user="U0ALICE",
        channel="C0TEAM",
        words="",
        via=Via.BUTTON,
        received=ARRIVAL.received,
        key="press:C0TEAM:1.5:2.5",
        press=Press("signed", MessageRef("C0TEAM", "1.5")),
    )


def test_an_ephemeral_message_cannot_be_edited() -> None:
    """A press on an ephemeral message names no message."""
    container = {**PRESS["container"], "is_ephemeral": True, "thread_ts": "1.0"}
    ask = press({**PRESS, "container": container}, ARRIVAL)
    assert (ask.press, ask.thread) == (Press("signed"), "1.0")


@pytest.mark.parametrize(("thread", "answered_in"), [("1.0", "1.0"), ("1.5", ""), (None, "")])
def test_a_press_is_answered_beside_its_message(thread: str | None, answered_in: str) -> None:
    """One in a thread is answered there; a message that heads a thread is in the channel, and so is its answer."""
    ask = press({**PRESS, "container": {**PRESS["container"], "thread_ts": thread}}, ARRIVAL)
    assert ask.thread == answered_in


def test_what_is_missing_is_empty() -> None:
    """A payload without what podbot needs becomes an Ask that nothing is granted to."""
    asks = [slash({}, ARRIVAL), mention({}, ARRIVAL, "U0BOT"), press({"actions": None}, ARRIVAL)]
    assert [(ask.team, ask.user, ask.channel, ask.words) for ask in asks] == [("", "", "", "")] * 3


def test_a_press_outside_a_channel_has_the_containers() -> None:
    """Where a payload names no channel or team of its own, its container's and its user's hold."""
    ask = press({**PRESS, "channel": None, "team": None}, ARRIVAL)
    assert (ask.channel, ask.team) == ("C0TEAM", "T0OTHER")


FORM: Json = {
    "type": "view_submission",
    "team": {"id": "T0ACME"},
    "user": {"id": "U0ALICE", "team_id": "T0OTHER", "name": "U0ROOT"},
    "trigger_id": "3.1",
    "view": {
        "id": "V1",
        "hash": "h",
        "private_metadata": "signed",
        "state": {
            "values": {
                "name@1": {"podbot-field": {"type": "plain_text_input", "value": "web"}},
                "image@1": {"podbot-field": {"type": "plain_text_input", "value": None}},
                "size@1": {"podbot-choice": {"type": "static_select", "selected_option": {"value": "m"}}},
                "kind@1": {"podbot-choice": {"type": "static_select", "selected_option": None}},
            }
        },
    },
}


def test_a_form_is_read_by_its_fields_names() -> None:
    """A form brings its signed value and its fields by name; the channel is in the signed value alone."""
    assert entry(FORM, ARRIVAL) == Ask(
        request_id="r1",
        team="T0ACME",
        user="U0ALICE",
        channel="",
        words="",
        via=Via.FORM,
        received=ARRIVAL.received,
        key="view:3.1",
        trigger_id="3.1",
        view=ViewRef("V1"),
        entry=Entry(
            "signed",
            {"name": "web", "image": "", "size": "m", "kind": ""},
            {"name": "name@1", "image": "image@1", "size": "size@1", "kind": "kind@1"},
        ),
    )


@pytest.mark.parametrize("body", [{}, {"view": None, "user": 7}, {"view": {"state": {"values": {"b": None}}}}])
def test_a_form_of_another_shape_grants_nothing(body: Json) -> None:
    """What is missing in a form becomes empty, and empty is refused later."""
    ask = entry(body, ARRIVAL)
    assert (ask.team, ask.user, ask.channel) == ("", "", "")
    assert ask.entry is not None
    assert ask.entry.value == ""


SHORTCUT: Json = {
    "type": "message_action",
    "callback_id": "podbot-triage",
    "team": {"id": "T0ACME"},
    "user": {"id": "U0ALICE", "team_id": "T0OTHER", "name": "U0ROOT"},
    "channel": {"id": "C0TEAM", "name": "C0OTHER"},
    "message": {"ts": "1.5", "bot_id": "B1", "text": "pod=web-1 namespace=shop"},
    "response_url": "https://hooks.slack.com/app/secret",
    "trigger_id": "1.2.3",
}


def test_a_shortcut_asks_about_the_pods_of_its_message() -> None:
    """A shortcut is an Ask whose line names the pods that its message names, even a bot's."""
    assert shortcut(SHORTCUT, ARRIVAL) == Ask(
        request_id="r1",
        team="T0ACME",
        user="U0ALICE",
        channel="C0TEAM",
        words="alert -A shop/web-1",
        via=Via.SHORTCUT,
        received=ARRIVAL.received,
        key="shortcut:1.2.3",
        response_url="https://hooks.slack.com/app/secret",
        trigger_id="1.2.3",
    )


@pytest.mark.parametrize(("thread", "answered_in"), [("1.0", "1.0"), ("1.5", ""), (None, "")])
def test_a_shortcut_is_answered_beside_its_message(thread: str | None, answered_in: str) -> None:
    """A shortcut on an answer in a thread is answered there; one on a message of the channel, in the channel."""
    message = {**SHORTCUT["message"], "thread_ts": thread}
    assert shortcut({**SHORTCUT, "message": message}, ARRIVAL).thread == answered_in


@pytest.mark.parametrize("message", [None, [], {"text": None, "blocks": 1, "attachments": ["x"]}])
def test_a_message_without_a_shape_names_nothing(message: object) -> None:
    """A message that says nothing, or has another shape than Slack's, names no pod."""
    assert shortcut({**SHORTCUT, "message": message}, ARRIVAL).words == "alert -A"
