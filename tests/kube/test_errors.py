"""Answers that say no, as errors."""

import json

import pytest

from bot.core.errors import (
    AlreadyExists,
    ClusterError,
    Conflict,
    Expired,
    Forbidden,
    Invalid,
    NotFound,
    NotSetUp,
    ServerFault,
    TooMany,
    TooSlow,
    Unauthenticated,
    Unreachable,
)
from bot.kube.errors import ambiguous, failure

BOT = "system:serviceaccount:podbot:podbot"


def _said(status: int, reason: str = "", message: str = "said", **details: object) -> ClusterError:
    body = json.dumps({"kind": "Status", "reason": reason, "message": message, "details": details})
    return failure(status, body.encode(), {}, own_user=BOT)


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (400, "BadRequest", Invalid),
        (401, "Unauthorized", Unauthenticated),
        (403, "Forbidden", Forbidden),
        (404, "NotFound", NotFound),
        (405, "MethodNotAllowed", Invalid),
        (409, "AlreadyExists", AlreadyExists),
        (409, "Conflict", Conflict),
        (410, "Expired", Expired),
        (413, "RequestEntityTooLarge", Invalid),
        (422, "Invalid", Invalid),
        (429, "TooManyRequests", TooMany),
        (500, "InternalError", ServerFault),
        (503, "ServiceUnavailable", ServerFault),
        (504, "Timeout", ServerFault),
    ],
)
def test_each_status_has_its_kind(status: int, reason: str, kind: type[ClusterError]) -> None:
    """Each status is an error of its own, with the server's words, status and reason."""
    error = _said(status, reason)
    assert type(error) is kind
    assert (str(error), error.status, error.cause) == ("said", status, reason)


def test_a_403_that_names_the_bot() -> None:
    """A 403 about the bot's own user is a matter of setting up, one about a similar user is not."""
    assert type(_said(403, "Forbidden", f'User "{BOT}" cannot impersonate resource "users"')) is NotSetUp
    assert type(_said(403, "Forbidden", f'User "{BOT}-2" cannot list resource "pods"')) is Forbidden


def test_every_403_of_the_bot_itself() -> None:
    """Where the bot asks as itself, any 403 is a matter of setting up."""
    assert type(failure(403, b"", {}, own_user="")) is NotSetUp


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect(status: int) -> None:
    """A redirect is a fault that says it was not followed."""
    error = failure(status, b"", {"location": "http://elsewhere.example"}, own_user=BOT)
    assert type(error) is ServerFault
    assert str(error) == f"the API server answered {status}: a redirect, which is not followed"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the API server answered 502"),
        (b"container gone", "the API server answered 502: container gone"),
        (b"<html>Bad gateway</html>", "the API server answered 502"),
        (b'{"cut', "the API server answered 502"),
        (b"a\x1b[31m", "the API server answered 502"),
        (b"a" * 1000, "the API server answered 502"),
        (b"[1]", "the API server answered 502: [1]"),
        (b"[" * 100_000, "the API server answered 502"),
    ],
)
def test_a_body_that_is_no_status(body: bytes, message: str) -> None:
    """Without a Status object, short plain words are told and anything else is not."""
    assert str(failure(502, body, {}, own_user=BOT)) == message


def test_when_to_come_again() -> None:
    """Retry-After is read from the header, else from the Status, and else is not known."""
    assert failure(429, b"", {"retry-after": "7"}, own_user=BOT).retry_after == 7
    assert failure(429, b"", {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, own_user=BOT).retry_after is None
    assert _said(429, "TooManyRequests", retryAfterSeconds=3).retry_after == 3


@pytest.mark.parametrize(
    ("error", "unknown"),
    [
        (TooSlow("late"), True),
        (ServerFault("gone"), True),
        (_said(500, "InternalError"), True),
        (_said(504, "Timeout"), True),
        (_said(500, "InternalError", 'failed calling webhook "x"'), False),
        (_said(500, "InternalError", "This pod has more than one PodDisruptionBudget, which …"), False),
        (failure(302, b"", {}, own_user=BOT), False),
        (Unreachable("refused"), False),
        (_said(409, "Conflict"), False),
    ],
)
def test_what_leaves_a_change_open(error: ClusterError, unknown: bool) -> None:  # noqa: FBT001  # a parameter set's
    """A lost or doubtful answer leaves open whether a change happened; a refusal does not."""
    assert ambiguous(error) is unknown
