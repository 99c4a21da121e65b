"""The registry: counts what the edges tell, reads the rest when it is asked, and writes what Prometheus reads."""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import choose_encoder
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from bot.audit import Outcome, Record
from bot.core.errors import Reason
from bot.metrics import measures
from bot.metrics.measures import MEASURES, Measure

UNKNOWN: Final = "unknown"
OTHER: Final = "other"
_TURNED_AWAY: Final = frozenset({Reason.BUSY.name, Reason.STOPPING.name})


class Metrics:
    """All measures of one process, in a registry of its own.

    `verbs` and `resources` are what labels may hold; anything else is counted as "unknown" or "other". It is a
    `bot.slack.meter.Meter` as well.
    """

    def __init__(self, verbs: Collection[str], resources: Collection[str]) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the package's; a series more for each, which nobody asks for
        self._verbs, self._resources = frozenset(verbs), frozenset(resources)
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._counters = {one: Counter(*_declared(one), registry=self.registry) for one in _of("counter")}
        self._gauges = {one: Gauge(*_declared(one), registry=self.registry) for one in _of("gauge")}
        self._histograms = {
            one: Histogram(*_declared(one), registry=self.registry, buckets=one.buckets) for one in _of("histogram")
        }

    def build(self, version: str, revision: str) -> None:
        """Say what runs."""
        self._gauges[measures.BUILD].labels(version, revision).set(1)

    def read(self, readings: Mapping[Measure, Callable[[], float]]) -> None:
        """Read these gauges whenever somebody asks."""
        for measure, reading in readings.items():
            self._gauges[measure].set_function(reading)

    def recorded(self, record: Record) -> None:
        """Count a command that has ended, from its audit record."""
        verb = record.command if record.command in self._verbs else UNKNOWN
        outcome = record.outcome or Outcome.FAILED.value
        self._count(measures.RECORDS)
        self._count(measures.ENDED, verb, outcome)
        self._observe(measures.ANSWERED, record.milliseconds / 1000, verb)
        if record.detail in _TURNED_AWAY:
            self._count(measures.BUSY)

    def acknowledged(self, seconds: float) -> None:
        """Count an acknowledgement."""
        self._observe(measures.ACKNOWLEDGED, seconds)

    def called(self, method: str, result: str, seconds: float) -> None:
        """Count a call of Slack that has ended, by its last request's result."""
        self._count(measures.SLACK_REQUESTS, method, result)
        self._observe(measures.SLACK_SECONDS, seconds, method)

    def slowed(self, method: str) -> None:
        """Count a request that Slack answered with a 429, and that is made again."""
        self._count(measures.SLACK_REQUESTS, method, "ratelimited")

    def opened(self) -> None:
        """Count a websocket that was opened."""
        self._count(measures.SLACK_SOCKETS)

    def requested(self, verb: str, resource: str, code: str, seconds: float) -> None:
        """Count a request to the API server."""
        known = resource if resource in self._resources else OTHER
        self._count(measures.KUBERNETES_REQUESTS, verb, known, code)
        self._observe(measures.KUBERNETES_SECONDS, seconds, verb, known)

    def reload_failed(self, file: str) -> None:
        """Count a look at a broken `file`: "policy" or "templates"."""
        self._count(measures.RELOADS_FAILED, file)

    def page(self, accept: str) -> tuple[bytes, str]:
        """Return all of it, and its content type: OpenMetrics for those who accept that, else Prometheus' text."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type

    def _count(self, measure: Measure, *labels: str) -> None:
        counter = self._counters[measure]
        (counter.labels(*labels) if labels else counter).inc()

    def _observe(self, measure: Measure, value: float, *labels: str) -> None:
        histogram = self._histograms[measure]
        (histogram.labels(*labels) if labels else histogram).observe(value)


def _of(kind: measures.Kind) -> list[Measure]:
    return [measure for measure in MEASURES if measure.kind == kind]


def _declared(measure: Measure) -> tuple[str, str, tuple[str, ...]]:
    return measure.name, measure.help, measure.labels
