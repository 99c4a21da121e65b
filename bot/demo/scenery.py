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
    Try("Find out what is wrong", "/pod triage orders", "U0ALICE", "C0ONCALL"),
    Try("Read its log", "/pod logs orders --previous", "U0ALICE", "C0ONCALL"),
    Try("Create a pod", "/pod create sidecar my-first-pod", "U0ALICE", "C0ONCALL"),
    Try("Be refused", "/pod delete orders", "U0BOB", "C0TEAM"),
)
ROLES: Final = {
    "U0ALICE": "A member, and on call: an operator in #oncall, a viewer elsewhere.",
    "U0BOB": "A member who is bob@example.com in Kubernetes, where he may only look.",
    "U0GUEST": "A guest of the workspace: podbot refuses guests.",
    "U0SINGLE": "A guest of one channel: podbot refuses guests.",
    "U0STRANGER": "From another workspace, in a shared channel: podbot refuses strangers.",
}
TOPICS: Final = {
    "C0TEAM": "everybody may look at pods here",
    "C0ONCALL": "who is on call may change pods here",
    "C0SHARED": "shared with another workspace",
    "C0QUIET": "podbot was not invited: it can answer you, and change nothing",
}


def described(one: Try, workspace: Workspace) -> Json:
    """Return a thing to try as the page's JSON."""
    name = workspace.user(one.user).name
    return {"label": one.label, "text": one.text, "user": one.user, "channel": one.channel, "name": name}


def alert(shop: str = SHOP) -> Json:
    """Return what Alertmanager's webhook says in #oncall of a pod that crashes, for its menu's shortcut to be tried."""
    labels = {"alertname": "KubePodCrashLooping", "namespace": shop, "pod": "orders", "severity": "warning"}
    title = "[FIRING:1] KubePodCrashLooping"
    said = f"Pod {shop}/orders (main) is in waiting state (reason: CrashLoopBackOff)."
    details = "\n".join(f"• *{key}:* `{value}`" for key, value in labels.items())
    blocks = [f":red_circle: *{title}*", said, details]
    sections = tuple({"type": "section", "text": {"type": "mrkdwn", "text": text}} for text in blocks)
    return {"text": title, "bot": "B0ALERTS", "blocks": sections}


def workloads() -> Iterator[tuple[str, Json]]:
    """Yield namespace and object of each workload, in the order to create them."""
    yield from ((SHOP, one) for one in (*_web(), *_gallery(), *_broken()))
    items = "; ".join(f"echo cart {number:03d} was emptied after an hour without a visit" for number in range(200))
    yield SHOP, _pod("cart", f"{items}; sleep 86400")
    yield SHOP, _pod("migrate", "echo 3 tables are up to date", spec={"restartPolicy": "Never"})
    yield PAYMENTS, _pod("ledger-0", "echo ledger is open; sleep 86400")


def use(app: str, container: str) -> tuple[int, int]:
    """Return what the simulated metrics API tells of a container that runs: millicores, and MiB of memory."""
    return _USE.get((app, container), (1, 1))


_USE: Final = {
    ("cart", "main"): (3, 2),
    ("gallery", "painter"): (12, 3),
    ("gallery", "server"): (41, 9),
    ("search", "main"): (2, 8),
    ("web", "app"): (18, 11),
}


def _web() -> Iterator[Json]:
    """Yield two web servers, called as in help's examples, what takes them on and replaces them, and their Service."""
    selector, spec = {"app": "web"}, {"containers": [_nginx("app")]}
    yield from (_object("Pod", f"web-{number}", spec, _labels("web", "frontend")) for number in (1, 2))
    template = {"metadata": {"labels": _labels("web", "frontend")}, "spec": spec}
    replicas = {"replicas": 2, "selector": {"matchLabels": selector}, "template": template}
    yield {**_object("ReplicaSet", "web", replicas), "apiVersion": "apps/v1"}
    yield _service("web")


def _gallery() -> Iterator[Json]:
    """Yield two containers that share a claim, one to write a page and one to serve it, and their Service."""
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "64Mi"}}}
    yield _object("PersistentVolumeClaim", "pictures", claim)
    script = "while true; do\n date > /pictures/index.html\n echo painted a picture\n sleep 10\ndone"
    painter = {"image": _BUSYBOX, "command": ["sh", "-c", script], "name": "painter"}
    volumes = [{"name": "pictures", "persistentVolumeClaim": {"claimName": "pictures"}}]
    containers = [
        {**painter, "volumeMounts": [{"name": "pictures", "mountPath": "/pictures"}]},
        {**_nginx("server"), "volumeMounts": [{"name": "pictures", "mountPath": "/usr/share/nginx/html"}]},
    ]
    spec = {"containers": containers, "volumes": volumes, "terminationGracePeriodSeconds": 1}
    yield _object("Pod", "gallery", spec, _labels("gallery", "frontend"))
    yield _service("gallery")


def _broken() -> Iterator[Json]:
    """Yield a pod for each of the common ways to fail."""
    yield _pod("orders", "echo order 17 taken; echo lost the database connection >&2; sleep 2; exit 1")
    yield _pod("checkout", image="nginx:1.22-typo")
    yield _pod("report", "tail /dev/zero", resources={"limits": {"memory": "32Mi"}})
    yield _pod("batch", resources={"requests": {"cpu": "64"}})
    ready = {"exec": {"command": ["false"]}, "periodSeconds": 5}
    yield _pod("search", image=_NGINX, ports=[{"containerPort": 80}], readinessProbe=ready)
    fails = ["sh", "-c", "echo no route to the stock service >&2; exit 1"]
    waits = {"name": "wait-for-stock", "image": _BUSYBOX, "command": fails}
    yield _pod("stock", "sleep 86400", spec={"initContainers": [waits]})


def _nginx(name: str) -> Json:
    return {"name": name, "image": _NGINX, "ports": [{"containerPort": 80}]}


def _service(name: str) -> Json:
    return _object("Service", name, {"selector": {"app": name}, "ports": [{"port": 80}]})


def _pod(name: str, script: str = "", image: str = _BUSYBOX, spec: Json | None = None, **container: Any) -> Json:
    command = {"command": ["sh", "-c", script]} if script else {}
    main = {"name": "main", "image": image, **command, **container}
    held = {"containers": [main], "terminationGracePeriodSeconds": 1, **(spec or {})}
    return _object("Pod", name, held, _labels(name))


def _labels(app: str, tier: str = "backend") -> Json:
    return {"app": app, "tier": tier, _LABEL: "shop"}


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
