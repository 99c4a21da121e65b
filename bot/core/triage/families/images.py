"""Why an image is not there.

The reasons are the kubelet's: https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/types.go; the
messages are the container runtime's and the registry's, so that they are read after the reason and tolerantly.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.reading import objects, text
from bot.core.triage.finders import Cause, Finder
from bot.core.triage.findings import Evidence, Finding, Sureness
from bot.core.triage.looking import event_proof, matches, told, waits
from bot.core.triage.next_steps import events, kubectl, node
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot

_SOURCE: Final = "https://kubernetes.io/docs/concepts/containers/images/"
PULLING: Final = frozenset({"ErrImagePull", "ImagePullBackOff"})
_SECRET = "FailedToRetrieveImagePullSecret"  # noqa: S105  # an event's reason
_PULL_SECRETS = kubectl("get serviceaccount,secret -n {ns}")
_ABSENT = r"not found|manifest unknown|manifest for .{1,300} (?:unknown|not found)|NotFound|repository name not known"
_DENIED = r"\b40[13]\b|unauthorized|forbidden|pull access denied|insufficient_scope|authentication required|denied:"
_RATE = r"\b429\b|toomanyrequests|too many requests|pull rate limit"
_NETWORK = (
    r"no such host|i/o timeout|connection refused|connection reset|network is unreachable|no route to host|x509|"
    r"tls: |certificate|server misbehaving|dial tcp|deadline exceeded|client\.timeout|\bEOF\b"
)
_FULL = r"no space left on device"
_PLATFORM = r"no match for platform|no matching manifest for"


def _pull(cause: Cause, pattern: str, but: str = "") -> Finder:
    """Return a rule over why a pull failed: what the kubelet says now, else what its last event of the pull says."""

    def find(seen: Snapshot) -> Iterator[Finding]:
        for one in waits(seen, PULLING):
            said, proofs = _said(seen, one.container.image, one.container.name, one.said)
            if matches(pattern, said) and not (but and matches(but, said)):
                yield cause.found(seen, (one.proof, *proofs), container=one.container)

    return find


def _said(seen: Snapshot, image: str, container: str, waiting: str) -> tuple[str, tuple[Evidence, ...]]:
    pulls = told(seen, {"Failed"}, "Failed to pull image")
    mine = (one for one in pulls if one.container == container or f'"{image}"' in one.message)
    event = next(mine, None)
    return (f"{waiting} {event.message}", (event_proof(event),)) if event else (waiting, ())


def _pull_secrets(seen: Snapshot) -> str:
    return ", ".join(text(one.get("name")) for one in objects(seen.spec.get("imagePullSecrets")))


def _denied(seen: Snapshot) -> Iterator[Finding]:
    names = _pull_secrets(seen)
    having = f"its pull secrets are {names}" if names else "it names no pull secret"
    cause = Cause(
        "image {image} cannot be pulled: the registry gives no access, or has no such repository",
        f"Check the repository's name, and the credentials: {having}",
        _PULL_SECRETS,
    )
    return _pull(cause, _DENIED, but=_RATE)(seen)


def _no_secret(seen: Snapshot) -> Iterator[Finding]:
    """Say that a pull secret is missing, which harms nothing while the image can be pulled without it."""
    pulling = next(waits(seen, PULLING), None)
    event = next(told(seen, {_SECRET}), None)
    if pulling and event:
        cause = Cause(
            "a pull secret that it names does not exist: {names}",
            "Make the Secret in this namespace, or name another",
            _PULL_SECRETS,
        )
        proofs = (event_proof(event), pulling.proof)
        yield cause.found(seen, proofs, groups={"names": _pull_secrets(seen)}, container=pulling.container)


def _waits(reason: str, cause: Cause) -> Finder:
    def find(seen: Snapshot) -> Iterator[Finding]:
        for one in waits(seen, {reason, *PULLING}):
            if one.reason == reason or reason in one.said:
                yield cause.found(seen, (one.proof,), container=one.container)

    return find


def _unknown(seen: Snapshot) -> Iterator[Finding]:
    """Say that a pull fails where nothing told why: the event may be forgotten."""
    cause = Cause("image {image} cannot be pulled", "Check its name and tag", events, Sureness.LIKELY)
    return _pull(cause, "")(seen)


def _crossed(seen: Snapshot) -> Iterator[Finding]:
    """Say that an image is for another architecture, where its pull or its first run says so."""
    cause = Cause("image {image} is not made for the architecture of node {node}", "Use an image for it", node)
    groups = {"node": seen.pod.node}
    for one in waits(seen, PULLING, _PLATFORM):
        yield cause.found(seen, (one.proof,), groups=groups, container=one.container)
    for log in seen.logs:
        line = next((one for one in log.text.splitlines() if "exec format error" in one), "")
        container = next((one for one in seen.pod.all_containers if one.name == log.container), None)
        if line and container:
            proof = Evidence(f"log of {log.container}", line)
            likely = Cause(cause.words, cause.advice, node, Sureness.LIKELY)
            yield likely.found(seen, (proof,), groups=groups, container=container)


_rule = partial(Rule, source=_SOURCE)
_REST = ("I0",)

FAMILY: Final = Family(
    "images",
    (
        _rule(
            "I7",
            "InvalidImageName",
            "the reference is no image's name",
            _waits("InvalidImageName", Cause("{image} is no valid name of an image", "Mend the image's name")),
            _REST,
        ),
        _rule(
            "I8",
            "ErrImageNeverPull",
            "it is not on the node, and may not be pulled",
            _waits(
                "ErrImageNeverPull",
                Cause(
                    "image {image} is not on the node, and imagePullPolicy Never forbids to pull it",
                    "Load it there, or allow the pull",
                    node,
                ),
            ),
            _REST,
        ),
        _rule(
            "I10",
            "SignatureValidationFailed",
            "the signature policy refuses it",
            _waits(
                "SignatureValidationFailed",
                Cause("the signature of image {image} is not accepted on this node", "Sign it, or use one that is"),
            ),
            _REST,
        ),
        _rule(
            "I9",
            "ImageInspectError",
            "the runtime's store of images is damaged",
            _waits(
                "ImageInspectError",
                Cause("the container runtime of the node cannot read image {image}", "Mend the node's store", node),
            ),
            _REST,
        ),
        _rule(
            "I3",
            "FailedToRetrieveImagePullSecret beside a failing pull",
            "a pull secret is missing",
            _no_secret,
            ("I0", "I2"),
        ),
        _rule(
            "I4",
            "a pull's 429, `toomanyrequests`",
            "the registry limits the rate",
            _pull(
                Cause("image {image} cannot be pulled: the registry limits how often", "Wait, or pull as somebody"),
                _RATE,
            ),
            ("I0", "I1", "I2", "I5"),
        ),
        _rule(
            "I12",
            "a pull's `no space left on device`",
            "the node's image filesystem is full",
            _pull(Cause("image {image} cannot be pulled: the node's disk is full", "Free space there", node), _FULL),
            ("I0", "I1", "I5"),
        ),
        _rule(
            "I11",
            "`no match for platform`, `exec format error`",
            "the image is for another architecture",
            _crossed,
            ("I0", "I1", "R8", "C4"),
        ),
        _rule(
            "I6",
            "RegistryUnavailable",
            "the registry is out of order",
            _waits(
                "RegistryUnavailable",
                Cause("image {image} cannot be pulled: its registry is unavailable", "Wait for the registry", events),
            ),
            ("I0", "I5"),
        ),
        _rule(
            "I2", "a pull's 401, 403, `pull access denied`", "credentials are missing or wrong", _denied, ("I0", "I1")
        ),
        _rule(
            "I5",
            "a pull's `no such host`, timeout, refused, x509",
            "name, network or certificate on the way to the registry",
            _pull(
                Cause(
                    "image {image} cannot be pulled: the node does not reach its registry",
                    "Check the registry's name, the network and the certificate",
                    node,
                ),
                _NETWORK,
                but=_RATE,
            ),
            ("I0", "I1", "I2"),
        ),
        _rule(
            "I1",
            "a pull's `not found`, `manifest unknown`",
            "no such repository or tag",
            _pull(
                Cause("image {image} does not exist: no such repository or tag", "Check its name and tag", events),
                _ABSENT,
            ),
            _REST,
        ),
        _rule("I0", "ErrImagePull, ImagePullBackOff", "a pull fails for a reason that nothing tells", _unknown),
    ),
)
