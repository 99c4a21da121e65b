"""podbot without impersonation: it signs in as each tier's ServiceAccount, and the API server's log proves it."""

import json
import logging
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio

from bot import logs
from bot.app import App
from bot.core.errors import NotSetUp
from bot.core.resources import Json
from bot.demo.chat.messages import Message
from config.errors import ConfigError
from config.settings import load_settings
from tests.contract.sites import pod
from tests.e2e.checked import site
from tests.e2e.ground import TOKEN_WORLDS, accounts, policy, simulated_world, write_policy
from tests.e2e.promise import check_accounts, is_allowed
from tests.e2e.world import ALICE, ONCALL, TEAM, World, state_of, words
from tests.real import until

EVERY = [pytest.param(name, marks=pytest.mark.cluster if name.startswith("real") else ()) for name in TOKEN_WORLDS]

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _resource(event: Json) -> str:
    about = event.get("objectRef", {})
    return "/".join(part for part in (about.get("resource", ""), about.get("subresource", "")) if part)


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=EVERY)
async def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Run podbot without a right to impersonate, and check at the end as whom every request was made."""
    async with TOKEN_WORLDS[request.param](tmp_path_factory.mktemp("podbot")) as prepared:
        async with prepared.replica():
            yield prepared
        own, *tiers = accounts(prepared.home, "tokens")
        check_accounts(prepared.whole_audit(), own, tiers)


def _whispered(world: World) -> Message | None:
    seen = world.chat.driver.messages(ONCALL, seen_by=ALICE)
    return next((one for one in seen if one.only_for == ALICE and "hello" in words(one)), None)


def _operator(world: World) -> str:
    return f"system:serviceaccount:{world.home}:podbot-tier-operator"


async def test_whoami(world: World) -> None:
    """It names the ServiceAccount as the API server does, and says that Kubernetes does not know the person."""
    said = words(await world.say(ALICE, TEAM, "whoami"))
    assert f"system:serviceaccount:{world.home}:podbot-tier-viewer" in said
    assert "system:serviceaccounts" in said
    assert "its audit log does not name you" in said


async def test_a_list(world: World) -> None:
    """Reads are the viewers' account's."""
    await world.make(pod("listed"))
    before = len(world.audit())
    assert "listed" in words(await world.say(ALICE, TEAM, "list"))
    (asked,) = (event for event in world.audit()[before:] if _resource(event) == "pods")
    assert asked["user"]["username"] == f"system:serviceaccount:{world.home}:podbot-tier-viewer"


async def test_a_change_and_its_record(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Made, asked about and deleted as the operators' account; podbot's own record names the person beside it."""
    caplog.set_level(logging.INFO, "podbot.audit")
    ended = await world.done(await world.say(ALICE, ONCALL, "create debug made"))
    assert state_of(ended) == "done"
    question = await world.say(ALICE, ONCALL, "delete made --grace-period 0")
    assert state_of(question) not in {"done", "started"}
    assert await world.pod("made") is not None
    assert state_of(await world.done(await world.press(ALICE, question, "confirm"))) == "done"
    deleted = [one for one in world.audit() if one["verb"] == "delete" and _resource(one) == "pods"]
    assert {one["user"]["username"] for one in deleted} == {_operator(world)}
    records = [json.loads(one.getMessage())["audit"] for one in caplog.records if one.name == "podbot.audit"]
    assert {(one["user"], one["identity"]) for one in records} == {(ALICE, _operator(world))}


async def test_a_command_in_a_container(world: World) -> None:
    """A websocket is the operators' account's too."""
    await world.make(pod("run"))
    await world.admin.running(world.shop, "run")
    question = await world.say(ALICE, ONCALL, "exec run -- echo hello")
    assert state_of(await world.done(await world.press(ALICE, question, "confirm"))) == "done"
    await world.until(lambda: _whispered(world))  # it comes last, and is not to be taken for what comes next
    opened = [one for one in world.audit() if _resource(one) == "pods/exec" and is_allowed(one)]
    assert {one["user"]["username"] for one in opened} == {_operator(world)}


async def test_a_watch(world: World) -> None:
    """What goes on by itself is the tier's account's too."""
    assert state_of(await world.done(await world.say(ALICE, ONCALL, "watch on -l app=never"))) == "done"

    async def looked() -> bool:
        events = world.whole_audit()
        return any(one["verb"] == "watch" and one["user"]["username"] == _operator(world) for one in events)

    await until(looked, "the watch")
    assert _operator(world) in words(await world.say(ALICE, ONCALL, "watches"))
    assert state_of(await world.done(await world.say(ALICE, ONCALL, "watch off -l app=never"))) == "done"


