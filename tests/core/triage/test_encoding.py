"""Snapshots as JSON."""

import pytest

from bot.core.triage.encoding import decode, encode
from bot.core.triage.snapshot import Log, Snapshot, Unseen
from tests.core.samples import event, raw_pod
from tests.fakes import NOW


def test_a_snapshot_survives_being_written() -> None:
    """Each part comes back as it was, the absent object and the list that was read and empty too."""
    seen = Snapshot(
        NOW,
        raw_pod(),
        happened=(event("Started", "Started container app"),),
        logs=(Log("app", "boom\n", previous=True),),
        owners=({"kind": "ReplicaSet"},),
        claims={"data": None, "more": {"metadata": {"name": "more"}}},
        slices=(),
        config_maps={"conf": ("a", "b"), "gone": None},
        unseen=(Unseen("its node", "you may not get nodes"),),
    )
    assert decode(encode(seen)) == seen


def test_parts_that_are_empty_are_not_written() -> None:
    """An empty snapshot is its time."""
    assert encode(Snapshot(NOW)) == {"now": "2026-01-02T03:04:05Z"}


@pytest.mark.parametrize("raw", [{}, {"now": "today"}, {"now": "2026-01-02T03:04:05Z", "podd": {}}])
def test_what_is_no_snapshot_is_refused(raw: dict[str, object]) -> None:
    """A misspelt part would otherwise be a part that was not read."""
    with pytest.raises(ValueError, match="unknown parts"):
        decode(raw)
