"""Tiers' ServiceAccounts, and stand-ins for who issues their tokens and who masks them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.core.grants import Account
from bot.core.names import Namespace
from bot.kube.tokens import Issued

VIEWER = Account(Namespace("podbot"), "viewer")
OPERATOR = Account(Namespace("podbot"), "operator")


@dataclass(slots=True)
class Issuer:
    """Whoever gives tokens, each of `seconds`; an error in `fails` is raised once."""

    seconds: int = 600
    asked: list[Account] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    busy: int = 0
    most: int = 0

    async def issue(self, account: Account) -> Issued:
        self.asked.append(account)
        self.busy += 1
        self.most = max(self.most, self.busy)
        await asyncio.sleep(0)
        self.busy -= 1
        if self.fails:
            raise self.fails.pop(0)
        return Issued(f"t{len(self.asked)}", self.seconds)


@dataclass(slots=True)
class Told:
    """What no log may hold, by whose it is."""

    secrets: dict[str, list[str]] = field(default_factory=dict)

    def tell(self, secrets: Sequence[str], whose: str) -> None:
        self.secrets[whose] = list(secrets)
