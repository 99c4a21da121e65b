"""Being somebody: an identity as the API server's impersonation headers.

Source: https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/.
"""

from urllib.parse import quote

from bot.core.errors import BadName
from bot.core.grants import Identity

Headers = tuple[tuple[str, str], ...]


def headers_for(identity: Identity) -> Headers:
    """Return the headers that make a request the identity's own; raises `BadName` where a value is no safe header.

    An empty Impersonate-User would mean no impersonation at all, and so the bot itself.
    """
    extras = (
        # A bare “/” in an extra's key is answered with 400, so the whole key is escaped.
        (f"Impersonate-Extra-{quote(key, safe='')}", value)
        for key, values in identity.extras.items()
        for value in values
    )
    groups = (("Impersonate-Group", group) for group in identity.groups)
    headers = (("Impersonate-User", identity.user), *groups, *extras)
    for name, value in headers:
        if not value or value != value.strip() or not value.isprintable():
            raise BadName(f"{value[:60]!r} cannot be sent as {name}")
    return headers
