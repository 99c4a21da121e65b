"""What was measured, as a table for a terminal or for the README."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEADERS = ("measure", "podbot", "beside it", "ratio", "target", "")
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: what podbot took, what stands beside it, their ratio, and whether that is the target.

    `holds` is None where there is no target.
    """

    measure: str
    podbot: str
    beside: str = ""
    ratio: float | None = None
    target: str = ""
    holds: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The line's texts, under `HEADERS`."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        verdict = {True: "holds", False: "does not hold", None: ""}[self.holds]
        return (self.measure, self.podbot, self.beside, ratio, self.target, verdict)


def compared(measure: str, podbot: Sequence[float], name: str, beside: Sequence[float], most: float | None) -> Figure:
    """Compare two samples of seconds by their medians, of which the ratio should be at most `most`."""
    ratio = at(podbot, 50) / at(beside, 50)
    target = "" if most is None else f"≤ {most:g}"
    return Figure(
        measure, spread(podbot), f"{name} {spread(beside)}", ratio, target, None if most is None else ratio <= most
    )


def sized(measure: str, taken: int, beside: str, most: int) -> Figure:
    """Hold a number of bytes against a target in MiB."""
    return Figure(measure, mib(taken), beside, target=f"≤ {most} MiB", holds=taken <= most * MIB)


def at(sample: Sequence[float], percent: int) -> float:
    """Return a percentile of a sample, as the nearest rank."""
    ordered = sorted(sample)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]


def spread(sample: Sequence[float]) -> str:
    """Return the median and, of a sample that is large enough to have one, the 99th percentile."""
    tail = f" (p99 {seconds(at(sample, 99))})" if len(sample) >= 50 else ""  # noqa: PLR2004  # fewer have no tail
    return f"{seconds(at(sample, 50))}{tail}"


def seconds(taken: float) -> str:
    """Return a duration in milliseconds, or from one second on in seconds."""
    return f"{taken:.2f} s" if taken >= 1 else f"{taken * 1000:.1f} ms"


def mib(taken: int) -> str:
    """Return a number of bytes in MiB."""
    return f"{taken / MIB:.0f} MiB"


def aligned(figures: Iterable[Figure]) -> str:
    """Return the table for a terminal."""
    rows = [HEADERS, *(figure.cells for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def markdown(figures: Iterable[Figure]) -> str:
    """Return the table for the README."""
    rows = [HEADERS, ("---",) * len(HEADERS), *(figure.cells for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
