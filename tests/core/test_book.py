"""What is kept of watches: signed, bounded, and never written over."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.book import Book, Changes, Overtaken, added, as_kept, ended, read, removed, resigned, told
from bot.core.errors import Declined
from bot.core.incidents import Incident
from bot.core.tellings import Telling
from bot.core.watches import LONGEST_SELECTOR, MOST, MOST_OF_CHANNEL, Watch
from tests.fakes import NOW

KEYS = ("k" * 40,)
OLDER = ("n" * 40, "k" * 40)
WATCH = Watch("main", "shop", "app=web", "T0ACME", "C0TEAM", "U0ALICE", "operator", NOW)
INCIDENT = Incident("Deployment api", "C1", "it crashes “often”", NOW, NOW + timedelta(seconds=5), ("a", "b"), 2, 3)
TELLING = Telling.of_incidents(WATCH, (INCIDENT,), NOW)


def after(texts: Mapping[str, str], changes: Changes) -> dict[str, str]:
    """Return the texts with changes."""
    kept = {key: text for key, text in texts.items() if key not in changes}
    return kept | {key: text for key, text in changes.items() if text is not None}


def test_a_watch_comes_back_as_it_was_kept() -> None:
    """It is signed, and any of the keys will do."""
    texts = after({}, added({}, WATCH, KEYS))
    assert read(texts, KEYS) == read(texts, OLDER) == Book({WATCH.key: WATCH})
    assert read(texts, ("other" * 10,)) == Book(strange=tuple(texts))


def test_an_entry_is_good_under_its_own_key_only() -> None:
    """Neither a changed text, nor one under another key, nor junk is gone by."""
    ((key, text),) = added({}, WATCH, KEYS).items()
    assert text is not None
    bad = {key: text.replace("C0TEAM", "C0EVIL"), "watch.x": text, "incident.y": "", "junk": "{}", "watch.z": "ä ö"}
    assert read(bad, KEYS) == Book(strange=tuple(sorted(bad)))


def test_a_watch_is_turned_on_once() -> None:
    """The same pods in the same channel are watched once, whoever asks; elsewhere they are watched as well."""
    texts = after({}, added({}, WATCH, KEYS))
    with pytest.raises(Declined, match="already"):
        added(texts, replace(WATCH, user="U0BOB", since=NOW + timedelta(1)), KEYS)
    assert added(texts, WATCH, KEYS) == {}, "the very same entry: an answer got lost"
    assert added(texts, replace(WATCH, channel="C0OTHER"), KEYS)


def test_there_are_at_most_fifty() -> None:
    """One more is refused, with what to do."""
    texts: dict[str, str] = {}
    for number in range(MOST):
        elsewhere = replace(WATCH, namespace=f"n{number}", channel=f"C{number // MOST_OF_CHANNEL}")
        texts = after(texts, added(texts, elsewhere, KEYS))
    with pytest.raises(Declined, match="50 watches already") as caught:
        added(texts, WATCH, KEYS)
    assert "watch off" in caught.value.hint


def test_a_channel_has_at_most_ten() -> None:
    """Its eleventh is refused, with what to do, and another channel's is not."""
    texts: dict[str, str] = {}
    for number in range(MOST_OF_CHANNEL):
        texts = after(texts, added(texts, replace(WATCH, selector=f"app=a{number}"), KEYS))
    with pytest.raises(Declined, match="this channel has 10 watches already") as caught:
        added(texts, WATCH, KEYS)
    assert "`/pod watches`" in caught.value.hint
    assert "`/pod watch off`" in caught.value.hint
    assert added(texts, replace(WATCH, channel="C0OTHER"), KEYS)


def test_a_long_selector_is_refused() -> None:
    """It would stand in all that is told and kept; up to the bound it is taken, and it can always be turned off."""
    longest = replace(WATCH, selector="a" * LONGEST_SELECTOR)
    assert added({}, longest, KEYS)
    longer = replace(WATCH, selector="a" * 3000)
    with pytest.raises(Declined, match="at most 500 characters, and this one has 3000") as caught:
        added({}, longer, KEYS)
    assert "`/pod watch on`" in caught.value.hint
    assert removed({f"watch.{longer.key}": "kept before there was a bound"}, longer)


