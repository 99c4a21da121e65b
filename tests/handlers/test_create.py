"""`create`, over a fake cluster, and what it looks like."""

from collections import deque
from dataclasses import replace
from typing import Any

import pytest

from bot.core.creation import suffix
from bot.core.diagnosis import Finding, Stage
from bot.core.errors import AlreadyExists, Forbidden, Invalid, NotFound, UsageError
from bot.core.parsing import parse
from bot.core.pods import Pod
from bot.core.replies import Reply
from bot.core.resources import Json
from bot.render.blocks import context, quote, section
from bot.steps.settling import Settling
from config.parameters import Parameter
from config.templates import Template
from handlers.create import COMMAND, Checked, Create, Created, Creation
from tests.core.samples import ended, pending, raw_pod, running, waiting
from tests.fakes import FakeClock, FakeCluster, context_of

CREATE = "create pods"


def template(spec: Json | None = None) -> Template:
    """Return a template with one parameter, whose pod has this spec as well."""
    container = {"name": "app", "image": {"parameter": "image"}}
    return Template(
        name="single",
        summary="One container",
        parameters={"image": Parameter(type="image", default="nginx:1.22")},
        pod={"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [container], **(spec or {})}},
    )


def asked(line: str = "single web") -> Create:
    """Return what is asked for by a line."""
    request = parse(f"create {line}", {"create": COMMAND}).asked
    assert isinstance(request, Create)
    return request


async def planned(line: str = "single web", answer: Any = None, spec: Json | None = None) -> Creation:
    """Plan a pod."""
    cluster = FakeCluster({CREATE: answer})
    return await COMMAND.plan(context_of(cluster, templates={"single": template(spec)}), asked(line))


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


RBAC = 'pods is forbidden: User "podbot:viewer" cannot create resource "pods" in API group ""'
QUOTA = 'pods "web" is forbidden: exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2'


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


def test_render_a_dry_run() -> None:
    """A dry run says that nothing was made, and how to make it."""
    answer = ":ballot_box_with_check: *Checked only* · the server would create pod `web-1`"
    small = context("To create it: `/pod create single web-1 -n shop`")
    result = Checked(Pod.of(raw_pod()), "create single web-1 -n shop")
    assert COMMAND.render(result) == Reply(answer, (section(answer), small))


RUNNING = Settling(Pod.of(raw_pod()), Stage.RUNNING, last=True)
STARTING = Settling(Pod.of(pending()), Stage.STARTING)
BACK_OFF = pending({"containerStatuses": [waiting("app", "CrashLoopBackOff")]})
CRASHED = Finding("container app ended with exit code 1", "bye <!here>", lines=("logs web-1 -c app -p",), stuck=True)
UNMOUNTED = Finding("a volume cannot be mounted", hint="Make it")
SUCCEEDED = raw_pod(status={"phase": "Succeeded", "containerStatuses": [ended("app", 0, "Completed")]})
TIMED_OUT = raw_pod(
    spec={"nodeName": ""},
    status={"phase": "Failed", "reason": "DeadlineExceeded", "containerStatuses": [running("app", ready=False)]},
)
NEXT = "`/pod delete web-1 -n shop`"


@pytest.mark.parametrize(
    ("state", "answer", "rest"),
    [
        (
            STARTING,
            ":hourglass_flowing_sand: *ContainerCreating* · pod `web-1`, 0/1 ready on node `node-a`",
            (),
        ),
        (
            RUNNING,
            ":large_green_circle: *Running* · pod `web-1`, 1/1 ready on node `node-a`",
            (context(f"Next: `/pod logs web-1 -n shop`, {NEXT}"),),
        ),
        (
            Settling(Pod.of(SUCCEEDED), Stage.COMPLETED, last=True),
            ":white_check_mark: *Completed* · pod `web-1`, which has done its work",
            (context(f"Next: `/pod logs web-1 -n shop`, {NEXT}"),),
        ),
        (
            Settling(Pod.of(TIMED_OUT), Stage.FAILED, last=True),
            ":red_circle: *DeadlineExceeded* · pod `web-1`, 0/1 ready",
            (context(f"Next: `/pod logs web-1 -n shop`, {NEXT}"),),
        ),
        (
            Settling(Pod.of(BACK_OFF), Stage.STUCK, UNMOUNTED, last=True),
            ":red_circle: *CrashLoopBackOff* · pod `web-1`, 0/1 ready on node `node-a`",
            (section("A volume cannot be mounted. Make it."), context(f"Next: `/pod list -n shop`, {NEXT}")),
        ),
        (
            replace(RUNNING, last=False),
            ":large_green_circle: *Running* · pod `web-1`, 1/1 ready on node `node-a`",
            (),
        ),
        (
            Settling(Pod.of(BACK_OFF), Stage.STUCK, CRASHED, last=True),
            ":red_circle: *CrashLoopBackOff* · pod `web-1`, 0/1 ready on node `node-a`",
            (
                section("Container app ended with exit code 1."),
                quote("bye <!here>"),
                context(f"Next: `/pod logs web-1 -c app -p -n shop`, {NEXT}"),
            ),
        ),
        (
            replace(STARTING, finding=UNMOUNTED, last=True, unread=True),
            ":warning: *Not running yet* (ContainerCreating) · pod `web-1`, 0/1 ready on node `node-a`, after 45 s",
            (
                section("A volume cannot be mounted. Make it."),
                context("Its events are not shown: you may not read events here."),
                context(f"Next: `/pod list -n shop`, {NEXT}"),
            ),
        ),
        (
            replace(STARTING, last=True, gone=True),
            ":warning: *Gone* · pod `web-1`, deleted or replaced by somebody meanwhile",
            (context("Next: `/pod list -n shop`"),),
        ),
    ],
)
def test_render(state: Settling, answer: str, rest: tuple[Any, ...]) -> None:
    """Each state of a new pod is said whole: the answer, why it does not run, and a next step."""
    assert COMMAND.render(Created(state)) == Reply(answer, (section(answer), *rest))


YAML = """\
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: app, image: "busybox:1.35", command: [sleep, "60"]}]}
"""


@pytest.mark.parametrize("line", ["", "--yaml", "--yaml -l team=shop --ttl 1m", "--dry-run"])
async def test_plan_takes_the_document(line: str) -> None:
    """A document is the pod, with or without --yaml; it is shown, labelled, and asked for again by the same line."""
    cluster = FakeCluster({CREATE: None})
    plan = await COMMAND.plan(context_of(cluster, document=YAML), asked(line))
    assert plan.summary.endswith("pod web from YAML")
    assert plan.notes[-2:] == ("Container app: busybox:1.35, which runs sleep 60.", "Labels: app=web.")
    labels = plan.manifest["metadata"]["labels"]
    assert {"app": "web", "app.kubernetes.io/managed-by": "podbot"}.items() <= labels.items()
    assert "podbot.io/template" not in labels
    again = await COMMAND.plan(context_of(cluster, document=YAML), asked(plan.line.removeprefix("create ")))
    assert (again.manifest, again.pins, again.line) == (plan.manifest, plan.pins, plan.line)
    assert not plan.asks


async def test_another_document_has_other_pins() -> None:
    """What is pressed is what was shown."""
    plans = [
        await COMMAND.plan(context_of(FakeCluster({CREATE: None}), document=text), asked("--yaml"))
        for text in (YAML, YAML.replace("60", "61"))
    ]
    assert plans[0].pins != plans[1].pins


@pytest.mark.parametrize(
    ("line", "document", "said"),
    [
        ("--yaml", "", "there is no YAML"),
        ("single", YAML, "the YAML says all, the pod's name too"),
        ("web --yaml", YAML, "the YAML says all, the pod's name too"),
        ("", "", "TEMPLATE is missing"),
        ("--yaml", "kind: Secret", "the YAML's kind is “Secret”"),
    ],
)
async def test_a_document_and_its_line_must_go_together(line: str, document: str, said: str) -> None:
    """What contradicts itself ends before any call, with a hint."""
    cluster = FakeCluster()
    with pytest.raises(UsageError) as caught:
        await COMMAND.plan(context_of(cluster, document=document), asked(line))
    assert (str(caught.value), cluster.calls) == (said, [])
    assert caught.value.hint


THEIRS: Json = {
    "metadata": {"name": "job", "namespace": "shop"},
    "template": {
        "metadata": {"labels": {"app": "job"}, "annotations": None, "finalizers": ["example.com/never"]},
        "spec": {"containers": [{"name": "main", "image": "acme/job:1"}]},
    },
}


async def plan_of_theirs(line: str, found: Any, **context: Any) -> Creation:
    """Plan a pod where the namespace has this answer for the PodTemplate job."""
    cluster = FakeCluster({CREATE: None, "get podtemplates/job": found})
    given = context_of(cluster, templates={"single": template()}, **{"pod_templates": True, **context})
    return await COMMAND.plan(given, asked(line))


async def test_plan_takes_the_namespaces_pod_template() -> None:
    """Its labels, annotations and spec become the pod, which is shown; the line says the same again."""
    plan = await plan_of_theirs("job web --ttl 1m", THEIRS)
    assert plan.summary == "create pod web from PodTemplate job"
    assert plan.notes[1:] == ("Container main: acme/job:1.", "Labels: app=job.")
    assert plan.line == "create job web --ttl 60s -n shop"
    assert plan.manifest["metadata"]["labels"]["podbot.io/template"] == "job"
    assert "finalizers" not in plan.manifest["metadata"]
    assert (await plan_of_theirs("job", THEIRS)).summary.startswith("create pod job-")


async def test_a_pod_template_that_reaches_out_is_asked_about() -> None:
    """What it touches needs a press, like one of podbot's own templates."""
    reaching = {**THEIRS, "template": {"spec": {**THEIRS["template"]["spec"], "hostNetwork": True}}}
    plan = await plan_of_theirs("job web", reaching)
    assert plan.asks
    assert "It reaches its host: hostNetwork." in plan.notes


@pytest.mark.parametrize(
    ("line", "found", "context", "said"),
    [
        ("job web a=b", THEIRS, {}, "PodTemplate job has no parameters"),
        ("job web", NotFound("no"), {}, "there is no template “job”"),
        ("job web", THEIRS, {"pod_templates": False}, "there is no template “job”"),
        (
            "job web",
            Forbidden("no"),
            {},
            "podbot has no template “job”, and you may not get the PodTemplates of shop",
        ),
        (
            "job web",
            {"template": {"metadata": {"labels": {"kubernetes.io/os": "linux"}}}},
            {},
            "the pod's label “kubernetes.io/os” is reserved",
        ),
    ],
)
async def test_a_pod_template_that_cannot_be_used(line: str, found: Any, context: Any, said: str) -> None:
    """One that is not there, may not be read, or does not fit ends the plan with a hint."""
    with pytest.raises(UsageError) as caught:
        await plan_of_theirs(line, found, **context)
    assert str(caught.value) == said
    assert caught.value.hint


async def test_podbots_own_template_goes_first() -> None:
    """A PodTemplate cannot stand in for a template of the same name: the cluster is not even asked."""
    assert (await plan_of_theirs("single web", None)).summary == "create pod web from template single"


def test_render_a_dry_run_of_yaml() -> None:
    """The line to create it says that the YAML belongs to it."""
    reply = COMMAND.render(Checked(Pod.of(raw_pod()), "create --yaml -n shop"))
    assert reply.blocks[1] == context("To create it: `/pod create --yaml -n shop`, with the same YAML")
