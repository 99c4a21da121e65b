"""What whoever runs podbot is told of it: its measures, its pulse, and the server that tells both."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from bot.audit import Record, write
from bot.core.commands import Command
from bot.core.ports import Clock
from bot.core.readiness import Condition, unready
from bot.core.vitals import Load, Way
from bot.core.wire import Transport
from bot.flow import CLOSING
from bot.health import HealthServer, Pulse
from bot.metrics import measures
from bot.metrics.kubernetes import Metered, resources
from bot.slack.meter import UNMETERED, Meter
from config.reload import PolicyState
from config.settings import Settings

if TYPE_CHECKING:
    from bot.metrics.metrics import Metrics

_FORM = "form"  # a form that could not be taken is recorded as such


class Operations:
    """Counts from the start and listens from `open` on, both where the settings give an address for it."""

    def __init__(self, settings: Settings, commands: Mapping[str, Command[Any, Any]]) -> None:
        self.pulse = Pulse()
        self.patience = settings.health_patience
        self.serves = settings.health is not None
        self._listen = settings.health
        self._metrics = _metrics(settings, commands) if settings.health else None

    @property
    def meter(self) -> Meter:
        """Whom Slack's room tells what it does."""
        return self._metrics or UNMETERED

    def metered(self, transport: Transport) -> Transport:
        """Return a transport whose requests are counted."""
        return Metered(transport, self._metrics) if self._metrics else transport

    def record(self, record: Record) -> None:
        """Write an audit record, and count it."""
        write(record)
        if self._metrics:
            self._metrics.recorded(record)

    def reload_failed(self, file: str) -> None:
        """Count a look at a broken `file`: "policy" or "templates"."""
        if self._metrics:
            self._metrics.reload_failed(file)

    async def open(self, stack: AsyncExitStack, condition: Callable[[], Condition]) -> None:
        """Beat, and serve where that is asked for, until `stack` is closed; raises `PodbotError` for a taken port."""

        def now() -> Condition:
            return self.pulse.of(condition())

        beating = asyncio.create_task(self.pulse.beating(), name="beat")
        stack.callback(beating.cancel)
        if self._listen and self._metrics:
            self._metrics.read({measures.READY: lambda: not unready(now(), self.patience)})
            server = HealthServer(*self._listen, now, self.patience, self._metrics.page)
            stack.push_async_callback(server.close)
            await server.start()

    def watch(
        self,
        clock: Clock,
        load: Callable[[], Load],
        way: Callable[[], Way],
        policy: Callable[[], PolicyState],
        adopted: Callable[[], datetime],
    ) -> None:
        """Read the gauges from these, whenever somebody asks."""

        def since(moment: datetime | None) -> float:
            return (clock.now() - moment).total_seconds() if moment else 0.0

        readings: Mapping[measures.Measure, Callable[[], float]] = {
            measures.LAG: lambda: self.pulse.lag,
            measures.RUNNING: lambda: load().running,
            measures.WAITING: lambda: load().waiting,
            measures.PLACES: lambda: load().at_once,
            measures.SLACK_CONNECTED: lambda: way().connected,
            measures.SLACK_SILENT: lambda: way().silent or 0.0,
            measures.KUBERNETES_SILENT: lambda: self.pulse.unanswered,
            measures.POLICY_BROKEN: lambda: since(policy().broken_since),
            measures.POLICY_AGE: lambda: since(adopted()),
        }
        if self._metrics:
            self._metrics.read(readings)


def _metrics(settings: Settings, commands: Mapping[str, Command[Any, Any]]) -> "Metrics":
    from bot.metrics.metrics import Metrics  # noqa: PLC0415  # 1 MiB, which a laptop without a health server need not

    needs = [need for command in commands.values() for need in command.needs]
    metrics = Metrics({*commands, *CLOSING, _FORM}, resources(needs))
    metrics.build(version("podbot"), settings.revision)
    return metrics
