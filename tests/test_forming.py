"""Forms on the line: when one is opened, what is kept signed in it, and who may send it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from unittest.mock import AsyncMock, create_autospec

import pytest

from bot.audit import Outcome
from bot.core.asks import Ask, Entry, MessageRef, Press, Via, ViewRef
from bot.core.errors import ChatError, Reason, Refused
from bot.core.forms import Sheet
from bot.core.parsing import parse
from bot.core.ports import Chat, Claims, Clusters
from bot.core.replies import Reply
from bot.flow import submitted
from bot.forming import asked_by_form, chosen, filled, opens_form, placed
from bot.parts import Bot, answer, entered, pressed, seal_ticket
from bot.render.plain import plain
from config.policy import Policy
from config.reload import PolicyState
from config.templates import Template
from handlers.create import COMMAND
from tests.fakes import FakeClock, FakeCluster, ask_of, context_of

POLICY = Policy.model_validate({"team": "T0ACME", "ask": "#platform", "tiers": {"viewer": {"may": ["READ"]}}})
VIEW = ViewRef("V1")


def template(name: str, image: str) -> Template:
    """Return a template with one parameter."""
    container = {"name": "app", "image": {"parameter": "image"}}
    return Template.model_validate(
        {
            "name": name,
            "summary": "A pod",
            "parameters": {"image": {"type": "image", "default": image}},
            "pod": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [container]}},
        }
    )


@pytest.fixture
def templates() -> dict[str, Template]:
    """Return the templates that the bot has; a test may edit them."""
    return {"it": template("it", "nginx:1.22"), "other": template("other", "busybox:1.35")}


@pytest.fixture
def bot(templates: dict[str, Template]) -> Bot:
    """Return as much of a bot as forms need."""
    return Bot(
        cluster="main",
        commands={"create": COMMAND},
        chat=create_autospec(Chat),
        clusters=create_autospec(Clusters),
        claims=create_autospec(Claims),
        clock=FakeClock(),
        policy=lambda: PolicyState(POLICY),
        templates=lambda: templates,
        keys=("k" * 40,),
    )


async def shown(bot: Bot, line: str = "create it", entry: Entry | None = None) -> Sheet:
    """Show the form that a line asks for, in a thread, and return it."""
    ask = replace(ask_of(line), thread="1.5", view=VIEW, entry=entry)
    context = replace(context_of(FakeCluster(), templates=bot.templates()), ask=ask)
    assert await asked_by_form(bot, context, parse(line, bot.commands), VIEW) is Outcome.ASKED
    view, sheet = cast("AsyncMock", bot.chat.update_form).call_args.args
    assert view == VIEW
    return cast("Sheet", sheet)


def sent(sheet: Sheet, values: Mapping[str, str] | None = None, **changed: Any) -> Ask:
    """Return a form that Alice sends, with some values filled in."""
    fresh = {field.name: field.value for field in sheet.form.fields}
    entry = Entry(sheet.value, {**fresh, **(values or {})}, {name: f"{name}@1" for name in fresh})
    ask = replace(ask_of(via=Via.FORM), channel="", view=VIEW, entry=entry, key="view:1", trigger_id="2.1")
    return replace(ask, **changed)


def _sent_on(bot: Bot, ask: Ask) -> Ask:
    """Return what a sent form asks for."""
    ticket = entered(bot, ask)
    return filled(bot, placed(ask, ticket), ticket)


@pytest.mark.parametrize(
    ("line", "changed", "opens"),
    [
        ("create", {}, True),
        ("create it", {"via": Via.BUTTON}, True),
        ("create it web", {}, False),
        ("create ti", {}, False),
        ("create it", {"trigger_id": ""}, False),
        ("create it", {"via": Via.MENTION}, False),
        ("create it", {"via": Via.FORM}, False),
        ("create --yaml", {"document": "kind: Pod"}, False),
    ],
)
def test_when_a_form_is_opened(bot: Bot, line: str, changed: dict[str, Any], opens: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """A form is opened for a line that says too little, where a command or a press gave a trigger for it."""
    ask = replace(replace(ask_of(line), trigger_id="1.1"), **changed)
    assert opens_form(bot, ask, None, parse(line, bot.commands)) is opens


@pytest.mark.parametrize(("kind", "opens"), [("do", True), ("resolve", True), ("note", True), ("confirm", False)])
def test_an_offer_may_open_one_and_a_question_not(bot: Bot, kind: str, opens: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """A button that offers a line is as good as typing it; one that answers a question opens nothing."""
    value = seal_ticket(bot, context_of(FakeCluster()), "create it", kind, {}, 300)
    ask = replace(ask_of(via=Via.BUTTON), trigger_id="1.1", press=Press(value))
    assert opens_form(bot, ask, pressed(bot, ask), parse("create it", bot.commands)) is opens


async def test_a_sent_form_is_a_line_in_its_place(bot: Bot) -> None:
    """A form stands for a line with its namespace, in the channel and thread that it was asked for in."""
    sheet = await shown(bot)
    ask = _sent_on(bot, sent(sheet, {"name": "web", "parameter/image": "busybox"}))
    assert (ask.words, ask.via) == ("create it web image=busybox -n shop", Via.FORM)
    assert (ask.channel, ask.thread, ask.user) == ("C0TEAM", "1.5", "U0ALICE")
    assert (ask.view, ask.entry, ask.document) == (None, None, "")
    assert ask.key.startswith("form:")
    assert ask.key == _sent_on(bot, sent(sheet)).key


async def test_yaml_is_the_asks_document(bot: Bot) -> None:
    """What was pasted goes with the ask, and not into its line."""
    document = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: []}\n"
    ask = _sent_on(bot, sent(await shown(bot, "create --yaml"), {"yaml": document}))
    assert (ask.words, ask.document) == ("create --yaml -n shop", document)


async def test_a_refused_form_is_recorded(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    """The record of a form that can't be sent says which line it was, and where it was asked for."""
    sheet = await shown(bot)
    submitted(replace(bot, templates=dict), sent(sheet))
    (record,) = [json.loads(message)["audit"] for message in caplog.messages]
    assert (record["line"], record["channel"], record["via"]) == ("create it -n shop", "C0TEAM", "form")
    assert (record["outcome"], record["detail"]) == ("failed", "UsageError")


