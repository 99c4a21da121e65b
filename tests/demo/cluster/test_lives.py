"""The lives of pods, as the clock goes on."""

from typing import Any

import pytest

from bot.core.resources import Json
from tests.demo.cluster.bench import PODS, Bench, pod

_PRESENT = 'Container image "busybox:1.35" already present on machine and can be accessed by the pod'


async def _words(bench: Bench, name: str, *waits: float) -> list[str]:
    """Return a pod's status word now and after each wait."""
    words = [bench.status(name)]
    for wait in waits:
        await bench.wait(wait)
        words.append(bench.status(name))
    return words


async def test_a_pod_starts(bench: Bench) -> None:
    """A pod is scheduled, created and running, and its events tell so."""
    bench.pod("web")
    assert await _words(bench, "web", 0.2, 1) == ["Pending", "ContainerCreating", "Running"]
    assert bench.row("web") == ["web", "1/1", "Running", "0", "1s", "10.244.0.2", "local", "<none>", "<none>"]
    assert bench.events("web") == [
        ("Scheduled", "Successfully assigned shop/web to local"),
        ("Pulled", _PRESENT),
        ("Created", "Container created"),
        ("Started", "Container started"),
    ]
    conditions = {one["type"]: one["status"] for one in bench.get(f"{PODS}/web")["status"]["conditions"]}
    assert set(conditions.values()) == {"True"}


async def test_a_pod_that_crashes(bench: Bench) -> None:
    """A container that fails is started again after a back-off that grows."""
    bench.pod("bad", "echo dying; exit 3")
    assert await _words(bench, "bad", 1.5, 2, 10.4) == ["Pending", "Error", "CrashLoopBackOff", "Error"]
    assert bench.row("bad")[3] == "2 (11s ago)"
    await bench.wait(5)
    status = bench.get(f"{PODS}/bad")["status"]["containerStatuses"][0]
    assert status["lastState"]["terminated"]["exitCode"] == 3
    uid = bench.get(f"{PODS}/bad")["metadata"]["uid"]
    waiting = {
        "reason": "CrashLoopBackOff",
        "message": f"back-off 20s restarting failed container=main pod=bad_shop({uid})",
    }
    assert status["state"] == {"waiting": waiting}
    assert ("BackOff", f"Back-off restarting failed container main in pod bad_shop({uid})") in bench.events("bad")
    await bench.wait(3600)
    assert "back-off 5m0s" in bench.get(f"{PODS}/bad")["status"]["containerStatuses"][0]["state"]["waiting"]["message"]


@pytest.mark.parametrize(
    ("script", "policy", "word", "phase"),
    [
        ("true", "Never", "Completed", "Succeeded"),
        ("false", "Never", "Error", "Failed"),
        ("true", "OnFailure", "Completed", "Succeeded"),
        ("tail /dev/zero", "Never", "OOMKilled", "Failed"),
    ],
)
async def test_a_pod_that_ends(bench: Bench, script: str, policy: str, word: str, phase: str) -> None:
    """A pod whose containers are not started again has ended well or not."""
    bench.create(PODS, pod("job", script, spec={"restartPolicy": policy}))
    await bench.wait(60)
    assert bench.status("job") == word
    assert bench.get(f"{PODS}/job")["status"]["phase"] == phase
    assert bench.ask("DELETE", f"{PODS}/job").status == 200
    assert bench.ask("GET", f"{PODS}/job").status == 404


async def test_memory_runs_out(bench: Bench) -> None:
    """A container that reads on for ever without end is killed for its memory, and started again."""
    bench.pod("big", "tail /dev/zero")
    await bench.wait(2.1)
    ended = bench.get(f"{PODS}/big")["status"]["containerStatuses"][0]["state"]["terminated"]
    assert (ended["exitCode"], ended["reason"]) == (137, "OOMKilled")


