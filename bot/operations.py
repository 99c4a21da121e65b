"""What whoever runs podbot is told of it: its measures, its pulse, and the server that tells both."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from importlib.metadata import version
from typing import Any

from bot.audit import Record, write
from bot.core.commands import Command
from bot.core.ports import Clock
from bot.core.readiness import Condition, unready
from bot.core.vitals import Load, Way
from bot.flow import CLOSING
from bot.health import HealthServer, Pulse
from bot.metrics import measures
from bot.metrics.kubernetes import resources
from bot.metrics.metrics import Metrics
from config.reload import PolicyState
from config.settings import Settings

_FORM = "form"  # a form that could not be taken is recorded as such


class Operations:
    """Counts from the start; listens, where the settings say so, from `open` on."""

    def __init__(self, settings: Settings, commands: Mapping[str, Command[Any, Any]]) -> None:
        needs = [need for command in commands.values() for need in command.needs]
        self.metrics = Metrics({*commands, *CLOSING, _FORM}, resources(needs))
        self.metrics.build(version("podbot"), settings.revision)
        self.pulse = Pulse()
        self.patience = settings.health_patience
        self._listen = settings.health

    def record(self, record: Record) -> None:
        """Write an audit record, and count it."""
        write(record)
        self.metrics.recorded(record)

    async def open(self, stack: AsyncExitStack, condition: Callable[[], Condition]) -> None:
        """Beat, and serve where that is asked for, until `stack` is closed; raises `PodbotError` for a taken port."""

        def now() -> Condition:
            return self.pulse.of(condition())

        beating = asyncio.create_task(self.pulse.beating(), name="beat")
        stack.callback(beating.cancel)
        self.metrics.read({measures.READY: lambda: not unready(now(), self.patience)})
        if self._listen:
            server = HealthServer(*self._listen, now, self.patience, self.metrics.page)
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

        self.metrics.read(
            {
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
        )
