"""views.open, views.update and views.publish."""

from bot.core.resources import Json
from bot.demo.chat.arguments import Arguments
from bot.demo.chat.errors import SlackError
from bot.demo.chat.state import State
from bot.demo.chat.view_payloads import view_object
from bot.demo.chat.view_schema import accept


def open_view(state: State, asked: Arguments) -> Json:
    """Show a modal to whoever's trigger it is. A view that is not accepted leaves the trigger as it was."""
    trigger, says = asked.required("trigger_id"), accept(asked.structure("view", "invalid_arguments"))
    return {"view": view_object(state, state.views.open(state.triggers.exchange(trigger), says))}


def update_view(state: State, asked: Arguments) -> Json:
    """Replace an open modal, unless `hash` says that the app has seen an older one."""
    view, says = state.views.find(asked.required("view_id")), accept(asked.structure("view", "invalid_arguments"))
    if asked.text("hash") not in ("", view.hash):
        raise SlackError("hash_conflict")
    return {"view": view_object(state, state.views.update(view, says))}


def publish_view(state: State, asked: Arguments) -> Json:
    """Put up a user's Home tab, unless `hash` says that the app has seen an older one."""
    user = asked.required("user_id")
    if user not in state.workspace.users:
        raise SlackError("invalid_arguments", ["invalid `user_id`"])
    says = asked.structure("view", "invalid_arguments")
    return {"view": view_object(state, state.views.publish(user, says, asked.text("hash")))}
