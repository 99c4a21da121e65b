import re

import pytest

from bot.core.errors import UsageError
from bot.core.replies import Reply
from bot.render.blocks import context, section, table
from config.templates import Parameter, Template
from handlers.templates import COMMAND, Templates
from tests.fakes import context_of
from tests.handlers.running import answer


def template(name: str, **parameters: Parameter) -> Template:
    """Return a template whose parameters are all used in its pod."""
    env = [{"name": key, "value": {"parameter": key}} for key in parameters]
    pod = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "main", "env": env}]}}
    return Template(name=name, summary=f"A *{name}*", parameters=parameters, pod=pod)


WEB = template(
    "web",
    host=Parameter(summary="Where to", pattern=re.compile("[a-z]+")),
    port=Parameter(type="integer", default=80, minimum=1, maximum=65535, summary="Port"),
    level=Parameter(type="choice", choices=("low", "high"), default="low"),
    memory=Parameter(type="quantity", default="64Mi", minimum="16Mi"),
    cpu=Parameter(type="quantity", default="1", maximum="2"),
    trace=Parameter(type="boolean", default=False),
)
BOX = template("box")
STEPS = context("`/pod templates TEMPLATE` shows one, `/pod create TEMPLATE` makes a pod of it.")


async def test_all() -> None:
    """All templates are shown with what each must be given."""
    reply = await answer(COMMAND, context_of(templates={"box": BOX, "web": WEB}), Templates(None))
    assert reply == Reply(
        "*2 templates* to create pods from",
        (
            section("*2 templates* to create pods from"),
            table(("Template", "Summary", "Must be given"), [("box", "A *box*", ""), ("web", "A *web*", "host")]),
            STEPS,
        ),
    )


async def test_one() -> None:
    """One template is shown with its parameters' types, limits and defaults, and a line to type."""
    reply = await answer(COMMAND, context_of(templates={"web": WEB}), Templates("web"))
    assert reply == Reply(
        "*web* · A ∗web∗",  # noqa: RUF001  # the look-alike of an asterisk
        (
            section("*web* · A ∗web∗"),  # noqa: RUF001  # the same
            table(
                ("Parameter", "Type", "Default", "Summary"),
                [
                    ("host", "string", "must be given", "Where to"),
                    ("port", "integer, 1 to 65535", "80", "Port"),
                    ("level", "one of low, high", "low", ""),
                    ("memory", "quantity, at least 16Mi", "64Mi", ""),
                    ("cpu", "quantity, at most 2", "1", ""),
                    ("trace", "boolean", "false", ""),
                ],
            ),
            context("Type for example `/pod create web my-web host=HOST`."),
        ),
    )


async def test_one_without_parameters() -> None:
    """A template without parameters is an example line alone."""
    reply = await answer(COMMAND, context_of(templates={"box": BOX}), Templates("box"))
    assert reply.blocks[1:] == (context("Type for example `/pod create box my-box`."),)


async def test_none() -> None:
    """Where there are no templates, the answer says so."""
    reply = await answer(COMMAND, context_of(), Templates(None))
    assert reply == Reply(
        "There are no templates.",
        (section("There are no templates."), context("Whoever runs podbot here can add some.")),
    )


async def test_unknown() -> None:
    """A name that is no template is refused with the nearest one."""
    with pytest.raises(UsageError, match="“wbe” is not a template") as caught:
        await answer(COMMAND, context_of(templates={"web": WEB}), Templates("wbe"))
    assert caught.value.hint == "did you mean `/pod templates web`?"
