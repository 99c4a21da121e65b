"""Why a pod has no network, or does not reach what it needs.

The sandbox' messages are the runtime's and the CNI plugin's; Services' are read from EndpointSlices:
https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.reading import mapping, objects, strings, text
from bot.core.resources import Json
from bot.core.triage.finders import Cause, Finder, happened
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.logreading import lines_with
from bot.core.triage.looking import told
from bot.core.triage.next_steps import kubectl, logs, node
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot
from bot.core.triage.standing import Standing, standing

_SOURCE: Final = "https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/network-plugins/"
_SERVICES: Final = "https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/"
_SANDBOX: Final = frozenset({"FailedCreatePodSandBox"})
_NO_ADDRESS = (
    r"no (?:IP )?addresses available|failed to (?:assign|allocate) an? IP|no available IP|"
    r"IPAM.{0,80}(?:full|exhausted)|not enough IPs"
)
_NO_RUNTIME = r'no runtime for "(?P<runtime>[^"]{1,253})"|RuntimeHandler "(?P<handler>[^"]{1,253})" not supported'
_UNREACHED = (
    r"no such host|name or service not known|could not resolve|temporary failure in name resolution|"
    r"ENOTFOUND|EAI_AGAIN|"
    r"bad address|could not translate host name|unknown ?host|connection refused|ECONNREFUSED|"
    r"connection timed out|i/o timeout|ETIMEDOUT|no route to host|connect: timeout"
)
_HOSTS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"https?://([a-z0-9][a-z0-9.-]{0,252})",
        r"lookup ([a-z0-9][a-z0-9.-]{0,252})",
        r"(?:bad address|host name|unknown ?host(?:exception)?:?) ['\"]?([a-z0-9][a-z0-9.-]{0,252})",
        r"(?:resolve(?: host)?:?|ENOTFOUND|EAI_AGAIN) ['\"]?([a-z0-9][a-z0-9.-]{0,252})",
        r"(?:connect(?:ing|ion)? to|dial tcp|reach) ['\"]?([a-z0-9][a-z0-9.-]{0,252})",
        # It begins where a name begins, or a long name would be searched from each of its parts.
        r"(?<![\w.-])([a-z][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,4}):\d{2,5}\b",
    )
)
_REPEATS = 3
_AROUND = 2  # lines before and after the one that says so, which may name the host


def _dies(seen: Snapshot) -> Iterator[Finding]:
    event = next(told(seen, {"SandboxChanged"}), None)
    if event and event.count >= _REPEATS and standing(seen) is not Standing.HEALTHY:
        cause = Cause(
            "its sandbox dies and is made anew, again and again",
            "See the node's runtime and network",
            node,
            Sureness.LIKELY,
        )
        yield cause.found(
            seen, (Evidence("event SandboxChanged", f"{event.message} ({event.count:,} times)", event.last),)
        )


def hosts_in(line: str) -> Iterator[str]:
    """Yield the hosts that a line of a log may say it can't reach, the likelier first."""
    for pattern in _HOSTS:
        yield from (found[1].lower().rstrip(".") for found in pattern.finditer(line))


def _service(host: str, namespace: str) -> str:
    """Return the name of the Service of this namespace that a host stands for, empty for another's."""
    name, _, rest = host.partition(".")
    return name if not rest or rest.split(".")[0] == namespace else ""


def _dependency(seen: Snapshot) -> Iterator[Finding]:
    services = {_name(one) for one in seen.services or ()}
    for one in seen.pod.all_containers:
        lines = () if one.ready else tuple(lines_with(seen, one.name, _UNREACHED, around=_AROUND))
        if lines:
            hosts = [(host, line) for line in lines for host in hosts_in(line)]
            known = [found for found in hosts if _service(found[0], seen.pod.namespace) in services]
            host, line = next(iter((*known, *hosts)), ("", lines[0]))
            cause, proofs = _why(seen, host, Evidence(f"log of {one.name}", line))
            yield cause.found(seen, proofs, groups={"host": host}, container=one)


