"""`curl`: as the person, to the asker alone, and whatever a hostile pod answers."""

import pytest

from bot.core.resources import Json
from bot.demo.chat.messages import Message
from tests import hostile
from tests.contract.sites import pod
from tests.e2e.world import ALICE, BOB, GUEST, ONCALL, TEAM, World, state_of, words
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")

NAMES = ("hostile", "bystander")


async def _pods(world: World) -> None:
    for name in NAMES:
        if await world.pod(name) is None:
            await hostile.start(world.admin, world.shop, name, world.simulation)


async def _requests(world: World, name: str) -> list[str]:
    """Return which requests a pod has got; its probe connects, too, and asks nothing."""
    said = (await world.admin.log(world.shop, name)).decode()
    return [line for line in said.splitlines() if line]


async def _curl(world: World, line: str) -> tuple[Message, Message]:
    """Return the message for all as it ended, and what Alice alone was told."""
    await _pods(world)
    before = {one.ts for one in _told(world, ALICE)}
    ended = await world.done(await world.say(ALICE, ONCALL, f"curl {line}"))
    assert (ended.only_for, state_of(ended)) == ("", "done")

    def whisper() -> Message | None:
        return next((one for one in _told(world, ALICE) if one.ts not in before), None)

    return ended, await world.until(whisper)


def _told(world: World, user: str) -> list[Message]:
    return [one for one in world.chat.driver.messages(ONCALL, seen_by=user) if one.only_for == user]


async def test_a_page(world: World) -> None:
    """The channel sees status, type and size; the asker alone sees the answer, and a tunnel's line."""
    message, whisper = await _curl(world, "hostile:8080/healthz?full=1")
    assert "200 OK" in words(message)
    assert "text/plain" in words(message)
    assert "HTTP/1.1" not in words(message)
    assert whisper.only_for == ALICE
    assert "GET /healthz?full=1 HTTP/1.1" in words(whisper)
    assert f"kubectl port-forward pod/hostile :8080 -n {world.shop}" in words(whisper)


async def test_the_first_declared_port(world: World) -> None:
    """Without a port it is the first that the pod declares, also by its name."""
    for line in ("hostile/first", "hostile:web/first"):
        assert "GET /first HTTP/1.1" in words((await _curl(world, line))[1])


async def test_no_credentials_reach_the_pod(world: World) -> None:
    """The pod is told nothing of who asks: no token, no impersonation, no cookie."""
    said = words((await _curl(world, "hostile/show"))[1]).lower()
    assert "accept: */*" in said
    for name in ("authorization:", "impersonate", "cookie:", "podbot.io", "podbot:operator"):
        assert name not in said


async def test_it_is_recorded_as_the_person(world: World) -> None:
    """The API server's own log has the fetch as Alice's tier, with her Slack id."""
    before = len(world.audit())
    await _curl(world, "hostile/audited")

    async def seen() -> list[Json]:
        made = [one for one in world.audit()[before:] if one["objectRef"].get("subresource") == "proxy"]
        return [one for one in made if one["stage"] == "ResponseComplete" and "audited" in one["requestURI"]]

    (event,) = await until(seen, "the fetch in the audit log")
    assert event["impersonatedUser"]["username"] == "podbot:operator"
    assert event["impersonatedUser"]["extra"]["podbot.io/slack-user"] == [ALICE]


async def test_redirects_are_not_followed(world: World) -> None:
    """A redirect to another pod, to the API, or elsewhere, is shown as text, and reaches nobody."""
    await _pods(world)
    bystander = await world.pod("bystander")
    assert bystander is not None
    before, requests = await _requests(world, "bystander"), len(world.audit())
    secrets = f"/api/v1/namespaces/{world.home}/secrets"
    for place in (f"http://{bystander['status']['podIP']}:8080/stolen", secrets, "https://example.com/x"):
        message, whisper = await _curl(world, f"'hostile/to?{place}'")
        assert "302 Found, not followed" in words(message).replace("*", "")
        assert place not in words(message).partition("asked for")[0]
        assert f"location: {place}" in words(whisper)
    assert await _requests(world, "bystander") == before
    assert "secrets" not in {one["objectRef"]["resource"] for one in world.audit()[requests:]}


async def test_a_cookie_goes_to_nobody(world: World) -> None:
    """A cookie that a pod sets is neither shown nor sent with any later call, to this pod or another."""
    message, whisper = await _curl(world, "hostile/cookie")
    assert "stolen" not in words(message) + words(whisper)
    assert "set-cookie: not shown, and not kept" in words(whisper)
    for name in NAMES:
        assert "cookie" not in words((await _curl(world, f"{name}/show"))[1]).lower()


