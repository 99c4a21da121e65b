"""What stands on the demo's stage before anybody comes: pods that run, pods that are broken, and what to try."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from bot.core.resources import Json
from bot.demo.chat.workspace import Workspace

SHOP, PAYMENTS = "shop", "payments"
_BUSYBOX, _NGINX = "busybox:1.35", "nginx:1.22"
_LABEL: Final = "app.kubernetes.io/part-of"


@dataclass(frozen=True, slots=True)
class Try:
    """One thing to try: the line that `user` types in `channel`."""

    label: str
    text: str
    user: str
    channel: str


TRIES: Final = (
    Try("See what runs", "/pod list", "U0ALICE", "C0ONCALL"),
    Try("Find out why one does not", "/pod describe checkout", "U0ALICE", "C0ONCALL"),
    Try("Read a log", "/pod logs orders --previous", "U0ALICE", "C0ONCALL"),
    Try("Create a pod with a sidecar", "/pod create sidecar my-first-pod", "U0ALICE", "C0ONCALL"),
    Try("Be refused", "/pod delete orders", "U0BOB", "C0TEAM"),
)


def described(one: Try, workspace: Workspace) -> Json:
    """Return a thing to try as the page's JSON."""
    name = workspace.user(one.user).name
    return {"label": one.label, "text": one.text, "user": one.user, "channel": one.channel, "name": name}


def workloads() -> Iterator[tuple[str, Json]]:
    """Yield namespace and object of each workload, in the order to create them."""
    labels = {"app": "web", _LABEL: "shop"}
    selector = {"app": "web"}
    web: Json = {"containers": [{"name": "nginx", "image": _NGINX, "ports": [{"containerPort": 80}]}]}
    template = {"metadata": {"labels": labels}, "spec": web}
    replicas = {"replicas": 2, "selector": {"matchLabels": selector}, "template": template}
    yield SHOP, {**_object("ReplicaSet", "web", replicas), "apiVersion": "apps/v1"}
    service = {"selector": selector, "ports": [{"port": 80}]}
    yield SHOP, _object("Service", "web", service)
    yield SHOP, _pod("orders", "echo order 17 taken; echo lost the database connection >&2; sleep 4; exit 1")
    yield SHOP, _pod("checkout", image="nginx:1.22-typo")
    yield SHOP, _pod("report", "tail /dev/zero", resources={"limits": {"memory": "32Mi"}})
    yield SHOP, _pod("batch", resources={"requests": {"cpu": "64"}})
    items = "; ".join(f"echo cart {number:03d} was emptied after an hour without a visit" for number in range(200))
    yield SHOP, _pod("cart", f"{items}; sleep 86400")
    yield PAYMENTS, _pod("ledger", "echo ledger is open; sleep 86400")


def _pod(name: str, script: str = "", image: str = _BUSYBOX, **container: Any) -> Json:
    command = {"command": ["sh", "-c", script]} if script else {}
    main = {"name": "main", "image": image, **command, **container}
    labels = {"app": name, _LABEL: "shop"}
    return _object("Pod", name, {"containers": [main], "terminationGracePeriodSeconds": 1}, labels)


def _object(kind: str, name: str, spec: Json, labels: Json | None = None) -> Json:
    metadata = {"name": name, "labels": labels or {_LABEL: "shop"}}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, "spec": spec}


def policy(shop: str = SHOP, payments: str = PAYMENTS) -> Json:
    """Return the demo's policy: all may look in #team, Alice is on call, Bob is himself."""
    grant = {"cluster": "main", "channels": ["C0ONCALL"]}
    return {
        "team": "T0ACME",
        "ask": "#platform",
        "tiers": {
            "viewer": {"groups": ["podbot:viewers"], "may": ["READ"]},
            "operator": {"groups": ["podbot:operators"], "may": ["READ", "CHANGE", "DANGEROUS"]},
        },
        "people": {"U0BOB": {"user": "bob@example.com", "groups": ["shop-team"]}},
        "grants": [
            {"cluster": "main", "tier": "viewer", "channels": ["C0TEAM", "C0SHARED"], "namespaces": [shop]},
            {**grant, "tier": "operator", "users": ["U0BOB"], "namespaces": [shop]},
            {**grant, "tier": "operator", "usergroups": ["S0ONCALL"], "namespaces": [shop, payments]},
        ],
        "default_namespace": dict.fromkeys(("C0TEAM", "C0ONCALL", "C0SHARED"), shop),
    }


def persons_rights(shop: str = SHOP) -> list[Json]:
    """Return what Kubernetes lets Bob do: look at pods and their logs, though policy would let him do more."""
    group = "rbac.authorization.k8s.io"
    metadata = {"name": "bob", "namespace": shop}
    rules = [{"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get", "list", "watch"]}]
    return [
        {"apiVersion": f"{group}/v1", "kind": "Role", "metadata": metadata, "rules": rules},
        {
            "apiVersion": f"{group}/v1",
            "kind": "RoleBinding",
            "metadata": metadata,
            "roleRef": {"apiGroup": group, "kind": "Role", "name": "bob"},
            "subjects": [{"apiGroup": group, "kind": "User", "name": "bob@example.com"}],
        },
    ]
