"""Values into a template's parsed tree, never into text, so that a value can't change the structure."""

import shlex
from collections.abc import Mapping
from typing import Any, Final

from bot.core.asks import Ask
from bot.core.errors import UsageError
from bot.core.guesses import did_you_mean
from bot.core.labels import MANAGED_BY, is_value, own_key
from bot.core.resources import Json
from config.parameters import Parameter, Value, convert
from config.templates import Template, place

MANAGER: Final = "podbot"
TEMPLATE_LABEL: Final = "podbot.io/template"
CREATED_BY: Final = "podbot.io/created-by"

_LONGEST_BASE = 50  # with it, a generated name fits a label's 63


def fill(template: Template, values: Mapping[str, str]) -> Json:
    """Return a new pod with the typed words in `values`, or defaults, in their places; raise `UsageError`."""
    _check_names(template, values)
    filled = {
        name: converted(name, parameter, values.get(name, parameter.usual or ""))
        for name, parameter in template.parameters.items()
    }
    return {key: _filled(node, filled) for key, node in template.pod.items()}


def preview(template: Template) -> Json:
    """Return the pod with a sample of each parameter, or “…” where only the template's author knows one."""
    samples: dict[str, Value] = {
        name: "…" if parameter.sample is None else convert(parameter, parameter.sample)
        for name, parameter in template.parameters.items()
    }
    return {key: _filled(node, samples) for key, node in template.pod.items()}


def example(template: Template) -> str:
    """Return a line that works: every parameter that must be given, or else the first one."""
    needed = [name for name, parameter in template.parameters.items() if parameter.usual is None]
    chosen = needed or list(template.parameters)[:1]
    values = (f"{name}={template.parameters[name].sample or '…'}" for name in chosen)
    return shlex.join(("create", template.name, f"my-{template.name}", *values))


def manifest(
    pod: Json,
    *,
    name: str,
    namespace: str,
    labels: Mapping[str, str],
    annotations: Mapping[str, str],
    ttl: int | None,
    template: str = "",
) -> Json:
    """Return a new, complete manifest of a filled `pod`; `ttl` are the seconds until the kubelet ends it.

    Labels and annotations are added to the pod's own, and a label names its `template`, if it has one. Raises
    `UsageError` for a reserved label and for a ttl of 0.
    """
    for key in labels:
        own_key(key)
    if ttl is not None and ttl < 1:
        raise UsageError("a pod can't end at once", hint="give --ttl at least 1s, such as --ttl 1h")
    metadata, spec = pod.get("metadata", {}), dict(pod["spec"])
    if ttl is not None:
        spec["activeDeadlineSeconds"] = ttl
    ours = {MANAGED_BY: MANAGER, **({TEMPLATE_LABEL: template} if is_value(template) and template else {})}
    return {
        **pod,
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            **metadata,
            "name": name,
            "namespace": namespace,
            "labels": {**(metadata.get("labels") or {}), **labels, **ours},
            "annotations": {**(metadata.get("annotations") or {}), **annotations},
        },
        "spec": spec,
    }


def generated_name(template: str, random: str) -> str:
    """Return a pod's name made of its template's, cut to fit, and a few random lower-case letters and digits."""
    return f"{template[:_LONGEST_BASE].rstrip('-.')}-{random}"


def created_by(ask: Ask) -> dict[str, str]:
    """Return the annotation that says who created a pod and where: Slack's team, user and channel id."""
    return {CREATED_BY: f"{ask.team}/{ask.user}/{ask.channel}"}


def _check_names(template: Template, values: Mapping[str, str]) -> None:
    known = list(template.parameters)
    for name in values:
        if name not in template.parameters:
            hint = did_you_mean(name, known, f"it has {', '.join(known) or 'none'}")
            raise UsageError(f"template {template.name} has no parameter “{name[:60]}”", hint=hint)
    required = (name for name, parameter in template.parameters.items() if parameter.usual is None)
    if missing := [name for name in required if name not in values]:
        example = " ".join(f"{name}=…" for name in missing)
        raise UsageError(f"template {template.name} needs {', '.join(missing)}", hint=f"add {example}")


def converted(name: str, parameter: Parameter, word: str) -> Value:
    """Return a typed word as a parameter's value, or raise `UsageError`."""
    try:
        return convert(parameter, word)
    except ValueError as error:
        raise UsageError(f"“{name}” does not take that value", hint=f"use {error}") from error


def _filled(node: Any, values: Mapping[str, Value]) -> Any:
    if (name := place(node)) is not None:
        return values[name]
    if isinstance(node, dict):
        return {key: _filled(child, values) for key, child in node.items()}
    if isinstance(node, list):
        return [_filled(child, values) for child in node]
    return node
