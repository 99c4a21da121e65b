"""The official client, both halves, makes, reads, lists and deletes every kind that podbot uses, over HTTP."""

from collections.abc import AsyncIterator

import pytest

from bot.app import SystemClock
from bot.core.resources import Json
from bot.demo.cluster.server import ClusterServer
from bot.demo.cluster.simulation import Simulation
from bot.demo.cluster.users import ADMINISTRATOR
from tests.demo.cluster.official import Half, Official, Refused, official, status

SPEC: Json = {"containers": [{"name": "main", "image": "nginx:1.22"}]}
LABELS: Json = {"app": "web"}
TEMPLATE: Json = {"metadata": {"labels": LABELS}, "spec": SPEC}
CONTROLLER: Json = {"replicas": 0, "selector": {"matchLabels": LABELS}, "template": TEMPLATE}
RULES: list[Json] = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
ROLE: Json = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "it"}
SIZE: Json = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
VOLUME: Json = {"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "hostPath": {"path": "/tmp/it"}}  # noqa: S108  # nobody's
ATTACHED: Json = {"attacher": "csi.example", "nodeName": "local", "source": {"persistentVolumeName": "it"}}

CORE, APPS, STORAGE, RBAC = "CoreV1Api", "AppsV1Api", "StorageV1Api", "RbacAuthorizationV1Api"

KINDS: dict[tuple[str, str], Json] = {
    (CORE, "namespaced_pod"): {"spec": SPEC},
    (CORE, "namespaced_service"): {"spec": {"selector": LABELS, "ports": [{"port": 80}]}},
    (CORE, "namespaced_persistent_volume_claim"): {"spec": SIZE},
    (CORE, "namespaced_resource_quota"): {"spec": {"hard": {"pods": "10"}}},
    (CORE, "namespaced_service_account"): {},
    (CORE, "namespaced_pod_template"): {"template": TEMPLATE},
    (CORE, "namespaced_config_map"): {"data": {"key": "value"}},
    (CORE, "namespaced_secret"): {"stringData": {"key": "value"}},
    (CORE, "namespaced_replication_controller"): {"spec": {"replicas": 0, "selector": LABELS, "template": TEMPLATE}},
    (CORE, "namespace"): {},
    (CORE, "persistent_volume"): {"spec": VOLUME},
    (APPS, "namespaced_replica_set"): {"spec": CONTROLLER},
    (APPS, "namespaced_stateful_set"): {"spec": {**CONTROLLER, "serviceName": "it"}},
    (APPS, "namespaced_daemon_set"): {"spec": {"selector": {"matchLabels": LABELS}, "template": TEMPLATE}},
    ("BatchV1Api", "namespaced_job"): {"spec": {"template": {"spec": {**SPEC, "restartPolicy": "Never"}}}},
    ("CoordinationV1Api", "namespaced_lease"): {"spec": {"holderIdentity": "me", "leaseDurationSeconds": 10}},
    ("PolicyV1Api", "namespaced_pod_disruption_budget"): {
        "spec": {"minAvailable": 1, "selector": {"matchLabels": LABELS}}
    },
    (STORAGE, "storage_class"): {"provisioner": "csi.example"},
    (STORAGE, "volume_attachment"): {"spec": ATTACHED},
    (RBAC, "namespaced_role"): {"rules": RULES},
    (RBAC, "namespaced_role_binding"): {"roleRef": ROLE, "subjects": []},
    (RBAC, "cluster_role"): {"rules": RULES},
    (RBAC, "cluster_role_binding"): {"roleRef": ROLE, "subjects": []},
}


@pytest.fixture(params=["sync", "aio"])
async def client(request: pytest.FixtureRequest) -> AsyncIterator[Official]:
    """Serve a fresh cluster, and return one half of the client as its administrator."""
    half: Half = request.param
    async with (
        ClusterServer(Simulation(SystemClock(), tokens={"token": ADMINISTRATOR})) as server,
        official(half, server.url) as client,
    ):
        yield client


@pytest.mark.parametrize(("api", "kind"), KINDS)
async def test_an_object_lives(client: Official, api: str, kind: str) -> None:
    """An object is created, found by name and in its list, not created twice, deleted, and then not found."""
    where = ("default",) if kind.startswith("namespaced_") else ()
    body = {"metadata": {"name": "it", "labels": {"mine": "yes"}}, **KINDS[api, kind]}
    made = await client.call(api, f"create_{kind}", *where, body, field_validation="Strict")
    read = await client.call(api, f"read_{kind}", "it", *where)
    listed = await client.call(api, f"list_{kind}", *where, label_selector="mine=yes")
    assert made.metadata.uid == read.metadata.uid
    assert [one.metadata.uid for one in listed.items] == [made.metadata.uid]
    with pytest.raises(Refused) as twice:
        await client.call(api, f"create_{kind}", *where, body)
    assert (twice.value.status, twice.value.body["reason"]) == (409, "AlreadyExists")
    await client.call(api, f"delete_{kind}", "it", *where, grace_period_seconds=0)
    with pytest.raises(Refused) as gone:
        await client.call(api, f"read_{kind}", "it", *where)
    details = gone.value.body["details"]
    qualified = ".".join(filter(None, (details["kind"], details.get("group"))))
    assert gone.value.body == status(404, "NotFound", f'{qualified} "it" not found', **details)


async def test_the_version_is_whole(client: Official) -> None:
    """/version has all that the client's model asks for."""
    version = await client.call("VersionApi", "get_code")
    assert (version.major, version.minor, version.platform) == ("1", "37", "linux/amd64")


async def test_a_claim_leads_to_its_volume(client: Official) -> None:
    """A claim is bound to a volume of its class, which the client reads by the names it was given."""
    body = {"metadata": {"name": "data"}, "spec": SIZE}
    await client.call(CORE, "create_namespaced_persistent_volume_claim", "default", body)
    told = await client.watched(
        CORE,
        "list_namespaced_persistent_volume_claim",
        "default",
        timeout_seconds=2,
        field_selector="metadata.name=data",
    )
    bound = told[-1]["object"]
    volume = await client.call(CORE, "read_persistent_volume", bound.spec.volume_name)
    kind = await client.call(STORAGE, "read_storage_class", bound.spec.storage_class_name)
    assert (bound.status.phase, volume.spec.claim_ref.name, kind.volume_binding_mode) == ("Bound", "data", "Immediate")