async def test_what_is_wrong_is_said_by_field(bot: Bot) -> None:
    """A wrong form comes back as what is wrong, by field, before it is acknowledged."""
    checked = submitted(bot, sent(await shown(bot), {"name": "../x"}))
    assert isinstance(checked, dict)
    assert checked.keys() == {"name"}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [({"user": "U0BOB"}, Reason.NOT_YOURS), ({"team": "T0OTHER"}, Reason.FORGED)],
)
async def test_a_form_of_somebody_else_is_refused(bot: Bot, changed: dict[str, Any], reason: Reason) -> None:
    """A form holds for the person and the workspace that it was made for."""
    sheet = await shown(bot)
    for take in (_sent_on, lambda bot, ask: chosen(bot, ask, ask.entry)):
        with pytest.raises(Refused) as caught:
            take(bot, sent(sheet, **changed))
        assert caught.value.refusal.reason is reason


async def test_a_form_of_another_clusters_podbot_is_refused(bot: Bot) -> None:
    """A form that was signed for another cluster, with the same keys, does nothing here."""
    sheet = await shown(bot)
    with pytest.raises(Refused) as caught:
        _sent_on(replace(bot, cluster="other"), sent(sheet))
    assert caught.value.refusal.reason is Reason.FORGED


@pytest.mark.parametrize("kind", ["confirm", "do", "share"])
def test_a_buttons_value_is_no_forms(bot: Bot, kind: str) -> None:
    """What was signed for a button does not pass in a form."""
    value = seal_ticket(bot, context_of(FakeCluster()), "create it web", kind, {}, 300)
    with pytest.raises(Refused) as caught:
        entered(bot, replace(ask_of(via=Via.FORM), entry=Entry(value, {}, {})))
    assert caught.value.refusal.reason is Reason.FORGED


async def test_a_form_that_no_verb_has_is_refused(bot: Bot) -> None:
    """A form whose verb has none, or that is none, asks for nothing."""
    sheet = await shown(bot)
    formless = replace(bot, commands={"create": replace(COMMAND, form=None)})
    for by, ask in ((formless, sent(sheet)), (bot, sent(sheet, entry=None))):
        with pytest.raises(Refused) as caught:
            _sent_on(by, ask)
        assert caught.value.refusal.reason is Reason.FORGED


async def test_a_form_that_is_too_old_is_refused(bot: Bot) -> None:
    """A form holds for half an hour."""
    sheet = await shown(bot)
    received = bot.clock.now() + timedelta(minutes=30)
    assert _sent_on(bot, sent(sheet, received=received)).received == received
    with pytest.raises(Refused) as caught:
        _sent_on(bot, sent(sheet, received=received + timedelta(seconds=1)))
    assert caught.value.refusal.reason is Reason.EXPIRED


