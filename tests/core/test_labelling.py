"""What is said of pods whose labels are to be changed."""

from bot.core.errors import Forbidden, Invalid, OutcomeUnknown, UsageError
from bot.core.labelling import Problem, Target, grouped, intended, remarks, standing_against_all, ways_back
from bot.core.pods import Pod
from bot.core.relabelling import LabelChange, Relabelling, Step

SET = Relabelling((Step("app", "", "web"),), (LabelChange("old", None), LabelChange("a", "b")))


def target(name: str, labels: Relabelling = SET, problem: Problem | None = None, *, is_done: bool = False) -> Target:
    """Return a pod to be labeled."""
    return Target(Pod(name), labels, problem, is_done)


def test_the_same_is_said_once() -> None:
    """Pods of which the same is said share a line, in the order they came; an empty value differs from none."""
    other = Relabelling((Step("app", None, "web"),))
    targets = [target("a"), target("b", other), target("c"), target("d", problem=Invalid("no"))]
    assert list(grouped(intended(targets))) == ["a, c: app (empty) → web", "b: app (none) → web"]
    assert list(grouped(remarks(targets))) == [
        "a, c: label “old” not found",
        "a, c: a=b is so already",
        "d: left alone, no",
    ]


def test_one_that_can_be_done_is_enough() -> None:
    """Nothing stands against all while one is done, or while none has a problem."""
    assert standing_against_all([target("a", is_done=True), target("b", problem=Invalid("no"))]) is None
    assert standing_against_all([target("a", Relabelling())]) is None


def test_what_stands_against_all() -> None:
    """One pod's error is itself, those of several are one with each pod's words; a missing right is said once."""
    no, unknown, right = Invalid("no", status=422, cause="Invalid"), OutcomeUnknown("broke"), Forbidden("cannot patch")
    assert standing_against_all([target("a", problem=no)]) is no
    assert standing_against_all([target("a", problem=right), target("b", problem=right)]) is right
    both = standing_against_all([target("a", problem=no), target("b", problem=no)])
    assert (type(both), str(both)) == (Invalid, "a, b: no")
    worst = standing_against_all([target("a", problem=no), target("b", problem=unknown)])
    assert (type(worst), str(worst)) == (OutcomeUnknown, "a: no; b: broke")
    typed = standing_against_all([target("a", problem=UsageError("taken", hint="do", verb="label")), target("b")])
    assert isinstance(typed, UsageError)
    assert (str(typed), typed.hint, typed.verb) == ("pods a: taken", "do", "label")


def test_ways_back() -> None:
    """Pods that had the same share a way back; what was not done has none."""
    other = Relabelling((Step("app", None, "web"),))
    targets = [target("a", is_done=True), target("b"), target("c", other, is_done=True), target("d", is_done=True)]
    ways = {changes: [one.pod.name for one in those] for changes, those in ways_back(targets).items()}
    assert ways == {(LabelChange("app", ""),): ["a", "d"], (LabelChange("app", None),): ["c"]}
