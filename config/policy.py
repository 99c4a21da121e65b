"""The policy: who may do what from which channel, and as whom. Everything that it does not grant is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, model_validator

from config import names
from config.errors import ConfigError, cross_check, near
from config.files import parse, read
from config.models import Strict, validate

# The names of bot.core.grants.Effect; config knows nothing of bot.
EffectName = Literal["READ", "CHANGE", "DANGEROUS"]

TeamId = Annotated[str, AfterValidator(names.team)]
UserId = Annotated[str, AfterValidator(names.user)]
UsergroupId = Annotated[str, AfterValidator(names.usergroup)]
ChannelId = Annotated[str, AfterValidator(names.channel)]
Namespace = Annotated[str, AfterValidator(names.namespace)]
ClusterName = Annotated[str, AfterValidator(names.cluster_name)]
TierName = Annotated[str, AfterValidator(names.tier_name)]
KubernetesName = Annotated[str, AfterValidator(names.kubernetes_name)]
PersonsName = Annotated[str, AfterValidator(names.persons_name)]
AtLeastOne = Field(min_length=1)
NEED_IMPERSONATION: Final = "people need impersonation; take them out, or do without tokens of ServiceAccounts"


class Tier(Strict):
    """A set of rights: the groups of `podbot:<tier>` in Kubernetes, and which commands it may use at all."""

    groups: tuple[KubernetesName, ...] = ()
    may: Annotated[tuple[EffectName, ...], AtLeastOne]


class Person(Strict):
    """Who a Slack user is in Kubernetes: exactly this user and these groups, never a tier's as well."""

    user: PersonsName
    groups: tuple[PersonsName, ...] = ()


class GrantRule(Strict):
    """Keys are ANDed, their values ORed; no `users` and no `usergroups` means everyone in the channels."""

    cluster: ClusterName
    tier: TierName
    channels: Annotated[tuple[ChannelId, ...], AtLeastOne]
    users: tuple[UserId, ...] = ()
    usergroups: tuple[UsergroupId, ...] = ()
    namespaces: Annotated[tuple[Namespace, ...], AtLeastOne]


class Policy(Strict):
    """The whole policy; `grants` are read in order, and the first that matches a namespace decides alone.

    `ask` is whom a refusal sends people to; a reason in `frozen` refuses every change; `default_namespace` is by
    channel.
    """

    team: TeamId
    ask: Annotated[str, Field(max_length=200)] = ""
    frozen: Annotated[str, Field(max_length=500)] = ""
    tiers: Annotated[dict[TierName, Tier], AtLeastOne]
    people: dict[UserId, Person] = Field(default_factory=dict)
    grants: tuple[GrantRule, ...] = ()
    default_namespace: dict[ChannelId, Namespace] = Field(default_factory=dict)
    pod_templates: StrictBool = False

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        cross_check([*self._lost_tiers(), *self._lost_defaults()])
        return self

    def _lost_tiers(self) -> Iterator[tuple[str, str]]:
        for index, grant in enumerate(self.grants):
            if grant.tier not in self.tiers:
                hint = near(grant.tier, list(self.tiers))
                yield f"grants.{index}.tier", f"there is no tier “{grant.tier}”{hint or '; add it to tiers'}"

    def _lost_defaults(self) -> Iterator[tuple[str, str]]:
        for channel, namespace in self.default_namespace.items():
            if not any(channel in grant.channels and namespace in grant.namespaces for grant in self.grants):
                yield f"default_namespace.{channel}", f"no grant reaches “{namespace}” from this channel; add one"


def parse_policy(content: bytes, file: str, *, people: bool = True) -> Policy:
    """Return the policy that `content` (YAML) holds, or raise `ConfigError` naming `file` and every wrong key.

    `people` says whether it may name any: a token is a tier's, never a person's.
    """
    policy = validate(Policy, parse(content, file), file)
    if policy.people and not people:
        raise ConfigError(file, "people", NEED_IMPERSONATION)
    return policy


def load_policy(path: Path, *, people: bool = True) -> Policy:
    """Read and check the policy at `path`, or raise `ConfigError`; as `parse_policy` does."""
    return parse_policy(read(path), str(path), people=people)
