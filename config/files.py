"""Reading YAML that people wrote: bounded in size, no repeated keys, no aliases, plain data only."""

import io
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from config.errors import ConfigError

SIZE_LIMIT = 256 * 1024


class _Loader(yaml.SafeLoader):
    """Refuses what makes a file mean something else than it seems to."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse aliases, with which a small file can describe a huge tree."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # untyped in the stubs alone
            raise yaml.constructor.ConstructorError(None, None, "aliases are not allowed; write the value out", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002  # PyYAML's signature
        """Refuse a repeated key, of which YAML would keep the last in silence."""
        seen: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"“{key.value}” is there twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read(path: Path) -> bytes:
    """Return a file's content, or raise `ConfigError` where it can't be read or is larger than `SIZE_LIMIT` bytes."""
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise ConfigError(str(path), "", f"can't be read ({error.strerror}); check the path and its rights") from error
    if len(content) > SIZE_LIMIT:
        raise ConfigError(str(path), "", f"larger than {SIZE_LIMIT // 1024} KiB; make it smaller")
    return content


def parse(content: bytes, file: str) -> dict[str, Any]:
    """Return the mapping that `content` (YAML in UTF-8) holds, or raise `ConfigError` naming `file` and the line."""
    try:
        # A stream, for with text PyYAML quotes the lines around an error, and a secret may stand there.
        tree = yaml.load(io.BytesIO(content), _Loader)  # noqa: S506  # a SafeLoader, made stricter
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(file, f"line {line}", f"{error.problem}; mend the YAML") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(file, "", "not plain YAML in UTF-8; mend or write it anew") from error
    if not isinstance(tree, dict) or not all(isinstance(key, str) for key in tree):
        raise ConfigError(file, "", "must be a mapping of keys to values")
    return tree
