"""The forms of `create`: when one is wanted, what it asks for, and the line that it stands for."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.creating import CreateForm
from bot.core.errors import UsageError
from bot.core.forms import Field, Filled, Form, FormWrongError, Input
from bot.core.parsing import parse
from config.parameters import Parameter
from config.templates import Template
from handlers.create import COMMAND, Create

FORM = CreateForm()


def template(parameters: Mapping[str, Any], name: str = "it") -> Template:
    """Return a template whose container gets every parameter as an environment variable."""
    env = [{"name": f"V{index}", "value": {"parameter": one}} for index, one in enumerate(parameters)]
    container = {"name": "app", "image": "busybox", "env": env}
    pod = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [container]}}
    given = {one: Parameter.model_validate(parameter) for one, parameter in parameters.items()}
    return Template(name=name, summary="A pod", parameters=given, pod=pod)


IT = template(
    {
        "image": {"type": "image", "default": "nginx:1.22", "summary": "The image"},
        "port": {"type": "integer", "default": 80, "minimum": 1, "maximum": 65535},
        "quiet": {"type": "boolean", "default": False},
        "level": {"type": "choice", "choices": ["low", "high"]},
        "cpu": {"type": "quantity", "default": "100m", "minimum": "1m"},
        "name": {"pattern": "[a-z]+", "default": "x"},
    }
)
TEMPLATES = {"it": IT, "other": template({}, "other")}


def asked(line: str) -> Create:
    """Return what a line asks for."""
    request = parse(line, {"create": COMMAND}).asked
    assert isinstance(request, Create)
    return request


def form(line: str, templates: Mapping[str, Template] = TEMPLATES) -> Form:
    """Return the form for a line."""
    return FORM.form(asked(line), templates)


def fill(line: str = "create it", **values: str) -> Filled:
    """Send the form for a line with some fields filled in; “p_” stands for a parameter."""
    named = {name.replace("p_", "parameter/"): value for name, value in values.items()}
    fresh = {field.name: field.value for field in form(line).fields}
    return FORM.filled(asked(line), {**fresh, **named}, TEMPLATES)


@pytest.mark.parametrize("line", ["create", "create it", "create it -n shop", "create --yaml", "create --dry-run"])
def test_a_line_that_says_too_little_wants_a_form(line: str) -> None:
    """A form is wanted without a template, or with a template alone."""
    assert FORM.wanted(asked(line), TEMPLATES)


@pytest.mark.parametrize(
    "line",
    ["create it web", "create ti", "create it port=1", "create it -l a=b", "create it --ttl 1h", "create it --dry-run"],
)
def test_a_line_that_says_more_wants_none(line: str) -> None:
    """A name, a parameter or an option shows that the asker knows what to type; of an unknown template none is made."""
    assert not FORM.wanted(asked(line), TEMPLATES)


def test_without_a_template_only_that_is_asked() -> None:
    """The first form asks for the template, and keeps the options that were typed."""
    choose = Field(
        "template",
        "Template",
        Input.CHOICE,
        hint="Its parameters appear once it is chosen.",
        choices=("it", "other"),
        is_required=True,
        changes_form=True,
    )
    assert form("create") == Form("Create a pod", "create", (choose,), "Create")
    assert form("create --dry-run") == Form("Create a pod", "create --dry-run", (choose,), "Check")


def test_each_parameter_is_a_field() -> None:
    """The template's parameters stand between the name and what every pod has, with default, summary and limits."""
    made = form("create it")
    choose, *fields = made.fields
    assert (choose.value, choose.hint, made.line) == ("it", "A pod", "create it")
    assert fields == [
        Field("name", "Name", hint="The pod's name. Left empty: podbot makes one."),
        Field("parameter/image", "image", value="nginx:1.22", hint="The image. An image such as nginx:1.22."),
        Field("parameter/port", "port", value="80", hint="A whole number, at least 1, at most 65535."),
        Field("parameter/quiet", "quiet", Input.CHOICE, value="no", choices=("yes", "no")),
        Field("parameter/level", "level", Input.CHOICE, choices=("low", "high"), is_required=True),
        Field("parameter/cpu", "cpu", value="100m", hint="A quantity such as 100m, at least 1m."),
        Field("parameter/name", "name", value="x", hint="Text that matches [a-z]+"),
        Field("labels", "Labels", hint="key=value, several joined by commas. May stay empty."),
        Field("ttl", "Time to live", hint="Kubernetes ends the pod after it: 90s, 5m, 1h30m or 2d."),
    ]


def test_options_of_the_line_stand_in_the_form() -> None:
    """Labels and time that were typed are there when the template is chosen."""
    line = FORM.chosen(asked("create -l team=shop,a=b --ttl 90m --dry-run"), {"template": "it"})
    assert line == "create it -l team=shop,a=b --ttl 5400s --dry-run"
    values = {field.name: field.value for field in form(line).fields}
    assert (values["labels"], values["ttl"]) == ("team=shop,a=b", "5400s")


