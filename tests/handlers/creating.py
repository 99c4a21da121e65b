"""What a line of `create` asks for, and its plan, of a template with one parameter over a fake cluster."""

from typing import Any

from bot.core.parsing import parse
from bot.core.resources import Json
from config.parameters import Parameter
from config.templates import Template
from handlers.create import COMMAND, Create, Creation
from tests.fakes import FakeCluster, context_of

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
