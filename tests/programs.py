"""Programs that tests need beside Python: without one they skip, or fail where REQUIRE_CLUSTER=1."""

import os
import shutil
import socket

import pytest


def program(name: str) -> str:
    """Return the path of a program; without it skip, or fail where REQUIRE_CLUSTER=1."""
    return shutil.which(name) or missing(f"{name} is not on the PATH")


def missing(what: str) -> str:
    """Skip for what is missing, or fail where REQUIRE_CLUSTER=1."""
    if os.environ.get("REQUIRE_CLUSTER") == "1":
        pytest.fail(f"REQUIRE_CLUSTER=1, but {what}")
    pytest.skip(what)


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
