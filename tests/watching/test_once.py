"""Whatever dies or breaks: no incident is lost, and none is told twice."""

import pytest

from bot.core.errors import CannotPost, ChatError
from bot.demo.cluster.faults import Fault, How, refusing
from tests.simulated import OfWatches
from tests.watching.town import OnlyOf, Town, town


async def _told(here: Town, names: int) -> None:
    """Hold the channel against what must be: each incident told once, and proven once."""
    says = [one.says for one in here.channel.incidents]
    assert len(says) == names, says
    assert len({one.metadata["event_payload"]["id"] for one in here.channel.incidents}) == names
    assert len(here.channel.proofs) <= names


async def test_two_replicas_tell_once() -> None:
    """Of two replicas one watches, and the other does not even ask for pods."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        here.replica("b")
        here.breaks("api-1")
        await here.until(120)
        await _told(here, 1)
        watches = [one for one in here.simulation.audit if one.verb == "watch"]
        assert {one.impersonated for one in watches} == {"podbot:operator"}
        assert len(watches) <= 2


@pytest.mark.parametrize("after", [5, 28, 35, 40, 41, 43, 46, 60])
async def test_a_killed_replica_is_followed_by_another(after: int) -> None:
    """Whenever the replica that watches is killed, the other tells what is not told, and edits what is."""
    async with town() as here:
        await here.turn_on()
        first = here.replica("a")
        await here.until(1)
        here.replica("b")
        here.breaks("api-1")
        await here.until(after)
        await first.kill()
        here.breaks("web-1")
        await here.until(120)
        await _told(here, 2)
        here.drop("api-1")
        here.drop("web-1")
        await here.until(120)
        await _told(here, 2)
        assert all("*Recovered*" in one.says for one in here.channel.incidents)


async def test_a_replica_that_stops_lets_another_take_over_at_once() -> None:
    """After SIGTERM nobody waits for a lease to run out."""
    async with town() as here:
        await here.turn_on()
        first, second = here.replica("a"), here.replica("b")
        await here.until(10)
        leader, other = (first, second) if first.watcher._term else (second, first)
        await leader.stop()
        await here.until(6)
        assert other.watcher._term is not None


@pytest.mark.parametrize("may_look", [True, False])
async def test_a_replica_killed_while_it_posts(may_look: bool) -> None:  # noqa: FBT001  # pytest gives it by name
    """A message whose answer nobody heard is found again; where podbot may not look, it is told again and says so."""
    async with town() as here:
        await here.turn_on()
        here.channel.hangs, here.channel.may_look = 1, may_look
        first = here.replica("a")
        await here.until(1)
        here.replica("b")
        here.breaks("api-1")
        while not here.channel.incidents:
            await here.until(1)
        await first.kill()
        await here.until(90)
        told = here.channel.incidents
        assert len(told) == (1 if may_look else 2)
        assert may_look or "may stand here twice" in told[1].states[0]
        here.drop("api-1")
        await here.until(120)
        assert "*Recovered*" in told[-1].says


async def test_an_answer_of_slack_that_gets_lost() -> None:
    """The same replica looks for what it may have posted, and does not post it again."""
    async with town() as here:
        await here.turn_on()
        here.channel.loses = 1
        here.replica("a")
        here.breaks("api-1")
        await here.until(120)
        await _told(here, 1)
        assert here.channel.looks >= 1


async def test_a_refusal_of_slack_is_tried_again() -> None:
    """What Slack did not take is posted a minute later, once."""
    async with town() as here:
        await here.turn_on()
        here.channel.refuses = [ChatError("no", code="internal_error")]
        here.replica("a")
        here.breaks("api-1")
        await here.until(60)
        assert here.channel.posted == []
        await here.until(60)
        await _told(here, 1)


async def test_a_channel_that_podbot_was_put_out_of_is_not_watched_for() -> None:
    """Where podbot may not post any more, the watch ends, and nothing of it is kept."""
    async with town() as here:
        await here.turn_on()
        here.channel.refuses = [CannotPost("no", code="not_in_channel")]
        here.replica("a")
        here.breaks("api-1")
        await here.until(80)
        assert dict(await here.own.records.read()) == {}


@pytest.mark.parametrize(
    "fault",
    [
        OfWatches(How.CUT, path="/pods$", times=3),
        OfWatches(How.TORN, path="/pods$", times=3),
        OfWatches.of(refusing(410, "Expired", "too old resource version", path="/pods$", times=3)),
        Fault(How.ANSWERED, path="/pods$", times=5, status=503, body=b"{}"),
        Fault(How.REFUSED, path=".*", times=40),
        Fault(How.SLOW, path="/leases", times=4),
        Fault(How.CUT, "PATCH", "/configmaps", times=2, done=True),
        Fault(How.CUT, "PATCH", "/configmaps", times=2),
        Fault(How.ANSWERED, "PATCH", "/configmaps", times=2, status=409, body=b"{}"),
        OnlyOf(How.ANSWERED, path="/pods$", times=4, status=403, body=b"{}"),
    ],
    ids=lambda one: f"{one.how.name}-{one.method}-{one.status}-{one.done}",
)
@pytest.mark.parametrize("when", [0, 41])
async def test_an_api_server_that_fails(fault: Fault, when: int) -> None:
    """Restarted, overloaded or forgetful: the incident is told once, is not taken for over, and is then seen to end."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        here.replica("b")
        here.breaks("api-1")
        await here.until(when)
        here.fail(fault)
        await here.until(240, every=5)
        await _told(here, 1)
        (told,) = here.channel.incidents
        assert not any("Recovered" in state for state in told.states)
        here.drop("api-1")
        await here.until(150, every=5)
        await _told(here, 1)
        assert "*Recovered*" in told.says


