"""Which tests run in one process where several do: those on the real cluster, and those that share a prepared world."""

import pytest

_SHARED = ("world", "site", "url")  # package-wide fixtures, each of which takes seconds to prepare


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what one process must run: podbot's cluster-wide roles have fixed names, for one."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item: pytest.Item) -> str:
    if item.get_closest_marker("cluster"):
        return "cluster"
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    shared = [f"{item.path.parent.name} {parameters[name]}" for name in _SHARED if name in parameters]
    return shared[0] if shared else str(item.path)
