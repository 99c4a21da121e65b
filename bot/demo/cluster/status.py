"""Refusals as `Status` objects, in the API server's words (those of Kubernetes 1.37).

Source: https://github.com/kubernetes/apimachinery/blob/master/pkg/api/errors/errors.go.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from bot.core.resources import Json
from bot.demo.cluster.answers import Answer
from bot.demo.cluster.kinds import Kind


class StatusError(Exception):
    """A refusal, on its way to its answer."""

    def __init__(
        self, code: int, reason: str, message: str, *, details: Json | None = None, metadata: Json | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status: Json = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": metadata or {},
            "status": "Failure",
            "message": message,
            **({"reason": reason} if reason else {}),
            **({"details": details} if details is not None else {}),
            "code": code,
        }

    def answer(self) -> Answer:
        """Return it as the server's answer."""
        return Answer(self.code, json.dumps(self.status).encode())


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that is wrong with an object."""

    field: str
    reason: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


def wrong(field: str, value: Any, why: str) -> Cause:
    """Return the cause for a value that breaks a rule."""
    return Cause(field, "FieldValueInvalid", f"Invalid value: {_written(value)}: {why}")


def required(field: str, why: str = "") -> Cause:
    """Return the cause for a value that is missing."""
    return Cause(field, "FieldValueRequired", f"Required value{': ' if why else ''}{why}")


def unsupported(field: str, value: Any, known: Iterable[str]) -> Cause:
    """Return the cause for a value that is none of those known."""
    words = ", ".join(f'"{one}"' for one in known)
    return Cause(field, "FieldValueNotSupported", f"Unsupported value: {json.dumps(value)}: supported values: {words}")


def too_long(field: str, most: int) -> Cause:
    """Return the cause for a value of more than `most` bytes."""
    return Cause(field, "FieldValueTooLong", f"Too long: may not be more than {most} bytes")


def duplicate(field: str, value: Any) -> Cause:
    """Return the cause for a value that is there twice."""
    return Cause(field, "FieldValueDuplicate", f"Duplicate value: {_written(value)}")


def unknown(field: str, value: Any) -> Cause:
    """Return the cause for a name that nothing has."""
    return Cause(field, "FieldValueNotFound", f"Not found: {json.dumps(value)}")


def prohibited(field: str, why: str) -> Cause:
    """Return the cause for what may not be given."""
    return Cause(field, "FieldValueForbidden", f"Forbidden: {why}")


def invalid(kind: str, name: str, causes: Sequence[Cause], *, group: str = "") -> StatusError:
    """Return the 422 that names every cause."""
    words = str(causes[0]) if len(causes) == 1 else f"[{', '.join(map(str, causes))}]"
    details = {
        **({"name": name} if name else {}),
        **({"group": group} if group else {}),
        **({"kind": kind} if kind else {}),
        "causes": [{"reason": one.reason, "message": one.message, "field": one.field} for one in causes],
    }
    title = f"{kind}.{group}" if group else kind
    message = f'{title} "{name}" is invalid: {words}'
    return StatusError(HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid", message, details=details)


def not_found(kind: Kind, name: str) -> StatusError:
    """Return the 404 for an object that is not there."""
    return StatusError(
        HTTPStatus.NOT_FOUND, "NotFound", f'{kind.qualified} "{name}" not found', details=_about(kind, name)
    )


def already_exists(kind: Kind, name: str) -> StatusError:
    """Return the 409 for a name that is taken."""
    message = f'{kind.qualified} "{name}" already exists'
    return StatusError(HTTPStatus.CONFLICT, "AlreadyExists", message, details=_about(kind, name))


def conflict(kind: Kind, name: str, why: str) -> StatusError:
    """Return the 409 for an object that has been modified."""
    message = f'Operation cannot be fulfilled on {kind.qualified} "{name}": {why}'
    return StatusError(HTTPStatus.CONFLICT, "Conflict", message, details=_about(kind, name))


def forbidden(group: str, resource: str, name: str, why: str) -> StatusError:
    """Return the 403 for a request that somebody may not make, or that admission refuses."""
    qualified = f"{resource}.{group}" if group else resource
    title = f'{qualified} "{name}"' if name else qualified
    about = {"name": name, "group": group, "kind": resource}
    details = {key: value for key, value in about.items() if value}
    return StatusError(HTTPStatus.FORBIDDEN, "Forbidden", f"{title} is forbidden: {why}", details=details)


def ending(kind: Kind, name: str, namespace: str) -> StatusError:
    """Return the 403 for a new object in a namespace that is on its end."""
    why = f"unable to create new content in namespace {namespace} because it is being terminated"
    message = f"namespace {namespace} is being terminated"
    cause = {"reason": "NamespaceTerminating", "message": message, "field": "metadata.namespace"}
    error = forbidden(kind.group, kind.plural, name, why)
    return StatusError(error.code, "Forbidden", str(error), details={**_about(kind, name), "causes": [cause]})


def bad_request(message: str) -> StatusError:
    """Return the 400 for what can't be understood."""
    return StatusError(HTTPStatus.BAD_REQUEST, "BadRequest", message)


def too_large(limit: int) -> StatusError:
    """Return the 413 for a body of more than `limit` bytes."""
    message = f"Request entity too large: limit is {limit}"
    return StatusError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "RequestEntityTooLarge", message)


def unknown_format() -> StatusError:
    """Return the 415 for a body that is none, or of a type that the server does not read."""
    types = "application/json, application/yaml, application/vnd.kubernetes.protobuf"
    message = f"the body of the request was in an unknown format - accepted media types include: {types}"
    return StatusError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", message)


def unauthorized() -> StatusError:
    """Return the 401 for a token that nobody has."""
    return StatusError(HTTPStatus.UNAUTHORIZED, "Unauthorized", "Unauthorized")


def no_such_resource() -> StatusError:
    """Return the 404 for a path that leads nowhere."""
    message = "the server could not find the requested resource"
    return StatusError(HTTPStatus.NOT_FOUND, "NotFound", message, details={})


def not_allowed() -> StatusError:
    """Return the 405 for a method that a resource does not take."""
    message = "the server does not allow this method on the requested resource"
    return StatusError(HTTPStatus.METHOD_NOT_ALLOWED, "MethodNotAllowed", message, details={})


def _written(value: Any) -> str:
    """Return a value as Go writes it: the labels of a selector in their order."""
    if isinstance(value, dict):
        value = {key: dict(sorted(one.items())) if key == "matchLabels" else one for key, one in value.items()}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _about(kind: Kind, name: str) -> Json:
    group = {"group": kind.group} if kind.group else {}
    return {"name": name, **group, "kind": kind.plural}
