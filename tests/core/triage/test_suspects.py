"""Which pods of a namespace are looked at."""

from bot.core.resources import Column, Row, Table
from bot.core.triage.suspects import groups, not_looked_at

_COLUMNS = tuple(map(Column, ("Name", "Ready", "Status", "Restarts", "Age")))


def _row(name: str, status: str, ready: str = "0/1", restarts: str = "0", owner: str = "") -> Row:
    kind, _, named = owner.partition(" ")
    template = named.rpartition("-")[2] if kind == "ReplicaSet" else ""
    labels = (("pod-template-hash", template),) if template else ()
    return Row((name, ready, status, restarts, "1d"), labels, (kind, named))


def _of(*rows: Row) -> list[tuple[str, list[str]]]:
    found = groups(Table(_COLUMNS, rows))
    return [(group.owner, [pod.name for pod in group.pods]) for group in found]


def test_pods_that_are_well_are_left_alone() -> None:
    """What runs and is ready, has completed, or failed long ago, is no suspect."""
    assert not _of(
        _row("a", "Running", "2/2"),
        _row("b", "Completed"),
        _row("c", "Running", "1/1", "7 (3d4h ago)"),
        _row("d", "Running", "1/1", "1 (5m ago)"),
    )


def test_pods_of_one_owner_that_stand_alike_are_one_group() -> None:
    """A Deployment's pods are one group; pods that nobody made are groups of their own."""
    assert _of(
        _row("api-1", "CrashLoopBackOff", owner="ReplicaSet api-6d4"),
        _row("one", "Error"),
        _row("api-2", "CrashLoopBackOff", owner="ReplicaSet api-6d4"),
        _row("two", "Error"),
    ) == [("Deployment api", ["api-1", "api-2"]), ("", ["one"]), ("", ["two"])]


def test_what_hurts_comes_first() -> None:
    """Failures, then what is not ready, what begins, what ends, and last what runs again."""
    found = _of(
        _row("again", "Running", "1/1", "9 (2m5s ago)"),
        _row("ends", "Terminating"),
        _row("begins", "ContainerCreating"),
        _row("waits", "Init:0/1"),
        _row("unready", "Running"),
        _row("fails", "ImagePullBackOff"),
        _row("init", "Init:CrashLoopBackOff"),
    )
    assert [names[0] for _, names in found] == ["fails", "init", "unready", "begins", "waits", "ends", "again"]


def test_what_there_is_no_room_for() -> None:
    """The groups after the most are counted by their pods."""
    found = groups(Table(_COLUMNS, tuple(_row(f"p{number}", "Error") for number in range(12))))
    assert [one.name for one in not_looked_at(found, 10)] == ["p10", "p11"]
