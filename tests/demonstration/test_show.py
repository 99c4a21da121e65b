"""The demo runs as a whole: a page, podbot, and a cluster behind it."""

import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.core.errors import AlreadyExists
from bot.core.resources import Json
from bot.demonstration.show import opened
from tests.real import Real, kubeconfig


async def _told(url: str, deed: dict[str, str], wanted: str) -> dict[str, Any]:
    """Do a deed on the page, and read what the person sees until it holds `wanted`."""
    async with ClientSession(headers={"Origin": url}) as session:
        async with session.post(f"{url}/deeds", json=deed) as answer:
            assert answer.status == 200, await answer.text()
        async with session.get(f"{url}/sights", params={"user": deed["user"]}) as stream:
            async for line in stream.content:
                if line.startswith(b"data: ") and wanted in line.decode():
                    seen: dict[str, Any] = json.loads(line[6:])
                    return seen
    pytest.fail(f"the stream ended without {wanted}")


def _write(text: str, user: str = "U0ALICE", channel: str = "C0ONCALL") -> dict[str, str]:
    return {"deed": "write", "user": user, "channel": channel, "text": text}


async def _is_all_there(url: str) -> None:
    seen = await _told(url, _write("/pod list"), "checkout")
    assert any(one["user"] == "podbot:operator" for one in seen["panel"]["requests"])
    await _told(url, _write("/pod delete orders", "U0BOB", "C0TEAM"), "Your tier may not do this here")
    await _told(url, _write("/pod create single mine"), "Running")


async def test_the_demo_on_a_simulated_cluster() -> None:
    """Without a cluster the demo lists its pods, creates one, refuses somebody, and shows whom each request is as."""
    async with opened() as url:
        await _is_all_there(url)


@pytest.mark.cluster
async def test_the_demo_leaves_an_installed_podbot_alone() -> None:
    """Where podbot's own rights are there already, the demo does not start, and they stay as they are."""
    role: Json = {"metadata": {"name": "podbot:impersonation"}, "rules": []}
    roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
    async with Real.opened() as admin:
        await admin.make(roles, role)
        try:
            with pytest.raises(AlreadyExists, match="podbot seems to be installed on this cluster"):
                async with opened(Path(kubeconfig())):
                    pytest.fail("the demo started")
            found = await admin.call("GET", f"{roles}/podbot:impersonation")
            assert not found.get("rules")
        finally:
            await admin.remove(f"{roles}/podbot:impersonation")


@pytest.mark.cluster
async def test_the_demo_on_a_real_cluster() -> None:
    """With a kubeconfig the same things happen on the cluster that it leads to."""
    async with opened(Path(kubeconfig())) as url:
        await _is_all_there(url)
