"""The cookbook of policies: what each table says becomes of an ask is what becomes of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.core.asks import Ask, Member, Via
from bot.core.authorize import authorize
from bot.core.errors import Refusal
from bot.core.grants import Effect
from bot.core.names import Namespace
from config.policy import Policy, parse_policy
from tests.consistency.pages import ROOT
from tests.fakes import NOW

_RECIPE = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_POLICY = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
_ROW = re.compile(r"^\| (anyone|[US]0[A-Z]+) \| (C0\w+) \| ([\w-]+) \| ([A-Z]+) \| (\S+) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Said:
    """A row of a recipe's table, and the policy above it."""

    recipe: str
    policy: Policy
    who: str
    channel: str
    namespace: str
    effect: str
    becomes: str


def _said() -> Iterator[Said]:
    for recipe, text in _RECIPE.findall((ROOT / "docs" / "policy.md").read_text()):
        if written := _POLICY.search(text):
            policy = parse_policy(written[1].encode(), recipe)
            yield from (Said(recipe, policy, *row) for row in _ROW.findall(text))


ROWS = list(_said())


@pytest.mark.parametrize("said", ROWS, ids=lambda said: f"{said.recipe}-{said.who}-{said.effect}")
def test_a_recipe_does_what_it_says(said: Said) -> None:
    """Who asks that in that channel acts as the table says, or is refused."""
    in_group = said.who.startswith("S")
    user = said.who if said.who.startswith("U") else "U0SOMEBODY"
    ask = Ask("r1", said.policy.team, user, said.channel, "", Via.SLASH, NOW)
    groups = {group for rule in said.policy.grants for group in rule.usergroups}
    found = authorize(
        said.policy,
        ask,
        Member(user, said.policy.team),
        {group: frozenset({user} if in_group and group == said.who else ()) for group in groups},
        effect=Effect[said.effect],
        cluster="main",
        namespace=Namespace(said.namespace),
        everywhere=False,
        scope_free=False,
        stale=False,
    )
    becomes = "refused" if isinstance(found, Refusal) else found[0].identity.user
    assert becomes == said.becomes


def test_every_recipe_has_rows() -> None:
    """Each policy in the cookbook is followed by what becomes of asks, and no row is written another way."""
    text = (ROOT / "docs" / "policy.md").read_text()
    assert {said.recipe for said in ROWS} == {name for name, body in _RECIPE.findall(text) if _POLICY.search(body)}
    assert len(ROWS) == len(re.findall(r"^\| (?!who|-)", text, re.MULTILINE))
