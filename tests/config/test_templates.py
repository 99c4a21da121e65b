from pathlib import Path
from typing import Any

import pytest
import yaml

from config.errors import ConfigError
from config.settings import SHIPPED_TEMPLATES
from config.templates import Template, load_templates, parse_templates, place

SHIPPED = load_templates(SHIPPED_TEMPLATES)


def template(**changed: Any) -> dict[str, Any]:
    """Return a small valid template as a tree, with some of its keys changed."""
    return {
        "name": "box",
        "summary": "A box",
        "parameters": {"image": {"type": "image", "default": "busybox:1.35"}},
        "pod": pod(),
        **changed,
    }


def pod(**changed: Any) -> dict[str, Any]:
    """Return the small template's pod, with some of its keys changed."""
    image = {"parameter": "image"}
    return {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", "image": image}]}, **changed}


def with_parameter(**parameter: Any) -> dict[str, Any]:
    """Return the small template with one more parameter, that is used."""
    metadata = {"annotations": {"a": {"parameter": "x"}}}
    return template(parameters={**template()["parameters"], "x": parameter}, pod=pod(metadata=metadata))


def problems(tree: dict[str, Any]) -> dict[str, str]:
    """Return the mends of a template by key; {} where it is valid."""
    try:
        parse_templates({"box.yaml": yaml.safe_dump(tree).encode()})
    except ConfigError as error:
        return {problem.key: problem.mend for problem in error.problems}
    return {}


def test_shipped_templates_are_the_seven_documented_ones() -> None:
    """Seven templates are shipped, each in the file of its name."""
    names = ["adapter", "ambassador", "claim", "debug", "shared-volume", "sidecar", "single"]
    assert list(SHIPPED) == names == sorted(path.stem for path in SHIPPED_TEMPLATES.iterdir())


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_template_is_bounded_and_restricted(name: str) -> None:
    """Each shipped container has requests and limits, escalates nothing, drops all capabilities and pulls once."""
    spec = SHIPPED[name].pod["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in [*spec["containers"], *spec.get("initContainers", [])]:
        assert container["imagePullPolicy"] == "IfNotPresent"
        assert container["resources"].keys() == {"requests", "limits"}
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_template_uses_two_images_only(name: str) -> None:
    """Without parameters only busybox:1.35 and nginx:1.22 are pulled."""
    spec = SHIPPED[name].pod["spec"]
    images = [container["image"] for container in [*spec["containers"], *spec.get("initContainers", [])]]
    defaults = {SHIPPED[name].parameters[used].default if (used := place(image)) else image for image in images}
    assert defaults <= {"busybox:1.35", "nginx:1.22"}


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_parameters_say_what_they_are(name: str) -> None:
    """Each shipped parameter has a summary."""
    assert all(parameter.summary for parameter in SHIPPED[name].parameters.values())


def test_small_template_is_valid() -> None:
    """The template that the other tests change is valid itself."""
    assert problems(template()) == {}
    assert problems(with_parameter(default="a")) == {}


@pytest.mark.parametrize(
    ("tree", "keys"),
    [
        (template(name="Box"), {"name"}),
        (template(name="b" * 41), {"name"}),
        (template(pod=pod(kind="Deployment")), {"pod.kind"}),
        (template(pod=pod(apiVersion="v2")), {"pod.kind"}),
        (template(pod=pod(spec=[{"image": {"parameter": "image"}}])), {"pod.spec"}),
        (template(pod=pod(status={})), {"pod.status"}),
        (template(pod=pod(metadata={"namespace": "kube-system"})), {"pod.metadata"}),
        (template(pod=pod(metadata={"name": "x"})), {"pod.metadata"}),
        (template(pod=pod(metadata=[])), {"pod.metadata"}),
        (template(pod=pod(metadata={"annotations": {"a": {"parameter": "imag"}}})), {"pod.metadata.annotations.a"}),
        (template(pod=pod(metadata={"labels": {"parameter": "image", "b": "c"}})), {"pod.metadata.labels"}),
        (template(pod=pod(metadata={"labels": {"parameter": 1}})), {"pod.metadata.labels"}),
        (template(parameters={}), {"pod.spec.containers.0.image"}),
        (template(parameters={**template()["parameters"], "unused": {}}), {"parameters.unused"}),
        (template(parameters={"Image": {}}), {"parameters.Image"}),
        (template(parameters={"a=b": {}}), {"parameters.a=b"}),
        (template(sumary="x"), {"sumary"}),
        (template(pod=pod(metadata={"labels": {"a": float("nan")}})), {"pod"}),
        (with_parameter(type="text"), {"parameters.x.type"}),
        (with_parameter(pattern="("), {"parameters.x.pattern"}),
        (with_parameter(type="integer", pattern="1"), {"parameters.x.pattern"}),
        (with_parameter(type="choice"), {"parameters.x.choices"}),
        (with_parameter(choices=["a"]), {"parameters.x.choices"}),
        (with_parameter(minimum=1), {"parameters.x.minimum"}),
        (with_parameter(type="integer", minimum=1, maximum="x"), {"parameters.x.maximum"}),
        (with_parameter(type="quantity", maximum="NaN"), {"parameters.x.maximum"}),
        (with_parameter(type="quantity", minimum="-1"), {"parameters.x.minimum"}),
        (with_parameter(type="integer", minimum=2, default=1), {"parameters.x.default"}),
        (with_parameter(type="integer", default="one"), {"parameters.x.default"}),
        (with_parameter(type="quantity", maximum="1Gi", default="2Gi"), {"parameters.x.default"}),
        (with_parameter(type="choice", choices=["a"], default="b"), {"parameters.x.default"}),
        (with_parameter(pattern="a+", default="b"), {"parameters.x.default"}),
        (with_parameter(type="boolean", default="maybe"), {"parameters.x.default"}),
        (with_parameter(default="two\nlines"), {"parameters.x.default"}),
    ],
)
def test_wrong_template_is_refused_by_its_key(tree: dict[str, Any], keys: set[str]) -> None:
    """Every mistake in a template is refused under the key that it stands at."""
    assert problems(tree).keys() == keys


def test_lost_place_names_the_nearest_parameter() -> None:
    """A place of no parameter is answered with the one that was meant."""
    tree = template(pod=pod(metadata={"annotations": {"a": {"parameter": "imag"}}}))
    assert problems(tree) == {"pod.metadata.annotations.a": "no parameter “imag”; did you mean “image”?"}


def test_unquoted_date_is_refused() -> None:
    """A value that JSON can't carry, such as a date without quotes, is refused."""
    content = b"name: a\nsummary: a\npod: {apiVersion: v1, kind: Pod, metadata: {labels: {a: 2026-11-24}}, spec: {}}\n"
    with pytest.raises(ConfigError, match=r"a\.yaml: pod: only text, numbers, .*; quote a date"):
        parse_templates({"a.yaml": content})


def test_duplicate_names_and_problems_of_all_files_come_together() -> None:
    """Two templates of one name are refused, together with what is wrong in other files."""
    good = yaml.safe_dump(template()).encode()
    with pytest.raises(ConfigError) as caught:
        parse_templates({"a.yaml": good, "b.yaml": good, "c.yaml": b"name: c\n"})
    assert [(one.file, one.key) for one in caught.value.problems] == [
        ("b.yaml", "name"),
        ("c.yaml", "summary"),
        ("c.yaml", "pod"),
    ]


def test_missing_folder_is_named(tmp_path: Path) -> None:
    """A folder that is not there is an error that names it."""
    with pytest.raises(ConfigError, match="gone: can't be read"):
        load_templates(tmp_path / "gone")


def test_template_can_not_be_changed() -> None:
    """A template is frozen."""
    with pytest.raises(ValueError, match="frozen"):
        Template.model_validate(template()).name = "x"  # type: ignore[misc]  # what is refused
