"""Reading the end of a log."""

import pytest

from bot.core.triage.known_errors import advice_for
from bot.core.triage.logreading import Passage, tell_tale

PYTHON = """INFO starting
Traceback (most recent call last):
  File "/app/main.py", line 3, in <module>
    port = os.environ["PORT"]
           ~~~~~~~~~~^^^^^^^^
KeyError: 'PORT'
"""
JAVA = """2026-01-02 03:04:05 ERROR boot failed
Exception in thread "main" org.shop.StartException: cannot start
\tat org.shop.Main.run(Main.java:12)
\tat java.base/java.lang.Thread.run(Thread.java:1583)
Caused by: java.lang.IllegalStateException: no licence
\tat org.shop.Licence.check(Licence.java:8)
\t... 4 more
bye
"""
GO = """panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x1]

goroutine 1 [running]:
main.main()
\t/src/main.go:9 +0x1d
"""
NODE = """/app/index.js:3
    throw new TypeError('x')
    ^

TypeError: Cannot read properties of undefined (reading 'port')
    at Object.<anonymous> (/app/index.js:3:9)
    at node:internal/main/run_main_module:28:49

Node.js v22.1.0
"""


@pytest.mark.parametrize(
    ("log", "headline", "kind", "length"),
    [
        (PYTHON, "KeyError: 'PORT'", "Python", 5),
        (JAVA, "java.lang.IllegalStateException: no licence", "Java", 6),
        (GO, "panic: runtime error: invalid memory address or nil pointer dereference", "Go", 5),
        (NODE, "TypeError: Cannot read properties of undefined (reading 'port')", "Node", 3),
    ],
)
def test_stack_traces_are_kept_whole(log: str, headline: str, kind: str, length: int) -> None:
    """A trace is one passage, and its headline the line that says what went wrong."""
    found = tell_tale(log)
    assert found is not None
    assert (found.headline, found.kind, len(found.lines)) == (headline, kind, length)


def test_the_last_of_several_traces() -> None:
    """What ended the run was printed last."""
    found = tell_tale(PYTHON + PYTHON.replace("PORT", "HOST"))
    assert found is not None
    assert found.headline == "KeyError: 'HOST'"


def test_a_long_trace_keeps_its_head_and_its_end() -> None:
    """The frames between are counted."""
    frames = "".join(f'  File "/app/{number}.py", line 1, in f\n' for number in range(40))
    found = tell_tale(f"Traceback (most recent call last):\n{frames}ValueError: deep\n")
    assert found is not None
    assert found.lines[0] == "Traceback (most recent call last):"
    assert found.lines[6] == "… 30 lines …"
    assert found.lines[-1] == "ValueError: deep"


def test_without_a_trace_the_first_error_line() -> None:
    """What came first caused what follows, which is quoted with it; its time is left out of the headline."""
    log = "2026-01-02T03:04:05Z starting\n2026-01-02T03:04:06.123Z ERROR no database\nERROR giving up\nbye\n"
    found = tell_tale(log)
    assert found == Passage(
        "ERROR no database", ("2026-01-02T03:04:06.123Z ERROR no database", "ERROR giving up", "bye")
    )


@pytest.mark.parametrize(
    "log",
    ["", "\n\n", "starting\nready\n", "0 errors, all is well\n", 'level=info msg="no error"\n', "errors=0 failed=0\n"],
)
def test_a_log_without_an_error(log: str) -> None:
    """Nothing is made up."""
    assert tell_tale(log) is None


def test_a_trace_that_is_cut_off() -> None:
    """A traceback without its last line is no trace; its first line is an error line all the same."""
    found = tell_tale("Traceback (most recent call last):\n  File x\n")
    assert found is not None
    assert found.kind == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("listen tcp :80: bind: address already in use", "listens on that port"),
        ("java.lang.OutOfMemoryError: Java heap space", "ran out of memory"),
        ("FATAL: password authentication failed for user", "Credentials"),
        ("KeyError: 'PORT'", "environment variable"),
        ("ModuleNotFoundError: No module named 'x'", "lacks a part"),
        ("x509: certificate signed by unknown authority", "certificate"),
        ("all is lost", ""),
    ],
)
def test_known_errors(line: str, said: str) -> None:
    """Errors that many programs print in the same words come with what usually mends them."""
    assert said in advice_for(line)
    assert bool(advice_for(line)) is bool(said)
