"""JSON that no API server should send, with fields that the views look for."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from bot.core.resources import Json

_SCALARS = (None, True, False, 0, -1, 2**40, 1.5, "", "x", "1Gi", "2026-01-02T03:00:05Z", "Bound")


def hostile(keys: Sequence[str]) -> st.SearchStrategy[Json]:
    """Return a strategy for objects in which any of `keys` may hold anything."""
    fields = st.sampled_from(keys)
    anything: st.SearchStrategy[Any] = st.recursive(
        st.sampled_from(_SCALARS),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(fields, inner, max_size=3),
        max_leaves=6,
    )
    return st.dictionaries(fields, anything, max_size=4)
