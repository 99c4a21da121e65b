"""Checks of the names that configuration holds; each returns its text or raises ValueError with what to write.

Every name here may become part of an API path, a header or an RBAC object.
"""

import re
from collections.abc import Callable
from typing import Final

RESERVED: Final = "system:"
OWN: Final = "podbot:"

_LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_LONGEST = 253


def _shaped(pattern: str, mend: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(mend)
        return text

    return check


_BY_ID = "its name can't stand for it"
team = _shaped(r"T[A-Z0-9]{2,20}", f"not a workspace's id; write one such as T0ACME, {_BY_ID}")
user = _shaped(r"[UW][A-Z0-9]{2,20}", f"not a user's id; write one such as U024BE7LH, {_BY_ID}")
usergroup = _shaped(r"S[A-Z0-9]{2,20}", f"not a usergroup's id; write one such as S0ONCALL, {_BY_ID}")
channel = _shaped(r"[CG][A-Z0-9]{2,20}", f"not a channel's id; write one such as C0TEAM, {_BY_ID}")
namespace = _shaped(_LABEL, "not a namespace; write each one out: a-z, 0-9 and “-”, at most 63, no wildcards")
cluster_name = _shaped(_LABEL, "not a cluster's name; use a-z, 0-9 and “-”, at most 63")
tier_name = _shaped(r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?", "not a tier's name; use a-z, 0-9 and “-”, at most 40")


def kubernetes_name(text: str) -> str:
    """Check the name of a Kubernetes user or group."""
    if not text or text != text.strip() or not text.isprintable() or len(text) > _LONGEST:
        raise ValueError(f"not the name of a Kubernetes user or group; use 1 to {_LONGEST} printable characters")
    if text.startswith(RESERVED):
        raise ValueError(f"{RESERVED} names are Kubernetes' own; podbot never acts as one, so use another")
    return text


def persons_name(text: str) -> str:
    """Check the name of a user or group that a person is; podbot's own are for tiers alone."""
    if text.startswith(OWN):
        raise ValueError(f"{OWN} names are for tiers; write who the person is in Kubernetes")
    return kubernetes_name(text)
