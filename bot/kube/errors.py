"""Answers that say no, as podbot's own errors.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/ and the `Status` object,
https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus

from bot.core.errors import (
    AlreadyExists,
    ClusterError,
    Conflict,
    Expired,
    Forbidden,
    Invalid,
    NotFound,
    NotSetUp,
    ServerFault,
    TooMany,
    TooSlow,
    Unauthenticated,
)
from bot.core.reading import mapping, number, text
from bot.core.resources import Json

_KINDS: Mapping[int, type[ClusterError]] = {
    HTTPStatus.UNAUTHORIZED: Unauthenticated,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.CONFLICT: Conflict,
    HTTPStatus.GONE: Expired,
    HTTPStatus.TOO_MANY_REQUESTS: TooMany,
}

_MOST_OF_PLAIN_WORDS = 500

# Said before anything is stored or run, so that a 500 with these words is a refusal and no open question:
# https://github.com/kubernetes/apiserver/blob/master/pkg/admission/plugin/webhook/errors/statuserror.go,
# https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/storage/eviction.go
_DEFINITE = ("failed calling webhook", "more than one PodDisruptionBudget", "container not found")


def failure(status: int, body: bytes, headers: Mapping[str, str], *, own_user: str) -> ClusterError:
    """Return the error for an answer that is no success.

    A 403 that names `own_user`, the bot's own user, is `NotSetUp`; with an empty `own_user` every 403 is.
    """
    told = _status_object(body)
    reason, message = text(told.get("reason")), text(told.get("message"))
    if _is_redirect(status):
        message = f"the API server answered {status}: a redirect, which is not followed"
    return _kind(status, reason, message, own_user)(
        message or f"the API server answered {status}{_plain(body)}",
        status=status,
        cause=reason,
        retry_after=_retry_after(told, headers),
    )


def told_in_stream(told: Json, *, own_user: str) -> ClusterError:
    """Return the error for a `Status` object that came as a watch's last event."""
    return failure(number(told.get("code")), json.dumps(told).encode(), {}, own_user=own_user)


def ambiguous(error: ClusterError) -> bool:
    """Whether a change that ended in this error may have happened all the same."""
    if not isinstance(error, TooSlow | ServerFault):
        return False
    return not _is_redirect(error.status) and not any(words in str(error) for words in _DEFINITE)


def _kind(status: int, reason: str, message: str, own_user: str) -> type[ClusterError]:
    if status == HTTPStatus.FORBIDDEN:
        return NotSetUp if not own_user or f'User "{own_user}"' in message else Forbidden
    if reason == "AlreadyExists":
        return AlreadyExists
    if status in _KINDS:
        return _KINDS[status]
    return Invalid if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR else ServerFault


def _is_redirect(status: int) -> bool:
    return HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST


def _status_object(body: bytes) -> Json:
    try:
        return mapping(json.loads(body))
    except (ValueError, RecursionError):  # a proxy's page, or cut short
        return {}


def _plain(body: bytes) -> str:
    """Return what a kubelet says in plain words instead of a `Status`; no web page, and nothing long."""
    words = body.decode(errors="replace").strip()
    is_plain = words.isprintable() and not words.startswith(("<", "{")) and len(words) <= _MOST_OF_PLAIN_WORDS
    return f": {words}" if words and is_plain else ""


def _retry_after(told: Json, headers: Mapping[str, str]) -> float | None:
    written = headers.get("retry-after", "")
    if written.isascii() and written.isdigit():
        return float(written)
    return float(number(mapping(told.get("details")).get("retryAfterSeconds"))) or None
