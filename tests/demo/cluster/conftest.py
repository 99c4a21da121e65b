"""A fresh simulation for each test."""

import pytest

from tests.demo.cluster.bench import Bench


@pytest.fixture
def bench() -> Bench:
    """Return a simulated cluster with the namespace shop."""
    return Bench()
