"""The way to a server: this machine itself, or through the proxy that the environment names."""

import ipaddress
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def proxy_for(url: str) -> str | None:
    """Return the environment's proxy for `url`, as Go's client does; none for this machine, or where NO_PROXY says so.

    Source: https://pkg.go.dev/net/http#ProxyFromEnvironment. Raises `ValueError` for what is no URL.
    """
    parts = urlsplit(url)
    if is_loopback(url) or proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get(parts.scheme) or None


def is_loopback(url: str) -> bool:
    """Whether a URL's server is this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
