"""`yaml` and `kubectl get pod -o yaml`."""

from typing import Any

import pytest
import yaml

from tests.differential.sides import Sides, same
from tests.differential.test_logs import printed

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="package")]


@pytest.mark.parametrize("pod", ["web-1", "api-1", "plain-1", "again-1", "crashing-1", "done-1", "pull-1", "stuck-1"])
@pytest.mark.parametrize("managed", [False, True], ids=["", "managed-fields"])
async def test_yaml(sides: Sides, pod: str, managed: bool) -> None:  # noqa: FBT001  # a case, not a call
    """Parsed, it is the same object, to the last field."""

    async def kubectl() -> Any:
        flags = ("--show-managed-fields",) if managed else ()
        return yaml.safe_load((await sides.kubectl("get", "pod", pod, "-o", "yaml", *flags)).text)

    async def podbot() -> Any:
        return yaml.safe_load(printed(await sides.podbot.read(f"yaml {pod}{' --managed-fields' if managed else ''}")))

    await same(kubectl, podbot)
