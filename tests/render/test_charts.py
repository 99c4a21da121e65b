"""Charts, compared whole, and as Slack takes them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.replies import Reply
from bot.demo.chat.blocks import accept
from bot.render.charts import bars, durations
from bot.render.limits import fit
from bot.render.plain import plain


def test_a_chart_of_bars() -> None:
    """Each label is a category, and each series has a point for it."""
    chart = bars("Memory and its limit", "MiB", ["app", "proxy"], {"used": [30.5, 2], "limit": [32, 64]})
    assert chart == {
        "type": "data_visualization",
        "title": "Memory and its limit",
        "chart": {
            "type": "bar",
            "series": [
                {"name": "used", "data": [{"label": "app", "value": 30.5}, {"label": "proxy", "value": 2}]},
                {"name": "limit", "data": [{"label": "app", "value": 32}, {"label": "proxy", "value": 64}]},
            ],
            "axis_config": {"categories": ["app", "proxy"], "y_label": "MiB"},
        },
    }
    assert plain([chart]) == "Memory and its limit, in MiB\n       used  limit\napp    30.5  32\nproxy  2     64\n"


@given(st.lists(st.text(max_size=40), min_size=1, max_size=30), st.text(max_size=80))
def test_every_chart_is_taken(labels: list[str], title: str) -> None:
    """Whatever the labels are, Slack takes what is left of the chart, each label another one."""
    fitted = fit(Reply("x", (bars(title, "s", labels, {"a": [1.0] * len(labels), "a ": [2.0] * len(labels)}),)))
    assert accept([dict(block) for block in fitted.blocks])
    assert (fitted.file is not None) == (len(labels) > 20)


def test_a_third_chart_is_told_in_words() -> None:
    """Slack draws two charts of a message; the third comes as text, and nothing is lost."""
    charts = tuple(bars(name, "s", ["x"], {"y": [1.0]}) for name in ("one", "two", "three"))
    fitted = fit(Reply("x", charts))
    assert [block["type"] for block in fitted.blocks] == ["data_visualization", "data_visualization", "rich_text"]
    assert "three, in s" in plain(fitted.blocks)
    assert fitted.file is None


@pytest.mark.parametrize(
    ("seconds", "unit", "values"),
    [
        ((), "seconds", []),
        ((0.5, 57.434, 100), "seconds", [0.5, 57.4, 100]),
        ((60, 180), "minutes", [1, 3]),
        ((1, 5 * 3600), "hours", [0, 5]),
        ((3 * 86400,), "days", [3]),
    ],
)
def test_a_unit_for_all(seconds: tuple[float, ...], unit: str, values: list[float]) -> None:
    """Spans are told in the unit in which the longest says most."""
    assert durations([timedelta(seconds=one) for one in seconds]) == (unit, values)
