"""The server itself: its version, paths that lead nowhere, methods that it does not take, and tokens."""

from tests.contract.exchanges.exchange import CORE, MAPS, PODS, Exchange, Story, create, get, pod

_TOKEN = f"{CORE}/serviceaccounts/default/token"
_SERVER = Story(
    "server",
    (
        get("version", "/version"),
        get("version to the bot", "/version", by="bot"),
        get("healthz", "/healthz"),
        get("livez", "/livez"),
        get("readyz", "/readyz"),
        get("no path", "/none"),
        get("no version", "/api/v2/pods"),
        get("no group", "/apis/podbot.io/v1/pods"),
        get("no resource", f"{CORE}/apples"),
        get("no resource of a group", "/apis/apps/v1/namespaces/$namespace/apples"),
        get("no subresource", f"{PODS}/web/apples"),
        get("no subresource of a ConfigMap", f"{MAPS}/a/log"),
        create("a name to create at", f"{PODS}/web", pod()),
        Exchange("patched as a whole", "PATCH", PODS, [], content="application/json-patch+json"),
        Exchange("a log cannot be made", "POST", f"{PODS}/web/log", {}),
        get("metrics that nobody serves", "/apis/metrics.k8s.io/v1beta1/namespaces/$namespace/pods"),
        get("a log of nobody", f"{PODS}/none/log"),
        get("a command of nobody", f"{PODS}/none/exec", query={"command": "true"}, accept="*/*"),
        get("a proxy of nobody", f"{PODS}/none/proxy/", accept="*/*"),
    ),
)
_BOUND = {"kind": "Pod", "apiVersion": "v1", "name": "none"}
_TOKENS = Story(
    "tokens",
    (
        create("a token", _TOKEN, {"spec": {"expirationSeconds": 600}}, stripped=("spec.audiences",)),
        create("a token by default", _TOKEN, {}, stripped=("spec.audiences",)),
        create("a token without a spec, of its kind", _TOKEN, {"kind": "TokenRequest"}, stripped=("spec.audiences",)),
        create("a token for somebody", _TOKEN, {"spec": {"audiences": ["podbot"], "expirationSeconds": 7200}}),
        create("a token of a minute", _TOKEN, {"spec": {"expirationSeconds": 60}}),
        create("a token for ever", _TOKEN, {"spec": {"expirationSeconds": 2**33}}),
        create("a token bound to no pod", _TOKEN, {"spec": {"boundObjectRef": _BOUND}}),
        create("a token bound to what cannot be", _TOKEN, {"spec": {"boundObjectRef": {**_BOUND, "kind": "Service"}}}),
        create("a token of no account", f"{CORE}/serviceaccounts/none/token", {}),
        create("a token of another name", _TOKEN, {"metadata": {"name": "other"}}),
        create("a token of another namespace", _TOKEN, {"metadata": {"namespace": "default"}}),
        get("a token cannot be read", _TOKEN),
        create("a dry run", _TOKEN, {}, query={"dryRun": "All"}, stripped=("spec.audiences", "status.token")),
        create("by the bot, who may not", _TOKEN, {}, by="bot"),
    ),
)
STORIES = (_SERVER, _TOKENS)
