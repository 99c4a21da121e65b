"""Claims, and what is made for them."""

from tests.demo.cluster.bench import PODS, Bench, claim, pod

CLAIMS = "/api/v1/namespaces/shop/persistentvolumeclaims"
CLASSES = "/apis/storage.k8s.io/v1/storageclasses"
VOLUMES = "/api/v1/persistentvolumes"


def phase(bench: Bench, name: str) -> str:
    """Return how far a claim is."""
    return str(bench.get(f"{CLAIMS}/{name}")["status"]["phase"])


async def test_another_provisioner_is_waited_for(bench: Bench) -> None:
    """A class of a provisioner that is not there leaves its claims Pending, and says for whom they wait."""
    made = {"provisioner": "disk.example.com", "reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"}
    bench.create(CLASSES, {"metadata": {"name": "far"}, **made})
    bench.create(CLAIMS, claim("data", storageClassName="far"))
    await bench.wait(5)
    assert phase(bench, "data") == "Pending"
    ((reason, message),) = bench.events("data")
    assert reason == "ExternalProvisioning"
    assert "external provisioner 'disk.example.com'" in message


async def test_a_class_that_comes_later(bench: Bench) -> None:
    """A claim whose class is made after it is bound then."""
    bench.create(CLAIMS, claim("data", storageClassName="late"))
    await bench.wait(5)
    made = {"provisioner": "kubernetes.io/host-path", "reclaimPolicy": "Retain", "volumeBindingMode": "Immediate"}
    bench.create(CLASSES, {"metadata": {"name": "late"}, **made})
    await bench.wait(5)
    assert phase(bench, "data") == "Bound"


async def test_reclaiming(bench: Bench) -> None:
    """A claim's deletion takes its volume with it, or leaves it Released, as the class says."""
    made = {"provisioner": "kubernetes.io/host-path", "reclaimPolicy": "Retain", "volumeBindingMode": "Immediate"}
    bench.create(CLASSES, {"metadata": {"name": "kept"}, **made})
    for name, of in (("kept", "kept"), ("lost", "standard")):
        bench.create(CLAIMS, claim(name, storageClassName=of))
    await bench.wait(5)
    assert len(bench.get(VOLUMES)["items"]) == 2
    for name in ("kept", "lost"):
        bench.ask("DELETE", f"{CLAIMS}/{name}", query={"dryRun": "All"})
        assert phase(bench, name) == "Bound"
        bench.ask("DELETE", f"{CLAIMS}/{name}")
        assert bench.ask("GET", f"{CLAIMS}/{name}").status == 404
    (left,) = bench.get(VOLUMES)["items"]
    assert (left["spec"]["storageClassName"], left["status"]["phase"]) == ("kept", "Released")


async def test_no_default_class(bench: Bench) -> None:
    """Without a default class a claim that names none is bound to nothing."""
    bench.ask("DELETE", f"{CLASSES}/standard")
    made = bench.create(CLAIMS, claim("data"))
    assert "storageClassName" not in made["spec"]
    await bench.wait(5)
    assert (phase(bench, "data"), bench.events("data")[0][0]) == ("Pending", "FailedBinding")


async def test_the_pod_of_an_ephemeral_volume_waits_for_its_claim(bench: Bench) -> None:
    """The claim is made for the pod, and goes with it and its volume; a pod of the same name gets another."""
    template = {"spec": claim("")["spec"]}
    body = pod("web", spec={"volumes": [{"name": "own", "ephemeral": {"volumeClaimTemplate": template}}]})
    bench.create(PODS, body)
    await bench.wait(5)
    assert bench.status("web") == "Running"
    first = bench.get(f"{CLAIMS}/web-own")["metadata"]["uid"]
    bench.ask("DELETE", f"{PODS}/web", {"gracePeriodSeconds": 0})
    assert bench.get(VOLUMES)["items"] == []
    bench.create(PODS, body)
    await bench.wait(5)
    assert bench.get(f"{CLAIMS}/web-own")["metadata"]["uid"] != first


async def test_files_have_a_mode(bench: Bench) -> None:
    """Files made from a ConfigMap get the server's mode unless another is asked for."""
    volumes = [
        {"name": "a", "configMap": {"name": "x"}},
        {"name": "b", "secret": {"secretName": "y", "defaultMode": 1}},
    ]
    made = bench.create(PODS, pod("web", spec={"volumes": volumes}))["spec"]["volumes"]
    assert [one["configMap" if one["name"] == "a" else "secret"]["defaultMode"] for one in made[:2]] == [420, 1]