async def test_what_nobody_saw_is_no_time_without_trouble() -> None:
    """Pods that could not be listed for minutes, and run when they can, are watched for a minute before all is well."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        here.breaks("db-0")
        await here.until(80)
        here.fail(OnlyOf(How.ANSWERED, path="/pods$", times=None, status=503, body=b"{}"))
        here.fail(OfWatches(How.CUT, path="/pods$", times=None))
        await here.until(300, every=5)
        here.drop("db-0")
        here.pod("db-0", "sleep 45; exit 3")
        await here.until(5)
        here.replicas[0].transport.faults.clear()
        await here.until(90)
        (told,) = here.channel.incidents
        assert not any("Recovered" in state for state in told.states)
        here.drop("db-0")
        await here.until(90)
        assert "*Recovered*" in told.says


@pytest.mark.parametrize("after", [20, 39, 42, 60])
async def test_a_replica_that_loses_the_api_server_alone(after: int) -> None:
    """Cut off from the API server but not from Slack, a replica stops telling before another begins."""
    async with town() as here:
        await here.turn_on()
        first = here.replica("a")
        await here.until(1)
        here.replica("b")
        here.breaks("api-1")
        await here.until(after)
        first.transport.faults.append(Fault(How.REFUSED, times=None))
        here.breaks("web-1")
        await here.until(120)
        await _told(here, 2)
        first.transport.faults.clear()
        here.drop("api-1")
        here.drop("web-1")
        await here.until(120)
        await _told(here, 2)
        assert all("*Recovered*" in one.says for one in here.channel.incidents)


async def test_an_api_server_that_has_forgotten_the_past() -> None:
    """A watch that is told 410 lists again, and misses nothing that happened meanwhile."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        await here.until(20)
        here.fail(OfWatches(How.REFUSED, path="/pods$", times=4))
        here.breaks("api-1")
        here.simulation.compact()
        await here.until(240)
        await _told(here, 1)


async def test_a_lost_grant_ends_the_watch_with_one_message() -> None:
    """Two replicas, and a policy that grants the channel nothing any more: one message, and nobody looks any more."""
    async with town() as here:
        await here.turn_on()
        first = here.replica("a")
        here.replica("b")
        await here.until(20)
        here.policy = here.policy.model_copy(update={"grants": ()})
        await here.until(2)
        await first.kill()
        await here.until(60)
        (told,) = here.channel.incidents
        assert "the policy grants this channel its pods no longer" in told.says
        assert "`/pod watch on -n shop` watches again" in told.says
        assert dict(await here.own.records.read()) == {}
        before = len(here.simulation.audit)
        await here.until(60)
        assert not [one for one in list(here.simulation.audit)[before:] if one.impersonated]


async def test_a_right_that_kubernetes_takes_away_ends_the_watch() -> None:
    """A 403 that stays for a minute is meant, and told; one that passes is not."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        await here.until(20)
        here.ask("DELETE", "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/podbot:tier:operator")
        await here.until(260, every=5)
        (told,) = here.channel.incidents
        assert "Kubernetes lets podbot:operator list and watch its pods no longer" in told.says
        assert await here.watches.all() == ()


async def test_it_looks_as_the_channels_tier() -> None:
    """Every request about pods is made as the tier, for team and channel, and names no person."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        here.breaks("api-1")
        await here.until(80)
        about_pods = [
            one for one in here.simulation.audit if one.resource.startswith("pods") and one.user.endswith("podbot")
        ]
        assert about_pods
        for one in about_pods:
            assert one.impersonated == "podbot:operator"
            assert one.extras == {"podbot.io/slack-team": ("T0ACME",), "podbot.io/slack-channel": ("C0TEAM",)}


async def test_what_podbot_has_not_signed_is_not_gone_by() -> None:
    """An entry that somebody else wrote, or moved to another channel's key, watches nothing."""
    async with town() as here:
        await here.turn_on()
        (key,) = dict(await here.own.records.read())
        path = "/api/v1/namespaces/bots/configmaps/podbot-watches"
        text = here.ask("GET", path)["data"][key]
        here.ask("PATCH", path, {"data": {key: text.replace("C0TEAM", "C0EVIL"), "watch.other": text}})
        here.replica("a")
        here.breaks("api-1")
        await here.until(90)
        assert here.channel.posted == []
        assert await here.watches.all() == ()


async def test_a_watch_outlives_a_change_of_keys() -> None:
    """A new key is put first, and the old one taken away later: what was watched is watched still."""
    async with town() as here:
        await here.turn_on()
        for keys in (("n" * 40, *here.keys), ("n" * 40,)):
            here.keys = keys
            replica = here.replica("a")
            await here.until(20)
            await replica.stop()
        here.replica("a")
        here.breaks("api-1")
        await here.until(90)
        (told,) = here.channel.incidents
        assert "`main/shop`" in told.says


async def test_what_is_passed_over_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """A key that was taken away too soon leaves watches that nobody looks after, and a line that says so."""
    async with town() as here:
        await here.turn_on()
        here.keys = ("n" * 40,)
        here.replica("a")
        await here.until(60)
        (key,) = dict(await here.own.records.read())
        assert [one for one in caplog.messages if "SIGNING_KEYS" in one and key in one] == [
            f"no key of SIGNING_KEYS has signed, so it is passed over: {key}"
        ]
