"""Words to requests, and the errors that teach."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arguments import COUNT, LABELS, POD, TEXT
from bot.core.commands import Command, Context, Read
from bot.core.errors import UsageError
from bot.core.parsing import Parameter, Parsed, parameters, parse, usage
from bot.core.replies import Reply
from bot.core.usages import built


@click.argument("verb", type=TEXT, required=False)
@dataclass(frozen=True, slots=True)
class Help:
    """As the real one."""

    verb: str | None


@click.argument("pod", type=POD, help="The pod.")
@click.argument("command", type=TEXT, nargs=-1)
@click.option("-l", "--labels", type=LABELS, default=())
@click.option("--tail", type=COUNT, default=200, help="Lines.")
@click.option("-o", "--output", type=click.Choice(["wide", "name"]))
@click.option("--dry-run", is_flag=True)
@dataclass(frozen=True, slots=True)
class Look:
    """One of everything."""

    pod: str
    command: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    tail: int = 200
    output: str | None = None
    dry_run: bool = False

    def __post_init__(self) -> None:
        if self.dry_run and self.tail == 0:
            raise UsageError("nothing to do", hint="leave one out")


@click.argument("pair", type=TEXT, nargs=2, required=False, metavar="[A B]")
@click.option("--to", type=TEXT, nargs=2, required=True, metavar="X Y")
@dataclass(frozen=True, slots=True)
class Move:
    """Pairs, the errors of which click itself words."""

    pair: tuple[str, str] | None
    to: tuple[str, str]


async def _run(context: Context, asked: Any) -> AsyncIterator[Any]:
    yield context, asked


def _render(result: object) -> Reply:
    return Reply(str(result))


HELP = Read(name="help", request=Help, run=_run, render=_render, summary="Help", scope_free=True)
LOOK = Read(name="look", request=Look, run=_run, render=_render, summary="Look", everywhere=True)
MOVE = Read(name="move", request=Move, run=_run, render=_render, summary="Move")
COMMANDS: dict[str, Command[Any, Any]] = {"help": HELP, "look": LOOK, "move": MOVE}
MOVE_USAGE = "move [A B] --to X Y [-n NAMESPACE]"
LOOK_USAGE = "look POD [COMMAND…] [-l LABELS] [--tail COUNT] [-o wide|name] [--dry-run] [-n NAMESPACE] [-A]"


def test_a_line_becomes_a_request() -> None:
    """Arguments, options and the namespace are read, and the line is kept in a form that can be run again."""
    line = "look web-1 -l app=web --tail=-1 -o wide --dry-run -n shop -- ls -l '/a b'"
    asked = Look("web-1", ("ls", "-l", "/a b"), (("app", "web"),), -1, "wide", dry_run=True)
    assert parse(line, COMMANDS) == Parsed(LOOK, asked, "shop", everywhere=False, line=line)  # type: ignore[arg-type]  # a plain text


def test_defaults() -> None:
    """What was not typed has its default, and no namespace is invented."""
    assert parse("look web", COMMANDS) == Parsed(LOOK, Look("web"), None, everywhere=False, line="look web")


def test_all_namespaces() -> None:
    """`-A` asks everywhere."""
    assert parse("look web -A", COMMANDS).everywhere


def test_a_verb_may_begin_with_a_capital() -> None:
    """A keyboard's capital is put right, in the kept line too."""
    assert parse("Look web", COMMANDS).line == "look web"


@pytest.mark.parametrize(
    ("words", "asked", "line"),
    [
        ("", Help(None), "help"),
        ("   ", Help(None), "help"),
        ("--help", Help(None), "help"),
        ("-h look", Help("look"), "help look"),
        ("help look", Help("look"), "help look"),
        ("look --help", Help("look"), "help look"),
        ("look web -h", Help("look"), "help look"),
    ],
)
def test_ways_to_ask_for_help(words: str, asked: Help, line: str) -> None:
    """Nothing at all, `help VERB`, and `-h` or `--help` alone or of a verb are the help command."""
    assert parse(words, COMMANDS) == Parsed(HELP, asked, None, everywhere=False, line=line)


def test_words_after_two_dashes_are_not_ours() -> None:
    """A `-h` after `--` belongs to what is run."""
    assert parse("look web -- ls -h", COMMANDS).asked.command == ("ls", "-h")


def test_help_option_without_a_help_command() -> None:
    """Where there is no help command, `--help` is an unknown option."""
    with pytest.raises(UsageError, match="“--help” is not an option of look"):
        parse("look --help", {"look": LOOK})


