"""Triage of the pods that an alert names."""

import threading

import pytest

from bot.core.alerts import Named
from bot.core.errors import Forbidden, NotFound, UsageError
from bot.core.replies import Offer
from bot.core.resources import Json
from bot.core.triage.judging import judge
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.verdict import Verdict
from bot.demo.chat.blocks import accept
from bot.render.limits import fit
from bot.render.plain import plain
from handlers.alert import COMMAND, Alert
from tests.demo.cluster.bench import PODS
from tests.fakes import FakeCluster, context_of
from tests.handlers.running import answer
from tests.handlers.shop import Shop

NOT_FOUND = "No pod that the alert names was found where you may look."
NEXT = "`/pod triage POD -n NAMESPACE` looks at one, `/pod triage` at this channel's namespace."


@pytest.fixture
async def shop() -> Shop:
    """Return a shop in which one pod crashes, one has no image, and six are well."""
    shop = Shop()
    shop.create(PODS, _pod("orders", "echo lost the database >&2; exit 1"))
    shop.create(PODS, _pod("checkout", "sleep 1", image="nginx:1.22-typo"))
    for number in range(6):
        shop.create(PODS, _pod(f"web-{number}", "sleep 86400"))
    await shop.clock.sleep(100)
    return shop


def _pod(name: str, script: str, image: str = "busybox:1.35") -> Json:
    container = {"name": "main", "image": image, "command": ["sh", "-c", script]}
    return {"metadata": {"name": name}, "spec": {"containers": [container]}}


async def test_one_pod_is_triaged_in_full(shop: Shop) -> None:
    """Where one pod is named, it is told as its triage would be, with what to do next and what closes it."""
    reply = await shop.read("alert shop/orders")
    alone = await shop.read("triage orders")
    assert reply.text == alone.text
    assert reply.blocks == alone.blocks
    assert [one.line for one in reply.offers] == [one.line for one in alone.offers]
    assert {one.namespace for one in reply.offers} == {"shop"}
    assert reply.pins.keys() == {"pod/shop/orders"}
    assert reply.resolve == alone.resolve
    assert reply.resolve.startswith("resolve orders --cause 'main ends with exit code 1")


async def test_several_are_told_in_short(shop: Shop) -> None:
    """Each has its cause, one proof and a button; names that are no pods, or elsewhere, are said, each name once."""
    reply = await shop.read("alert orders orders checkout payments/ledger nope-1")
    said = plain(reply.blocks)
    for part in (
        "*2 pods* of 4 names in the alert",
        "*shop/orders* CrashLoopBackOff",
        "*shop/checkout*",
        "Check its name and tag.",
        "Not found: `nope-1`.",
        "Outside the namespaces that were looked at: `payments/ledger`; `-A` looks at all that are granted",
    ):
        assert part in said
    assert said.count("shop/orders") == 1
    assert reply.offers == (
        Offer("Triage orders", "triage orders -n shop", namespace="shop"),
        Offer("Triage checkout", "triage checkout -n shop", namespace="shop"),
    )
    assert reply.resolve == ""


async def test_five_are_looked_at(shop: Shop) -> None:
    """Of many pods five are looked at closely; which were not is said, and the answer fits a message."""
    reply = fit(await shop.read(f"alert {' '.join(f'web-{number}' for number in range(6))}"))
    assert accept([dict(block) for block in reply.blocks])
    assert "Not looked at closely, 5 at once are: `shop/web-5`." in plain(reply.blocks)
    assert reply.pins.keys() == {f"pod/shop/web-{number}" for number in range(5)}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("alert", f":grey_question: No pod's name is in this message.\n\n{NEXT}\n"),
        (
            "alert nope-1",
            f":grey_question: {NOT_FOUND}\n\nNot found: `nope-1`.\n{NEXT}\n",
        ),
    ],
)
async def test_nothing_is_found(shop: Shop, line: str, said: str) -> None:
    """Where no name is a pod's, that is said, with how to ask about one."""
    reply = await shop.read(line)
    assert plain(reply.blocks) == said
    assert reply.offers == ()


@pytest.mark.parametrize(
    ("line", "said"), [("alert " + "web-1 " * 11, "11 pods are too many"), ("alert a/b/c", "“a/b/c” is not a pod name")]
)
async def test_what_is_no_name(shop: Shop, line: str, said: str) -> None:
    """At most ten names are looked up, and what can be none is refused."""
    with pytest.raises(UsageError, match=said):
        await shop.read(line)


async def test_names_in_many_namespaces() -> None:
    """Fifty look-ups are made; that there were more to make is said, and so is where the asker may not look."""
    missing, closed = NotFound("no", status=404), Forbidden("no", status=403)
    clusters = [FakeCluster({f"get pods/web-{name}": missing for name in range(10)}, f"n{one}") for one in range(9)]
    clusters[0].answers["get pods/web-0"] = closed
    reply = await answer(COMMAND, context_of(*clusters), Alert(tuple(Named(f"web-{name}") for name in range(10))))
    assert sum(len(cluster.calls) for cluster in clusters) == 50
    assert "Not every name was looked up in every namespace" in plain(reply.blocks)
    assert "You may not get pods in `n0`." in plain(reply.blocks)


@pytest.mark.parametrize("line", ["alert shop/orders shop/checkout", "triage", "triage orders"])
async def test_judging_lets_others_have_their_turn(shop: Shop, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a pod has printed, and however many Services there are, the loop goes on: judging is not done on it."""
    threads: list[int] = []

    def judged(seen: Snapshot) -> Verdict:
        threads.append(threading.get_ident())
        return judge(seen)

    for module in ("handlers.alert", "handlers.triage", "bot.steps.surveying"):
        monkeypatch.setattr(f"{module}.judge", judged)
    await shop.read(line)
    assert threads
    assert threading.get_ident() not in threads
