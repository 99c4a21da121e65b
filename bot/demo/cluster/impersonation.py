"""Being somebody else: impersonation headers, checked in the legacy and in the constrained form.

Source: https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/ and
https://github.com/kubernetes/enhancements/tree/master/keps/sig-auth/5284-constrained-impersonation.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from bot.demo.cluster.asked import Asked
from bot.demo.cluster.rbac import Attributes, allowed_by, attributes, refusal
from bot.demo.cluster.status import StatusError, bad_request
from bot.demo.cluster.store import Store
from bot.demo.cluster.users import ACCOUNT_PREFIX, User, account_groups

_USER, _GROUP, _EXTRA = "impersonate-user", "impersonate-group", "impersonate-extra-"
_GROUP_OF_REVIEWS = "authentication.k8s.io"
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def wanted(asked: Asked) -> User | None:
    """Return who the headers say the request is made as; None without any, and with an empty user, as in reality."""
    user, groups, extra = "", [], defaultdict(list)
    for name, value in asked.request.headers:
        key = name.lower()
        if not _HEADER.fullmatch(name):
            raise bad_request("invalid header name")
        if key == _USER:
            user = value
        elif key == _GROUP and value:
            groups.append(value)
        elif key.startswith(_EXTRA):
            extra[unquote(key.removeprefix(_EXTRA))].append(value)
    if user:
        return User(user, tuple(groups), extra={key: tuple(values) for key, values in extra.items()})
    if groups or extra:
        raise bad_request("requested user info without impersonating a user name")
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
    if allowed_by(store, who) is None:
        raise constrained
    legacy = _denied(store, iter(others))
    if legacy is not None:
        raise legacy


def _denied(store: Store, needed: Iterator[Attributes]) -> StatusError | None:
    missing = next((one for one in needed if allowed_by(store, one) is None), None)
    return None if missing is None else refusal(missing)


def _constrained(asked: Asked, sender: User, target: User) -> Iterator[Attributes]:
    account = target.name.startswith(ACCOUNT_PREFIX)
    mode = "serviceaccount" if account else "user-info"
    verb = f"impersonate:{mode}"
    yield replace(attributes(asked, sender), verb=f"impersonate-on:{mode}:{asked.verb}")
    yield _who(sender, verb, _GROUP_OF_REVIEWS, target)
    for group in target.groups:
        yield Attributes(sender, verb, _GROUP_OF_REVIEWS, "groups", name=group)
    yield from _extras(sender, verb, target)


def _legacy(sender: User, target: User) -> Iterator[Attributes]:
    verb = "impersonate"
    yield _who(sender, verb, "", target)
    for group in target.groups:
        yield Attributes(sender, verb, "", "groups", name=group)
    yield from _extras(sender, verb, target)


def _who(sender: User, verb: str, group: str, target: User) -> Attributes:
    if target.name.startswith(ACCOUNT_PREFIX):
        namespace, _, name = target.name.removeprefix(ACCOUNT_PREFIX).partition(":")
        return Attributes(sender, verb, group, "serviceaccounts", namespace=namespace, name=name)
    return Attributes(sender, verb, group, "users", name=target.name)


def _extras(sender: User, verb: str, target: User) -> Iterator[Attributes]:
    for key, values in target.extra.items():
        for value in values:
            yield Attributes(sender, verb, _GROUP_OF_REVIEWS, "userextras", key, name=value)
