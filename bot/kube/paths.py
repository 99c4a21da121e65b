"""Paths of the Kubernetes API, joined from checked segments only.

An empty name, `.` or `..` would turn a call on one pod into one on all pods or on the namespace itself.
Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris.
"""

import re

from bot.core.errors import BadName
from bot.core.names import is_label, is_subdomain
from bot.core.resources import PODS, Resource
from bot.core.targets import HIGHEST_PORT, is_plain_path

_VERSION = re.compile(r"v[1-9][0-9]*((alpha|beta)[1-9][0-9]*)?")


def collection(resource: Resource, namespace: str = "") -> str:
    """Return the path of a kind's objects, in `namespace` where the kind has one; raises `BadName`."""
    _check(_VERSION.fullmatch(resource.version) is not None, "version", resource.version)
    _check(is_label(resource.plural), "resource", resource.plural)
    segments = ["api"]
    if resource.group:
        _check(is_subdomain(resource.group), "API group", resource.group)
        segments = ["apis", resource.group]
    segments.append(resource.version)
    if resource.namespaced:
        _check(is_label(namespace), "namespace", namespace)
        segments += ["namespaces", namespace]
    return "/" + "/".join([*segments, resource.plural])


def item(resource: Resource, namespace: str, name: str, subresource: str = "") -> str:
    """Return the path of one object, or of its subresource; raises `BadName`."""
    _check(is_subdomain(name), "name", name)
    path = f"{collection(resource, namespace)}/{name}"
    if not subresource:
        return path
    _check(is_label(subresource), "subresource", subresource)
    return f"{path}/{subresource}"


def proxied(namespace: str, pod: str, port: int, path: str, *, tls: bool) -> str:
    """Return the path that leads to a pod's port; an empty `path` leads to the API server's own answer only.

    Source: https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/#discovering-builtin-services.
    """
    _check(1 <= port <= HIGHEST_PORT, "port", str(port))
    _check(not path or is_plain_path(path), "path", path)
    _check(is_subdomain(pod), "name", pod)
    return f"{collection(PODS, namespace)}/{'https:' if tls else ''}{pod}:{port}/proxy{path}"


def _check(good: bool, what: str, value: str) -> None:  # noqa: FBT001  # the condition reads first, as in assert
    if not good:
        raise BadName(f"{value[:60]!r} is not a {what}")
