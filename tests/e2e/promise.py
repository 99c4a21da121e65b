"""The promise, read from the API server's audit log: podbot acts as the person who asked, and as nobody else."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from bot.core.resources import Json

OWN = frozenset({"leases", "configmaps", "selfsubjectreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews"})
EXTRAS = frozenset({"podbot.io/slack-team", "podbot.io/slack-user", "podbot.io/slack-channel"})
WATCHING = EXTRAS - {"podbot.io/slack-user"}  # a channel's watch, which reads, and is nobody's own
STARTING = frozenset({"podbot.io/slack-team"})  # the canary at start, when nobody has asked anything yet


def check(made: Sequence[Json]) -> None:
    """Fail on a request that the bot made as itself beyond its own few, or without saying who asked in Slack."""
    assert any("impersonatedUser" in event for event in made), "no request was made as anybody"
    assert not list(broken(made))


def check_accounts(made: Sequence[Json], own: str, tiers: Collection[str]) -> None:
    """Fail on a request by impersonation, or by anybody but the tiers' accounts beyond the few of podbot's `own`.

    All are ServiceAccounts as users, of one namespace, and each must have asked for something.
    """
    home = own.removeprefix("system:serviceaccount:").partition(":")[0]
    accounts = f"/api/v1/namespaces/{home}/serviceaccounts"
    tokens = {f"{accounts}/{tier.rpartition(':')[2]}/token" for tier in tiers}
    seen = set[str]()
    for event in filter(is_allowed, made):
        user, uri = event["user"]["username"], event["requestURI"]
        is_own = event.get("objectRef", {}).get("resource", "") in OWN or uri == "/version" or uri in tokens
        assert "impersonatedUser" not in event
        assert is_own if user == own else user in tiers and not uri.startswith(accounts), event
        seen.add(user)
    assert seen == {own, *tiers}


def is_allowed(event: Json) -> bool:
    """Whether the API server let the request through; a refused impersonation is logged as the bot itself."""
    return event.get("responseStatus", {}).get("code", 0) not in {401, 403}


def broken(events: Iterable[Json]) -> Iterator[Json]:
    """Yield the allowed requests that break the promise."""
    for event in filter(is_allowed, events):
        resource = event.get("objectRef", {}).get("resource", "")
        person = event.get("impersonatedUser")
        own = resource in OWN or event.get("requestURI") == "/version"
        extras = set((person or {}).get("extra", {}))
        watches = extras == WATCHING and event.get("verb") in {"get", "list", "watch"}
        if not (own if person is None else watches or extras in (EXTRAS, STARTING)):
            yield event


def asked_for(events: Iterable[Json]) -> list[Json]:
    """Return what was requested because somebody asked for something: not what podbot does by itself all the time."""
    return [event for event in events if not _is_watching(event)]


def _is_watching(event: Json) -> bool:
    about, person = event.get("objectRef", {}), event.get("impersonatedUser")
    if person is None:
        return "configmaps" in about.values() or "podbot-watching" in about.values()
    return set(person.get("extra", {})) == WATCHING
