"""Secrets that a name gives away: `password=…`, `"client_secret": "…"`, `--token …`, and a container's env.

Kubernetes' own words stay: `secretName: db`, `token: expired`, an image `acme/reset-password:1.2`.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.core.secrets import Span

_ALWAYS = r"pass(?:word|wd|phrase)|[_-](?:pass|pwd)"
_KEYS = r"api[ _-]?key|(?:access|secret|private|signing|encryption|account|auth|shared)[_-]?key(?:[_-]?base)?"
_OFTEN = rf"secret|token|credentials?|{_KEYS}"
_WORD = rf"(?:{_ALWAYS}|(?P<often>{_OFTEN}))(?:[_-]?\d{{1,3}})?"
_EQUALS = r"[ \t]*(?::=|=>|={1,2}|:(?!:))[ \t]*"
_NAMED: Final = re.compile(rf"{_WORD}(?P<quoted>\\{{0,3}}[\"'])?(?P<equals>{_EQUALS})", re.IGNORECASE)
_FLAG: Final = re.compile(
    rf"(?<![\w-])--(?:[\w-]{{0,40}}[_-])?(?:pass|pwd|{_ALWAYS}|{_OFTEN})"
    r"(?:[\"'][ \t]*,\s*|[\"']?[ \t]*\n[ \t]*- |[ \t]+(?!-))",
    re.IGNORECASE,
)
_ENV: Final = re.compile(
    rf"name[\"']?:[ \t]*[\"']?[\w.-]{{0,80}}?(?:{_ALWAYS}|{_OFTEN})[\w.-]{{0,20}}[\"']?[ \t]*"
    r"[,\n]\s*[\"']?value[\"']?:[ \t]*",
    re.IGNORECASE,
)

# What may end an unquoted value, where a blank, a further one of these, or the next assignment follows.
_CLOSERS = r"[\"'`&,;)\]}|]"
_FOLLOWS = rf"\s|\Z|{_CLOSERS}|[\w.-]{{1,40}}\\{{0,3}}[\"']?[ \t]?[=:]"
_VALUE: Final = re.compile(
    rf"""
      \\+["'](?P<escaped>[^"'\n]*?)(?=\\{{0,8}}["'\n]|\Z)
    | "(?P<double>(?:[^"\\\n]|\\.)+)
    | '(?P<single>[^'\n]+)
    | (?P<folded>[|>][-+]?[ \t]*(?:\n[ \t]+[^\n]*)+)
    | (?P<bare>(?:[^\s"'`&,;)\]}}|]|{_CLOSERS}(?!{_FOLLOWS}))+)
    """,
    re.VERBOSE,
)

_NO_SECRET: Final = re.compile(
    r"""(?:true|false|null|none|nil|yes|no|undefined|optional|required)[.,;]?
    | \$[({][\w.]+[)}]?                                        # a reference to a variable
    | (?:<|&lt;)(?:set|none|nil|unset|unknown|redacted)\b.*    # as `kubectl describe` says it
    | [{\[]+(?:\\{1,3}|[\w.-]+:)?                              # the beginning of a structure
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PLAIN_WORD: Final = re.compile(r"[A-Za-z]{1,20}(?:-[A-Za-z]{1,20}){0,4}[.,:;!?]{0,3}")
_TAG: Final = re.compile(r"(?:v?\d+(?:\.\d+){0,3}(?:-[a-z0-9.]{1,20})?|latest|stable|main)(?:@sha256:.*)?")

# One of these is in every telling name. To look for them first spares most texts the patterns, 50 times slower.
HINTS: Final = ("pass", "pwd", "secret", "token", "cred", "key")


def assigned(text: str) -> Iterator[Span]:
    """Yield where values are that stand after a telling name; quotes around them are left out."""
    folded = text.casefold()  # it takes the long s and the Kelvin sign for s and k, as IGNORECASE does
    if not any(hint in folded for hint in HINTS):
        return
    for name in (_NAMED, _FLAG, _ENV):
        covered = 0
        for found in name.finditer(text):
            value = _VALUE.match(text, found.end()) if found.end() >= covered else None
            if value and not _is_ordinary(text, found, value):
                covered = value.end()
                yield value.span(value.lastgroup or 0)


def _is_ordinary(text: str, name: re.Match[str], value: re.Match[str]) -> bool:
    said = value[value.lastgroup or 0]
    if _NO_SECRET.fullmatch(said):
        return True
    if name.re is not _NAMED or name["quoted"] or value.lastgroup != "bare":
        return False
    before = text[name.start() - 1 : name.start()]
    if name["equals"] == ":":
        return before in ("/", "-") and _TAG.fullmatch(said) is not None
    is_prose = name["often"] is not None and ":" in name["equals"] and not (before.isalnum() or before in ("_", "."))
    return is_prose and _PLAIN_WORD.fullmatch(said) is not None
