"""`create` and `delete` over the simulated cluster, with the rights that they declare and no others."""

import pytest

from bot.core.errors import AlreadyExists, Conflict, Invalid, NotFound, TooMany
from tests.demo.cluster.bench import PODS, claim, pod
from tests.handlers.shop import SHIPPED, Shop

CLAIM = "/api/v1/namespaces/shop/persistentvolumeclaims"
BUDGET = {
    "metadata": {"name": "few"},
    "spec": {"minAvailable": 1, "selector": {"matchLabels": {"podbot.io/template": "single"}}},
}
NEEDED = {"claim": "claim=data", "ambassador": "host=example.com port=80"}


@pytest.fixture
def shop() -> Shop:
    """Return a fresh shop."""
    return Shop()


@pytest.mark.parametrize("name", sorted(SHIPPED))
async def test_every_shipped_template_runs(shop: Shop, name: str) -> None:
    """A pod from each shipped template comes to run, is ready, and says what to type next."""
    shop.create(CLAIM, claim("data"))
    answers = await shop.type(f"create {name} it {NEEDED.get(name, '')}")
    assert answers[-1].startswith(":large_green_circle: *Running* · pod `it`, ")
    assert "Next: `/pod logs it -n shop`, `/pod delete it -n shop`" in answers[-1]


async def test_a_pod_without_a_name_is_given_one(shop: Shop) -> None:
    """A generated name begins with the template's."""
    await shop.type("create single")
    names = [item["metadata"]["name"] for item in shop.get(PODS)["items"]]
    assert [name.rpartition("-")[0] for name in names] == ["single"]


async def test_a_dry_run_makes_no_pod(shop: Shop) -> None:
    """After --dry-run there is no pod."""
    (answer,) = await shop.type("create single web --dry-run")
    assert answer.startswith(":ballot_box_with_check: *Checked only*")
    assert shop.get(PODS)["items"] == []


@pytest.mark.parametrize(
    ("script", "end", "why"),
    [
        ("exit 3", ":red_circle: *CrashLoopBackOff*", "Container app ended with exit code 3"),
        ("tail /dev/zero", ":red_circle: *CrashLoopBackOff*", "Container app ran out of memory with exit code 137"),
    ],
)
async def test_a_crash_is_told_with_its_exit_code(shop: Shop, script: str, end: str, why: str) -> None:
    """A container that keeps ending is told as such, with its exit code and the line that shows its log."""
    shop.template(script)
    answers = await shop.type("create it web")
    assert answers[-1].startswith(end)
    assert why in answers[-1]
    assert "`/pod logs web -c app -p -n shop`" in answers[-1]


async def test_an_image_that_is_nowhere_is_told(shop: Shop) -> None:
    """A pull that fails ends with the image's name."""
    answers = await shop.type("create single web image=nope:9")
    assert answers[-1].startswith(":red_circle: *ImagePullBackOff*")
    assert "The image nope:9 of container app cannot be pulled" in answers[-1]


async def test_a_claim_that_is_missing_is_told(shop: Shop) -> None:
    """A pod whose claim does not exist is left waiting, with the claim's name."""
    answers = await shop.type("create claim web claim=nope")
    assert answers[-1].startswith(":warning: *Not running yet* (Pending)")
    assert "Its claim nope does not exist" in answers[-1]


async def test_a_pod_that_fits_on_no_node_is_told(shop: Shop) -> None:
    """A pod that asks for too much is left waiting, with the scheduler's words."""
    answers = await shop.type("create single web cpu=4 memory=8Gi")
    answers = await shop.type("create single web2 cpu=4 memory=8Gi")
    assert answers[-1].startswith(":warning: *Not running yet* (Pending)")
    assert "No node can take it now" in answers[-1]


async def test_work_that_is_done_is_told(shop: Shop) -> None:
    """A pod that ends well has completed, and one that ends badly has failed."""
    shop.template("true", restartPolicy="Never")
    assert (await shop.type("create it good"))[-1].startswith(":white_check_mark: *Completed*")
    shop.template("exit 4", restartPolicy="Never")
    assert (await shop.type("create it bad"))[-1].startswith(":red_circle: *Error*")


