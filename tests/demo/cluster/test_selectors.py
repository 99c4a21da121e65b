"""Label and field selectors."""

import pytest

from tests.demo.cluster.bench import PODS, Bench

_VALUE = "a valid label must be an empty string or consist of alphanumeric characters"


@pytest.fixture
def labelled(bench: Bench) -> Bench:
    """Return a cluster with three pods, one of them without labels."""
    bench.pod("bare")
    bench.pod("old", metadata={"labels": {"app": "web", "age": "9"}})
    bench.pod("young", metadata={"labels": {"app": "api", "age": "5"}})
    return bench


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("", ["bare", "old", "young"]),
        ("app=web", ["old"]),
        ("app==web", ["old"]),
        ("app!=web", ["bare", "young"]),
        ("app in (web, api)", ["old", "young"]),
        ("app notin (web)", ["bare", "young"]),
        ("app", ["old", "young"]),
        ("!app", ["bare"]),
        ("age>5", ["old"]),
        ("age<9,app", ["young"]),
        ("app>5", []),
        ("app=", []),
        ("app in ()", []),
        ("app in (x,)", []),
        ("app in (,web)", ["old"]),
    ],
)
def test_label_selectors(labelled: Bench, selector: str, found: list[str]) -> None:
    """Every form of label selector finds what it says."""
    items = labelled.get(PODS, labelSelector=selector)["items"]
    assert [item["metadata"]["name"] for item in items] == found


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("a b c", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        ("app in web", "unable to parse requirement: found 'web' expected: '('"),
        ("app in (", "unable to parse requirement: found '', expected: ',', ')' or identifier"),
        ("app in (=", "unable to parse requirement: found '=', expected: ',', ')' or identifier"),
        ("app in (a", "unable to parse requirement: found '', expected: ',' or ')'"),
        ("app in (a b)", "unable to parse requirement: found 'b', expected: ',' or ')'"),
        ("=x", "found '=', expected: !, identifier, or 'end of string'"),
        ("app=a b", "found 'b', expected: ',' or 'end of string'"),
        ("app=(", "unable to parse requirement: found '(', expected: identifier"),
        ("app,,b", "found ',', expected: identifier after ','"),
        ("app,", "found '', expected: identifier after ','"),
        ("!", "unable to parse requirement: found '', expected: identifier"),
        ("!app=x", "found '=', expected: ',' or 'end of string'"),
        ("app>x", "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, "),
        ("app=-x", f'unable to parse requirement: values[0][app]: Invalid value: "-x": {_VALUE}'),
        ("a/b/c", 'unable to parse requirement: <nil>: Invalid value: "a/b/c": a valid label key must consist of'),
        ("app~x", 'unable to parse requirement: <nil>: Invalid value: "app~x": name part must consist of'),
        ("-/x", 'unable to parse requirement: <nil>: Invalid value: "-/x": prefix part a lowercase RFC 1123 subdomain'),
        ("app=" + "x" * 64, f'values[0][app]: Invalid value: "{"x" * 64}": must be no more than 63 bytes'),
    ],
)
def test_junk_label_selectors(bench: Bench, selector: str, message: str) -> None:
    """Junk is refused in the server's words."""
    code, told = bench.says("GET", PODS, query={"labelSelector": selector})
    assert code == 400
    assert message in told


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("metadata.name=old", ["old"]),
        ("metadata.name!=old,metadata.namespace==shop", ["bare", "young"]),
        ("status.phase=Pending,", ["bare", "old", "young"]),
        ("spec.nodeName=", ["bare", "old", "young"]),
        ("spec.nodeName=local", []),
        ("spec.hostNetwork=false", ["bare", "old", "young"]),
        (r"metadata.name=ol\=d", []),
    ],
)
def test_field_selectors(labelled: Bench, selector: str, found: list[str]) -> None:
    """Pods are selected by the fields that the server knows."""
    items = labelled.get(PODS, fieldSelector=selector)["items"]
    assert [item["metadata"]["name"] for item in items] == found


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("spec.junk=1", "field label not supported: spec.junk"),
        ("=1", "field label not supported: "),
        ("status.phase", "invalid selector: 'status.phase'; can't understand 'status.phase'"),
        ("status.phase=a=b", "invalid field selector: unescaped character in value: 61"),
    ],
)
def test_junk_field_selectors(bench: Bench, selector: str, message: str) -> None:
    """Junk is refused in the server's words."""
    assert bench.says("GET", PODS, query={"fieldSelector": selector}) == (400, message)


async def test_other_kinds_have_other_fields(bench: Bench) -> None:
    """Events are selected by what they are about and who tells; most kinds by name and namespace only."""
    bench.pod("web")
    await bench.wait(5)
    for source, reasons in (("default-scheduler", {"Scheduled"}), ("kubelet", {"Pulled", "Created", "Started"})):
        fields = f"involvedObject.name=web,type!=Warning,source={source}"
        found = bench.get("/api/v1/namespaces/shop/events", fieldSelector=fields)["items"]
        assert {event["reason"] for event in found} == reasons
    path = "/apis/apps/v1/namespaces/shop/replicasets"
    wanted = '"foo" is not a known field selector: only "metadata.name", "metadata.namespace"'
    assert bench.says("GET", path, query={"fieldSelector": "foo=1"}) == (400, wanted)
