"""LimitRange at admission: what containers are given, and between which limits pods and claims must stay.

Source: https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/admission/limitranger/admission.go.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from bot.core.reading import mapping, objects, text
from bot.core.resources import Json
from bot.demo.cluster import kinds
from bot.demo.cluster.kinds import Kind
from bot.demo.cluster.rules import amount, written
from bot.demo.cluster.status import forbidden
from bot.demo.cluster.store import Store

_ANNOTATION: Final = "kubernetes.io/limit-ranger"
_PARTS: Final = (("initContainers", "init container"), ("containers", "container"))

Amounts = Mapping[str, str]


def filled(store: Store, kind: Kind, namespace: str, body: Json) -> Json:
    """Return a new pod with the requests and limits that its containers are given, and an annotation that says so."""
    if kind is not kinds.PODS:
        return body
    for limit in store.list(kinds.LIMIT_RANGES, namespace):
        body = _filled(limit, body)
    return body


def admit(store: Store, kind: Kind, item: Json) -> None:
    """Raise the 403 for a pod or a claim that a limit range of its namespace does not let in."""
    if kind is not kinds.PODS and kind is not kinds.CLAIMS:
        return
    for limit in store.list(kinds.LIMIT_RANGES, item["metadata"]["namespace"]):
        problems = [*_problems(kind, limit, item)]
        if problems:
            why = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
            raise forbidden("", kind.plural, item["metadata"]["name"], why)


def limits_with_defaults(limit: Json) -> Json:
    """Return one limit with what the server derives: defaults from the most, requests from defaults or the least."""
    if limit.get("type") != "Container":
        return limit
    default = {**mapping(limit.get("max")), **mapping(limit.get("default"))}
    asked = {**mapping(limit.get("min")), **default, **mapping(limit.get("defaultRequest"))}
    return {**limit, **({"default": default} if default else {}), **({"defaultRequest": asked} if asked else {})}


def _filled(limit: Json, body: Json) -> Json:
    given: dict[str, Amounts] = {"requests": {}, "limits": {}}
    for one in objects(mapping(limit.get("spec")).get("limits")):
        if one.get("type") == "Container":
            given["requests"] = {**given["requests"], **mapping(one.get("defaultRequest"))}
            given["limits"] = {**given["limits"], **mapping(one.get("default"))}
    spec, told = dict(mapping(body.get("spec"))), list[str]()
    for part, words in _PARTS:
        if part in spec:
            spec[part] = [_container(one, given, words, told) for one in objects(spec[part])]
    if not told:
        return body
    metadata = mapping(body.get("metadata"))
    annotations = {**mapping(metadata.get("annotations")), _ANNOTATION: f"LimitRanger plugin set: {'; '.join(told)}"}
    return {**body, "metadata": {**metadata, "annotations": annotations}, "spec": spec}


def _container(container: Json, given: Mapping[str, Amounts], words: str, told: list[str]) -> Json:
    own = mapping(container.get("resources"))
    limits = mapping(own.get("limits"))
    has = {"requests": {**limits, **mapping(own.get("requests"))}, "limits": limits}
    for key, one in (("requests", "request"), ("limits", "limit")):
        if missing := sorted(given[key].keys() - has[key].keys()):
            told.append(f"{', '.join(missing)} {one} for {words} {container.get('name')}")
    merged = {key: {**given[key], **has[key]} for key in has}
    return {**container, "resources": {**own, **{key: value for key, value in merged.items() if value}}}


def _problems(kind: Kind, limit: Json, item: Json) -> Iterator[str]:
    for one in objects(mapping(limit.get("spec")).get("limits")):
        match text(one.get("type")):
            case "Container" if kind is kinds.PODS:
                for container in (*objects(item["spec"].get("initContainers")), *objects(item["spec"]["containers"])):
                    yield from _outside(one, *_amounts([container]))
            case "Pod" if kind is kinds.PODS:
                yield from _outside(one, *_amounts(objects(item["spec"]["containers"])))
            case "PersistentVolumeClaim" if kind is kinds.CLAIMS:
                asked = {key: amount(value) for key, value in _asked(item, "requests").items()}
                yield from _outside(one, asked, None)


def _amounts(containers: tuple[Json, ...] | list[Json]) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Return what containers ask for together, and their limits together where each has one."""
    sums: list[dict[str, Decimal]] = []
    for key in ("requests", "limits"):
        every = [mapping(mapping(one.get("resources")).get(key)) for one in containers]
        shared = set.intersection(*(set(one) for one in every)) if every else set()
        sums.append({name: sum((amount(one[name]) for one in every), Decimal(0)) for name in shared})
    return sums[0], sums[1]


def _outside(limit: Json, asked: Mapping[str, Decimal], limits: Mapping[str, Decimal] | None) -> Iterator[str]:
    of = limit["type"]
    for name, least in mapping(limit.get("min")).items():
        start = f"minimum {name} usage per {of} is {least}"
        if name not in asked:
            yield f"{start}.  No request is specified"
        elif asked[name] < amount(least):
            yield f"{start}, but request is {written(asked[name])}"
        elif limits and name in limits and limits[name] < amount(least):
            yield f"{start}, but limit is {written(limits[name])}"
    for name, most in mapping(limit.get("max")).items():
        yield from _above(f"maximum {name} usage per {of} is {most}", name, amount(most), asked, limits)
    for name, ratio in mapping(limit.get("maxLimitRequestRatio")).items():
        yield from _apart(f"{name} max limit to request ratio per {of} is {ratio}", name, amount(ratio), asked, limits)


def _above(
    start: str, name: str, most: Decimal, asked: Mapping[str, Decimal], limits: Mapping[str, Decimal] | None
) -> Iterator[str]:
    if limits is None:
        if name not in asked:
            yield f"{start}.  No request is specified"
    elif name not in limits:
        yield f"{start}.  No limit is specified"
    elif limits[name] > most:
        yield f"{start}, but limit is {written(limits[name])}"
        return
    if name in asked and asked[name] > most:
        yield f"{start}, but request is {written(asked[name])}"


def _apart(
    start: str, name: str, ratio: Decimal, asked: Mapping[str, Decimal], limits: Mapping[str, Decimal] | None
) -> Iterator[str]:
    if not asked.get(name):
        yield f"{start}, but no request is specified or request is 0"
    elif not (limits or {}).get(name):
        yield f"{start}, but no limit is specified or limit is 0"
    elif (limits or {})[name] / asked[name] > ratio:
        yield f"{start}, but provided ratio is {(limits or {})[name] / asked[name]:.6f}"


def _asked(item: Json, key: str) -> Amounts:
    return mapping(mapping(item["spec"].get("resources")).get(key))
