"""Who may do what as whom, and what one is told of oneself."""

from bot.core.resources import Json
from tests.contract.exchanges.exchange import CORE, MAPS, PODS, Exchange, Story, create, delete, get, patch, pod

_LEASES = "/apis/coordination.k8s.io/v1/namespaces/$namespace/leases"
_ME = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
_MAY = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


def _as(what: str, **headers: str) -> Exchange:
    named = {f"Impersonate-{key.replace('_', '-')}": value for key, value in headers.items()}
    return get(what, PODS, by="bot", headers=named)


def _may(**attributes: str) -> Json:
    return {"spec": {"resourceAttributes": {"namespace": "$namespace", **attributes}}}


def _asked(what: str, by: str, **attributes: str) -> Exchange:
    return create(what, _MAY, _may(**attributes), by=by)


_DECISIONS = Story(
    "decisions",
    (
        get("the viewer lists", PODS, by="viewer"),
        get("the viewer reads", f"{PODS}/web", by="viewer"),
        get("the viewer reads a log", f"{PODS}/web/log", by="viewer"),
        get("the viewer watches", PODS, by="viewer", query={"watch": "true", "timeoutSeconds": "1"}),
        get("the viewer lists elsewhere", "/api/v1/namespaces/kube-system/pods", by="viewer"),
        get("the viewer lists everywhere", "/api/v1/pods", by="viewer"),
        create("the viewer creates", PODS, pod(), by="viewer"),
        patch("the viewer patches", f"{PODS}/web", [], by="viewer"),
        delete("the viewer deletes", f"{PODS}/web", by="viewer"),
        create("the viewer evicts", f"{PODS}/web/eviction", {}, by="viewer"),
        get("the viewer lists what is not there", f"{CORE}/apples", by="viewer"),
        get("the operator lists", PODS, by="operator"),
        get("the operator reads what is not there", f"{PODS}/web", by="operator"),
        get("the operator lists ConfigMaps, for which the bot has no right", MAPS, by="operator"),
        create("the operator creates", PODS, pod(), by="operator"),
        delete("the operator deletes", f"{PODS}/web", {"gracePeriodSeconds": 0}, by="operator", stripped=("status",)),
        get("nobody lists", PODS, by="nobody"),
        get("the bot lists as itself", PODS, by="bot"),
        get("the bot lists its leases", _LEASES, by="bot"),
        get("the bot reads a lease", f"{_LEASES}/one", by="bot"),
        patch("the bot changes a lease that is not the watching one", f"{_LEASES}/one", [], by="bot"),
        get("the bot reads a node", "/api/v1/nodes/none", by="bot"),
        get("the bot reads metrics", "/metrics", by="bot"),
    ),
)
_IMPERSONATION = Story(
    "impersonation",
    (
        _as("an operator without groups", User="podbot:$namespace-operator"),
        _as("an operator with a group", User="podbot:$namespace-operator", Group="podbot:contract-operators"),
        _as("a group that is not granted", User="podbot:$namespace-operator", Group="system:masters"),
        _as("a user that is not granted", User="admin"),
        _as("a group alone", Group="podbot:contract-operators"),
        _as("an extra alone", **{"Extra-podbot.io%2fslack-user": "U1"}),
        _as("a granted extra", User="podbot:$namespace-viewer", **{"Extra-podbot.io%2fslack-user": "U1"}),
        _as("an extra that is not granted", User="podbot:$namespace-viewer", **{"Extra-colour": "red"}),
        _as("a UID", User="podbot:$namespace-viewer", Uid="x"),
        _as("a UID alone", Uid="x"),
        _as("an account", User="system:serviceaccount:$namespace:default"),
        _as("a node", User="system:node:local"),
        _as("the anonymous", User="system:anonymous"),
        _as("an empty user", User=""),
    ),
)
_RULES = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
_REVIEWS = Story(
    "reviews",
    (
        create("who the operator is", _ME, {}, by="operator"),
        create("who the viewer is", _ME, {"kind": "SelfSubjectReview"}, by="viewer"),
        create("who the bot is", _ME, {}, by="bot", stripped=("status.userInfo.extra",)),
        create("who with a body of another kind", _ME, pod(), by="operator"),
        get("reviews are not listed", _ME, by="operator"),
        _asked("the operator may", "operator", verb="delete", resource="pods"),
        _asked("the operator may exec", "operator", verb="create", resource="pods", subresource="exec"),
        _asked("the operator may not elsewhere", "operator", verb="list", resource="pods", namespace="default"),
        _asked("the viewer may", "viewer", verb="list", resource="pods"),
        _asked("the viewer may not", "viewer", verb="get", resource="pods", name="web"),
        _asked("the bot may", "bot", verb="create", group="coordination.k8s.io", resource="leases"),
        _asked("the bot may not", "bot", verb="list", resource="secrets"),
        _asked("an administrator may", "admin", verb="list", resource="secrets"),
        _asked("what is not there", "viewer", verb="list", resource="apples", group="fruit"),
        create("neither", _MAY, {"spec": {}}, by="viewer"),
        create("no spec", _MAY, {}, by="viewer"),
        create(
            "both",
            _MAY,
            {"spec": {"resourceAttributes": {"verb": "get"}, "nonResourceAttributes": {"path": "/", "verb": "get"}}},
            by="viewer",
        ),
        create(
            "a path",
            _MAY,
            {"spec": {"nonResourceAttributes": {"path": "/version", "verb": "get"}}},
            by="viewer",
            stripped=("status.reason",),
        ),
        create(
            "a path that is not granted",
            _MAY,
            {"spec": {"nonResourceAttributes": {"path": "/metrics", "verb": "get"}}},
            by="viewer",
        ),
        create("the bot's rules nowhere", _RULES, {}, by="bot"),
        create("a misspelt field", _MAY, {"spek": {}}, by="viewer", query={"fieldValidation": "Strict"}),
    ),
)
STORIES = (_DECISIONS, _IMPERSONATION, _REVIEWS)
