"""The list of rules."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from bot.core.triage.judging import judge
from bot.core.triage.registry import FAMILIES
from bot.core.triage.snapshot import Snapshot
from tests.core.samples import pending, waiting
from tests.fakes import NOW

RULES = [rule for family in FAMILIES for rule in family.rules]
# The catalogue's, and podbot's own: I0, R0 and S0 are what is left where nothing sharper is known, K13 is a node that
# says itself that it is not ready, N7 a Service that leads nowhere, V27 and V28 what a container may not write.
CATALOGUE = {
    *(f"S{number}" for number in range(15)),
    *(f"V{number}" for number in range(1, 29)),
    *(f"I{number}" for number in range(13)),
    *(f"C{number}" for number in range(1, 8)),
    *(f"R{number}" for number in range(18)),
    *(f"P{number}" for number in range(1, 6)),
    *(f"N{number}" for number in range(1, 8)),
    *(f"K{number}" for number in range(1, 14)),
    *(f"A{number}" for number in range(1, 8)),
    *(f"Z{number}" for number in range(1, 4)),
}


def test_every_rule_is_there_once() -> None:
    """The families hold each rule of the catalogue, and none twice."""
    ids = [rule.id for rule in RULES]
    assert set(ids) == CATALOGUE
    assert len(ids) == len(set(ids))


def test_rules_suppress_rules_that_there_are() -> None:
    """A suppressed id is another rule's."""
    for rule in RULES:
        assert set(rule.suppresses) <= CATALOGUE - {rule.id}, rule.id


def test_no_two_rules_suppress_each_other() -> None:
    """Of two rules that hold, at least one is told."""
    suppressed = {rule.id: set(rule.suppresses) for rule in RULES}
    for rule in RULES:
        assert not [other for other in rule.suppresses if rule.id in suppressed[other]], rule.id


def test_every_rule_says_what_it_means_and_where_that_stands() -> None:
    """Signal, meaning and an address."""
    for rule in RULES:
        assert rule.signal, rule.id
        assert rule.meaning, rule.id
        assert urlsplit(rule.source).scheme == "https", rule.id


def test_every_family_is_listed() -> None:
    """A file of rules that nobody lists would never be asked."""
    folder = Path(__file__).parents[3] / "bot/core/triage/families"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    listed = (folder.parent / "registry.py").read_text()
    assert {name for name in files if not re.search(rf"\b{name}\.FAMILY\b", listed)} == set()
    assert len(FAMILIES) == len(files)


def test_what_people_paste_into_a_shell_is_quoted() -> None:
    """A pod may name a ConfigMap as it likes, and the line for kubectl must not do more than it says."""
    message = "couldn't find key a in ConfigMap shop/x;reboot"
    raw = pending({"containerStatuses": [waiting("app", "CreateContainerConfigError", message)]})
    first = judge(Snapshot(NOW, raw)).first
    assert first is not None
    assert first.step is not None
    assert first.step.line == "kubectl describe configmap 'x;reboot' -n shop"
