"""Questions about oneself: the three SelfSubject…Reviews."""

from datetime import datetime
from http import HTTPStatus

from bot.core.reading import mapping, text
from bot.core.resources import Json
from bot.demo.cluster import bodies, kinds, times
from bot.demo.cluster.answers import Answer, answer
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.rbac import Attributes, allowed_by, rules_of
from bot.demo.cluster.status import bad_request, invalid, wrong
from bot.demo.cluster.store import Store
from bot.demo.cluster.users import User

_KEYS = ("verb", "group", "resource", "subresource", "namespace", "name")


def reviewed(kind: Kind, store: Store, user: User, asked: Asked, now: datetime) -> Answer:
    """Answer a question of whoever asks about themselves."""
    if kind is kinds.WHO:
        return who(user, asked, now)
    return may(store, user, asked) if kind is kinds.MAY else rules(store, user, asked)


def who(user: User, asked: Asked, now: datetime) -> Answer:
    """Answer who the request is made as."""
    bodies.decode(asked, kinds.WHO)
    extra = {key: list(values) for key, values in user.extra.items()}
    told: Json = {
        "username": user.name,
        **({"uid": user.uid} if user.uid else {}),
        "groups": list(user.groups),
        **({"extra": extra} if extra else {}),
    }
    review = {
        "kind": "SelfSubjectReview",
        "apiVersion": "authentication.k8s.io/v1",
        "metadata": {"creationTimestamp": times.seconds(now)},
        "status": {"userInfo": told},
    }
    return answer(review, HTTPStatus.CREATED)


def may(store: Store, user: User, asked: Asked) -> Answer:
    """Answer whether whoever asks has a right."""
    spec = mapping(bodies.decode(asked, kinds.MAY).item.get("spec"))
    wanted, path = mapping(spec.get("resourceAttributes")), mapping(spec.get("nonResourceAttributes"))
    if bool(wanted) is bool(path):
        why = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
        told = {key.capitalize(): value for key, value in sorted(path.items())} or None
        raise invalid("", "", [wrong("spec", told, why)], group="authorization.k8s.io")
    right = Attributes(user, *(text(wanted.get(key)) for key in _KEYS))
    if path:
        right = Attributes(user, text(path.get("verb")), path=text(path.get("path")))
    reason = allowed_by(store, right)
    status: Json = {"allowed": reason is not None, **({"reason": reason} if reason else {})}
    review = {"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "metadata": {}}
    return answer({**review, "spec": spec, "status": status}, HTTPStatus.CREATED)


def rules(store: Store, user: User, asked: Asked) -> Answer:
    """Answer which rules reach whoever asks in a namespace, those of the whole cluster among them."""
    namespace = text(mapping(bodies.decode(asked, kinds.RULES).item.get("spec")).get("namespace"))
    if not namespace:
        raise bad_request("no namespace on request")
    found = list(rules_of(store, user, namespace))
    status: Json = {
        "resourceRules": [rule for rule in found if rule.get("resources")],
        "nonResourceRules": [rule for rule in found if rule.get("nonResourceURLs")],
        "incomplete": False,
    }
    review = {"kind": "SelfSubjectRulesReview", "apiVersion": "authorization.k8s.io/v1", "metadata": {}}
    return answer({**review, "spec": {}, "status": status}, HTTPStatus.CREATED)
