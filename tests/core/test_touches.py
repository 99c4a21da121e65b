"""What a pod would reach outside itself."""

import pytest

from bot.core.resources import Json
from bot.core.touches import Touches, touches


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
        (volume(csi={"nodePublishSecretRef": {"name": "csi"}}), Touches(secrets=("csi",))),
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
