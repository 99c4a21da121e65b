"""JSON Patch (RFC 6902) and merge patch (RFC 7396), with the API server's answers to bad ones."""

import json
from http import HTTPStatus
from typing import Any

from bot.core.resources import Json
from bot.demo.cluster.status import StatusError, bad_request

_JSON_PATCH, _MERGE_PATCH = "application/json-patch+json", "application/merge-patch+json"


def patched(item: Json, content: str, body: bytes) -> Json:
    """Return an object as a patch of this content type makes it; raises the server's 400, 415 or 422."""
    if content not in (_JSON_PATCH, _MERGE_PATCH):
        code = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        raise StatusError(code, "UnsupportedMediaType", "415: Unsupported Media Type", details={})
    try:
        patch = json.loads(body)
    except ValueError as error:
        raise bad_request("invalid JSON patch") from error
    if content == _MERGE_PATCH:
        if not isinstance(patch, dict):
            word = "array" if isinstance(patch, list) else "string"
            why = f"json: cannot unmarshal {word} into Go value of type map[string]interface {{}}"
            raise bad_request(f"error decoding patch: {why}")
        merged: Json = _merged(item, patch)
        return merged
    if not isinstance(patch, list):
        why = "json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"
        raise bad_request(f"error decoding patch: {why}")
    return json_patched(item, patch)


def json_patched(item: Json, operations: list[Json]) -> Json:
    """Return an object as JSON Patch operations make it; whichever can't be done is the server's 422."""
    whole: Json = json.loads(json.dumps(item))
    try:
        for operation in operations:
            _apply(whole, operation)
    except (KeyError, IndexError, ValueError, TypeError) as error:
        message = "the server rejected our request due to an error in our request"
        raise StatusError(HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid", message, details={}) from error
    return whole


def _merged(node: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    base = node if isinstance(node, dict) else {}
    kept = {key: value for key, value in base.items() if key not in patch}
    return kept | {key: _merged(base.get(key), value) for key, value in patch.items() if value is not None}


def _apply(whole: Json, operation: Json) -> None:
    parent, last = _reach(whole, operation["path"])
    value = operation.get("value")
    match operation["op"]:
        case "test":
            # the server takes a test for null as one for absence, against the RFC
            found = parent.get(last) if isinstance(parent, dict) else _read(parent, last)
            if found != value:
                raise ValueError("the test failed")
        case "add" if isinstance(parent, list):
            parent.insert(len(parent) if last == "-" else int(last), value)
        case "add" | "replace":  # the server replaces a member that is not there, against the RFC
            parent[_index(parent, last)] = value
        case "remove":
            del parent[_index(parent, last)]
        case "copy" | "move" as how:
            source, key = _reach(whole, operation["from"])
            value = source[_index(source, key)]
            if how == "move":
                del source[_index(source, key)]
            _apply(whole, {"op": "add", "path": operation["path"], "value": value})
        case _:
            raise ValueError("unknown operation")


def _reach(whole: Json, path: str) -> tuple[Any, str]:
    if not path.startswith("/"):
        raise ValueError("a path begins with a slash")
    *parents, last = (part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/"))
    node: Any = whole
    for parent in parents:
        node = _read(node, parent)
    return node, last


def _read(parent: Any, key: str) -> Any:
    return parent[_index(parent, key)]


def _index(parent: Any, key: str) -> Any:
    return int(key) if isinstance(parent, list) else key
