"""What listens in the simulated cluster, and the API server's proxy to it."""

import pytest

from bot.core.wire import Request
from bot.demo.cluster.answers import Answer
from tests.demo.cluster.bench import PODS, Bench, pod


@pytest.fixture
async def bench() -> Bench:
    """Return a bench with a web server, one that listens to itself only, one of busybox, and a pod that has none."""
    bench = Bench()
    bench.create(PODS, pod("web", image="nginx:1.22", command=["nginx"]))
    bench.pod("inward", "echo 'listen 127.0.0.1:8080; listen 8081;'\nexec nginx -c /tmp/conf")
    bench.pod("small", "httpd -p 8080 -h /www; sleep 3600")
    bench.pod("none", "echo /usr/share/nginx/html")
    await bench.wait(3)
    return bench


@pytest.mark.parametrize(
    ("path", "status", "content"),
    [
        ("web:80/proxy/", 200, "text/html"),
        ("web/proxy/index.html", 200, "text/html"),
        ("web/proxy/none", 404, "text/html"),
        ("inward:8081/proxy/", 200, "text/html"),
        ("small:8080/proxy/", 404, "text/html"),
        ("web:80/proxy", 301, "application/json"),
    ],
)
async def test_what_listens(bench: Bench, path: str, status: int, content: str) -> None:
    """A web server answers on its ports; without a slash at its end the path leads to no pod."""
    given = bench.ask("GET", f"{PODS}/{path}")
    assert (given.status, given.content) == (status, content)


@pytest.mark.parametrize("path", ["web:81/proxy/", "inward:8080/proxy/", "none:80/proxy/"])
async def test_nothing_listens(bench: Bench, path: str) -> None:
    """Where nothing listens from outside, the API server says so."""
    status, message = bench.says("GET", f"{PODS}/{path}")
    assert status == 503
    assert message.startswith("error trying to reach service: dial tcp 10.244.0.")
    assert message.endswith(": connect: connection refused")


async def test_refusals(bench: Bench) -> None:
    """TLS to a plain port, a pod that is not there or nowhere, and other methods, are refused."""
    tls = "error trying to reach service: tls: first record does not look like a TLS handshake"
    assert bench.says("GET", f"{PODS}/https:web:80/proxy/") == (503, tls)
    assert bench.says("GET", f"{PODS}/absent:80/proxy") == (404, 'pods "absent" not found')
    bench.pod("nowhere", spec={"nodeSelector": {"no": "such"}})
    assert bench.says("GET", f"{PODS}/nowhere:80/proxy") == (400, "address not allowed")
    assert bench.ask("POST", f"{PODS}/web:80/proxy/").status == 405


async def test_what_a_planted_server_gets(bench: Bench) -> None:
    """A planted server gets the path after the proxy and no credentials; its redirects stay within the proxy."""
    got: list[Request] = []

    def answer(request: Request) -> Answer:
        got.append(request)
        return Answer(302, headers=(("Location", "/next"),))

    bench.simulation.serve("shop", "none", 9000, answer)
    given = bench.ask("GET", f"{PODS}/none:9000/proxy/a/b", headers={"Accept": "*/*", "Impersonate-User": "alice"})
    assert given.status == 403
    given = bench.ask("GET", f"{PODS}/none:9000/proxy/a/proxy/b", headers={"Accept": "*/*"})
    assert given.headers == (("Location", f"{PODS}/none:9000/proxy/next"),)
    uri = ("X-Forwarded-Uri", f"{PODS}/none:9000/proxy/a/proxy/b")
    assert [(one.path, one.headers) for one in got] == [("/a/proxy/b", (("Accept", "*/*"), uri))]
