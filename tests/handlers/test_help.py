import pytest

from bot.core.errors import UsageError
from bot.core.replies import Reply
from bot.render.blocks import context, preformatted, section, table
from handlers.help import COMMAND, Help
from tests.fakes import context_of
from tests.handlers.running import answer
from tests.handlers.samples import COMMANDS


async def test_overview() -> None:
    """All commands are shown, harmless ones first, each with what it does and whether it changes anything."""
    heading = "*4 commands*, each done with your own rights in Kubernetes"
    assert await answer(COMMAND, context_of(commands=COMMANDS), Help(None)) == Reply(
        heading,
        (
            section(heading),
            table(
                ("Command", "What it does", "Effect"),
                [
                    ("help", "Help", "reads"),
                    ("list", "List", "reads"),
                    ("logs", "Logs", "reads"),
                    ("delete", "Delete", "dangerous, and asks by a button first"),
                ],
            ),
            context("`/pod help VERB` explains one, `/pod can` shows what you may do here."),
        ),
    )


@pytest.mark.parametrize("verb", ["logs", "LOGS"])
async def test_one_command(verb: str) -> None:
    """One command is explained with its form, its words and their defaults, examples, and what it needs."""
    assert await answer(COMMAND, context_of(commands=COMMANDS), Help(verb)) == Reply(
        "*logs* · Logs",
        (
            section("*logs* · Logs"),
            preformatted("/pod logs POD [-p] [--tail COUNT] [-n NAMESPACE]"),
            table(
                ("Word", "Meaning", "Default"),
                [
                    ("POD", "The pod.", "must be given"),
                    ("-p, --previous", "Of the run before.", ""),
                    ("--tail COUNT", "The last lines.", "200"),
                    ("-n, --namespace NAMESPACE", "The namespace; otherwise the channel's own.", ""),
                ],
            ),
            section("For example\n• `/pod logs web-1`\n• `/pod logs web-1 -p`"),
            context("Effect: reads.", "Needs in Kubernetes: `get pods`, `get pods/log`."),
        ),
    )


async def test_needs() -> None:
    """What only a flag needs, and what a command can do without, is told as such."""
    reply = await answer(COMMAND, context_of(commands=COMMANDS), Help("delete"))
    assert reply.blocks[-1] == context(
        "Effect: dangerous, and asks by a button first.",
        "Needs in Kubernetes: `get pods`, `delete pods`, `create pods/eviction` for `--evict`.",
        "Tells more with: `get replicasets.apps`, `get nodes`.",
    )


async def test_command_without_anything() -> None:
    """A command without words, examples and needs is told shortly."""
    reply = await answer(COMMAND, context_of(commands=COMMANDS), Help("help"))
    assert reply.blocks == (
        section("*help* · Help"),
        preformatted("/pod help"),
        context("Effect: reads.", "Needs no right in Kubernetes."),
    )


async def test_unknown_command() -> None:
    """A word that is no command is refused with the nearest one."""
    with pytest.raises(UsageError, match="“lgos” is not a command") as caught:
        await answer(COMMAND, context_of(commands=COMMANDS), Help("lgos"))
    assert caught.value.hint == "did you mean `/pod help logs`?"
