"""TokenRequest: a ServiceAccount's token for a time, perhaps bound to a pod or a Secret.

Source: https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/serviceaccount/storage/token.go.
"""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from bot.core.reading import mapping, text
from bot.core.resources import Json
from bot.demo.cluster import bodies, kinds, times
from bot.demo.cluster.answers import Answer, answer
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.status import bad_request, invalid, wrong
from bot.demo.cluster.store import Store

REQUEST: Final = Kind("authentication.k8s.io", "v1", "tokenrequests", "TokenRequest")
_AUDIENCE: Final = "https://kubernetes.default.svc"
_USUAL: Final = 3600  # seconds
_SHORTEST: Final = 600
_LONGEST: Final = 2**32
_BOUND: Final = {"Pod": kinds.PODS, "Secret": kinds.SECRETS, "Node": kinds.NODES}


def serve(store: Store, asked: Asked, made: Callable[[Json], str]) -> Answer:
    """Answer with the token that is `made` for an account; nothing here lets it expire."""
    request = bodies.decode(asked, REQUEST).item
    about, spec = mapping(request.get("metadata")), mapping(request.get("spec"))
    if about.get("namespace") not in (None, "", asked.namespace):
        raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
    account = store.get(kinds.ACCOUNTS, asked.namespace, asked.name)
    if (name := about.get("name")) not in (None, "", asked.name):
        causes = [wrong("metadata.name", name, "must match the service account name if specified")]
        raise invalid(REQUEST.name, asked.name, causes, group=REQUEST.group)
    filled: Json = {"audiences": [_AUDIENCE], "expirationSeconds": _USUAL, "boundObjectRef": None, **spec}
    _check_length(int(filled["expirationSeconds"]))
    _check_bound(store, asked, mapping(filled["boundObjectRef"]))
    expires = store.now() + timedelta(seconds=int(filled["expirationSeconds"]))
    dry_run = "All" in asked.options("dryRun")
    token = {} if dry_run else {"token": made(account)}
    whole = store.completed(REQUEST, asked.namespace, {"metadata": {"name": asked.name}, "spec": filled})
    status = {**token, "expirationTimestamp": times.seconds(expires)}
    return answer({**whole, "status": status}, HTTPStatus.CREATED)


def _check_length(seconds: int) -> None:
    why = ""
    if seconds < _SHORTEST:
        why = "may not specify a duration less than 10 minutes"
    elif seconds > _LONGEST:
        why = "may not specify a duration larger than 2^32 seconds"
    if why:
        causes = [wrong("spec.expirationSeconds", seconds, why)]
        raise invalid(REQUEST.name, "", causes, group=REQUEST.group)


def _check_bound(store: Store, asked: Asked, bound: Json) -> None:
    if not bound:
        return
    kind = _BOUND.get(text(bound.get("kind")))
    if kind is None:
        raise bad_request(f"cannot bind token to object of type /{bound.get('apiVersion')}, Kind={bound.get('kind')}")
    store.get(kind, asked.namespace if kind.namespaced else "", text(bound.get("name")))
