"""Every family of rules, in one visible list: what is named earlier is the cause of what is named later."""

from typing import Final

from bot.core.triage.families import (
    admission,
    attaching,
    beside,
    claims,
    configuration,
    controllers,
    crashing,
    deletion,
    images,
    jobs,
    memory,
    mounts,
    networking,
    node,
    probes,
    queueing,
    resizing,
    scheduling,
    starting,
    storage,
)
from bot.core.triage.rules import Family

FAMILIES: Final[tuple[Family, ...]] = (
    node.FAMILY,
    deletion.FAMILY,
    admission.FAMILY,
    claims.FAMILY,
    attaching.FAMILY,
    mounts.FAMILY,
    scheduling.FAMILY,
    queueing.FAMILY,
    images.FAMILY,
    configuration.FAMILY,
    starting.FAMILY,
    networking.FAMILY,
    memory.FAMILY,
    probes.FAMILY,
    jobs.FAMILY,
    beside.FAMILY,
    crashing.FAMILY,
    controllers.FAMILY,
    storage.FAMILY,
    resizing.FAMILY,
)
