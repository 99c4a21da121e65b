"""Every snapshot of the golden corpus, judged."""

import pytest

from bot.core.triage.judging import judge
from bot.core.triage.registry import FAMILIES
from tests.core.triage.corpus import Golden, corpus

_AT_LEAST = 120


@pytest.mark.parametrize("golden", corpus(), ids=lambda golden: golden.name)
def test_the_first_cause(golden: Golden) -> None:
    """The right rule comes first, what it suppresses or only looks like is not told."""
    verdict = judge(golden.snapshot)
    told = [verdict.first, *verdict.others] if verdict.first else []
    rules = [one.rule for one in told]
    assert (rules[0] if rules else None) == golden.expected, [(one.rule, one.cause) for one in told]
    assert not set(rules) & set(golden.misses), rules
    assert set(golden.also) <= set(rules), rules


@pytest.mark.parametrize("golden", corpus(), ids=lambda golden: golden.name)
def test_every_finding_is_worded_and_proven(golden: Golden) -> None:
    """A finding has a cause without gaps, a proof with a quote, and a step or advice."""
    verdict = judge(golden.snapshot)
    for one in (verdict.first, *verdict.others):
        if one is None:
            continue
        assert one.cause
        assert not set("{}") & set(one.cause.replace("{dedicated: batch}", "")), one.cause
        assert "  " not in one.cause
        assert one.evidence, one.rule
        assert all(proof.quote and proof.where for proof in one.evidence), one
        assert one.step or one.advice, one.rule


def test_every_rule_is_hit_and_missed() -> None:
    """Each rule is told of one snapshot at least, and kept silent by one that looks like it."""
    ids = {rule.id for family in FAMILIES for rule in family.rules}
    hit = {rule for golden in corpus() for rule in (golden.expected, *golden.also) if rule}
    missed = {rule for golden in corpus() for rule in golden.misses}
    assert ids - hit == set()
    assert ids - missed == set()


def test_the_corpus_is_large() -> None:
    """As many snapshots as were promised."""
    assert len(corpus()) >= _AT_LEAST
