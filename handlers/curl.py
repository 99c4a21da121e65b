"""`curl`: GET something from a pod's port, through the API server and as the asker."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from http import HTTPStatus

import click

from bot.core.arguments import TARGET
from bot.core.commands import Change, Context, Plan
from bot.core.errors import ClusterError, Declined
from bot.core.pods import Pod
from bot.core.replies import Block, File, Reply
from bot.core.resources import PODS, Access, Fetched
from bot.core.statuses import status_word
from bot.core.targets import Target
from bot.render.blocks import context as small_print
from bot.render.blocks import preformatted, quote, section
from bot.render.cutting import excerpt
from bot.render.outputs import filed, said, size_of
from bot.render.text import code, typed
from bot.steps.pods import find_pod

SECONDS = 10.0  # in all, from the request to the end of the body
READ = 256 * 1024  # bytes of a body
IN_MESSAGE = 6_000  # characters of a body; what is longer goes into a file as well
_QUOTED = 600
_HEADERS_SHOWN = 1_500  # characters
_HTTP, _HTTPS = 80, 443
_MEDIA = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,60}", re.ASCII)
_SHOWN = (
    *("location", "content-type", "content-length", "content-encoding", "content-disposition", "server"),
    *("cache-control", "etag", "last-modified", "expires", "vary", "retry-after", "www-authenticate", "allow"),
)


@click.argument(
    "target",
    type=TARGET,
    metavar="[https://]POD[:PORT][/PATH]",
    help="Where to; otherwise the first port that the pod declares, by number or name, and its path /.",
)
@dataclass(frozen=True, slots=True)
class Curl:
    """What to fetch; always GET."""

    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching(Plan):
    """The very pod and its port."""

    pod: Pod
    port: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What came within how many seconds; `same` says that the pod was still the planned one afterwards."""

    target: Target
    place: str
    namespace: str
    port: int
    fetched: Fetched
    took: float
    same: bool = True

    @property
    def base(self) -> str:
        """The beginning of what is asked for: "http://web-1:80"."""
        return f"{'https' if self.target.tls else 'http'}://{self.target.pod}:{self.port}"


async def plan(context: Context, asked: Curl) -> Fetching:
    """Choose the port, pin the pod by its UID, and have the server check it before anything is announced."""
    pod = await find_pod(context, asked.target.pod)
    port = _port(pod, asked.target)
    if not pod.ip:
        hint = f"`/pod describe {pod.name} -n {pod.namespace}` says why"
        raise Declined(f"pod {pod.name} has no address to fetch from: it is {status_word(pod)}", hint=hint, verb="curl")
    await context.cluster.check_fetch(asked.target.pod, port=port, tls=asked.target.tls)
    return Fetching(
        summary=f"fetch from port {port} of pod {pod.name}",
        pins={f"pod/{pod.name}": pod.uid},
        pod=pod,
        port=port,
    )


def _port(pod: Pod, target: Target) -> int:
    declared = [port for one in pod.all_containers for port in one.ports if port.protocol == "TCP" and port.number]
    if isinstance(target.port, int):
        return target.port
    if target.port is None:
        return declared[0].number if declared else _HTTPS if target.tls else _HTTP
    found = next((port for port in declared if port.name == target.port), None)
    if found is None:
        known = ", ".join(port.words for port in declared) or "none"
        raise Declined(
            f"pod {pod.name} has no port “{target.port}”", hint=f"type a number; it declares: {known}", verb="curl"
        )
    return found.number


async def run(context: Context, asked: Curl, plan: Fetching) -> AsyncIterator[Answered]:
    """Fetch, then look whether the pod is still the same: the API server's proxy knows it by its name alone."""
    target, began = asked.target, context.clock.now()
    fetched = await context.cluster.fetch(
        target.pod, target.path, target.query, port=plan.port, tls=target.tls, seconds=SECONDS, limit=READ
    )
    took = (context.clock.now() - began).total_seconds()
    place = f"{context.grant.cluster}/{context.namespace}"
    same = await _is_same(context, plan.pod)
    yield Answered(target, place, context.namespace, plan.port, fetched, took, same)


async def _is_same(context: Context, pod: Pod) -> bool:
    try:
        return Pod.of(await context.cluster.get(PODS, pod.name)).uid == pod.uid
    except ClusterError:  # it is gone, or nobody knows
        return False


