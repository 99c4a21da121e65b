"""`curl` over the simulated cluster, with the rights that it declares and no others, and what it looks like."""

import json
from typing import Any

import pytest

from bot.core.errors import Declined, Forbidden, NotFound
from bot.core.names import PodName
from bot.core.replies import Reply
from bot.core.resources import Fetched
from bot.core.targets import Target
from bot.core.wire import Request
from bot.demo.cluster.answers import Answer
from bot.render.blocks import context, preformatted, quote, section
from bot.render.plain import plain
from handlers.curl import COMMAND, Answered, Curl, Fetching
from tests.core.samples import raw_pod
from tests.demo.cluster.bench import PODS, pod
from tests.fakes import FakeCluster, context_of
from tests.handlers.shop import Shop

TUNNEL = section("For a tunnel to it, with your own rights:")
ASKED = context("Asked for through the API server, as you; at most 10 s.")


@pytest.fixture
async def shop() -> Shop:
    """Return a shop with an nginx that says its port, and a pod that says two others."""
    shop = Shop()
    ports = [{"containerPort": 53, "protocol": "UDP"}, {"name": "web", "containerPort": 8080}]
    shop.create(
        PODS, {"metadata": {"name": "nginx"}, "spec": {"containers": [{"name": "main", "image": "nginx:1.22"}]}}
    )
    shop.pod("web-1", ports=ports)
    await shop.wait(5)
    shop.simulation.serve("shop", "web-1", 8080, _echo)
    return shop


def _echo(request: Request) -> Answer:
    return Answer(200, f"{request.path} {request.encoded_query}".encode(), "text/plain; charset=utf-8")


async def _only(shop: Shop, line: str) -> tuple[str, str]:
    """Return what all see and what the asker alone sees."""
    (reply,) = await shop.change(line)
    assert reply.whisper is not None
    return plain(reply.blocks), plain(reply.whisper.blocks)


async def test_a_page(shop: Shop) -> None:
    """All see status, time, type and size; the asker alone sees the page, and how to open a tunnel."""
    told, whispered = await _only(shop, "curl nginx")
    assert told == ":information_source: *200 OK* · 0.00 s · `text/html` · 27 bytes\n"
    assert "`GET http://nginx:80/` in `main/shop`" in whispered
    assert "<h1>Welcome to nginx!</h1>" in whispered
    assert "server: nginx/1.22.1" in whispered
    assert "kubectl port-forward pod/nginx :80 -n shop" in whispered


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("curl web-1", "/"),
        ("curl web-1:web/a", "/a"),
        ("curl 'web-1:8080/a b?x=1&y=%2F'", "/a%20b x=1&y=%2F"),
    ],
)
async def test_ports_and_paths(shop: Shop, line: str, said: str) -> None:
    """The port is the first that the pod declares for TCP, or one by number or name; path and query are passed on."""
    assert said in (await _only(shop, line))[1]


async def test_the_pods_own_no(shop: Shop) -> None:
    """A 404 of the pod's is an answer."""
    told, _ = await _only(shop, "curl nginx/none")
    assert told.startswith(":warning: *404 Not Found* · ")


async def test_nothing_listens(shop: Shop) -> None:
    """Where nothing listens, the asker is told why."""
    told, whispered = await _only(shop, "curl web-1:81/")
    assert told.startswith(":x: *No answer that could be read* · ")
    assert "connection refused" in whispered
    assert "connection refused" not in told


async def test_a_pod_that_was_replaced(shop: Shop) -> None:
    """A namesake that took the pod's place on the way is told."""

    async def replace() -> None:
        shop.ask("DELETE", f"{PODS}/nginx", {"gracePeriodSeconds": 0})
        body = pod("nginx", image="nginx:1.22", command=None)
        shop.create(PODS, body)
        await shop.wait(5)

    (reply,) = await shop.change("curl nginx", replace)
    assert reply.whisper is not None
    assert "no longer the one that was asked about" in plain(reply.whisper.blocks)


async def test_the_plan_refuses_first(shop: Shop) -> None:
    """A pod that is not there, has no address, or has no such port, is told before anything is announced."""
    with pytest.raises(NotFound):
        await shop.plan("curl absent")
    shop.pod("nowhere", spec={"nodeSelector": {"no": "such"}})
    await shop.wait(1)
    with pytest.raises(Declined, match="has no address to fetch from: it is Pending"):
        await shop.plan("curl nowhere")
    with pytest.raises(Declined, match="pod web-1 has no port “http”") as told:
        await shop.plan("curl web-1:http/")
    assert told.value.hint == "type a number; it declares: web 8080/TCP"


async def test_the_plan() -> None:
    """The plan pins the pod by its UID, has the server check the port, and asks nobody."""
    cluster = FakeCluster({"get pods/web-1": raw_pod(status={"podIP": "10.0.0.1"}), "check_fetch web-1:443": None})
    plan = await COMMAND.plan(context_of(cluster), Curl(Target(PodName("web-1"), tls=True)))
    assert (plan.summary, plan.asks, plan.port) == ("fetch from port 443 of pod web-1", False, 443)
    assert plan.pins == {"pod/web-1": "uid-web-1"}
    assert cluster.calls[1] == ("check_fetch web-1:443", {"tls": True})


async def test_a_missing_right() -> None:
    """A missing right ends it in the plan."""
    answers = {"get pods/web-1": raw_pod(status={"podIP": "10.0.0.1"}), "check_fetch web-1:80": Forbidden("no")}
    with pytest.raises(Forbidden):
        await COMMAND.plan(context_of(FakeCluster(answers)), Curl(Target(PodName("web-1"))))


