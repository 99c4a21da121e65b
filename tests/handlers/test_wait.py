"""Waiting for a pod, over the simulated cluster; its clock is moved on by the waiting itself."""

import pytest

from bot.core.errors import Forbidden, NotFound, UsageError
from bot.core.parsing import parse
from bot.core.replies import Offer, Reply
from bot.demo.cluster.faults import Fault, How, refusing
from bot.render.plain import plain
from handlers.wait import COMMAND
from tests.demo.cluster.bench import PODS
from tests.handlers.shop import COMMANDS, Shop

WATCH = "/namespaces/shop/pods$"


@pytest.fixture
def shop() -> Shop:
    """Return a fresh shop."""
    return Shop()


def said(reply: Reply) -> str:
    """Return an answer as plain text."""
    return plain(reply.blocks)


async def test_a_pod_that_becomes_ready(shop: Shop) -> None:
    """The answer comes as soon as it is so, and says how long it took."""
    shop.pod("web")
    began = shop.clock.now()
    reply = await shop.read("wait web")
    took = (shop.clock.now() - began).total_seconds()
    assert 0 < took < 10
    assert reply.text.startswith(":white_check_mark: *Ready* after ")
    assert reply.text.endswith("· pod `web` in `main/shop`: Running, 1/1 ready")
    assert "`/pod logs web -n shop` shows what it printed." in said(reply)
    assert (set(reply.pins), reply.offers) == ({"pod/web"}, ())


async def test_what_is_so_already(shop: Shop) -> None:
    """What holds at once is told at once, also where nothing is waited for."""
    shop.pod("web")
    await shop.wait(10)
    for wanted in ("ready", "condition=Ready", "running", "jsonpath={.status.phase}=Running", "created"):
        reply = await shop.read(f"wait web --for={wanted} --timeout 0")
        assert " after 0s · pod `web`" in reply.text, wanted


async def test_a_pod_that_does_not_become_ready(shop: Shop) -> None:
    """When time is over the answer says what is missing, in the server's words, and offers to go on."""
    shop.pod("web", spec={"nodeSelector": {"nowhere": "at-all"}})
    began = shop.clock.now()
    reply = await shop.read("wait web --timeout 10s")
    assert 10 <= (shop.clock.now() - began).total_seconds() < 12
    assert reply.text == ":hourglass: *Not ready* after 10s · pod `web` in `main/shop`: Pending, 0/1 ready"
    text = said(reply)
    assert "It has no condition Ready yet." in text
    assert "No node can take it now." in text
    assert "node(s) didn't match Pod's node affinity/selector" in text
    assert reply.offers == (
        Offer("Wait again", "wait web --for=ready --timeout=10s -n shop"),
        Offer("Describe", "describe web -n shop"),
    )


async def test_a_pod_that_can_never_be_ready(shop: Shop) -> None:
    """A pod that ends meanwhile, or is being deleted, is not waited for until time is over."""
    shop.pod("web", "exit 3", spec={"restartPolicy": "Never"})
    began = shop.clock.now()
    reply = await shop.read("wait web --timeout 10m --for=completed")
    assert (shop.clock.now() - began).total_seconds() < 60
    assert reply.text == ":red_circle: *Never completed* · pod `web` in `main/shop`: Error, 0/1 ready"
    assert "It has failed and will not run again." in said(reply)
    assert "Container main ended with exit code 3." in said(reply)
    assert reply.offers == (Offer("Describe", "describe web -n shop"),)
    reply = await shop.read("wait web")
    assert "It has ended (Failed) and will not run again." in said(reply)


async def test_a_pod_that_completes(shop: Shop) -> None:
    """A pod that has done its work is completed; one that restarts never is."""
    shop.pod("web", "sleep 5", spec={"restartPolicy": "Never"})
    assert (await shop.read("wait web --for=completed")).text.startswith(":white_check_mark: *Completed* after ")
    shop.pod("api")
    assert "restartPolicy Always" in said(await shop.read("wait api --for=completed"))


async def test_a_pod_that_is_deleted_while_its_end_is_waited_for(shop: Shop) -> None:
    """Its end is told when the pod is gone, and pins nothing, for nothing is there."""
    shop.pod("web")
    await shop.wait(10)
    shop.later(5, lambda: shop.drop("web"))
    reply = await shop.read("wait web --for=deleted")
    assert reply.text == ":white_check_mark: *Deleted* after 5s · pod `web` in `main/shop`"
    assert dict(reply.pins) == {}
    assert "`/pod list -n shop` shows the pods that there are." in said(reply)


async def test_the_end_of_a_pod_that_was_never_there(shop: Shop) -> None:
    """A pod that is not there is not told as deleted."""
    assert (
        await shop.read("wait web --for=delete")
    ).text == ":white_check_mark: *Not there* · pod `web` in `main/shop`"