async def test_an_image_that_is_not_there(bench: Bench) -> None:
    """An image that can't be pulled is tried again and again."""
    bench.create(PODS, pod("pull", image="nosuch:1"))
    assert await _words(bench, "pull", 2, 1) == ["Pending", "ErrImagePull", "ImagePullBackOff"]
    state = bench.get(f"{PODS}/pull")["status"]["containerStatuses"][0]["state"]["waiting"]
    assert state["message"].startswith('Back-off pulling image "nosuch:1": ErrImagePull: failed to pull and unpack')
    reasons = [reason for reason, _ in bench.events("pull")]
    assert reasons == ["Scheduled", "Pulling", "Failed", "Failed", "BackOff", "Failed"]
    await bench.wait(60)
    assert [reason for reason, _ in bench.events("pull")] != reasons[:4]


async def test_an_image_that_must_be_there(bench: Bench) -> None:
    """An image that is never pulled is not waited for."""
    bench.create(PODS, pod("pull", image="nosuch:1", imagePullPolicy="Never"))
    await bench.wait(2)
    assert bench.status("pull") == "ErrImageNeverPull"


async def test_an_image_that_is_always_pulled() -> None:
    """An image without a tag is pulled every time, by its full name too."""
    bench = Bench(images={"team/app"})
    bench.create(PODS, pod("web", image="docker.io/team/app"))
    await bench.wait(3)
    assert [reason for reason, _ in bench.events("web")][1:3] == ["Pulling", "Pulled"]
    assert bench.status("web") == "Running"


async def test_a_program_that_is_not_there(bench: Bench) -> None:
    """A container whose program the image lacks never starts."""
    bench.create(PODS, pod("web", command=["nosuch"], spec={"restartPolicy": "Never"}))
    await bench.wait(5)
    assert bench.status("web") == "StartError"
    ended = bench.get(f"{PODS}/web")["status"]["containerStatuses"][0]["state"]["terminated"]
    assert (ended["exitCode"], ended["startedAt"]) == (128, "1970-01-01T00:00:00Z")
    assert 'exec: "nosuch": executable file not found in $PATH' in ended["message"]


