"""Running a read the way the flow does: the last result, rendered."""

from typing import TypeVar

from bot.core.commands import Context, Read
from bot.core.replies import Reply

Asked = TypeVar("Asked")
Result = TypeVar("Result")


async def answer(command: Read[Asked, Result], context: Context, asked: Asked) -> Reply:
    """Return the command's reply."""
    results = [result async for result in command.run(context, asked)]
    return command.render(results[-1])
