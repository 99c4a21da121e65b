"""What listens on the ports of pods, and what the API server's proxy answers where nothing does.

Sources: https://github.com/kubernetes/apimachinery/blob/master/pkg/util/proxy/upgradeaware.go and
https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/rest/subresources.go.
"""

from dataclasses import replace
from http import HTTPStatus

from bot.core.reading import mapping, text
from bot.core.wire import Request
from bot.demo.cluster import kinds
from bot.demo.cluster.answers import Answer
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.kubelet import Kubelet
from bot.demo.cluster.listening import listener
from bot.demo.cluster.status import StatusError, bad_request

_OWN = ("authorization", "impersonate-")  # headers that the API server keeps to itself
_TLS = "https:"
_HTTP = 80
_OWN_SEGMENTS = 8  # "", api, v1, namespaces, NAMESPACE, pods, NAME, proxy


def proxy(kubelet: Kubelet, asked: Asked) -> Answer:
    """Answer a GET through the proxy; one that ends with the proxy's own name is answered without the pod."""
    name, _, port = asked.name.removeprefix(_TLS).partition(":")
    pod = kubelet.node.store.get(kinds.PODS, asked.namespace, name)
    address = text(mapping(pod.get("status")).get("podIP"))
    if not address:
        raise bad_request("address not allowed")
    base, slash, path = _parted(asked.request.path)
    if not slash:
        return Answer(HTTPStatus.MOVED_PERMANENTLY, headers=(("Location", f"{base}/"),))
    life = kubelet.life(pod)
    handler = listener(kubelet.node, life.uid, life.containers, int(port or _HTTP))
    if handler is None:
        raise _unreachable(f"dial tcp {address}:{port or _HTTP}: connect: connection refused")
    if asked.name.startswith(_TLS):
        raise _unreachable("tls: first record does not look like a TLS handshake")
    return _rewritten(handler(_forwarded(asked.request, f"/{path}")), base)


def _parted(path: str) -> tuple[str, str, str]:
    """Return what leads to the proxy, the slash after it, and what the pod is asked for."""
    segments = path.split("/")
    own = "/".join(segments[:_OWN_SEGMENTS])
    return own, path[len(own) : len(own) + 1], path[len(own) + 1 :]


def _unreachable(why: str) -> StatusError:
    return StatusError(HTTPStatus.SERVICE_UNAVAILABLE, "ServiceUnavailable", f"error trying to reach service: {why}")


def _forwarded(request: Request, path: str) -> Request:
    kept = [(name, value) for name, value in request.headers if not name.lower().startswith(_OWN)]
    return replace(request, path=path, headers=(*kept, ("X-Forwarded-Uri", request.path)))


def _rewritten(given: Answer, base: str) -> Answer:
    """Make a redirect within the pod one that stays within the proxy, as the API server does."""
    headers = tuple(
        (name, f"{base}{value}" if name == "Location" and value.startswith("/") else value)
        for name, value in given.headers
    )
    return replace(given, headers=headers)
