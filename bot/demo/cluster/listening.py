"""What listens on the ports of a pod: what a test has planted, or the programs that its containers run."""

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus

from bot.core.reading import text
from bot.core.wire import Request
from bot.demo.cluster.answers import Answer
from bot.demo.cluster.node import Node
from bot.demo.cluster.programs import image_command
from bot.demo.cluster.runtime import Runtime

Handler = Callable[[Request], Answer]

_NGINX = re.compile(r"(?:^|\s)nginx(?:\s|$)")
_LISTEN = re.compile(r"\blisten\s+(?:([\d.]+):)?(\d+)")
_HTTPD = re.compile(r"\bhttpd\b.*?-p\s+(\d+)")
_HTML = "text/html"
_WELCOME = b"<h1>Welcome to nginx!</h1>\n"
_NGINX_404 = (
    "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n"
    "<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
)
_HTTPD_404 = (
    "<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n<BODY><H1>404 Not Found</H1>\n"
    "The requested URL was not found\n</BODY></HTML>\n"
)


def listener(node: Node, uid: str, containers: Iterable[Runtime], port: int) -> Handler | None:
    """Return what answers on a port of the pod with this UID, None where the connection is refused."""
    if (planted := node.servers.get((uid, port))) is not None:
        return planted
    running = (one for one in containers if one.running)
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
