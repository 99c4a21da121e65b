"""`label` over the simulated cluster, with the rights that it declares and no others."""

from collections import deque
from collections.abc import Mapping
from typing import Any

import pytest

from bot.core.errors import Conflict, Declined, Forbidden, Invalid, NotFound, OutcomeUnknown, TooSlow, UsageError
from bot.core.parsing import parse
from bot.core.relabelling import LabelChange, pin
from bot.core.replies import Offer
from bot.core.resources import Json, Listing
from bot.render.blocks import context as small_print
from bot.render.blocks import section, table
from bot.render.plain import plain
from handlers.label import COMMAND, MOST, Label, Labelled
from tests.core.samples import raw_pod
from tests.demo.cluster.bench import PODS, pod
from tests.fakes import FakeClock, FakeCluster, context_of
from tests.handlers.shop import Shop

SERVICES = "/api/v1/namespaces/shop/services"
SETS = "/apis/apps/v1/namespaces/shop/replicasets"
PATCH = "patch pods/web-1"
NEXT = small_print("Next: `/pod list --show-labels -n shop`")

TEST_FAILED = Invalid("the server rejected our request due to an error in our request", status=422, cause="Invalid")


@pytest.fixture
def shop() -> Shop:
    """Return a shop with the pods web-1 and web-2, which differ in one label."""
    made = Shop()
    made.pod("web-1", metadata={"labels": {"app": "web", "tier": "front"}})
    made.pod("web-2", metadata={"labels": {"app": "web", "tier": "back"}})
    return made


def labels(shop: Shop, name: str) -> Any:
    """Return a pod's labels as they are."""
    return shop.get(f"{PODS}/{name}")["metadata"].get("labels")


def uid(shop: Shop, name: str) -> str:
    """Return a pod's UID."""
    return str(shop.get(f"{PODS}/{name}")["metadata"]["uid"])


def relabel(shop: Shop, name: str, **changed: str | None) -> None:
    """Change labels behind podbot's back."""
    patch = {"Content-Type": "application/merge-patch+json"}
    assert shop.ask("PATCH", f"{PODS}/{name}", {"metadata": {"labels": changed}}, headers=patch).status == 200


async def test_one_pod(shop: Shop) -> None:
    """A label is replaced, one set and one removed; the answer shows each before and after, and offers to undo it."""
    (reply,) = await shop.change("label web-1 app=api canary= tier- --overwrite")
    assert labels(shop, "web-1") == {"app": "api", "canary": ""}
    rows = [
        ("web-1", "app", "web", "api"),
        ("web-1", "canary", "(none)", "(empty)"),
        ("web-1", "tier", "front", "(none)"),
    ]
    assert reply.text == ":label: *Labeled* · pod `web-1`"
    assert reply.blocks == (section(reply.text), table(("Pod", "Label", "Before", "After"), rows), NEXT)
    changes = [LabelChange("app", None), LabelChange("canary", None), LabelChange("tier", None)]
    pins = {"pod/web-1": pin(uid(shop, "web-1"), {"app": "api", "canary": ""}, changes)}
    assert reply.offers == (Offer("Undo", "label web-1 app=web canary- tier=front --overwrite -n shop", pins),)


async def test_undo_and_undo_of_undo(shop: Shop) -> None:
    """What Undo runs finds the pins that it carries, restores exactly what was, and can itself be undone."""
    before = labels(shop, "web-1")
    line = "label web-1 app=api example.com/new=1 tier- --overwrite"
    for expected in ({"app": "api", "example.com/new": "1"}, before, {"app": "api", "example.com/new": "1"}):
        (reply,) = await shop.change(line)
        (offer,) = reply.offers
        assert labels(shop, "web-1") == expected
        assert (await shop.plan(offer.line)).pins == offer.pins
        line = offer.line


async def test_undo_does_not_fit_what_was_changed_since(shop: Shop) -> None:
    """After another change of these labels, or a new pod of the name, the pins differ; other labels don't matter."""
    (offer,) = (await shop.change("label web-1 canary=1"))[-1].offers
    relabel(shop, "web-1", tier="back")
    assert (await shop.plan(offer.line)).pins == offer.pins
    relabel(shop, "web-1", canary="2")
    assert (await shop.plan(offer.line)).pins != offer.pins
    shop.ask("DELETE", f"{PODS}/web-1", {"gracePeriodSeconds": 0})
    shop.pod("web-1", metadata={"labels": {"canary": "1"}})
    assert (await shop.plan(offer.line)).pins != offer.pins