def _why(seen: Snapshot, host: str, said: Evidence) -> tuple[Cause, tuple[Evidence, ...]]:
    name = _service(host, seen.pod.namespace) if host else ""
    known = {_name(one): one for one in seen.services or ()}
    slices = [one for one in seen.slices or () if _of(one) == name]
    if name and name in known and slices and not _addresses(slices, ready=True):
        selector = _selector(known[name])
        exists = _addresses(slices, ready=False)
        what = "has no ready pod behind it" if exists else f"selects no pod{f' ({selector})' if selector else ''}"
        words = "{container} does not reach {host}: Service {host} " + what.replace("{", "").replace("}", "")
        proof = Evidence(f"Service {name} endpoints", "none ready" if exists else f"none; selector {selector}")
        step = kubectl("describe service {0} -n {ns}", name)
        return Cause(words, "Mend the Service's selector, or the pods behind it", step, Sureness.LIKELY), (said, proof)
    if name and seen.services is not None and name not in known and "." not in host and known.keys() - {"kubernetes"}:
        words = "{container} does not reach {host}: there is no such Service in this namespace"
        return Cause(words, "Mend the name, or make the Service", kubectl("get services -n {ns}"), Sureness.LIKELY), (
            said,
        )
    words = (
        "{container} does not reach {host}, by its log"
        if host
        else "{container} does not reach what it needs, by its log"
    )
    return Cause(words, "See whether that runs, and whether a NetworkPolicy forbids it", logs, Sureness.POSSIBLE), (
        said,
    )


def _selects_nothing(seen: Snapshot) -> Iterator[Finding]:
    """Say of a namespace's Services, where no single pod is asked about, which of them lead nowhere."""
    if seen.raw or seen.services is None or seen.slices is None:
        return
    behind: dict[str, list[Json]] = {}
    for one in seen.slices:
        behind.setdefault(_of(one), []).append(one)
    for service in seen.services:
        selector, name = _selector(service), _name(service)
        slices = behind.get(name, [])
        if selector and slices and not _addresses(slices, ready=False):
            cause = Cause(
                "Service {name} selects no pod: none has {selector}",
                "Mend its selector, or the pods' labels",
                kubectl("describe service {0} -n {ns}", name),
                Sureness.LIKELY,
            )
            proof = Evidence(f"Service {name} spec.selector", selector)
            yield cause.found(seen, (proof,), groups={"name": name, "selector": selector})


def _name(raw: Json) -> str:
    return text(mapping(raw.get("metadata")).get("name"))


def _of(raw: Json) -> str:
    return strings(mapping(raw.get("metadata")).get("labels")).get("kubernetes.io/service-name", "")


def _selector(raw: Json) -> str:
    return ",".join(f"{key}={value}" for key, value in strings(mapping(raw.get("spec")).get("selector")).items())


def _addresses(slices: list[Json], *, ready: bool) -> bool:
    """Whether there is an endpoint, or one that is ready; what says nothing counts as ready, as the API has it."""
    ends = [end for one in slices for end in objects(one.get("endpoints"))]
    return any(not ready or mapping(end.get("conditions")).get("ready") is not False for end in ends)


def _sandbox(cause: Cause, pattern: str = "") -> Finder:
    return happened(_SANDBOX, cause, pattern)


_rule = partial(Rule, source=_SOURCE)

FAMILY: Final = Family(
    "networking",
    (
        _rule(
            "N2",
            "FailedCreatePodSandBox: no addresses",
            "the addresses are used up",
            _sandbox(
                Cause("its node has no address left for another pod", "Free or widen the range of addresses", node),
                _NO_ADDRESS,
            ),
            ("N1",),
        ),
        _rule(
            "N3",
            "FailedCreatePodSandBox: no runtime for",
            "the RuntimeClass' handler is missing",
            _sandbox(
                Cause(
                    "its node has no runtime {runtime}{handler}, which its RuntimeClass asks for",
                    "Run it elsewhere, or name another class",
                    kubectl("get runtimeclasses"),
                ),
                _NO_RUNTIME,
            ),
            ("N1",),
        ),
        _rule(
            "N4",
            "NetworkNotReady",
            "the node's network is not set up",
            happened(
                {"NetworkNotReady"},
                Cause("the network of its node is not ready", "See the network plugin's pods", node),
            ),
            ("N1",),
        ),
        _rule(
            "N1",
            "FailedCreatePodSandBox",
            "the network plugin or the runtime fails",
            _sandbox(
                Cause(
                    "its node cannot make the pod's sandbox, which holds its network",
                    "See the network plugin's pods",
                    kubectl("get pods -n kube-system -o wide"),
                )
            ),
        ),
        _rule("N5", "SandboxChanged, repeating", "the sandbox dies", _dies),
        _rule(
            "N6",
            "no such host, refused or timeout in a log",
            "a dependency: a Service without endpoints, a NetworkPolicy",
            _dependency,
            ("R1", "R8", "R12", "P1"),
            source=_SERVICES,
        ),
        _rule(
            "N7",
            "a Service whose EndpointSlices are empty",
            "its selector matches no pod",
            _selects_nothing,
            source=_SERVICES,
        ),
    ),
)
