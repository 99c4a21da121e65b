"""What secrets look like: where in a text they are, in time linear to its length.

No pattern demands anything after an unbounded repetition, so that a failed attempt is always short. Untrusted text
is only ever searched here, never made into a pattern.
"""

import re
from collections.abc import Iterator
from typing import Final

Span = tuple[int, int]

# Forms that issuers have given their tokens so that they can be found, and base64 of JSON (a JWT, a docker config).
_TOKENS: Final = re.compile(
    r"""
      (?:xox[a-z](?:\.xox[a-z])?|xapp)-[\w-]{8,}       # Slack
    | eyJ[\w+/=-]{14,}(?:\.{1,2}[\w+/=-]+)*            # JWT, a service account's token
    | (?:AKIA|ASIA)[A-Z0-9]{16,}                       # AWS
    | (?:gh[pousr]|github_pat)_\w{20,}                 # GitHub
    | gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas|imt)-[\w.-]{16,}  # GitLab
    | (?:AIza[\w-]|ya29\.|GOCSPX-)[\w-]{20,}           # Google
    | (?:[srp]k_(?:live|test)|whsec)_[\w+/=]{10,}      # Stripe
    | (?:npm|hf)_\w{30,}                               # npm, Hugging Face
    | pypi-[\w-]{40,}                                  # PyPI
    | sk-(?:ant-|proj-)[\w-]{20,}                      # Anthropic, OpenAI
    | SG\.[\w-]{16,}\.[\w-]{16,}                       # SendGrid
    | hvs\.[\w-]{20,}                                  # Vault
    | do[opr]_v1_\w{40,}                               # DigitalOcean
    """,
    re.ASCII | re.VERBOSE,
)

# Where a secret stands after something that tells; the mask covers the named group.
_PLACES: Final = (
    re.compile(r"://[^\s/:@\"]*:(?P<secret>[^\s/\"]+)@"),
    re.compile(r"(?i:authorization)\W{1,4}(?i:basic|bearer|token|digest|negotiate)[ \t]+(?P<secret>[^\s\"',;`]+)"),
    re.compile(r"(?i:bearer)[ \t]+(?P<secret>[\w.~+/=-]{20,}|(?=[A-Za-z.~+/=_-]{0,20}\d)[\w.~+/=-]{6,})", re.ASCII),
    re.compile(r"(?i:cookie)[\"']?:[ \t]*(?P<secret>[^\s=;:]{1,128}=[^\n\"']+)"),
    re.compile(r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[\w/-]+)", re.ASCII),
)

_KIND = r"-----(?:{})[A-Z0-9 ]{{1,30}}PRIVATE KEY(?: BLOCK)?-----"
_KEY_END: Final = re.compile(_KIND.format("END"))
_KEY_BEGIN: Final = re.compile(_KIND.format("BEGIN"))


def tokens(text: str) -> Iterator[Span]:
    """Yield where tokens of a known form are, whatever stands around them."""
    for found in _TOKENS.finditer(text):
        yield found.span()


def places(text: str) -> Iterator[Span]:
    """Yield where credentials stand in URLs and headers."""
    for place in _PLACES:
        for found in place.finditer(text):
            yield found.span("secret")


def private_keys(text: str) -> Iterator[Span]:
    """Yield PEM blocks with their frames; one that was cut reaches back to the start, or on to the end, of the text."""
    start = 0
    for end in _KEY_END.finditer(text):
        begin = _KEY_BEGIN.search(text, start, end.start())
        yield (begin.start() if begin else start), end.end()
        start = end.end()
    if begin := _KEY_BEGIN.search(text, start):
        yield begin.start(), len(text)
