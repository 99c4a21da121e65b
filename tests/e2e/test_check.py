"""`podbot check` as people run it: a process over a chat server and a cluster, well set up, and with one fault each."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.core.resources import Json
from bot.slack.scopes import OPTIONAL, REQUIRED
from tests.e2e.checked import Found, Site, site
from tests.e2e.world import ONCALL, QUIET, SHARED, TEAM
from tests.real import rule, until

SIMULATED = ("simulated-constrained", "simulated-legacy")
REAL = ("real-constrained", "real-legacy")
EVERY = [*SIMULATED, *(pytest.param(name, marks=pytest.mark.cluster) for name in REAL)]
ODD = Path(__file__).parent / "odd_templates"


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
        return [
            {**one, "verbs": [each for each in one["verbs"] if (each, one["resources"]) != (verb, [resource])]}
            for one in parted
        ]

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
        lambda place: place.app(scopes=REQUIRED), {"scopes-optional"}, "channels:read, groups:read", "grant them", 0
    ),
    "scope too many": Case(
        lambda place: place.app(scopes=REQUIRED | OPTIONAL | {"channels:history"}),
        {"scopes-more"},
        "channels:history",
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


async def _seed(place: Site, case: Case) -> None:
    made = case.make(place)
    if made is not None:
        await made


def _loud(found: list[Found]) -> set[str]:
    return {one.kind for one in found if one.level in ("warning", "failure")}


async def _expect(place: Site, case: Case) -> None:
    code, found = await place.findings()
    assert _loud(found) == case.kinds, [one for one in found if one.level in ("warning", "failure")]
    assert any(case.says in one.says and case.mend in one.mend for one in found if one.kind in case.kinds), found
    assert code == case.code


@pytest_asyncio.fixture
async def simulated(tmp_path: Path) -> AsyncIterator[Site]:
    """Prepare a simulated cluster with constrained impersonation, as it should be."""
    async with site("simulated-constrained", tmp_path) as place:
        yield place


@pytest.mark.parametrize("name", EVERY)
async def test_a_good_setup_is_good(name: str, tmp_path: Path) -> None:
    """Where all is as it should be, every check is looked at, there is no warning, and the exit code is 0."""
    async with site(name, tmp_path) as place:
        code, found = await place.findings()
        assert [one for one in found if one.level != "ok"] == []
        assert code == 0
        assert {"targets-legacy" if "legacy" in name else "targets-good"} <= {one.kind for one in found}
        code, printed = await place.check()
        assert code == 0
        *lines, last = printed.splitlines()
        assert all(line.startswith("ok") for line in lines)
        assert last == f"{len(lines)} ok"


@pytest.mark.parametrize("case", {**CHAT, **SETTINGS}.values(), ids={**CHAT, **SETTINGS}.keys())
async def test_a_fault_is_found(simulated: Site, case: Case) -> None:
    """Each fault of Slack, settings and the way to the cluster is found, nothing else is, and its mend is named."""
    await _seed(simulated, case)
    await _expect(simulated, case)


@pytest.mark.parametrize("name", ["simulated-constrained", pytest.param(REAL[0], marks=pytest.mark.cluster)])
@pytest.mark.parametrize("case", RBAC.values(), ids=RBAC.keys())
async def test_a_fault_of_rights_is_found(name: str, case: Case, tmp_path: Path) -> None:
    """Each fault of RBAC is found, on a real cluster too, nothing else is, and its mend is named."""
    async with site(name, tmp_path) as place:
        await _seed(place, case)

        async def seen() -> bool:  # RBAC reaches the API server's authorizer a moment later
            return case.kinds == _loud((await place.findings())[1])

        try:
            if name == REAL[0]:
                await until(seen, "the fault seen")
            await _expect(place, case)
        finally:
            await place.take("podbot-test-excess")
