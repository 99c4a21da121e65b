"""Which tests run in one process where several do: those on the real cluster, and those that share a prepared world."""

from dataclasses import replace

import pytest

_SHARED = ("world", "site", "url")  # package-wide fixtures, each of which takes seconds to prepare


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep together what one process must run: podbot's cluster-wide roles have fixed names, for one."""
    if hasattr(config, "workerinput"):
        for item in items:
            *outer, last = item.id.names
            shown = last if item.id.params is None else f"{last}[{item.id.params}]"
            # pytest-xdist 3.8 writes the group where pytest 9.2 no longer looks, and so would group nothing.
            item._id = replace(item.id, names=(*outer, f"{shown}@{_group(item)}"), params=None)


def _group(item: pytest.Item) -> str:
    if item.get_closest_marker("cluster"):
        return "cluster"
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    shared = [f"{item.path.parent.name} {parameters[name]}" for name in _SHARED if name in parameters]
    return shared[0] if shared else str(item.path)
