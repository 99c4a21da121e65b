from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.core import errors
from bot.core.errors import Declined, PodbotError, Reason, Refusal, Refused, UsageError
from bot.core.replies import Reply
from bot.render.blocks import context, quote, section
from bot.render.errors import Typed, changed, stopping, unexpected, with_problem, words
from bot.render.sayings import ERRORS, REASONS, of_error
from bot.render.text import escape

LIST = Typed("list")


def kinds(root: type[PodbotError] = PodbotError) -> Iterator[type[PodbotError]]:
    """Yield every kind of podbot's own errors."""
    yield root
    for kind in root.__subclasses__():
        yield from kinds(kind)


def say(error: PodbotError, about: Typed = LIST, ask_whom: str = "#platform") -> Reply:
    """Return the reply to an error."""
    return words(error, about, ask_whom=ask_whom, request_id="r-1")


@pytest.mark.parametrize("kind", sorted(set(kinds()) - {Refused, UsageError, Declined}, key=str))
def test_every_error_has_its_words(kind: type[PodbotError]) -> None:
    """Each kind of error has a saying of its own, with a status in words, and ends with a next step."""
    assert kind in ERRORS
    reply = say(kind("what the server said"))
    assert reply.blocks[0] == section(f"*{ERRORS[kind].status}* · {ERRORS[kind].what}")
    assert reply.blocks[-2]["text"]["text"].endswith(".")
    assert "{" not in reply.text
    assert reply.blocks[-1] == context("`/pod list`", "Request `r-1`")


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_has_its_words(reason: Reason) -> None:
    """Each reason to refuse has a saying that ends with a next step."""
    saying = REASONS[reason].for_whom("#platform")
    saying = replace(saying, then=saying.then.replace("{where}", ""))
    assert say(Refused(Refusal(reason))).blocks == (
        section(f"*:no_entry: Refused* · {saying.what}"),
        section(saying.then),
        context("`/pod list`"),
    )
    assert saying.then.endswith(".")


def test_forbidden() -> None:
    """What Kubernetes denies is told in its own words, literally, with whom to ask."""
    message = 'pods is forbidden: User "podbot:viewer" cannot list <!channel> *pods*'
    assert say(errors.Forbidden(message, status=403)) == Reply(
        ":no_entry: Refused by Kubernetes: A right that this needs is missing. "
        "`/pod can` shows which; ask #platform for it.",
        (
            section("*:no_entry: Refused by Kubernetes* · A right that this needs is missing."),
            quote(message),
            section("`/pod can` shows which; ask #platform for it."),
            context("`/pod list`", "Request `r-1`"),
        ),
    )


def test_refusal_details() -> None:
    """A refusal says what is missing, for whom, where, and whom the refusal itself names."""
    refusal = Refusal(
        Reason.NO_GRANT,
        missing="a grant with the effect READ",
        whom="U0ALICE",
        where="namespace shop, channel C0TEAM",
        ask="#ops",
    )
    assert say(Refused(refusal), ask_whom="").blocks == (
        section(
            "*:no_entry: Refused* · No grant covers you, this channel and this namespace. "
            "Missing: a grant with the effect READ, for <@U0ALICE>, in namespace shop, channel <#C0TEAM>."
        ),
        section("Ask #ops for one, or use a channel with one."),
        context("`/pod list`"),
    )


def test_refusal_in_direct_messages() -> None:
    """Direct messages have no name to be linked by, and are called what they are."""
    refusal = Refusal(Reason.NO_NAMESPACE, missing="a namespace", where="namespace shop, channel D0ALICE")
    assert "Missing: a namespace, in namespace shop, direct messages." in say(Refused(refusal)).text


def test_refusal_with_strange_values() -> None:
    """Values that are no Slack ids are escaped; without anybody to ask, it is whoever runs podbot."""
    refusal = Refusal(Reason.GUEST, missing="<x>", whom="<!here>")
    assert say(Refused(refusal), ask_whom="").blocks[:2] == (
        section("*:no_entry: Refused* · Guests may not use podbot. Missing: &lt;x&gt;, for &lt;!here&gt;."),
        section("Ask whoever runs podbot here."),
    )


