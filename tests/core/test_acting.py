"""What may be pressed on an incident's message."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.acting import offers
from bot.core.incidents import Incident
from bot.core.names import PodName
from bot.core.parsing import parse
from bot.core.redaction import MASK
from bot.core.tellings import Telling
from bot.core.watches import Watch
from handlers import REGISTRY
from handlers.resolve import Resolve
from handlers.triage import Triage
from tests.fakes import NOW

WATCH = Watch("main", "shop", "app=api", "T0ACME", "C0TEAM", "U0ALICE", "operator", NOW)
ONE = Incident("Deployment api", "C1", "main ends with exit code 3", NOW, NOW, ("api-0", "api-1"), 2, 2)
OVER = replace(ONE, recovered=NOW + timedelta(minutes=12))
TOKEN = "xoxb-123456789012-abcdefghijkl"


def lines(*incidents: Incident) -> dict[str, str]:
    """Return the lines of a message's buttons by their labels."""
    telling = Telling.of_incidents(WATCH, incidents, NOW)
    return {offer.label: offer.line for offer in offers(telling).values()}


def test_while_it_goes_on() -> None:
    """The first pod is triaged or resolved, each in the watch's namespace; without a pod's name the namespace is."""
    resolve = "resolve api-0 --cause 'main ends with exit code 3' -n shop"
    assert lines(ONE) == {"Triage": "triage api-0 -n shop", "Resolve": resolve}
    assert lines(replace(ONE, pods=())) == {"Triage": "triage -n shop"}


def test_when_it_is_over() -> None:
    """What has recovered can still be noted; there is nothing to look at any more."""
    assert list(lines(OVER)) == ["Resolve"]
    assert lines(replace(OVER, pods=())) == {}


def test_several_in_one() -> None:
    """One triage for the namespace, while any of them goes on."""
    assert lines(ONE, OVER) == {"Triage": "triage -n shop"}
    assert lines(OVER, OVER) == {}


def test_the_end_of_a_watch_has_none() -> None:
    """There is nothing to act on."""
    assert offers(Telling.of_end(WATCH, "no grant", NOW)) == {}


@pytest.mark.parametrize(
    ("cause", "begins_with"),
    [
        ("main ends with exit code 3", "main ends with exit code 3"),
        ("it's `odd`\n<!channel> “x” --note 'mine'", "it's `odd` <!channel> “x” --note 'mine'"),
        ("x" * 2000, "x" * 300),
        (f"the image {MASK} is not there", f"the image {MASK} is not there"),
    ],
)
def test_each_line_can_be_typed(cause: str, begins_with: str) -> None:
    """Whatever the cause says, each line parses, and a resolve begins with it and asks for what mended it."""
    triage, resolve = (parse(line, REGISTRY).asked for line in lines(replace(ONE, cause=cause)).values())
    assert triage == Triage(PodName("api-0"), None)
    assert resolve == Resolve(PodName("api-0"), begins_with, None)


@pytest.mark.parametrize(
    ("one", "labels"),
    [
        (replace(ONE, pods=(TOKEN,)), []),
        (replace(ONE, cause=f"{TOKEN} is no image"), ["Triage"]),
    ],
)
def test_a_secret_is_in_no_button(one: Incident, labels: list[str]) -> None:
    """A button's value can be read, so a line that carries a secret has none."""
    assert list(lines(one)) == labels
