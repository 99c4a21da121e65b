"""The promise, read from the API server's audit log: podbot acts as the person who asked, and as nobody else."""

from collections.abc import Iterable, Iterator, Sequence

from bot.core.resources import Json

OWN = frozenset({"leases", "selfsubjectreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews"})
EXTRAS = frozenset({"podbot.io/slack-team", "podbot.io/slack-user", "podbot.io/slack-channel"})
STARTING = frozenset({"podbot.io/slack-team"})  # the canary at start, when nobody has asked anything yet


def check(made: Sequence[Json]) -> None:
    """Fail on a request that the bot made as itself beyond its own few, or without saying who asked in Slack."""
    assert any("impersonatedUser" in event for event in made), "no request was made as anybody"
    assert not list(broken(made))


def is_allowed(event: Json) -> bool:
    """Whether the API server let the request through; a refused impersonation is logged as the bot itself."""
    return event.get("responseStatus", {}).get("code", 0) not in {401, 403}


def broken(events: Iterable[Json]) -> Iterator[Json]:
    """Yield the allowed requests that break the promise."""
    for event in filter(is_allowed, events):
        resource = event.get("objectRef", {}).get("resource", "")
        person = event.get("impersonatedUser")
        own = resource in OWN or event.get("requestURI") == "/version"
        kept = own if person is None else set(person.get("extra", {})) in (EXTRAS, STARTING)
        if not kept:
            yield event
