"""Reading what `kubectl describe pod` prints."""

import re
from collections.abc import Iterator

from tests.differential.facts import COMPARED, Box, Facts

Lines = list[str]

_CONTAINERS = ("Init Containers", "Containers")
_OF_STATES = ("Reason", "Exit Code")
_PATH = re.compile(r"^spec\.\w+\{(.+?)\}: ")
_PROBE = re.compile(r"(.+?) delay=(\d+)s timeout=(\d+)s period=(\d+)s successThreshold=\d+ failureThreshold=(\d+)")
_WIDE = re.compile(r"\s{2,}")


def facts_of(page: str) -> Facts:
    """Read a page."""
    sections = dict(_sections(page))
    top = {name: lines[0] for name, lines in sections.items()}
    return Facts(
        node=_written(top["Node"]).partition("/")[0],
        ip=_written(top["IP"]),
        account=_written(top["Service Account"]),
        owner=top.get("Controlled By", ""),
        labels=set(filter(None, map(_written, sections["Labels"]))),
        containers={name: box for section in _CONTAINERS for name, box in _boxes(sections.get(section, []))},
        untrue={line.split()[0] for line in sections["Conditions"] if line.endswith("False")},
        events=[event for line in sections["Events"] for event in _events(line)],
    )


def _sections(page: str) -> Iterator[tuple[str, Lines]]:
    """Yield each part that begins at the margin, with what stands beside its name and the lines under it."""
    for part in re.split(r"\n(?=\S)", page):
        first, *lines = part.splitlines()
        name, _, value = first.partition(":")
        yield name, [value.strip(), *(line.rstrip() for line in lines)]


def _written(value: str) -> str:
    return "" if value.strip() == "<none>" else value.strip()


def _boxes(lines: Lines) -> Iterator[tuple[str, Box]]:
    for part in re.split(r"\n(?=  \S)", "\n".join(["", *lines[1:]]))[1:]:
        name, *fields = part.splitlines()
        yield name.strip().rstrip(":"), _box(fields)


def _box(lines: Lines) -> Box:
    """Read a container's lines; a state's own lines follow it."""
    values: dict[str, str] = {}
    state = ""
    for line in lines:
        key, _, value = line.strip().partition(":")
        state = key if key in ("State", "Last State") else state
        values[f"{state} {key}" if key in _OF_STATES else key] = value.strip()
    ports = values.get("Ports", values.get("Port", "<none>"))
    probes = ((kind, values.get(kind.capitalize())) for kind in ("startup", "readiness", "liveness"))
    return Box(
        image=values["Image"],
        state=_state(values),
        ports=[] if ports == "<none>" else [_port(port) for port in ports.split(", ")],
        probes=[_probe(kind, check) for kind, check in probes if check],
        restarts=int(values.get("Restart Count", 0)),
        exits=[values[key] for key in ("Last State Exit Code", "State Exit Code") if key in values],
    )


def _state(values: dict[str, str]) -> str:
    match values.get("State", "Waiting"):
        case "Terminated":
            return f"{values['State Reason']}, exit code {values['State Exit Code']}"
        case "Waiting" if "State Reason" in values:
            return f"Waiting: {values['State Reason']}"
        case state:
            return state


def _port(port: str) -> str:
    number, _, name = port.partition(" ")
    return f"{name.strip('()')} {number}".strip()


def _probe(kind: str, value: str) -> str:
    found = _PROBE.fullmatch(value)
    assert found, value
    check, delay, timeout, period, failures = found.groups()
    said = re.sub(
        r"^exec \[(.*)\]$", r"run “\1”", check.replace("http-get ", "GET ").replace("tcp-socket ", "connect to ")
    )
    late = f", from {delay} s on" if delay != "0" else ""
    return f"{kind}: {said} within {timeout} s, every {period} s{late}, fails after {failures}"


def _events(line: str) -> Iterator[tuple[str, str, str, int, str]]:
    kind, reason, age, _, message = (*_WIDE.split(line.strip(), maxsplit=4), "", "", "", "")[:5]
    if kind in ("Normal", "Warning"):
        times, path = re.search(r"\(x(\d+)", age), _PATH.match(message)
        said = message[path.end() :] if path else message
        yield kind, reason, path[1] if path else "", int(times[1]) if times else 1, said[:COMPARED]
