"""Forms between podbot and Slack: opened, made, sent, and answered."""

import pytest

from bot.core.asks import ViewRef
from bot.core.errors import ChatError, FormTooLate
from bot.core.forms import Field, Form, Input, Sheet
from bot.core.replies import Reply
from bot.demo.chat.server import ChatServer
from bot.demo.chat.views import View
from bot.render.blocks import section
from bot.slack.outbound import SlackChat
from tests.slack.clocks import PatientClock
from tests.slack.rooms import Asked, listening, running

TOKEN = "xoxb-1234567890-abcdefghijkl"
FORM = Form(
    "Create a pod",
    "create it",
    (
        Field("name", "Name"),
        Field("size", "Size", Input.CHOICE, choices=("small", "large"), changes_form=True, is_required=True),
    ),
)
SHEET = Sheet(FORM, "main", "shop", "signed")


def seen(server: ChatServer, user: str = "U0ALICE") -> View:
    """Return the form that a user sees."""
    view = server.driver.view(user)
    assert view is not None
    return view


async def opened(server: ChatServer, chat: SlackChat, user: str = "U0ALICE") -> ViewRef:
    """Open a form before a user."""
    return await chat.open_form(server.state.triggers.issue(user))


async def test_a_form_is_opened_and_then_made(server: ChatServer, chat: SlackChat) -> None:
    """A form opens at once without a field, and becomes what it is to be."""
    view = await opened(server, chat)
    assert (seen(server).id, seen(server).labels) == (view.id, ())
    await chat.update_form(view, SHEET)
    assert (seen(server).title, seen(server).labels) == ("Create a pod", ("Name", "Size"))
    assert seen(server).says["private_metadata"] == "signed"


async def test_an_answer_in_a_form_is_masked(server: ChatServer, chat: SlackChat) -> None:
    """An answer takes the form's place, and what looks like a secret is masked there as everywhere."""
    view = await opened(server, chat)
    await chat.update_form(view, Reply("no", (section(f"no {TOKEN}"),)))
    assert seen(server).labels == ()
    assert "no " in str(seen(server).says)
    assert TOKEN not in str(seen(server).says)


async def test_a_trigger_that_is_too_old_or_used(server: ChatServer, chat: SlackChat) -> None:
    """A trigger that Slack takes no more is told apart from what else may go wrong."""
    trigger = server.state.triggers.issue("U0ALICE")
    await chat.open_form(trigger)
    with pytest.raises(FormTooLate, match="exchanged_trigger_id"):
        await chat.open_form(trigger)
    server.expire_triggers()
    with pytest.raises(FormTooLate, match="expired_trigger_id"):
        await opened(server, chat)
    server.fail("views.open", error="fatal_error")
    with pytest.raises(ChatError) as caught:
        await opened(server, chat)
    assert not isinstance(caught.value, FormTooLate)


async def test_a_form_that_was_closed(server: ChatServer, chat: SlackChat) -> None:
    """A form that is not open any more is Slack's not_found."""
    view = await opened(server, chat)
    server.driver.close("U0ALICE")
    with pytest.raises(ChatError) as caught:
        await chat.update_form(view, SHEET)
    assert caught.value.code == "not_found"


async def _filled(server: ChatServer, chat: SlackChat) -> None:
    await chat.update_form(await opened(server, chat), SHEET)
    server.driver.fill("U0ALICE", {"Name": "web"})
    await server.driver.choose("U0ALICE", "Size", "large")


async def test_a_choice_and_a_sent_form_become_asks(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """A choice and a form bring who, the signed value and all that stands in the form; a form taken is closed."""
    async with running(server, clock, asked) as slack:
        await _filled(server, slack.chat)
        delivery = await server.driver.submit("U0ALICE")
        choice, form = await asked.heard(2)
    assert delivery.answer == {}
    assert server.driver.view("U0ALICE") is None
    for ask in (choice, form):
        assert (ask.team, ask.user, ask.channel, ask.words) == ("T0ACME", "U0ALICE", "", "")
        assert ask.entry is not None
        assert (ask.entry.value, ask.entry.values) == ("signed", {"name": "web", "size": "large"})
    assert choice.key != form.key


async def test_what_is_wrong_stands_beside_its_field(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """What is wrong with a form is said beside its field, masked, and nothing is asked."""
    asked.wrong = {"name": f"“{TOKEN}” is no name"}
    async with running(server, clock, asked) as slack:
        await _filled(server, slack.chat)
        await server.driver.submit("U0ALICE")
        (choice,) = await asked.heard(1)
    wrong = seen(server).wrong
    assert (list(wrong), choice.entry is not None) == (["Name"], True)
    assert TOKEN not in wrong["Name"]
    assert wrong["Name"].endswith("is no name")


async def test_forms_by_http(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """In HTTP mode, too, errors stand beside their fields, and a form that is taken is closed."""
    asked.wrong = {"name": "wrong"}
    async with listening(server, clock, asked) as slack:
        await _filled(server, slack.chat)
        await server.driver.submit("U0ALICE")
        assert (seen(server).wrong, seen(server).trouble) == ({"Name": "Wrong"}, False)
        asked.wrong = None
        await server.driver.submit("U0ALICE")
        assert len(await asked.heard(2)) == 2
    assert server.driver.view("U0ALICE") is None


async def test_words_of_no_field_stand_beside_the_first(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """What is wrong with a field that is not shown is said all the same."""
    asked.wrong = {"lost": "wrong"}
    async with running(server, clock, asked) as slack:
        await _filled(server, slack.chat)
        await server.driver.submit("U0ALICE")
    assert seen(server).wrong == {"Name": "Wrong"}


async def test_a_no_takes_the_forms_place(server: ChatServer, clock: PatientClock, asked: Asked) -> None:
    """A form that can't be sent any more is replaced by why, and nothing is asked."""
    asked.wrong = Reply("too old", (section(f"too old {TOKEN}"),))
    async with running(server, clock, asked) as slack:
        await _filled(server, slack.chat)
        await server.driver.submit("U0ALICE")
        assert len(await asked.heard(1)) == 1
    assert (seen(server).labels, seen(server).trouble) == ((), False)
    assert "too old" in str(seen(server).says)
    assert TOKEN not in str(seen(server).says)


async def test_a_choice_that_changes_nothing_is_not_told(server: ChatServer, chat: SlackChat) -> None:
    """Slack tells podbot of no other field while a form is filled in."""
    plain = Form("A form", "create it", (Field("size", "Size", Input.CHOICE, choices=("small",)),))
    await chat.update_form(await opened(server, chat), Sheet(plain, "main", "shop", "signed"))
    assert await server.driver.choose("U0ALICE", "Size", "small") is None
