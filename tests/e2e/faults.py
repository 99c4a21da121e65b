"""Faults to seed in a place that is set up well, each with what `podbot check` must say of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.core.resources import Json
from bot.slack.scopes import OPTIONAL, REQUIRED
from tests.e2e.checked import Site
from tests.e2e.world import ONCALL, QUIET, SHARED, TEAM
from tests.real import rule


@dataclass(frozen=True, slots=True)
class Case:
    """A fault: how it is made, which kinds are found (warnings and failures, all of them), and words of the answer."""

    make: Callable[[Site], Awaitable[None] | None]
    kinds: set[str]
    says: str
    mend: str
    code: int = 1


def _grant(place: Site, number: int, **changed: Any) -> None:
    place.policy["grants"][number].update(changed)


async def _no_users(place: Site) -> None:
    def without(rules: list[Json]) -> list[Json]:
        return [
            {**one, "resourceNames": [name for name in one["resourceNames"] if name != "podbot:viewer"]}
            if one["resources"] == ["users"]
            else one
            for one in rules
        ]

    await place.rules("ClusterRole", "podbot:impersonation", "", without)


def _less(verb: str, resource: str) -> Callable[[list[Json]], list[Json]]:
    """Take one right out of rules."""

    def change(rules: list[Json]) -> list[Json]:
        parted = [{**one, "resources": [each]} for one in rules for each in one["resources"]]
        left = [
            {**one, "verbs": [each for each in one["verbs"] if (each, one["resources"]) != (verb, [resource])]}
            for one in parted
        ]
        return [one for one in left if one["verbs"]]

    return change


async def _clock(place: Site, seconds: float) -> None:
    place.world.chat.state.clock = Skewed(seconds)


@dataclass(frozen=True, slots=True)
class Skewed:
    """A clock that is off."""

    seconds: float

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.seconds)

    async def sleep(self, seconds: float) -> None:
        raise NotImplementedError


CHAT: dict[str, Case] = {
    "token revoked": Case(
        lambda place: place.world.chat.fail("auth.test", error="token_revoked", times=9),
        {"token-refused"},
        "token_revoked",
        "OAuth & Permissions",
    ),
    "slack elsewhere": Case(
        lambda place: place.environment.update(SLACK_API_URL="http://127.0.0.1:1/api/"),
        {"slack-unreachable"},
        "does not answer",
        "http://127.0.0.1:1/api/",
    ),
    "scope missing": Case(
        lambda place: place.app(scopes=(REQUIRED | OPTIONAL) - {"files:write"}),
        {"scopes-missing"},
        "lacks files:write",
        "podbot manifest",
    ),
    "no usergroups": Case(
        lambda place: place.app(scopes=(REQUIRED | OPTIONAL) - {"usergroups:read"}),
        {"scopes-missing", "usergroups-unseen"},
        "lacks usergroups:read",
        "podbot manifest",
    ),
    "optional scopes missing": Case(
        lambda place: place.app(scopes=REQUIRED), {"scopes-optional"}, "channels:read, groups:history", "grant them", 0
    ),
    "scope too many": Case(
        lambda place: place.app(scopes=REQUIRED | OPTIONAL | {"users:write"}),
        {"scopes-more"},
        "users:write",
        "take them away",
        0,
    ),
    "no socket": Case(
        lambda place: place.app(may_connect=False), {"way-refused"}, "lacks the scope", "connections:write"
    ),
    "another team": Case(lambda place: place.policy.update(team="T0OTHER"), {"team-other"}, "T0OTHER", "id"),
    "channel lost": Case(
        lambda place: _grant(place, 1, channels=[ONCALL, "C0NOWHERE"]), {"channel-lost"}, "C0NOWHERE", "correct its id"
    ),
    "channel archived": Case(
        lambda place: place.channel(TEAM, archived=True), {"channel-archived"}, "C0TEAM (#team)", "take it out"
    ),
    "not a member": Case(
        lambda place: _grant(place, 1, channels=[ONCALL, QUIET]),
        {"channel-outside"},
        "C0QUIET (#without-podbot)",
        "/invite",
    ),
    "not a member where all read": Case(
        lambda place: _grant(place, 0, channels=[TEAM, QUIET]),
        {"channel-unheard", "channel-public"},
        "hears no mention",
        "/invite",
        0,
    ),
    "shared channel": Case(
        lambda place: _grant(place, 0, channels=[TEAM, SHARED]),
        {"channel-shared"},
        "another organisation",
        "your own workspace",
        0,
    ),
    "organisation's channel": Case(
        lambda place: place.channel(TEAM, org_shared=True),
        {"channel-shared"},
        "other workspaces of the organisation",
        "your own workspace",
        0,
    ),
    "public channel": Case(
        lambda place: place.channel(TEAM, private=False), {"channel-public"}, "can join it", "make it private", 0
    ),
    "usergroup lost": Case(
        lambda place: _grant(place, 2, usergroups=["S0ONCALL", "S0NOWHERE"]),
        {"usergroup-lost"},
        "S0NOWHERE",
        "correct its id",
    ),
    "usergroup empty": Case(
        lambda place: place.world.chat.workspace.usergroups.update(S0ONCALL=frozenset()),
        {"usergroup-empty"},
        "S0ONCALL (@oncall) is empty",
        "put people into it",
        0,
    ),
    "nobody to ask": Case(lambda place: place.policy.update(ask=""), {"ask-nobody"}, "nobody", "<#C…>", 0),
    "lost whom to ask": Case(
        lambda place: place.policy.update(ask="<#C0NOWHERE>"), {"ask-lost"}, "<#C0NOWHERE>", "correct `ask`", 0
    ),
    "slack's clock": Case(lambda place: _clock(place, 150), {"clock-wrong"}, "behind that of Slack", "NTP"),
    "slack's clock, a little": Case(
        lambda place: _clock(place, -30), {"clock-off"}, "ahead of that of Slack", "NTP", 0
    ),
}


async def _cluster_clock(place: Site) -> None:
    assert place.world.simulation is not None
    place.world.simulation.clock = Skewed(300)


def _new_credentials(place: Site) -> None:
    path = Path(place.environment["KUBECONFIG"])
    path.write_text(path.read_text().replace("podbot", "somebody"))


def _other_server(place: Site) -> None:
    path = Path(place.environment["KUBECONFIG"])
    lines = path.read_text().splitlines()
    path.write_text("\n".join("    server: http://127.0.0.1:1" if "server:" in line else line for line in lines))


async def _quota(place: Site) -> None:
    path = f"/api/v1/namespaces/{place.world.payments}/resourcequotas"
    await place.world.admin.make(path, {"metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}})


SETTINGS: dict[str, Case] = {
    "no keys": Case(
        lambda place: place.environment.update(SIGNING_KEYS=""),
        {"setting-wrong"},
        "SIGNING_KEYS",
        "missing; set it",
    ),
    "a weak key": Case(
        lambda place: place.environment.update(SIGNING_KEYS="changeme" * 5), {"key-weak"}, "key 1", "openssl rand"
    ),
    "http without a good secret": Case(
        lambda place: place.environment.update(SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="xoxb"),
        {"way-secret"},
        "32 hexadecimal digits",
        "Basic Information",
        0,
    ),
    "a broken policy": Case(
        lambda place: place.policy["grants"][0].update(tier="viewr"), {"policy-wrong"}, "grants.0.tier", "did you mean"
    ),
    "another cluster's grants": Case(
        lambda place: place.environment.update(PODBOT_CLUSTER="other"),
        {"policy-empty", "own-rule"},
        "other",
        "PODBOT_CLUSTER",
    ),
    "frozen": Case(
        lambda place: place.policy.update(frozen="release night"), {"policy-frozen"}, "release night", "`frozen`", 0
    ),
    "a broken template": Case(
        lambda place: place.environment.update(PODBOT_TEMPLATES=str(place.folder)),
        {"template-wrong"},
        "policy.yaml",
        "",
    ),
    "the API server elsewhere": Case(_other_server, {"cluster-unreachable"}, "does not answer", "KUBECONFIG"),
    "a token that is not known": Case(_new_credentials, {"cluster-unauthenticated"}, "credentials", "fresh token"),
    "the API server's clock": Case(_cluster_clock, {"clock-wrong"}, "behind that of the API server", "NTP"),
    "a quota": Case(_quota, {"pod-refused"}, "exceeded quota", "podbot templates lint"),
}

RBAC: dict[str, Case] = {
    "a tier that podbot cannot be": Case(_no_users, {"identity-refused"}, "cannot act as podbot:viewer", "podbot rbac"),
    "a tier without a right": Case(
        lambda place: place.rules("Role", "podbot:tier:operator", place.world.payments, _less("delete", "pods")),
        {"rights-missing"},
        "delete pods (for delete)",
        "podbot rbac",
    ),
    "a tier without a helpful right": Case(
        lambda place: place.rules("Role", "podbot:tier:viewer", place.world.shop, _less("list", "events")),
        {"rights-missing"},
        "list events (for events)",
        "podbot rbac",
    ),
    "nobody that podbot can be": Case(
        lambda place: place.rules("ClusterRole", "podbot:impersonation", "", lambda _: []),
        {"impersonation-none", "identity-refused"},
        "may act as nobody",
        "podbot rbac",
    ),
    "nothing that podbot may act on": Case(
        lambda place: place.rules(
            "Role", "podbot:targets", place.world.shop, _less("impersonate-on:user-info:get", "pods/log")
        ),
        {"targets-missing"},
        "get pods/log",
        "podbot rbac",
    ),
    "no leases": Case(
        lambda place: place.rules("Role", "podbot:own", place.world.home, lambda _: []),
        {"lease-refused", "lease-right"},
        "cannot make Leases",
        "podbot rbac",
    ),
    "podbot reads secrets": Case(
        lambda place: place.give("podbot-test-excess", rule(["get"], "", ["secrets"])),
        {"own-rule"},
        "get secrets in every namespace",
        "take that rule",
    ),
    "podbot may do all": Case(
        lambda place: place.give("podbot-test-excess", rule(["*"], "*", ["*"])),
        {"own-rule", "impersonation-lent"},
        "* *.*",
        "take that rule",
    ),
    "podbot may be anybody": Case(
        lambda place: place.give("podbot-test-excess", rule(["impersonate"], "", ["groups"])),
        {"own-rule"},
        "impersonate groups",
        "take that rule",
    ),
}
