"""Changes of labels: read, worked out, turned round, and as patches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import UsageError
from bot.core.relabelling import LabelChange, Step, after, check_once, inverse, patch, pin, pod_or_change, relabelled
from bot.core.resources import Json
from bot.demo.cluster.patches import json_patched

SET, REMOVE = LabelChange("app", "web"), LabelChange("app", None)
KEYS, VALUES = st.sampled_from(["a", "b/c", "d~e", "~1", "x/~0"]), st.sampled_from(["", "x", "y"])
LABELS = st.dictionaries(KEYS, VALUES)
CHANGES = st.lists(st.builds(LabelChange, KEYS, st.none() | VALUES), max_size=5, unique_by=lambda one: one.key)
SAME: Json = {"op": "test", "path": "/metadata/uid", "value": "u1"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("web-1", "web-1"),
        ("app=web", SET),
        ("app-", REMOVE),
        ("app=", LabelChange("app", "")),
        ("example.com/a-b=1.2", LabelChange("example.com/a-b", "1.2")),
        ("app.kubernetes.io/name-", LabelChange("app.kubernetes.io/name", None)),
    ],
)
def test_words(text: str, read: object) -> None:
    """A word is a pod's name, or sets a label, or removes one."""
    assert pod_or_change(text) == read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("app-=x", "“app-” is not a label key"),
        ("app==web", "“=web” is not a label value"),
        ("a=b=c", "“b=c” is not a label value"),
        ("=web", "“” is not a label key"),
        ("-", "“” is not a label key"),
        ("a/b/c=1", "“a/b/c” is not a label key"),
        ("Web_1", "“Web_1” is not a pod name"),
        ("../x", "“../x” is not a pod name"),
        ("kubernetes.io/x=1", "label “kubernetes.io/x” is reserved"),
        ("podbot.io/template-", "label “podbot.io/template” is reserved"),
        ("app.kubernetes.io/managed-by=me", "label “app.kubernetes.io/managed-by” is reserved"),
    ],
)
def test_junk_and_reserved_labels_are_refused(text: str, said: str) -> None:
    """Any other word, and a label that is not people's own, is refused with what to type."""
    with pytest.raises(UsageError) as refused:
        pod_or_change(text)
    assert (str(refused.value), bool(refused.value.hint)) == (said, True)


@given(CHANGES)
def test_a_change_is_written_as_it_is_read(changes: list[LabelChange]) -> None:
    """Outside the tests' odd keys, what is written is read as the same again."""
    for change in changes:
        if "~" not in change.key:
            assert pod_or_change(str(change)) == change


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([SET, REMOVE], "label “app” can't be both set and removed"),
        ([SET, LabelChange("app", "api")], "label “app” is there twice"),
        ([REMOVE, REMOVE], "label “app” is there twice"),
    ],
)
def test_a_label_is_changed_once(changes: list[LabelChange], said: str) -> None:
    """A label that is there twice is refused, in other words where it is both set and removed."""
    check_once([SET, LabelChange("a", None)])
    with pytest.raises(UsageError) as refused:
        check_once(changes)
    assert str(refused.value) == said


def test_what_changes_and_what_does_not() -> None:
    """New labels and removals change something, equal values and missing labels do not, another value is taken."""
    changes = [LabelChange(*one) for one in (("new", "1"), ("same", "x"), ("gone", None), ("old", None), ("app", "y"))]
    labels = {"same": "x", "old": "z", "app": "web"}
    steps = (Step("new", None, "1"), Step("old", "z", None), Step("app", "web", "y"))
    idle = (LabelChange("same", "x"), LabelChange("gone", None))
    kept, replaced = (relabelled(labels, changes, overwrite=overwrite) for overwrite in (False, True))
    assert (kept.steps, kept.idle, kept.taken) == (steps, idle, (Step("app", "web", "y"),))
    assert (replaced.steps, replaced.idle, replaced.taken) == (steps, idle, ())


def test_a_patch_tests_all_that_it_touches() -> None:
    """A patch tests the pod's UID and each touched label, absence too, before it does anything."""
    steps = (Step("app", "web", "api"), Step("a/b~c", None, ""), Step("old", "x", None))
    assert patch("u1", {"app": "web", "old": "x"}, steps) == [
        SAME,
        {"op": "test", "path": "/metadata/labels/app", "value": "web"},
        {"op": "test", "path": "/metadata/labels/a~1b~0c", "value": None},
        {"op": "test", "path": "/metadata/labels/old", "value": "x"},
        {"op": "add", "path": "/metadata/labels/app", "value": "api"},
        {"op": "add", "path": "/metadata/labels/a~1b~0c", "value": ""},
        {"op": "remove", "path": "/metadata/labels/old"},
    ]


def test_a_first_label_brings_the_map() -> None:
    """Where there are no labels at all, their absence is tested and the whole map is added."""
    assert patch("u1", {}, (Step("a/b", None, "x"),)) == [
        SAME,
        {"op": "test", "path": "/metadata/labels", "value": None},
        {"op": "add", "path": "/metadata/labels", "value": {"a/b": "x"}},
    ]


def _pod(labels: dict[str, str]) -> Json:
    return {"metadata": {"uid": "u1", **({"labels": labels} if labels else {})}}


@given(LABELS, CHANGES)
def test_a_patch_does_what_was_worked_out_and_its_inverse_undoes_it(
    labels: dict[str, str], changes: list[LabelChange]
) -> None:
    """The patch leads to the labels that were worked out, and the inverse's back to those there were."""
    steps = relabelled(labels, changes, overwrite=True).steps
    now = json_patched(_pod(labels), patch("u1", labels, steps))["metadata"].get("labels", {}) if steps else labels
    assert now == after(labels, steps)
    back = relabelled(now, inverse(steps), overwrite=True).steps
    assert len(back) == len(steps)
    assert after(now, back) == labels


def test_a_pin_has_the_touched_labels_alone() -> None:
    """A pin tells the pod, the value of each touched label and their absence, whatever the order; no other label."""
    changes = [LabelChange("b", "1"), LabelChange("a", None), LabelChange("c", "2")]
    one = pin("u1", {"a": "x", "b": "", "z": "1"}, changes)
    assert one == pin("u1", {"b": "", "a": "x"}, reversed(changes))
    others = [("u2", {"a": "x", "b": ""}), ("u1", {"a": "y", "b": ""}), ("u1", {"a": "x"})]
    assert all(pin(uid, labels, changes) != one for uid, labels in others)


def test_a_pin_tells_no_value() -> None:
    """A button carries its pins, and can be read, so they name no label's value."""
    pinned = pin("u1", {"token": "hunter2"}, [LabelChange("token", None)])
    assert pinned.startswith("u1 ")
    assert "hunter2" not in pinned
