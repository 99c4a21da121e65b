"""What a line of the log says, and what never gets into one."""

import asyncio
import json
import logging
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO

import click
import pytest
from click.testing import CliRunner

from bot import logs
from bot.cli import main
from bot.core.redaction import MASK

# Made up, and put together here so that nobody's scanner takes them for real.
BOT, APP = "xoxb-" + "1234567890-abcdefABCDEF123456", "xapp-" + "1-A0123-456-0123456789abcdef"
KEY = "correct horse battery staple which looks like words"
JWT = "eyJhbGciOiJSUzI1NiJ9." + "eyJzdWIiOiJwb2Rib3QifQ." + "c2lnbmF0dXJlLXNpZ25hdHVyZQ"


@dataclass
class Written:
    """What was written so far."""

    log: StringIO = field(default_factory=StringIO)
    audit: StringIO = field(default_factory=StringIO)

    def lines(self) -> list[dict[str, str]]:
        """Return the log's lines, each of which must be JSON."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    """Configure the log as `podbot run` does, and undo it afterwards."""
    root, audit = logging.getLogger(), logging.getLogger("podbot.audit")
    before = (root.handlers[:], root.level, audit.handlers[:], audit.propagate, logging.getLogger("podbot").level)
    found = Written()
    monkeypatch.setattr(sys, "stderr", found.log)
    monkeypatch.setattr(sys, "stdout", found.audit)
    logs.configure()
    yield found
    logging.captureWarnings(capture=False)
    root.handlers, audit.handlers = before[0], before[2]
    root.setLevel(before[1])
    audit.propagate = before[3]
    logging.getLogger("podbot").setLevel(before[4])
    audit.setLevel(logging.NOTSET)


def test_a_line_is_json(written: Written) -> None:
    """A line holds when, how bad, who, what, and the exception."""
    logging.getLogger("podbot.slack").error("said %s,\n“quoted”", "so", exc_info=ValueError("why"))
    (line,) = written.lines()
    assert (line["level"], line["logger"], line["message"]) == ("error", "podbot.slack", "said so,\n“quoted”")
    assert line["exception"].endswith("ValueError: why")
    assert set(line) == {"at", "level", "logger", "message", "exception"}


async def test_a_line_names_its_request(written: Written) -> None:
    """Whatever is logged while a request is worked on carries its id, and nothing else does."""

    async def work(number: str) -> None:
        logs.about(number)
        await asyncio.sleep(0)
        logging.getLogger("podbot.kube").warning("slow")

    await asyncio.gather(asyncio.create_task(work("r1")), asyncio.create_task(work("r2")))
    logging.getLogger("podbot").info("idle")
    assert [line.get("request") for line in written.lines()] == ["r1", "r2", None]


@pytest.mark.parametrize("secret", [BOT, APP, JWT, f"Authorization: Bearer {JWT}", "password=hunter2hunter2"])
def test_a_secret_is_masked_by_its_looks(written: Written, secret: str) -> None:
    """What looks like a secret is in no message, argument, header, command line or exception that is logged."""
    logger = logging.getLogger("aiohttp.client")
    logger.warning("request to %s failed with headers %r", secret, {"Cookie": "x", "Authorization": secret})
    logger.warning("argv was %s", ["podbot", "run", secret])
    error = RuntimeError(f"cannot use {secret}")
    error.__cause__ = KeyError(secret)
    logger.error("failed", exc_info=error, stack_info=True)
    assert re.split("[ =]", secret)[-1] not in written.log.getvalue()
    assert MASK in written.log.getvalue()
    assert len(written.lines()) == 3


def test_podbots_own_secrets_are_masked_by_value(written: Written) -> None:
    """A key that looks like ordinary words is masked all the same, in the log and in the audit records."""
    logs.never_tell([KEY])
    logging.getLogger("podbot").error("the key is %s", KEY)
    logging.getLogger("podbot.audit").info(json.dumps({"audit": {"line": KEY}}))
    assert KEY not in written.log.getvalue() + written.audit.getvalue()
    assert json.loads(written.audit.getvalue())["audit"]["line"] == MASK


def test_each_owner_of_secrets_has_the_newest_masked(written: Written) -> None:
    """What is told of one owner takes the place of that owner's older secrets, and leaves others' masked."""
    logs.never_tell([KEY])
    for tokens in (["first words"], ["second words", "first words"], ["third words", "second words"]):
        logs.never_tell(tokens, "viewer")
    logging.getLogger("podbot").error("%s, first words, second words, third words", KEY)
    assert written.lines()[0]["message"] == f"{MASK}, first words, {MASK}, {MASK}"


def test_the_level_is_podbots_own(written: Written) -> None:
    """The setting quietens podbot, and loses no audit record; other packages' warnings stay."""
    logs.set_level("error")
    logging.getLogger("podbot").warning("quiet")
    logging.getLogger("podbot.audit").info("{}")
    logging.getLogger("asyncio").warning("loud")
    assert [line["message"] for line in written.lines()] == ["loud"]
    assert written.audit.getvalue() == "{}\n"


def test_warnings_are_lines_too(written: Written) -> None:
    """What Python warns of is JSON as well."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old", stacklevel=1)
    assert "UserWarning: old" in written.lines()[0]["message"]


def test_no_secret_is_an_argument() -> None:
    """No command takes a secret on its command line, where every user of the machine could read it."""

    def options(command: click.Command) -> Iterator[str]:
        values = (one for one in command.params if not (isinstance(one, click.Option) and one.is_flag))
        yield from (name for parameter in values for name in parameter.opts)
        if isinstance(command, click.Group):
            for inner in command.commands.values():
                yield from options(inner)

    assert not [name for name in options(main) for word in ("token", "secret", "key", "password") if word in name]


def test_what_ends_podbot_is_a_line_without_secrets() -> None:
    """A fault that nobody foresaw ends podbot with one JSON line, masked, and exit code 1."""
    script = f"""
import bot.app, bot.cli
async def fails(settings):
    raise RuntimeError("lost " + settings.signing_keys[0].get_secret_value() + " and " + {BOT!r})
bot.app.serve = fails
bot.cli.main(["run"])
"""
    environment = {
        "SLACK_BOT_TOKEN": BOT,
        "SLACK_APP_TOKEN": APP,
        "SIGNING_KEYS": KEY,
        "PODBOT_NAMESPACE": "podbot",
        "PODBOT_POLICY": "none",
    }
    ended = subprocess.run(  # noqa: S603  # our own interpreter and script
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    line = json.loads(ended.stderr)
    assert line["message"] == "podbot ended unexpectedly"
    assert f"RuntimeError: lost {MASK} and {MASK}" in line["exception"]
    assert not [secret for secret in (BOT, APP, KEY) if secret in ended.stderr + ended.stdout]


@pytest.mark.parametrize(
    ("revision", "said"),
    [("abc123", "podbot 0.1.0 (revision abc123)\n"), ("", "podbot 0.1.0\n"), ("two words", "podbot 0.1.0\n")],
)
def test_the_version_is_told(revision: str, said: str) -> None:
    """`podbot --version` prints the version, and the revision where the build tells one."""
    told = CliRunner().invoke(main, ["--version"], env={"PODBOT_REVISION": revision})
    assert (told.exit_code, told.output) == (0, said)
