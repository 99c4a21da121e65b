"""How podbot itself is, as values; `bot.app` takes them, `status` tells them. Nothing here names a path or a secret."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Load:
    """How many commands run and wait, each with the most that may; `long` ones take longer than others."""

    running: int = 0
    at_once: int = 0
    waiting: int = 0
    room: int = 0
    long: int = 0
    most_long: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """How Slack reaches podbot; `silent` is seconds since it was heard, None where nothing tells."""

    mode: str = ""
    connected: bool = False
    silent: float | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """The API server: its version and how long it took to tell (seconds), or in `trouble` what is wrong with it."""

    version: str = ""
    latency: float = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What was read from disk: in force since then, perhaps with a later edit that is broken and not used."""

    since: datetime | None = None
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Vitals:
    """How this replica is; times are in UTC."""

    version: str = ""
    revision: str = ""
    replica: str = ""
    started: datetime | None = None
    cluster: str = ""
    server: Server = Server()
    slack: Way = Way()
    policy: Held = Held()
    frozen: bool = False
    templates: int = 0
    templates_broken: bool = False
    load: Load = Load()


async def unknown() -> Vitals:
    """Return the vitals of a podbot that nothing is known of."""
    return Vitals()
