"""Charts, drawn by Slack itself, and the same in words, for whoever hears a message or whose client draws none.

Source: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from bot.core.replies import Block
from bot.render.cutting import CHART_LABEL, CHART_TITLE, shorten
from bot.render.text import clean

_UNITS: Final = (("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0), ("seconds", 1.0))
_ENOUGH: Final = 3  # of a unit, for the longest bar: "180 seconds" says less than "3 minutes"


def bars(title: str, unit: str, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> Block:
    """Return a bar chart: a group of bars for each label, a bar in it for each series; `unit` stands at the axis."""
    categories = _distinct(labels)
    return {
        "type": "data_visualization",
        "title": _plain(title, CHART_TITLE),
        "chart": {
            "type": "bar",
            "series": [
                {"name": name, "data": [_point(*pair) for pair in zip(categories, values, strict=True)]}
                for name, values in zip(_distinct(list(series)), series.values(), strict=True)
            ],
            "axis_config": {"categories": categories, "y_label": _plain(unit, CHART_TITLE)},
        },
    }


def durations(spans: Sequence[timedelta]) -> tuple[str, list[float]]:
    """Return spans as numbers of the one unit in which the longest of them says most, with its name."""
    longest = max((span.total_seconds() for span in spans), default=0)
    name, seconds = next((one for one in _UNITS if longest >= _ENOUGH * one[1]), _UNITS[-1])
    return name, [round(span.total_seconds() / seconds, 1) for span in spans]


def _point(label: str, value: float) -> dict[str, Any]:
    return {"label": label, "value": value}


def _distinct(labels: Sequence[str]) -> list[str]:
    """Return labels that Slack takes, each another one, for it finds a point by its label."""
    found: list[str] = []
    for label in labels:
        short = _plain(label, CHART_LABEL)
        if short in found:
            mark = f" {len(found) + 1}"
            short = f"{shorten(short, CHART_LABEL - len(mark))}{mark}"
        found.append(short)
    return found


def _plain(text: str, most: int) -> str:
    return shorten(" ".join(clean(text).split()), most) or "-"
