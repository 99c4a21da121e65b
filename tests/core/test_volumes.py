"""A pod's volumes as a whole."""

import pytest

from bot.core.claims import Claim, User
from bot.core.lifetimes import IN_MEMORY, Lifetime
from bot.core.persistent_volumes import PersistentVolume
from bot.core.pods import Pod
from bot.core.resources import Json
from bot.core.volume_sources import KINDS, Volume
from bot.core.volumes import Joined, Unread, claims_of, sharing, survival, users_of, uses
from tests.core.samples import raw_pod

BOUND = Claim("data", phase="Bound", volume="pv-1")
KEPT = "Survives a container's restart and the pod's deletion."
OWN = "Survives a container's restart; its claim is deleted with the pod."
DELETES = "The claim's deletion deletes the volume and what is in it"
LEAVES = "The claim's deletion leaves the volume, Released, for an administrator"
EMPTIES = "The claim's deletion empties the volume for another claim"
DECIDES = "What the claim's deletion leaves, and the node's loss, its volume decides, which is not shown here."


def joined(kind: str, policy: str, affinity: str = "") -> Joined:
    """Return a bound claim with its volume."""
    return Joined("data", BOUND, PersistentVolume("pv-1", kind, reclaim_policy=policy, affinity=affinity))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"persistentVolumeClaim", "ephemeral"}])
def test_a_kinds_lifetime(kind: str) -> None:
    """What survives in a volume that is no claim's is a matter of its kind alone."""
    said = survival(Volume("v", kind), None)
    assert said == KINDS[kind].lifetime.value
    assert said.endswith(".")


def test_memory_is_not_disk() -> None:
    """A directory in memory is lost with the node's reboot as well."""
    assert survival(Volume("v", "emptyDir", details=("medium Memory",)), None) == IN_MEMORY


@pytest.mark.parametrize(
    ("kind", "behind", "said"),
    [
        (
            "persistentVolumeClaim",
            joined("csi", "Delete"),
            f"{KEPT} {DELETES} (reclaim policy Delete). It survives the node's loss.",
        ),
        (
            "persistentVolumeClaim",
            joined("csi", "Retain", "zone=a"),
            f"{KEPT} {LEAVES} (reclaim policy Retain). It survives the node's loss for pods on nodes that reach it.",
        ),
        (
            "persistentVolumeClaim",
            joined("local", "Recycle", "node=a"),
            f"{KEPT} {EMPTIES} (reclaim policy Recycle). It lies on a node, and is lost with it.",
        ),
        (
            "ephemeral",
            joined("csi", "Delete"),
            f"{OWN} That deletes the volume and what is in it (reclaim policy Delete). It survives the node's loss.",
        ),
        ("ephemeral", Joined("web-v", Unread.REFUSED), f"{OWN} {DECIDES}"),
        ("persistentVolumeClaim", Joined("data", BOUND, Unread.REFUSED), f"{KEPT} {DECIDES}"),
        ("persistentVolumeClaim", None, f"{KEPT} {DECIDES}"),
        (
            "persistentVolumeClaim",
            Joined("data", Claim("data", phase="Pending")),
            "Nothing is stored: there is no volume yet.",
        ),
        ("persistentVolumeClaim", Joined("data", Unread.ABSENT), "Nothing is stored: there is no volume yet."),
    ],
)
def test_a_claims_lifetime(kind: str, behind: Joined | None, said: str) -> None:
    """What survives behind a claim is its volume's to say: reclaim policy, place, reach."""
    assert survival(Volume("v", kind, "data"), behind) == said


def test_an_unknown_lifetime() -> None:
    """Of a kind that is unknown nothing is promised."""
    assert survival(Volume("v", "novel"), None) == Lifetime.UNKNOWN.value


def mounting(name: str, *volumes: str) -> Json:
    """Return a container that mounts volumes."""
    return {"name": name, "volumeMounts": [{"name": one, "mountPath": f"/{one}"} for one in volumes]}


def test_who_uses_a_volume() -> None:
    """Containers of every list are found in the order in which they start, and those that share are named once."""
    pod = Pod.of(
        raw_pod(
            spec={
                "initContainers": [mounting("init", "tmp")],
                "containers": [mounting("app", "tmp", "tmp", "own")],
                "ephemeralContainers": [mounting("debug", "tmp")],
            }
        )
    )
    found = uses(pod, Volume("tmp", "emptyDir"))
    assert [use.container.name for use in found] == ["init", "app", "app", "debug"]
    assert sharing(found) == ("init", "app", "debug")
    assert sharing(uses(pod, Volume("own", "emptyDir"))) == ()
    assert uses(pod, Volume("none", "emptyDir")) == ()


def claiming(name: str, *claims: str, phase: str = "Running", node: str = "node-a", **more: Json) -> Pod:
    """Return a pod that names claims."""
    volumes = [{"name": f"v{one}", "persistentVolumeClaim": {"claimName": one}} for one in claims]
    spec = {"volumes": [*volumes, *({"name": key, **one} for key, one in more.items())], "nodeName": node}
    return Pod.of(raw_pod(name, spec=spec, status={"phase": phase}))


def test_other_users_of_a_claim() -> None:
    """Other pods that have not ended are told with their nodes, an ephemeral volume's pod among them."""
    pod = claiming("web", "data", "data")
    others = [
        pod,
        claiming("one", "data"),
        claiming("two", "data", node=""),
        claiming("over", "data", phase="Succeeded"),
        claiming("other", "else"),
        claiming("da", ta={"ephemeral": {}}),
    ]
    assert users_of("data", others, pod) == (User("one", "node-a"), User("two", ""))
    assert users_of("da-ta", others, pod) == (User("da", "node-a"),)
    assert claims_of(pod) == ("data",)
