import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.asks import Ask, Via
from bot.core.errors import UsageError
from bot.core.filling import created_by, example, fill, generated_name, manifest, preview
from config.settings import SHIPPED_TEMPLATES
from config.templates import Template, load_templates

TEMPLATE = Template.model_validate(
    {
        "name": "box",
        "summary": "A box",
        "parameters": {
            "image": {"type": "image", "default": "busybox:1.35"},
            "host": {"summary": "Where to go"},
            "port": {"type": "integer", "default": 80, "minimum": 1, "maximum": 65535},
            "read-only": {"type": "boolean", "default": False},
            "zero": {"type": "integer", "default": 0},
        },
        "pod": {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"labels": {"app": "box", "team": "none"}, "annotations": {"host": {"parameter": "host"}}},
            "spec": {
                "containers": [
                    {
                        "name": "a",
                        "image": {"parameter": "image"},
                        "command": ["sh", "-c", 'nc "$0"', {"parameter": "host"}],
                        "ports": [{"containerPort": {"parameter": "port"}}],
                        "securityContext": {"readOnlyRootFilesystem": {"parameter": "read-only"}},
                    }
                ],
                "priority": {"parameter": "zero"},
            },
        },
    }
)
FILLED: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"labels": {"app": "box", "team": "none"}, "annotations": {"host": "db"}},
    "spec": {
        "containers": [
            {
                "name": "a",
                "image": "busybox:1.35",
                "command": ["sh", "-c", 'nc "$0"', "db"],
                "ports": [{"containerPort": 80}],
                "securityContext": {"readOnlyRootFilesystem": False},
            }
        ],
        "priority": 0,
    },
}


def complete(**changed: Any) -> dict[str, Any]:
    """Complete the filled pod, with some of the arguments changed."""
    given = {"labels": {}, "annotations": {}, "ttl": None, **changed}
    return manifest(FILLED, name="box-abcde", namespace="shop", template="box", **given)


def refused(call: Callable[[], object]) -> tuple[str, str]:
    """Return the words of the usage error that a call raises, and its hint."""
    with pytest.raises(UsageError) as caught:
        call()
    return str(caught.value), caught.value.hint


def test_values_and_defaults_are_filled_in() -> None:
    """Each place gets the typed value or the default, of its own type, false and zero included."""
    assert fill(TEMPLATE, {"host": "db"}) == FILLED


def test_typed_value_wins_over_default() -> None:
    """A typed value is used instead of the default."""
    pod = fill(TEMPLATE, {"host": "db", "port": "8080", "read-only": "yes"})
    container = pod["spec"]["containers"][0]
    assert container["ports"] == [{"containerPort": 8080}]
    assert container["securityContext"] == {"readOnlyRootFilesystem": True}


def test_template_is_copied() -> None:
    """Changing a filled pod changes neither the template nor another pod of it."""
    pod = fill(TEMPLATE, {"host": "db"})
    pod["spec"]["containers"][0]["command"].append("x")
    pod["metadata"]["labels"]["x"] = "y"
    assert fill(TEMPLATE, {"host": "db"}) == FILLED


def test_unknown_parameter_names_the_nearest() -> None:
    """A misspelt parameter is answered with the one that was meant."""
    assert refused(lambda: fill(TEMPLATE, {"hots": "db"})) == (
        "template box has no parameter “hots”",
        "did you mean “host”?",
    )


def test_unknown_parameter_lists_all_where_none_is_near() -> None:
    """A parameter like no other is answered with the list of them, or that there are none."""
    bare = Template.model_validate({**TEMPLATE.model_dump(), "parameters": {}, "pod": FILLED})
    assert refused(lambda: fill(TEMPLATE, {"zzzz": "1"}))[1] == "it has image, host, port, read-only, zero"
    assert refused(lambda: fill(bare, {"zzzz": "1"}))[1] == "it has none"


def test_missing_value_is_named() -> None:
    """A parameter without a default must be given."""
    assert refused(lambda: fill(TEMPLATE, {})) == ("template box needs host", "add host=…")


def test_wrong_value_is_told_what_would_do() -> None:
    """A value that does not fit is answered with what does, and is not repeated."""
    assert refused(lambda: fill(TEMPLATE, {"host": "db", "port": "http"})) == (
        "“port” does not take that value",
        "use a whole number",
    )


@given(st.text(max_size=40) | st.sampled_from(['{"a": 1}', "{parameter: image}", "a: b\n- c", "$(X)", "%s{0}"]))
def test_value_never_changes_the_structure(word: str) -> None:
    """Whatever is typed comes out as that very text in its places, and the rest of the pod stays the same."""
    try:
        pod = fill(TEMPLATE, {"host": word})
    except UsageError:
        assert not word.isprintable()
        return
    expected = deepcopy(FILLED)
    expected["metadata"]["annotations"]["host"] = expected["spec"]["containers"][0]["command"][3] = word
    assert pod == expected


