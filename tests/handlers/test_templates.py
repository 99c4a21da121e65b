import re

import pytest

from bot.core.errors import ClusterError, Forbidden, Unreachable, UsageError
from bot.core.parsing import parse
from bot.core.replies import Reply
from bot.core.resources import Json, Listing
from bot.render.blocks import context, section, table
from bot.render.plain import plain
from config.settings import SHIPPED_TEMPLATES
from config.templates import Parameter, Template, load_templates
from handlers import create
from handlers.templates import COMMAND, Templates
from tests.fakes import FakeCluster, context_of
from tests.handlers.running import answer

SHIPPED = load_templates(SHIPPED_TEMPLATES)


def template(name: str, **parameters: Parameter) -> Template:
    """Return a template whose parameters are all used in its pod."""
    env = [{"name": key, "value": {"parameter": key}} for key in parameters]
    pod = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "main", "env": env}]}}
    return Template(name=name, summary=f"A *{name}*", parameters=parameters, pod=pod)


WEB = template(
    "web",
    host=Parameter(summary="Where to", pattern=re.compile("[a-z]+"), example="db"),
    port=Parameter(type="integer", default=80, minimum=1, maximum=65535, summary="Port"),
    level=Parameter(type="choice", choices=("low", "high"), default="low"),
    memory=Parameter(type="quantity", default="64Mi", minimum="16Mi"),
    cpu=Parameter(type="quantity", default="1", maximum="2"),
    trace=Parameter(type="boolean", default=False),
    note=Parameter(default=""),
    image=Parameter(type="image"),
)
BOX = template("box")
STEPS = context("`/pod templates NAME` shows one, `/pod create NAME` makes a pod of it.")


async def test_all() -> None:
    """All templates are shown with what each must be given."""
    reply = await answer(COMMAND, context_of(templates={"box": BOX, "web": WEB}), Templates(None))
    assert reply == Reply(
        "*2 templates* to create pods from",
        (
            section("*2 templates* to create pods from"),
            table(
                ("Template", "Summary", "Must be given"), [("box", "A *box*", ""), ("web", "A *web*", "host, image")]
            ),
            STEPS,
        ),
    )


NOTHING = section("Its pod touches nothing outside itself, so that it is created without a question.")


async def test_one() -> None:
    """One template is shown with its parameters' types, defaults and limits, what it touches, and a line to type."""
    reply = await answer(COMMAND, context_of(templates={"web": WEB}), Templates("web"))
    assert reply == Reply(
        "*web* · A ∗web∗",  # noqa: RUF001  # the look-alike of an asterisk
        (
            section("*web* · A ∗web∗"),  # noqa: RUF001  # the same
            table(
                ("Parameter", "Type", "Default", "Limits", "Summary"),
                [
                    ("host", "string", "must be given", "matches [a-z]+", "Where to"),
                    ("port", "integer", "80", "1 to 65535", "Port"),
                    ("level", "choice", "low", "one of low, high", ""),
                    ("memory", "quantity", "64Mi", "at least 16Mi", ""),
                    ("cpu", "quantity", "1", "at most 2", ""),
                    ("trace", "boolean", "false", "", ""),
                    ("note", "string", "-", "at most 1,000 characters", ""),
                    ("image", "image", "must be given", "at most 255 characters", ""),
                ],
            ),
            NOTHING,
            context("Type for example `/pod create web my-web host=db image=nginx:1.22`."),
        ),
    )


async def test_one_without_parameters() -> None:
    """A template without parameters is an example line, and what it touches."""
    reply = await answer(COMMAND, context_of(templates={"box": BOX}), Templates("box"))
    assert reply.blocks[1:] == (NOTHING, context("Type for example `/pod create box my-box`."))


