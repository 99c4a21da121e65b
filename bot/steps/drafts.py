"""A pod on its way to the server: made of what was asked for, checked, sent."""

import asyncio

from bot.core.commands import Context
from bot.core.drafts import Draft, Wish, of_document, of_pod_template, of_template
from bot.core.errors import Forbidden, Invalid, UsageError
from bot.core.resources import PODS, Json
from bot.steps.templates import pod_template


async def drafted(context: Context, wish: Wish) -> Draft:
    """Take what was sent beside the line, else the template that it names, podbot's own before the namespace's."""
    document = context.ask.document
    if document or wish.yaml:
        _check_alone(wish, document)
        # Up to 0.2 s for a hostile one, in which the loop goes on.
        return await asyncio.to_thread(of_document, document, context.namespace)
    if wish.template is None:
        raise UsageError("TEMPLATE is missing", hint="type templates to see them", verb="create")
    if wish.template in context.templates:
        return of_template(context.templates[wish.template], wish)
    return of_pod_template(await pod_template(context, wish.template), wish.template, wish)


async def sent(context: Context, body: Json, *, dry_run: bool) -> Json:
    """Create the pod, or have it checked. A full quota or another admission plugin's no comes as a 403, like RBAC's."""
    try:
        return await context.cluster.create(PODS, body, dry_run=dry_run)
    except Forbidden as error:
        if "cannot create resource" in str(error):
            raise
        raise Invalid(str(error), status=error.status, cause=error.cause) from error


def _check_alone(wish: Wish, document: str) -> None:
    if wish.template is not None:
        hint = "leave the template and the name out, or the code block"
        raise UsageError("the YAML says all, the pod's name too", hint=hint, verb="create")
    if not document:
        hint = "mention podbot with create, and put a Pod's YAML into a code block in the same message"
        raise UsageError("there is no YAML", hint=hint, verb="create")
