"""How to delete: within which time, and only what is still the same.

Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/delete-options/.
"""

from dataclasses import dataclass
from http import HTTPStatus

from bot.core.reading import mapping, text
from bot.core.resources import Json
from bot.demo.cluster import bodies, kinds
from bot.demo.cluster.asked import Asked
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.status import StatusError, invalid, unsupported, wrong

_POLICIES = ("Foreground", "Background", "Orphan")
_EXCLUSIVE = "orphanDependents and deletionPropagation cannot be both set"


@dataclass(frozen=True, slots=True)
class DeleteOptions:
    """DeleteOptions; `grace` None is the object's own, empty preconditions hold for all."""

    grace: int | None
    uid: str
    version: str
    dry_run: bool
    orphans: bool

    @classmethod
    def read(cls, asked: Asked) -> "DeleteOptions":
        """Read a deletion's options, or raise the server's refusal of them."""
        if asked.request.body:
            return cls.of(bodies.read_as(asked, "DeleteOptions", "v1"), asked, dry_run=False)
        return cls.of({}, asked, dry_run="All" in asked.options("dryRun"))

    @classmethod
    def of(cls, told: Json, asked: Asked, *, dry_run: bool) -> "DeleteOptions":
        """Return what is told, or the query where it says the same; `dry_run` where the query's counts beside it."""
        _check(told)
        same = mapping(told.get("preconditions"))
        grace = told.get("gracePeriodSeconds", asked.number("gracePeriodSeconds"))
        dry_run = dry_run or bool(told.get("dryRun"))
        orphans = told.get("propagationPolicy") == "Orphan" or bool(told.get("orphanDependents"))
        return cls(grace, text(same.get("uid")), text(same.get("resourceVersion")), dry_run, orphans)

    def check(self, kind: Kind, item: Json) -> None:
        """Raise the server's 409 unless the object is the one that is meant."""
        metadata = item["metadata"]
        uid, version = metadata["uid"], metadata["resourceVersion"]
        if self.uid not in ("", uid):
            if kind is kinds.NAMESPACES:
                raise _stale(
                    kind.plural,
                    metadata["name"],
                    f"{_FAILED}UID in precondition: {self.uid}, UID in object meta: {uid}",
                )
            same = f"the UID in the precondition ({self.uid}) does not match the UID in record ({uid})"
            raise _stale(kind.name, metadata["name"], f"{same}. The object might have been deleted and then recreated")
        if self.version not in ("", version):
            same = (
                f"the ResourceVersion in the precondition ({self.version}) does not match the ResourceVersion in record"
            )
            raise _stale(kind.name, metadata["name"], f"{same} ({version}). The object might have been modified")


_FAILED = "Precondition failed: "


def _check(told: Json) -> None:
    causes = []
    policy = told.get("propagationPolicy")
    if policy is not None and told.get("orphanDependents") is not None:
        causes.append(wrong("propagationPolicy", policy, _EXCLUSIVE))
    if policy not in (None, *_POLICIES):
        causes.append(unsupported("propagationPolicy", policy, (*_POLICIES, "nil")))
    if set(dry := told.get("dryRun") or []) - {"All"}:
        causes.append(unsupported("dryRun", dry, ["All"]))
    if causes:
        raise invalid("DeleteOptions", "", causes, group="meta.k8s.io")


def _stale(kind: str, name: str, why: str) -> StatusError:
    message = f'Operation cannot be fulfilled on {kind} "{name}": {why}'
    return StatusError(HTTPStatus.CONFLICT, "Conflict", message, details={"name": name, "kind": kind})
