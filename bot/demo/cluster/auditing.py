"""The simulated API server's own record of every request."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.demo.cluster.asked import Asked
from bot.demo.cluster.users import User


@dataclass(frozen=True, slots=True)
class Entry:
    """One request: who sent it, who it was made as (empty: the sender), and how it was answered.

    As in reality, a refused impersonation is recorded as the sender's own.
    """

    verb: str
    path: str
    user: str
    code: int
    resource: str = ""
    namespace: str = ""
    name: str = ""
    impersonated: str = ""
    groups: tuple[str, ...] = ()
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def allowed(self) -> bool:
        """Whether it was neither unknown nor forbidden."""
        return self.code not in (401, 403)


def entry(asked: Asked, sender: User | None, target: User | None, code: int) -> Entry:
    """Record a request; `sender` is None for an unknown token."""
    resource = f"{asked.resource}/{asked.subresource}" if asked.subresource else asked.resource
    user = sender.name if sender else ""
    where = (asked.verb, asked.request.path, user, code, resource, asked.namespace, asked.name)
    return Entry(*where) if target is None else Entry(*where, target.name, target.groups, target.extra)
