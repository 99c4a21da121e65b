"""As whom, where and how far an Ask may go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from bot.core.names import Namespace

EXTRA_PREFIX = "podbot.io/"
TIER_PREFIX = "podbot:"
ACCOUNT_PREFIX = "podbot-tier-"


class Effect(Enum):
    """What a command does to the cluster, which decides who may, who is told and whether podbot asks first."""

    READ = "read"
    CHANGE = "change"
    DANGEROUS = "dangerous"


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody in Kubernetes' eyes, to be impersonated; the values are checked, for an empty user would mean the bot.

    `extras` maps keys such as `podbot.io/slack-user` to their values. Source:
    https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/.
    """

    user: str
    groups: tuple[str, ...] = ()
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in (self.user, *self.groups):
            if not name.strip() or not name.isprintable() or name != name.strip():
                raise ValueError("an identity needs a printable, non-empty user and groups")
            if name.startswith("system:"):
                raise ValueError(f"{name}: podbot never acts as a system: user or group")


@dataclass(frozen=True, slots=True)
class Account:
    """A tier's ServiceAccount, in podbot's own namespace: who a tier is where podbot asks for tokens.

    Kubernetes sees `user` and `groups`, and no Slack ids. Source:
    https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/.
    """

    namespace: Namespace
    tier: str

    @property
    def name(self) -> str:
        """The ServiceAccount's own name."""
        return f"{ACCOUNT_PREFIX}{self.tier}"

    @property
    def user(self) -> str:
        """Who this is in Kubernetes' eyes."""
        return f"system:serviceaccount:{self.namespace}:{self.name}"

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that every ServiceAccount of the namespace is in; a tier's own it cannot have."""
        return ("system:serviceaccounts", f"system:serviceaccounts:{self.namespace}")


def of_tier(
    tier: str, groups: tuple[str, ...], extras: Mapping[str, tuple[str, ...]], accounts: str
) -> Identity | Account:
    """Return who a tier is: its ServiceAccount in the namespace `accounts`, or, where that is empty, impersonated."""
    return Account(Namespace(accounts), tier) if accounts else Identity(f"{TIER_PREFIX}{tier}", groups, extras)


def tiers_user(tier: str, accounts: str) -> str:
    """Return who a tier is in Kubernetes' eyes; `accounts` is as in `of_tier`."""
    return of_tier(tier, (), {}, accounts).user


@dataclass(frozen=True, slots=True)
class Grant:
    """One namespace of one cluster, as one identity, with the effects its tier may have."""

    cluster: str
    namespace: Namespace
    tier: str
    identity: Identity | Account
    may: frozenset[Effect]

    @property
    def tiers_user(self) -> str:
        """Who the tier is in Kubernetes, also where `identity` is a person of the policy's."""
        return self.identity.user if isinstance(self.identity, Account) else f"{TIER_PREFIX}{self.tier}"
