"""Lists, in pages.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks.
"""

import base64
import binascii
import json
import string
from dataclasses import dataclass
from http import HTTPStatus

from bot.core.resources import Json
from bot.demo.cluster import listoptions
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.selectors import Match, fields_match, labels_match
from bot.demo.cluster.status import StatusError, bad_request
from bot.demo.cluster.store import Key, Store

_TOO_OLD = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without "
    "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. "
    "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or "
    "deleted between the time the first chunk was returned and now may show up in the list."
)
_INCONSISTENT = -1
_LETTERS = frozenset(string.ascii_letters + string.digits + "-_")


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and the list's metadata."""

    items: tuple[Json, ...]
    metadata: Json


def matching(kind: Kind, asked: Asked) -> Match:
    """Return what decides whether an object is asked for; raises the server's 400 for junk."""
    by_labels = labels_match(asked.option("labelSelector"))
    by_fields = fields_match(kind, asked.option("fieldSelector"))
    return lambda item: by_labels(item) and by_fields(item)


def page(store: Store, kind: Kind, asked: Asked) -> Page:
    """Return the asked page of a kind's objects, as they were when the first page was read."""
    wanted, limit, token = matching(kind, asked), asked.number("limit") or 0, asked.option("continue")
    listoptions.check_list(asked)
    version, start = _continued(store, asked) if token else (_wanted_version(store, asked), ("", ""))
    if asked.option("resourceVersion") == "0":
        limit = 0  # the server answers from its cache, and whole
    keyed = sorted(store.at(kind, version).items())
    here = [(key, item) for key, item in keyed if asked.namespace in ("", key[0]) and wanted(item)]
    ahead = [(key, item) for key, item in here if key > start]
    metadata: Json = {"resourceVersion": str(version)}
    if not 0 < limit < len(ahead):
        return Page(tuple(item for _, item in ahead), metadata)
    metadata["continue"] = _token(version, ahead[limit - 1][0])
    if not asked.option("labelSelector") and not asked.option("fieldSelector"):
        metadata["remainingItemCount"] = len(ahead) - limit
    return Page(tuple(item for _, item in ahead[:limit]), metadata)


def _wanted_version(store: Store, asked: Asked) -> int:
    """Return the version of the list: the newest, unless exactly another is asked for."""
    if asked.option("resourceVersionMatch") != "Exact":
        return store.version
    version = int(asked.option("resourceVersion"))
    if version < store.oldest:
        raise StatusError(HTTPStatus.GONE, "Expired", "The resourceVersion for the provided list is too old.")
    return min(version, store.version)


def _token(version: int, start: Key) -> str:
    written = json.dumps({"v": "meta.k8s.io/v1", "rv": version, "start": "/".join(start)}).encode()
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def _continued(store: Store, asked: Asked) -> tuple[int, Key]:
    if asked.option("resourceVersion"):
        raise bad_request("specifying resource version is not allowed when using continue")
    token = asked.option("continue")
    try:
        read = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        version, start = int(read["rv"]), tuple(read["start"].split("/"))
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise bad_request(f"invalid continue token: continue key is not valid: {_not_a_token(token)}") from error
    key = (start[0], start[-1])
    if version != _INCONSISTENT and version < store.oldest:
        again = {"continue": _token(_INCONSISTENT, key)}
        raise StatusError(HTTPStatus.GONE, "Expired", _TOO_OLD, metadata=again)
    return (store.version if version == _INCONSISTENT else version), key


def _not_a_token(token: str) -> str:
    """Return why a token is none, in Go's words."""
    strange = next((index for index, letter in enumerate(token) if letter not in _LETTERS), None)
    if strange is None and len(token) % 4 == 1:
        strange = len(token) - 1
    if strange is not None:
        return f"illegal base64 data at input byte {strange}"
    return "invalid character in it"
