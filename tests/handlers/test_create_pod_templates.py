"""`create` from a PodTemplate of the namespace, over a fake cluster."""

from typing import Any

import pytest

from bot.core.errors import Forbidden, NotFound, UsageError
from bot.core.resources import Json
from handlers.create import COMMAND, Creation
from tests.fakes import FakeCluster, context_of
from tests.handlers.creating import CREATE, asked, template

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
