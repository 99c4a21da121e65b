"""From pods in trouble to incidents."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.incidents import Incident, Pending, Trouble, adopted, allotted, is_over, opened, step, without
from tests.fakes import NOW

CRASH, IMAGE = "C1", "I1"


def after(seconds: float) -> timedelta:
    """Return a span."""
    return timedelta(seconds=seconds)


def trouble(pod: str, owner: str = "Deployment api", rule: str = CRASH) -> Trouble:
    """Return a pod's trouble."""
    return Trouble(pod, owner, rule)


class Course:
    """A run of observations; whatever becomes ripe is opened, as podbot does."""

    def __init__(self) -> None:
        self.incidents: tuple[Incident, ...] = ()
        self.pending: Pending = {}
        self.openings: list[Incident] = []
        self.now = NOW

    def sees(self, *troubles: Trouble, seconds: float = 5) -> "Course":
        self.now += after(seconds)
        taken = step(self.incidents, self.pending, troubles, self.now)
        new = tuple(opened(one, "it crashes", self.now) for one in taken.ripe)
        self.openings += new
        self.incidents = (*taken.incidents, *new)
        self.pending = without(taken.pending, {one.kind for one in new})
        return self

    def goes_on(self, *troubles: Trouble, seconds: float) -> "Course":
        for _ in range(int(seconds // 5)):
            self.sees(*troubles)
        return self


def test_it_opens_after_the_grace() -> None:
    """What is in trouble for half a minute is an incident, whose beginning is the trouble's."""
    course = Course().sees(trouble("a"))
    began = course.now
    assert not course.goes_on(trouble("a"), seconds=25).openings
    (one,) = course.sees(trouble("a")).openings
    assert (one.opened, one.owner, one.pods, one.first) == (began, "Deployment api", ("a",), 1)


def test_a_pod_that_fails_once_is_none() -> None:
    """A crash after which the pod runs is forgotten, also where its successor crashes once as well."""
    course = Course()
    for pod in "abc":
        course.sees(trouble(pod)).sees(trouble(pod)).goes_on(seconds=35)
    assert not course.openings


def test_a_crash_loop_opens_though_the_pod_runs_in_between() -> None:
    """A pod that is well for some seconds between two crashes is in trouble all the same."""
    course = Course()
    for _ in range(4):
        course.sees(trouble("a")).sees().sees()
    assert len(course.openings) == 1


def test_it_gets_worse_and_never_better_before_its_end() -> None:
    """More pods raise the most at once; fewer do not lower it."""
    course = Course().goes_on(trouble("a"), seconds=40)
    course.sees(trouble("a"), trouble("b"), trouble("c")).sees(trouble("b"))
    (one,) = course.incidents
    assert (one.first, one.peak, one.pods, one.is_open) == (1, 3, ("b",), True)


def test_it_is_over_after_a_minute_without_trouble() -> None:
    """Its end is when trouble was seen last, not when podbot was sure."""
    course = Course().goes_on(trouble("a"), seconds=60)
    last = course.now
    assert course.goes_on(seconds=55).incidents[0].is_open
    assert course.sees().incidents[0].recovered == last


def test_a_pod_stays_with_its_incident_whatever_its_cause_becomes() -> None:
    """Another reading of the same pod opens nothing else."""
    course = Course().goes_on(trouble("a"), seconds=40)
    course.goes_on(trouble("a", rule=IMAGE), seconds=60)
    assert len(course.openings) == 1
    assert course.incidents[0].is_open


def test_what_comes_again_is_the_same_for_ten_minutes() -> None:
    """It is opened again, and counted; later it would be another one."""
    course = Course().goes_on(trouble("a"), seconds=40).goes_on(seconds=120)
    assert not course.incidents[0].is_open
    course.goes_on(trouble("b"), seconds=40)
    (one,) = course.incidents
    assert (one.times, one.is_open, len(course.openings)) == (2, True, 1)
    course.goes_on(seconds=605 + 60)
    assert is_over(course.incidents, course.now)
    course.goes_on(trouble("b"), seconds=40)
    assert len(course.openings) == 2


def test_what_another_replica_knew_has_gone_on() -> None:
    """An open incident that is taken over gets its minute of calm anew; one that was over stays over."""
    course = Course().goes_on(trouble("a"), seconds=40)
    later = course.now + after(300)
    one = adopted(course.incidents[0], later)
    assert one.last == later
    assert adopted(one, later).recovered is None
    over = Course().goes_on(trouble("a"), seconds=40).goes_on(seconds=120).incidents[0]
    assert adopted(over, later) == over


def test_messages_are_allotted() -> None:
    """Each has its own message while there are enough; else the last one has the rest."""
    assert allotted("abc", 5) == (("a",), ("b",), ("c",))
    assert allotted("abc", 2) == (("a",), ("b", "c"))
    assert allotted("abc", 1) == (("a", "b", "c"),)
    assert allotted("abc", 0) == allotted("", 5) == ()


PODS = st.sampled_from("abcdef")
TROUBLES = st.builds(trouble, PODS, st.sampled_from(["Deployment api", "Job sync"]), st.sampled_from([CRASH, IMAGE]))
ONE_EACH = st.lists(TROUBLES, max_size=6, unique_by=lambda one: one.pod)
LOOKS = st.lists(st.tuples(ONE_EACH, st.sampled_from([1, 5, 29, 30, 61, 600])), max_size=40)


@given(LOOKS)
def test_any_order_of_observations(looks: list[tuple[list[Trouble], int]]) -> None:
    """At most one incident of a kind is open at once, none is over that was not opened, and no pod is in two."""
    course = Course()
    for troubles, seconds in looks:
        before = {id(one): one for one in course.incidents}
        course.sees(*troubles, seconds=seconds)
        is_open = [one for one in course.incidents if one.is_open]
        assert max(Counter(one.kind for one in is_open).values(), default=0) <= 1
        held = Counter((one.owner, pod) for one in is_open if one.last == course.now for pod in one.pods)
        assert max(held.values(), default=0) <= 1
        assert all(one.opened <= one.last <= course.now for one in course.incidents)
        assert all(one.opened <= one.recovered for one in course.incidents if one.recovered)
        assert all(1 <= one.first <= one.peak for one in course.incidents)
        assert len(course.incidents) == len(course.openings)
        assert len(before) <= len(course.incidents)


@given(LOOKS)
def test_what_lasts_is_never_lost(looks: list[tuple[list[Trouble], int]]) -> None:
    """Whatever came before, a pod that is in trouble for long enough is part of an open incident."""
    course = Course()
    for troubles, seconds in looks:
        course.sees(*troubles, seconds=seconds)
    course.goes_on(trouble("z"), seconds=40)
    assert any("z" in one.pods and one.is_open for one in course.incidents)


@given(LOOKS)
def test_what_is_well_ends(looks: list[tuple[list[Trouble], int]]) -> None:
    """Whatever came before, a minute without trouble ends everything, and leaves nothing pending."""
    course = Course()
    for troubles, seconds in looks:
        course.sees(*troubles, seconds=seconds)
    course.goes_on(seconds=65)
    assert not any(one.is_open for one in course.incidents)
    assert course.pending == {}
