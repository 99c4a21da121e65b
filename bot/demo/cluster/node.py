"""What the lives of pods share: the store, time, events, logs, the node's images and addresses."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from bot.core.wire import Request
from bot.demo.cluster.answers import Answer
from bot.demo.cluster.events import Events
from bot.demo.cluster.logs import Logs
from bot.demo.cluster.store import Store
from bot.demo.cluster.timeline import Timeline
from bot.demo.cluster.usage import Usage

HOST: Final = "192.0.2.2"  # of a range that is for documentation alone
VERSION: Final = "v1.37.2"  # of the Kubernetes that this is like
IMAGES: Final = frozenset({"busybox:1.35", "nginx:1.22", "cluster.local/pause:1"})
_HOSTS = 254


@dataclass(slots=True)
class Node:
    """The one node; `images` are those it has, and nothing else can be pulled.

    `servers` are what tests have planted on a pod's (UID) port.
    """

    store: Store
    usage: Usage
    timeline: Timeline
    events: Events
    logs: Logs
    images: Collection[str] = IMAGES
    servers: dict[tuple[str, int], Callable[[Request], Answer]] = field(default_factory=dict)
    _addresses: Iterator[int] = field(default_factory=lambda: count(1))

    def has(self, image: str) -> bool:
        """Whether an image is on the node, by its short name or its full one."""
        return image.removeprefix("docker.io/").removeprefix("library/") in self.images

    def address(self) -> str:
        """Return an IP address for a pod."""
        number = next(self._addresses)
        return f"10.244.{number // _HOSTS}.{number % _HOSTS + 1}"

    def container_id(self) -> str:
        """Return a container's id."""
        return (self.store.uid() + self.store.uid()).replace("-", "")
