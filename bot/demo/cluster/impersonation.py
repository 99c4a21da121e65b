"""Being somebody else: impersonation headers, checked in the legacy and in the constrained form.

Source: https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/ and
https://github.com/kubernetes/enhancements/tree/master/keps/sig-auth/5284-constrained-impersonation.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote

from bot.demo.cluster.asked import Asked
from bot.demo.cluster.rbac import Attributes, allowed_by, attributes, refusal
from bot.demo.cluster.status import StatusError, bad_request
from bot.demo.cluster.store import Store
from bot.demo.cluster.users import ACCOUNT_PREFIX, MASTERS, User, account_groups

_USER, _UID = "impersonate-user", "impersonate-uid"
_GROUP, _EXTRA = "impersonate-group", "impersonate-extra-"
_NODE_PREFIX = "system:node:"
_MODES = {ACCOUNT_PREFIX: "serviceaccount", _NODE_PREFIX: "arbitrary-node"}
_NOT_A_KEY = (
    "impersonating an invalid key in extra is not allowed: extra.key: Invalid value: {}: "
    'must be a domain-prefixed path (such as "acme.io/foo")'
)
_NOT_MASTERS = "impersonating the system:masters group is not allowed"
_GROUP_OF_REVIEWS = "authentication.k8s.io"
Needed = tuple[Attributes, str]
"""A right, and why nobody has it, if so."""
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def wanted(asked: Asked) -> User | None:
    """Return who the headers say the request is made as; None without any, and with an empty user, as in reality."""
    if not all(_HEADER.fullmatch(name) for name, _ in asked.request.headers):
        raise bad_request("invalid header name")
    headers = [(name.lower(), value) for name, value in asked.request.headers]
    user, uid = asked.header(_USER), asked.header(_UID)
    groups = [value for key, value in headers if key == _GROUP and value]
    extra = defaultdict(list)
    for key, value in headers:
        if key.startswith(_EXTRA):
            extra[unquote(key.removeprefix(_EXTRA))].append(value)
    if user:
        return User(user, tuple(groups), uid, {key: tuple(values) for key, values in extra.items()})
    if uid or groups or extra:
        told = f'&user.DefaultInfo{{Name:"", UID:"{uid}", Groups:{_go(groups)}, Extra:{_go_map(extra)}}}'
        raise bad_request(f"requested {told} without impersonating a user name")
    return None


def impersonate(store: Store, asked: Asked, sender: User, target: User) -> User:
    """Return who the request is made as, or raise the 403 that names the sender."""
    constrained = _denied(store, _constrained(asked, sender, target))
    if constrained is not None:
        _check_legacy(store, sender, target, constrained)
    if target.name.startswith(ACCOUNT_PREFIX) and not target.groups:
        namespace = target.name.removeprefix(ACCOUNT_PREFIX).partition(":")[0]
        target = replace(target, groups=account_groups(namespace))
    return target.authenticated()


def _check_legacy(store: Store, sender: User, target: User, constrained: StatusError) -> None:
    """Let the legacy right decide where the constrained one is missing; its own refusal counts for who holds it."""
    who, *others = _legacy(sender, target)
    if allowed_by(store, who[0]) is None:
        raise constrained
    legacy = _denied(store, iter(others))
    if legacy is not None:
        raise legacy


def _denied(store: Store, needed: Iterator[Needed]) -> StatusError | None:
    missing = next(((one, why) for one, why in needed if why or allowed_by(store, one) is None), None)
    return None if missing is None else refusal(*missing)


def _constrained(asked: Asked, sender: User, target: User) -> Iterator[Needed]:
    mode = next((mode for start, mode in _MODES.items() if target.name.startswith(start)), "user-info")
    verb = f"impersonate:{mode}"
    yield replace(attributes(asked, sender), verb=f"impersonate-on:{mode}:{asked.verb}"), ""
    yield _who(sender, verb, _GROUP_OF_REVIEWS, target), ""
    for group in target.groups:
        yield _own(sender, verb, "groups", group), _NOT_MASTERS if group == MASTERS else ""
    for key in target.extra:
        if "/" not in key:
            yield _own(sender, verb, "userextras"), _NOT_A_KEY.format(json.dumps(key))
    yield from _others(sender, verb, target)


def _legacy(sender: User, target: User) -> Iterator[Needed]:
    verb = "impersonate"
    yield _who(sender, verb, "", target), ""
    for group in target.groups:
        yield Attributes(sender, verb, "", "groups", name=group), ""
    yield from _others(sender, verb, target)


def _own(sender: User, verb: str, resource: str, name: str = "") -> Attributes:
    return Attributes(sender, verb, _GROUP_OF_REVIEWS, resource, name=name)


def _who(sender: User, verb: str, group: str, target: User) -> Attributes:
    if target.name.startswith(ACCOUNT_PREFIX):
        namespace, _, name = target.name.removeprefix(ACCOUNT_PREFIX).partition(":")
        return Attributes(sender, verb, group, "serviceaccounts", namespace=namespace, name=name)
    if target.name.startswith(_NODE_PREFIX) and group:
        return Attributes(sender, verb, group, "nodes", name=target.name.removeprefix(_NODE_PREFIX))
    return Attributes(sender, verb, group, "users", name=target.name)


def _others(sender: User, verb: str, target: User) -> Iterator[Needed]:
    """Yield what the rest of an identity needs, the same in both forms."""
    if target.uid:
        yield _own(sender, verb, "uids", target.uid), ""
    for key, values in target.extra.items():
        for value in values:
            yield Attributes(sender, verb, _GROUP_OF_REVIEWS, "userextras", key, name=value), ""


def _go(words: list[str]) -> str:
    """Return words as Go shows them."""
    told = ", ".join(json.dumps(one) for one in words)
    return f"[]string{{{told}}}" if words else "[]string(nil)"


def _go_map(extra: Mapping[str, list[str]]) -> str:
    told = ", ".join(f"{json.dumps(key)}:{_go(values)}" for key, values in sorted(extra.items()))
    return f"map[string][]string{{{told}}}" if extra else "map[string][]string(nil)"
