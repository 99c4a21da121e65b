"""Programs that tests need beside Python: without one they skip, or fail where REQUIRE_CLUSTER=1."""

import os
import shutil

import pytest


def program(name: str) -> str:
    """Return the path of a program; without it skip, or fail where REQUIRE_CLUSTER=1."""
    return shutil.which(name) or missing(f"{name} is not on the PATH")


def missing(what: str) -> str:
    """Skip for what is missing, or fail where REQUIRE_CLUSTER=1."""
    if os.environ.get("REQUIRE_CLUSTER") == "1":
        pytest.fail(f"REQUIRE_CLUSTER=1, but {what}")
    pytest.skip(what)