async def test_the_first_and_the_last_label(shop: Shop) -> None:
    """A pod without labels gets its first, and loses its last."""
    shop.pod("bare")
    await shop.change("label bare a=b")
    assert labels(shop, "bare") == {"a": "b"}
    await shop.change("label bare a-")
    assert labels(shop, "bare") is None


async def test_the_plan_says_all_that_is_touched(shop: Shop) -> None:
    """A plan groups the pods that change alike, pins each, writes the namespace out, and asks nothing harmless."""
    relabel(shop, "web-1", tier="back")
    shop.pod("web-3", metadata={"labels": {"app": "web", "team": "shop"}})
    plan = await shop.plan("label -l 'app in (web)' tier- team=shop")
    assert plan.summary == "label 3 pods"
    assert plan.notes == (
        "web-1, web-2: tier back → (none), team (none) → shop",
        "web-3: label “tier” not found",
        "web-3: team=shop is so already",
    )
    changes = [LabelChange("tier", None), LabelChange("team", "shop")]
    pinned = [("web-1", {"tier": "back"}), ("web-2", {"tier": "back"}), ("web-3", {"team": "shop"})]
    assert plan.pins == {f"pod/{name}": pin(uid(shop, name), touched, changes) for name, touched in pinned}
    assert (plan.asks, plan.line) == (False, "label tier- team=shop -l 'app in (web)' -n shop")


async def test_several_pods_are_undone_each_its_way(shop: Shop) -> None:
    """Pods that had different values get a button each; those that had the same share one."""
    shop.pod("web-3", metadata={"labels": {"app": "web", "tier": "back"}})
    reply = (await shop.change("label -l app=web tier=x --overwrite"))[-1]
    assert reply.text == ":label: *Labeled* · 3 pods"
    assert [(offer.label, offer.line) for offer in reply.offers] == [
        ("Undo web-1", "label web-1 tier=front --overwrite -n shop"),
        ("Undo web-2 and 1 more", "label web-2 web-3 tier=back --overwrite -n shop"),
    ]
    for offer in reply.offers:
        assert (await shop.plan(offer.line)).pins == offer.pins


async def test_too_many_ways_back_have_no_buttons(shop: Shop) -> None:
    """Where each of many pods had another value, nothing is offered."""
    for number in range(3, 6):
        shop.pod(f"web-{number}", metadata={"labels": {"app": "web", "tier": str(number)}})
    assert (await shop.change("label -l app=web tier=x --overwrite"))[-1].offers == ()


async def test_a_value_is_not_replaced_unasked(shop: Shop) -> None:
    """Without --overwrite another value stays, and is named; the same value is no error."""
    with pytest.raises(Declined, match=r"“app” already has a value \(web\)$") as refused:
        await shop.plan("label web-1 app=api new=1")
    assert refused.value.hint == "add `--overwrite` to replace it"
    with pytest.raises(Declined, match=r"^pods web-1: “tier” already has a value \(front\); web-2: .*\(back\)"):
        await shop.plan("label -l app=web tier=x")
    assert labels(shop, "web-1") == {"app": "web", "tier": "front"}


async def test_one_pod_is_left_alone_and_the_others_go_on(shop: Shop) -> None:
    """Where one of several pods has another value, the rest is labeled, before it is done and after, it is told."""
    assert (await shop.plan("label web-1 web-2 tier=front new=1")).notes == (
        "web-1: new (none) → 1",
        "web-1: tier=front is so already",
        "web-2: left alone, “tier” already has a value (back)",
    )
    (reply,) = await shop.change("label web-1 web-2 tier=front new=1")
    assert labels(shop, "web-2") == {"app": "web", "tier": "back"}
    assert plain(reply.blocks) == plain(
        (
            section(":label: *Labeled* · 1 of 2 pods"),
            table(("Pod", "Label", "Before", "After"), [("web-1", "new", "(none)", "1")]),
            section("• web-1: tier=front is so already\n• web-2: left alone, “tier” already has a value (back)"),
            NEXT,
        )
    )


