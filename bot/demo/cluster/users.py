"""Who sends a request: bearer tokens. Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bot.demo.cluster.asked import Asked
from bot.demo.cluster.status import unauthorized

AUTHENTICATED: Final = "system:authenticated"
ACCOUNTS: Final = "system:serviceaccounts"
MASTERS: Final = "system:masters"
ACCOUNT_PREFIX: Final = "system:serviceaccount:"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody as the API server knows them."""

    name: str
    groups: tuple[str, ...] = ()
    uid: str = ""
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def authenticated(self) -> "User":
        """Return the same with the group of everyone who is known."""
        return self if AUTHENTICATED in self.groups else replace(self, groups=(*self.groups, AUTHENTICATED))


ADMINISTRATOR: Final = User("admin", (MASTERS,), "admin")
_ANONYMOUS = User("system:anonymous", ("system:unauthenticated",))


def service_account(namespace: str, name: str, uid: str = "") -> User:
    """Return a ServiceAccount as a user."""
    return User(f"{ACCOUNT_PREFIX}{namespace}:{name}", account_groups(namespace), uid)


def account_groups(namespace: str) -> tuple[str, ...]:
    """Return the groups of a namespace's ServiceAccounts."""
    return (ACCOUNTS, f"{ACCOUNTS}:{namespace}")


def authenticate(asked: Asked, tokens: Mapping[str, User]) -> User:
    """Return who sent the request; an unknown token is the server's 401, none at all is the anonymous user."""
    scheme, _, token = asked.header("Authorization").partition(" ")
    if scheme.lower() != "bearer":
        return _ANONYMOUS
    user = tokens.get(token.strip())
    if user is None:
        raise unauthorized()
    return user.authenticated()
