"""What is counted, and what it is written as."""

from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.audit import Record
from bot.metrics import measures
from bot.metrics.measures import MEASURES, Measure
from bot.metrics.metrics import Metrics

RECORD = Record("", "r1", "slash command", "T0ACME", "U0ALICE", "C0TEAM", command="list", outcome="answered")


@pytest.fixture
def metrics() -> Metrics:
    """Return metrics that know one verb and one kind."""
    return Metrics({"list"}, {"pods"})


def value(metrics: Metrics, name: str, **labels: str) -> float:
    """Return a sample as Prometheus' parser reads it from the page, 0 where there is none."""
    page, _ = metrics.page("text/plain")
    families = text_string_to_metric_families(page.decode())
    samples = (sample for family in families for sample in family.samples)
    return next((one.value for one in samples if one.name == name and one.labels == labels), 0.0)


def test_a_record_is_counted(metrics: Metrics) -> None:
    """A command is counted by verb and outcome, and its time from receipt."""
    metrics.recorded(RECORD)
    assert value(metrics, "podbot_commands_total", verb="list", outcome="answered") == 1
    assert value(metrics, "podbot_audit_records_total") == 1
    assert value(metrics, "podbot_command_seconds_count", verb="list") == 1


@pytest.mark.parametrize("typed", ["", "lits", "../../etc", 'x"} evil 1', "a" * 10_000])
def test_what_people_type_is_no_label(metrics: Metrics, typed: str) -> None:
    """A verb that there is not is counted as unknown."""
    metrics.recorded(replace(RECORD, command=typed, outcome="failed"))
    assert value(metrics, "podbot_commands_total", verb="unknown", outcome="failed") == 1


@pytest.mark.parametrize(("detail", "counted"), [("BUSY", 1), ("STOPPING", 1), ("NO_GRANT", 0), ("", 0)])
def test_what_is_turned_away_is_counted(metrics: Metrics, detail: str, counted: int) -> None:
    """Refusals for want of room are counted apart, and others are not."""
    metrics.recorded(replace(RECORD, outcome="refused", detail=detail))
    assert value(metrics, "podbot_commands_turned_away_total") == counted


def test_calls_of_slack_are_counted(metrics: Metrics) -> None:
    """A call that was slowed and then made is two requests, and one call in its seconds."""
    metrics.slowed("chat.update")
    metrics.called("chat.update", "ok", 2.0)
    assert value(metrics, "podbot_slack_requests_total", method="chat.update", result="ratelimited") == 1
    assert value(metrics, "podbot_slack_requests_total", method="chat.update", result="ok") == 1
    assert value(metrics, "podbot_slack_call_seconds_sum", method="chat.update") == 2


def test_an_unknown_kind_is_other(metrics: Metrics) -> None:
    """Requests are counted by kinds that podbot has declared; anything else shares one label."""
    metrics.requested("get", "pods", "2xx", 0.1)
    metrics.requested("get", "pods/what-somebody-typed", "4xx", 0.1)
    assert value(metrics, "podbot_kubernetes_requests_total", verb="get", resource="pods", code="2xx") == 1
    assert value(metrics, "podbot_kubernetes_requests_total", verb="get", resource="other", code="4xx") == 1


def test_gauges_are_read_when_asked(metrics: Metrics) -> None:
    """A gauge shows what holds now, not when it was declared."""
    running = [3]
    metrics.read({measures.RUNNING: lambda: running[0]})
    running[0] = 5
    assert value(metrics, "podbot_work_running") == 5


@pytest.mark.parametrize(
    ("accept", "content"),
    [
        ("application/openmetrics-text; version=1.0.0", "application/openmetrics-text"),
        ("text/plain", "text/plain"),
        ("", "text/plain"),
        (";;;q=\x00,", "text/plain"),
    ],
)
def test_the_reader_chooses_the_form(metrics: Metrics, accept: str, content: str) -> None:
    """Whoever accepts OpenMetrics gets that, everyone else Prometheus' text."""
    assert metrics.page(accept)[1].startswith(content)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_measures_are_declared_well(measure: Measure) -> None:
    """A name says whose and in which unit, a help is a sentence, and buckets ascend."""
    assert measure.name.startswith("podbot_")
    assert measure.help.endswith(".")
    assert list(measure.buckets) == sorted(measure.buckets)
    assert bool(measure.buckets) == (measure.kind == "histogram")
    assert not measure.name.endswith("_total")


def test_two_processes_share_nothing() -> None:
    """Each has a registry of its own."""
    first, second = Metrics({"list"}, set()), Metrics({"list"}, set())
    first.recorded(RECORD)
    assert value(second, "podbot_audit_records_total") == 0
