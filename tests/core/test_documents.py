"""YAML that somebody sent: read as Kubernetes reads it, or refused in plain words."""

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.documents import LARGEST, read_document
from bot.core.errors import UsageError
from bot.core.manifests import written_pod
from bot.core.resources import Json
from bot.core.touches import told, touches
from tests.hostile_documents import ASKED, REFUSED, Hostile, pod

LEAF = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
TREE = st.recursive(LEAF, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=80), inner), max_leaves=20)

# Those that the API server alone can refuse: they are well written, and no Pod.
BY_THE_SERVER = {"unknown-field", "unknown-field-above", "no-containers", "number-for-text", "text-for-truth"}


def read(text: str) -> Json:
    """Read a document as the namespace shop's Pod."""
    return written_pod(read_document(text), "shop").pod


def outcome(text: str) -> str:
    """Return what becomes of a document: "read", or the hint of its refusal; any other error is the test's failure."""
    try:
        read(text)
    except UsageError as error:
        return error.hint
    return "read"


@pytest.mark.parametrize("hostile", [one for one in REFUSED if one.name not in BY_THE_SERVER], ids=lambda one: one.name)
def test_a_hostile_document_is_refused(hostile: Hostile) -> None:
    """It is named what is wrong, and what to do instead."""
    with pytest.raises(UsageError) as caught:
        read(hostile.text)
    assert hostile.said in str(caught.value)
    assert caught.value.hint
    assert caught.value.verb in ("create", "")


@pytest.mark.parametrize("hostile", ASKED, ids=lambda one: one.name)
def test_what_a_document_reaches_is_named(hostile: Hostile) -> None:
    """What reaches outside the pod is told in the plan."""
    assert hostile.said in " ".join(told(touches(read(hostile.text))))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("spec:\n  a: b\n c: d", "line 3, column 2: it does not go on as the lines above began"),
        ("spec:\n\ta: b", "line 2, column 1: a tab stands where only spaces can be"),
        ("a: b: c", "line 1, column 5: a colon stands where none can be"),
        ("a: [secret, b", "line 1, column 14: a [ before it is not closed by ]"),
        ("a: {b: secret]", "line 1, column 14: a { before it is not closed by }"),
        ('a: "secret', "line 1, column 11: a quotation mark before it is not closed"),
        ("a: @secret", "line 1, column 4: a word begins with a character that needs quotes around it"),
    ],
)
def test_what_is_no_yaml_is_told_where_and_why(text: str, said: str) -> None:
    """The place and the mistake are named in plain words, without a word of the text."""
    with pytest.raises(UsageError) as caught:
        read(text)
    assert str(caught.value) == f"the YAML can't be read at {said}"


def test_there_are_many_hostile_documents() -> None:
    """Each has a name of its own."""
    assert len({one.name for one in (*REFUSED, *ASKED)}) == len(REFUSED) + len(ASKED) >= 30


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a: yes", {"a": True}),
        ('a: "yes"', {"a": "yes"}),
        ("a: !!str yes", {"a": "yes"}),
        ("a: ! yes", {"a": "yes"}),
        ("a: !!bool yes", {"a": True}),
        ('a: !!int "5"', {"a": 5}),
        ("a: 0644", {"a": 420}),
        ("a: 22:30", {"a": "22:30"}),
        ("a: 2024-01-01", {"a": "2024-01-01"}),
        ("a:", {"a": None}),
        ("a: |\n  b: c\n  &d *e !f\n", {"a": "b: c\n&d *e !f\n"}),
        ("a: >-\n  b\n  c\n", {"a": "b c"}),
        ("---\na: b\n...\n", {"a": "b"}),
        ("---\n---\na: b\n---\n", {"a": "b"}),
        ('{"a": ["b", 1, 1.5, true, null, {}]}', {"a": ["b", 1, 1.5, True, None, {}]}),
        ('{\n\t"a":\n\t\t"b"\n}', {"a": "b"}),
        ("a: [b, {c: d}]  # why\n", {"a": ["b", {"c": "d"}]}),
        ("“a”: ‘b’", {"“a”": "‘b’"}),
        ("\ufeffa: b", {"a": "b"}),
    ],
)
def test_documents_are_read_as_kubernetes_reads_them(text: str, tree: Json) -> None:
    """Types, quotes, blocks and JSON come out as kubectl would send them; curly quotes are characters."""
    assert read_document(text) == tree


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a: b\n c: [", "line 2, column 3"),
        ("a: b\n\tc: d", "line 2, column 1"),
        ("a: b\nc: *d", "line 2, column 4"),
        ("a: b\nc:\n  a: 1\n  a: 2", "line 4, column 3"),
        ("a: b\n\u00a0\u00a0c: d", "line 2"),
        ("a: !!int x", "line 1, column 4"),
        ("a: b\n5: c", "line 2, column 1"),
    ],
)
def test_an_error_has_a_place(text: str, where: str) -> None:
    """The line and the column are told, counted from one."""
    with pytest.raises(UsageError) as caught:
        read_document(text)
    assert where in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["hunter2: b: c", "a: !hunter2! b", "*hunter2", "a: 'hunter2", "{hunter2: 1, hunter2: 2}", "%hunter2 x\n---\na: b"],
)
def test_an_error_repeats_nothing(text: str) -> None:
    """A document may hold a secret, and its error does not."""
    with pytest.raises(UsageError) as caught:
        read_document(text)
    assert "hunter2" not in str(caught.value) + caught.value.hint


@settings(deadline=None)
@given(TREE)
def test_json_is_yaml(tree: object) -> None:
    """What is written as JSON comes back the same; a key longer than 1,024 characters as written is none in YAML."""
    text = json.dumps({"a": tree})
    if len(text) <= LARGEST:
        assert read_document(text) == {"a": tree}


@settings(deadline=None)
@given(st.text(max_size=2000))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes the reader fail in any other way than with words."""
    assert outcome(text)


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """The same holds for what is no text at all."""
    assert outcome(content.decode("utf-8", "surrogateescape"))


@settings(deadline=None)
@given(st.text(alphabet="[]{}-?:,&*!|>'\"%#@` \n\tab0~\\", max_size=3000))
def test_any_syntax_is_read_or_refused(text: str) -> None:
    """The same holds for texts of nothing but syntax."""
    assert outcome(text)


@settings(deadline=None)
@given(
    st.sampled_from(["[", "{", "- ", "? ", "a: [", "[[", "{a: ", "!", "&a ", '"', "|\n", "\n- "]), st.integers(1, 9000)
)
def test_work_is_bounded(part: str, times: int) -> None:
    """However often a text repeats itself, few of the reader's events are taken before it is refused."""
    taken = 0

    def counted(text: str, loader: type[yaml.SafeLoader]) -> object:
        nonlocal taken
        for event in PARSE(text, loader):
            taken += 1
            yield event

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "parse", counted)
        with pytest.raises(UsageError):
            read_document(part * times)
    assert taken <= 8010


PARSE = yaml.parse


def test_a_plain_pod_touches_nothing() -> None:
    """An ordinary Pod needs no question."""
    assert not touches(read(pod()))
