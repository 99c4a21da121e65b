"""podbot's own errors; no client's exception leaves the room that calls the client.

The words that people read for each are in `bot.render.errors`, in one place.
"""

from dataclasses import dataclass
from enum import Enum


class PodbotError(Exception):
    """Anything podbot expects to go wrong, with a message for logs."""


class UsageError(PodbotError):
    """The line cannot be understood; `hint` says what to type instead, `verb` whose help to show.

    What is in backticks in a hint can be typed as it is.
    """

    def __init__(self, message: str, *, hint: str = "", verb: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.verb = verb

    @property
    def plain(self) -> str:
        """What is wrong and what to type instead, where nothing can be formatted."""
        return f"{self}; {self.hint}".replace("`", "")


class Declined(UsageError):
    """The line is understood, but as things are it is not done; `hint` says what would be."""


class Reason(Enum):
    """Why podbot's own policy says no."""

    BOT = "bots may not use podbot"
    OUTSIDER = "not a member of this workspace"
    GUEST = "guests may not use podbot"
    UNKNOWN_MEMBER = "membership could not be checked"
    NO_GRANT = "no grant for this channel, person and namespace"
    EFFECT = "the tier may not do this"
    NO_NAMESPACE = "no namespace given and the channel has no default"
    FROZEN = "changes are frozen"
    STALE_POLICY = "the policy on disk has been broken for too long to make changes"
    NOT_YOURS = "only the person who asked may press this"
    EXPIRED = "the button or form is too old"
    CHANGED = "what was asked about is no longer the same"
    FORGED = "the button or form was not made by this podbot"
    SECRET = "the line seems to carry a secret"  # noqa: S105  # a reason, not a secret
    ALREADY = "this was done already"
    BUSY = "too much is running already"
    STOPPING = "podbot is being stopped"
    LATE = "too late to start a change"
    EDITED = "an edited message is no new one"
    POLICY = "the policy was changed meanwhile"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no as a value: why, what is missing, for whom, where, and whom to ask."""

    reason: Reason
    missing: str = ""
    whom: str = ""
    where: str = ""
    ask: str = ""


class Refused(PodbotError):
    """Carries a `Refusal` up the line to where it is answered and audited."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason.value)
        self.refusal = refusal


class ClusterError(PodbotError):
    """The API server, or the way to it, said no; `status` is HTTP's, `cause` the `Status` object's reason."""

    def __init__(self, message: str, *, status: int = 0, cause: str = "", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.cause = cause
        self.retry_after = retry_after


class BadName(ClusterError):
    """A name that could change the path of a request was stopped before any call."""


class Unreachable(ClusterError):
    """No connection: nothing was sent, so nothing happened."""


class TooSlow(ClusterError):
    """A read did not answer within its deadline."""


class Unauthenticated(ClusterError):
    """401: the API server does not know the bot's own credentials."""


class Forbidden(ClusterError):
    """403 for the person or tier that asked."""


class NotSetUp(ClusterError):
    """403 that names the bot itself: its own RBAC lacks an impersonation or a lease right."""


class NotFound(ClusterError):
    """404."""


class NoMetrics(ClusterError):
    """The cluster serves no metrics API, or what should serve it does not answer."""


class AlreadyExists(ClusterError):
    """409 AlreadyExists."""


class Conflict(ClusterError):
    """409 for another reason: a precondition (UID, resourceVersion) no longer holds."""


class Expired(ClusterError):
    """410: the list or watch is too old to go on."""


class Invalid(ClusterError):
    """400 or 422: the server or an admission plugin refuses the object as it is."""


class TooMany(ClusterError):
    """429: the server is busy, or a disruption budget forbids the eviction now."""


class ServerFault(ClusterError):
    """5xx on a read, or an answer that is no answer."""


class OutcomeUnknown(ClusterError):
    """A change was sent and its answer is missing or ambiguous: it may have happened."""


class ChatError(PodbotError):
    """Slack refused or did not answer; `code` is Slack's own error word."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class FormTooLate(ChatError):
    """Slack opens a form only soon after what somebody did, and once."""


class CannotPost(ChatError):
    """podbot may not post in this channel (not a member, archived, restricted)."""