def test_usage_error() -> None:
    """A line that is not understood is answered with what to type, and what was typed cannot format or ping."""
    error = UsageError("“<!here> {whom}” is not a pod name", hint="type a name, such as `web-1`, not *<!here>*")
    assert say(error, Typed("logs '<!here> {whom}'", "logs")).blocks == (
        section("*:grey_question: Not understood* · “&lt;!here&gt; {whom}” is not a pod name."),
        section("Type a name, such as `web-1`, not \u2217&lt;!here&gt;\u2217. `/pod help logs` says more."),
        context("`/pod logs '&lt;!here&gt; {whom}'`"),
    )
    assert say(UsageError("no")).blocks[1] == section("`/pod help` says more.")
    assert say(UsageError("no", hint="type `/pod help`")).blocks[1] == section("Type `/pod help`.")


def test_declined() -> None:
    """A line that is understood, but not done as things are, is refused and not called a mistake."""
    error = Declined("“app” already has a value (web)", hint="add `--overwrite` to replace it")
    assert say(error, Typed("label web-1 app=api", "label")).blocks == (
        section("*:no_entry: Refused* · “app” already has a value (web)."),
        section("Add `--overwrite` to replace it. `/pod help label` says more."),
        context("`/pod label web-1 app=api`"),
    )


@pytest.mark.parametrize(
    ("error", "then"),
    [
        (errors.NotFound("x"), "`/pod list -n shop` shows the pods there are."),
        (errors.Forbidden("x"), "`/pod can delete -n shop` shows which; ask #platform for it."),
        (errors.OutcomeUnknown("x"), "Look with `/pod list -n shop` before you try again."),
        (Refused(Refusal(Reason.EFFECT)), "`/pod can -n shop` shows what you may do; ask #platform for more."),
    ],
)
def test_next_steps_are_about_the_same(error: PodbotError, then: str) -> None:
    """What an error says to type next is about the namespace and the command that were typed."""
    assert section(then) in say(error, Typed("delete web-1 -n shop", "delete", "shop")).blocks


def test_retry_after() -> None:
    """Where the server says when to try again, so does the reply."""
    reply = say(errors.TooMany("Cannot evict pod", status=429, retry_after=10.0))
    assert reply.blocks[2] == section("Try again in 10 s.")


def test_long_message_is_cut() -> None:
    """A server's message is quoted at a length that leaves room for the next step."""
    assert say(errors.Invalid("x" * 5000)).blocks[1] == quote("x" * 599 + "…")


def test_chat_error_code() -> None:
    """Of Slack's errors its own word is quoted."""
    assert say(errors.ChatError("posting failed", code="is_archived")).blocks[1] == quote("is_archived")


def test_new_kind_of_error() -> None:
    """A kind of error without words of its own has those of the kind above it."""

    class Novel(errors.Conflict):
        pass

    assert of_error(Novel("x")) == ERRORS[errors.Conflict]


def test_unexpected() -> None:
    """A fault of podbot's own is told with the request's number alone."""
    assert unexpected("r-1") == Reply(
        ":x: Failed: podbot made a mistake of its own. Tell whoever runs podbot here the number of the request.",
        (
            section("*:x: Failed* · podbot made a mistake of its own."),
            section("Tell whoever runs podbot here the number of the request."),
            context("Request `r-1`"),
        ),
    )


def test_stopping() -> None:
    """A command broken off by podbot's own end says so, and what was typed."""
    assert stopping("list -A").blocks == (
        section("*:x: Failed* · podbot is being stopped, which broke this off."),
        section("Type it again in a minute."),
        context("`/pod list -A`"),
    )


def test_changed() -> None:
    """A button whose subject has changed says so."""
    assert changed().blocks == (
        section("*:no_entry: Refused* · What it was about is no longer the same."),
        section("Type the command again."),
    )


def test_with_problem() -> None:
    """A broken policy is told in every reply, without its details; a sound one is not mentioned."""
    note = context(
        ":warning: podbot's policy file is broken. The last good one holds, and changes will soon be refused."
    )
    assert with_problem(Reply("a", (section("b"),)), "policy.yaml: oops").blocks == (section("b"), note)
    assert with_problem(Reply("a"), "policy.yaml: oops").blocks == (section("a"), note)
    assert with_problem(Reply("a"), "") == Reply("a")


def test_a_secret_is_masked_before_it_is_cut() -> None:
    """The server's words are masked whole, for half a secret no longer looks like one."""
    said = "x" * 560 + " postgres://app:SuperS3cretPassword-which-is-long-and-goes-on-past-the-cut@db/x"
    shown = str(say(errors.ServerFault(said)))
    assert "SuperS3cret" not in shown


def test_a_secret_is_masked_before_it_is_escaped() -> None:
    """Look-alikes of mrkdwn's marks do not hide a password from the masking."""
    assert "hunter2secret" not in escape("DB_PASSWORD:hunter2secret:prod is bad")