async def test_nothing_to_do(shop: Shop) -> None:
    """The value that is there, and a label that is not, are no change: nothing is sent, and it is said."""
    version = shop.get(f"{PODS}/web-1")["metadata"]["resourceVersion"]
    (reply,) = await shop.change("label web-1 app=web nope-")
    assert reply.blocks == (
        section(":heavy_minus_sign: *Not labeled* · there is nothing to change of pod `web-1`"),
        section("• web-1: app=web is so already\n• web-1: label “nope” not found"),
        NEXT,
    )
    assert reply.offers == ()
    assert shop.get(f"{PODS}/web-1")["metadata"]["resourceVersion"] == version


async def test_dry_run(shop: Shop) -> None:
    """With --dry-run the server checks it, nothing is changed, asked or offered; what it would bring about is told."""
    shop.create(SERVICES, {"metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}})
    plan = await shop.plan("label web-1 app- --dry-run")
    assert (plan.summary, plan.asks) == ("check (dry run) the labels of pod web-1", False)
    assert plan.notes[0] == "Service web will send no more traffic to web-1."
    (reply,) = await shop.change("label web-1 app- --dry-run")
    assert reply.text == ":ballot_box_with_check: *Checked only* · the server would label pod `web-1`"
    assert reply.blocks[2:] == (
        section("• Service web will send no more traffic to web-1."),
        small_print("To change it: `/pod label web-1 app- -n shop`"),
    )
    assert reply.offers == ()
    assert labels(shop, "web-1") == {"app": "web", "tier": "front"}


async def test_a_services_selector_asks(shop: Shop) -> None:
    """A Service that loses or wins a pod is named, and asked about; one that does not is not."""
    for name, selector in (("web", {"app": "web"}), ("api", {"app": "api"}), ("all", {"tier": "front"})):
        shop.create(SERVICES, {"metadata": {"name": name}, "spec": {"selector": selector, "ports": [{"port": 80}]}})
    plan = await shop.plan("label web-1 app=api --overwrite")
    assert plan.notes[:2] == (
        "Service api will begin to send traffic to web-1.",
        "Service web will send no more traffic to web-1.",
    )
    assert plan.asks
    assert not (await shop.plan("label web-1 app=web new=1")).asks


async def test_what_was_said_of_selectors_is_pinned(shop: Shop) -> None:
    """Where a selector is changed between question and press, so that more follows, the pins differ."""
    ports = [{"port": 80}]
    shop.create(SERVICES, {"metadata": {"name": "one"}, "spec": {"selector": {"app": "web"}, "ports": ports}})
    line = "label web-1 app=other tier=other --overwrite"
    asked = await shop.plan(line)
    assert asked.pins == (await shop.plan(line)).pins
    shop.create(SERVICES, {"metadata": {"name": "two"}, "spec": {"selector": {"tier": "front"}, "ports": ports}})
    again = await shop.plan(line)
    assert (asked.asks, again.asks) == (True, True)
    assert asked.pins != again.pins


async def test_a_replica_sets_selector_asks_both_ways(shop: Shop) -> None:
    """A ReplicaSet that loses a pod brings another; Undo says that it takes the first back, and one then ends."""
    template = {"metadata": {"labels": {"set": "one"}}, "spec": pod("")["spec"]}
    spec = {"replicas": 1, "selector": {"matchLabels": {"set": "one"}}, "template": template}
    shop.create(SETS, {"metadata": {"name": "one"}, "spec": spec})
    await shop.wait(5)
    (name,) = (one["metadata"]["name"] for one in shop.get(PODS, labelSelector="set=one")["items"])
    plan = await shop.plan(f"label {name} set=two --overwrite")
    assert plan.notes[0] == (
        f"ReplicaSet one will let go of {name} and bring a new pod for each; what it lets go of runs on without a "
        "controller."
    )
    assert plan.asks
    (offer,) = (await shop.change(f"label {name} set=two --overwrite"))[-1].offers
    await shop.wait(5)
    assert len(shop.get(PODS, labelSelector="set=one")["items"]) == 1
    back = await shop.plan(offer.line)
    assert back.notes[0] == (
        f"ReplicaSet one will take {name} as its own, and end a pod if it then has more than it wants."
    )
    assert back.asks
    assert {key: value for key, value in back.pins.items() if key != "selectors"} == offer.pins


async def test_a_pod_that_changed_before_it_was_done(shop: Shop) -> None:
    """A label that somebody changed between plan and patch is a conflict, and stays theirs."""

    async def meanwhile() -> None:
        relabel(shop, "web-1", tier="theirs")

    with pytest.raises(Conflict, match="changed meanwhile"):
        await shop.change("label web-1 tier=mine --overwrite", meanwhile)
    assert labels(shop, "web-1")["tier"] == "theirs"


async def test_pods_that_are_not_there(shop: Shop) -> None:
    """A name that no pod has is answered with those near it, and a selector that picks none with itself."""
    with pytest.raises(NotFound, match="did you mean web-1"):
        await shop.plan("label web a=b")
    with pytest.raises(NotFound, match="no pods in shop match app=nope"):
        await shop.plan("label -l app=nope a=b")


async def test_only_so_many_at_once(shop: Shop) -> None:
    """Twenty pods may be labeled at once; more are refused with how to have fewer."""
    for number in range(3, MOST + 1):
        shop.pod(f"web-{number}", metadata={"labels": {"app": "web"}})
    plan = await shop.plan("label -l app=web a=b")
    assert plan.summary == "label 20 pods"
    shop.pod("web-21", metadata={"labels": {"app": "web"}})
    with pytest.raises(Declined, match="more than 20 pods match app=web") as refused:
        await shop.plan("label -l app=web a=b")
    assert refused.value.hint == "narrow the selector, or name the pods"


def asked(line: str) -> Label:
    """Return what is asked for by a line."""
    request = parse(f"label {line}", {"label": COMMAND}).asked
    assert isinstance(request, Label)
    return request


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("web-1", "at least one label must be set or removed"),
        ("", "at least one label must be set or removed"),
        ("a=b", "POD is missing"),
        ("web-1 -l app=web a=b", "a pod and a selector contradict each other"),
        ("web-1 a=b a-", "label “a” can't be both set and removed"),
        (f"{' '.join(f'web-{number}' for number in range(21))} a=b", "21 pods are too many"),
        ("web-1 kubernetes.io/x=y", "label “kubernetes.io/x” is reserved"),
        ("web-1 'a=b c'", "“b c” is not a label value"),
    ],
)
def test_lines_that_are_refused(line: str, said: str) -> None:
    """Each wrong line says what is wrong and what to type."""
    with pytest.raises(UsageError) as refused:
        asked(line)
    assert (str(refused.value), bool(refused.value.hint), refused.value.verb) == (said, True, "label")


