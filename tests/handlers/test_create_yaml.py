"""`create` of a pod that somebody wrote in YAML, over a fake cluster."""

import pytest

from bot.core.errors import UsageError
from handlers.create import COMMAND
from tests.fakes import FakeCluster, context_of
from tests.handlers.creating import CREATE, asked

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
