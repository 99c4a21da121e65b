"""Starting: podbot proves what it promises before it answers anybody."""

import re
from datetime import UTC, datetime

import pytest

from bot import app
from bot.core.errors import NotSetUp
from bot.core.grants import Account, Identity
from config.policy import Policy


class FakeOwn:
    """The bot as itself, holding the legacy verb for the users given."""

    def __init__(self, *legacy: str) -> None:
        self.legacy = legacy
        self.tried: list[Identity | Account] = []

    async def holds_legacy(self, user: str) -> bool:
        return user in self.legacy

    async def canary(self, identity: Identity | Account) -> None:
        self.tried.append(identity)


def _policy() -> Policy:
    tiers = {"viewer": {"groups": ["podbot:viewers"], "may": ["READ"]}}
    return Policy.model_validate({"team": "T0ACME", "tiers": tiers, "people": {"U0BOB": {"user": "bob@example.com"}}})


async def test_every_identity_is_tried_at_start() -> None:
    """Each tier and each person is impersonated once, with the workspace's id."""
    own = FakeOwn()
    await app.check_identities(own, _policy(), "")
    assert [identity.user for identity in own.tried] == ["podbot:viewer", "bob@example.com"]
    extras = {"podbot.io/slack-team": ("T0ACME",)}
    assert all(isinstance(identity, Identity) and identity.extras == extras for identity in own.tried)


async def test_every_token_is_tried_at_start() -> None:
    """Where podbot asks for tokens, each tier is tried as its ServiceAccount, in podbot's own namespace."""
    own = FakeOwn()
    await app.check_identities(own, _policy().model_copy(update={"people": {}}), "podbot")
    assert [identity.user for identity in own.tried] == ["system:serviceaccount:podbot:podbot-tier-viewer"]


async def test_people_need_constrained_impersonation() -> None:
    """A bot that holds the legacy verb for a person of the policy does not start."""
    with pytest.raises(NotSetUp, match=re.escape("bob@example.com")):
        await app.check_identities(FakeOwn("bob@example.com"), _policy(), "")


def test_what_takes_long_leaves_room() -> None:
    """However few commands run at once, those that take long leave half of the places, where there are two."""
    assert [app.long_places(at_once) for at_once in (1, 2, 5, 20, 100)] == [1, 1, 2, 8, 8]


def test_the_clock_knows_its_zone() -> None:
    """Times are aware, in UTC."""
    assert app.SystemClock().now().tzinfo is UTC
    assert app.SystemClock().now() <= datetime.now(UTC)
