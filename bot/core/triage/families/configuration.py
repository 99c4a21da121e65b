"""What a container's configuration names and does not find, or asks of its user and node in vain.

The messages are the kubelet's: https://github.com/kubernetes/kubernetes/tree/master/pkg/kubelet/kuberuntime.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.triage.finders import Cause, Finder, either, waiting
from bot.core.triage.findings import Finding, Sureness
from bot.core.triage.looking import waits
from bot.core.triage.next_steps import describe, node
from bot.core.triage.references import missing, told_missing
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot

_SOURCE: Final = "https://kubernetes.io/docs/tasks/configure-pod-container/"
NOT_MADE: Final = frozenset({"CreateContainerConfigError"})
_FAILED: Final = frozenset({"CreateContainerError", "RunContainerError"})
_USER = r"runAsNonRoot|non-root|non-numeric user"
_UNSUPPORTED = r"user namespace|idmap|RROUnsupported|recursive read-only|seccomp|apparmor|userns"

_root: Finder = either(
    waiting(
        NOT_MADE,
        Cause(
            "{container} must not run as root, but nothing says which other user: the image names {user}",
            "Set runAsUser to a number",
            describe,
        ),
        r"non-numeric user \((?P<user>[^)]{1,100})\)",
    ),
    waiting(
        NOT_MADE,
        Cause(
            "{container} must not run as root (runAsNonRoot), and its image's user is root",
            "Set runAsUser to another user, or use an image that has one",
            describe,
        ),
        _USER,
    ),
)


def _references(seen: Snapshot) -> Iterator[Finding]:
    for one in waits(seen, NOT_MADE):
        lost = missing(one.said)
        if lost:
            yield told_missing(seen, lost, one.proof, one.container)


_rule = partial(Rule, source=_SOURCE)

FAMILY: Final = Family(
    "configuration",
    (
        _rule(
            "C1",
            "CreateContainerConfigError that names a ConfigMap, a Secret or a key",
            "a reference leads nowhere",
            _references,
            ("C3",),
        ),
        _rule("C2", "CreateContainerConfigError, runAsNonRoot", "the image's user is root", _root, ("C3",)),
        _rule(
            "C6",
            "a container that cannot be made for user namespaces, idmap, seccomp or AppArmor",
            "node or runtime does not support it",
            waiting(
                _FAILED | NOT_MADE,
                Cause("the node cannot give {container} what its security context asks for", "", node),
                _UNSUPPORTED,
            ),
            ("C3", "C4"),
        ),
        _rule(
            "C3",
            "CreateContainerError, CreateContainerConfigError without a reference",
            "a name, a mount or a stuck runtime",
            either(
                waiting(
                    {"CreateContainerError"},
                    Cause("{container} cannot be made: its name is still taken on the node", "", node),
                    r"name .{1,300} is (?:already in use|reserved)",
                ),
                waiting(
                    {"CreateContainerError", *NOT_MADE},
                    Cause("{container} cannot be made: {why}", "Mend what the message names", node, Sureness.LIKELY),
                    r"(?P<why>failed to (?:prepare|create) subPath|no command specified|context deadline exceeded)",
                ),
                waiting({"CreateContainerError", *NOT_MADE}, Cause("{container} cannot be made", "", describe)),
            ),
        ),
    ),
)
