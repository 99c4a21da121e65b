"""RBAC over the roles and bindings in the store.

Source: https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/auth/authorizer/rbac/rbac.go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.core.resources import Json
from bot.demo.cluster import kinds
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.status import StatusError, forbidden
from bot.demo.cluster.store import Store
from bot.demo.cluster.users import MASTERS, User, service_account

_ANY = "*"
_FORBIDDEN = 403
_OPENED = frozenset({"pods/exec", "pods/attach", "pods/portforward"})
_KINDS = (kinds.CLUSTER_ROLE_BINDINGS, kinds.ROLE_BINDINGS, kinds.CLUSTER_ROLES, kinds.ROLES)
Given = tuple[Json, Sequence[Json]]
"""A binding, and the rules that it gives."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What somebody wants to do; `path` is for what is no resource."""

    user: User
    verb: str
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""

    @property
    def full_resource(self) -> str:
        """Resource and subresource, as rules have them."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


def rights(asked: Asked, user: User) -> tuple[Attributes, ...]:
    """Return all that a request needs; a websocket to a container needs `create` as well (1.35)."""
    wanted = attributes(asked, user)
    opens = wanted.full_resource in _OPENED and "websocket" in asked.header("Upgrade").lower()
    return (wanted, replace(wanted, verb="create")) if opens else (wanted,)


def attributes(asked: Asked, user: User) -> Attributes:
    """Return what a request wants to do, as `user`."""
    path = "" if asked.resource else asked.request.path
    return Attributes(
        user, asked.verb, asked.group, asked.resource, asked.subresource, asked.namespace, asked.name, path
    )


def allowed_by(store: Store, wanted: Attributes) -> str | None:
    """Return why RBAC allows it, empty for who may do all; None where it does not."""
    if MASTERS in wanted.user.groups:
        return ""
    return next(_reasons(store, wanted), None)


def rules_of(store: Store, user: User, namespace: str) -> Iterator[Json]:
    """Yield the rules that reach somebody in a namespace, those of the whole cluster first."""
    if MASTERS in user.groups:
        yield {"verbs": [_ANY], "apiGroups": [_ANY], "resources": [_ANY]}
    for home in ("", namespace):
        for _, rules in _given(store, user, home):
            yield from rules


def authorize(store: Store, wanted: Attributes) -> None:
    """Raise the server's 403 unless RBAC allows it."""
    if allowed_by(store, wanted) is None:
        raise refusal(wanted)


def refusal(wanted: Attributes, why: str = "") -> StatusError:
    """Return the 403, which names the user, the verb and the resource, and says why nobody may, if so."""
    who = f'User "{wanted.user.name}" cannot {wanted.verb}'
    if wanted.path:
        return StatusError(_FORBIDDEN, "Forbidden", f'forbidden: {who} path "{wanted.path}"', details={})
    where = f'in the namespace "{wanted.namespace}"' if wanted.namespace else "at the cluster scope"
    what = f'resource "{wanted.full_resource}" in API group "{wanted.group}"'
    told = f"{who} {what} {where}{f': {why}' if why else ''}"
    return forbidden(wanted.group, wanted.resource, wanted.name, told)


def _reasons(store: Store, wanted: Attributes) -> Iterator[str]:
    for home in ("", wanted.namespace) if wanted.namespace else ("",):
        for binding, rules in _given(store, wanted.user, home):
            if any(_allows(rule, wanted) for rule in rules):
                yield _reason(binding, wanted.user, home)


def _given(store: Store, user: User, home: str) -> Sequence[Given]:
    """Return what somebody is given by a namespace's bindings, or by those of the whole cluster."""
    kind = kinds.ROLE_BINDINGS if home else kinds.CLUSTER_ROLE_BINDINGS

    def given() -> Sequence[Given]:
        every = ((binding, _rules(store, binding, user, home)) for binding in store.list(kind, home))
        return [(binding, rules) for binding, rules in every if rules]

    return store.derived(("given", user.name, user.groups, home), _KINDS, given)


def _rules(store: Store, binding: Json, user: User, namespace: str) -> list[Json]:
    """Return what a binding gives to somebody."""
    subjects = binding.get("subjects") or []
    if not any(_is_subject(user, subject, namespace) for subject in subjects):
        return []
    reference = binding["roleRef"]
    of_cluster = reference["kind"] == "ClusterRole"
    kind, home = (kinds.CLUSTER_ROLES, "") if of_cluster else (kinds.ROLES, namespace)
    role = store.find(kind, home, reference["name"]) or {}
    return list(role.get("rules") or [])


def _is_subject(user: User, subject: Json, namespace: str) -> bool:
    match subject["kind"]:
        case "User":
            return bool(subject["name"] == user.name)
        case "Group":
            return subject["name"] in user.groups
        case "ServiceAccount":
            return user.name == service_account(subject.get("namespace") or namespace, subject["name"]).name
    return False


def _allows(rule: Json, wanted: Attributes) -> bool:
    if not _holds(rule.get("verbs"), wanted.verb):
        return False
    if wanted.path:
        return any(_covers(path, wanted.path) for path in rule.get("nonResourceURLs") or [])
    return (
        _holds(rule.get("apiGroups"), wanted.group)
        and _holds_resource(rule.get("resources") or [], wanted)
        and (not rule.get("resourceNames") or wanted.name in rule["resourceNames"])
    )


def _holds(words: list[str] | None, word: str) -> bool:
    return words is not None and (_ANY in words or word in words)


def _holds_resource(resources: list[str], wanted: Attributes) -> bool:
    if _ANY in resources or wanted.full_resource in resources:
        return True
    return bool(wanted.subresource) and f"{_ANY}/{wanted.subresource}" in resources


def _covers(pattern: str, path: str) -> bool:
    return pattern == path or (pattern.endswith(_ANY) and path.startswith(pattern[:-1]))


def _reason(binding: Json, user: User, namespace: str) -> str:
    reference = binding["roleRef"]
    subject = next(one for one in binding["subjects"] if _is_subject(user, one, namespace))
    home = f"/{subject.get('namespace') or namespace}" if subject["kind"] == "ServiceAccount" else ""
    whom = f'{subject["kind"]} "{subject["name"]}{home}"'
    name = binding["metadata"]["name"]
    title = f'RoleBinding "{name}/{namespace}"' if namespace else f'ClusterRoleBinding "{name}"'
    return f'RBAC: allowed by {title} of {reference["kind"]} "{reference["name"]}" to {whom}'
