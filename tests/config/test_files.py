from pathlib import Path

import pytest

from config.errors import ConfigError
from config.files import SIZE_LIMIT, parse, read


def test_mapping_is_read_as_plain_data() -> None:
    """YAML becomes plain Python values."""
    assert parse(b"a: [1, x, true]\nb: {c: null}\n", "f.yaml") == {"a": [1, "x", True], "b": {"c": None}}


@pytest.mark.parametrize(
    ("content", "key", "mend"),
    [
        (b"a: 1\nb: 2\na: 3\n", "line 3", "“a” is there twice; mend the YAML"),
        (b"x:\n  a: 1\n  a: 2\n", "line 3", "“a” is there twice; mend the YAML"),
        (b"a: &x [1]\nb: *x\n", "line 2", "aliases are not allowed; write the value out; mend the YAML"),
        (b"a: !!python/name:os.system\n", "line 1", None),
        (b"? [1, 2]\n: x\n", "line 1", None),
        (b"a: [1\n", "line 2", None),
        (b"a: 2026-99-99\n", "", None),
        (b"- 1\n", "", "must be a mapping of keys to values"),
        (b"", "", "must be a mapping of keys to values"),
        (b"1: x\n", "", "must be a mapping of keys to values"),
        (b"a: \xff\xfe\n", "", "not plain YAML in UTF-8; mend or write it anew"),
        (b"a: \x00\n", "", "not plain YAML in UTF-8; mend or write it anew"),
        (b"a: " + b"[" * 5000, "", "not plain YAML in UTF-8; mend or write it anew"),
    ],
)
def test_bad_yaml_is_refused_by_file_and_line(content: bytes, key: str, mend: str | None) -> None:
    """YAML that is broken, or means something else than it seems to, is refused with its file and line."""
    with pytest.raises(ConfigError) as caught:
        parse(content, "f.yaml")
    (problem,) = caught.value.problems
    assert (problem.file, problem.key) == ("f.yaml", key)
    assert mend in (None, problem.mend)


def test_yaml_error_quotes_nothing_from_the_file() -> None:
    """Neither the error nor its cause shows the lines around a mistake, where a secret may stand."""
    with pytest.raises(ConfigError) as caught:
        parse(b"token: xoxb-secret\n  bad: [xoxb-secret\n", "f.yaml")
    assert "secret" not in f"{caught.value}{caught.value.__cause__}"


def test_file_up_to_the_limit_is_read(tmp_path: Path) -> None:
    """A file of exactly the limit is read."""
    file = tmp_path / "f.yaml"
    file.write_bytes(b"#" * SIZE_LIMIT)
    assert len(read(file)) == SIZE_LIMIT


def test_larger_file_is_refused(tmp_path: Path) -> None:
    """A file over the limit is refused unread."""
    file = tmp_path / "f.yaml"
    file.write_bytes(b"#" * (SIZE_LIMIT + 1))
    with pytest.raises(ConfigError, match=r"f\.yaml: larger than 256 KiB"):
        read(file)


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there is named, with the system's reason."""
    with pytest.raises(ConfigError, match=r"gone\.yaml: can't be read \(No such file or directory\)") as caught:
        read(tmp_path / "gone.yaml")
    assert isinstance(caught.value.__cause__, FileNotFoundError)
