"""What follows the end of a pod."""

import pytest

from bot.core.owners import Outlook, Ownership
from bot.core.pods import Owner


@pytest.mark.parametrize(
    ("kind", "outlook"),
    [
        ("ReplicaSet", Outlook.NEW),
        ("ReplicationController", Outlook.NEW),
        ("DaemonSet", Outlook.NEW),
        ("StatefulSet", Outlook.SAME_NAME),
        ("Node", Outlook.STATIC),
        ("Job", Outlook.MAYBE),
        ("Workflow", Outlook.MAYBE),
    ],
)
def test_tells_by_the_controllers_kind(kind: str, outlook: Outlook) -> None:
    """Kubernetes' own controllers are known, and of others nothing is promised."""
    assert Ownership((Owner("v1", kind, "web"),)).outlook is outlook


def test_nothing_comes_without_a_controller_or_with_one_that_goes() -> None:
    """No controller, or one that is being deleted itself, brings nothing back."""
    assert Ownership().outlook is Outlook.NONE
    assert Ownership((Owner("apps/v1", "ReplicaSet", "web"),), leaving=True).outlook is Outlook.NONE


def test_the_top_is_what_people_know() -> None:
    """The Deployment is named rather than its ReplicaSet."""
    chain = (Owner("apps/v1", "ReplicaSet", "web-7d9"), Owner("apps/v1", "Deployment", "web"))
    assert Ownership(chain).top == chain[1]
    assert Ownership().top is None
