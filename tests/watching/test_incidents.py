"""An incident from its opening to its end, as the channel sees it."""

from bot.core.errors import ChatError
from tests.watching.town import PODS, town

BROKEN = "no.such.registry/image:1"


async def test_one_message_an_incident_edited_to_its_end() -> None:
    """A pod that crashes brings one message after the grace, with proofs in its thread, edited when it is over."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        here.pod("web-1")
        here.breaks("api-1")
        await here.until(20)
        assert here.channel.posted == []
        await here.until(60)
        (told,) = here.channel.incidents
        assert "*In trouble* · Pod `api-1` · main ends with exit code 3" in told.says
        assert "`main/shop`" in told.says
        (proof,) = here.channel.proofs
        assert proof.thread == told.ref.ts
        assert "Error, exit code 3" in proof.says
        assert "`/pod logs api-1 -c main -p -n shop`" in proof.says or "`/pod logs api-1 -c main -n shop`" in proof.says
        here.drop("api-1")
        await here.until(90)
        assert "*Recovered* after" in told.says
        assert len(told.states) == 2
        assert len(here.channel.posted) == 2
        await here.until(700, every=10)
        assert dict(await here.own.records.read()).keys() == {f"watch.{(await here.watches.all())[0].key}"}


async def test_pods_of_one_owner_are_one_incident_that_gets_worse() -> None:
    """What three pods of a Deployment have in common is told once, and edited when they are five."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        here.deployed("api", "exit 3", 3)
        await here.until(80)
        (told,) = here.channel.incidents
        assert "*In trouble* · 3 pods of Deployment `api`" in told.says
        here.scale("api", 5)
        await here.until(60)
        assert "*Worse* · 5 pods of Deployment `api`" in told.says
        assert "3 at first, 5 at most" in told.says
        assert len(here.channel.incidents) == 1


async def test_what_differs_in_owner_or_cause_is_told_apart() -> None:
    """Two owners, and two causes, are three incidents."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        here.deployed("api", "exit 3", 2)
        here.deployed("web", "exit 3", 2)
        here.deployed("old", "sleep 3600", 2, image=BROKEN)
        await here.until(90)
        assert len(here.channel.incidents) == 3


async def test_a_rollout_that_goes_well_is_quiet() -> None:
    """New pods that start, one that crashes once on its way, and old ones that end, bring no message at all."""
    async with town() as here:
        here.deployed("api", "sleep 36000", 3, release="old")
        await here.until(30)
        await here.turn_on()
        here.replica("a")
        await here.until(30)
        here.deployed("api", "sleep 8; exit 1", 1, release="first")  # crashes once, and is taken back at once
        await here.until(12)
        here.scale("api", 0, release="first")
        here.deployed("api", "sleep 36000", 3, release="new")
        await here.until(20)
        here.scale("api", 0, release="old")
        await here.until(180)
        assert here.channel.posted == []


async def test_what_comes_again_soon_is_the_same_incident() -> None:
    """A StatefulSet's pod that is mended and breaks again within ten minutes is told in the same message."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        here.breaks("db-0")
        await here.until(80)
        here.drop("db-0")
        await here.until(120)
        (told,) = here.channel.incidents
        assert "*Recovered*" in told.says
        here.breaks("db-0")
        await here.until(100)
        assert len(here.channel.incidents) == 1
        assert "*Back again*" in told.says
        assert "it has come 2 times" in told.says


async def test_what_comes_again_late_is_another_incident() -> None:
    """A quarter of an hour later it is told anew."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        here.breaks("db-0")
        await here.until(80)
        here.drop("db-0")
        await here.until(900, every=5)
        here.breaks("db-0")
        await here.until(80)
        first, second = here.channel.incidents
        assert "*Recovered*" in first.says
        assert "*In trouble*" in second.says


async def test_many_at_once_are_folded_into_the_last_message_of_the_minute() -> None:
    """Of nine incidents four get a message, and a fifth has the rest; later ones wait for the next minute."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        for number in range(9):
            here.breaks(f"app-{number}")
        await here.until(70)
        assert len(here.channel.incidents) == 5
        (together,) = (one for one in here.channel.incidents if "*And 5 more incidents*" in one.says)
        here.breaks("late-1")
        await here.until(120)
        assert len(here.channel.incidents) == 6
        for number in range(9):
            here.drop(f"app-{number}")
        await here.until(240)
        assert all("*Recovered*" in one.says for one in here.channel.incidents[:5])
        assert together.says.startswith(":white_check_mark:")


