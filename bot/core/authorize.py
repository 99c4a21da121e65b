"""Policy and Ask to grants, or to a refusal that says what is missing, for whom, where, and whom to ask."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.asks import Ask, Member
from bot.core.errors import Reason, Refusal
from bot.core.grants import EXTRA_PREFIX, Account, Effect, Grant, Identity, of_tier
from bot.core.names import Namespace
from config.policy import GrantRule, Policy

Usergroups = Mapping[str, frozenset[str]]


def authorize(
    policy: Policy,
    ask: Ask,
    member: Member,
    usergroups: Usergroups,
    *,
    effect: Effect,
    cluster: str,
    namespace: Namespace | None,
    everywhere: bool,
    scope_free: bool,
    scope_optional: bool = False,
    stale: bool,
    accounts: str = "",
) -> tuple[Grant, ...] | Refusal:
    """Return the grant of the asked or default namespace, one a granted namespace for `everywhere`, or a Refusal.

    `usergroups` holds the members of those in `usergroups_needed`; one that is missing could not be looked up, and is
    never passed over in favour of a later rule. `stale`: the policy on disk has been broken for too long. A
    `scope_free` command needs full membership only, and gets no grant; a `scope_optional` one gets one where there is
    one, and is refused only in a namespace that was typed. `accounts` is as in `of_tier`.
    """
    desk = _Desk(policy, ask, usergroups, effect, cluster, accounts)
    if refusal := desk.not_a_member(member) or desk.no_changes(stale=stale):
        return refusal
    if scope_free:
        return ()
    if everywhere:
        return desk.everywhere()
    decision = desk.one(namespace)
    if isinstance(decision, Grant):
        return (decision,)
    return () if scope_optional and namespace is None else decision


def usergroups_needed(policy: Policy, channel: str) -> frozenset[str]:
    """Return the ids of the usergroups whose members `authorize` needs to know of an ask in this channel."""
    rules = (rule for rule in policy.grants if channel in rule.channels)
    return frozenset(usergroup for rule in rules for usergroup in rule.usergroups)


@dataclass(frozen=True, slots=True)
class _Desk:
    """One ask before the policy."""

    policy: Policy
    ask: Ask
    usergroups: Usergroups
    effect: Effect
    cluster: str
    accounts: str

    def refuse(self, reason: Reason, missing: str, where: str = "") -> Refusal:
        return Refusal(reason, missing=missing, whom=self.ask.user, where=where, ask=self.policy.ask)

    def not_a_member(self, member: Member) -> Refusal | None:
        full = f"full membership of workspace {self.policy.team}"
        if self.ask.from_bot or member.is_bot:
            return self.refuse(Reason.BOT, full)
        if member.team != self.policy.team or member.is_stranger or member.is_deleted:
            return self.refuse(Reason.OUTSIDER, full)
        if member.is_guest:
            return self.refuse(Reason.GUEST, full)
        if member.user != self.ask.user:
            return self.refuse(Reason.UNKNOWN_MEMBER, full)
        return None

    def no_changes(self, *, stale: bool) -> Refusal | None:
        if self.effect is Effect.READ:
            return None
        if self.policy.frozen:
            return self.refuse(Reason.FROZEN, f"an end of the freeze: {self.policy.frozen}")
        return self.refuse(Reason.STALE_POLICY, "a policy file without errors") if stale else None

    def everywhere(self) -> tuple[Grant, ...] | Refusal:
        namespaces = dict.fromkeys(name for rule in self.policy.grants for name in rule.namespaces)
        decisions = [self.decide(name) for name in namespaces]
        if grants := tuple(one for one in decisions if isinstance(one, Grant)):
            return grants
        refusals = [one for one in decisions if isinstance(one, Refusal) and one.reason is not Reason.NO_GRANT]
        return refusals[0] if refusals else self._no_grant(f"channel {self.ask.channel}")

    def one(self, namespace: Namespace | None) -> Grant | Refusal:
        """Decide on the namespace that was typed, else on the channel's own."""
        target = namespace or self.policy.default_namespace.get(self.ask.channel)
        if target is None:
            missing = "a namespace"
            return self.refuse(Reason.NO_NAMESPACE, missing, f"channel {self.ask.channel}")
        return self.decide(target)

    def decide(self, namespace: str) -> Grant | Refusal:
        """Let the first rule that matches decide, alone."""
        where = f"namespace {namespace}, channel {self.ask.channel}"
        for rule in self.policy.grants:
            if not self._reaches(rule, namespace):
                continue
            if self._is_in(rule):
                return self._grant(rule, namespace, where)
            if any(usergroup not in self.usergroups for usergroup in rule.usergroups):
                return self.refuse(Reason.UNKNOWN_MEMBER, f"the members of {', '.join(rule.usergroups)}", where)
        return self._no_grant(where)

    def _no_grant(self, where: str) -> Refusal:
        return self.refuse(Reason.NO_GRANT, f"a grant with the effect {self.effect.name}", where)

    def _reaches(self, rule: GrantRule, namespace: str) -> bool:
        return (
            rule.cluster == self.cluster
            and self.ask.channel in rule.channels
            and namespace in rule.namespaces
            and (not rule.users or self.ask.user in rule.users)
        )

    def _is_in(self, rule: GrantRule) -> bool:
        members = (self.usergroups.get(usergroup, frozenset()) for usergroup in rule.usergroups)
        return not rule.usergroups or any(self.ask.user in group for group in members)

    def _grant(self, rule: GrantRule, namespace: str, where: str) -> Grant | Refusal:
        tier = self.policy.tiers[rule.tier]
        if self.effect.name not in tier.may:
            return self.refuse(Reason.EFFECT, f"{self.effect.name} for tier {rule.tier}", where)
        return Grant(
            cluster=self.cluster,
            namespace=Namespace(namespace),
            tier=rule.tier,
            identity=self._identity(rule.tier),
            may=frozenset(Effect[name] for name in tier.may),
        )

    def _identity(self, tier: str) -> Identity | Account:
        places = {"team": self.policy.team, "user": self.ask.user, "channel": self.ask.channel}
        extras = {f"{EXTRA_PREFIX}slack-{key}": (value,) for key, value in places.items()}
        person = self.policy.people.get(self.ask.user)
        if person is not None:  # exactly that person, never a tier's groups as well
            return Identity(person.user, person.groups, extras)
        return of_tier(tier, self.policy.tiers[tier].groups, extras, self.accounts)
