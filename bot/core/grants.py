"""As whom, where and how far an Ask may go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from bot.core.names import Namespace

EXTRA_PREFIX = "podbot.io/"
TIER_PREFIX = "podbot:"


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
class Grant:
    """One namespace of one cluster, as one identity, with the effects its tier may have."""

    cluster: str
    namespace: Namespace
    tier: str
    identity: Identity
    may: frozenset[Effect]
