"""The API server's own record of who each request was made as."""

import pytest

from bot.core.names import ContainerName
from bot.core.resources import PODS, Json, LogQuery
from tests.contract.sites import EXTRAS, GROUPS, POD, Site
from tests.real import until

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_every_allowed_request_is_the_persons(site: Site) -> None:
    """Lists, logs, commands over the websocket and proxied requests are all recorded as the person, with Slack ids."""
    before = len(site.audit())
    await site.cluster.table(PODS)
    assert [chunk async for chunk in site.cluster.logs(POD, LogQuery("main"))]
    ended = await site.cluster.execute(POD, ["true"], container=ContainerName("main"), seconds=20, limit=10)
    assert ended.code == 0
    await site.cluster.fetch(POD, "/", port=80, seconds=5, limit=10)

    async def seen() -> list[Json]:
        events = site.audit()[before:]
        done = {event["objectRef"].get("subresource") for event in events if event["stage"] == "ResponseComplete"}
        return events if done >= {None, "log", "exec", "proxy"} else []

    for event in await until(seen, "four requests in the audit log"):
        who = event["impersonatedUser"]
        assert who["username"] == site.operator.user
        assert set(who["groups"]) >= set(GROUPS)
        assert who["extra"] == {key: list(values) for key, values in EXTRAS.items()}
