"""Errors that programs of many kinds print in the same words, and what usually mends them."""

import re
from collections.abc import Mapping
from typing import Final

# The C library's words for errno, and what runtimes make of them:
# https://man7.org/linux/man-pages/man3/errno.3.html, https://nodejs.org/api/errors.html#common-system-errors.
_KNOWN: Final[Mapping[str, str]] = {
    r"address already in use|EADDRINUSE": "Something in the pod listens on that port already",
    r"heap out of memory|OutOfMemoryError|MemoryError|std::bad_alloc|cannot allocate memory|ENOMEM": (
        "The process ran out of memory by its own account: raise its limit, or its heap's"
    ),
    r"too many open files|EMFILE|ENFILE": "The process holds more files than it may: look for a leak",
    r"no space left on device|ENOSPC|disk quota exceeded": "A disk is full: see its volumes",
    r"read-only file system|EROFS": "It writes where nothing may be written: mount a volume there, or allow it",
    r"permission denied|EACCES": "Its user may not do that: see its security context and its volumes' owner",
    r"operation not permitted|EPERM": "It lacks a capability or a privilege: see its security context",
    r"certificate (?:has expired|verify failed|signed by unknown authority)|x509": "A certificate is not accepted",
    r"exec format error": "The program is for another architecture, or is a script without its first line",
    r"access denied for user|password authentication failed|authentication failed|invalid credentials": (
        "Credentials are not accepted: see the Secret that it takes them from"
    ),
    r"no module named|ModuleNotFoundError|cannot find module|ClassNotFoundException|NoClassDefFoundError": (
        "The image lacks a part of the program: build it again"
    ),
    r"KeyError: '?[A-Z][A-Z0-9_]+|(?:missing|required) (?:environment|env)|"
    r"(?:environment|env)\w* .{0,60}(?:not set|required|missing)": (
        "An environment variable is missing: see the container's env"
    ),
    r"no such file or directory|ENOENT|FileNotFoundError": "A file is missing: see the image and the volumes",
}
_COMPILED: Final = tuple((re.compile(pattern, re.IGNORECASE), said) for pattern, said in _KNOWN.items())


def advice_for(line: str) -> str:
    """Return what usually mends an error, as a sentence; empty for one that is not known."""
    return next((said for pattern, said in _COMPILED if pattern.search(line)), "")
