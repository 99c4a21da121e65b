"""Lists: selectors, pages, versions."""

from tests.contract.exchanges.exchange import CORE, MAPS, PODS, Exchange, Story, config_map, create, get, pod, settled


def _maps(what: str, **query: str) -> Exchange:
    return get(what, MAPS, query={"labelSelector": "by=podbot", **query})


def _labels(what: str, selector: str) -> Exchange:
    return get(what, MAPS, query={"labelSelector": selector})


def _fields(what: str, path: str, selector: str) -> Exchange:
    return get(what, path, query={"fieldSelector": selector})


_PAGES = Story(
    "pages",
    (
        *(create(f"ConfigMap {name}", MAPS, config_map(name)) for name in "abcde"),
        _maps("all", limit="500"),
        get("of accounts, the first", f"{CORE}/serviceaccounts", query={"limit": "1"}),
        Exchange(
            "the first two",
            "GET",
            MAPS,
            query={"labelSelector": "by=podbot", "limit": "2"},
            keep={"token": "metadata.continue", "version": "metadata.resourceVersion"},
        ),
        create("one more", MAPS, config_map("bb")),
        Exchange(
            "the next two, as they were",
            "GET",
            MAPS,
            query={"labelSelector": "by=podbot", "limit": "2", "continue": "$token"},
            keep={"last": "metadata.continue"},
        ),
        _maps("the last", limit="2", **{"continue": "$last"}),
        _maps("the rest at once", **{"continue": "$token"}),
        _maps("a version beside the token", limit="2", resourceVersion="$version", **{"continue": "$token"}),
        _maps("a token that is none", limit="2", **{"continue": "never"}),
        _maps("a limit that is none", limit="two"),
        _maps("a limit below nothing", limit="-1"),
        _maps("no limit", limit="0"),
        _maps("exactly as it was", resourceVersion="$version", resourceVersionMatch="Exact"),
        _maps("not older", resourceVersion="$version", resourceVersionMatch="NotOlderThan"),
        _maps("any version", resourceVersion="0", resourceVersionMatch="NotOlderThan"),
        _maps("exactly version 0", resourceVersion="0", resourceVersionMatch="Exact"),
        _maps("a match without a version", resourceVersionMatch="Exact"),
        _maps("a match that is none", resourceVersion="$version", resourceVersionMatch="Roughly"),
        _maps("a match beside a token", resourceVersionMatch="Exact", **{"continue": "$token"}),
        _maps("a version that is none", resourceVersion="new"),
        _maps("a page of version 0", resourceVersion="0", limit="1"),
        _maps("initial events of a list", sendInitialEvents="true"),
    ),
)
_SELECTORS = Story(
    "selectors",
    (
        create("red", MAPS, config_map("red", colour="red", size="1")),
        create("blue", MAPS, config_map("blue", colour="blue", size="12")),
        create("none", MAPS, config_map("plain", colour="")),
        _labels("equal", "colour=red"),
        _labels("equal twice", "colour==red,by=podbot"),
        _labels("unequal", "by,colour!=red"),
        _labels("one of", "colour in (red, green)"),
        _labels("none of", "by,colour notin (red,blue)"),
        _labels("absent", "by,!size"),
        _labels("greater", "size>5"),
        _labels("empty", "colour="),
        _labels("no key", "=red"),
        _labels("two operators", "colour=!red"),
        _labels("words side by side", "colour red"),
        _labels("an end that is missing", "colour in (red"),
        _labels("a comma at the end", "colour=red,"),
        _labels("a bad key", "a b c/=d"),
        _labels("a bad value", "colour=-"),
        _labels("greater than a word", "size>big"),
        _labels("a long value", f"colour={'a' * 64}"),
        _fields("a name", MAPS, "metadata.name=red"),
        _fields("not a name", MAPS, "metadata.name!=red,metadata.name!=kube-root-ca.crt"),
        _fields("a field that cannot be", MAPS, "data.key=red"),
        _fields("a field that pods do not have", PODS, "spec.colour=red"),
        _fields("no operator", PODS, "metadata.name"),
        _fields("a field's value with an equals sign", PODS, "metadata.name=a=b"),
        create("a pod", PODS, pod()),
        get("it has settled", f"{PODS}/web", until=settled),
        _fields("of a phase", PODS, "status.phase=Running"),
        _fields("on no node", PODS, "spec.nodeName="),
        _fields("of an account", PODS, "spec.serviceAccountName=none"),
        _fields("secrets of a type", f"{CORE}/secrets", "type=Opaque"),
        _fields("claims by their class", f"{CORE}/persistentvolumeclaims", "spec.storageClassName=x"),
        _fields("events by a field that they do not have", f"{CORE}/events", "involvedObject.colour=red"),
        _fields("events of a pod that is not there", f"{CORE}/events", "involvedObject.kind=Pod,involvedObject.name=x"),
        get("one by name in a query", f"{MAPS}/red", query={"resourceVersion": "0"}),
        get("one that is not there", f"{MAPS}/green"),
        get("of a namespace that is not there", "/api/v1/namespaces/none-$namespace/configmaps"),
    ),
)
STORIES = (_PAGES, _SELECTORS)
