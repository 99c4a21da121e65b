"""People at work in the workspace: what they type and press, and what they then see."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from bot.core.resources import Json
from bot.demo.chat import modals
from bot.demo.chat.deliveries import PATIENCE, Courier, Delivery, Kind, deliver
from bot.demo.chat.files import StoredFile
from bot.demo.chat.messages import Draft, Message
from bot.demo.chat.methods import scopes
from bot.demo.chat.payloads import app_mention, block_actions, message_action, slash_command
from bot.demo.chat.state import State
from bot.demo.chat.view_payloads import view_action, view_submission
from bot.demo.chat.views import View

Found = TypeVar("Found")


class Driver:
    """Each deed returns once the app has acknowledged it, or Slack has given up on that after `patience` seconds.

    Users and channels are given by their ids. ValueError says that nobody could do this in Slack.
    """

    def __init__(self, state: State, courier: Courier, patience: float = PATIENCE) -> None:
        self._state = state
        self.courier = courier
        self.patience = patience

    @property
    def command(self) -> str:
        """The app's slash command."""
        return self._state.workspace.app.command

    @property
    def address(self) -> str:
        """How a message mentions the app."""
        return f"<@{self._state.workspace.app.user}>"

    def write(self, user: str, channel: str, text: str, thread: str = "") -> Message:
        """Write a message that is not for the app."""
        self._check_member(user, channel)
        return self._state.write(channel, user, text, thread=thread)

    async def slash(self, user: str, channel: str, text: str, *, command: str = "") -> Delivery:
        """Type the app's slash command, with `text` after it."""
        self._check_member(user, channel)
        self._check_scope("commands")
        state = self._state
        typed = command or state.workspace.app.command
        payload = slash_command(state, state.workspace.user(user), channel, typed, text)
        return await self._deliver(Delivery(Kind.COMMAND, payload, user, channel))

    async def mention(self, user: str, channel: str, text: str, thread: str = "") -> Delivery:
        """Write a message that mentions the app, before `text` unless `text` does so itself."""
        self._check_member(user, channel)
        return await self._mentioned(self._state.write(channel, user, self._addressed(text), thread=thread))

    async def edit(self, message: Message, text: str) -> Delivery:
        """Have its writer change a message that mentions the app, which Slack tells the app by a new event."""
        return await self._mentioned(self._state.board.replace(message, Draft(self._addressed(text))))

    async def bot_mention(self, channel: str, text: str, *, user: str = "", thread: str = "") -> Delivery:
        """Have a webhook, or the bot user `user`, write a message that mentions the app."""
        message = self._state.write(channel, user, self._addressed(text), bot="B0ALERTS", thread=thread)
        return await self._mentioned(message)

    async def press(self, user: str, message: Message, action_id: str) -> Delivery:
        """Press a button of a message as it was seen, be it replaced or gone by now; LookupError if none."""
        self._check_member(user, message.channel)
        if message.only_for not in ("", user):
            raise ValueError(f"{user} cannot see this message")
        payload = block_actions(self._state, self._state.workspace.user(user), message, action_id)
        return await self._deliver(Delivery(Kind.ACTION, payload, user, message.channel))

    async def shortcut(self, user: str, message: Message, callback: str) -> Delivery:
        """Choose one of the app's entries in the menu of a message; LookupError if it has none such."""
        self._check_member(user, message.channel)
        if message.only_for:
            raise ValueError("Slack shows no shortcuts on a message that only one person sees")
        if callback not in self._state.workspace.app.shortcuts:
            raise LookupError(f"the app has no shortcut {callback}")
        payload = message_action(self._state, self._state.workspace.user(user), message, callback)
        return await self._deliver(Delivery(Kind.ACTION, payload, user, message.channel))

    def view(self, user: str) -> View | None:
        """Return the form that a user sees, if any."""
        return self._state.views.of(user)

    def fill(self, user: str, texts: Mapping[str, str]) -> View:
        """Type into fields of the open form, each named by its label."""
        for label, text in texts.items():
            modals.fill(self._state, modals.seen(self._state, user), label, text)
        return modals.seen(self._state, user)

    async def choose(self, user: str, label: str, text: str) -> Delivery | None:
        """Choose in the field `label`; return what the app was told, if the field tells it."""
        view = modals.choose(self._state, modals.seen(self._state, user), label, text)
        if not modals.dispatches(view, label):
            return None
        return await self._deliver(modals.sent(view, view_action(self._state, view, view.block(label))))

    async def submit(self, user: str) -> Delivery:
        """Send the open form; then it is closed, or shows what the app answered."""
        view = modals.seen(self._state, user)
        if missing := view.missing():
            raise ValueError(f"Slack does not send a form without {', '.join(missing)}")
        delivery = await self._deliver(modals.sent(view, view_submission(self._state, view)))
        modals.answered(self._state, view, delivery)
        return delivery

    def close(self, user: str) -> None:
        """Close the open form without sending it."""
        self._state.views.close(modals.seen(self._state, user))

    async def redeliver(self, delivery: Delivery, retry: int = 1, reason: str = "timeout") -> Delivery:
        """Send the same payload once more, as Slack does with events (attempts 1 to 3)."""
        return await self._deliver(replace(delivery, retry=retry, retry_reason=reason))

    def messages(self, channel: str, *, seen_by: str = "", thread: str = "") -> tuple[Message, ...]:
        """Return a channel's messages, oldest first: all, or those that `seen_by` sees; of one thread, if given."""
        return tuple(
            message
            for message in self._state.board
            if message.channel == channel
            and (not seen_by or message.only_for in ("", seen_by))
            and (not thread or message.thread == thread)
        )

    def direct_messages(self, user: str) -> tuple[Message, ...]:
        """Return the messages between the app and `user`."""
        return self.messages(self._state.workspace.direct(user).id)

    def files(self, channel: str = "") -> tuple[StoredFile, ...]:
        """Return the files that reached a channel, or any channel."""
        return self._state.files.shared(channel)

    async def wait_for(self, predicate: Callable[[], Found], timeout: float = 5.0) -> Found:  # noqa: ASYNC109  # a test's own limit
        """Return the first truthy result of `predicate`, tried again at each event; raise TimeoutError."""
        return await self._state.bell.until(predicate, timeout)

    async def _mentioned(self, message: Message) -> Delivery:
        """Tell the app, where it is a member; elsewhere Slack offers to invite it, and the app hears nothing."""
        self._check_scope("app_mentions:read")
        payload: Json = app_mention(self._state, message)
        delivery = Delivery(Kind.EVENT, payload, message.user, message.channel)
        if self._state.workspace.app.user not in self._state.workspace.channel(message.channel).members:
            return delivery
        return await self._deliver(delivery)

    async def _deliver(self, delivery: Delivery) -> Delivery:
        return await deliver(self._state, self.courier, delivery, self.patience)

    def _addressed(self, text: str) -> str:
        return text if self.address in text else f"{self.address} {text}"

    def _check_member(self, user: str, channel: str) -> None:
        if user not in self._state.workspace.channel(channel).members:
            raise ValueError(f"{user} is no member of {channel}")

    def _check_scope(self, scope: str) -> None:
        if scope not in scopes.granted(self._state.workspace.app):
            raise ValueError(f"the app was not granted {scope}")