def render(result: Answered) -> Reply:
    """Tell all the status, the time, the type and the size, and the asker alone what came."""
    fetched = result.fetched
    parts = [_status(fetched), f"{result.took:.2f} s"]
    if fetched.status is not None:
        parts += [code(_media(fetched)), size_of(fetched.body, cut=fetched.cut or bool(fetched.reason))]
    answer = " · ".join(parts)
    return Reply(answer, (section(answer),), whisper=_whisper(result, answer))


def _status(fetched: Fetched) -> str:
    """Return the status in words of our own: a pod may write what it likes into the line."""
    if fetched.status is None:
        return ":x: *No answer that could be read*"
    phrase = HTTPStatus(fetched.status).phrase if fetched.status in _KNOWN else ""
    redirect = HTTPStatus.MULTIPLE_CHOICES <= fetched.status < HTTPStatus.BAD_REQUEST
    sign = ":warning:" if fetched.status >= HTTPStatus.BAD_REQUEST else ":information_source:"
    note = ", not followed" if redirect and fetched.header("location") else ""
    return f"{sign} *{f'{fetched.status} {phrase}'.strip()}*{note}"


_KNOWN = frozenset(map(int, HTTPStatus))


def _media(fetched: Fetched) -> str:
    found = _MEDIA.match(fetched.header("content-type"))
    return found[0] if found else "no type"


def _whisper(result: Answered, answer: str) -> Reply:
    fetched, target = result.fetched, result.target
    asked_for = f"GET {result.base}{target.path}{target.query and '?'}{target.query}"
    headers = "\n".join(_headers(result))
    reason = (quote(excerpt(fetched.reason, _QUOTED)),) if fetched.reason else ()
    blocks: tuple[Block, ...] = (
        section(f"{code(asked_for)} in {code(result.place)}"),
        section(answer),
        *reason,
        *((quote(excerpt(headers, _HEADERS_SHOWN)),) if headers else ()),
        *_body(fetched),
        small_print(*_notes(result)),
        section("For a tunnel to it, with your own rights:"),
        preformatted(f"kubectl port-forward pod/{target.pod} :{result.port} -n {result.namespace}"),
    )
    return Reply(f"What {target.pod} answered", blocks, _file(result))


def _headers(result: Answered) -> Iterator[str]:
    """Yield the headers that tell something, the pod's address in a Location as the pod wrote it."""
    proxied = f"/api/v1/namespaces/{result.namespace}/pods/{'https:' if result.target.tls else ''}"
    prefix = f"{proxied}{result.target.pod}:{result.port}/proxy"
    for name in _SHOWN:
        if value := result.fetched.header(name):
            yield f"{name}: {value.removeprefix(prefix) if name == 'location' else value}"
    if result.fetched.header("set-cookie"):
        yield "set-cookie: not shown, and not kept"


def _body(fetched: Fetched) -> tuple[Block, ...]:
    cut = fetched.cut or bool(fetched.reason)
    shown = said("Body", fetched.body, cut=cut, most=IN_MESSAGE)
    if shown or fetched.status is None:
        return shown
    return (section("No body."),)


def _notes(result: Answered) -> Iterator[str]:
    if result.fetched.status is None:
        there = f"{result.target.pod} -n {result.namespace}"
        yield "The pod may have got the request all the same."
        yield f"{typed(f'describe {there}')} shows its ports and how it is."
    if result.fetched.cut:
        yield f"Reading stopped after {READ // 1024} KiB."
    if not result.same:
        yield ":warning: The pod is no longer the one that was asked about; its namesake may have answered."
    yield f"Asked for through the API server, as you; at most {SECONDS:.0f} s."


def _file(result: Answered) -> File | None:
    text = filed(result.fetched.body, cut=result.fetched.cut or bool(result.fetched.reason))
    return File(f"{result.target.pod}-{result.port}.txt", text) if len(text) > IN_MESSAGE else None


COMMAND = Change(
    name="curl",
    request=Curl,
    plan=plan,
    run=run,
    render=render,
    summary="GET something from a pod's port",
    needs=(
        Access("get", "pods"),
        Access("get", "pods/proxy"),
        Access("list", "pods", optional=True),
    ),
    examples=("curl web-1/", "curl web-1:8080/healthz?full=1", "curl https://web-1:8443/metrics"),
)
