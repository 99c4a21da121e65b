"""What pods use of CPU and memory, beside what they request and may use at most.

Sources: https://github.com/kubernetes/metrics/blob/master/pkg/apis/metrics/v1beta1/types.go and
https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from bot.core.ages import moment
from bot.core.quantities import quantity
from bot.core.reading import mapping, objects, text
from bot.core.resources import Json

Kind = Literal["requests", "limits"]
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Figure:
    """How much of one resource is used, requested and allowed, in its base unit; None where nothing is said.

    `partial`: some containers have a limit and others none, so that all together have none.
    """

    used: Decimal = _NOTHING
    request: Decimal | None = None
    limit: Decimal | None = None
    partial: bool = False

    @property
    def of_limit(self) -> Decimal | None:
        """The part of the limit that is used."""
        return self.used / self.limit if self.limit else None


@dataclass(frozen=True, slots=True)
class Use:
    """What a pod uses, or one container of it."""

    pod: str
    container: str
    cpu: Figure
    memory: Figure


@dataclass(frozen=True, slots=True)
class Measured:
    """A pod's use as it was measured at a time, over a span such as "15s"; `containers` in the order of the spec."""

    whole: Use
    containers: tuple[Use, ...]
    at: datetime | None
    window: str = ""


def measured(pod: Json, metrics: Json) -> Measured:
    """Return what a PodMetrics object says of a pod; `pod` may be empty, where it went meanwhile."""
    name = text(mapping(metrics.get("metadata")).get("name"))
    spec = mapping(pod.get("spec"))
    used = {text(one.get("name")): mapping(one.get("usage")) for one in objects(metrics.get("containers"))}
    lasting = {text(one.get("name")): one for one in _lasting(spec)}
    known = [one for one in lasting if one in used]
    names = [*known, *(one for one in used if one not in lasting)]
    return Measured(
        Use(name, "", _pods(spec, used.values(), "cpu"), _pods(spec, used.values(), "memory")),
        tuple(_container(name, one, lasting.get(one, {}), used[one]) for one in names),
        moment(metrics.get("timestamp")),
        text(metrics.get("window")),
    )


def _lasting(spec: Json) -> list[Json]:
    """Return the containers that run as long as the pod: the ordinary ones and sidecars."""
    sidecars = [one for one in objects(spec.get("initContainers")) if one.get("restartPolicy") == "Always"]
    return [*sidecars, *objects(spec.get("containers"))]


def _container(pod: str, name: str, spec: Json, usage: Json) -> Use:
    cpu, memory = (
        Figure(
            quantity(usage.get(resource)) or _NOTHING,
            _said(spec, "requests", resource),
            _said(spec, "limits", resource),
        )
        for resource in ("cpu", "memory")
    )
    return Use(pod, name, cpu, memory)


def _pods(spec: Json, usages: Iterable[Json], resource: str) -> Figure:
    """Return a pod's figure; what the pod itself requests or is allowed counts before the sum of its containers."""
    used = sum((quantity(usage.get(resource)) or _NOTHING for usage in usages), _NOTHING)
    requests = [_said(one, "requests", resource) for one in _lasting(spec)]
    limits = [_said(one, "limits", resource) for one in _lasting(spec)]
    own_request, own_limit = _said(spec, "requests", resource), _said(spec, "limits", resource)
    request = own_request if own_request is not None else _sum(requests)
    if own_limit is not None:
        return Figure(used, request, own_limit)
    if None in limits:
        return Figure(used, request, None, partial=any(one is not None for one in limits))
    return Figure(used, request, _sum(limits))


def _said(spec: Json, kind: Kind, resource: str) -> Decimal | None:
    return quantity(mapping(mapping(spec.get("resources")).get(kind)).get(resource))


def _sum(amounts: list[Decimal | None]) -> Decimal | None:
    said = [amount for amount in amounts if amount is not None]
    return sum(said, _NOTHING) if said else None
