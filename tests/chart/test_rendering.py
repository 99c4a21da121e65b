"""What the chart makes of its values."""

import json

import pytest
import yaml

from bot.core.resources import Json
from config.policy import parse_policy
from config.settings import NAMES, load_settings
from config.templates import parse_templates
from tests.chart.cases import MATRIX, made
from tests.chart.charts import CHART, kept, merged, only, rendered

EVERY = pytest.mark.parametrize("case", MATRIX)


def pod(objects: list[Json]) -> Json:
    """Return the spec of the Deployment's pod."""
    spec: Json = only(objects, "Deployment")["spec"]["template"]["spec"]
    return spec


def container(objects: list[Json]) -> Json:
    """Return podbot's container."""
    return next(one for one in pod(objects)["containers"] if one["name"] == "podbot")


@EVERY
def test_every_object_is_whole(case: str) -> None:
    """Each object has a kind, a name of its own, and the labels by which it is found; nothing is empty."""
    objects = made(case)
    names = [
        (one["apiVersion"], one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"]) for one in objects
    ]
    assert len({*names}) == len(names)
    for one in objects:
        assert {"app.kubernetes.io/name", "app.kubernetes.io/instance", "helm.sh/chart"} <= one["metadata"][
            "labels"
        ].keys()


@EVERY
def test_every_reference_leads_somewhere(case: str) -> None:
    """Selectors select the pods, volumes mount what is made, ports have the names that Service and probes use."""
    objects = made(case)
    labels = only(objects, "Deployment")["spec"]["template"]["metadata"]["labels"].items()
    selectors = [one["spec"]["selector"] for one in objects if one["kind"] == "Service"]
    selectors += [
        one["spec"]["selector"]["matchLabels"]
        for one in objects
        if one["kind"] in ("Deployment", "PodDisruptionBudget")
    ]
    selectors += [one["spec"]["podSelector"]["matchLabels"] for one in objects if one["kind"] == "NetworkPolicy"]
    assert all(selector.items() <= labels for selector in selectors)
    maps = {one["metadata"]["name"] for one in objects if one["kind"] == "ConfigMap"}
    volumes = {one["name"]: one for one in pod(objects)["volumes"]}
    assert {one["configMap"]["name"] for one in volumes.values() if "configMap" in one} <= maps
    assert {one["name"] for one in container(objects)["volumeMounts"]} == {*volumes}
    ports = {one["name"] for one in container(objects)["ports"]}
    assert {one["targetPort"] for one in only(objects, "Service")["spec"]["ports"]} == ports


@EVERY
def test_every_setting_is_podbots(case: str) -> None:
    """Each variable is one that podbot reads, or one of the values' own."""
    names = [one["name"] for one in container(made(case))["env"]]
    assert len({*names}) == len(names)
    assert {*names} - {*NAMES} <= {"HTTPS_PROXY"}


def test_podbots_pods_are_restricted() -> None:
    """By default the pods hold to the restricted Pod Security Standard, with a root that cannot be written."""
    objects = made("minimal")
    context = pod(objects)["securityContext"]
    assert (context["runAsNonRoot"], context["seccompProfile"]) == (True, {"type": "RuntimeDefault"})
    assert container(objects)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod(objects).keys()
    assert only(objects, "ServiceAccount")["automountServiceAccountToken"] is False


@EVERY
def test_secrets_are_referred_to_and_never_made(case: str) -> None:
    """No Secret is made, and each variable that is secret comes from the existing one."""
    objects = made(case)
    assert not [one for one in objects if one["kind"] == "Secret"]
    env = {one["name"]: one for one in container(objects)["env"]}
    secret = {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SIGNING_KEYS"} & env.keys()
    assert len(secret) == 3
    assert {env[name]["valueFrom"]["secretKeyRef"]["name"] for name in secret} == {"podbot-slack"}


def test_the_grace_period_is_longer_than_the_drain() -> None:
    """A pod that ends gets ten seconds more than its commands."""
    objects = rendered(merged(kept("minimal"), {"settings": {"drain": 100}}))
    assert pod(objects)["terminationGracePeriodSeconds"] == 110
    assert {"name": "PODBOT_DRAIN", "value": "100"} in container(objects)["env"]


@EVERY
def test_a_change_of_policy_restarts_nothing(case: str) -> None:
    """Policy and templates are mounted as folders, and the pods know nothing of their content."""
    base, changes = MATRIX[case]
    other = merged(
        merged(kept(base), changes), {"policy": {"frozen": "release night"}, "templates": {"two.yaml": "name: two"}}
    )
    before, after = (
        rendered(merged(kept(base), merged(changes, {"templates": {"one.yaml": "name: one"}}))),
        rendered(other),
    )
    assert only(before, "Deployment") == only(after, "Deployment")
    assert not [mount for mount in container(after)["volumeMounts"] if "subPath" in mount]


def test_the_policy_arrives_as_it_was_written() -> None:
    """What podbot reads from the ConfigMap is the very policy, and the templates, that the values hold."""
    values = kept("full")
    maps = {one["metadata"]["name"]: one["data"] for one in made("full") if one["kind"] == "ConfigMap"}
    written = yaml.safe_dump(values["policy"]).encode()
    assert parse_policy(maps["podbot-policy"]["policy.yaml"].encode(), "") == parse_policy(written, "")
    assert [*parse_templates({"pause.yaml": maps["podbot-templates"]["pause.yaml"].encode()})] == ["pause"]


def test_one_replica_has_no_budget() -> None:
    """A single replica that must not go would block a node's drain for ever."""
    assert not [one for one in made("one-replica") if one["kind"] == "PodDisruptionBudget"]
    assert only(made("minimal"), "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1


def test_a_digest_decides_which_image_runs() -> None:
    """Tag and digest stand in the image's name; without either it is the chart's version."""
    assert container(made("minimal"))["image"] == "podbot:0.1.0"
    assert container(made("full"))["image"] == f"registry.example.com/podbot:0.1.0@sha256:{'0' * 64}"


def test_http_mode_is_reached_through_the_ingress() -> None:
    """The Ingress leads to the Service's port for Slack's requests; socket mode listens for nobody."""
    objects = made("full")
    (rule,) = only(objects, "Ingress")["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    assert (rule["host"], path["path"]) == ("podbot.example.com", "/slack/events")
    assert path["backend"]["service"] == {"name": "podbot", "port": {"name": "http"}}
    assert {one["name"] for one in only(objects, "Service")["spec"]["ports"]} == {"health", "http"}
    assert {one["name"] for one in only(made("minimal"), "Service")["spec"]["ports"]} == {"health"}


def test_the_network_policy_lets_out_what_is_named() -> None:
    """Pods may ask DNS and send to the named ports; they receive requests for metrics, and in HTTP mode Slack's."""
    spec = only(made("full"), "NetworkPolicy")["spec"]
    assert spec["policyTypes"] == ["Ingress", "Egress"]
    assert [one["ports"][0]["port"] for one in spec["ingress"]] == ["health", "http"]
    assert spec["ingress"][0]["from"][0]["namespaceSelector"]["matchLabels"] == {
        "kubernetes.io/metadata.name": "monitoring"
    }
    assert [[port["port"] for port in rule.get("ports", ())] for rule in spec["egress"]] == [[53, 53], [443, 6443], []]
    assert len(only(made("network-of-socket-mode"), "NetworkPolicy")["spec"]["ingress"]) == 1


def test_monitoring_is_of_this_release() -> None:
    """Prometheus scrapes the health port, the alerts are about this release alone, and Grafana finds the dashboard."""
    objects = made("full")
    endpoint = only(objects, "ServiceMonitor")["spec"]["endpoints"][0]
    assert (endpoint["port"], endpoint["path"]) == ("health", "/metrics")
    (group,) = only(objects, "PrometheusRule")["spec"]["groups"]
    assert all('namespace="ops", service="podbot"' in rule["expr"] for rule in group["rules"])
    dashboard = json.loads((CHART / "files" / "dashboard.json").read_text())
    told = next(one for one in objects if one["metadata"]["name"] == "podbot-dashboard")
    assert json.loads(told["data"]["podbot.json"]) == dashboard
    assert told["metadata"]["labels"]["grafana_dashboard"] == "1"


def test_labels_and_annotations_reach_every_object() -> None:
    """The common labels and annotations are on every object, and on the pods."""
    objects = made("full")
    template = only(objects, "Deployment")["spec"]["template"]
    for metadata in (*(one["metadata"] for one in objects), template["metadata"]):
        assert metadata["labels"]["team"] == "platform"
        assert metadata["annotations"]["example.com/owner"] == "platform"
    assert template["metadata"]["labels"]["tier"] == "ops"


def test_passed_through_values_arrive() -> None:
    """What Kubernetes takes and people set is passed on as it is."""
    values, spec = kept("full"), pod(made("full"))
    for key in (
        "nodeSelector",
        "affinity",
        "tolerations",
        "priorityClassName",
        "hostAliases",
        "dnsConfig",
        "initContainers",
    ):
        assert spec[key] == values[key]
    assert spec["imagePullSecrets"] == values["imagePullSecrets"]
    assert spec["containers"][1:] == values["extraContainers"]
    assert container(made("full"))["envFrom"] == values["extraEnvFrom"]
    for constraint in spec["topologySpreadConstraints"]:
        assert constraint["labelSelector"]["matchLabels"]["app.kubernetes.io/instance"] == "podbot"


@EVERY
def test_podbot_takes_its_settings(case: str) -> None:
    """The variables, with Slack's secrets filled in, are settings that podbot starts with."""
    env = container(made(case))["env"]
    secret = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_SIGNING_SECRET": "s" * 32,
        "SIGNING_KEYS": "k" * 40,
    }
    given = {one["name"]: one.get("value", secret.get(one["name"], "ops")) for one in env}
    settings = load_settings(given)
    assert settings.socket_mode == ("SLACK_APP_TOKEN" in given)
    assert settings.health_address == ":8081"
