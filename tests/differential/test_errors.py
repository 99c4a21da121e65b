"""What can't be: kubectl and podbot say no, for the same reason."""

import pytest

from bot.core.errors import ClusterError, Invalid, NotFound, PodbotError, UsageError
from tests.differential.sides import Sides
from tests.differential.test_logs import printed

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="package")]

ERRORS = [
    ("describe nope", "describe pod nope", 'pods "nope" not found', NotFound, 'pods "nope" not found'),
    ("logs nope", "logs nope", 'pods "nope" not found', NotFound, 'pods "nope" not found'),
    ("yaml nope", "get pod nope -o yaml", 'pods "nope" not found', NotFound, 'pods "nope" not found'),
    ("list -n default", "get pods -n default", "pods is forbidden", ClusterError, "pods is forbidden"),
    ("list -l 'app in web'", "get pods -l 'app in web'", "unable to parse", UsageError, "not a label selector"),
    ("list -l 'app=a b'", "get pods -l 'app=a b'", "found 'b'", UsageError, "not a label selector"),
    ("list -l 'build>x'", "get pods -l 'build>x'", "must be an integer", UsageError, "not a number"),
    ("list -l app=a_", "get pods -l app=a_", "a valid label must", UsageError, "a_"),
    ("list -l -app=a", "get pods -l -app=a", "unable to parse", UsageError, "-app"),
    (
        "list --field-selector foo=bar",
        "get pods --field-selector foo=bar",
        "field label not supported: foo",
        Invalid,
        "field label not supported: foo",
    ),
    ("list --field-selector foo", "get pods --field-selector foo", "invalid selector", UsageError, "field selector"),
    ("list -o nice", "get pods -o nice", "unable to match a printer", UsageError, "-o must be wide"),
    ("logs api-1 -c nope", "logs api-1 -c nope", "nope is not valid", UsageError, "no container “nope”"),
    ("logs api-1 --tail x", "logs api-1 --tail x", "invalid argument", UsageError, "x"),
    ("logs api-1 --since x", "logs api-1 --since x", "invalid argument", UsageError, "x"),
    ("logs", "logs", "expected 'logs", UsageError, "POD is missing"),
    ("describe A_B", "describe pod A_B", 'pods "A_B" not found', UsageError, "A_B"),
]


@pytest.mark.parametrize(("line", "words", "fact", "kind", "told"), ERRORS, ids=[error[0] for error in ERRORS])
async def test_errors(sides: Sides, line: str, words: str, fact: str, kind: type[PodbotError], told: str) -> None:
    """Both refuse, and both say what is wrong."""
    said = await sides.kubectl(*sides.words(words))
    assert said.code != 0
    assert fact in said.error
    with pytest.raises(kind) as caught:
        await sides.podbot.read(line)
    assert told in str(caught.value)


NO_LOG = [
    ("web-1 -p", "previous terminated container", "no log of an earlier run"),
    ("pull-1", "image can't be pulled", "not started, `ImagePullBackOff`"),
    ("config-1", "CreateContainerConfigError", "not started, `CreateContainerConfigError`"),
]


@pytest.mark.parametrize(("flags", "fact", "told"), NO_LOG, ids=[case[0] for case in NO_LOG])
async def test_no_log_yet(sides: Sides, flags: str, fact: str, told: str) -> None:
    """Where kubectl shows an error instead of a log, podbot says why there is none."""
    said = await sides.kubectl("logs", *sides.words(flags))
    assert said.code != 0
    assert fact in said.error or "trying and failing to pull" in said.error
    reply = await sides.podbot.read(f"logs {flags}")
    assert printed(reply) == ""
    assert told in reply.text.replace("ErrImagePull", "ImagePullBackOff")