def test_words_may_stand_in_any_order() -> None:
    """Pods and labels are told apart by their form, and a pod that is named twice is one."""
    request = asked("a=b web-1 c- web-2 web-1")
    assert (request.pods, [str(change) for change in request.changes]) == (("web-1", "web-2"), ["a=b", "c-"])


STATEFUL = [{"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db", "uid": "s1", "controller": True}]
ROLLOUT = [{"apiVersion": "argoproj.io/v1", "kind": "Rollout", "name": "web", "uid": "o1", "controller": True}]
NODE = [{"apiVersion": "v1", "kind": "Node", "name": "n1", "uid": "n1", "controller": True}]
NO_SERVICES = "Could not look at Services: the right to list services is missing."


@pytest.mark.parametrize(
    ("owner", "answers", "said"),
    [
        (STATEFUL, {"list services": Forbidden("no")}, (NO_SERVICES,)),
        (
            STATEFUL,
            {"get statefulsets/db": Forbidden("no")},
            ("Could not look at StatefulSet db: the right to get statefulsets is missing.",),
        ),
        (
            STATEFUL,
            {"get statefulsets/db": TooSlow("late")},
            ("Could not look at StatefulSet db: the API server did not give it.",),
        ),
        (STATEFUL, {"get statefulsets/db": NotFound("gone")}, ()),
        (ROLLOUT, {}, ("Could not look at Rollout web: podbot does not know this kind.",)),
        (NODE, {}, ()),
        (NODE, {"list services": Listing((), unread=None)}, ("Looked at the first 0 Services only.",)),
    ],
)
async def test_what_could_not_be_looked_at_is_told(
    owner: list[Json], answers: Mapping[str, Any], said: tuple[str, ...]
) -> None:
    """A missing right, an unknown kind of controller and a list too long are told, and ask nothing."""
    usual = {
        "get pods/web-1": raw_pod(ownerReferences=owner),
        PATCH: {},
        "list services": (),
        "get statefulsets/db": {"metadata": {"name": "db", "uid": "s1"}, "spec": {}},
    }
    plan = await COMMAND.plan(context_of(FakeCluster({**usual, **answers})), asked("web-1 new=1"))
    assert (plan.notes[:-1], plan.asks) == (said, False)


