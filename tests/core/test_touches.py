"""What a pod would reach outside itself."""

import pytest

from bot.core.resources import Json
from bot.core.touches import Touches, told, touches


def container(**more: object) -> Json:
    """Return a spec with a container."""
    return {"containers": [{"name": "app", **more}]}


def volume(**source: object) -> Json:
    """Return a spec with a volume."""
    return {"volumes": [{"name": "v", **source}]}


def env(**source: object) -> Json:
    """Return a spec with a container that takes a variable from somewhere."""
    return container(env=[{"name": "E", "valueFrom": source}])


@pytest.mark.parametrize(
    ("spec", "touched"),
    [
        ({}, Touches()),
        ({"serviceAccountName": "default"}, Touches()),
        ({"serviceAccountName": "deployer"}, Touches(service_account="deployer")),
        ({"serviceAccount": "deployer"}, Touches(service_account="deployer")),
        ({"hostNetwork": True, "hostPID": True, "hostIPC": False}, Touches(host=("hostNetwork", "hostPID"))),
        (volume(hostPath={"path": "/etc"}), Touches(host=("hostPath /etc",))),
        (container(securityContext={"privileged": True}), Touches(host=("privileged container app",))),
        (container(securityContext={"capabilities": {"add": ["NET_ADMIN"]}}), Touches(host=("capability NET_ADMIN",))),
        (container(securityContext={"windowsOptions": {"hostProcess": True}}), Touches(host=("hostProcess app",))),
        (container(ports=[{"containerPort": 80}, {"hostPort": 80}]), Touches(host=("hostPort 80",))),
        ({"securityContext": {"windowsOptions": {"hostProcess": True}}}, Touches(host=("hostProcess",))),
        ({"initContainers": [{"securityContext": {"privileged": True}}]}, Touches(host=("privileged container ",))),
        (env(secretKeyRef={"name": "db", "key": "k"}), Touches(secrets=("db",))),
        (env(configMapKeyRef={"name": "db", "key": "k"}), Touches()),
        (container(envFrom=[{"secretRef": {"name": "db"}}, {"secretRef": {"name": "db"}}]), Touches(secrets=("db",))),
        (volume(secret={"secretName": "tls"}), Touches(secrets=("tls",))),
        (
            volume(projected={"sources": [{"secret": {"name": "a"}}, {"serviceAccountToken": {}}]}),
            Touches(secrets=("a",)),
        ),
        (
            volume(csi={"driver": "a.example", "nodePublishSecretRef": {"name": "csi"}}),
            Touches(secrets=("csi",), storage=("csi a.example",)),
        ),
        (volume(nfs={"server": "files", "path": "/all"}), Touches(storage=("nfs files /all",))),
        (volume(image={"reference": "acme/data:1"}), Touches()),
        ({"priorityClassName": "high"}, Touches(others=("priority class high",))),
        ({"nodeName": "node-a"}, Touches(host=("nodeName node-a, past the scheduler",))),
        ({"resourceClaims": [{"name": "gpu", "resourceClaimName": "g"}]}, Touches(claims=("a device for gpu",))),
        (
            {"ephemeralContainers": [{"securityContext": {"privileged": True}}]},
            Touches(host=("privileged container ",)),
        ),
        (container(securityContext={"procMount": "Unmasked"}), Touches(host=("procMount Unmasked app",))),
        (
            {"securityContext": {"seccompProfile": {"type": "Unconfined"}}},
            Touches(host=("seccompProfile Unconfined",)),
        ),
        (
            container(securityContext={"appArmorProfile": {"type": "Unconfined"}}),
            Touches(host=("appArmorProfile Unconfined app",)),
        ),
        (container(securityContext={"seLinuxOptions": {"type": "spc_t"}}), Touches(host=("seLinuxOptions app",))),
        (
            {"securityContext": {"sysctls": [{"name": "kernel.msgmax"}, {"name": "net.ipv4.tcp_syncookies"}]}},
            Touches(host=("sysctl kernel.msgmax",)),
        ),
        (
            container(livenessProbe={"httpGet": {"host": "10.0.0.1"}}, lifecycle={"preStop": {"tcpSocket": {}}}),
            Touches(host=("requests of its kubelet to 10.0.0.1",)),
        ),
        ({"imagePullSecrets": [{"name": "registry"}]}, Touches(secrets=("registry",))),
        (volume(persistentVolumeClaim={"claimName": "data"}), Touches(claims=("data",))),
        (volume(ephemeral={"volumeClaimTemplate": {}}), Touches(claims=("a new one for volume v",))),
        (volume(emptyDir={}), Touches()),
        ({"volumes": None, "containers": None}, Touches()),
    ],
)
def test_names_what_a_pod_reaches(spec: Json, touched: Touches) -> None:
    """Each way out of a pod is named once, and what stays inside is not."""
    found = touches({"spec": spec})
    assert found == touched
    assert bool(found) is (touched != Touches())


def test_a_long_list_hides_nothing_after_it() -> None:
    """Of many names the first are told and the rest counted, so that the next danger is still seen."""
    paths = tuple(f"hostPath /{number}" for number in range(20))
    assert tuple(told(Touches("a" * 99, paths, ("db",)))) == (
        f"It runs as the service account {'a' * 63}….",
        f"It reaches its host: {', '.join(paths[:8])}, and 12 more.",
        "It can read the Secrets: db.",
    )


def test_an_annotation_can_take_a_profile_off() -> None:
    """The old form of an AppArmor profile is told like the new one."""
    key = "container.apparmor.security.beta.kubernetes.io"
    annotations = {f"{key}/app": "unconfined", f"{key}/side": "runtime/default"}
    assert touches({"metadata": {"annotations": annotations}}).host == ("appArmorProfile Unconfined app",)
