from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.reload import PolicyFile, TemplateFolder

START = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
GOOD = "team: T0ACME\nask: '{ask}'\ntiers: {{viewer: {{may: [READ]}}}}\n"
TEMPLATE = "name: {name}\nsummary: x\npod: {{apiVersion: v1, kind: Pod, spec: {{}}}}\n"


def minutes(count: float) -> datetime:
    """Return the time so many minutes after the start."""
    return START + timedelta(minutes=count)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Write a valid policy."""
    path = tmp_path / "policy.yaml"
    path.write_text(GOOD.format(ask="first"))
    return path


def test_fresh_process_never_starts_on_broken_policy(path: Path) -> None:
    """A broken file at start is an error, not a state."""
    path.write_text("team: acme\n")
    with pytest.raises(ConfigError):
        PolicyFile(path)


def test_people_are_refused_where_there_are_tokens(path: Path) -> None:
    """Neither a fresh process nor a running one takes a policy with people where podbot asks for tokens."""
    people = f"{GOOD.format(ask='first')}people: {{U0BOB: {{user: bob@example.com}}}}\n"
    file = PolicyFile(path, people=False)
    path.write_text(people)
    with pytest.raises(ConfigError, match="people: people need impersonation"):
        PolicyFile(path, people=False)
    file.poll(START)
    assert "people need impersonation" in file.state.problem
    assert not file.state.policy.people
    assert PolicyFile(path).state.policy.people


def test_edit_is_taken_over(path: Path) -> None:
    """New content is loaded at the next poll."""
    file = PolicyFile(path)
    path.write_text(GOOD.format(ask="second"))
    assert file.state.policy.ask == "first"
    file.poll(START)
    assert (file.state.policy.ask, file.state.problem) == ("second", "")


def test_same_content_is_not_loaded_again(path: Path) -> None:
    """A file that was only touched leaves the very same policy."""
    file = PolicyFile(path)
    before = file.state.policy
    path.write_text(path.read_text())
    file.poll(START)
    assert file.state.policy is before


def test_broken_edit_keeps_last_good_policy_and_says_so(path: Path) -> None:
    """A broken edit leaves the last good policy, and its problem is told."""
    file = PolicyFile(path)
    path.write_text("team: acme\n")
    file.poll(START)
    assert file.state.policy.ask == "first"
    assert f"{path}: team: not a workspace's id" in file.state.problem
    assert file.state.broken_since == START


def test_policy_broken_for_five_minutes_is_stale(path: Path) -> None:
    """Staleness counts from the first broken poll, through other broken edits and a vanished file."""
    file = PolicyFile(path)
    path.write_text("team: acme\n")
    file.poll(START)
    path.write_text("team: acme2\n")
    file.poll(minutes(2))
    path.unlink()
    file.poll(minutes(4))
    assert "can't be read" in file.state.problem
    assert not file.state.stale(minutes(4.99))
    assert file.state.stale(minutes(5))


def test_mended_policy_is_taken_over_and_no_longer_stale(path: Path) -> None:
    """Mending the file, even back to the last good content, ends the problem."""
    file = PolicyFile(path)
    path.write_text("team: acme\n")
    file.poll(START)
    path.write_text(GOOD.format(ask="first"))
    file.poll(minutes(9))
    assert (file.state.problem, file.state.broken_since, file.state.stale(minutes(99))) == ("", None, False)


def test_templates_are_reloaded_likewise(tmp_path: Path) -> None:
    """A template that is added appears; a broken one leaves the last good ones and a problem."""
    (tmp_path / "one.yaml").write_text(TEMPLATE.format(name="one"))
    (tmp_path / "notes.txt").write_text("not a template")
    folder = TemplateFolder(tmp_path)
    (tmp_path / "two.yaml").write_text(TEMPLATE.format(name="two"))
    folder.poll(START)
    assert list(folder.value) == ["one", "two"]
    (tmp_path / "two.yaml").write_text("name: two\n")
    folder.poll(START)
    assert list(folder.value) == ["one", "two"]
    assert "two.yaml: summary: missing" in folder.problem
