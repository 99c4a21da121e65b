"""Namespaces and what limits them: their end, quotas, limit ranges."""

from typing import Any

from bot.core.resources import Json
from tests.contract.exchanges.exchange import (
    CORE,
    MAPS,
    MERGE_PATCH,
    PODS,
    Exchange,
    Story,
    config_map,
    create,
    delete,
    get,
    gone,
    patch,
    pod,
)

_ALL = "/api/v1/namespaces"
_SECOND = f"{_ALL}/$namespace-2"
_QUOTAS, _RANGES = f"{CORE}/resourcequotas", f"{CORE}/limitranges"
_CLAIMS = f"{CORE}/persistentvolumeclaims"


def _found(status: int, _: Json) -> bool:
    return status == 200


_NAMESPACES = Story(
    "namespaces",
    (
        create("made", _ALL, {"metadata": {"name": "$namespace-2"}}, keep={"uid": "metadata.uid"}),
        create("taken", _ALL, {"metadata": {"name": "$namespace-2"}}),
        create("a bad name", _ALL, {"metadata": {"name": "A.b"}}),
        create("a name with dots", _ALL, {"metadata": {"name": "a.b"}}),
        create("no name", _ALL, {"metadata": {}}),
        create("a dry run", _ALL, {"metadata": {"name": "$namespace-3"}}, query={"dryRun": "All"}),
        get("not there", f"{_ALL}/$namespace-3"),
        get("its account", f"{_SECOND}/serviceaccounts/default", until=_found),
        patch("labelled", _SECOND, {"metadata": {"labels": {"a": "b"}}}, content=MERGE_PATCH),
        create(
            "something that is held",
            f"{_SECOND}/configmaps",
            {"metadata": {"name": "held", "finalizers": ["podbot.io/hold"], "labels": {"by": "podbot"}}},
        ),
        create("something that is not", f"{_SECOND}/configmaps", config_map("free")),
        create("a pod", f"{_SECOND}/pods", pod()),
        delete("another's UID", _SECOND, {"preconditions": {"uid": "00000000-0000-0000-0000-000000000000"}}),
        delete("a dry run of its end", _SECOND, {"dryRun": ["All"]}),
        delete("its end begins", _SECOND, {"preconditions": {"uid": "$uid"}}),
        delete("its end begins once more", _SECOND, stripped=("status.conditions",)),
        create("too late", f"{_SECOND}/configmaps", config_map("late")),
        create("too late for a pod", f"{_SECOND}/pods", pod("late")),
        get("what is held", f"{_SECOND}/configmaps/free", until=gone),
        get("the pod is gone", f"{_SECOND}/pods/web", until=gone),
        get(
            "it waits",
            _SECOND,
            until=lambda _, body: any(
                one["type"] == "NamespaceFinalizersRemaining" and one["status"] == "True"
                for one in body["status"].get("conditions") or ()
            ),
        ),
        patch(
            "let go",
            f"{_SECOND}/configmaps/held",
            {"metadata": {"finalizers": None}},
            content=MERGE_PATCH,
        ),
        get("gone", _SECOND, until=gone),
        get("nothing is left in it", f"{_SECOND}/configmaps"),
    ),
)


def _asking(name: str, requests: Json | None = None, limits: Json | None = None) -> Json:
    given = {"requests": requests, "limits": limits}
    return pod(name, resources={key: value for key, value in given.items() if value})


def _counted(used: Json) -> Any:
    return lambda _, body: (body.get("status") or {}).get("used") == used


