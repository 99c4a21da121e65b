"""Fetching from pods through the API server's proxy."""

import pytest
import pytest_asyncio

from bot.core.errors import Forbidden, Invalid, NotFound, NotSetUp
from bot.core.names import PodName
from bot.core.resources import PODS, Fetched
from tests import hostile
from tests.contract.sites import POD, Site, pod

pytestmark = pytest.mark.asyncio(loop_scope="package")

HOSTILE = PodName("hostile")


@pytest_asyncio.fixture(loop_scope="package")
async def served(site: Site) -> Site:
    """Prepare a site where the hostile pod and an nginx run."""
    names = {one["metadata"]["name"] for one in (await site.cluster.list(PODS)).items}
    if HOSTILE not in names:
        await hostile.start(site.admin, site.namespace, HOSTILE, site.simulation)
        body = pod("nginx")
        probe = {"tcpSocket": {"port": 80}, "periodSeconds": 1}
        body["spec"]["containers"] = [{"name": "main", "image": "nginx:1.22", "readinessProbe": probe}]
        await site.cluster.create(PODS, body)
        await site.admin.running(site.namespace, "nginx")
    return site


async def _fetch(site: Site, path: str, query: str = "", seconds: float = 10, limit: int = 4096) -> Fetched:
    return await site.cluster.fetch(HOSTILE, path, query, port=hostile.PORT, seconds=seconds, limit=limit)


async def test_a_page(served: Site) -> None:
    """A page comes with its status, type and whole body."""
    found = await served.cluster.fetch(PodName("nginx"), "/", port=80, seconds=10, limit=4096)
    assert (found.status, found.header("content-type")) == (200, "text/html")
    assert (found.body.strip(), found.cut, found.reason) == (b"<h1>Welcome to nginx!</h1>", False, "")


async def test_a_page_that_is_not_there(served: Site) -> None:
    """The pod's own 404 is an answer and no error."""
    found = await served.cluster.fetch(PodName("nginx"), "/none", port=80, seconds=10, limit=4096)
    assert found.status == 404
    assert b"nginx/1.22.1" in found.body


async def test_what_the_pod_is_asked(served: Site) -> None:
    """The pod gets path and query as they are, and none of podbot's credentials, identities or cookies."""
    found = await _fetch(served, "/caf%C3%A9/a;b=c/@~", "flag&x=1+2&y=%2B")
    first, *headers = found.body.decode().lower().splitlines()
    assert first == "get /caf%c3%a9/a;b=c/@~?flag&x=1+2&y=%2b http/1.1"
    names = {line.partition(":")[0] for line in headers}
    assert {"accept", "accept-encoding", "x-forwarded-uri"} <= names
    assert not [name for name in names if name in ("authorization", "cookie") or name.startswith("impersonate")]
    assert not [line for line in headers if served.operator.user in line]


async def test_nothing_listens(served: Site) -> None:
    """A port on which nothing listens gives no status, and says why."""
    found = await served.cluster.fetch(POD, "/", port=9999, seconds=10, limit=4096)
    assert found.status is None
    assert "connection refused" in found.reason


async def test_tls_to_a_plain_port(served: Site) -> None:
    """TLS is spoken where it is asked for, and a server that does not is said to."""
    found = await served.cluster.fetch(PodName("nginx"), "/", port=80, tls=True, seconds=10, limit=4096)
    assert (found.status, "tls" in found.reason) == (None, True)


async def test_no_http(served: Site) -> None:
    """A server that speaks something else gives no status."""
    found = await _fetch(served, "/junk")
    assert (found.status, "malformed HTTP" in found.reason) == (None, True)


async def test_a_body_without_end(served: Site) -> None:
    """A body that goes on and on is cut at the limit."""
    found = await _fetch(served, "/endless", limit=1000)
    assert (found.status, found.body, found.cut) == (200, b"y\n" * 500, True)


async def test_a_body_that_drips(served: Site) -> None:
    """A body that drips is left when the time is over, with what came until then."""
    found = await _fetch(served, "/drip", seconds=1)
    assert (found.status, found.reason) == (200, "stopped after 1 s")
    assert found.body.startswith(b"drop\n")


async def test_binary(served: Site) -> None:
    """Bytes that are no text come as they are."""
    assert (await _fetch(served, "/binary")).body == hostile.BINARY


@pytest.mark.parametrize("place", ["/api/v1/secrets", "http://127.0.0.1:1/elsewhere", "//evil.example/x"])
async def test_a_redirect_is_an_answer(served: Site, place: str) -> None:
    """A redirect is shown and never followed; one within the pod stays within the proxy."""
    found = await _fetch(served, "/to", place)
    assert found.status == 302
    assert found.header("location").endswith(place.removeprefix("//evil.example"))
    assert found.body == b""


async def test_a_cookie_is_not_sent_back(served: Site) -> None:
    """A cookie that a pod sets goes to nobody."""
    assert (await _fetch(served, "/cookie")).header("set-cookie")
    assert b"cookie:" not in (await _fetch(served, "/show")).body.lower()


@pytest.mark.parametrize("user", ["somebody", "{own}"])
async def test_a_forged_refusal(served: Site, user: str) -> None:
    """A refusal that a pod forged is the pod's answer, whomever it names."""
    found = await _fetch(served, "/forged", user.format(own=served.own_user))
    assert found.status == 403
    assert b"is forbidden" in found.body


async def test_a_person_who_may_not(served: Site) -> None:
    """Whoever may not fetch is Forbidden by the API server itself, in the check as in the call."""
    viewer = served.acting_as(served.viewer)
    with pytest.raises(Forbidden, match="pods/proxy"):
        await viewer.check_fetch(HOSTILE, port=hostile.PORT)
    with pytest.raises(Forbidden, match="pods/proxy"):
        await viewer.fetch(HOSTILE, "/", port=hostile.PORT, seconds=5, limit=4096)


async def test_a_person_whom_the_bot_may_not_be(served: Site) -> None:
    """An impersonation that is refused is podbot's own fault, here too."""
    nobody = served.acting_as(served.nobody)
    with pytest.raises(NotSetUp):
        await nobody.check_fetch(HOSTILE, port=hostile.PORT)
    with pytest.raises(NotSetUp):
        await nobody.fetch(HOSTILE, "/", port=hostile.PORT, seconds=5, limit=4096)


async def test_a_check_reaches_no_pod(served: Site) -> None:
    """What is only checked leaves no trace in the pod, and a pod that is not there is NotFound."""
    await served.cluster.check_fetch(POD, port=9999)
    with pytest.raises(NotFound, match='pods "absent" not found'):
        await served.cluster.check_fetch(PodName("absent"), port=80)
    with pytest.raises(NotFound, match='pods "absent" not found'):
        await served.cluster.fetch(PodName("absent"), "/", port=80, seconds=5, limit=4096)


async def test_a_pod_without_an_address(served: Site) -> None:
    """A pod that is not scheduled is refused by the API server itself."""
    body = pod("nowhere")
    body["spec"]["nodeSelector"] = {"no": "such"}
    await served.cluster.create(PODS, body)
    with pytest.raises(Invalid, match="address not allowed"):
        await served.cluster.check_fetch(PodName("nowhere"), port=80)
