"""A request as the API server reads it: verb, resource, namespace, name.

Source: https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/request/requestinfo.go.
"""

from dataclasses import dataclass
from http import HTTPMethod, HTTPStatus
from urllib.parse import unquote

from bot.core.wire import Request
from bot.demo.cluster.status import StatusError, bad_request

_VERBS = {
    HTTPMethod.GET: "get",
    HTTPMethod.POST: "create",
    HTTPMethod.PUT: "update",
    HTTPMethod.PATCH: "patch",
    HTTPMethod.DELETE: "delete",
}
_OF_MANY = {"get": "list", "delete": "deletecollection"}
_TRUE = frozenset({"1", "true", "True"})
_GIVEN = frozenset({*(f"application/{name}" for name in ("json", "yaml", "vnd.kubernetes.protobuf", "*")), "*/*"})
_NOT_GIVEN = (
    "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, "
    "application/vnd.kubernetes.protobuf"
)
_NAMED = "metadata.name="


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; `resource` is empty where the path leads to none, and then `verb` is the method."""

    request: Request
    verb: str
    group: str = ""
    version: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""

    def option(self, name: str) -> str:
        """Return a parameter of the query, empty where it is not given."""
        return next((value for key, value in self.request.query if key == name), "")

    def options(self, name: str) -> tuple[str, ...]:
        """Return every value of a parameter."""
        return tuple(value for key, value in self.request.query if key == name)

    def flag(self, name: str) -> bool:
        """Return a parameter that is true or not."""
        return self.option(name) in _TRUE

    def number(self, name: str) -> int | None:
        """Return a whole number, None where it is not given, or raise the server's 400."""
        text = self.option(name)
        try:
            return int(text) if text else None
        except ValueError as error:
            raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from error

    def check_accepted(self) -> None:
        """Raise the server's 406 where nothing that it can give is accepted."""
        accept = self.header("Accept")
        if accept and not _GIVEN.intersection(one.partition(";")[0].strip() for one in accept.split(",")):
            raise StatusError(HTTPStatus.NOT_ACCEPTABLE, "NotAcceptable", _NOT_GIVEN, details={})

    def header(self, name: str) -> str:
        """Return a header, empty where it is not given."""
        return next((value for key, value in self.request.headers if key.lower() == name.lower()), "")


def read(request: Request) -> Asked:
    """Read a request's path and method."""
    segments = [unquote(segment) for segment in request.path.strip("/").split("/")]
    match segments:
        case ["api", version, _, *_]:
            return _resource(request, "", version, segments[2:])
        case ["apis", group, version, _, *_]:
            return _resource(request, group, version, segments[3:])
    return Asked(request, request.method.lower())


def _resource(request: Request, group: str, version: str, parts: list[str]) -> Asked:
    namespace = ""
    if parts[0] == "namespaces" and len(parts) > 1:
        namespace = parts[1]
        parts = parts[2:] or parts
    resource, name, subresource = (*parts[:3], "", "")[:3]
    asked = Asked(request, "", group, version, resource, subresource, namespace, name)
    verb, named = _verb(asked)
    return Asked(request, verb, group, version, resource, subresource, namespace, named)


def _verb(asked: Asked) -> tuple[str, str]:
    verb = _VERBS.get(HTTPMethod(asked.request.method), "")
    if asked.name or verb not in _OF_MANY:
        return verb, asked.name
    fields = asked.option("fieldSelector")
    name = fields.removeprefix(_NAMED) if fields.startswith(_NAMED) and "," not in fields else ""
    if verb == "get" and asked.flag("watch"):
        return "watch", name
    return _OF_MANY[verb], name