async def test_what_the_server_refuses_is_not_made(shop: Shop) -> None:
    """A name that exists, an unknown field and a full quota end in the plan, and no pod is half made."""
    await shop.type("create single web")
    with pytest.raises(AlreadyExists):
        await shop.type("create single web")
    shop.template("true", nope=1)
    with pytest.raises(Invalid, match="unknown field"):
        await shop.type("create it it")
    shop.create(
        "/api/v1/namespaces/shop/resourcequotas", {"metadata": {"name": "few"}, "spec": {"hard": {"pods": "1"}}}
    )
    with pytest.raises(Invalid, match="exceeded quota"):
        await shop.type("create debug more")
    assert [item["metadata"]["name"] for item in shop.get(PODS)["items"]] == ["web"]


async def test_a_deleted_pod_is_gone(shop: Shop) -> None:
    """A deletion is followed until the pod is gone."""
    await shop.type("create single web")
    answers = await shop.type("delete web --grace-period 1")
    assert [answer.partition(" · ")[0] for answer in answers] == [
        ":hourglass_flowing_sand: *Terminating*",
        ":white_check_mark: *Gone*",
    ]
    assert shop.get(PODS)["items"] == []


async def test_a_controllers_pod_is_replaced(shop: Shop) -> None:
    """The answer names the ReplicaSet that brings a new pod, and it does."""
    spec = {
        "replicas": 1,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {"metadata": {"labels": {"app": "web"}}, "spec": pod("web")["spec"]},
    }
    shop.create("/apis/apps/v1/namespaces/shop/replicasets", {"metadata": {"name": "web"}, "spec": spec})
    await shop.wait(5)
    (before,) = [item["metadata"]["name"] for item in shop.get(PODS)["items"]]
    answers = await shop.type(f"delete {before}")
    assert "ReplicaSet web will bring a new one, under another name." in answers[-1]
    (after,) = [item["metadata"]["name"] for item in shop.get(PODS)["items"]]
    assert after != before


async def test_a_disruption_budget_stops_an_eviction_and_no_deletion(shop: Shop) -> None:
    """An eviction that a budget forbids ends in its plan; deletion does not ask the budget."""
    await shop.type("create single web")
    shop.create("/apis/policy/v1/namespaces/shop/poddisruptionbudgets", BUDGET)
    with pytest.raises(TooMany):
        await shop.type("delete web --evict")
    assert shop.status("web") == "Running"
    await shop.type("delete web")
    assert shop.get(PODS)["items"] == []


async def test_an_eviction_without_a_budget_ends_the_pod(shop: Shop) -> None:
    """An evicted pod is gone, and the answer says evicted."""
    await shop.type("create single web")
    answers = await shop.type("delete web --evict")
    assert answers[-1].startswith(":white_check_mark: *Gone* · pod `web` was evicted")


async def test_a_namesake_is_not_deleted(shop: Shop) -> None:
    """A pod recreated between plan and run is a conflict, and lives."""
    shop.pod("web")

    async def recreate() -> None:
        shop.ask("DELETE", f"{PODS}/web", query={"gracePeriodSeconds": "0"})
        await shop.wait(1)
        shop.pod("web")

    with pytest.raises(Conflict):
        await shop.type("delete web", recreate)
    await shop.wait(10)
    assert shop.status("web") == "Running"


async def test_a_finalizer_keeps_a_pod(shop: Shop) -> None:
    """A pod that a finalizer keeps is told as terminating still, with the finalizer's name."""
    shop.pod("web", metadata={"finalizers": ["example.com/wait"]})
    answers = await shop.type("delete web --grace-period 1")
    assert answers[-1].startswith(":warning: *Still terminating* · pod `web`")
    assert "Its finalizers keep it until they are removed: example.com/wait." in answers[-1]


async def test_a_name_that_is_nearly_right_is_guessed(shop: Shop) -> None:
    """A pod that is not there is told with one that is called nearly so."""
    shop.pod("web-1")
    with pytest.raises(NotFound, match=r"did you mean web-1\?"):
        await shop.type("delete web")
