import pytest

from bench.figures import MIB, Figure, aligned, at, compared, markdown, sized, spread

SAMPLE = [number / 1000 for number in range(1, 101)]


@pytest.mark.parametrize(("percent", "rank"), [(1, 0.001), (50, 0.05), (99, 0.099), (100, 0.1)])
def test_percentile(percent: int, rank: float) -> None:
    """A percentile is the nearest rank, whatever the order of the sample."""
    assert at(SAMPLE[::-1], percent) == rank
    assert at([0.7], percent) == 0.7


def test_spread() -> None:
    """A median has its 99th percentile beside it where the sample is large enough, and units that suit it."""
    assert spread(SAMPLE) == "50.0 ms (p99 99.0 ms)"
    assert spread([2.0, 1.25, 1.0]) == "1.25 s"


def test_compared() -> None:
    """Two samples are compared by their medians, and the ratio is held against its target where there is one."""
    assert compared("it", [3.0], "bare", [2.0], 1.5) == Figure("it", "3.00 s", "bare 2.00 s", 1.5, "≤ 1.5", holds=True)
    assert compared("it", [4.0], "bare", [2.0], 1.5).holds is False
    assert compared("it", [4.0], "bare", [2.0], None) == Figure("it", "4.00 s", "bare 2.00 s", 2.0)


def test_tables() -> None:
    """The same lines come aligned for a terminal, and as Markdown for the README."""
    figures = [sized("memory", 80 * MIB, "bare 70 MiB", 75), Figure("time", "1.0 ms", "bare 2.0 ms", 0.5)]
    assert aligned(figures) == (
        "measure  podbot  beside it    ratio  target\n"
        "memory   80 MiB  bare 70 MiB         ≤ 75 MiB  does not hold\n"
        "time     1.0 ms  bare 2.0 ms  0.50"
    )
    assert markdown(figures) == (
        "| measure | podbot | beside it | ratio | target |  |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| memory | 80 MiB | bare 70 MiB |  | ≤ 75 MiB | does not hold |\n"
        "| time | 1.0 ms | bare 2.0 ms | 0.50 |  |  |"
    )
