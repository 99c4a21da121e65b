"""`label` over the simulated cluster, with the rights that it declares and no others."""

import pytest

from bot.core.errors import Conflict, Declined, NotFound, UsageError
from bot.core.relabelling import LabelChange, pin
from bot.core.replies import Offer
from bot.render.blocks import context as small_print
from bot.render.blocks import section, table
from bot.render.plain import plain
from handlers.label import MOST
from tests.demo.cluster.bench import PODS
from tests.handlers.labelling import SERVICES, asked, labels, relabel, two_pods
from tests.handlers.shop import Shop

NEXT = small_print("Next: `/pod list --show-labels -n shop`")


@pytest.fixture
def shop() -> Shop:
    """Return a shop with the pods web-1 and web-2, which differ in one label."""
    return two_pods()


def uid(shop: Shop, name: str) -> str:
    """Return a pod's UID."""
    return str(shop.get(f"{PODS}/{name}")["metadata"]["uid"])


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


async def test_a_value_is_masked_where_its_name_gives_it_away(shop: Shop) -> None:
    """A value stands without its name in what is told to the channel, and is masked there as in the line itself."""
    plan = await shop.plan("label web-1 db-password=hunter2 app=api --overwrite")
    assert plan.notes == ("web-1: db-password (none) → ‹masked›, app web → api",)
    (reply,) = await shop.change("label web-1 db-password=hunter2")
    assert "hunter2" not in str(reply.blocks)
    with pytest.raises(Declined) as caught:
        await shop.plan("label web-1 db-password=other")
    assert str(caught.value) == "“db-password” already has a value (‹masked›)"
    assert labels(shop, "web-1")["db-password"] == "hunter2"


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
