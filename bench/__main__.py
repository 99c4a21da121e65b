"""`make bench`: measure everything once, and print it."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click

from bench import acknowledging, answers, demonstrating, long_logs, many, starting
from bench.figures import Figure, aligned, markdown
from bench.places import is_real, place
from bench.processes import podbot
from bench.raw import bare


@click.command()
@click.option("--pods", type=click.IntRange(1, 50_000), default=10_000, show_default=True, help="Of the long list.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the README's table.")
@click.option("--simulated", is_flag=True, help="Leave KUBECONFIG_TEST's cluster alone.")
def main(pods: int, as_markdown: bool, simulated: bool) -> None:  # noqa: FBT001  # click's way
    """Measure podbot on the cluster of KUBECONFIG_TEST, or else on the simulated one."""
    real = is_real() and not simulated
    with TemporaryDirectory(prefix="podbot-bench-") as folder:
        figures = asyncio.run(_measured(Path(folder), pods, real=real))
    click.echo(f"{'A real' if real else 'The simulated'} cluster on this machine:\n")
    click.echo(markdown(figures) if as_markdown else aligned(figures))


async def _measured(folder: Path, pods: int, *, real: bool) -> list[Figure]:
    for name in ("cluster", "logs", "demo"):
        (folder / name).mkdir()
    async with place(folder / "cluster", real=real) as world:
        started = _told("starting podbot", await starting.measure(world))
        async with podbot(world) as running, bare(world.environment["KUBECONFIG"]) as client:
            answered = _told("answers", await answers.measure(world, client))
            acknowledged = _told("acknowledgements", await acknowledging.measure(world))
            listed = _told("the long list", await many.measure(world, client, running, pods))
    logged = _told("the long log", await long_logs.measure(folder / "logs"))
    shown = _told("the demo", await demonstrating.measure(folder / "demo", pods))
    return [*answered, *acknowledged, *listed, *started, *logged, *shown]


def _told(what: str, figures: list[Figure]) -> list[Figure]:
    """Say on stderr how far it is, and pass on."""
    sys.stderr.write(f"{perf_counter() - _STARTED:5.0f} s: {what} measured\n")
    return figures


_STARTED = perf_counter()

if __name__ == "__main__":
    main()
