"""From a command's receipt to its posted reply, beside the bare calls that it needs, and beside kubectl."""

import os
import shutil
from collections.abc import Sequence

from bench.asking import ask
from bench.calls import calls_of
from bench.figures import Figure, compared
from bench.places import POD
from bench.processes import timed
from bench.raw import Bare
from bot.render.text import counted
from tests.e2e.world import World

LINES = {
    "list": ("get", "pods"),
    f"logs {POD}": ("logs", POD, "--tail=200"),
    f"describe {POD}": ("describe", "pod", POD),
}
_DEEPER = {f"triage {POD}": ("describe", "pod", POD)}  # what tells as much takes kubectl several commands
ROUNDS = 100
_OFTEN = 10  # rounds between two of kubectl, which takes longer
_WARM = 5  # rounds that are not counted
_TO_BARE, _TO_KUBECTL = 1.5, 0.15


async def measure(world: World, bare: Bare) -> list[Figure]:
    """Ask each line many times, in turn with what it is compared to, so that a busy machine slows all of them."""
    return [
        figure for line, words in {**LINES, **_DEEPER}.items() for figure in await _compared(world, bare, line, words)
    ]


async def _compared(world: World, bare: Bare, line: str, words: Sequence[str]) -> list[Figure]:
    requests = await calls_of(world, line)
    podbot, plain, kubectl = [], [], []
    _, message = await ask(world.chat, line)
    await bare.learn(line, requests, message)
    for turn in range(-_WARM, ROUNDS):
        asked, _ = await ask(world.chat, line)
        alone, _ = await ask(bare.chat, line)
        if turn < 0:
            continue
        podbot.append(asked)
        plain.append(alone)
        if turn % _OFTEN == 0 and world.simulation is None and shutil.which("kubectl"):
            kubectl.append(await timed("kubectl", "-n", world.shop, *words, environment=_for_kubectl()))
    what = f"/pod {line.split(maxsplit=1)[0]}, received to posted"
    figures = [compared(what, podbot, f"a bare bot, {counted(len(requests), 'call')} and the post,", plain, _TO_BARE)]
    if kubectl:
        figures.append(compared(what, podbot, f"kubectl {words[0]}", kubectl, _TO_KUBECTL))
    return figures


def _for_kubectl() -> dict[str, str]:
    return {**os.environ, "KUBECONFIG": os.environ["KUBECONFIG_TEST"]}