async def test_a_refusal_is_an_answer_in_the_form(bot: Bot, templates: dict[str, Template]) -> None:
    """A form whose template was edited or is gone is answered in its place, with what to do."""
    sheet = await shown(bot)
    templates["it"] = template("it", "nginx:1.23")
    edited = submitted(bot, sent(sheet))
    del templates["it"]
    gone = submitted(bot, sent(sheet))
    assert isinstance(edited, Reply)
    assert isinstance(gone, Reply)
    assert "no longer the same" in plain(edited.blocks)
    assert "there is no template “it”" in plain(gone.blocks).replace("There", "there")


async def test_a_fault_of_podbots_own_is_told(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    """What goes wrong unexpectedly at the check is logged, recorded, and told with the request's number."""
    sheet = await shown(bot)

    def broken() -> dict[str, Template]:
        raise RuntimeError("oops")

    told = submitted(replace(bot, templates=broken), sent(sheet))
    assert isinstance(told, Reply)
    assert "r-1" in plain(told.blocks)
    assert "oops" in caplog.text
    assert '"detail": "unexpected"' in caplog.messages[-1]


async def test_a_choice_is_a_line_in_its_place(bot: Bot) -> None:
    """A choice asks for the form of another line, in the same place, and keeps what was typed."""
    sheet = await shown(bot)
    ask = sent(sheet, {"template": "other", "name": "web"})
    again = chosen(bot, ask, cast("Entry", ask.entry))
    assert (again.words, again.channel, again.thread) == ("create other -n shop", "C0TEAM", "1.5")
    other = await shown(bot, again.words, ask.entry)
    values = {field.name: field.value for field in other.form.fields}
    assert (values["template"], values["name"], values["parameter/image"]) == ("other", "web", "busybox:1.35")
    assert _sent_on(bot, sent(other)).key == _sent_on(bot, sent(sheet)).key


async def test_a_choice_after_its_template_is_gone(bot: Bot, templates: dict[str, Template]) -> None:
    """Where the template before is gone, the other one's form comes as it is."""
    sheet = await shown(bot)
    ask = sent(sheet, {"template": "other", "name": "web"})
    del templates["it"]
    other = await shown(bot, chosen(bot, ask, cast("Entry", ask.entry)).words, ask.entry)
    assert {field.name: field.value for field in other.form.fields}["name"] == ""


@pytest.mark.parametrize("code", ["not_found", "fatal_error"])
async def test_a_form_that_was_closed(bot: Bot, code: str) -> None:
    """A form that its asker has closed needs nothing more; another error of Slack's is one."""
    cast("AsyncMock", bot.chat.update_form).side_effect = ChatError("no", code=code)
    context = context_of(FakeCluster(), templates=bot.templates())
    showing = asked_by_form(bot, context, parse("create it", bot.commands), VIEW)
    if code == "not_found":
        assert await showing is Outcome.DROPPED
        return
    with pytest.raises(ChatError):
        await showing


@pytest.mark.parametrize("is_closed", [False, True])
async def test_an_answer_goes_into_the_open_form(bot: Bot, is_closed: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """What is to say while a form is open is said there; to the asker alone where it was closed."""
    if is_closed:
        cast("AsyncMock", bot.chat.update_form).side_effect = ChatError("no", code="not_found")
    ask, reply = replace(ask_of(), view=VIEW), Reply("no")
    await answer(bot, ask, reply)
    cast("AsyncMock", bot.chat.update_form).assert_awaited_once_with(VIEW, reply)
    assert cast("AsyncMock", bot.chat.whisper).await_count == int(is_closed)


async def test_a_form_about_a_message_leads_back_to_it(bot: Bot) -> None:
    """A form that a shared message's button opened is about that message when it is sent, signed with the rest."""
    ask = replace(ask_of("create it"), thread="1.5", view=VIEW, message=MessageRef("C0TEAM", "1.7"))
    context = replace(context_of(FakeCluster(), templates=bot.templates()), ask=ask)
    await asked_by_form(bot, context, parse("create it", bot.commands), VIEW)
    sheet = cast("Sheet", cast("AsyncMock", bot.chat.update_form).call_args.args[1])
    assert _sent_on(bot, sent(sheet)).message == MessageRef("C0TEAM", "1.7")
    assert _sent_on(bot, sent(await shown(bot))).message is None
