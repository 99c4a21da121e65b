"""What keeps podbot from being ready, in words."""

from dataclasses import replace

import pytest

from bot.core.readiness import LATE, Condition, stuck, unready
from bot.core.vitals import Server, Way

WELL = Condition(started=True, slack=Way("Socket Mode", connected=True, silent=3))


def test_all_is_well() -> None:
    """A podbot that started, hears Slack and had an answer lately is ready, and alive."""
    assert unready(WELL, 30) == ()
    assert stuck(WELL) == ()


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Condition(draining=True), "starting: policy, API server and Slack are being checked"),
        (replace(WELL, draining=True), "draining: running commands are finished, new ones are turned away"),
        (
            replace(WELL, slack=Way("Socket Mode", connected=False, silent=75)),
            "Slack does not reach this replica, and was last heard 75 s ago",
        ),
        (replace(WELL, slack=Way("HTTP", connected=False)), "Slack does not reach this replica"),
        (
            replace(WELL, server=Server(trouble="cannot be reached"), unanswered=31),
            "the API server cannot be reached, for 31 s",
        ),
        (replace(WELL, unanswered=31), "the API server has not answered, for 31 s"),
    ],
)
def test_what_is_wrong_is_said(condition: Condition, said: str) -> None:
    """Each thing that is wrong has its own words."""
    assert unready(condition, 30) == (said,)


def test_all_that_is_wrong_is_said() -> None:
    """Several troubles are told together."""
    assert len(unready(Condition(started=True, draining=True, unanswered=31), 30)) == 3


def test_a_trouble_that_is_young_is_borne_with() -> None:
    """One look that failed is not yet unready: the last good answer counts."""
    young = Condition(started=True, slack=WELL.slack, server=Server(trouble="cannot be reached"), unanswered=30)
    assert unready(young, 30) == ()


def test_a_loop_that_stands_still_is_stuck() -> None:
    """A heartbeat that is far too late is what a restart is for; draining and a lost Slack are not."""
    assert stuck(Condition(started=True, beat=LATE)) == ()
    assert stuck(Condition(started=True, beat=LATE + 5)) == ("the event loop has not run for 20 s",)
    assert stuck(Condition(started=True, draining=True)) == ()