async def test_a_crowd_costs_one_closer_look() -> None:
    """Sixty pods of one owner are one list, one watch, and one triage, or a second where a pod just ran."""
    async with town() as here:
        here.deployed("api", "exit 3", 60)
        await here.turn_on()
        here.replica("a")
        await here.until(75)
        (told,) = here.channel.incidents
        assert "60 pods of Deployment `api`" in told.says
        assert "`api-5d8f7c9b64-" in told.says
        assert "and 55 more" in told.says
        made = [one for one in here.simulation.audit if one.impersonated]
        pods = [one for one in made if one.resource == "pods"]
        assert [one.verb for one in pods].count("list") <= 3
        assert [one.verb for one in pods].count("watch") == 1
        assert len(made) <= 2 + 8 + 8
        assert len([one for one in made if one.resource == "pods/log"]) <= 2


async def test_a_selector_narrows_what_is_watched() -> None:
    """Pods that the selector does not pick are nobody's incident."""
    async with town() as here:
        await here.turn_on(selector="app=web")
        here.replica("a")
        here.breaks("other-1", app="other")
        here.breaks("web-1", app="web")
        await here.until(90)
        (told,) = here.channel.incidents
        assert "`web-1`" in told.says
        assert "`main/shop (app=web)`" in told.says


async def test_turning_it_off_closes_what_is_open() -> None:
    """A watch that is turned off says so in its open messages, and nothing of it is kept."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        here.breaks("api-1")
        await here.until(80)
        (watch,) = await here.watches.all()
        await here.watches.remove(watch)
        await here.until(60)
        (told,) = here.channel.incidents
        assert "No longer watched" in told.says
        assert dict(await here.own.records.read()) == {}
        here.breaks("api-2")
        await here.until(120)
        assert len(here.channel.incidents) == 1


async def test_what_was_turned_off_is_not_told() -> None:
    """An incident that could not be posted before its watch was turned off leaves nothing behind."""
    async with town() as here:
        await here.turn_on()
        here.channel.refuses = [ChatError("no", code="internal_error")]
        here.replica("a")
        here.breaks("api-1")
        await here.until(60)
        (watch,) = await here.watches.all()
        await here.watches.remove(watch)
        await here.until(120)
        assert dict(await here.own.records.read()) == {}
        assert all("No longer watched" in one.says for one in here.channel.incidents)


async def test_a_secret_in_a_cause_is_neither_kept_nor_told() -> None:
    """An image's name that carries a token is masked in the message and in what is kept."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        here.pod("odd", image="xoxb-123456789012-abcdefghijkl/IMAGE")
        await here.until(110)
        (told,) = here.channel.incidents
        kept = "".join((await here.own.records.read()).values())
        assert "odd" in kept
        assert "abcdefghijkl" not in told.raw + kept


async def test_hostile_names_and_words_are_harmless() -> None:
    """What an image's name says in the cause can't ping anybody or format anything."""
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        here.pod("odd", image="<!channel>*x*")
        await here.until(90)
        (told,) = here.channel.incidents
        assert "&lt;!channel&gt;\u2217x\u2217" in told.raw
        assert "<!channel>" not in told.raw


async def test_a_hostile_owner_is_harmless() -> None:
    """A pod's maker names its controller's kind as they like: it pings nobody."""
    owner = {"apiVersion": "x.io/v1", "kind": "<!channel>", "name": "n", "uid": "1-2-3", "controller": True}
    container = {"name": "main", "image": "busybox:1.35", "command": ["sh", "-c", "exit 3"]}
    async with town() as here:
        await here.turn_on()
        here.replica("a")
        metadata = {"name": "odd", "ownerReferences": [owner]}
        here.ask("POST", PODS, {"metadata": metadata, "spec": {"containers": [container]}})
        await here.until(90)
        (told,) = here.channel.incidents
        assert "1 pod of &lt;!channel&gt; `n`" in told.raw
        assert "<!channel>" not in "".join(one.raw for one in here.channel.posted)
