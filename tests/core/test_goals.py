"""What can be waited for."""

from typing import Any

import pytest

from bot.core.errors import UsageError
from bot.core.goals import (
    COMPLETED,
    READY,
    RUNNING,
    ConditionIs,
    Created,
    Deleted,
    FieldIs,
    Goal,
    goal,
    holds,
    hopeless,
    option,
    present,
)
from bot.core.pods import Pod
from bot.core.redaction import MASK
from bot.core.resources import Json
from tests.core.samples import pending, raw_pod, ready

PHASE = ("status", "phase")
ENDING = "2026-01-02T03:10:00Z"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("ready", READY),
        ("Ready", READY),
        ("running", RUNNING),
        ("completed", COMPLETED),
        ("succeeded", COMPLETED),
        ("deleted", Deleted()),
        ("delete", Deleted()),
        ("create", Created()),
        ("created", Created()),
        ("condition=Ready", ConditionIs("Ready", "True", "Ready=True")),
        ("condition=ready=False", ConditionIs("ready", "False", "ready=False")),
        ("condition=example.com/gate", ConditionIs("example.com/gate", "True", "example.com/gate=True")),
        ("jsonpath={.status.phase}=Running", FieldIs(PHASE, "Running", "status.phase=Running")),
        ("jsonpath=.status.phase=Running", FieldIs(PHASE, "Running", "status.phase=Running")),
        ("jsonpath=status.phase=Running", FieldIs(PHASE, "Running", "status.phase=Running")),
        (
            "jsonpath={.status.containerStatuses[0].ready}=true",
            FieldIs(("status", "containerStatuses", 0, "ready"), "true", "status.containerStatuses[0].ready=true"),
        ),
        (
            r"jsonpath={.metadata.labels.app\.kubernetes\.io/name}=a=b",
            FieldIs(
                ("metadata", "labels", "app.kubernetes.io/name"),
                "a=b",
                r"metadata.labels.app\.kubernetes\.io/name=a=b",
            ),
        ),
    ],
)
def test_kubectls_words_and_short_ones(typed: str, wanted: Goal) -> None:
    """Each form that kubectl takes is read, our short ones beside them, and what to type again means the same."""
    assert goal(typed) == wanted
    assert goal(option(goal(typed))) == wanted


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nonsense",
        "condition",
        "condition=",
        "condition=a b",
        "condition=Ready=True=False",
        "jsonpath",
        "jsonpath={.status.phase}",
        "jsonpath={.status.phase}=",
        "jsonpath={.status.conditions[?(@.type=='Ready')].status}=True",
        "jsonpath={..phase}=Running",
        "jsonpath={.items[*]}=x",
        "jsonpath={.a[1:2]}=x",
        "jsonpath={range .a}=x",
        "jsonpath={}=x",
        "jsonpath={.a}{.b}=x",
        "jsonpath={.__class__.x()}=x",
        "jsonpath={" + ".a" * 60 + "}=x",
    ],
)
def test_what_cannot_be_waited_for(typed: str) -> None:
    """What is none of these is refused with what to type instead."""
    with pytest.raises(UsageError) as caught:
        goal(typed)
    assert "jsonpath='{.status.phase}'=Running" in caught.value.hint


@pytest.mark.parametrize(
    ("typed", "raw", "is_so", "now"),
    [
        ("ready", raw_pod(), True, "condition Ready is True"),
        ("ready", pending(), False, "it has no condition Ready yet"),
        ("condition=ready=false", raw_pod(status={"conditions": [ready("False")]}), True, "condition ready is False"),
        ("condition=Ready=unknown", raw_pod(status={"conditions": None}), False, "it has no condition Ready yet"),
        ("running", raw_pod(), True, "status.phase is Running"),
        ("completed", raw_pod(), False, "status.phase is Running"),
        ("created", raw_pod(), True, ""),
        ("deleted", raw_pod(), False, ""),
        ("jsonpath=.status.podIP=10.0.0.1", raw_pod(), False, "status.podIP is not there"),
        (
            "jsonpath=.status.containerStatuses[0].ready=true",
            raw_pod(),
            True,
            "status.containerStatuses.0.ready is true",
        ),
        ("jsonpath=.status.containerStatuses[7].ready=true", raw_pod(), False, None),
        ("jsonpath=.status.phase[0]=R", raw_pod(), False, None),
        ("jsonpath=.status=x", raw_pod(), False, "status is an object or a list"),
        ("jsonpath=.metadata.generation=2", raw_pod(generation=2), True, "metadata.generation is 2"),
    ],
)
def test_whether_it_is_so(typed: str, raw: Json, *, is_so: bool, now: str | None) -> None:
    """A pod is compared with what is waited for, whatever is missing in it."""
    assert holds(goal(typed), raw) == is_so
    if now is not None:
        assert present(goal(typed), raw) == now


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (".spec.containers[0].env[0].value", MASK),
        (".spec.containers[0].env[1].value", "shop"),
        (".spec.containers[0].args[1]", MASK),
        (".spec.containers[0].args[3]", "web"),
        (".metadata.annotations.db-password", MASK),
        (".metadata.annotations.team", "shop"),
    ],
)
def test_a_secret_that_its_name_gives_away(path: str, told: str) -> None:
    """A field's value is masked where the name beside it, which is not told, says that it is a secret."""
    env = [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "OWNER", "value": "shop"}]
    container = {"env": env, "args": ["--password", "hunter2", "--name", "web"]}
    annotations = {"db-password": "hunter2", "team": "shop"}
    raw = {"metadata": {"annotations": annotations}, "spec": {"containers": [container]}}
    assert present(goal(f"jsonpath={path}=x"), raw).endswith(f" is {told}")


@pytest.mark.parametrize(
    ("typed", "pod", "why"),
    [
        ("ready", {}, ""),
        ("ready", {"phase": "Failed"}, "has ended (Failed) and will not run again"),
        ("condition=READY=true", {"phase": "Succeeded"}, "has ended (Succeeded) and will not run again"),
        ("condition=Ready=false", {"phase": "Failed"}, ""),
        ("jsonpath=.status.phase=Running", {"phase": "Failed"}, "has ended (Failed) and will not run again"),
        ("running", {"deletion": ENDING}, "is being deleted"),
        ("deleted", {"deletion": ENDING}, ""),
        ("completed", {"phase": "Failed"}, "has failed and will not run again"),
        ("completed", {"policy": "Never"}, ""),
        (
            "completed",
            {"policy": "Always"},
            "is started again whenever it ends (restartPolicy Always), so that it never completes",
        ),
        ("completed", {"policy": "Always", "deletion": ENDING}, ""),
        ("jsonpath=.status.podIP=10.0.0.1", {"phase": "Failed"}, ""),
    ],
)
def test_what_will_never_be(typed: str, pod: dict[str, Any], why: str) -> None:
    """A pod that has ended or is being deleted will not become ready, and one that restarts does not complete."""
    raw = raw_pod(
        spec={"restartPolicy": pod.get("policy")},
        status={"phase": pod.get("phase", "Running"), "conditions": []},
        deletionTimestamp=pod.get("deletion"),
    )
    assert hopeless(goal(typed), Pod.of(raw)) == why
