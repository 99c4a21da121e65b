"""What was gathered to be judged. Where something could not be looked at, the error stands in its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.errors import PodbotError
from bot.core.inspections import Channel, Rules, Token, Usergroup, Version
from bot.core.names import Namespace
from bot.core.resources import Access
from config.errors import ConfigError
from config.policy import Policy
from config.settings import Settings
from config.templates import Template

UNSEEN = PodbotError("it was not looked at")


@dataclass(frozen=True, slots=True)
class Place:
    """One user, a tier's or a person's, in one namespace; `tier` says which commands they may use there."""

    user: str
    namespace: Namespace
    tier: str


@dataclass(frozen=True, slots=True)
class Right:
    """One right of podbot itself, on objects of one name where `name` is not empty; no namespace means everywhere."""

    access: Access
    namespace: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class SlackFacts:
    """What Slack said; `skew` is how many seconds podbot's clock is ahead of Slack's."""

    token: Token | PodbotError = UNSEEN
    skew: float | None = None
    connection: PodbotError | None = UNSEEN
    channels: Mapping[str, Channel | PodbotError] = field(default_factory=dict)
    usergroups: Mapping[str, Usergroup] | PodbotError = UNSEEN
    ask: Channel | PodbotError | None = UNSEEN


@dataclass(frozen=True, slots=True)
class ClusterFacts:
    """What the API server said.

    `constrained` and `legacy`: whether podbot may be the policy's tiers by that form, by user; `lent` are the people
    whom it may be by the legacy form. `pods` holds what is wrong with the pod of a template in a namespace.
    """

    version: Version | PodbotError = UNSEEN
    skew: float | None = None
    constrained: bool | PodbotError = UNSEEN
    legacy: bool | PodbotError = UNSEEN
    lent: Mapping[str, bool | PodbotError] = field(default_factory=dict)
    identities: Mapping[str, PodbotError | None] = field(default_factory=dict)
    rights: Mapping[tuple[Place, Access], bool | PodbotError] = field(default_factory=dict)
    targets: Mapping[Right, bool | PodbotError] = field(default_factory=dict)
    rules: Mapping[str, Rules | PodbotError] = field(default_factory=dict)
    probes: Mapping[Right, bool | PodbotError] = field(default_factory=dict)
    claim: PodbotError | None = UNSEEN
    leases: Mapping[Right, bool | PodbotError] = field(default_factory=dict)
    pods: Mapping[tuple[Place, str], tuple[str, ...] | PodbotError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that there is to judge."""

    settings: Settings | ConfigError
    policy: Policy | ConfigError
    templates: Mapping[str, Template] | ConfigError
    slack: SlackFacts = SlackFacts()
    cluster: ClusterFacts = ClusterFacts()
