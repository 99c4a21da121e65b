"""`create` from one of podbot's own templates: its plan and its run, over a fake cluster."""

from collections import deque

import pytest

from bot.core.creation import suffix
from bot.core.diagnosis import Stage
from bot.core.errors import AlreadyExists, Forbidden, Invalid, UsageError
from bot.core.parsing import parse
from bot.core.pods import Pod
from handlers.create import COMMAND, Checked, Created
from tests.core.samples import pending, raw_pod
from tests.fakes import FakeClock, FakeCluster, context_of
from tests.handlers.creating import CREATE, asked, planned, template

RBAC = 'pods is forbidden: User "podbot:viewer" cannot create resource "pods" in API group ""'
QUOTA = 'pods "web" is forbidden: exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2'


async def test_plan_has_the_server_check_the_filled_pod() -> None:
    """The template is filled, labelled and annotated with who and where, and sent as a dry run alone."""
    cluster = FakeCluster({CREATE: None})
    given = context_of(cluster, templates={"single": template()})
    plan = await COMMAND.plan(given, asked("single web image=busybox:1.35 -l team=shop --ttl 1h30m"))
    body = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "web",
            "namespace": "shop",
            "labels": {
                "team": "shop",
                "app.kubernetes.io/managed-by": "podbot",
                "podbot.io/template": "single",
            },
            "annotations": {"podbot.io/created-by": "T0ACME/U0ALICE/C0TEAM"},
        },
        "spec": {"containers": [{"name": "app", "image": "busybox:1.35"}], "activeDeadlineSeconds": 5400},
    }
    assert cluster.calls == [(CREATE, {"body": body, "dry_run": True})]
    assert (plan.summary, plan.asks, plan.manifest) == ("create pod web from template single", False, body)
    assert plan.notes == ("Kubernetes ends it after 90m; it can be looked at until somebody deletes it.",)


async def test_plan_asks_where_the_pod_reaches_outside_itself() -> None:
    """A service account, the host, Secrets and claims are named, and need a press."""
    spec = {
        "serviceAccountName": "deployer",
        "hostNetwork": True,
        "volumes": [
            {"name": "tls", "secret": {"secretName": "tls"}},
            {"name": "data", "persistentVolumeClaim": {"claimName": "data-0"}},
        ],
    }
    plan = await planned(spec=spec)
    assert plan.asks
    assert plan.notes == (
        "It runs as the service account deployer.",
        "It reaches its host: hostNetwork.",
        "It can read the Secrets: tls.",
        "It uses the claims: data-0.",
    )
    assert not (await planned("single web --dry-run", spec=spec)).asks


@pytest.mark.parametrize(
    "line", ["single", "single image=nginx:1.27", "single web -l a=b,c=d --ttl 2m", "single web --dry-run"]
)
async def test_the_plans_line_asks_for_the_same_pod(line: str) -> None:
    """The line for the button names the pod and the namespace, and plans the same pod with the same pins."""
    first = await planned(line)
    second = await planned(first.line.removeprefix("create "))
    assert parse(first.line, {"create": COMMAND}).namespace == "shop"
    assert (second.manifest, second.pins, second.line) == (first.manifest, first.pins, first.line)


async def test_pins_hold_the_pod_that_was_shown() -> None:
    """A template that changes between the question and the press changes the pins."""
    assert (await planned()).pins != (await planned(spec={"hostNetwork": True})).pins


def test_a_generated_name_belongs_to_its_request() -> None:
    """One request always makes the same suffix, and another one another."""
    assert suffix("r-1") == suffix("r-1") != suffix("r-2")
    assert len(suffix("r-1")) == 5


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("singel", "there is no template “singel”"),
        ("single a b", "“b” is a second name"),
        ("single Web", "“Web” is not a pod name"),
        ("single web image=a image=b", "a parameter is there twice"),
        ("single web colour=red", "template single has no parameter “colour”"),
        ("single web image=_", "“image” does not take that value"),
        ("single web 1=2", "“1=2” is not a parameter"),
        ("single web -l kubernetes.io/os=linux", "label “kubernetes.io/os” is reserved"),
    ],
)
async def test_plan_refuses_what_cannot_be_made(line: str, message: str) -> None:
    """A wrong word ends the command before any call, with a hint of what to type."""
    cluster = FakeCluster()
    with pytest.raises(UsageError) as caught:
        await COMMAND.plan(context_of(cluster, templates={"single": template()}), asked(line))
    assert str(caught.value) == message
    assert caught.value.hint
    assert cluster.calls == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (AlreadyExists('pods "web" already exists'), AlreadyExists),
        (Invalid("spec.containers[0].image: Required value"), Invalid),
        (Forbidden(RBAC), Forbidden),
        (Forbidden(QUOTA), Invalid),
        (Forbidden('pods "web" is forbidden: violates PodSecurity "restricted:latest"'), Invalid),
    ],
)
async def test_plan_tells_the_servers_no(answer: Exception, error: type[Exception]) -> None:
    """A name that exists, a full quota and an admission refusal end the plan; only RBAC's no is a missing right."""
    with pytest.raises(error) as caught:
        await planned(answer=answer)
    assert type(caught.value) is error
    assert str(caught.value) == str(answer)


async def test_run_creates_the_planned_pod_and_follows_it() -> None:
    """The planned manifest is created once, and the pod followed until it is ready."""
    first = pending({"containerStatuses": []})
    cluster = FakeCluster({CREATE: first, "get pods/web-1": deque([pending(), raw_pod()])})
    plan = await planned()
    results = [result async for result in COMMAND.run(context_of(cluster, clock=FakeClock()), asked(), plan)]
    stages = [result.state.stage for result in results if isinstance(result, Created)]
    assert stages == [Stage.STARTING, Stage.STARTING, Stage.RUNNING, Stage.RUNNING]
    assert cluster.calls[0] == (CREATE, {"body": plan.manifest, "dry_run": False})


async def test_a_dry_run_creates_nothing() -> None:
    """With --dry-run the plan's check is the whole of it, and the line to create the pod is shown."""
    plan = await planned("single web --dry-run")
    assert plan.summary == "check (dry run) pod web from template single"
    cluster = FakeCluster()
    results = [result async for result in COMMAND.run(context_of(cluster), asked("single web --dry-run"), plan)]
    assert results == [Checked(Pod.of(plan.manifest), "create single web -n shop")]
    assert cluster.calls == []


async def test_run_yields_nothing_where_the_server_refuses() -> None:
    """A pod that cannot be created after all leaves nothing half made."""
    cluster = FakeCluster({CREATE: AlreadyExists('pods "web" already exists')})
    plan = await planned()
    with pytest.raises(AlreadyExists):
        await anext(aiter(COMMAND.run(context_of(cluster), asked(), plan)))
    assert len(cluster.calls) == 1
