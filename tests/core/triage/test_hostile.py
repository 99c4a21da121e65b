"""Snapshots that no API server should give, but might: nothing that is read breaks the judgement or its telling."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.triage.encoding import decode, encode
from bot.core.triage.judging import judge
from bot.core.triage.wanting import MOST, wanted
from bot.render.limits import fit
from handlers.triage import Judged, render
from tests.core.triage.corpus import corpus

_TEXTS = ("<!channel> *x* `y`", "{x} {0} {", "a" * 5000, "\\", "$(reboot)")
_ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, [], {}, [None], "", "x", 7, -1, True, 1e9, [{}], {"a": None}, *_TEXTS]
)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in JSON that can hold another value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield value, key
        yield from _places(inner)


def _mrkdwn(value: Any) -> Iterator[str]:
    """Yield every text of blocks that Slack formats; a preformatted one is shown as it is."""
    if isinstance(value, dict) and value.get("type") == "mrkdwn":
        yield value["text"]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    for one in inner:
        yield from _mrkdwn(one)


@settings(max_examples=400, deadline=None)
@given(golden=st.sampled_from(corpus()), data=st.data())
def test_odd_values_break_nothing(golden: Any, data: st.DataObject) -> None:
    """One value of a real snapshot becomes something else: it is judged and told all the same."""
    raw = deepcopy(encode(golden.snapshot))
    lists = (raw.get(key) or [] for key in ("owners", "happened", "services", "slices", "peers"))
    claims = (one for one in raw.get("claims", {}).values() if one)
    parts = [raw.get("raw", {}), raw.get("node", {}), *claims, *(one for some in lists for one in some)]
    places = [place for part in parts for place in _places(part)]
    if places:
        holder, key = data.draw(st.sampled_from(places))
        holder[key] = data.draw(_ODD)
    seen = decode(raw)
    assert len(wanted(seen)) <= MOST
    reply = fit(render(Judged(seen, judge(seen))))
    assert reply.text
    assert "<!channel>" not in reply.text
    assert not any("<!channel>" in said for said in _mrkdwn(reply.blocks))
