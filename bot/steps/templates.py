"""The namespace's own PodTemplate objects, where policy lets podbot look at them."""

from dataclasses import dataclass
from typing import Final

from bot.core.commands import Context
from bot.core.errors import ClusterError, Forbidden, NotFound, UsageError
from bot.core.guesses import did_you_mean
from bot.core.resources import POD_TEMPLATES, Json

MOST = 90  # a list of them and podbot's own fits a message


@dataclass(frozen=True, slots=True)
class PodTemplates:
    """The PodTemplates of a namespace; `problem` says why they could not be read, `unread` how many were left."""

    items: tuple[Json, ...] = ()
    problem: str = ""
    unread: int | None = 0


NONE: Final = PodTemplates()


def looks_there(context: Context) -> bool:
    """Whether there is a namespace to look in, and policy allows it."""
    return context.pod_templates and bool(context.scopes)


async def pod_templates(context: Context) -> PodTemplates:
    """List them; none where policy does not allow it, or no namespace was granted."""
    if not looks_there(context):
        return NONE
    try:
        listing = await context.cluster.list(POD_TEMPLATES, limit=MOST)
    except Forbidden:
        return PodTemplates(problem=f"you may not list them in {context.namespace}")
    except ClusterError:  # podbot's own templates are there without a cluster
        return PodTemplates(problem="the API server did not give them")
    return PodTemplates(listing.items, unread=listing.unread)


async def pod_template(context: Context, name: str) -> Json:
    """Read the one that is called so; `UsageError` where there is none, or the asker may not look."""
    hint = did_you_mean(name, context.templates, "type templates to see them")
    missing = UsageError(f"there is no template “{name[:60]}”", hint=hint)
    if not looks_there(context):
        raise missing
    try:
        return await context.cluster.get(POD_TEMPLATES, name)
    except NotFound as error:
        raise missing from error
    except Forbidden as error:
        what = f"podbot has no template “{name[:60]}”, and you may not get the PodTemplates of {context.namespace}"
        raise UsageError(what, hint=hint) from error
