"""The verbs, one module each, in one visible list.

What may not be here: anything that two verbs share (that is a step), and any import of one verb by another.
"""

from typing import Any

from bot.core.commands import Command
from handlers import (
    alert,
    can,
    create,
    curl,
    delete,
    describe,
    events,
    exec,  # noqa: A004  # the same
    help,  # noqa: A004  # verbs are named as they are typed
    label,
    list,  # noqa: A004  # the same
    logs,
    resolve,
    status,
    templates,
    timeline,
    top,
    triage,
    volumes,
    wait,
    watch,
    watches,
    whoami,
    yaml,
)

COMMANDS: tuple[Command[Any, Any], ...] = (
    help.COMMAND,
    status.COMMAND,
    whoami.COMMAND,
    can.COMMAND,
    list.COMMAND,
    triage.COMMAND,
    alert.COMMAND,
    describe.COMMAND,
    logs.COMMAND,
    events.COMMAND,
    timeline.COMMAND,
    yaml.COMMAND,
    volumes.COMMAND,
    top.COMMAND,
    wait.COMMAND,
    watch.COMMAND,
    watches.COMMAND,
    templates.COMMAND,
    resolve.COMMAND,
    create.COMMAND,
    label.COMMAND,
    curl.COMMAND,
    exec.COMMAND,
    delete.COMMAND,
)
REGISTRY = {command.name: command for command in COMMANDS}
