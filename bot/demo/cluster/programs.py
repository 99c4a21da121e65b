"""What commands in containers do: a few programs, and a shell that knows `;`, `&&`, lines, `>&2` and `while true`.

A script with more than that (pipes, `if`, `trap`) is taken for a service: it says what its `echo` lines say, once,
and goes on for ever. `tail /dev/zero` runs out of memory, as it does in reality.
"""

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.demo.cluster import scripts, times

KILLED: Final = 137
NOT_FOUND: Final = 127
_ENDLESS = frozenset({"nginx", "/pause", "pause", "httpd", "top"})
_QUIET = frozenset(
    {":", "true", "test", "[", "mkdir", "touch", "chmod", "cd", "export", "set", "ls", "cat", "ps", "id"}
)
_KNOWN = frozenset(
    {
        *("sh", "/bin/sh", "echo", "printf", "sleep", "false", "env", "hostname", "date", "tail", "exit", "nc"),
        *("kill", "yes", "seq", "head"),
    }
)
_FLOOD = 4 * 1024 * 1024  # bytes of what goes on for ever
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::-[^}]*)?\}|(\w+))")
_DATE = re.compile(r"\$\(date[^)]*\)")
_NGINX = ('using the "epoll" event method', "nginx/1.22.1", "start worker processes", "start worker process 29")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command leaves: its output and, after `seconds`, its exit code; None goes on for ever.

    `said` is when it wrote what, in seconds from its start; what has a `loop` does that for ever.
    """

    stdout: bytes = b""
    stderr: bytes = b""
    code: int | None = 0
    seconds: float = 0.0
    killed: bool = False
    said: tuple[tuple[float, bytes], ...] = field(default=(), compare=False)
    loop: "Callable[[datetime], Outcome] | None" = field(default=None, compare=False)

    @property
    def lines(self) -> tuple[tuple[float, bytes], ...]:
        """What is written, and when."""
        everything = self.stdout + self.stderr
        return self.said or (((0.0, everything),) if everything else ())

    def then(self, following: "Outcome") -> "Outcome":
        """Return both, one after the other."""
        return Outcome(
            self.stdout + following.stdout,
            self.stderr + following.stderr,
            following.code,
            self.seconds + following.seconds,
            following.killed,
            (*self.lines, *((self.seconds + at, said) for at, said in following.lines)),
        )


class NoSuchProgramError(Exception):
    """The image has no such program."""


def image_command(image: str, container: Mapping[str, Sequence[str] | None]) -> list[str]:
    """Return what a container runs: its own command, or the image's."""
    command, arguments = list(container.get("command") or ()), list(container.get("args") or ())
    if command or arguments:
        return command + arguments
    name = image.rpartition("/")[2].partition(":")[0]
    return {"busybox": ["sh"], "nginx": ["nginx", "-g", "daemon off;"]}.get(name, ["/pause"])


def run(command: Sequence[str], environment: Mapping[str, str], now: datetime) -> Outcome:
    """Run a command; raises `NoSuchProgramError`."""
    match list(command):
        case ["sh" | "/bin/sh", "-c", script, *_]:
            return _shell(script, environment, now)
        case ["sh" | "/bin/sh", *_]:
            return Outcome()
        case [program, *_] if program not in _KNOWN | _QUIET | _ENDLESS:
            raise NoSuchProgramError(program)
    return _program(list(command), environment, now)


def _shell(script: str, environment: Mapping[str, str], now: datetime) -> Outcome:
    if (parts := scripts.loop_of(script)) is not None:
        before, body = parts
        begun = _script(before, environment, now)
        return replace(begun, code=None, loop=lambda moment: _script(body, environment, moment))
    if scripts.is_service(script):
        said = "".join(f"{' '.join(_words(line, environment, now))}\n" for line in scripts.echoed(script))
        return Outcome(said.encode(), code=None)
    return _script(script, environment, now)


def _script(script: str, environment: Mapping[str, str], now: datetime) -> Outcome:
    ended = Outcome()
    for statement, needed in scripts.statements(script):
        if needed and ended.code:
            continue
        words = _words(statement, environment, now)
        ended = ended.then(_statement(words, environment, now, ended.code))
        if words[0] == "exit" or ended.code is None or ended.killed:
            break
    return ended


def _words(statement: str, environment: Mapping[str, str], now: datetime) -> list[str]:
    def value(found: re.Match[str]) -> str:
        return environment.get(found[1] or found[2], "")

    try:
        words = shlex.split(_DATE.sub(times.seconds(now), statement))
        return [_VARIABLE.sub(value, word) for word in words] or [":"]
    except ValueError:  # quotes that go on in the next line
        return [":"]


def _statement(words: list[str], environment: Mapping[str, str], now: datetime, code: int | None) -> Outcome:
    to_errors = bool({">&2", "1>&2"} & set(words))
    words = [word for word in words if word not in (">&2", "1>&2", "2>&1", "exec")]
    if words == ["exit"]:
        return Outcome(code=code)
    if words[0] not in _KNOWN | _QUIET | _ENDLESS:
        return Outcome(stderr=f"sh: {words[0]}: not found\n".encode(), code=NOT_FOUND)
    into_file = bool({">", ">>"} & set(words))
    ended = run(words, environment, now)
    if into_file:
        return replace(ended, stdout=b"", said=())
    return Outcome(b"", ended.stdout + ended.stderr, ended.code, ended.seconds) if to_errors else ended


def _program(words: list[str], environment: Mapping[str, str], now: datetime) -> Outcome:
    match words:
        case ["echo" | "printf" as program, *rest]:
            return Outcome(f"{' '.join(rest)}{'' if program == 'printf' else chr(10)}".encode())
        case ["exit", code]:
            return Outcome(code=int(code) & 0xFF if code.isdecimal() else 2)
        case ["false", *_]:
            return Outcome(code=1)
        case ["sleep", span]:
            return Outcome(seconds=float(span)) if re.fullmatch(r"\d+(\.\d+)?", span) else Outcome(code=None)
        case ["tail", "/dev/zero"]:
            return Outcome(code=KILLED, seconds=1, killed=True)
    return _more(words, environment, now)


def _more(words: list[str], environment: Mapping[str, str], now: datetime) -> Outcome:
    match words:
        case ["kill", "-9" | "-KILL", "$$"]:
            return Outcome(code=KILLED)
        case ["yes"]:
            return Outcome(b"y\n" * (_FLOOD // 2), code=None)
        case ["seq", last] if last.isdecimal():
            return Outcome("".join(f"{number}\n" for number in range(1, int(last) + 1)).encode())
        case ["head", "-c", size, "/dev/zero"] if size.isdecimal():
            return Outcome(bytes(int(size)))
    return _rest(words, environment, now)


def _rest(words: list[str], environment: Mapping[str, str], now: datetime) -> Outcome:
    match words[0]:
        case "env":
            return Outcome("".join(f"{key}={value}\n" for key, value in environment.items()).encode())
        case "hostname":
            return Outcome(f"{environment.get('HOSTNAME', '')}\n".encode())
        case "date":
            return Outcome(f"{times.seconds(now)}\n".encode())
        case "nginx":
            moment = now.strftime("%Y/%m/%d %H:%M:%S")
            return Outcome("".join(f"{moment} [notice] 1#1: {line}\n" for line in _NGINX).encode(), code=None)
        case "tail" | "nc" | "top" | "httpd" | "pause" | "/pause":
            return Outcome(code=None)
    return Outcome()
