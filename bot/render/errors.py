"""The one place that turns errors into replies: the answer first, the server's own words, then a next step."""

import re
from dataclasses import dataclass, replace

from bot.core.errors import ChatError, ClusterError, Declined, PodbotError, Reason, Refusal, Refused, UsageError
from bot.core.replies import File, Reply
from bot.render.blocks import context, quote, section
from bot.render.cutting import excerpt
from bot.render.sayings import FAILED, NOT_UNDERSTOOD, REASONS, REFUSED, Saying, of_error
from bot.render.text import code, escape, typed

_QUOTED = 600
_SENT = "pod.yaml"
_USER = re.compile("[UW][A-Z0-9]{2,20}")
_CHANNEL = re.compile(r"\b[CG][A-Z0-9]{2,20}\b")
_DIRECT = re.compile(r"\bchannel D[A-Z0-9]{2,20}\b")  # which has no name that Slack could show


@dataclass(frozen=True, slots=True)
class Typed:
    """What an error came of: the line, and of it the verb and the namespace, where they were understood."""

    line: str
    verb: str = ""
    namespace: str = ""


def words(error: PodbotError, about: Typed, *, ask_whom: str, request_id: str) -> Reply:
    """Return an error as a reply; `ask_whom` is mrkdwn of the policy and may be empty."""
    if isinstance(error, Refused):
        return _refused(error.refusal, about, ask_whom)
    if isinstance(error, UsageError):
        return _reply(_of_usage(error, about.verb), about.line)
    saying = _pointed(of_error(error), about, ask_whom)
    if isinstance(error, ClusterError) and error.retry_after:
        saying = replace(saying, then=f"Try again in {error.retry_after:.0f} s.")
    return _reply(saying, about.line, said=_said(error), request_id=request_id)


def unexpected(request_id: str) -> Reply:
    """Return the answer to a fault of podbot's own; its log has the rest under the request's id."""
    saying = Saying(FAILED, "podbot made a mistake of its own.", "Tell {whom} the number of the request.")
    return _reply(saying.for_whom(""), request_id=request_id)


def stopping(line: str) -> Reply:
    """Return the answer to a command that podbot's own end broke off."""
    return _reply(Saying(FAILED, "podbot is being stopped, which broke this off.", "Type it again in a minute."), line)


def changed() -> Reply:
    """Return what a change's message says when what was asked about is no longer the same."""
    return _refused(Refusal(Reason.CHANGED), Typed(""), "")


def with_document(reply: Reply, document: str) -> Reply:
    """Give a text back to who wrote it into a form, as a file: it is not lost with what was wrong with it."""
    note = context(f"What you sent is in the file {code(_SENT)}, with secrets masked.")
    return replace(reply, blocks=(*(reply.blocks or (section(reply.text),)), note), file=File(_SENT, document))


def with_problem(reply: Reply, problem: str) -> Reply:
    """Add that the policy on disk is broken, where `problem` is not empty; its details are for the log alone."""
    if not problem:
        return reply
    note = context(
        ":warning: podbot's policy file is broken. The last good one holds, and changes will soon be refused."
    )
    return replace(reply, blocks=(*(reply.blocks or (section(reply.text),)), note))


def _of_usage(error: UsageError, verb: str) -> Saying:
    """Say what is wrong with a line, what to type instead, and where there is more, unless the hint names that."""
    hint, more = _hinted(error.hint), f"{typed(f'help {error.verb or verb}'.strip())} says more."
    then = hint if "/pod help" in hint else f"{hint} {more}".strip()
    return Saying(REFUSED if isinstance(error, Declined) else NOT_UNDERSTOOD, _sentence(str(error)), then)


def _pointed(saying: Saying, about: Typed, ask_whom: str) -> Saying:
    """Let the next step name whom to ask, and lines that are about the same command and namespace."""
    where = f" -n {about.namespace}" if about.namespace else ""
    verb = f" {about.verb}" if about.verb else ""
    then = saying.then.replace("{where}", where).replace("{verb}", verb)
    return replace(saying, then=then).for_whom(ask_whom)


def _refused(refusal: Refusal, about: Typed, ask_whom: str) -> Reply:
    saying = _pointed(REASONS[refusal.reason], about, ask_whom or refusal.ask)
    return _reply(replace(saying, what=saying.what + _missing(refusal)), about.line)


def _missing(refusal: Refusal) -> str:
    """Say which right is missing, for whom and where."""
    if not refusal.missing:
        return ""
    whom = f"<@{refusal.whom}>" if _USER.fullmatch(refusal.whom) else escape(refusal.whom)
    where = _CHANNEL.sub(r"<#\g<0>>", _DIRECT.sub("direct messages", escape(refusal.where)))
    parts = [escape(refusal.missing), whom and f"for {whom}", where and f"in {where}"]
    return f" Missing: {', '.join(filter(None, parts))}."


def _reply(saying: Saying, line: str = "", said: str = "", request_id: str = "") -> Reply:
    small = [typed(line)] if line else []
    small += [f"Request {code(request_id)}"] if request_id else []
    blocks = (
        section(f"*{saying.status}* · {saying.what}"),
        *((quote(excerpt(said, _QUOTED)),) if said else ()),
        section(saying.then),
        *((context(*small),) if small else ()),
    )
    return Reply(f"{saying.status}: {saying.what} {saying.then}", blocks)


def _said(error: PodbotError) -> str:
    """Return the other side's own words."""
    if isinstance(error, ChatError):
        return error.code or str(error)
    return str(error) if isinstance(error, ClusterError) else ""


def _sentence(text: str) -> str:
    """Return a message of podbot's own, which may quote what was typed, as a sentence of mrkdwn."""
    return escape(text[:1].upper() + text[1:]) + _end(text)


def _hinted(text: str) -> str:
    """Return a hint as a sentence of mrkdwn, in which what stands in backticks is code."""
    parts = (text[:1].upper() + text[1:]).split("`")
    return "".join(code(part) if place % 2 else escape(part) for place, part in enumerate(parts)) + _end(text)


def _end(text: str) -> str:
    return "" if not text or text.endswith((".", "?", "!")) else "."
