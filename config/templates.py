"""Pod templates: their typed parameters, and a pod with places for them."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, Field, model_validator

from config.errors import ConfigError, Problem, cross_check, near
from config.files import parse, read
from config.models import Strict, validate
from config.parameters import Parameter, ParameterType, Value

__all__ = [
    "Parameter",
    "ParameterType",
    "Template",
    "Value",
    "load_templates",
    "parse_templates",
    "place",
    "read_folder",
]

PLACE: Final = "parameter"
_ENDINGS = (".yaml", ".yml")
_PARAMETER_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_POD_KEYS = frozenset({"apiVersion", "kind", "metadata", "spec"})
_METADATA_KEYS = frozenset({"labels", "annotations"})


def _parameter_name(text: str) -> str:
    if not _PARAMETER_NAME.fullmatch(text):
        raise ValueError("not a parameter's name; use a-z, 0-9 and “-”, a letter first, at most 40")
    return text


def _plain(pod: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(pod, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError("only text, numbers, booleans, lists and mappings; quote a date") from error
    return pod


ParameterName = Annotated[str, AfterValidator(_parameter_name)]


class Template(Strict):
    """A pod to create: `pod` is a manifest in which `{parameter: NAME}` stands wherever a value is filled in."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", max_length=40)]
    summary: Annotated[str, Field(max_length=150)]
    parameters: dict[ParameterName, Parameter] = Field(default_factory=dict)
    pod: Annotated[dict[str, Any], AfterValidator(_plain)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        cross_check([*self._not_a_pod(), *self._lost_places(), *self._unused()])
        return self

    def _not_a_pod(self) -> Iterator[tuple[str, str]]:
        if self.pod.get("apiVersion") != "v1" or self.pod.get("kind") != "Pod":
            yield "pod.kind", "write apiVersion: v1 and kind: Pod; a template is always a pod"
        if not isinstance(self.pod.get("spec"), dict):
            yield "pod.spec", "missing; write the pod's spec"
        for key in self.pod.keys() - _POD_KEYS:
            yield f"pod.{key}", "a pod to create has only apiVersion, kind, metadata and spec"
        metadata = self.pod.get("metadata", {})
        if not isinstance(metadata, dict) or metadata.keys() - _METADATA_KEYS:
            yield "pod.metadata", "only labels and annotations; podbot writes the name and the namespace"

    def _lost_places(self) -> Iterator[tuple[str, str]]:
        for where, name in _places(self.pod, "pod"):
            if name is None:
                yield where, f"a place for a value is {{{PLACE}: NAME}} and nothing else"
            elif name not in self.parameters:
                yield where, f"no parameter “{name}”{near(name, list(self.parameters)) or '; add it to parameters'}"

    def _unused(self) -> Iterator[tuple[str, str]]:
        used = {name for _, name in _places(self.pod, "pod")}
        for name in self.parameters.keys() - used:
            yield f"parameters.{name}", "used nowhere in the pod; use or remove it"


def place(node: object) -> str | None:
    """Return the parameter's name where `node` is a place for a value, else None."""
    if isinstance(node, dict) and len(node) == 1:
        name = node.get(PLACE)
        return name if isinstance(name, str) else None
    return None


def _places(node: object, where: str) -> Iterator[tuple[str, str | None]]:
    """Yield each place in the tree and its parameter's name, None where it is not a proper one."""
    if isinstance(node, dict) and PLACE in node:
        yield where, place(node)
    elif isinstance(node, dict):
        for key, child in node.items():
            yield from _places(child, f"{where}.{key}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _places(child, f"{where}.{index}")


def load_templates(folder: Path) -> dict[str, Template]:
    """Read every template (*.yaml, *.yml) in `folder`, by name; raise `ConfigError` with all problems of all files."""
    return parse_templates(read_folder(folder))


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the content of each template's file, by path."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix in _ENDINGS)
    except OSError as error:
        raise ConfigError(
            str(folder), "", f"can't be read ({error.strerror}); check the path and its rights"
        ) from error
    return {str(path): read(path) for path in paths}


def parse_templates(files: Mapping[str, bytes]) -> dict[str, Template]:
    """Return the templates that the files hold, by name; raise `ConfigError` with all problems of all files."""
    found: dict[str, Template] = {}
    problems: list[Problem] = []
    for file, content in files.items():
        try:
            template = validate(Template, parse(content, file), file)
        except ConfigError as error:
            problems += error.problems
            continue
        if template.name in found:
            problems.append(Problem(file, "name", f"another file has a template “{template.name}” already; rename one"))
        found[template.name] = template
    if problems:
        raise ConfigError.of(problems)
    return dict(sorted(found.items()))
