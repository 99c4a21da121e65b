"""Checks of what podbot is started with: settings, keys, policy, templates."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import log2
from typing import Final

from bot.checks import planning
from bot.checks.checking import Check
from bot.checks.facts import Facts
from bot.checks.findings import Finding, failure, ok, warning
from config.errors import ConfigError
from config.policy import Policy
from config.settings import Settings

FEWEST_BITS: Final = 80.0
"""What 32 characters that a machine drew hold at least, counted by how often each stands there."""
_MOST_STEPS: Final = 0.75

GOOD_SETTINGS = ok("settings-good", "all settings are there, and of the right form")
BAD_SETTING = failure("setting-wrong", "{where}: {key} is not right", "{mend}")
GOOD_KEYS = ok("keys-good", "{count} in SIGNING_KEYS, the first of which signs")
WEAK_KEY = failure(
    "key-weak",
    "key {place} of SIGNING_KEYS looks as if a person had made it up",
    "make one with `openssl rand -hex 32`, and put it first",
)
SAME_KEY = warning("key-twice", "SIGNING_KEYS holds the same key twice", "take one away")
GOOD_POLICY = ok("policy-good", "{tiers} tiers, {people} people, {grants} grants for cluster {cluster}")
BAD_POLICY = failure("policy-wrong", "{where}: {key} is not right", "{mend}")
NO_GRANT = warning(
    "policy-empty",
    "no grant is for cluster {cluster}, so that every command about pods is refused",
    "add a grant for it, or set PODBOT_CLUSTER to the name that the grants have",
)
FROZEN = warning("policy-frozen", "all changes are frozen: {reason}", "empty `frozen` in the policy when that is over")
GOOD_TEMPLATES = ok("templates-good", "{count} templates")
BAD_TEMPLATE = failure("template-wrong", "{where}: {key} is not right", "{mend}")


def settings(facts: Facts) -> Iterator[Finding]:
    """Judge the settings."""
    if isinstance(facts.settings, ConfigError):
        for one in facts.settings.problems:
            yield BAD_SETTING(where=one.file, key=one.key or "the file", mend=one.mend)
    else:
        yield GOOD_SETTINGS()


def keys(facts: Facts) -> Iterator[Finding]:
    """Judge how well the keys were made; what they are is not told."""
    if not isinstance(facts.settings, Settings):
        return
    held = [key.get_secret_value() for key in facts.settings.signing_keys]
    weak = [WEAK_KEY(place=place) for place, key in enumerate(held, start=1) if is_weak(key)]
    twice = [SAME_KEY()] if len(set(held)) < len(held) else []
    yield from [*weak, *twice] or [GOOD_KEYS(count=f"{len(held)} keys" if len(held) > 1 else "1 key")]


def policy(facts: Facts) -> Iterator[Finding]:
    """Judge the policy by itself."""
    if isinstance(facts.policy, ConfigError):
        for one in facts.policy.problems:
            yield BAD_POLICY(where=one.file, key=one.key or "the file", mend=one.mend)
    elif isinstance(facts.settings, Settings):
        yield from _usable(facts.policy, facts.settings.cluster)


def templates(facts: Facts) -> Iterator[Finding]:
    """Judge the templates by themselves."""
    if isinstance(facts.templates, ConfigError):
        for one in facts.templates.problems:
            yield BAD_TEMPLATE(where=one.file, key=one.key or "the file", mend=one.mend)
    else:
        yield GOOD_TEMPLATES(count=len(facts.templates))


def is_weak(key: str) -> bool:
    """Whether a key of this length can hardly be random: repeated, counted up, or of few characters."""
    repeated = key in (key + key)[1:-1]
    steps = sum(abs(ord(right) - ord(left)) <= 1 for left, right in pairwise(key)) / (len(key) - 1)
    bits = -sum(count * log2(count / len(key)) for count in Counter(key).values())
    return repeated or steps > _MOST_STEPS or bits < FEWEST_BITS


def _usable(policy: Policy, cluster: str) -> Iterator[Finding]:
    grants = planning.grants(policy, cluster)
    if policy.frozen:
        yield FROZEN(reason=policy.frozen)
    if not grants:
        yield NO_GRANT(cluster=cluster)
    elif not policy.frozen:
        yield GOOD_POLICY(tiers=len(policy.tiers), people=len(policy.people), grants=len(grants), cluster=cluster)


CHECKS: Final = (
    Check("settings", "every setting is there and of the right form", settings, (GOOD_SETTINGS, BAD_SETTING)),
    Check("keys", "SIGNING_KEYS were drawn by a machine", keys, (GOOD_KEYS, WEAK_KEY, SAME_KEY), ("settings",)),
    Check("policy", "the policy can be read", policy, (GOOD_POLICY, BAD_POLICY, NO_GRANT, FROZEN), ("settings",)),
    Check("templates", "the templates can be read", templates, (GOOD_TEMPLATES, BAD_TEMPLATE), ("settings",)),
)
