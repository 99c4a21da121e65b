"""What each error and each refusal says: a status in words, what it means, and what to do next.

`{whom}` in `then` is whom the policy names for questions, `{verb}` and `{where}` are those of the line. All texts are
mrkdwn of podbot's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core import errors
from bot.core.errors import PodbotError, Reason

REFUSED = ":no_entry: Refused"
FAILED = ":x: Failed"
UNKNOWN = ":warning: Unknown"
NOT_SET_UP = ":wrench: Not set up"
NOT_UNDERSTOOD = ":grey_question: Not understood"

_SOON = "Try again in a minute; if it stays so, ask {whom}."
_AGAIN = "Type the command again."


@dataclass(frozen=True, slots=True)
class Saying:
    """`status` in words beside its colour, `what` it means, and `then` what to do."""

    status: str
    what: str
    then: str

    def for_whom(self, ask: str) -> "Saying":
        """Name in `then` whom to ask: `ask`, or who runs podbot where the policy names nobody."""
        return replace(self, then=self.then.replace("{whom}", ask or "whoever runs podbot here"))


def of_error(error: PodbotError) -> Saying:
    """Return what to say of an error by its kind, or by the nearest kind above it."""
    return next(ERRORS[kind] for kind in type(error).__mro__ if kind in ERRORS)


ERRORS: Mapping[type, Saying] = {
    errors.PodbotError: Saying(FAILED, "podbot could not do this.", _SOON),
    errors.ClusterError: Saying(FAILED, "Kubernetes said no.", _SOON),
    errors.BadName: Saying(
        REFUSED, "A name here cannot be sent to Kubernetes, and nothing was.", "Check the name and type it again."
    ),
    errors.Unreachable: Saying(FAILED, "The API server cannot be reached; nothing was sent, nothing happened.", _SOON),
    errors.TooSlow: Saying(
        ":hourglass: Too slow", "The answer did not come in time.", "Try again, or ask for less at once."
    ),
    errors.Unauthenticated: Saying(
        NOT_SET_UP, "The API server does not accept podbot's own credentials.", "Ask {whom} to renew them."
    ),
    errors.Forbidden: Saying(
        ":no_entry: Refused by Kubernetes",
        "A right that this needs is missing.",
        "`/pod can{verb}{where}` shows which; ask {whom} for it.",
    ),
    errors.NotSetUp: Saying(
        NOT_SET_UP, "podbot itself lacks a right.", "Ask {whom}: `podbot rbac` prints the rules that podbot needs."
    ),
    errors.NotFound: Saying(
        ":mag: Not found", "There is no such object here.", "`/pod list{where}` shows the pods there are."
    ),
    errors.NoMetrics: Saying(
        FAILED,
        "Nothing in this cluster tells what pods use: its metrics API (metrics.k8s.io) is missing or does not answer.",
        "Ask {whom} whether metrics-server is installed and well.",
    ),
    errors.AlreadyExists: Saying(
        FAILED, "There is one of this name already.", "Choose another name, or delete the old one first."
    ),
    errors.Conflict: Saying(FAILED, "It is no longer what it was when you asked.", _AGAIN),
    errors.Expired: Saying(FAILED, "What was being read grew too old on the way.", _AGAIN),
    errors.Invalid: Saying(
        FAILED, "Kubernetes does not accept this as it is.", "Mend what it names and type it again."
    ),
    errors.TooMany: Saying(
        FAILED, "The API server is busy, or a disruption budget forbids this now.", "Try again in a minute."
    ),
    errors.ServerFault: Saying(FAILED, "The API server's answer was an error of its own.", _SOON),
    errors.OutcomeUnknown: Saying(
        UNKNOWN, "No clear answer came: it may have happened.", "Look with `/pod list{where}` before you try again."
    ),
    errors.ChatError: Saying(FAILED, "Slack did not do its part.", _SOON),
    errors.FormTooLate: Saying(
        FAILED, "Slack opens a form only within three seconds, and podbot was too late.", _AGAIN
    ),
    errors.CannotPost: Saying(
        REFUSED, "podbot cannot post in this channel, so nothing was done.", "Type `/invite @podbot`, then try again."
    ),
}

REASONS: Mapping[Reason, Saying] = {
    Reason.BOT: Saying(REFUSED, "Bots may not use podbot.", "A person can type this; questions go to {whom}."),
    Reason.OUTSIDER: Saying(REFUSED, "Only members of this workspace may use podbot.", "Ask {whom}."),
    Reason.GUEST: Saying(REFUSED, "Guests may not use podbot.", "Ask {whom}."),
    Reason.UNKNOWN_MEMBER: Saying(REFUSED, "Slack did not say who you are, so nothing was done.", _SOON),
    Reason.NO_GRANT: Saying(
        REFUSED,
        "No grant covers you, this channel and this namespace.",
        "Ask {whom} for one, or use a channel with one.",
    ),
    Reason.EFFECT: Saying(
        REFUSED, "Your tier may not do this here.", "`/pod can{where}` shows what you may do; ask {whom} for more."
    ),
    Reason.NO_NAMESPACE: Saying(
        REFUSED, "No namespace was given, and this channel has no default.", "Add `-n NAMESPACE` to the command."
    ),
    Reason.FROZEN: Saying(REFUSED, "Changes are frozen.", "Reading works; ask {whom} when the freeze ends."),
    Reason.STALE_POLICY: Saying(
        REFUSED, "podbot's policy file is broken, so changes are refused.", "Reading works; ask {whom} to mend it."
    ),
    Reason.NOT_YOURS: Saying(REFUSED, "Only the person who asked may press this.", "Type the command yourself."),
    Reason.EXPIRED: Saying(REFUSED, "This button or form is too old.", _AGAIN),
    Reason.CHANGED: Saying(REFUSED, "What it was about is no longer the same.", _AGAIN),
    Reason.FORGED: Saying(REFUSED, "This podbot did not make this button or form for this place.", _AGAIN),
    Reason.SECRET: Saying(
        REFUSED, "The command seems to carry a secret, and a button would show it.", "Type it without the secret."
    ),
    Reason.ALREADY: Saying(
        REFUSED,
        "This was pressed already.",
        "Its message says how it ended; if nothing came of it, type the command again.",
    ),
    Reason.BUSY: Saying(REFUSED, "Too much is running already.", "Try again in a minute."),
    Reason.STOPPING: Saying(REFUSED, "podbot is being stopped, and begins nothing new.", "Try again in a minute."),
    Reason.POLICY: Saying(
        REFUSED, "The policy was changed while this took its time, so it may not be granted any more.", _AGAIN
    ),
    Reason.EDITED: Saying(
        REFUSED,
        "This message was edited, and podbot does only what a message says when it is sent.",
        "Mention podbot in a new one.",
    ),
    Reason.LATE: Saying(REFUSED, "It is too late to start this change, and nothing was done.", _AGAIN),
}