@pytest.mark.parametrize("template", load_templates(SHIPPED_TEMPLATES).values(), ids=lambda one: one.name)
def test_shipped_template_fills_completely(template: Template) -> None:
    """Each shipped template becomes a pod without places, whose environment is text and whose limits are kept."""
    required = {"ambassador": {"host": "10.0.0.1"}, "claim": {"claim": "data"}}
    pod = fill(template, required.get(template.name, {}))
    assert '"parameter"' not in json.dumps(pod)
    containers = [*pod["spec"]["containers"], *pod["spec"].get("initContainers", [])]
    variables = [variable for container in containers for variable in container.get("env", [])]
    assert all(isinstance(variable["value"], str) for variable in variables)


def test_manifest_is_complete() -> None:
    """A manifest has name, namespace, our labels beside the template's, who created it, and when it ends."""
    whole = complete(labels={"team": "web"}, annotations={"podbot.io/created-by": "T/U/C"}, ttl=3600)
    assert whole == {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "box-abcde",
            "namespace": "shop",
            "labels": {
                "app": "box",
                "team": "web",
                "app.kubernetes.io/managed-by": "podbot",
                "podbot.io/template": "box",
            },
            "annotations": {"host": "db", "podbot.io/created-by": "T/U/C"},
        },
        "spec": {**FILLED["spec"], "activeDeadlineSeconds": 3600},
    }


def test_manifest_without_ttl_has_no_deadline_and_leaves_the_pod_alone() -> None:
    """Without --ttl no deadline is set, and the filled pod that came in is never changed."""
    before = deepcopy(FILLED)
    assert "activeDeadlineSeconds" not in complete()["spec"]
    complete(ttl=5, labels={"a": "b"})
    assert before == FILLED


def test_ttl_of_zero_is_refused() -> None:
    """A pod can't be created to end at once."""
    assert refused(lambda: complete(ttl=0)) == ("a pod can't end at once", "give --ttl at least 1s, such as --ttl 1h")


def test_reserved_label_is_refused() -> None:
    """A reserved label is refused by name, before anything is created."""
    assert refused(lambda: complete(labels={"a": "b", "podbot.io/template": "x"})) == (
        "label “podbot.io/template” is reserved",
        "use a key of your own, such as team or example.com/team",
    )


def test_names_and_annotations_say_where_a_pod_came_from() -> None:
    """A generated name begins with the template's, and the annotation names team, user and channel."""
    ask = Ask("r1", "T0ACME", "U0ALICE", "C0TEAM", "", Via.SLASH, datetime(2026, 11, 24, tzinfo=UTC))
    assert generated_name("box", "x7k2p") == "box-x7k2p"
    assert created_by(ask) == {"podbot.io/created-by": "T0ACME/U0ALICE/C0TEAM"}


def test_a_manifest_keeps_what_else_was_written() -> None:
    """Keys that no template has are kept, for the server to judge; without a template there is no label of one."""
    pod = {**FILLED, "colour": "red", "metadata": {"name": "other", "generation": 1}}
    made = manifest(pod, name="web", namespace="shop", labels={}, annotations={}, ttl=None)
    assert made["colour"] == "red"
    assert made["metadata"] == {
        "name": "web",
        "namespace": "shop",
        "generation": 1,
        "labels": {"app.kubernetes.io/managed-by": "podbot"},
        "annotations": {},
    }


def test_a_long_templates_name_still_makes_a_label() -> None:
    """A PodTemplate's name may be longer than a label's value, and the pod's own name still fits."""
    made = manifest(FILLED, name="web", namespace="shop", labels={}, annotations={}, ttl=None, template="x" * 64)
    assert "podbot.io/template" not in made["metadata"]["labels"]
    assert generated_name("x" * 49 + ".y", "abcde") == "x" * 49 + "-abcde"


def test_a_preview_has_a_sample_in_each_place() -> None:
    """What is shown of a template is its defaults and examples; where only the author knows one, there is a gap."""
    assert preview(TEMPLATE)["metadata"]["annotations"] == {"host": "hello"}
    assert preview(TEMPLATE)["spec"]["priority"] == 0
    secret = {"host": {"pattern": "[a-z]+"}}
    unknown = Template.model_validate(
        {**TEMPLATE.model_dump(), "parameters": {**TEMPLATE.model_dump()["parameters"], **secret}}
    )
    assert preview(unknown)["metadata"]["annotations"] == {"host": "…"}
    assert example(unknown) == "create box my-box 'host=…'"
    assert example(TEMPLATE) == "create box my-box host=hello"
