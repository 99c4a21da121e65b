"""A pod before it is sent, from each of the places that `create` makes one of: a template, a PodTemplate, YAML."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.creation import facts
from bot.core.documents import read_document
from bot.core.errors import UsageError
from bot.core.filling import fill, generated_name
from bot.core.manifests import check_keys, written_pod
from bot.core.names import Namespace, PodName
from bot.core.reading import mapping
from bot.core.resources import Json
from config.templates import Template


@dataclass(frozen=True, slots=True)
class Draft:
    """A pod to complete and to send; `source` says it on a line, `origin` in words, and `facts` what is in it.

    `template` names the template that it is labelled with, and is empty for YAML.
    """

    name: PodName
    source: tuple[str, ...]
    origin: str
    pod: Json = field(repr=False)
    template: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: a template or YAML, the pod's name or the end of one to make up, and parameters."""

    template: str | None
    name: PodName | None
    suffix: str
    values: Mapping[str, str]
    yaml: bool = False

    @property
    def pod(self) -> PodName:
        """The pod's name, made of its template's where none was given."""
        return self.name or PodName(generated_name(self.template or "", self.suffix))

    @property
    def source(self) -> tuple[str, ...]:
        """What says the same on a line, with the pod's name written out."""
        return (self.template or "", self.pod, *(f"{key}={value}" for key, value in self.values.items()))


def of_template(template: Template, wish: Wish) -> Draft:
    """Fill one of podbot's own templates; raise `UsageError` for values that do not fit."""
    pod = fill(template, wish.values)
    origin = f"from template {template.name}"
    return Draft(wish.pod, wish.source, origin, pod, template.name)


def of_pod_template(raw: Json, name: str, wish: Wish) -> Draft:
    """Take a PodTemplate object's pod: labels, annotations and spec. It has no parameters."""
    if wish.values:
        raise UsageError(f"PodTemplate {name} has no parameters", hint=f"type create {name} alone", verb="create")
    template = mapping(raw.get("template"))
    metadata = mapping(template.get("metadata"))
    kept = {key: check_keys(key, mapping(metadata.get(key))) for key in ("labels", "annotations")}
    pod: Json = {"metadata": kept, "spec": mapping(template.get("spec"))}
    origin = f"from PodTemplate {name}"
    return Draft(wish.pod, wish.source, origin, pod, name, tuple(facts(pod)))


def of_document(text: str, namespace: Namespace) -> Draft:
    """Read a Pod that somebody wrote; raise `UsageError` for what is none, and for what podbot does not take."""
    written = written_pod(read_document(text), namespace)
    said = tuple(facts(written.pod, written.left_out))
    return Draft(written.name, ("--yaml",), "from YAML", written.pod, facts=said)
