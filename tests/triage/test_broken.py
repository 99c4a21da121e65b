"""Pods that are broken in one way each, on a real cluster, all at once: the first cause named is the right one."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import pytest

from bot.app import SystemClock
from bot.core.errors import ClusterError, NotFound
from bot.core.names import Namespace, PodName
from bot.core.reading import mapping, strings, text
from bot.core.resources import PODS, Json, Resource
from bot.core.triage.judging import judge
from bot.core.triage.verdict import Verdict
from bot.kube.cluster import BoundCluster
from bot.steps.surveying import survey
from bot.steps.triage import snapshot_of
from tests.real import Real
from tests.triage.cases import Case, cases, collection, is_of_the_cluster

pytestmark = pytest.mark.cluster

_SECONDS: Final = 400
_DEPLOYMENTS = Resource("apps", "v1", "deployments")
_LEVEL = "pod-security.kubernetes.io/enforce"


@dataclass(slots=True)
class Place:
    """A namespace, as the administrator; `cause` is what was said last of each case."""

    admin: Real
    namespace: Namespace
    said: dict[str, str] = field(default_factory=dict)

    @property
    def cluster(self) -> BoundCluster:
        """The namespace."""
        return BoundCluster("main", self.namespace, self.admin.client)

    async def pods(self) -> Sequence[Json]:
        """Return every pod."""
        return (await self.cluster.list(PODS)).items

    async def judged(self, name: str) -> Verdict | None:
        """Judge a pod; None where it has gone."""
        find = partial(self.cluster.get, PODS, name)
        try:
            return judge(await snapshot_of(self.cluster, find, PodName(name), SystemClock().now()))
        except NotFound:
            return None


async def test_the_first_cause_is_the_right_one() -> None:
    """Each broken pod gets its cause, and pods that run, finish, start or roll over get none, at any moment."""
    found = [case for case in cases() if case.has_pods]
    async with _place(found) as place:
        left = {case.name: case for case in found if case.expected}
        calm = [case for case in found if not case.expected]
        wrong = await _until_settled(place, left, calm)
        wrong += [f"{name}, not {left[name].expected}: {place.said.get(name, 'no pod')}" for name in left]
        assert not wrong, "\n".join(wrong)


async def test_pods_that_cannot_be_made() -> None:
    """A controller that is refused its pods is told of with the reason, where no pod tells it."""
    alone = [case for case in cases() if case.alone]
    wrong = await asyncio.gather(*map(_refused, alone))
    assert not any(wrong), "\n".join(filter(None, wrong))


async def _until_settled(place: Place, left: dict[str, Case], calm: Sequence[Case]) -> list[str]:
    """Judge again and again until no case is left, or time is up; return causes named of pods that have none."""
    wrong: list[str] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(_SECONDS):
            while left:
                wrong += await _judge_all(place, left, calm)
                await asyncio.sleep(1)
    return wrong


async def _judge_all(place: Place, left: dict[str, Case], calm: Sequence[Case]) -> list[str]:
    """Judge every pod that is not settled yet; return causes that were named of pods that have none."""
    pods = await place.pods()
    wrong = []
    for case in (*left.values(), *calm):
        for name in _pods_of(case, pods):
            verdict = await place.judged(name)
            first = verdict.first if verdict else None
            place.said[case.name] = f"{first.rule}: {first.cause}" if first else "nothing"
            if first and not case.expected:
                wrong.append(f"{case.name}: {place.said[case.name]}")
            if first and first.rule == case.expected:
                left.pop(case.name, None)
    return wrong


def _pods_of(case: Case, pods: Sequence[Json]) -> list[str]:
    metas = [mapping(one.get("metadata")) for one in pods]
    mine = (meta for meta in metas if case.name in {meta.get("name"), strings(meta.get("labels")).get("case")})
    return [text(meta.get("name")) for meta in mine]


@asynccontextmanager
async def _place(found: Sequence[Case]) -> AsyncIterator[Place]:
    """Make every case in one namespace, delete what is to be deleted, start a rollout; and clear all of it up."""
    async with Real.opened() as admin, admin.namespace("podbot-triage") as namespace, AsyncExitStack() as stack:
        place = Place(admin, namespace)
        for case in found:
            await _make(place, case, stack)
        await admin.running(namespace, "finalizer")
        for case in (one for one in found if one.deleted):
            await admin.remove(f"{collection(case.main, namespace)}/{case.name}")
            stack.push_async_callback(_let_go, place, case.name)
        change = {"op": "add", "path": "/spec/template/metadata/annotations", "value": {"again": "1"}}
        await place.cluster.patch(_DEPLOYMENTS, "rolls", [change])
        yield place


async def _make(place: Place, case: Case, stack: AsyncExitStack) -> None:
    """Make a case's objects, those that it needs first; what has no namespace is taken away in the end."""
    if case.after:
        await place.admin.running(place.namespace, case.after)
    for body in reversed(case.objects):
        path = collection(body, place.namespace)
        if is_of_the_cluster(body):
            gone = f"{path}/{body['metadata']['name']}"
            await place.admin.remove(gone)  # what an interrupted run has left
            stack.push_async_callback(place.admin.remove, gone)
        await place.admin.make(path, body)


async def _let_go(place: Place, name: str) -> None:
    """Remove the finalizer that held a pod, so that the namespace can go."""
    try:
        await place.cluster.patch(PODS, name, [{"op": "remove", "path": "/metadata/finalizers"}])
    except ClusterError:  # it has gone already
        return


async def _refused(case: Case) -> str:
    """Make a controller in a namespace of its own, and return what is wrong with what is said of it."""
    async with Real.opened() as admin, admin.namespace(f"podbot-{case.name}") as namespace:
        if case.alone != "true":
            await _level(admin, namespace, case.alone)
        for body in reversed(case.objects):
            await admin.make(collection(body, namespace), body)
        said: Mapping[str, str] = {}
        try:
            async with asyncio.timeout(_SECONDS / 4):
                while case.expected not in said:
                    await asyncio.sleep(0.5)
                    found = await survey(BoundCluster("main", namespace, admin.client), "", SystemClock().now())
                    said = {one.first.rule: one.first.cause for one in found.beside if one.first}
        except TimeoutError:
            return f"{case.name}, not {case.expected}: {said}"
    return ""


async def _level(admin: Real, namespace: Namespace, level: str) -> None:
    """Enforce a level of the Pod Security Standards."""
    path = f"/api/v1/namespaces/{namespace}"
    found = await admin.call("GET", path)
    labels = {**strings(found["metadata"].get("labels")), _LEVEL: level}
    await admin.call("PUT", path, {**found, "metadata": {**found["metadata"], "labels": labels}})
