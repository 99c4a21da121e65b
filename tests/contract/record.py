"""Records anew what the real cluster answers to the exchanges: `python -m tests.contract.record [THEME…]`.

It needs KUBECONFIG_TEST, and the cluster's audit log as the tests do (PODBOT_TEST_AUDIT_LOG).
"""

import asyncio
import os
import sys
from collections.abc import Sequence

from bot.app import SystemClock
from bot.core.resources import Json
from tests.contract.exchanges import THEMES
from tests.contract.exchanges.exchange import Story
from tests.contract.playing import play
from tests.contract.records import write
from tests.contract.sites import real_site


async def _recorded(story: Story) -> list[Json]:
    async with real_site("constrained") as site:
        return [answer async for answer in play(story, site, SystemClock())]


async def record(themes: Sequence[str]) -> None:
    """Write each theme's answers to its file."""
    if "KUBECONFIG_TEST" not in os.environ:
        sys.exit("KUBECONFIG_TEST is not set: it names the kubeconfig of a cluster for tests")
    if unknown := set(themes) - THEMES.keys():
        sys.exit(f"no such theme: {', '.join(sorted(unknown))}; there are {', '.join(THEMES)}")
    for theme in themes or THEMES:
        write(theme, {story.name: await _recorded(story) for story in THEMES[theme]})
        sys.stdout.write(f"{theme}\n")


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1:]))