async def test_a_refusal(world: World) -> None:
    """What the policy refuses is refused, and what Kubernetes refuses the tier is no fault of podbot's setting up."""
    assert "Refused" in words(await world.say(ALICE, TEAM, "create debug intruder"))
    path = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{world.payments}/rolebindings/podbot:tier:operator"
    binding = await world.admin.call("GET", path)
    await world.admin.remove(path)

    async def refused() -> bool:  # RBAC reaches the API server's authorizer a moment later
        return "Refused by Kubernetes" in words(await world.say(ALICE, ONCALL, f"list -n {world.payments}"))

    try:
        await until(refused, "the refusal")
        assert _operator(world) in words(await world.say(ALICE, ONCALL, f"list -n {world.payments}"))
    finally:
        kept = {key: binding[key] for key in ("apiVersion", "kind", "roleRef", "subjects")}
        await world.admin.make(path.rpartition("/")[0], {**kept, "metadata": {"name": "podbot:tier:operator"}})


async def test_a_token_that_lost_its_account_is_renewed(world: World) -> None:
    """Where the ServiceAccount was made anew its old token is not known any more: podbot asks for another by itself."""
    assert "podbot-tier-viewer" in words(await world.say(ALICE, TEAM, "whoami"))
    path = f"/api/v1/namespaces/{world.home}/serviceaccounts"
    account = {"metadata": {"name": "podbot-tier-viewer"}}
    await world.admin.remove(f"{path}/podbot-tier-viewer")
    if world.simulation is not None:  # it does not look at the account behind a token
        world.simulation.tokens = {
            token: user for token, user in world.simulation.tokens.items() if "tier-viewer" not in user.name
        }
    await world.admin.make(path, account)

    async def known() -> bool:  # the API server remembers a token for some seconds
        return "podbot-tier-viewer" in words(await world.say(ALICE, TEAM, "whoami"))

    await until(known, "the new token")


@pytest.mark.parametrize("name", EVERY)
async def test_the_check_is_content(name: str, tmp_path: Path) -> None:
    """`podbot check` tries each tier's token, says what the API server's log will not tell, and finds no excess."""
    async with site(name, tmp_path) as place:
        code, found = await place.findings()
        assert [one for one in found if one.level != "ok"] == []
        assert code == 0
        assert {"impersonation-tokens", "identities-good", "targets-tokens", "own-good"} <= {one.kind for one in found}
        assert any("audit log names no person" in one.says for one in found)


async def test_the_check_names_the_mend(tmp_path: Path) -> None:
    """A ServiceAccount that is missing and a right to ask for all tokens are found, and a tier's groups warned of."""
    async with site("simulated-tokens", tmp_path) as place:
        await place.world.admin.remove(f"/api/v1/namespaces/{place.world.home}/serviceaccounts/podbot-tier-viewer")
        await place.rules("Role", "podbot:own", place.world.home, lambda rules: [*rules[:-1], _unnamed(rules[-1])])
        place.policy["tiers"]["operator"]["groups"] = ["podbot:operators"]
        code, found = await place.findings()
        assert code == 1
        told = {one.kind: one for one in found if one.level in {"warning", "failure"}}
        assert {*told} == {"identity-refused", "own-rule", "impersonation-groups"}
        assert "no ServiceAccount podbot-tier-viewer" in told["identity-refused"].says
        assert f"act as system:serviceaccount:{place.world.home}:podbot-tier-viewer" in told["identity-refused"].says
        assert "--tokens" in told["identity-refused"].mend


def _unnamed(rule: Json) -> Json:
    return {key: value for key, value in rule.items() if key != "resourceNames"}


async def test_it_does_not_start_without_the_right(tmp_path: Path) -> None:
    """Where podbot may ask for no tokens it says so, and does not begin to answer."""
    async with simulated_world(tmp_path, "tokens") as world:
        path = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{world.home}/rolebindings/podbot:own"
        await world.admin.remove(path)
        with pytest.raises(NotSetUp, match="serviceaccounts/token"):
            async with world.replica():
                pass


async def test_every_token_is_masked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever token there is, podbot's own at work or that of its check at start, the log was told to mask it."""
    masked = dict[str, Sequence[str]]()
    monkeypatch.setattr(logs, "never_tell", lambda secrets, whose="": masked.update({whose: secrets}))
    async with simulated_world(tmp_path, "tokens") as world:
        assert world.simulation is not None
        tokens = world.simulation.tokens
        async with world.replica(PODBOT_CHECK_AT_START="true"):

            async def given() -> list[str] | None:
                made = [token for token, user in tokens.items() if "podbot-tier-" in user.name]
                return made if len(made) == 4 else None

            made = await until(given, "two tokens a tier")
            assert set(made) == {token for secrets in masked.values() for token in secrets}


async def test_people_are_refused(tmp_path: Path) -> None:
    """A policy with people does not start, and says what to do."""
    async with simulated_world(tmp_path, "tokens") as world:
        write_policy(tmp_path, policy(world.shop, world.payments))
        with pytest.raises(ConfigError, match="people need impersonation"):
            App(load_settings(world.environment), world.transport)
