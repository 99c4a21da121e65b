"""YAML as podbot reads it, held against an API server, which reads YAML itself."""

import json

import pytest

from bot.core.documents import read_document
from bot.core.resources import Json
from bot.core.wire import Request
from bot.kube.credentials import open_transport
from tests.core.test_scalars import READ
from tests.hostile_documents import pod
from tests.real import Real

# A ControllerRevision's data may be anything at all, so that nothing but the YAML decides what becomes of it.
_HEAD = "apiVersion: apps/v1\nkind: ControllerRevision\nmetadata: {name: podbot-reads-yaml}\nrevision: 1\ndata:\n"
_PATH = "/apis/apps/v1/namespaces/{namespace}/controllerrevisions"
_WORDS = "".join(f"  k{number}: {word}\n" for number, word in enumerate(READ))
DOCUMENTS = {
    "words": _WORDS,
    "keys of words": '  "yes": 1\n  "5": 2\n  2024-01-01: 3\n',
    "tags": "  a: !!str yes\n  b: !!int 0x10\n  c: ! 5\n  d: !!float 1_0\n  e: !!null ''\n  f: !!bool \"true\"\n",
    "quotes": "  a: 'it''s'\n  b: \"\\x41\\u00e9\\n\\\n    c\"\n  d: 'one\n\n    two'\n",
    "literal": "  a: |\n    b: c\n      # d\n\n  e: |-\n    f\n  g: |+\n    h\n\n  i: |2\n     j\n",
    "folded": "  a: >\n    b\n    c\n\n      d\n    e\n  f: >-\n    g\n",
    "flow": "  a: {b: [c, {d: e}, ], f: 'g', \"h\":i}\n  j: [k, l: m]\n",
    "comments": "  a: b # c\n  d: e#f\n  # g\n  h: 'i # j'\n",
    "plain text": "  a: b c\n    d\n  e: -f\n  g: h:i\n  j: k, l\n",
    "empty": "  a:\n  b: {}\n  c: []\n  d: ''\n",
    "lists": "  a:\n  - b\n  - c: d\n    e: f\n  -\n    - g\n",
    "marks": "  a: ﬁ “x” \u2014 ü\n  b: 😀\n",
    "a pod": "".join(f"  {line}\n" for line in pod("  hostNetwork: off\n  priority: 0x10\n").splitlines()),
}


async def _servers_reading(admin: Real, namespace: str, text: str) -> object:
    """Return the data as the API server reads it from YAML, in a dry run."""
    transport = await open_transport(kubeconfig=admin.path)
    try:
        headers = (("Accept", "application/json"), ("Content-Type", "application/yaml"))
        path = _PATH.format(namespace=namespace)
        request = Request("POST", path, (("dryRun", "All"),), headers, text.encode(), 10)
        async with transport.send(request) as response:
            answer: Json = json.loads(b"".join([chunk async for chunk in response.chunks()]))
    finally:
        await transport.close()
    assert answer["kind"] == "ControllerRevision", answer
    return answer["data"]


@pytest.mark.cluster
@pytest.mark.parametrize("name", DOCUMENTS)
async def test_yaml_is_read_as_the_server_reads_it(name: str) -> None:
    """Each document comes out the same, to the type."""
    text = _HEAD + DOCUMENTS[name]
    async with Real.opened() as admin:
        theirs = await _servers_reading(admin, "default", text)
    ours = read_document(text)["data"]
    assert ours == theirs
    assert json.dumps(_exact(ours), sort_keys=True) == json.dumps(_exact(theirs), sort_keys=True)


def _exact(node: object) -> object:
    """Return the same with whole numbers beyond 53 bits as the floats that both sides make of them."""
    if isinstance(node, dict):
        return {key: _exact(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_exact(value) for value in node]
    return float(node) if isinstance(node, int | float) and not isinstance(node, bool) and abs(node) > 2**53 else node