def test_the_pins_are_the_templates_edition() -> None:
    """A form holds for this edition of its template, and no other."""
    edited = template({"image": {"type": "image", "default": "nginx:1.23"}})
    assert form("create it").pins.keys() == {"template/it"}
    assert form("create it").pins == form("create it").pins
    assert form("create it").pins != form("create it", {"it": edited}).pins


def test_defaults_are_left_out_of_the_line() -> None:
    """A form sent with little changed is a short line, quoted where it must be."""
    assert fill(p_level="low") == Filled("create it level=low")
    said = fill(
        name=" web ", p_image="busybox", p_port="", p_quiet="yes", p_level="high", labels="a=b,c=d", ttl="1h30m"
    )
    assert said == Filled("create it web image=busybox quiet=yes level=high -l a=b,c=d --ttl 1h30m")


def test_only_checked_stays_only_checked() -> None:
    """--dry-run of the line is in the line that the form stands for."""
    assert fill("create it --dry-run", p_level="low").line == "create it level=low --dry-run"


def test_every_wrong_field_is_named_at_once() -> None:
    """Each field gets the words that the line would get, all at once."""
    with pytest.raises(FormWrongError) as caught:
        fill(name="web 1", p_image="no image", p_port="0", p_cpu="much", p_name="7", labels="team", ttl="5")
    assert caught.value.errors == {
        "name": "“web 1” is not a pod name; use 1 to 253 of a-z, 0-9, - and ., with a letter or digit first and last",
        "labels": "“team” is not a label; type key=value, several joined by commas: app=web,tier=front",
        "ttl": "“5” lacks a unit; type 5s for seconds or 5m for minutes",
        "parameter/image": "“image” does not take that value; use an image such as nginx:1.22 or"
        " registry.example.com/team/app:2.1",
        "parameter/port": "“port” does not take that value; use at least 1",
        "parameter/level": "template it needs level; fill it in",
        "parameter/cpu": "“cpu” does not take that value; use a quantity such as 500m, 1.5 or 64Mi",
        "parameter/name": "“name” does not take that value; use text that matches [a-z]+",
    }


def test_a_reserved_label_is_wrong() -> None:
    """A label of Kubernetes' own is refused beside its field."""
    with pytest.raises(FormWrongError, match=r"label “kubernetes\.io/hostname” is reserved; use a key of your own"):
        fill(p_level="low", labels="kubernetes.io/hostname=x")


@pytest.mark.parametrize("line", ["create", "create it"])
def test_a_form_sent_before_its_fields_came(line: str) -> None:
    """A template chosen a moment ago, whose fields have not been shown yet, is not filled with another's."""
    with pytest.raises(FormWrongError) as caught:
        fill(line, template="other")
    assert caught.value.errors == {"template": "the fields of this template are not shown yet; choose it again"}


def test_yaml_is_the_forms_document() -> None:
    """The YAML form has one field, and what is pasted there goes as it is, beside the line."""
    made = form("create --yaml")
    assert [(field.name, field.input, field.is_required) for field in made.fields] == [("yaml", Input.LONG_TEXT, True)]
    document = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: []}\n"
    assert fill("create --yaml --dry-run", yaml=document) == Filled("create --yaml --dry-run", document)
    with pytest.raises(FormWrongError, match="is empty"):
        fill("create --yaml", yaml=" \n ")


@pytest.mark.parametrize(
    ("line", "templates", "said"),
    [
        ("create ti", TEMPLATES, "there is no template “ti”"),
        ("create", {}, "there are no templates"),
        ("create it", {"it": template({f"p{index}": {} for index in range(91)})}, "too many parameters"),
    ],
)
def test_no_form_without_its_template(line: str, templates: Mapping[str, Template], said: str) -> None:
    """A template that is not there, or is too big for a form, is a usage error with what to do."""
    with pytest.raises(UsageError, match=said) as caught:
        form(line, templates)
    assert caught.value.hint


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_was_filled_in_is_one_word_of_the_line(value: str, name: str) -> None:
    """Whatever is filled in either is wrong, or is read back from the line as that one value."""
    templates = {"it": template({"message": {}})}
    values = {"template": "it", "name": name, "parameter/message": value, "labels": "", "ttl": ""}
    try:
        line = FORM.filled(asked("create it"), values, templates).line
    except FormWrongError:
        return
    back = asked(line)
    assert (back.values, back.name or "", back.template) == ({"message": value.strip()}, name.strip(), "it")
    assert (back.labels, back.ttl, back.yaml, back.dry_run) == (None, None, False, False)
