from datetime import UTC, datetime

import pytest

from bot.core.commands import Plan
from bot.core.names import Namespace
from bot.core.replies import Block, File, Offer, Reply
from bot.render import changes
from bot.render.blocks import actions, button, context, preformatted, section

PLAN = Plan("delete pod web-1", notes=("ReplicaSet web will bring a new one", "<!channel> *x*"))
HEADING = changes.Heading("U0ALICE", "main", Namespace("shop"), "delete web-1", PLAN)
WHO = context("<@U0ALICE> asked for `/pod delete web-1`")
NOTES = section("• ReplicaSet web will bring a new one\n• &lt;!channel&gt; ∗x∗")  # noqa: RUF001  # a look-alike
WHERE = "`main/shop` · delete pod web-1"


def test_question() -> None:
    """A question names cluster, namespace, person and command, what will happen, and who may press for how long."""
    assert changes.question(HEADING, "yes-value", "no-value", 300) == Reply(
        "asked: delete pod web-1 in main/shop",
        (
            section(f":grey_question: Waiting for a press · {WHERE}"),
            WHO,
            NOTES,
            actions(
                button("Do it", "podbot:confirm", "yes-value", style="danger"),
                button("Cancel", "podbot:cancel", "no-value"),
            ),
            context("Only <@U0ALICE> can press, for 5 minutes."),
        ),
    )


def test_announced() -> None:
    """An announcement is the question's message without its buttons."""
    assert changes.announced(HEADING) == Reply(
        "started: delete pod web-1 in main/shop",
        (section(f":hourglass_flowing_sand: Started · {WHERE}"), WHO, NOTES),
    )


def test_announced_without_notes() -> None:
    """A plan without notes adds none."""
    heading = changes.Heading("U0ALICE", "main", Namespace("shop"), "create web", Plan("create pod web"))
    assert len(changes.announced(heading).blocks) == 2


def test_going() -> None:
    """What happens on the way stands under the announcement."""
    reply = changes.going(HEADING, Reply("x", (section("Terminating"),)))
    assert reply.blocks == (section(f":hourglass_flowing_sand: Started · {WHERE}"), WHO, section("Terminating"))


@pytest.mark.parametrize("state", ["done", "refused", "failed", "unknown"])
def test_ended(state: str) -> None:
    """An outcome is told in words beside its colour, with the verb's own answer and file."""
    file = File("out.txt", "all")
    assert changes.ended(HEADING, state, Reply("x", (preformatted("out"),), file)) == Reply(
        f"{state}: delete pod web-1 in main/shop",
        (section(f"{changes.STATES[state]} · {WHERE}"), WHO, preformatted("out")),
        file,
    )


def test_ended_without_an_answer() -> None:
    """An outcome can stand alone."""
    assert changes.ended(HEADING, "done").blocks == (section(f":white_check_mark: Done · {WHERE}"), WHO)


def test_closed() -> None:
    """A question that was cancelled loses its buttons and says who asked for what."""
    assert changes.closed("U0ALICE", "delete web-1", "main", "shop", "cancelled") == Reply(
        "cancelled: delete web-1",
        (section(":heavy_minus_sign: Cancelled, nothing was changed · `main/shop` · <@U0ALICE>: `/pod delete web-1`"),),
    )


def test_pressable() -> None:
    """An answer gets one row of buttons, in the place of its offers."""
    reply = Reply("x", (section("y"),), offers=(Offer("Undo", "label web-1 a-"),))
    buttons = [changes.Pressable("Undo", "do:0", "first"), changes.Pressable("Share", "share", "second")]
    assert changes.pressable(reply, buttons) == Reply(
        "x",
        (section("y"), actions(button("Undo", "podbot:do:0", "first"), button("Share", "podbot:share", "second"))),
    )


def test_nothing_to_press() -> None:
    """An answer without buttons stays as it is."""
    assert changes.pressable(Reply("x", (section("y"),)), []) == Reply("x", (section("y"),))


@pytest.mark.parametrize(
    ("ended", "state", "buttons"),
    [
        (
            "",
            ":satellite: Live, for at most 5 minutes.",
            (button("Stop", "podbot:stop", "s"), button("Remove", "podbot:remove", "r")),
        ),
        ("Stopped.", ":black_square_for_stop: Stopped.", (button("Remove", "podbot:remove", "r"),)),
    ],
)
def test_followed(ended: str, state: str, buttons: tuple[Block, ...]) -> None:
    """What is followed says who follows it and for how long, and afterwards why no longer."""
    following = changes.Following("U0ALICE", "logs web-1 -f", 5, "s", "r")
    assert changes.followed(following, (section("y"),), ended) == Reply(
        f"{ended or 'following'}: logs web-1 -f",
        (section("<@U0ALICE> follows `/pod logs web-1 -f`"), section("y"), context(state), actions(*buttons)),
    )


def test_shared() -> None:
    """A shared answer says who shared which command, when it was first read and when again, and can be removed."""
    first, again = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2026, 1, 2, 3, 5, 5, tzinfo=UTC)
    assert changes.shared(Reply("x", (section("y"),)), "U0ALICE", "list", first, again, "value") == Reply(
        "x",
        (
            section("<@U0ALICE> shared `/pod list`"),
            section("y"),
            context(
                "First read <!date^1767323045^{date_short_pretty} {time_secs}|2026-01-02T03:04:05+00:00>, "
                "read again <!date^1767323105^{date_short_pretty} {time_secs}|2026-01-02T03:05:05+00:00>"
            ),
            actions(button("Remove", "podbot:remove", "value")),
        ),
    )
