"""What an ended run left as its message, as the headline of a cause."""

from bot.core.triage.crashes import crash
from bot.core.triage.looking import runs
from bot.core.triage.snapshot import Snapshot
from tests.core.samples import raw_pod, waiting
from tests.fakes import NOW


def test_a_message_is_masked_before_a_line_of_it_is_taken() -> None:
    """The last line of a private key looks like none; told by itself it would be shown."""
    line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"
    said = f"cannot parse the key\n-----BEGIN PRIVATE KEY-----\n{line}\n{line}"  # cut off, as the kubelet does
    ended = {"terminated": {"exitCode": 1, "reason": "Error", "message": said}}
    status = {"phase": "Running", "containerStatuses": [waiting("app", "CrashLoopBackOff", lastState=ended)]}
    seen = Snapshot(NOW, raw_pod(status=status))
    (run,) = runs(seen)
    assert line not in crash(seen, run).headline
