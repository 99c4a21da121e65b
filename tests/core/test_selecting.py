"""What follows when labels bring a pod into a selector, or take it out."""

from typing import Any

import pytest

from bot.core.pods import Pod
from bot.core.selecting import Relabelled, Selecting, consequences
from tests.core.samples import raw_pod

WEB = {"app": "web"}
OWNED = [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "r1", "controller": True}]


def moved(before: dict[str, str], now: dict[str, str], **more: Any) -> Relabelled:
    """Return a pod whose labels change."""
    return Relabelled(Pod.of(raw_pod(labels=before, **more)), now)


def of(kind: str, selector: Any, uid: str = "r1") -> Selecting:
    """Read an object of a kind with a selector."""
    return Selecting.of(kind, {"metadata": {"name": "web", "uid": uid}, "spec": {"selector": selector}})


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("ReplicaSet", "bring a new pod for each; what it lets go of runs on without a controller."),
        ("DaemonSet", "bring a new pod for each; what it lets go of runs on without a controller."),
        ("StatefulSet", "can bring no new pod while that one has its name."),
        ("Job", "may start a new pod; what it lets go of runs on without a controller."),
    ],
)
def test_a_controller_lets_go_of_its_own(kind: str, said: str) -> None:
    """The pod's own controller is named with what it does; another's selector does not matter."""
    pods = [moved(WEB, {}, ownerReferences=OWNED)]
    (told,) = consequences(pods, [of(kind, {"matchLabels": WEB}), of(kind, {"matchLabels": WEB}, "r2")])
    assert told.startswith(f"{kind} web will let go of web-1")
    assert told.endswith(said)


def test_a_replication_controller_has_a_plain_map() -> None:
    """A ReplicationController's selector is a map without matchLabels."""
    (told,) = consequences([moved(WEB, {}, ownerReferences=OWNED)], [of("ReplicationController", WEB)])
    assert told.startswith("ReplicationController web will let go of web-1 and bring a new pod")


def test_a_service_loses_and_wins() -> None:
    """A Service is named for the pods that leave its selector, then for those that enter it."""
    out, still, into = moved(WEB, {}), moved(WEB, {**WEB, "a": "b"}), moved({}, WEB, name="api-1")
    assert list(consequences([out, still, into], [of("Service", WEB)])) == [
        "Service web will send no more traffic to web-1.",
        "Service web will begin to send traffic to api-1.",
    ]


@pytest.mark.parametrize("selector", [None, {}])
def test_a_service_without_a_selector_does_not_care(selector: Any) -> None:
    """A Service that has no selector sends nothing anywhere by labels."""
    assert list(consequences([moved({}, WEB)], [of("Service", selector)])) == []


def test_a_replica_set_takes_who_has_no_controller() -> None:
    """A ReplicaSet takes a pod without a controller that it begins to select, and no other."""
    owned = moved({}, WEB, ownerReferences=OWNED)
    ending = moved({}, WEB, deletionTimestamp="2026-01-02T03:04:35Z")
    (told,) = consequences([moved({}, WEB), owned, ending], [of("ReplicaSet", {"matchLabels": WEB}, "r2")])
    assert told == "ReplicaSet web will take web-1 as its own, and end a pod if it then has more than it wants."
