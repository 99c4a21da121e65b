"""What a container writes, at the moments when it does."""

from bot.demo.cluster.node import Node
from bot.demo.cluster.programs import Outcome
from bot.demo.cluster.runtime import Runtime
from bot.demo.cluster.timeline import Process

_SHORTEST = 1.0  # seconds that one turn of an endless loop takes at least


class Writer:
    """Writes the log of one run, until the container's next."""

    def __init__(self, node: Node, uid: str, runtime: Runtime, outcome: Outcome) -> None:
        self._node = node
        self._uid = uid
        self._runtime = runtime
        self._run = runtime.id
        self._outcome = outcome
        self._left = list(outcome.lines)

    def start(self) -> None:
        """Write what comes at once, and the rest as time goes on."""
        process = self._writes()
        wait = next(process, None)
        if isinstance(wait, float):
            self._node.timeline.start(self._uid, process, after=wait)

    def flush(self) -> None:
        """Write what is left when the container ends."""
        for _, said in self._left:
            self._write(said)
        self._left = []

    def _writes(self) -> Process:
        spent = 0.0
        while self._left:
            at = self._left[0][0]
            if at > spent:
                yield at - spent
                spent = at
                continue  # what is left may have been written meanwhile
            if not self._goes_on():
                return
            self._write(self._left.pop(0)[1])
        if self._outcome.loop is not None:
            if self._outcome.seconds > spent:
                yield self._outcome.seconds - spent
            while self._goes_on():
                yield from self._turn(self._outcome.loop(self._node.timeline.now))

    def _turn(self, outcome: Outcome) -> Process:
        spent = 0.0
        for at, said in outcome.lines:
            if at > spent:
                yield at - spent
                spent = at
            if self._goes_on():
                self._write(said)
        yield max(outcome.seconds, _SHORTEST) - spent

    def _goes_on(self) -> bool:
        return self._runtime.id == self._run and self._runtime.running and not self._runtime.doomed

    def _write(self, said: bytes) -> None:
        self._node.logs.write(self._uid, self._runtime.name, said, self._node.timeline.now)