@pytest.mark.parametrize(
    ("words", "message", "hint", "verb"),
    [
        ("lok web", "“lok” is not a command", "did you mean `/pod look`?", ""),
        ("xyz", "“xyz” is not a command", "type `/pod help` to see all commands", ""),
        ("''", "“” is not a command", "type `/pod help` to see all commands", ""),
        ("look", "POD is missing", f"type `/pod {LOOK_USAGE}`", "look"),
        ("look ''", "“” is not a pod name", None, "look"),
        ("look ..", "“..” is not a pod name", None, "look"),
        ("look web -n a/b", "-n: “a/b” is not a namespace", None, "look"),
        ("look web --tial 5", "“--tial” is not an option of look", "did you mean `--tail`?", "look"),
        ("look web -tail 5", "“-tail” is not an option of look", "did you mean `--tail`?", "look"),
        ("look web -x", "“-x” is not an option of look", "type `/pod help look` to see its options", "look"),
        ("look web --tail", "--tail needs a value", "type `--tail COUNT`", "look"),
        ("look web --dry-run=1", "--dry-run takes no value", f"type `/pod {LOOK_USAGE}`", "look"),
        ("look web --tail x", "--tail: “x” is not a number from -1 to 1,000,000", None, "look"),
        ("look web -o x", "-o must be wide or name", f"type `/pod {LOOK_USAGE}`", "look"),
        ("look web -A -n shop", "-n and -A contradict each other", "type one of them", "look"),
        ("look web --dry-run --tail 0", "nothing to do", "leave one out", "look"),
        ("help look web", "“web” is one word too many", "type `/pod help [VERB]`", "help"),
        ("help -n shop", "“-n” is not an option of help", "type `/pod help help` to see its options", "help"),
        ("move", "--to is missing", f"type `/pod {MOVE_USAGE}`", "move"),
        ("move --to a", "--to needs a value", "type `--to X Y`", "move"),
        (
            "move c --to a b",
            "Argument 'pair' takes 2 values.",
            f"type `/pod {MOVE_USAGE}`",
            "move",
        ),
        ("move -A --to a b", "“-A” is not an option of move", "type `/pod help move` to see its options", "move"),
        ("look 'web", "a quotation mark is not closed, or a backslash stands last", None, ""),
        ("look web\\", "a quotation mark is not closed, or a backslash stands last", None, ""),
        ("look web\n", "there is an invisible character or a line break in the line", None, ""),
        ("look \u202eweb", "there is an invisible character or a line break in the line", None, ""),
        ("look \ud800", "there is an invisible character or a line break in the line", None, ""),
        ("look " + "x" * 3000, "the line is longer than 3,000 characters", None, ""),
    ],
)
def test_mistakes_are_told_in_plain_words(words: str, message: str, hint: str | None, verb: str) -> None:
    """Each mistake names what is wrong, what to type instead, and the verb whose help to show."""
    with pytest.raises(UsageError) as told:
        parse(words, COMMANDS)
    assert str(told.value) == message
    assert told.value.hint == hint if hint is not None else told.value.hint
    assert told.value.verb == verb


def test_usage() -> None:
    """The usage line lists arguments and options in their order, optional ones in brackets."""
    assert usage(LOOK) == LOOK_USAGE
    assert usage(HELP) == "help [VERB]"


def test_parameters() -> None:
    """Help's details come from the same declarations."""
    described = parameters(LOOK)
    assert described[0] == Parameter(("POD",), "POD", "The pod.", "", required=True, is_option=False)
    assert described[3] == Parameter(("--tail",), "COUNT", "Lines.", "200", required=False, is_option=True)
    assert described[5] == Parameter(("--dry-run",), "", "", "", required=False, is_option=True)
    assert [one.names for one in described[6:]] == [("-n", "--namespace"), ("-A", "--all-namespaces")]


def test_commands_are_built_once() -> None:
    """A command is made once a command, and the declarations stay for the next one who asks."""
    assert built(LOOK) is built(LOOK)
    assert parse("look a", COMMANDS).asked != parse("look b", COMMANDS).asked


def test_the_environment_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable can fill in an option."""
    for name in ("TAIL", "LOOK_TAIL", "PODBOT_TAIL", "_LOOK_COMPLETE"):
        monkeypatch.setenv(name, "5")
    assert parse("look web", COMMANDS).asked.tail == 200


@given(st.lists(st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=20), max_size=5))
def test_a_kept_line_is_read_the_same_again(words: list[str]) -> None:
    """Whatever is understood is understood the same from its kept line."""
    line = " ".join(("look", "web", "--", *(f"'{word}'" for word in words)))
    try:
        once = parse(line, COMMANDS)
    except UsageError:
        return
    assert parse(once.line, COMMANDS) == once


@given(st.text(max_size=200), st.sampled_from(["", "look ", "help ", "move --to "]))
def test_no_line_breaks_the_parser(text: str, start: str) -> None:
    """Any line is understood or is a usage error; nothing is printed and nothing else is raised."""
    with suppress(UsageError):
        assert parse(start + text, COMMANDS).line
