"""Creating, patching, deleting, evicting."""

from typing import Any

import pytest

from bot.core.resources import Json
from tests.demo.cluster.bench import PODS, Bench, pod

_LEASES = "/apis/coordination.k8s.io/v1/namespaces/shop/leases"
_JSON_PATCH = {"Content-Type": "application/json-patch+json"}
_MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}


def test_a_pod_is_created_with_defaults(bench: Bench) -> None:
    """A new pod has a UID, the defaults and a phase."""
    made = bench.pod("web")
    assert (made["kind"], made["metadata"]["namespace"], made["status"]["phase"]) == ("Pod", "shop", "Pending")
    assert made["spec"]["restartPolicy"] == "Always"
    assert made["spec"]["serviceAccountName"] == "default"
    assert made["spec"]["containers"][0]["imagePullPolicy"] == "IfNotPresent"
    assert made["spec"]["volumes"][0]["name"].startswith("kube-api-access-")


def test_the_same_seed_gives_the_same() -> None:
    """UIDs and suffixes follow from the seed."""
    made = [Bench(seed=seed).create(PODS, pod("", metadata={"generateName": "web-"}))["metadata"] for seed in (1, 1, 2)]
    assert made[0] == made[1]
    assert made[0]["uid"] != made[2]["uid"]
    assert made[0]["name"].startswith("web-")
    assert len(made[0]["name"]) == len("web-") + 5


def test_a_dry_run(bench: Bench) -> None:
    """A dry run is checked and leaves nothing."""
    assert bench.create(PODS, pod("dry"), dryRun="All")["metadata"]["uid"]
    assert bench.says("GET", f"{PODS}/dry") == (404, 'pods "dry" not found')
    bench.pod("there")
    given = bench.ask("POST", PODS, pod("there"), query={"dryRun": "All"})
    assert (given.status, given.json()["reason"]) == (409, "AlreadyExists")


def test_a_name_that_is_taken(bench: Bench) -> None:
    """A second object of the same name is refused."""
    bench.pod("web")
    assert bench.says("POST", PODS, pod("web")) == (409, 'pods "web" already exists')
    bench.create(_LEASES, {"metadata": {"name": "x"}, "spec": {}})
    wanted = (409, 'leases.coordination.k8s.io "x" already exists')
    assert bench.says("POST", _LEASES, {"metadata": {"name": "x"}}) == wanted


def test_places_that_do_not_fit(bench: Bench) -> None:
    """A namespace that is not there or not the path's, and an account that is not there, are refused."""
    assert bench.says("POST", "/api/v1/namespaces/none/pods", pod("web")) == (404, 'namespaces "none" not found')
    code, message = bench.says("POST", PODS, pod("web", metadata={"namespace": "other"}))
    assert code == 400
    assert message.startswith("the namespace of the provided object does not match")
    code, message = bench.says("POST", PODS, pod("web", spec={"serviceAccountName": "none"}))
    why = 'error looking up service account shop/none: serviceaccount "none" not found'
    assert (code, message) == (403, f'pods "web" is forbidden: {why}')


def _patched(bench: Bench, *operations: Json, query: dict[str, str] | None = None) -> tuple[int, Json]:
    given = bench.ask("PATCH", f"{PODS}/web", list(operations), headers=_JSON_PATCH, query=query)
    return given.status, given.json()


def test_json_patch(bench: Bench) -> None:
    """Operations are applied in their order where the tests hold."""
    made = bench.pod("web", metadata={"labels": {"a": "1", "b": "2"}})
    status, after = _patched(
        bench,
        {"op": "test", "path": "/metadata/uid", "value": made["metadata"]["uid"]},
        {"op": "replace", "path": "/metadata/labels/a", "value": "3"},
        {"op": "remove", "path": "/metadata/labels/b"},
        {"op": "add", "path": "/metadata/labels/example.com~1c", "value": "4"},
        {"op": "add", "path": "/metadata/finalizers", "value": ["x.io/y"]},
        {"op": "add", "path": "/metadata/finalizers/-", "value": "x.io/z"},
        {"op": "replace", "path": "/spec/containers/0/image", "value": "nginx:1.22"},
    )
    assert status == 200
    assert after["metadata"]["labels"] == {"a": "3", "example.com/c": "4"}
    assert after["metadata"]["finalizers"] == ["x.io/y", "x.io/z"]
    assert int(after["metadata"]["resourceVersion"]) > int(made["metadata"]["resourceVersion"])


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/metadata/uid", "value": "another"},
        {"op": "test", "path": "/metadata/labels/none", "value": "x"},
        {"op": "remove", "path": "/metadata/labels/none"},
        {"op": "add", "path": "/metadata/none/x", "value": "x"},
        {"op": "spin", "path": "/metadata/labels/a"},
        {"op": "add", "path": "no-slash", "value": "x"},
    ],
)
def test_a_json_patch_that_does_not_apply(bench: Bench, operation: Json) -> None:
    """A patch that can't be done changes nothing, and the server says no more than that."""
    before = bench.pod("web", metadata={"labels": {"a": "1"}})
    status, told = _patched(bench, {"op": "remove", "path": "/metadata/labels/a"}, operation)
    assert (status, told["reason"]) == (422, "Invalid")
    assert told["message"] == "the server rejected our request due to an error in our request"
    assert bench.get(f"{PODS}/web") == before


