"""Why a pod does not run, and how far it has come, as `create` and `describe` both say it."""

from collections.abc import Iterator, Mapping

from bot.core.diagnosis import Finding, Stage
from bot.core.replies import Block
from bot.render.blocks import quote, section
from bot.render.cutting import excerpt
from bot.render.text import escape

COLOURS: Mapping[Stage, str] = {
    Stage.STARTING: ":hourglass_flowing_sand:",
    Stage.RUNNING: ":large_green_circle:",
    Stage.COMPLETED: ":white_check_mark:",
    Stage.FAILED: ":red_circle:",
    Stage.STUCK: ":red_circle:",
}


def reason(finding: Finding | None, most: int) -> Iterator[Block]:
    """Yield what was found and how to mend it, then at most `most` characters of what the server said of it."""
    if finding is None:
        return
    hint = f" {finding.hint}." if finding.hint else ""
    yield section(escape(f"{finding.what[:1].upper()}{finding.what[1:]}.{hint}"))
    if finding.said:
        yield quote(excerpt(finding.said, most))
