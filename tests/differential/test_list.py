"""`list` and `kubectl get pods`."""

import pytest

from tests.differential.sides import Sides, same
from tests.differential.tables import Rows, of_kubectl, of_podbot

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="package")]

FLAGS = [
    "",
    "-l app=web",
    "-l app==web",
    "-l app!=web",
    "-l 'app in (web,api)'",
    "-l 'app notin (web,api)'",
    "-l app",
    "-l '!app'",
    "-l app=web,tier=front",
    "-l 'app in (web,worker),tier!=front,build'",
    "-l 'app,!tier'",
    "-l app=",
    "-l 'build>5'",
    "-l 'build<5'",
    "-l app=nowhere",
    "--field-selector status.phase=Running",
    "--field-selector status.phase==Pending",
    "--field-selector status.phase!=Running",
    "--field-selector spec.nodeName=local",
    "--field-selector spec.nodeName=",
    "--field-selector metadata.name=web-1",
    "--field-selector status.phase=Running,spec.restartPolicy=Always",
    "-l app=api --field-selector status.phase!=Running",
    "-o wide",
    "--show-labels",
    "-o wide --show-labels -l tier",
]


@pytest.mark.parametrize("flags", FLAGS)
async def test_list(sides: Sides, flags: str) -> None:
    """The same pods in the same order, with the same cells under the same headers."""

    async def kubectl() -> Rows:
        return of_kubectl((await sides.kubectl("get", "pods", *sides.words(flags))).text)

    async def podbot() -> Rows:
        return of_podbot(await sides.podbot.read(f"list {flags}"))

    await same(kubectl, podbot)


@pytest.mark.parametrize("flags", ["", "-l app=web", "-o wide --show-labels"])
async def test_list_everywhere(sides: Sides, flags: str) -> None:
    """With -A come the pods of every granted namespace, as kubectl gets them one namespace after the other."""

    async def kubectl() -> Rows:
        rows = []
        for namespace in sides.podbot.namespaces:
            got = await sides.kubectl("get", "pods", *sides.words(flags), namespace=namespace)
            rows += [{"namespace": namespace, **row} for row in of_kubectl(got.text)]
        return rows

    async def podbot() -> Rows:
        return of_podbot(await sides.podbot.read(f"list -A {flags}"))

    await same(kubectl, podbot)


async def test_list_of_another_namespace(sides: Sides) -> None:
    """With -n come the other namespace's pods."""
    other = sides.world.payments

    async def kubectl() -> Rows:
        return of_kubectl((await sides.kubectl("get", "pods", namespace=other)).text)

    async def podbot() -> Rows:
        return of_podbot(await sides.podbot.read(f"list -n {other}"))

    await same(kubectl, podbot)
