"""Forms in Slack: opened at once, then made what they are to be.

Source: https://docs.slack.dev/surfaces/modals.
"""

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.asks import ViewRef
from bot.core.errors import ChatError, FormTooLate
from bot.core.forms import Sheet
from bot.core.reading import mapping, text
from bot.core.replies import Reply
from bot.render import forms
from bot.slack.calls import answer
from bot.slack.messages import prepare

# Slack says `invalid_arguments` of a trigger, too, and of this view nothing else can be wrong:
# https://github.com/slackapi/node-slack-sdk/issues/1131.
_TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "invalid_arguments"})


class Views:
    """Views of one client."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def open(self, trigger_id: str) -> ViewRef:
        """Open a view that says that the form is being made; raise `FormTooLate` or `ChatError`."""
        try:
            opened = await answer(self._client.views_open(trigger_id=trigger_id, view=forms.loading()))
        except ChatError as error:
            if error.code in _TOO_LATE:
                raise FormTooLate(str(error), code=error.code) from error
            raise
        return ViewRef(text(mapping(opened.get("view")).get("id")))

    async def update(self, view: ViewRef, content: Sheet | Reply) -> None:
        """Show a form, or an answer in its place; raise `ChatError`.

        No `hash` is given: whoever chooses twice in a moment would be left with the first choice.
        """
        said = forms.message(await prepare(content)) if isinstance(content, Reply) else forms.sheet(content)
        await answer(self._client.views_update(view_id=view.id, view=said))
