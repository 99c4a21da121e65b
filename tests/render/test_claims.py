"""What stands behind a claim, line by line."""

import pytest

from bot.core.claims import Claim, User
from bot.core.persistent_volumes import PersistentVolume
from bot.core.pods import Condition
from bot.core.redaction import MASK
from bot.core.volumes import Joined, Unread
from bot.render.claims import claim_lines, facts

BOUND = Claim("data", phase="Bound", volume="pv-1", requested="2Gi", granted="1Gi")


def lines(joined: Joined) -> list[str]:
    """Return the lines about a claim."""
    return list(claim_lines(joined))


@pytest.mark.parametrize(
    ("unread", "said"), [(Unread.ABSENT, "claim `data` (does not exist)"), (Unread.REFUSED, "claim `data` (not shown)")]
)
def test_a_claim_that_was_not_read(unread: Unread, said: str) -> None:
    """A claim that is not there or may not be read ends its line; who else uses it is told all the same."""
    assert lines(Joined("data", unread, users=(User("other", "n"),))) == [said, "also used by `other` on `n`"]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Condition("FileSystemResizePending", "True"), ", growing to 2Gi: FileSystemResizePending"),
        (Condition("Resizing", "True"), ", growing to 2Gi: Resizing"),
        (Condition("Resizing", "False"), ""),
        (Condition("Unused", "True"), ""),
    ],
)
def test_a_claim_that_grows(condition: Condition, said: str) -> None:
    """Where the controllers say nothing of an expansion, the claim's conditions do."""
    claim = Claim("data", phase="Bound", requested="2Gi", granted="1Gi", conditions=(condition,))
    assert lines(Joined("data", claim)) == [
        "claim `data` Bound → no volume → no class",
        f"claim: 2Gi asked for, 1Gi granted{said}",
    ]


def test_a_volume_that_failed() -> None:
    """A volume's reason is told with its phase, and what is not known of it is said."""
    volume = PersistentVolume("pv-1", "nfs", source="/x", details=("server s",), phase="Failed", reason="<Odd>")
    assert lines(Joined("data", BOUND, volume))[2] == (
        "volume: NFS share `/x`, server s, no size, reclaim policy unknown, no node affinity, Failed for &lt;Odd&gt;"
    )


def test_many_users() -> None:
    """Ten pods are named and the rest is counted."""
    users = tuple(User(f"p{index}", "n") for index in range(13))
    said = lines(Joined("data", Unread.REFUSED, users=users))[-1]
    assert said.endswith("`p9` on `n`, 3 more pods")
    assert "p10" not in said


def test_details_are_harmless_and_short() -> None:
    """A detail cannot ping, and is cut after it was masked."""
    said = facts(("x <!channel>", "password=hunter2hunter2 " + "y" * 300))
    assert said.startswith("x &lt;!channel&gt;; ")
    assert "hunter2" not in said
    assert said.endswith("…")


def test_a_handle_is_masked_before_it_is_cut() -> None:
    """A handle that carries a password shows no half of it where it is cut."""
    handle = f"smb://share:{'hunter2' * 30}@nas"
    told = lines(Joined("data", BOUND, PersistentVolume("pv-1", "csi", handle=handle)))[2]
    assert f"handle `smb://share:{MASK}@nas`" in told