_COUNTED = Story(
    "quotas",
    (
        create("bad amounts", _QUOTAS, {"metadata": {"name": "bad"}, "spec": {"hard": {"pods": "-1", "cpu": "1"}}}),
        create("a bad resource", _QUOTAS, {"metadata": {"name": "bad"}, "spec": {"hard": {"apples": "1"}}}),
        create("half a pod", _QUOTAS, {"metadata": {"name": "bad"}, "spec": {"hard": {"pods": "500m"}}}),
        create(
            "made",
            _QUOTAS,
            {
                "metadata": {"name": "room"},
                "spec": {"hard": {"pods": "2", "requests.cpu": "1", "limits.memory": "1Gi"}},
            },
        ),
        get(
            "counted",
            f"{_QUOTAS}/room",
            until=_counted({"pods": "0", "requests.cpu": "0", "limits.memory": "0"}),
        ),
        create("what it must say", PODS, pod()),
        create("too much", PODS, _asking("big", {"cpu": "2"}, {"memory": "64Mi"})),
        create("too much of two", PODS, _asking("big", {"cpu": "2"}, {"memory": "2Gi"})),
        create("some", PODS, _asking("one", {"cpu": "600m"}, {"memory": "64Mi"})),
        create("no more room", PODS, _asking("two", {"cpu": "500m"}, {"memory": "64Mi"})),
        create(
            "no more room for a dry run",
            PODS,
            _asking("two", {"cpu": "500m"}, {"memory": "64Mi"}),
            query={"dryRun": "All"},
        ),
        create("the rest", PODS, _asking("two", {"cpu": "0.4"}, {"memory": "64Mi"})),
        create("one too many", PODS, _asking("three", {"cpu": "0.1"}, {"memory": "1Mi"})),
        get(
            "all counted",
            f"{_QUOTAS}/room",
            until=_counted({"pods": "2", "requests.cpu": "1", "limits.memory": "128Mi"}),
        ),
        create("of ConfigMaps", _QUOTAS, {"metadata": {"name": "maps"}, "spec": {"hard": {"count/configmaps": "2"}}}),
        get("ConfigMaps counted", f"{_QUOTAS}/maps", until=_counted({"count/configmaps": "1"})),
        create("a ConfigMap", MAPS, config_map("a")),
        create("a ConfigMap too many", MAPS, config_map("b")),
    ),
)


def _range(name: str, **limit: Any) -> Json:
    return {"metadata": {"name": name}, "spec": {"limits": [limit]}}


def _sized(what: str, requests: Json | None = None, limits: Json | None = None) -> Exchange:
    return create(what, PODS, _asking("sized", requests, limits), query={"dryRun": "All"})


_LIMITED = Story(
    "limit ranges",
    (
        create(
            "a default above the most", _RANGES, _range("bad", type="Container", default={"cpu": "2"}, max={"cpu": "1"})
        ),
        create(
            "the least above the most", _RANGES, _range("bad", type="Container", min={"cpu": "2"}, max={"cpu": "1"})
        ),
        create("a default of a pod", _RANGES, _range("bad", type="Pod", default={"cpu": "2"})),
        create("no type", _RANGES, _range("bad", max={"cpu": "1"})),
        create(
            "made",
            _RANGES,
            _range(
                "sizes",
                type="Container",
                default={"cpu": "500m", "memory": "64Mi"},
                defaultRequest={"cpu": "100m"},
                min={"cpu": "50m"},
                max={"cpu": "1", "memory": "1Gi"},
                maxLimitRequestRatio={"cpu": "10"},
            ),
        ),
        create("of pods", _RANGES, _range("pods", type="Pod", max={"memory": "128Mi"})),
        create(
            "of claims",
            _RANGES,
            _range("claims", type="PersistentVolumeClaim", min={"storage": "1Gi"}, max={"storage": "2Gi"}),
        ),
        _sized("given what it does not say"),
        _sized("given what is left", {"cpu": "200m"}),
        _sized("a limit is a request too", None, {"cpu": "300m"}),
        _sized("too little", {"cpu": "10m"}, {"cpu": "50m"}),
        _sized("too much", None, {"cpu": "2"}),
        _sized("too far apart", {"cpu": "60m"}, {"cpu": "900m"}),
        create(
            "too much together",
            PODS,
            pod(
                "many",
                spec={"containers": [{"name": one, "image": "a"} for one in "abc"]},
            ),
            query={"dryRun": "All"},
        ),
        *(
            create(
                f"a claim of {size}",
                _CLAIMS,
                {
                    "metadata": {"name": "data"},
                    "spec": {
                        "accessModes": ["ReadWriteOnce"],
                        "resources": {"requests": {"storage": size}},
                        "storageClassName": "none",
                    },
                },
                query={"dryRun": "All"},
            )
            for size in ("512Mi", "1Gi", "3Gi")
        ),
    ),
)
STORIES = (_NAMESPACES, _COUNTED, _LIMITED)
