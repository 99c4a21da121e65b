"""What secrets look like: where in a text they are, in time linear to its length.

No pattern demands anything after an unbounded repetition, so that a failed attempt is always short. Untrusted text
is only ever searched here, never made into a pattern.
"""

import re
from collections.abc import Iterator
from typing import Final

Span = tuple[int, int]

# Forms that issuers have given their tokens so that they can be found, and base64 of JSON (a JWT, a docker config).
# Before each stand words of which every such token has one: to look for these first is fast, and most texts have none.
_FORMS: Final = (
    (("xox", "xapp-"), r"(?:xox[a-z](?:\.xox[a-z])?|xapp)-[\w-]{8,}"),  # Slack
    (("eyJ",), r"eyJ[\w+/=-]{14,}(?:\.{1,2}[\w+/=-]+)*"),  # JWT, a service account's token
    (("AKIA", "ASIA"), r"(?:AKIA|ASIA)[A-Z0-9]{16,}"),  # AWS
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"), r"(?:gh[pousr]|github_pat)_\w{20,}"),  # GitHub
    (("gl",), r"gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas|imt)-[\w.-]{16,}"),  # GitLab
    (("AIza", "ya29.", "GOCSPX-"), r"(?:AIza[\w-]|ya29\.|GOCSPX-)[\w-]{20,}"),  # Google
    (("k_live_", "k_test_", "whsec_"), r"(?:[srp]k_(?:live|test)|whsec)_[\w+/=]{10,}"),  # Stripe
    (("npm_", "hf_"), r"(?:npm|hf)_\w{30,}"),  # npm, Hugging Face
    (("pypi-",), r"pypi-[\w-]{40,}"),  # PyPI
    (("sk-ant-", "sk-proj-"), r"sk-(?:ant-|proj-)[\w-]{20,}"),  # Anthropic, OpenAI
    (("SG.",), r"SG\.[\w-]{16,}\.[\w-]{16,}"),  # SendGrid
    (("hvs.",), r"hvs\.[\w-]{20,}"),  # Vault
    (("_v1_",), r"do[opr]_v1_\w{40,}"),  # DigitalOcean
    # A PEM block in base64, on one line or wrapped, as Secrets and kubeconfigs hold a key; not a certificate's.
    (("LS0tLS1CRUdJTi",), r"LS0tLS1CRUdJTi(?!BDRVJU|BQVUJM)[\w+/=]{16,}(?:\s{1,8}[\w+/=]{40,})*"),
)
_TOKENS: Final = tuple((word, re.compile(form, re.ASCII)) for words, form in _FORMS for word in words)

# Where a secret stands after something that tells; the mask covers the named group. Before each stands what to look for
# first, in lower case.
_PLACES: Final = (
    ("://", re.compile(r"://[^\s/:@\"]*:(?P<secret>[^\s/\"]+)@")),
    (
        "author",
        re.compile(r"(?i:authorization)\W{1,4}(?i:basic|bearer|token|digest|negotiate)[ \t]+(?P<secret>[^\s\"',;`]+)"),
    ),
    (
        "bearer",
        re.compile(r"(?i:bearer)[ \t]+(?P<secret>[\w.~+/=-]{20,}|(?=[A-Za-z.~+/=_-]{0,20}\d)[\w.~+/=-]{6,})", re.ASCII),
    ),
    ("cook", re.compile(r"(?i:cookie)[\"']?:[ \t]*(?P<secret>[^\s=;:]{1,128}=[^\n\"']+)")),
    # What `docker login` keeps, a user and a password in base64; a word in small letters is none.
    (
        '"auth',
        re.compile(r"\"auth\\?\"\s{0,4}:\s{0,4}\\?\"(?![a-z]{1,40}\\?\")(?P<secret>[\w+/]{8,}={0,2})", re.ASCII),
    ),
    (
        "hooks.slack.com",
        re.compile(r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[\w/-]+)", re.ASCII),
    ),
)

_FRAMED: Final = "PRIVATE KEY"
_KIND = r"-----(?:{})[A-Z0-9 ]{{1,30}}PRIVATE KEY(?: BLOCK)?-----"
_KEY_END: Final = re.compile(_KIND.format("END"))
_KEY_BEGIN: Final = re.compile(_KIND.format("BEGIN"))

HINTS: Final = (*(word for word, _ in _TOKENS), *(word for word, _ in _PLACES), _FRAMED)
"""One of these is in every text that holds any of what is looked for here, in whatever case."""


def tokens(text: str) -> Iterator[Span]:
    """Yield where tokens of a known form are, whatever stands around them."""
    for form in {form for word, form in _TOKENS if word in text}:
        for found in form.finditer(text):
            yield found.span()


def places(text: str) -> Iterator[Span]:
    """Yield where credentials stand in URLs and headers."""
    folded = text.casefold()  # it takes the Kelvin sign for k, as ignoring case does
    for word, place in _PLACES:
        if word in folded:
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