@pytest.mark.parametrize("name", SHIPPED)
async def test_every_example_can_be_typed(name: str) -> None:
    """The line to paste of each shipped template is planned without a word of complaint."""
    reply = await answer(COMMAND, context_of(templates=SHIPPED), Templates(name))
    line = plain(reply.blocks[-1:]).partition("/pod ")[2].rstrip(".`\n")
    parsed = parse(line, {"create": create.COMMAND})
    cluster = FakeCluster({"create pods": None})
    plan = await create.COMMAND.plan(context_of(cluster, templates=SHIPPED), parsed.asked)
    assert plan.summary == f"create pod my-{name} from template {name}"


async def test_what_a_template_touches() -> None:
    """What `create` will ask about is told before."""
    reply = await answer(COMMAND, context_of(templates=SHIPPED), Templates("claim"))
    assert section("What its pod touches, and a button asks about:\n• It uses the claims: data.") in reply.blocks


THEIRS: Json = {
    "metadata": {"name": "job", "namespace": "shop"},
    "template": {
        "metadata": {"labels": {"app": "job"}},
        "spec": {"serviceAccountName": "deployer", "containers": [{"name": "main", "image": "acme/job:1"}]},
    },
}


async def test_the_namespaces_own() -> None:
    """Where policy says so, PodTemplates stand beside podbot's own, which go before their namesakes."""
    cluster = FakeCluster({"list podtemplates": Listing((THEIRS, {"metadata": {"name": "box"}}), unread=2)})
    reply = await answer(COMMAND, context_of(cluster, templates={"box": BOX}, pod_templates=True), Templates(None))
    rows = [("box", "A *box*", ""), ("job", "PodTemplate of namespace shop", "")]
    assert reply.blocks == (
        section("*2 templates* to create pods from"),
        table(("Template", "Summary", "Must be given"), rows),
        context("There are 2 more PodTemplates, which are not shown."),
        STEPS,
    )


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (Forbidden("no"), "you may not list them in shop"),
        (Unreachable("no"), "the API server did not give them"),
    ],
)
async def test_the_namespaces_own_cannot_be_read(error: ClusterError, problem: str) -> None:
    """The templates that podbot has are shown all the same."""
    cluster = FakeCluster({"list podtemplates": error})
    reply = await answer(COMMAND, context_of(cluster, templates={"box": BOX}, pod_templates=True), Templates(None))
    assert context(f"The namespace's PodTemplates are not shown: {problem}.") in reply.blocks
    assert reply.text == "*1 template* to create pods from"


async def test_policy_keeps_podbot_from_looking() -> None:
    """Without the policy's word, or without a namespace, no cluster is asked."""
    await answer(COMMAND, context_of(FakeCluster(), templates={"box": BOX}), Templates(None))
    await answer(COMMAND, context_of(templates={"box": BOX}, pod_templates=True), Templates(None))
    with pytest.raises(UsageError, match="there is no template “job”"):
        await answer(COMMAND, context_of(FakeCluster()), Templates("job"))


async def test_one_of_the_namespaces_own() -> None:
    """A PodTemplate is shown with what is in it, what it touches, and a line to type."""
    cluster = FakeCluster({"get podtemplates/job": THEIRS})
    reply = await answer(COMMAND, context_of(cluster, pod_templates=True), Templates("job"))
    assert reply.blocks == (
        section("*job* · PodTemplate of namespace shop, without parameters"),
        section("• Container main: acme/job:1.\n• Labels: app=job."),
        section("What its pod touches, and a button asks about:\n• It runs as the service account deployer."),
        context("Type for example `/pod create job my-pod -n shop`."),
    )


async def test_none() -> None:
    """Where there are no templates, the answer says so."""
    reply = await answer(COMMAND, context_of(), Templates(None))
    assert reply == Reply(
        "There are no templates.",
        (section("There are no templates."), context("Whoever runs podbot here can add some.")),
    )


async def test_unknown() -> None:
    """A name that is no template is refused with the nearest one."""
    with pytest.raises(UsageError, match="there is no template “wbe”") as caught:
        await answer(COMMAND, context_of(templates={"web": WEB}), Templates("wbe"))
    assert caught.value.hint == "did you mean “web”?"
