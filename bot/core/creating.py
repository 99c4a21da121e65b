"""The forms of `create`: a template's parameters as fields, or a Pod's YAML. All pure."""

import hashlib
import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Protocol

from bot.core import durations, labels, parameter_fields
from bot.core.documents import read_document
from bot.core.errors import UsageError
from bot.core.forms import Field, Filled, Form, FormWrongError, Input, Values
from bot.core.guesses import did_you_mean
from bot.core.manifests import written_pod
from bot.core.names import pod_name
from config.templates import Template

MOST_PARAMETERS: Final = 90  # of the 100 blocks that a form may have
YAML: Final = "yaml"
_TEMPLATE, _NAME, _LABELS, _TTL = "template", "name", "labels", "ttl"


class Creating(Protocol):
    """What the line asks for so far."""

    @property
    def template(self) -> str | None:
        """The template's name."""

    @property
    def words(self) -> tuple[str, ...]:
        """The pod's name and the parameters."""

    @property
    def labels(self) -> tuple[tuple[str, str], ...] | None:
        """Labels for the pod."""

    @property
    def ttl(self) -> int | None:
        """The seconds until it ends."""

    @property
    def yaml(self) -> bool:
        """Whether it is made from YAML."""

    @property
    def dry_run(self) -> bool:
        """Whether it is only checked."""


class CreateForm:
    """Implements `bot.core.forms.FormMaker`."""

    def wanted(self, asked: Creating, templates: Mapping[str, Template]) -> bool:
        """Whether the line names no template, or one of podbot's own and nothing else."""
        if asked.template is None:
            return True
        return asked.template in templates and not (
            asked.words or asked.labels or asked.ttl or asked.yaml or asked.dry_run
        )

    def form(self, asked: Creating, templates: Mapping[str, Template]) -> Form:
        """Return a field for YAML, or one to choose a template, with those of the template that is chosen."""
        line = shlex.join(("create", *([asked.template] if asked.template else []), *_options(asked)))
        submit = "Check" if asked.dry_run else "Create"
        if asked.yaml:
            return Form("Create a pod from YAML", line, (_YAML_FIELD,), submit)
        template = _named(asked.template, templates)
        choose = Field(
            _TEMPLATE,
            "Template",
            Input.CHOICE,
            value=asked.template or "",
            hint=template.summary if template else "Its parameters appear once it is chosen.",
            choices=tuple(templates),
            is_required=True,
            changes_form=True,
        )
        if template is None:
            return Form("Create a pod", line, (choose,), submit)
        pins = {f"template/{template.name}": _digest(template)}
        return Form("Create a pod", line, (choose, *_fields(template, asked)), submit, pins)

    def chosen(self, asked: Creating, values: Values) -> str:
        """Return the line with the template that was chosen."""
        return shlex.join(("create", values.get(_TEMPLATE, ""), *_options(asked)))

    def filled(self, asked: Creating, values: Values, templates: Mapping[str, Template]) -> Filled:
        """Return the line that asks for the same, with every wrong field at once where there are any."""
        if asked.yaml:
            return _yaml(asked, values)
        template = _named(asked.template, templates)
        if template is None or values.get(_TEMPLATE) != template.name:
            raise FormWrongError({_TEMPLATE: "the fields of this template are not shown yet; choose it again"})
        given = {name: value.strip() for name, value in values.items()}
        errors = {**dict(_wrong(given)), **dict(parameter_fields.wrong(template, given))}
        if errors:
            raise FormWrongError(errors)
        options = (
            *(("-l", given[_LABELS]) if given.get(_LABELS) else ()),
            *(("--ttl", given[_TTL]) if given.get(_TTL) else ()),
            *(("--dry-run",) if asked.dry_run else ()),
        )
        names = [given[_NAME]] if given.get(_NAME) else []
        return Filled(shlex.join(("create", template.name, *names, *parameter_fields.words(template, given), *options)))


_YAML_FIELD = Field(
    YAML,
    "A Pod's YAML",
    Input.LONG_TEXT,
    hint="One Pod, as for kubectl; podbot writes its namespace. At most 3,000 characters.",
    is_required=True,
)


def _yaml(asked: Creating, values: Values) -> Filled:
    document = values.get(YAML, "")
    try:
        written_pod(read_document(document), None)
    except UsageError as error:
        raise FormWrongError({YAML: f"{error}; {error.hint}"}) from error
    return Filled(shlex.join(("create", *_options(asked))), document)


def _options(asked: Creating) -> tuple[str, ...]:
    given = _written(asked.labels)
    return (
        *(("-l", given) if given else ()),
        *(("--ttl", f"{asked.ttl}s") if asked.ttl else ()),
        *(("--yaml",) if asked.yaml else ()),
        *(("--dry-run",) if asked.dry_run else ()),
    )


def _written(pairs: tuple[tuple[str, str], ...] | None) -> str:
    return ",".join(f"{key}={value}" for key, value in pairs or ())


def _named(name: str | None, templates: Mapping[str, Template]) -> Template | None:
    if not templates:
        raise UsageError("there are no templates", hint="ask whoever runs podbot for one", verb="create")
    if name is None:
        return None
    if name not in templates:
        hint = did_you_mean(name, templates, "type templates to see them")
        raise UsageError(f"there is no template “{name[:60]}”", hint=hint, verb="create")
    if len(templates[name].parameters) > MOST_PARAMETERS:
        hint = f"type create {name} NAME PARAMETER=VALUE"
        raise UsageError(f"template {name} has too many parameters for a form", hint=hint, verb="create")
    return templates[name]


def _digest(template: Template) -> str:
    """Return what tells a template from its next edition."""
    content = json.dumps(template.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _fields(template: Template, asked: Creating) -> Iterator[Field]:
    yield Field(_NAME, "Name", hint="The pod's name. Left empty: podbot makes one.")
    yield from parameter_fields.fields(template)
    yield Field(
        _LABELS, "Labels", value=_written(asked.labels), hint="key=value, several joined by commas. May stay empty."
    )
    ttl = f"{asked.ttl}s" if asked.ttl else ""
    yield Field(_TTL, "Time to live", value=ttl, hint="Kubernetes ends the pod after it: 90s, 5m, 1h30m or 2d.")


def _labels(text: str) -> None:
    for key, _ in labels.labels(text):
        labels.own_key(key)


_READ: Mapping[str, Callable[[str], object]] = {_NAME: pod_name, _LABELS: _labels, _TTL: durations.seconds}


def _wrong(given: Values) -> Iterator[tuple[str, str]]:
    """Yield the fields that are wrong, and why, in the words that the line would get."""
    for name, read in _READ.items():
        try:
            if word := given.get(name):
                read(word)
        except UsageError as error:
            yield name, f"{error}; {error.hint}"
