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
    status = bench.get(f"{path}/web")["status"]
    assert (status["replicas"], status["readyReplicas"]) == (2, 2)
    bench.ask("DELETE", f"{PODS}/{first['name']}", {"gracePeriodSeconds": 0})
    names = {item["metadata"]["name"] for item in bench.get(PODS)["items"]}
    assert (len(names), first["name"] in names, second["name"] in names) == (2, False, True)
    patch = {"Content-Type": "application/merge-patch+json"}
    bench.ask("PATCH", f"{path}/web", {"spec": {"replicas": 0}}, headers=patch)
    await bench.wait(60)
    assert bench.get(PODS)["items"] == []
    assert {reason for reason, _ in bench.events("web")} == {"SuccessfulCreate", "SuccessfulDelete"}


async def test_a_replica_set_claims_by_its_selector(bench: Bench) -> None:
    """A pod that leaves the selector is let go and replaced; when it enters again it is taken, and one ends."""
    path, merge = "/apis/apps/v1/namespaces/shop/replicasets", {"Content-Type": "application/merge-patch+json"}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": pod("")["spec"]}
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    bench.create(path, {"metadata": {"name": "web"}, "spec": spec})
    await bench.wait(5)
    (first,) = (item["metadata"]["name"] for item in bench.get(PODS)["items"])
    bench.ask("PATCH", f"{PODS}/{first}", {"metadata": {"labels": {"app": None}}}, headers=merge)
    assert "ownerReferences" not in bench.get(f"{PODS}/{first}")["metadata"]
    (second,) = (item["metadata"]["name"] for item in bench.get(PODS, labelSelector="app=web")["items"])
    assert second != first
    bench.ask("PATCH", f"{PODS}/{first}", {"metadata": {"labels": {"app": "web"}}}, headers=merge)
    assert bench.get(f"{PODS}/{first}")["metadata"]["ownerReferences"][0]["name"] == "web"
    await bench.wait(60)
    assert len(bench.get(PODS)["items"]) == 1


async def test_a_pod_that_has_a_controller_is_nobody_elses(bench: Bench) -> None:
    """A ReplicaSet takes no pod that another object controls, though its selector picks it."""
    other = {"apiVersion": "v1", "kind": "Other", "name": "x", "uid": "o1", "controller": True}
    bench.pod("taken", metadata={"labels": {"app": "web"}, "ownerReferences": [other]})
    template = {"metadata": {"labels": {"app": "web"}}, "spec": pod("")["spec"]}
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    bench.create("/apis/apps/v1/namespaces/shop/replicasets", {"metadata": {"name": "web"}, "spec": spec})
    assert bench.get(f"{PODS}/taken")["metadata"]["ownerReferences"] == [other]
    assert len(bench.get(PODS)["items"]) == 2


async def test_a_replica_set_that_may_not(bench: Bench) -> None:
    """A ReplicaSet whose pods a quota refuses says so, and goes on when there is room."""
    quota = {"metadata": {"name": "none"}, "spec": {"hard": {"pods": "1"}}}
    quotas = "/api/v1/namespaces/shop/resourcequotas"
    bench.create(quotas, quota)
    template = {"metadata": {"labels": {"app": "web"}}, "spec": pod("")["spec"]}
    spec = {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    bench.create("/apis/apps/v1/namespaces/shop/replicasets", {"metadata": {"name": "web"}, "spec": spec})
    await bench.wait(5)
    assert len(bench.get(PODS)["items"]) == 1
    told = [message for reason, message in bench.events("web") if reason == "FailedCreate"]
    assert "exceeded quota: none, requested: pods=1, used: pods=1, limited: pods=1" in told[0]
    bench.ask("DELETE", f"{quotas}/none")
    await bench.wait(5)
    assert len(bench.get(PODS)["items"]) == 2


async def test_a_namespace_ends_its_pods_in_their_time(bench: Bench) -> None:
    """A namespace that is deleted stays until its pods have ended, takes nothing new, and then is gone."""
    bench.pod("slow")
    await bench.wait(5)
    assert bench.ask("DELETE", "/api/v1/namespaces/shop").json()["status"] == {"phase": "Terminating"}
    await bench.wait(10)
    assert bench.get(f"{PODS}/slow")["metadata"]["deletionTimestamp"]
    code, message = bench.says("POST", PODS, pod("late"))
    assert (code, "because it is being terminated" in message) == (403, True)
    await bench.wait(60)
    assert bench.ask("GET", "/api/v1/namespaces/shop").status == 404
    assert bench.get("/api/v1/events", fieldSelector="metadata.namespace=shop")["items"] == []
