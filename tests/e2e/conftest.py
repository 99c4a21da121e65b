"""One podbot a world, for all end-to-end tests; the end holds the API server's audit log against the promise.

What was called of Slack is held against the manifest.
"""

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.demo.chat.web_api import RESPONSE_URL, UPLOAD
from bot.slack.scopes import METHODS
from tests.e2e.ground import WORLDS
from tests.e2e.promise import check
from tests.e2e.world import World

# Where a real cluster is at hand, the legacy form is tried on it alone: each world takes minutes.
_HERE = [name for name in WORLDS if name != "simulated-legacy" or not os.environ.get("KUBECONFIG_TEST")]


@pytest_asyncio.fixture(
    loop_scope="package",
    scope="package",
    params=[pytest.param(name, marks=pytest.mark.cluster if name.startswith("real") else ()) for name in _HERE],
)
async def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Prepare a world, run podbot in it, and check at the end as whom every request was made."""
    async with WORLDS[request.param](tmp_path_factory.mktemp("podbot")) as prepared:
        async with prepared.replica():
            yield prepared
        check(prepared.whole_audit())
        called = {call.method for call in prepared.chat.calls()} - {RESPONSE_URL, UPLOAD}
        assert called <= set(METHODS), "the manifest declares no scope of these methods"
