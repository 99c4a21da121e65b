"""Selectors and node affinities of raw JSON in words, as kubectl writes them.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors.
"""

from bot.core.reading import mapping, objects, strings, text, texts
from bot.core.resources import Json

_COMPARED = {"Gt": ">", "Lt": "<"}


def label_selector(value: object) -> str:
    """Return a LabelSelector as one would type it: "app=web,tier in (a,b),!old"; empty where it has no requirement."""
    selector = mapping(value)
    equal = (f"{key}={wanted}" for key, wanted in strings(selector.get("matchLabels")).items())
    return ",".join((*equal, *map(_requirement, objects(selector.get("matchExpressions")))))


def node_affinity(value: object) -> str:
    """Return what a NodeAffinity requires of a node: terms of which one must hold, each of requirements that all must.

    Source: https://kubernetes.io/docs/reference/kubernetes-api/core/persistent-volume-v1/#PersistentVolumeSpec.
    """
    terms = objects(mapping(mapping(value).get("required")).get("nodeSelectorTerms"))
    return " or ".join(filter(None, map(_term, terms)))


def _term(term: Json) -> str:
    parts = (*objects(term.get("matchExpressions")), *objects(term.get("matchFields")))
    return ",".join(map(_requirement, parts))


def _requirement(raw: Json) -> str:
    key, operator, values = text(raw.get("key")), text(raw.get("operator")), texts(raw.get("values"))
    match operator:
        case "Exists":
            return key
        case "DoesNotExist":
            return f"!{key}"
        case "In" if len(values) == 1:
            return f"{key}={values[0]}"
        case "Gt" | "Lt":
            return f"{key}{_COMPARED[operator]}{''.join(values)}"
    return f"{key} {operator.lower()} ({','.join(values)})"
