"""Label and field selectors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import UsageError
from bot.core.selectors import field_selector, label_selector


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("app=web", "app=web"),
        ("app==web", "app=web"),
        ("app != web", "app!=web"),
        ("app=", "app="),
        ("app in (web,api)", "app in (api,web)"),
        ("app notin( web , api )", "app notin (api,web)"),
        ("app in (web,web)", "app in (web)"),
        ("app in ()", "app in ()"),
        ("app", "app"),
        ("!app", "!app"),
        ("! app", "!app"),
        ("in in (in)", "in in (in)"),
        ("app=in", "app=in"),
        ("size>5", "size>5"),
        ("size < 10", "size<10"),
        ("app.kubernetes.io/name=x", "app.kubernetes.io/name=x"),
        (" app=web , tier in (a,b) ,!x,y!=z", "app=web,tier in (a,b),!x,y!=z"),
    ],
)
def test_every_form_of_kubectl(text: str, canonical: str) -> None:
    """Each form of label selector that kubectl takes comes out in its one written form."""
    assert label_selector(text) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ",", "app=web,", ",app", "app web", "app=a b", "=web", "app in", "app in (a", "app in a",
        "app in a,b)", "app in ((a))", "app===x", "app=!x", "!!app", "!app=x", "a=b&limit=1", "app=../x", "app=é",
        "app>x", "app>", "app<-1", "app=web;rm", "(app)", "app=" + "x" * 64, "app in (a) x", "app=web\x00",
    ],
)  # fmt: skip
def test_junk_is_refused(text: str) -> None:
    """Anything else is refused with examples."""
    with pytest.raises(UsageError) as refused:
        label_selector(text)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("status.phase=Running", "status.phase=Running"),
        ("status.phase==Running , spec.nodeName != node-1", "status.phase=Running,spec.nodeName!=node-1"),
        ("status.podIP=::1", "status.podIP=::1"),
        ("spec.nodeName=", "spec.nodeName="),
    ],
)
def test_field_selectors(text: str, canonical: str) -> None:
    """Field selectors know `=`, `==` and `!=`."""
    assert field_selector(text) == canonical


@pytest.mark.parametrize(
    "text", ["", "status.phase", "a=b,", ".a=b", "a..b=c", "a in (b)", "a=b c", "a=b\\,c", "a=b&c=d", "a=é"]
)
def test_field_junk_is_refused(text: str) -> None:
    """Any other field selector is refused with examples."""
    with pytest.raises(UsageError) as refused:
        field_selector(text)
    assert refused.value.hint


@given(st.text(st.sampled_from("ab1=!<>() ,./-in"), max_size=40))
def test_the_written_form_is_stable(text: str) -> None:
    """What is accepted is ASCII, and its written form is its own."""
    try:
        canonical = label_selector(text)
    except UsageError:
        return
    assert canonical.isascii()
    assert label_selector(canonical) == canonical