async def test_nobody_knows_whether_it_is_the_same() -> None:
    """Where the pod cannot be read again, that is no failure, and told as not the same."""
    planned: list[Any] = []
    answers = {"get pods/web-1": raw_pod(status={"podIP": "10.0.0.1"}), "check_fetch web-1:80": None}
    asked = Curl(Target(PodName("web-1")))
    plan: Fetching = await COMMAND.plan(context_of(FakeCluster(answers)), asked)
    later = FakeCluster({"fetch web-1:80/": Fetched(200), "get pods/web-1": Forbidden("no")})
    planned = [result async for result in COMMAND.run(context_of(later), asked, plan)]
    assert [result.same for result in planned] == [False]


def _answered(fetched: Fetched, path: str = "/", query: str = "", **more: Any) -> Answered:
    return Answered(Target(PodName("web-1"), 80, path, query), "main/shop", "shop", 80, fetched, 0.25, **more)


def test_render() -> None:
    """The whole answer: for all in one line, for the asker with headers, body, notes and the tunnel's line."""
    headers = (("content-type", "text/plain; x=<@U1>"), ("x-other", "no"), ("set-cookie", "session=stolen"))
    result = _answered(Fetched(200, headers, b"<@U1> *hi*\n"), "/a", "x=1")
    answer = ":information_source: *200 OK* · 0.25 s · `text/plain` · 11 bytes"
    shown = "content-type: text/plain; x=<@U1>\nset-cookie: not shown, and not kept"
    whisper = (
        section("`GET http://web-1:80/a?x=1` in `main/shop`"),
        section(answer),
        quote(shown),
        section("Body:"),
        preformatted("<@U1> *hi*"),
        ASKED,
        TUNNEL,
        preformatted("kubectl port-forward pod/web-1 :80 -n shop"),
    )
    assert COMMAND.render(result) == Reply(answer, (section(answer),), whisper=Reply("What web-1 answered", whisper))


@pytest.mark.parametrize(
    ("fetched", "answer"),
    [
        (
            Fetched(302, (("location", "/api/v1/namespaces/shop/pods/web-1:80/proxy/x"),)),
            ":information_source: *302 Found*, not followed · 0.25 s · `no type` · 0 bytes",
        ),
        (Fetched(304), ":information_source: *304 Not Modified* · 0.25 s · `no type` · 0 bytes"),
        (Fetched(999), ":warning: *999* · 0.25 s · `no type` · 0 bytes"),
        (
            Fetched(500, (("content-type", "x`*/y <!here>"),), b"a"),
            ":warning: *500 Internal Server Error* · 0.25 s · `no type` · 1 byte",
        ),
        (
            Fetched(200, body=b"ab", cut=True),
            ":information_source: *200 OK* · 0.25 s · `no type` · at least 2 bytes",
        ),
        (Fetched(None, reason="<!here> junk"), ":x: *No answer that could be read* · 0.25 s"),
    ],
)
def test_what_all_see(fetched: Fetched, answer: str) -> None:
    """The channel gets a status in podbot's own words, and nothing that the pod wrote but a plain media type."""
    assert COMMAND.render(_answered(fetched)).blocks == (section(answer),)


def _whispered(fetched: Fetched, **more: Any) -> Reply:
    whisper = COMMAND.render(_answered(fetched, **more)).whisper
    assert whisper is not None
    return whisper


def test_a_redirect_is_literal() -> None:
    """A redirect's place is literal text, within the pod as the pod wrote it."""
    place = "/api/v1/namespaces/shop/pods/web-1:80/proxy/next"
    assert quote("location: /next") in _whispered(Fetched(302, (("location", place),))).blocks
    outside = _whispered(Fetched(302, (("location", "http://evil.example/<@U1>"),))).blocks
    assert quote("location: http://evil.example/<@U1>") in outside
    assert section("No body.") in outside


def test_binary_is_not_shown() -> None:
    """Of a binary body the first bytes are shown as numbers."""
    reply = _whispered(Fetched(200, body=bytes(1000)))
    about = "Body: binary, 1,000 bytes, not shown; it begins so, as `hexdump -C` has it:"
    assert section(about) in reply.blocks
    assert reply.file is None


def test_a_long_body_goes_into_a_file() -> None:
    """A long body is shown from its beginning, and whole in a file; secrets in it are masked before it is cut."""
    body = json.dumps({"password": "hunter2hunter2", "text": "x" * 10_000}).encode()
    reply = _whispered(Fetched(200, body=body, cut=True))
    assert reply.file is not None
    assert (reply.file.name, len(reply.file.text)) == ("web-1-80.txt", len(body))
    shown = plain(reply.blocks)
    assert "hunter2" not in shown
    assert "Reading stopped after 256 KiB." in shown


def test_no_answer() -> None:
    """Why no answer came is quoted, and that the pod may have got the request is said."""
    reply = _whispered(Fetched(None, reason="stopped after 10 s"), same=False)
    assert quote("stopped after 10 s") in reply.blocks
    notes = (
        "The pod may have got the request all the same.",
        "`/pod describe web-1 -n shop` shows its ports and how it is.",
        ":warning: The pod is no longer the one that was asked about; its namesake may have answered.",
        "Asked for through the API server, as you; at most 10 s.",
    )
    assert context(*notes) in reply.blocks
    assert section("No body.") not in reply.blocks
