"""What `describe` says of a pod, as facts that both pages can be read into."""

from dataclasses import dataclass, field

COMPARED = 200  # characters of a message, of which podbot shows an excerpt


@dataclass(slots=True)
class Box:
    """A container: its image, state, ports and probes in podbot's words, restarts, and the exit codes that are told."""

    image: str = ""
    state: str = ""
    ports: list[str] = field(default_factory=list)
    probes: list[str] = field(default_factory=list)
    restarts: int = 0
    exits: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Facts:
    """A pod's page; events as type, reason, container, count and message."""

    node: str = ""
    ip: str = ""
    account: str = ""
    owner: str = ""
    labels: set[str] = field(default_factory=set)
    containers: dict[str, Box] = field(default_factory=dict)
    untrue: set[str] = field(default_factory=set)
    events: list[tuple[str, str, str, int, str]] = field(default_factory=list)