def test_a_watch_is_turned_off_by_anybody_who_may() -> None:
    """What is turned off is the place, not the entry of one person; what is off can't be turned off."""
    texts = after({}, added({}, WATCH, KEYS))
    assert after(texts, removed(texts, replace(WATCH, user="U0BOB"))) == {}
    with pytest.raises(Declined, match="does not watch"):
        removed({}, WATCH)


def test_a_watch_ends_and_is_told_to_end_at_once() -> None:
    """Entry and message change together; who comes second changes nothing."""
    texts = after({}, added({}, WATCH, KEYS))
    telling = Telling.of_end(WATCH, "no grant", NOW)
    ends = after(texts, ended(texts, WATCH, telling, KEYS))
    assert read(ends, KEYS) == Book({}, {telling.key: telling})
    assert ended(ends, WATCH, telling, KEYS) == {}
    assert ended(texts, replace(WATCH, since=NOW + timedelta(1)), telling, KEYS) == {}


def test_a_message_is_changed_by_whoever_knows_it() -> None:
    """A state is put in the place of the one that it was made from, and of no other."""
    posted = replace(TELLING, ts="1.2")
    texts = after({}, told({}, None, TELLING, KEYS))
    assert read(texts, KEYS).tellings == {TELLING.key: TELLING}
    later = after(texts, told(texts, TELLING, posted, KEYS))
    assert read(later, KEYS).tellings == {TELLING.key: posted}
    assert told(later, TELLING, posted, KEYS) == {}, "an answer got lost"
    with pytest.raises(Overtaken):
        told(later, TELLING, replace(TELLING, ts="9.9"), KEYS)
    with pytest.raises(Overtaken):
        told(later, None, TELLING, KEYS)
    assert after(later, told(later, posted, None, KEYS)) == {}
    assert told({}, posted, None, KEYS) == {}


def test_that_more_were_left_out_is_kept() -> None:
    """A count that is no more than a bound from below comes back as one."""
    telling = replace(TELLING, incidents=(replace(INCIDENT, at_least=True), INCIDENT))
    assert as_kept(telling) == telling


def test_of_many_pods_some_names_are_kept() -> None:
    """A book stays small: an incident of 400 pods keeps ten names, and how many they were."""
    many = replace(INCIDENT, pods=tuple(f"p-{number}" for number in range(400)), peak=400, cause="x" * 1000)
    kept = as_kept(replace(TELLING, incidents=(many,)))
    assert (len(kept.incidents[0].pods), kept.incidents[0].peak, len(kept.incidents[0].cause)) == (10, 400, 300)
    assert as_kept(kept) == kept


TEXT = st.text(max_size=40)


@given(TEXT, TEXT, st.lists(TEXT, max_size=10), st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(99))))
def test_any_incident_comes_back(owner: str, cause: str, pods: list[str], ended: timedelta | None) -> None:
    """Whatever stands in it, it is read as it was kept."""
    recovered = None if ended is None else NOW + ended
    one = Incident(owner, "C1", cause, NOW, NOW, tuple(pods), 1, 2, recovered, 3)
    telling = Telling.of_incidents(WATCH, (one, one), NOW)
    assert read(after({}, told({}, None, telling, KEYS)), KEYS).tellings == {telling.key: telling}


def test_what_an_older_key_has_signed_is_signed_anew() -> None:
    """A key may be taken away once the one before it in the list has signed everything; what is strange stays so."""
    texts = after({}, {**added({}, WATCH, KEYS), **told({}, None, TELLING, KEYS), "watch.junk": "x {}"})
    assert resigned(texts, KEYS) == {}
    new = after(texts, resigned(texts, OLDER))
    assert read(new, OLDER[:1]) == read(texts, KEYS)
    assert new["watch.junk"] == "x {}"
    assert resigned(new, OLDER) == {}
