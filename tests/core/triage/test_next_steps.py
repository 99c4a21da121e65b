"""The lines that a triage tells people to paste into a shell."""

import pytest

from bot.core.triage.next_steps import owner
from bot.core.triage.snapshot import Snapshot
from tests.core.samples import raw_pod
from tests.fakes import NOW


@pytest.mark.parametrize(
    ("kind", "name", "line"),
    [
        ("Deployment", "web", "kubectl describe deployment web -n shop"),
        ("Rollout", "$(reboot)", "kubectl describe rollout '$(reboot)' -n shop"),
        ("--server=https://evil.example", "pods", "kubectl get replicasets -n shop"),
        ("Deployment", "--server=https://evil.example", "kubectl get replicasets -n shop"),
        ("", "", "kubectl get replicasets -n shop"),
    ],
)
def test_an_owner_is_no_flag(kind: str, name: str, line: str) -> None:
    """Whoever makes a pod writes its owner as they like: neither the shell nor kubectl takes it for anything else."""
    above = [{"apiVersion": "x/v1", "kind": kind, "name": name, "uid": "u", "controller": True}]
    assert owner(Snapshot(NOW, raw_pod(ownerReferences=above)), "").line == line