@pytest.mark.parametrize(
    ("operation", "code", "message"),
    [
        (("/metadata/labels", {"a": "b c"}), 422, 'Pod "web" is invalid: metadata.labels: Invalid value: "b c"'),
        (("/metadata/labels", {"a": 1}), 422, "json: cannot unmarshal number into Go struct field ObjectMeta."),
        (("/metadata/uid", "x"), 422, 'Pod "web" is invalid: metadata.uid: Invalid value: "x": field is immutable'),
        (("/metadata/name", "x"), 400, "the name of the object (x) does not match the name on the URL (web)"),
        (("/spec/restartPolicy", "Never"), 422, "spec: Forbidden: pod updates may not change fields other than"),
        (("/spec/foo", "x"), 422, 'strict decoding error: unknown field "spec.foo"'),
        (("/metadata/resourceVersion", "1"), 409, 'Operation cannot be fulfilled on pods "web": the object has been'),
    ],
)
def test_a_patch_to_what_may_not_be(bench: Bench, operation: tuple[str, Any], code: int, message: str) -> None:
    """A patch that makes an object which may not be is refused."""
    bench.pod("web")
    path, value = operation
    status, told = _patched(bench, {"op": "add", "path": path, "value": value}, query={"fieldValidation": "Strict"})
    assert status == code
    assert message in told["message"]


def test_merge_patch(bench: Bench) -> None:
    """A merge patch sets, and removes with null; a dry run only shows."""
    bench.pod("web", metadata={"labels": {"a": "1", "b": "2"}})
    body = {"metadata": {"labels": {"a": None, "c": "3"}}}
    dry = bench.ask("PATCH", f"{PODS}/web", body, headers=_MERGE_PATCH, query={"dryRun": "All"}).json()
    assert dry["metadata"]["labels"] == {"b": "2", "c": "3"}
    assert bench.get(f"{PODS}/web")["metadata"]["labels"] == {"a": "1", "b": "2"}
    assert bench.ask("PATCH", f"{PODS}/web", body, headers=_MERGE_PATCH).json()["metadata"]["labels"] == {
        "b": "2",
        "c": "3",
    }


@pytest.mark.parametrize(
    ("headers", "body", "code", "message"),
    [
        (_JSON_PATCH, b"junk", 400, "invalid JSON patch"),
        (_JSON_PATCH, b"{}", 400, "error decoding patch: json: cannot unmarshal object into Go value"),
        ({"Content-Type": "application/json"}, b"{}", 415, "415: Unsupported Media Type"),
    ],
)
def test_patches_that_are_none(bench: Bench, headers: dict[str, str], body: bytes, code: int, message: str) -> None:
    """A body that is no patch is refused."""
    bench.pod("web")
    status, told = bench.says("PATCH", f"{PODS}/web", body, headers=headers)
    assert (status, told.startswith(message)) == (code, True)


async def test_a_delete_takes_its_time(bench: Bench) -> None:
    """A running pod is there, terminating, until its grace period is over."""
    bench.pod("web")
    await bench.wait(5)
    ending = bench.ask("DELETE", f"{PODS}/web", {"gracePeriodSeconds": 10}).json()
    assert ending["metadata"]["deletionGracePeriodSeconds"] == 10
    await bench.wait(9)
    assert bench.status("web") == "Terminating"
    again = bench.ask("DELETE", f"{PODS}/web", {"gracePeriodSeconds": 20}).json()
    assert again["metadata"]["deletionTimestamp"] == ending["metadata"]["deletionTimestamp"]
    await bench.wait(1)
    assert bench.ask("GET", f"{PODS}/web").status == 404
    assert ("Killing", "Stopping container main") in bench.events("web")


