"""What listens on the ports of pods, and what the API server's proxy answers where nothing does.

Sources: https://github.com/kubernetes/apimachinery/blob/master/pkg/util/proxy/upgradeaware.go and
https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/rest/subresources.go.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from bot.core.reading import mapping, text
from bot.core.resources import Json
from bot.core.wire import Request
from bot.demo.cluster import kinds
from bot.demo.cluster.answers import Answer
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.kubelet import Kubelet
from bot.demo.cluster.programs import image_command
from bot.demo.cluster.runtime import Runtime
from bot.demo.cluster.status import StatusError, bad_request

Handler = Callable[[Request], Answer]

_NGINX = re.compile(r"(?:^|\s)nginx(?:\s|$)")
_LISTEN = re.compile(r"\blisten\s+(?:([\d.]+):)?(\d+)")
_HTTPD = re.compile(r"\bhttpd\b.*?-p\s+(\d+)")
_OWN = ("authorization", "impersonate-")  # headers that the API server keeps to itself
_HTML = "text/html"
_TLS = "https:"
_HTTP = 80
_OWN_SEGMENTS = 8  # "", api, v1, namespaces, NAMESPACE, pods, NAME, proxy
_WELCOME = b"<h1>Welcome to nginx!</h1>\n"
_NGINX_404 = (
    "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n"
    "<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
)
_HTTPD_404 = (
    "<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n<BODY><H1>404 Not Found</H1>\n"
    "The requested URL was not found\n</BODY></HTML>\n"
)


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
    handler = _handler(kubelet, pod, int(port or _HTTP))
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


def _handler(kubelet: Kubelet, pod: Json, port: int) -> Handler | None:
    """Return what a test has planted on the port, or what a running container serves there."""
    life = kubelet.life(pod)
    if (planted := kubelet.node.servers.get((life.uid, port))) is not None:
        return planted
    running = (one for one in life.containers if one.running)
    return next((found for one in running if (found := _served(one, port)) is not None), None)


def _served(runtime: Runtime, port: int) -> Handler | None:
    command = " ".join(image_command(text(runtime.spec["image"]), runtime.spec))
    if _NGINX.search(command):
        told = _LISTEN.findall(command) or [("", "80")]
        return _nginx if ("", str(port)) in told else None
    return _httpd if str(port) in _HTTPD.findall(command) else None


def _nginx(request: Request) -> Answer:
    headers = (("Server", "nginx/1.22.1"),)
    if request.path in ("/", "/index.html"):
        return Answer(HTTPStatus.OK, _WELCOME, _HTML, headers)
    return Answer(HTTPStatus.NOT_FOUND, _NGINX_404.encode(), _HTML, headers)


def _httpd(_: Request) -> Answer:
    return Answer(HTTPStatus.NOT_FOUND, _HTTPD_404.encode(), _HTML)