async def test_nobody_deletes_it(shop: Shop) -> None:
    """When time is over the answer says what keeps the pod: nobody deleted it, or its finalizers, or its end."""
    shop.pod("web")
    shop.pod("kept", metadata={"finalizers": ["example.com/hold"]})
    shop.pod("slow", "sleep 1000", spec={"terminationGracePeriodSeconds": 600})
    await shop.wait(10)
    reply = await shop.read("wait web --for=deleted --timeout 5s")
    assert reply.text == ":hourglass: *Not deleted* after 5s · pod `web` in `main/shop`: Running, 1/1 ready"
    assert "Nobody has deleted it." in said(reply)
    assert "`/pod delete web -n shop` deletes it, after a question." in said(reply)
    shop.drop("kept")
    kept = said(await shop.read("wait kept --for=deleted --timeout 5s"))
    assert "It is being deleted, and waits for its finalizers: `example.com/hold`." in kept
    shop.ask("DELETE", f"{PODS}/slow")
    slow = said(await shop.read("wait slow --for=deleted --timeout 5s"))
    assert "It is being deleted, and its containers are ending." in slow


async def test_a_pod_that_goes_while_it_is_waited_for(shop: Shop) -> None:
    """A pod that is deleted ends the wait for anything else of it."""
    shop.pod("web")
    shop.later(5, lambda: shop.drop("web"))
    reply = await shop.read("wait web --for=jsonpath=.spec.nodeName=other --timeout 5m")
    assert reply.text == ":red_circle: *Gone* after 5s · pod `web` in `main/shop`"
    assert "The pod that was there at first has been deleted." in said(reply)
    assert "Another pod" not in said(reply)
    again = "wait web --for=jsonpath=spec.nodeName=other --timeout=300s -n shop"
    assert f"`/pod {again}` waits for the next one of this name." in said(reply)


async def test_whether_another_came_is_not_known(shop: Shop) -> None:
    """Where it can't be read whether another pod has the name, the pod's going is told all the same."""
    shop.pod("web")

    def go() -> None:
        shop.drop("web")
        shop.faults.append(Fault(How.REFUSED, path=WATCH))

    shop.later(5, go)
    reply = await shop.read("wait web --for=jsonpath=.spec.nodeName=other --timeout 5m")
    assert reply.text.startswith(":red_circle: *Gone* after 5s")
    assert [fault.times for fault in shop.faults] == [0]
    assert "Another pod" not in said(reply)


async def test_a_pod_that_is_being_deleted(shop: Shop) -> None:
    """A pod that is being deleted does not become ready, and who waits for the next one is told how."""
    shop.pod("web", readinessProbe={"exec": {"command": ["false"]}}, spec={"terminationGracePeriodSeconds": 600})
    shop.later(5, lambda: shop.ask("DELETE", f"{PODS}/web"))
    reply = await shop.read("wait web --timeout 5m")
    assert reply.text == ":red_circle: *Never ready* · pod `web` in `main/shop`: Terminating, 0/1 ready"
    assert said(reply).count("It is being deleted.") == 1
    assert "`/pod wait web --for=ready --timeout=300s -n shop` waits for the next one of this name." in said(reply)


async def test_a_namesake_is_not_meant(shop: Shop) -> None:
    """Another pod of the same name is told, and its state is not taken for that of the one that was there."""
    shop.pod("web")

    def again() -> None:
        shop.drop("web")
        shop.pod("web", metadata={"labels": {"round": "two"}})

    shop.later(5, again)
    reply = await shop.read("wait web --for=jsonpath=.metadata.labels.round=two --timeout 5m")
    assert reply.text == ":red_circle: *Gone* after 5s · pod `web` in `main/shop`"
    assert "Another pod has its name now, and is not meant." in said(reply)


async def test_creation_is_waited_for(shop: Shop) -> None:
    """A pod that is not there yet can be waited for; without one in time, that is told."""
    shop.later(5, lambda: shop.pod("web"))
    assert (await shop.read("wait web --for=create")).text.startswith(":white_check_mark: *Created* after 5s")
    reply = await shop.read("wait other --for=create --timeout 5s")
    assert reply.text == ":hourglass: *Not created* after 5s · pod `other` in `main/shop`"
    assert "Nobody has created it yet." in said(reply)
    assert [offer.label for offer in reply.offers] == ["Wait again"]


async def test_a_name_that_nobody_has(shop: Shop) -> None:
    """A pod that is not there cannot become ready, and those that may be meant are named."""
    shop.pod("web")
    with pytest.raises(NotFound, match="did you mean web"):
        await shop.read("wait wep")


async def test_being_deleted_is_told_of_what_holds(shop: Shop) -> None:
    """A pod that is ready and going is told as both."""
    shop.pod("web", "trap '' TERM; sleep 1000", spec={"terminationGracePeriodSeconds": 600})
    await shop.wait(10)
    shop.ask("DELETE", f"{PODS}/web")
    assert "But it is being deleted." in said(await shop.read("wait web"))


async def test_a_right_that_is_missing(shop: Shop) -> None:
    """Without the right to watch, the server's refusal is the answer, and is not tried again."""
    shop.pod("web")
    shop.faults.append(refusing(403, "Forbidden", 'pods "web" is forbidden: User "x" cannot watch', path=WATCH))
    with pytest.raises(Forbidden, match="cannot watch"):
        await shop.read("wait web")


def test_how_long_it_may_take() -> None:
    """A wait may take as long as was asked, and a little for its other calls."""
    assert COMMAND.patience(parse("wait web --timeout 5m", COMMANDS).asked) == 315
    assert COMMAND.patience(parse("wait web", COMMANDS).asked) == 45
    with pytest.raises(UsageError, match="longer than ten minutes"):
        parse("wait web --timeout 11m", COMMANDS)
