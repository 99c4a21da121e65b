"""What people can do in the workspace, and what they can't."""

from dataclasses import replace

import pytest

from bot.demo.chat.deliveries import Delivery, Outcome
from bot.demo.chat.driver import Driver
from bot.demo.chat.messages import Draft
from bot.demo.chat.state import State

BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go"}


class Pocket:
    """A courier that keeps what it is given, and acknowledges it."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []

    async def carry(self, delivery: Delivery) -> dict[str, object]:
        self.deliveries.append(delivery)
        return {}


@pytest.fixture
def pocket() -> Pocket:
    """Return where deliveries end up."""
    return Pocket()


@pytest.fixture
def driver(state: State, pocket: Pocket) -> Driver:
    """Return the people, whose deeds end up in the pocket."""
    return Driver(state, pocket)


@pytest.mark.parametrize(
    ("typed", "written"),
    [("list", "<@U0PODBOT> list"), ("please <@U0PODBOT> list", "please <@U0PODBOT> list")],
)
async def test_a_mention_addresses_the_app(driver: Driver, pocket: Pocket, typed: str, written: str) -> None:
    """A mention stands in the channel for all, and begins with the app unless it is in the text already."""
    await driver.mention("U0ALICE", "C0TEAM", typed, thread="1.0")
    assert [message.text for message in driver.messages("C0TEAM", seen_by="U0BOB", thread="1.0")] == [written]
    assert pocket.deliveries[0].payload["event"]["text"] == written


async def test_an_edit_is_another_event(driver: Driver, pocket: Pocket) -> None:
    """An edited mention is told of again, under another id, and marked as edited."""
    await driver.mention("U0ALICE", "C0TEAM", "lst")
    (message,) = driver.messages("C0TEAM")
    await driver.edit(message, "list")
    first, second = (delivery.payload for delivery in pocket.deliveries)
    assert first["event_id"] != second["event_id"]
    assert ("edited" in first["event"], "edited" in second["event"]) == (False, True)
    assert (second["event"]["text"], second["event"]["ts"]) == ("<@U0PODBOT> list", message.ts)


async def test_the_app_hears_nothing_where_it_is_no_member(driver: Driver, pocket: Pocket) -> None:
    """A mention in a channel without the app is written, and not sent."""
    delivery = await driver.mention("U0ALICE", "C0QUIET", "list")
    assert (delivery.outcome, len(driver.messages("C0QUIET")), pocket.deliveries) == (Outcome.UNSENT, 1, [])


@pytest.mark.parametrize(("user", "has_user"), [("", False), ("U0ALERTS", True)])
async def test_bots_mention_the_app(driver: Driver, pocket: Pocket, user: str, *, has_user: bool) -> None:
    """A webhook's mention has no user, a bot user's has one; both have a bot_id."""
    await driver.bot_mention("C0TEAM", "delete web-1", user=user)
    event = pocket.deliveries[0].payload["event"]
    assert (event["bot_id"], "user" in event) == ("B0ALERTS", has_user)


async def test_a_command_can_have_another_name(driver: Driver) -> None:
    """The typed command is the app's, unless another is typed."""
    names = [
        (await driver.slash("U0ALICE", "C0TEAM", "list", command=name)).payload["command"] for name in ("", "/kube")
    ]
    assert names == ["/pod", "/kube"]


async def test_a_command_in_a_direct_message(state: State, driver: Driver) -> None:
    """In a direct message with the app a command can be typed, too."""
    channel = state.workspace.direct("U0ALICE").id
    assert (await driver.slash("U0ALICE", channel, "list")).payload["channel_name"] == "directmessage"


async def test_outsiders_do_nothing(state: State, driver: Driver) -> None:
    """Nobody types or presses where they are no member."""
    message = state.post(state.workspace.channel("C0TEAM"), Draft("hi"))
    with pytest.raises(ValueError, match="no member"):
        await driver.slash("U0STRANGER", "C0TEAM", "list")
    with pytest.raises(ValueError, match="no member"):
        await driver.mention("U0STRANGER", "C0TEAM", "list")
    with pytest.raises(ValueError, match="no member"):
        await driver.press("U0STRANGER", message, "go")


async def test_an_ephemeral_message_is_pressed_by_its_reader(state: State, driver: Driver) -> None:
    """Whoever can't see an ephemeral message can't press its button."""
    says = Draft("hi", ({"type": "actions", "elements": [BUTTON]},))
    message = state.post(state.workspace.channel("C0TEAM"), says, only_for="U0ALICE")
    assert (await driver.press("U0ALICE", message, "go")).acknowledged
    with pytest.raises(ValueError, match="cannot see"):
        await driver.press("U0BOB", message, "go")


async def test_a_message_is_pressed_as_it_was_seen(state: State, driver: Driver) -> None:
    """A button that was on the screen can be pressed although the message has been replaced since."""
    says = Draft("hi", ({"type": "actions", "elements": [BUTTON]},))
    message = state.post(state.workspace.channel("C0TEAM"), says)
    state.board.replace(message, Draft("done"))
    assert (await driver.press("U0ALICE", message, "go")).acknowledged


async def test_a_shortcut_brings_its_message(driver: Driver, pocket: Pocket, state: State) -> None:
    """An entry of the menu sends the message that it was chosen on, whoever wrote it."""
    state.workspace.app = replace(state.workspace.app, shortcuts={"look": "Look into it"})
    message = state.write("C0TEAM", "", "down", bot="B0ALERTS", blocks=({"type": "divider"},))
    delivery = await driver.shortcut("U0ALICE", message, "look")
    sent = delivery.payload
    assert (sent["type"], sent["callback_id"], sent["user"]["id"]) == ("message_action", "look", "U0ALICE")
    assert (sent["channel"]["id"], sent["message_ts"]) == ("C0TEAM", message.ts)
    assert (sent["message"]["text"], sent["message"]["bot_id"]) == ("down", "B0ALERTS")
    assert sent["message"]["blocks"] == [{"type": "divider", "block_id": "b0"}]
    assert pocket.deliveries == [delivery]


async def test_a_shortcut_that_slack_does_not_show(driver: Driver, state: State) -> None:
    """What only one person sees has no shortcuts, and an app has only its own."""
    state.workspace.app = replace(state.workspace.app, shortcuts={"look": "Look into it"})
    channel = state.workspace.channel("C0TEAM")
    whispered = state.post(channel, Draft("hush"), only_for="U0ALICE")
    with pytest.raises(ValueError, match="only one person"):
        await driver.shortcut("U0ALICE", whispered, "look")
    with pytest.raises(LookupError, match="no shortcut"):
        await driver.shortcut("U0ALICE", state.write("C0TEAM", "U0BOB", "hi"), "other")
