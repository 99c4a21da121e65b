"""One diagnosis: what `describe` says is triage's, and what `create` and `wait` go by does not contradict it."""

import pytest

from bot.core.diagnosis import Finding, why_not_running
from bot.core.triage.brief import brief
from bot.core.triage.judging import judge
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.standing import Standing
from tests.core.samples import pending, raw_pod, waiting
from tests.core.triage.corpus import Golden, corpus
from tests.fakes import NOW

_OF_PODS = [golden for golden in corpus() if golden.snapshot.raw]


@pytest.mark.parametrize("golden", _OF_PODS, ids=lambda golden: golden.name)
def test_what_waiting_can_not_help_is_no_calm(golden: Golden) -> None:
    """A pod that `create` and `wait` give up on has a cause for triage, unless somebody ended it."""
    seen = golden.snapshot
    verdict, finding = judge(seen), why_not_running(seen.pod, seen.events)
    if finding and finding.stuck and verdict.standing is not Standing.ENDING:
        assert verdict.first is not None


def test_a_cause_in_short() -> None:
    """The cause with its proof, advice and line; a container is called one."""
    message = 'configmap "colours" not found'
    raw = pending({"containerStatuses": [waiting("app", "CreateContainerConfigError", message)]})
    assert brief(Snapshot(NOW, raw)) == Finding(
        "container app needs ConfigMap colours, which does not exist",
        f"CreateContainerConfigError: {message}",
        "Make it, or name another",
        stuck=True,
    )


def test_what_needs_no_cause() -> None:
    """A pod that runs has none; one that ends was asked to."""
    assert brief(Snapshot(NOW, raw_pod())) is None
    ending = raw_pod(deletionTimestamp="2026-01-02T03:04:30Z")
    assert brief(Snapshot(NOW, ending)) == Finding("it is being deleted", stuck=True)
