"""A Web API call's arguments, wherever they stood: in the query, a form or JSON; the token may be in the header."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.core.resources import Json
from bot.demo.chat.errors import SlackError


@dataclass(frozen=True, slots=True)
class Arguments:
    """Arguments by name; structured ones may be JSON or JSON in a string."""

    values: Json
    token: str = field(default="", repr=False)

    def text(self, name: str) -> str:
        """Return an argument as text, empty where it is missing."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def required(self, name: str) -> str:
        """Return an argument that must be there, or raise `invalid_arguments`."""
        if not (value := self.text(name)):
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return value

    def number(self, name: str) -> int:
        """Return an argument that must be a whole number."""
        try:
            return int(self.required(name))
        except ValueError as error:
            raise SlackError("invalid_arguments", [f"[ERROR] must be a number: {name}"]) from error

    def flag(self, name: str) -> bool:
        """Return whether an argument says yes."""
        return self.text(name).lower() in ("true", "1")

    def structure(self, name: str, wrong: str) -> Any:
        """Return an argument as parsed JSON, None where it is missing; raise `wrong` where it is no JSON."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError as error:
            raise SlackError(wrong) from error


async def read_arguments(request: web.Request) -> Arguments:
    """Read a call's arguments and token; a later place overrides an earlier one: query, then body."""
    values: Json = dict(request.query)
    if request.content_type == "application/json":
        values |= await read_json(request)
    elif request.can_read_body:
        values |= await request.post()
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    inside = str(values.pop("token", ""))
    return Arguments(values, token if scheme == "Bearer" and token else inside)


async def read_json(request: web.Request) -> Json:
    """Return a body that must be a JSON object, or raise `invalid_json` or `json_not_object`."""
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body