async def test_a_delete_at_once(bench: Bench) -> None:
    """A pod that is not running goes at once, and so does any with no grace; a service ends before its grace."""
    bench.pod("pending")
    assert bench.ask("DELETE", f"{PODS}/pending").json()["metadata"]["deletionGracePeriodSeconds"] == 0
    bench.pod("hard")
    bench.create(PODS, pod("soft", image="nginx:1.22", command=["nginx"]))
    await bench.wait(5)
    bench.ask("DELETE", f"{PODS}/hard", query={"gracePeriodSeconds": "0"})
    bench.ask("DELETE", f"{PODS}/soft")
    assert [bench.ask("GET", f"{PODS}/{name}").status for name in ("pending", "hard", "soft")] == [404, 404, 200]
    await bench.wait(1)
    assert bench.ask("GET", f"{PODS}/soft").status == 404


async def test_a_negative_grace_is_a_second(bench: Bench) -> None:
    """A negative grace period counts as one second, and a dry run ends nothing."""
    bench.pod("web")
    await bench.wait(5)
    body = {"gracePeriodSeconds": -1, "dryRun": ["All"]}
    assert bench.ask("DELETE", f"{PODS}/web", body).json()["metadata"]["deletionGracePeriodSeconds"] == 1
    assert "deletionTimestamp" not in bench.get(f"{PODS}/web")["metadata"]


def test_a_delete_of_the_one_that_is_meant(bench: Bench) -> None:
    """Preconditions that no longer hold are a conflict."""
    uid = bench.pod("web")["metadata"]["uid"]
    code, message = bench.says("DELETE", f"{PODS}/web", {"preconditions": {"uid": "x"}})
    same = f"the UID in the precondition (x) does not match the UID in record ({uid})"
    wanted = (
        f'Operation cannot be fulfilled on Pod "web": {same}. The object might have been deleted and then recreated'
    )
    assert (code, message) == (409, wanted)
    code, message = bench.says("DELETE", f"{PODS}/web", {"preconditions": {"resourceVersion": "1"}})
    assert (code, message.endswith("The object might have been modified")) == (409, True)
    assert bench.ask("DELETE", f"{PODS}/web", {"preconditions": {"uid": uid}}).status == 200


def test_finalizers_hold_a_pod(bench: Bench) -> None:
    """A pod with a finalizer goes when that is taken away."""
    bench.pod("web", metadata={"finalizers": ["x.io/y"]})
    bench.ask("DELETE", f"{PODS}/web")
    assert bench.get(f"{PODS}/web")["metadata"]["deletionTimestamp"]
    bench.ask("PATCH", f"{PODS}/web", {"metadata": {"finalizers": None}}, headers=_MERGE_PATCH)
    assert bench.ask("GET", f"{PODS}/web").status == 404


def test_a_delete_of_something_else(bench: Bench) -> None:
    """What is no pod goes at once, and the answer is a Status; a dry run takes nothing away."""
    bench.create(_LEASES, {"metadata": {"name": "x"}})
    assert bench.ask("DELETE", f"{_LEASES}/x", query={"dryRun": "All"}).json()["status"] == "Success"
    done = bench.ask("DELETE", f"{_LEASES}/x").json()
    assert (done["kind"], done["details"]["group"]) == ("Status", "coordination.k8s.io")
    assert bench.says("DELETE", f"{_LEASES}/x") == (404, 'leases.coordination.k8s.io "x" not found')


def test_a_delete_of_a_namespace(bench: Bench) -> None:
    """With a namespace goes all that is in it."""
    bench.pod("web")
    bench.create(_LEASES, {"metadata": {"name": "x"}})
    assert bench.ask("DELETE", "/api/v1/namespaces/shop").status == 200
    assert bench.get("/api/v1/pods")["items"] == []
    assert bench.ask("GET", f"{_LEASES}/x").status == 404


def test_a_policy_that_is_none(bench: Bench) -> None:
    """An unknown propagation policy is Invalid."""
    code, message = bench.says("DELETE", f"{PODS}/web", {"propagationPolicy": "Foo"})
    known = '"Foreground", "Background", "Orphan", "nil"'
    wanted = f'propagationPolicy: Unsupported value: "Foo": supported values: {known}'
    assert (code, message) == (422, f'DeleteOptions.meta.k8s.io "" is invalid: {wanted}')
