"""The check on the audit log can fail."""

import pytest

from bot.core.resources import Json
from tests.e2e.promise import EXTRAS, broken, check

PERSON = {"username": "podbot:viewer", "extra": {key: ["x"] for key in EXTRAS}}


def _event(resource: str, code: int = 200, **more: object) -> Json:
    return {"objectRef": {"resource": resource}, "responseStatus": {"code": code}, **more}


@pytest.mark.parametrize(
    ("event", "is_broken"),
    [
        (_event("pods", impersonatedUser=PERSON), False),
        (_event("leases"), False),
        (_event("pods", 403), False),
        (_event("pods"), True),
        (_event("", requestURI="/version"), False),
        (_event("", requestURI="/api"), True),
        (_event("pods", impersonatedUser={"username": "podbot:viewer"}), True),
        (_event("pods", 500), True),
    ],
)
def test_a_broken_promise_is_seen(event: Json, *, is_broken: bool) -> None:
    """A request that the bot made as itself, or without the Slack ids, breaks the promise; a refused one does not."""
    assert bool(list(broken([event]))) == is_broken


def test_silence_proves_nothing() -> None:
    """Without a single request as somebody, the check fails."""
    with pytest.raises(AssertionError):
        check([_event("leases")])
