"""The verbs, one module each, in one visible list.

What may not be here: anything that two verbs share (that is a step), and any import of one verb by another.
"""

from typing import Any

from bot.core.commands import Command
from handlers import can, create, curl, delete, describe, events, exec, help, list, logs, templates, whoami, yaml  # noqa: A004  # verbs are named as they are typed

COMMANDS: tuple[Command[Any, Any], ...] = (
    help.COMMAND,
    whoami.COMMAND,
    can.COMMAND,
    list.COMMAND,
    describe.COMMAND,
    logs.COMMAND,
    events.COMMAND,
    yaml.COMMAND,
    templates.COMMAND,
    create.COMMAND,
    delete.COMMAND,
    curl.COMMAND,
    exec.COMMAND,
)
REGISTRY = {command.name: command for command in COMMANDS}
