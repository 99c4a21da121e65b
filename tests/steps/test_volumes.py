"""Reading what stands behind a pod's volumes."""

from typing import Any

from bot.core.claims import Claim, User
from bot.core.errors import BadName, Forbidden, NotFound, NotSetUp
from bot.core.events import Event
from bot.core.persistent_volumes import Attachment, PersistentVolume, StorageClass
from bot.core.pods import Pod
from bot.core.resources import Json, Listing
from bot.core.volumes import Found, Joined, Unread
from bot.steps.volumes import MOST, OTHERS, look_up
from tests.core.samples import event, pending, raw_pod
from tests.fakes import FakeCluster

DISK = PersistentVolume("pv-1", "csi", driver="d", handle="h")
ATTACHED = f"get volumeattachments/{DISK.attachment('node-a')}"


def claiming(*claims: str, name: str = "web", **more: Any) -> Json:
    """Return a pod that runs with claims."""
    volumes = [{"name": one, "persistentVolumeClaim": {"claimName": one}} for one in claims]
    return raw_pod(name, spec={"volumes": volumes}, **more)


def bound(name: str = "data") -> Json:
    """Return a claim that has its volume."""
    spec = {"volumeName": "pv-1", "storageClassName": "fast"}
    return {"metadata": {"name": name, "uid": "u1"}, "spec": spec, "status": {"phase": "Bound"}}


def waiting(name: str = "data") -> Json:
    """Return a claim that has no volume."""
    return {"metadata": {"name": name, "uid": "u1"}, "spec": {}, "status": {"phase": "Pending"}}


async def test_the_whole_chain() -> None:
    """A bound claim is joined with its volume, class, attachment and other users, and its events are not read."""
    pod = claiming("data")
    cluster = FakeCluster(
        {
            "list pods": Listing((pod, claiming("data", name="other")), 7),
            "get persistentvolumeclaims/data": bound(),
            "get persistentvolumes/pv-1": {
                "metadata": {"name": "pv-1"},
                "spec": {"csi": {"driver": "d", "volumeHandle": "h"}},
            },
            "get storageclasses/fast": {"metadata": {"name": "fast"}},
            ATTACHED: {"spec": {"nodeName": "node-a"}, "status": {"attached": True}},
        }
    )
    claim = Claim("data", "u1", phase="Bound", class_name="fast", volume="pv-1")
    attachment = Attachment("node-a", attached=True)
    joined = Joined("data", claim, DISK, StorageClass("fast"), attachment, users=(User("other", "node-a"),))
    assert await look_up(cluster, Pod.of(pod)) == Found(Pod.of(pod), {"data": joined}, unseen=7)
    assert cluster.calls[0] == ("list pods", {"selector": "", "fields": "", "limit": OTHERS})


async def test_a_claim_that_waits() -> None:
    """A claim without a volume is joined with its events, and a pod that does not run with its own."""
    pod = Pod.of(pending(spec={"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "data"}}]}))
    listed = [event("FailedBinding", "none", "Normal")]
    cluster = FakeCluster({"list pods": [], "get persistentvolumeclaims/data": waiting(), "list events": listed})
    found = await look_up(cluster, pod)
    told = (Event.of(listed[0]),)
    assert (found.events, found.claims["data"].events) == (told, told)
    fields = [options["fields"] for call, options in cluster.calls if call == "list events"]
    kind = "involvedObject.kind=PersistentVolumeClaim,involvedObject.name=data,involvedObject.uid=u1"
    assert fields == [kind, "involvedObject.kind=Pod,involvedObject.name=web-1,involvedObject.uid=uid-web-1"]


async def test_no_claims_need_no_reads() -> None:
    """A pod that runs without claims is looked at without a call."""
    pod = Pod.of(raw_pod(spec={"volumes": [{"name": "tmp", "emptyDir": {}}]}))
    assert await look_up(FakeCluster(), pod) == Found(pod)


async def test_rights_that_are_missing() -> None:
    """Each right that is missing is told once, and the rest is read."""
    cluster = FakeCluster(
        {
            "list pods": Forbidden("no"),
            "get persistentvolumeclaims/a": Forbidden("no"),
            "get persistentvolumeclaims/b": bound("b"),
            "get persistentvolumeclaims/c": waiting("c"),
            "get persistentvolumes/pv-1": NotSetUp("no"),
            "get storageclasses/fast": Forbidden("no"),
            "list events": Forbidden("no"),
        }
    )
    found = await look_up(cluster, Pod.of(claiming("a", "b", "c")))
    assert found.refused == (
        "get persistentvolumeclaims",
        "get persistentvolumes",
        "get storageclasses",
        "list events",
        "list pods",
    )
    assert found.claims["a"] == Joined("a", Unread.REFUSED)
    assert (found.claims["b"].volume, found.claims["b"].attachment) == (Unread.REFUSED, Unread.NONE)


async def test_what_is_not_there() -> None:
    """What does not exist is told apart from what may not be read; a name that is none names nothing."""
    cluster = FakeCluster(
        {
            "list pods": [],
            "get persistentvolumeclaims/a": NotFound("gone"),
            "get persistentvolumeclaims/b": bound("b"),
            "get persistentvolumes/pv-1": NotFound("gone"),
            "get storageclasses/fast": BadName("odd"),
        }
    )
    found = await look_up(cluster, Pod.of(claiming("a", "b")))
    assert found.claims["a"] == Joined("a", Unread.ABSENT)
    assert (found.claims["b"].volume, found.claims["b"].storage_class) == (Unread.ABSENT, Unread.ABSENT)
    assert found.refused == ()


async def test_many_claims() -> None:
    """No more than so many claims are looked up, each once, and the rest is named."""
    names = [f"c{index:02}" for index in range(MOST + 2)]
    answers = {f"get persistentvolumeclaims/{name}": NotFound("gone") for name in names[:MOST]}
    found = await look_up(FakeCluster({"list pods": [], **answers}), Pod.of(claiming(*names, names[0])))
    assert tuple(found.claims) == tuple(names[:MOST])
    assert found.left_out == tuple(names[MOST:])