async def test_a_body_without_end(world: World) -> None:
    """A body that goes on for ever is cut, and what was read is in a file for the asker."""
    message, whisper = await _curl(world, "hostile/endless")
    assert "at least 262,144 bytes" in words(message)
    assert "Reading stopped after 256 KiB." in words(whisper)
    files = [one for one in world.chat.driver.files() if one.name == "hostile-8080.txt"]
    assert files[-1].channel == world.chat.workspace.direct(ALICE).id
    assert files[-1].text.startswith("y\ny\n")
    assert not world.chat.driver.files(ONCALL)


async def test_a_body_that_drips(world: World) -> None:
    """A body that drips is left after ten seconds, with what came until then."""
    message, whisper = await _curl(world, "hostile/drip")
    assert "200 OK" in words(message)
    assert "stopped after 10 s" in words(whisper)
    assert "drop" in words(whisper)


async def test_a_binary_body(world: World) -> None:
    """A binary body is not shown but for its first bytes as numbers."""
    message, whisper = await _curl(world, "hostile/binary")
    assert "image/png · 1,024 bytes" in words(message).replace("`", "")
    assert "00000000  00 01 02 03" in words(whisper)


async def test_no_http(world: World) -> None:
    """A pod that speaks no HTTP, and a port on which nothing listens, are told with their reasons to the asker."""
    for line, why in (("hostile/junk", "malformed HTTP"), ("hostile:9/", "connection refused")):
        message, whisper = await _curl(world, line)
        assert "No answer that could be read" in words(message)
        assert why in words(whisper)
        assert why not in words(message)


async def test_a_forged_refusal(world: World) -> None:
    """A refusal that a pod forged, even of podbot itself, is shown as the pod's answer and as nothing else."""
    message, whisper = await _curl(world, f"hostile/forged?system:serviceaccount:{world.home}:podbot")
    assert "403 Forbidden" in words(message)
    assert "Not set up" not in words(message) + words(whisper)
    assert "is forbidden: User" in words(whisper)


@pytest.mark.parametrize(
    "line",
    [
        "hostile/../../../secrets",
        "hostile/%2e%2e/x",
        "hostile/%252e%252e/x",
        "hostile/a/..%2f..",
        "'hostile/..;/x'",
        "'hostile/a\\b'",
        "hostile/a%5c..",
        "hostile//evil/x",
        "hostile/%0d%0aHost:evil",
        "hostile:0/",
        "hostile:99999/",
        "ftp://hostile/x",
        "-X POST hostile/x",
        "../hostile/x",
    ],
)
async def test_paths_that_lead_elsewhere(world: World, line: str) -> None:
    """What could be read as another path, port or method is refused with a hint, and makes no request."""
    requests = len(world.audit())
    answer = await world.say(ALICE, ONCALL, f"curl {line}")
    assert answer.only_for == ALICE
    assert "Not understood" in words(answer)
    assert {one["objectRef"]["resource"] for one in world.audit()[requests:]} <= {"leases"}


async def test_a_pod_that_cannot_answer(world: World) -> None:
    """A pod that is not there, or has no address, is told to the asker before anything is announced."""
    body = pod("nowhere")
    body["spec"]["nodeSelector"] = {"no": "such"}
    if await world.pod("nowhere") is None:
        await world.make(body)
    for line, said in (("absent/", "Not found"), ("nowhere/", "has no address")):
        answer = await world.say(ALICE, ONCALL, f"curl {line}")
        assert answer.only_for == ALICE
        assert said in words(answer)


@pytest.mark.parametrize(("user", "channel"), [(ALICE, TEAM), (GUEST, ONCALL), (GUEST, TEAM)])
async def test_who_may_not(world: World, user: str, channel: str) -> None:
    """A viewer and a guest are refused by podbot, and the pod is asked nothing."""
    await _pods(world)
    before = await _requests(world, "bystander")
    assert "Refused" in words(await world.say(user, channel, "curl bystander/refused"))
    assert await _requests(world, "bystander") == before


async def test_kubernetes_decides_for_a_person(world: World) -> None:
    """Bob, whose tier may and who himself may not, is refused by Kubernetes before anything is announced."""
    if world.form == "legacy":
        pytest.skip("the legacy form knows no people")
    await _pods(world)
    before = await _requests(world, "bystander")
    answer = await world.say(BOB, ONCALL, "curl bystander/refused")
    assert answer.only_for == BOB
    assert "pods/proxy" in words(answer)
    assert "Refused by Kubernetes" in words(answer)
    assert await _requests(world, "bystander") == before


async def test_a_mention_whispers_too(world: World) -> None:
    """Asked for by mention, what came goes to the asker alone all the same."""
    await _pods(world)
    before = {one.ts for one in _told(world, ALICE)}
    ended = await world.done(await world.mention(ALICE, ONCALL, "curl hostile/quiet"))

    def whisper() -> Message | None:
        return next((one for one in _told(world, ALICE) if one.ts not in before), None)

    assert "GET /quiet HTTP/1.1" in words(await world.until(whisper))
    assert "HTTP/1.1" not in words(ended)