@pytest.mark.parametrize(
    ("container", "missing"),
    [
        ({"envFrom": [{"secretRef": {"name": "keys"}}]}, 'secret "keys" not found'),
        ({"envFrom": [{"configMapRef": {"name": "keys"}}]}, 'configmap "keys" not found'),
        (
            {"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "a"}}}]},
            'secret "keys" not found',
        ),
    ],
)
async def test_an_environment_that_is_not_there(bench: Bench, container: Json, missing: str) -> None:
    """A container waits for the Secret or ConfigMap of its environment, and starts when that comes."""
    bench.create(PODS, pod("web", **container))
    await bench.wait(5)
    state = bench.get(f"{PODS}/web")["status"]["containerStatuses"][0]["state"]
    assert state == {"waiting": {"reason": "CreateContainerConfigError", "message": missing}}
    assert ("Failed", f"Error: {missing}") in bench.events("web")
    for plural in ("secrets", "configmaps"):
        bench.create(f"/api/v1/namespaces/shop/{plural}", {"metadata": {"name": "keys"}})
    await bench.wait(1)
    assert bench.status("web") == "Running"


async def test_an_optional_environment(bench: Bench) -> None:
    """What is optional is not waited for."""
    bench.create(PODS, pod("web", envFrom=[{"secretRef": {"name": "keys", "optional": True}}, {"prefix": "A"}]))
    await bench.wait(5)
    assert bench.status("web") == "Running"


async def test_a_user_that_may_not_be_root(bench: Bench) -> None:
    """A container that may not run as root needs a user."""
    bench.pod("web", securityContext={"runAsNonRoot": True})
    bench.pod("fine", securityContext={"runAsNonRoot": True, "runAsUser": 65534})
    await bench.wait(5)
    assert [bench.status(name) for name in ("web", "fine")] == ["CreateContainerConfigError", "Running"]


async def test_a_volume_that_is_not_there(bench: Bench) -> None:
    """A pod waits for the Secret of a mounted volume, but not for one that nothing mounts."""
    volumes = [{"name": "keys", "secret": {"secretName": "keys"}}]
    bench.create(PODS, pod("web", spec={"volumes": volumes}, volumeMounts=[{"name": "keys", "mountPath": "/keys"}]))
    bench.create(PODS, pod("fine", spec={"volumes": volumes}))
    await bench.wait(5)
    assert [bench.status(name) for name in ("web", "fine")] == ["ContainerCreating", "Running"]
    assert ("FailedMount", 'MountVolume.SetUp failed for volume "keys" : secret "keys" not found') in bench.events(
        "web"
    )
    bench.create("/api/v1/namespaces/shop/secrets", {"metadata": {"name": "keys"}})
    await bench.wait(5)
    assert bench.status("web") == "Running"


def _init(name: str, *command: str, **more: Any) -> Json:
    return {"name": name, "image": "busybox:1.35", "command": list(command), **more}


async def test_init_containers_come_first(bench: Bench) -> None:
    """Init containers run one after the other, and a sidecar goes on beside the others."""
    inits = [_init("wait", "sleep", "10"), _init("side", "sleep", "infinity", restartPolicy="Always")]
    bench.create(PODS, pod("web", spec={"initContainers": inits}))
    assert await _words(bench, "web", 5, 10) == ["Pending", "Init:0/2", "Running"]
    assert bench.row("web")[1] == "2/2"
    bench.ask("DELETE", f"{PODS}/web")
    assert ("Killing", "Stopping container side") in bench.events("web")


@pytest.mark.parametrize(("policy", "words"), [("Always", "Init:CrashLoopBackOff"), ("Never", "Init:Error")])
async def test_an_init_container_that_fails(bench: Bench, policy: str, words: str) -> None:
    """A failing init container is tried again, or fails the pod."""
    bench.create(PODS, pod("web", spec={"initContainers": [_init("bad", "false")], "restartPolicy": policy}))
    await bench.wait(5)
    assert bench.status("web") == words
    assert bench.get(f"{PODS}/web")["status"]["phase"] == ("Pending" if policy == "Always" else "Failed")


async def test_an_init_container_without_an_end(bench: Bench) -> None:
    """What waits for an init container that goes on for ever never starts."""
    bench.create(PODS, pod("web", spec={"initContainers": [_init("on", "sleep", "infinity")]}))
    await bench.wait(1000)
    assert bench.status("web") == "Init:0/1"


async def test_a_sidecar_ends_with_the_others(bench: Bench) -> None:
    """A pod whose containers are over has ended, sidecars or not."""
    side = _init("side", "sh", "-c", "trap 'exit 0' TERM; wait", restartPolicy="Always")
    bench.create(PODS, pod("job", "true", spec={"initContainers": [side], "restartPolicy": "Never"}))
    await bench.wait(5)
    assert bench.status("job") == "Completed"
    assert bench.row("job")[1] == "0/2"


async def test_a_deadline(bench: Bench) -> None:
    """A pod that is active for too long fails, and its containers are stopped."""
    bench.create(PODS, pod("box", spec={"activeDeadlineSeconds": 30}))
    await bench.wait(31)
    status = bench.get(f"{PODS}/box")["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "DeadlineExceeded")
    assert status["message"] == "Pod was active on the node longer than the specified deadline"
    assert status["containerStatuses"][0]["state"]["terminated"]["exitCode"] == 137
    await bench.wait(1000)
    assert bench.status("box") == "Error"


async def test_a_pod_that_is_not_ready(bench: Bench) -> None:
    """A pod whose readiness probe fails runs and is not ready."""
    bench.pod("web", readinessProbe={"exec": {"command": ["false"]}})
    await bench.wait(5)
    assert bench.row("web")[1:3] == ["0/1", "Running"]
    assert ("Unhealthy", "Readiness probe failed: ") in bench.events("web")


async def test_quality_of_service(bench: Bench) -> None:
    """The quality of service follows from requests and limits."""
    both = {"cpu": "1", "memory": "1Gi"}
    made = [
        bench.pod("best"),
        bench.pod("burst", resources={"requests": {"cpu": "1"}}),
        bench.pod("sure", resources={"limits": both}),
    ]
    assert [one["status"]["qosClass"] for one in made] == ["BestEffort", "Burstable", "Guaranteed"]
    assert made[2]["spec"]["containers"][0]["resources"]["requests"] == both
