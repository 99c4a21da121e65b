"""`podbot templates lint`: a folder of templates checked without Slack, and by an API server where one is given."""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.core.creation import suffix
from bot.core.errors import AlreadyExists, Forbidden, Invalid
from bot.core.filling import fill, generated_name, manifest
from bot.core.names import Namespace
from bot.core.ports import Cluster
from bot.core.resources import PODS, Json
from bot.core.touches import told, touches
from bot.kube.caller import as_caller
from config.templates import Template, load_templates


@dataclass(frozen=True, slots=True)
class Server:
    """Where to have pods checked: the kubeconfig's user asks, in this namespace."""

    kubeconfig: str
    context: str | None
    namespace: Namespace


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one template: its `problems`, none where it is good, and what its pod touches."""

    name: str
    problems: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()


async def lint(folder: Path, server: Server | None) -> list[Finding]:
    """Return a finding a template; raises `ConfigError` for broken files, `PodbotError` where no server answers.

    Each template is filled with its defaults and examples. With a server, it has the pods checked under strict
    validation, in a dry run: none is made.
    """
    templates = load_templates(folder)
    async with AsyncExitStack() as stack:
        cluster: Cluster | None = None
        if server:
            opened = as_caller(server.kubeconfig, server.context, server.namespace)
            cluster = await stack.enter_async_context(opened)
        return [await found(template, cluster) for template in templates.values()]


def lines(finding: Finding) -> Iterator[str]:
    """Yield what a terminal shows of a finding."""
    yield f"{finding.name}: {'; '.join(finding.problems) or 'good'}"
    yield from (f"  {sentence}" for sentence in finding.touched)


async def found(template: Template, cluster: Cluster | None) -> Finding:
    """Return what comes of one template, checked in the cluster's namespace where one is given."""
    if problems := tuple(_without_sample(template)):
        return Finding(template.name, problems)
    pod = fill(template, {name: parameter.sample or "" for name, parameter in template.parameters.items()})
    touched = tuple(told(touches(pod)))
    if cluster is None:
        return Finding(template.name, touched=touched)
    try:
        await cluster.create(PODS, _complete(template, pod, cluster.namespace), dry_run=True)
    except _ABOUT_THE_POD as error:
        return Finding(template.name, (f"the API server does not take its pod: {error}",), touched)
    return Finding(template.name, touched=touched)


def _without_sample(template: Template) -> Iterator[str]:
    for name, parameter in template.parameters.items():
        if parameter.sample is None:
            yield f"parameters.{name}: give an example, which `templates {template.name}` shows and lint fills in"


def _complete(template: Template, pod: Json, namespace: Namespace) -> Json:
    name = generated_name(template.name, suffix("lint"))
    return manifest(pod, name=name, namespace=namespace, labels={}, annotations={}, ttl=None, template=template.name)


# What the server says of this very pod; anything else would be said of each.
_ABOUT_THE_POD = (Invalid, Forbidden, AlreadyExists)
