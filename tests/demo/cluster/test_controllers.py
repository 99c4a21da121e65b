"""What controllers do."""

from tests.demo.cluster.bench import PODS, Bench, pod


async def test_a_replica_set_brings_pods_back(bench: Bench) -> None:
    """A ReplicaSet's pod that is deleted has a new one in its place, and one too many goes."""
    path = "/apis/apps/v1/namespaces/shop/replicasets"
    template = {"metadata": {"labels": {"app": "web"}}, "spec": pod("")["spec"]}
    spec = {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    bench.create(path, {"metadata": {"name": "web"}, "spec": spec})
    await bench.wait(5)
    first, second = (item["metadata"] for item in bench.get(PODS)["items"])
    assert first["ownerReferences"][0]["kind"] == "ReplicaSet"
    assert bench.get(f"{path}/web")["status"] == {"replicas": 2, "readyReplicas": 2}
    bench.ask("DELETE", f"{PODS}/{first['name']}", {"gracePeriodSeconds": 0})
    names = {item["metadata"]["name"] for item in bench.get(PODS)["items"]}
    assert (len(names), first["name"] in names, second["name"] in names) == (2, False, True)
    patch = {"Content-Type": "application/merge-patch+json"}
    bench.ask("PATCH", f"{path}/web", {"spec": {"replicas": 0}}, headers=patch)
    await bench.wait(60)
    assert bench.get(PODS)["items"] == []
    assert {reason for reason, _ in bench.events("web")} == {"SuccessfulCreate", "SuccessfulDelete"}
