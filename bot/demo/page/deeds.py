"""What a visitor does on the page, read from its JSON and done by the workspace's people."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.core.reading import strings, text
from bot.core.resources import Json
from bot.demo.chat.driver import Driver
from bot.demo.chat.errors import SlackError
from bot.demo.chat.messages import Message

_LONGEST: Final = 12_000  # characters of one message: Slack's own limit is 40,000

Deed = Callable[[Driver, Json], Awaitable[None]]


class NotDoneError(Exception):
    """What was asked for can't be done in Slack; the words are for the visitor."""


async def do(driver: Driver, asked: Json) -> None:
    """Do one deed; raise `NotDoneError` for what nobody could do."""
    deed = DEEDS.get(text(asked.get("deed")))
    if deed is None:
        raise NotDoneError("there is no such deed")
    try:
        await deed(driver, asked)
    except SlackError as error:
        raise NotDoneError(error.code) from error
    except (LookupError, ValueError) as error:
        raise NotDoneError(str(error)) from error


async def _write(driver: Driver, asked: Json) -> None:
    """Send what was typed: a command, a mention, or a message that is for people only."""
    user, channel, thread = (text(asked.get(key)) for key in ("user", "channel", "thread"))
    said = text(asked.get("text")).strip()[:_LONGEST]
    command = driver.command
    if said == command or said.startswith(f"{command} "):
        if thread:
            raise NotDoneError(f"{command} can't be used in a thread; mention @podbot instead")
        await driver.slash(user, channel, said.removeprefix(command).strip())
    elif said.startswith("/"):
        raise NotDoneError(f"{said.split()[0][:60]} is not a command here, and nothing was sent; try {command} help")
    elif "@podbot" in said:
        await driver.mention(user, channel, said.replace("@podbot", driver.address, 1), thread)
    elif said:
        driver.write(user, channel, said, thread)


async def _press(driver: Driver, asked: Json) -> None:
    await driver.press(text(asked.get("user")), _message(driver, asked), text(asked.get("action")))


async def _shortcut(driver: Driver, asked: Json) -> None:
    await driver.shortcut(text(asked.get("user")), _message(driver, asked), text(asked.get("shortcut")))


async def _choose(driver: Driver, asked: Json) -> None:
    """Choose in a field of the open form; what was typed so far is kept, as Slack keeps it."""
    user = _filled(driver, asked)
    await driver.choose(user, text(asked.get("label")), text(asked.get("choice")))


async def _submit(driver: Driver, asked: Json) -> None:
    await driver.submit(_filled(driver, asked))


async def _close(driver: Driver, asked: Json) -> None:
    driver.close(text(asked.get("user")))


def _filled(driver: Driver, asked: Json) -> str:
    """Type into the open form what was typed on the page, and return whose form it is."""
    user = text(asked.get("user"))
    driver.fill(user, strings(asked.get("texts")))
    return user


def _message(driver: Driver, asked: Json) -> Message:
    channel, ts = text(asked.get("channel")), text(asked.get("ts"))
    seen = driver.messages(channel, seen_by=text(asked.get("user")))
    found = next((one for one in seen if one.ts == ts), None)
    if found is None:
        raise NotDoneError("that message is gone")
    return found


DEEDS: Final[Mapping[str, Deed]] = {
    "write": _write,
    "press": _press,
    "shortcut": _shortcut,
    "choose": _choose,
    "submit": _submit,
    "close": _close,
}