async def test_nothing_is_looked_at_where_there_is_nothing_to_do() -> None:
    """Where no label would change, the pod is read and that is all."""
    cluster = FakeCluster({"get pods/web-1": raw_pod(labels={"a": "b"})})
    await COMMAND.plan(context_of(cluster), asked("web-1 a=b"))
    assert [call for call, _ in cluster.calls] == ["get pods/web-1"]


class Slow(FakeCluster):
    """A cluster that takes so many seconds for each patch."""

    def __init__(self, answers: Mapping[str, Any], seconds: float) -> None:
        super().__init__(answers)
        self.clock, self.seconds = FakeClock(), seconds

    async def patch(self, *args: Any, **options: Any) -> Json:
        await self.clock.sleep(self.seconds)
        return await super().patch(*args, **options)


async def done(*answers: Any, seconds: float = 0) -> list[Labelled]:
    """Label as many pods as there are answers to their patches, each of which takes so many seconds."""
    names = [f"web-{number}" for number in range(1, len(answers) + 1)]
    raws = {f"get pods/{name}": raw_pod(name=name, uid=f"uid-{name}") for name in names}
    patches = {
        f"patch pods/{name}": deque([{}, answer] if answer is not None else [{}])
        for name, answer in zip(names, answers, strict=True)
    }
    cluster = Slow({**raws, **patches, "list services": (), "list replicasets": ()}, seconds)
    request, context = asked(f"{' '.join(names)} a=b"), context_of(cluster, clock=cluster.clock)
    plan = await COMMAND.plan(context, request)
    return [result async for result in COMMAND.run(context, request, plan)]


async def test_what_takes_long_is_told_on_the_way() -> None:
    """Those that are done so far are told every three seconds, so that what breaks it off leaves few untold."""
    told = await done(None, None, None, None, None, None, seconds=2)
    assert [sum(one.is_done for one in result.targets) for result in told] == [1, 3, 5, 6]
    assert len(await done(None, None, None, None)) == 2


async def test_what_fails_at_one_pod_does_not_stop_the_others() -> None:
    """Each failure is told at its pod, an unknown outcome as such; the first that is done is told at once."""
    first, last = await done(TEST_FAILED, None, OutcomeUnknown("the connection broke"), Forbidden("quota exceeded"))
    assert [one.is_done for one in first.targets] == [False, True, False, False]
    reply = COMMAND.render(last)
    assert reply.text == ":label: *Labeled* · 1 of 4 pods"
    assert reply.blocks[2] == section(
        "• web-1: left alone, the pod or its labels were changed meanwhile\n"
        "• web-3: no clear answer came, it may have been labeled (the connection broke)\n"
        "• web-4: left alone, quota exceeded"
    )
    assert [offer.line for offer in reply.offers] == ["label web-2 a- --overwrite -n shop"]


@pytest.mark.parametrize(
    ("answers", "error", "said"),
    [
        ((TEST_FAILED,), Conflict, "the pod or its labels were changed meanwhile"),
        ((Invalid("wrong"), TEST_FAILED), Invalid, "web-1: wrong; web-2: the pod or its labels were changed meanwhile"),
        ((TEST_FAILED, OutcomeUnknown("broke")), OutcomeUnknown, "web-1: the pod or its labels .*; web-2: broke"),
        ((Forbidden("cannot patch resource"), Forbidden("cannot patch resource")), Forbidden, "^cannot patch resource"),
        ((Forbidden("a webhook says no"),), Invalid, "a webhook says no"),
    ],
)
async def test_where_all_fail_the_change_fails(
    answers: tuple[Exception, ...], error: type[Exception], said: str
) -> None:
    """Where no pod could be labeled that is an error, unknown if one of them is."""
    with pytest.raises(error, match=said):
        await done(*answers)
