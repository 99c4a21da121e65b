"""Changes by patch: what is applied, what is refused, and by which code."""

from typing import Any

from bot.core.resources import Json
from tests.contract.exchanges.exchange import (
    JSON,
    JSON_PATCH,
    MAPS,
    MERGE_PATCH,
    PODS,
    Exchange,
    Story,
    config_map,
    create,
    get,
    patch,
    pod,
    settled,
)

_WEB = f"{PODS}/web"
_LABEL = "/metadata/labels/app"


def _operation(op: str, path: str, value: Any = ...) -> Json:
    return {"op": op, "path": path, **({} if value is ... else {"value": value})}


def _one(what: str, op: str, path: str, value: Any = ..., **query: str) -> Exchange:
    return patch(what, _WEB, [_operation(op, path, value)], query=query)


def _merged(what: str, body: Any, **query: str) -> Exchange:
    return patch(what, _WEB, body, content=MERGE_PATCH, query=query)


_JSON = Story(
    "json patch",
    (
        create("a pod", PODS, pod(metadata={"labels": {"app": "web"}}), keep={"uid": "metadata.uid"}),
        get("it has settled", _WEB, until=settled),
        patch(
            "tested and replaced",
            _WEB,
            [_operation("test", "/metadata/uid", "$uid"), _operation("replace", _LABEL, "api")],
        ),
        _one("added", "add", "/metadata/labels/a~1b", "c"),
        _one("as a dry run", "replace", _LABEL, "dry", dryRun="All"),
        _one("a test that holds", "test", _LABEL, "api"),
        _one("a test that fails", "test", _LABEL, "web"),
        _one("a test for absence", "test", "/metadata/labels/none", None),
        _one("a test for absence that fails", "test", _LABEL, None),
        _one("a test below nothing", "test", "/metadata/none/at", "all"),
        _one("removed", "remove", "/metadata/labels/a~1b"),
        _one("removed once more", "remove", "/metadata/labels/a~1b"),
        _one("replaced what is not there", "replace", "/metadata/labels/new", "x"),
        _one("added below nothing", "add", "/metadata/none/at", "all"),
        _one("an operation that is none", "swap", _LABEL, "x"),
        _one("no value", "add", _LABEL),
        _one("a path without a slash", "add", "metadata", "x"),
        patch("operations that are no list", _WEB, {"op": "add"}),
        patch("no JSON", _WEB, b"["),
        patch("no operations", _WEB, []),
        patch("a content type that is none", _WEB, [], content="text/plain"),
        patch("plain JSON", _WEB, {}, content=JSON),
        patch("nobody's", f"{PODS}/none", []),
        patch("a bad label", _WEB, [_operation("replace", _LABEL, "a b")]),
        patch("a number for a label", _WEB, [_operation("replace", _LABEL, 5)]),
        _one("a misspelt field, strictly", "add", "/spec/contaners", [], fieldValidation="Strict"),
        _one("a misspelt field by default", "add", "/spec/contaners", [], dryRun="All"),
        _one("a level that is none", "add", _LABEL, "x", fieldValidation="Loose"),
        _one("another name", "replace", "/metadata/name", "api"),
        _one("another namespace", "replace", "/metadata/namespace", "default"),
        _one("another UID", "replace", "/metadata/uid", "x"),
        _one("another kind", "replace", "/kind", "Service"),
        _one("another image", "replace", "/spec/containers/0/image", "busybox:1.35"),
        _one("another container name", "replace", "/spec/containers/0/name", "other"),
        _one("another grace period", "replace", "/spec/terminationGracePeriodSeconds", 5),
        _one("another deadline", "add", "/spec/activeDeadlineSeconds", 100),
        _one("a longer deadline", "add", "/spec/activeDeadlineSeconds", 200),
        _one("a toleration more", "add", "/spec/tolerations/-", {"key": "a", "operator": "Exists"}),
        _one("no labels", "remove", "/metadata/labels"),
        _one("no metadata", "remove", "/metadata"),
        _one("no kind", "remove", "/kind", dryRun="All"),
        get("what is left", _WEB, until=settled),
    ),
)
_MERGE = Story(
    "merge patch",
    (
        create("a ConfigMap", MAPS, config_map("shared", a="b"), keep={"version": "metadata.resourceVersion"}),
        patch("merged", f"{MAPS}/shared", {"data": {"b": "c"}}, content=MERGE_PATCH),
        patch("removed", f"{MAPS}/shared", {"data": {"key": None}}, content=MERGE_PATCH),
        patch(
            "a version that is gone",
            f"{MAPS}/shared",
            {"metadata": {"resourceVersion": "$version"}, "data": {"b": "d"}},
            content=MERGE_PATCH,
        ),
        patch("nothing", f"{MAPS}/shared", {}, content=MERGE_PATCH),
        patch("immutable from now on", f"{MAPS}/shared", {"immutable": True}, content=MERGE_PATCH),
        patch("immutable", f"{MAPS}/shared", {"data": {"b": "e"}}, content=MERGE_PATCH),
        patch("a number in its data", f"{MAPS}/shared", {"data": {"b": 1}}, content=MERGE_PATCH),
        patch("a list", f"{MAPS}/shared", [], content=MERGE_PATCH),
        patch("an operation", f"{MAPS}/shared", [{"op": "test", "path": "/data/b", "value": "x"}], content=JSON_PATCH),
        create("a pod", PODS, pod(metadata={"labels": {"app": "web"}})),
        get("it has settled", _WEB, until=settled),
        _merged("a label gone", {"metadata": {"labels": {"app": None}}}),
        _merged("a finalizer", {"metadata": {"finalizers": ["podbot.io/hold"]}}),
        _merged("no finalizer", {"metadata": {"finalizers": None}}),
        _merged("another node", {"spec": {"nodeName": "other"}}),
        _merged("a status is left alone", {"status": {"phase": "Running"}}, dryRun="All"),
    ),
)
STORIES = (_JSON, _MERGE)
