"""The messages of a watch, as they are sent."""

from dataclasses import replace
from datetime import timedelta

from bot.core.incidents import Incident
from bot.core.tellings import Telling
from bot.core.triage.findings import Evidence, Finding, Step
from bot.core.triage.snapshot import Snapshot, Unseen
from bot.core.triage.standing import Standing
from bot.core.triage.verdict import Verdict
from bot.core.watches import Watch
from bot.render.changes import Pressable
from bot.render.incidents import proven, told
from bot.render.plain import plain
from bot.render.text import when
from tests.fakes import NOW

WATCH = Watch("main", "shop", "", "T0ACME", "C0TEAM", "U0ALICE", "operator", NOW)
PODS = tuple(f"api-{number}" for number in range(7))
ONE = Incident("Deployment api", "C1", "main ends with exit code 3", NOW, NOW, PODS, 7, 7)


BUTTONS = (Pressable("Triage", "look", "v1"), Pressable("Resolve", "note", "v2"))


def telling(*incidents: Incident) -> Telling:
    """Return the message about incidents."""
    return Telling.of_incidents(WATCH, incidents, NOW)


def test_it_opens() -> None:
    """The first line says whose pods, how many and why; then their names, since when, and what to press."""
    reply = told(telling(ONE), BUTTONS)
    first = ":rotating_light: *In trouble* · 7 pods of Deployment `api` · main ends with exit code 3 · `main/shop`"
    assert reply.text == first
    assert [str(block["type"]) for block in reply.blocks] == ["section", "section", "context", "actions"]
    assert reply.blocks[1]["text"]["text"] == "`api-0`, `api-1`, `api-2`, `api-3`, `api-4` and 2 more"
    small = [element["text"] for element in reply.blocks[2]["elements"]]
    assert small == [f"Since {when(NOW)}"]
    assert reply.blocks[3] == {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": label},
                "action_id": f"podbot:{kind}",
                "value": value,
            }
            for label, kind, value in (("Triage", "look", "v1"), ("Resolve", "note", "v2"))
        ],
    }


def test_it_gets_worse_comes_again_and_is_over() -> None:
    """Each state has its word, and the course of it is told."""
    worse = told(telling(replace(ONE, peak=9)))
    assert worse.text.startswith(":rotating_light: *Worse* · 9 pods of Deployment `api`")
    assert "7 at first, 9 at most" in plain(worse.blocks)
    again = told(telling(replace(ONE, times=2)))
    assert again.text.startswith(":rotating_light: *Back again* · ")
    assert "it has come 2 times" in plain(again.blocks)
    over = told(telling(replace(ONE, recovered=NOW + timedelta(minutes=12))))
    assert over.text.startswith(":white_check_mark: *Recovered* after 12m · Deployment `api` · main ends")
    assert "api-0" not in plain(over.blocks)


def test_a_count_from_below_says_so() -> None:
    """Where pods were left out, the numbers are told as what they are."""
    opens = told(telling(replace(ONE, at_least=True)))
    assert opens.text.startswith(":rotating_light: *In trouble* · 7 pods or more of Deployment `api`")
    assert "`api-4` and at least 2 more" in plain(opens.blocks)
    assert "7 at first, later 9 or more" in plain(told(telling(replace(ONE, peak=9, at_least=True))).blocks)


def test_a_pod_of_nobody_is_named_itself() -> None:
    """One pod without an owner is no "1 pods of Pod"."""
    alone = replace(ONE, owner="Pod web", pods=("web",), first=1, peak=1)
    assert told(telling(alone)).text.startswith(":rotating_light: *In trouble* · Pod `web` · main ends")


def test_several_in_one() -> None:
    """What was too much for a message each has a line each, and how many are still open."""
    others = [replace(ONE, owner=f"Job {number}", recovered=NOW if number else None) for number in range(22)]
    reply = told(telling(*others))
    assert reply.text == ":rotating_light: *And 22 more incidents*, 1 of them open · `main/shop`"
    said = plain(reply.blocks)
    assert "• :rotating_light: *In trouble* · 7 pods of Job `0`: main ends with exit code 3" in said
    assert "• and 2 more" in said
    over = told(telling(*others[1:]))
    assert over.text.startswith(":white_check_mark: *And 21 more incidents*, 0 of them open")


def test_a_watch_ends() -> None:
    """Its end says why, whose it was, and how to watch again."""
    reply = told(Telling.of_end(replace(WATCH, selector="app in (a,b)"), "no grant.", NOW))
    assert reply.text == ":heavy_minus_sign: *No longer watched* · `main/shop (app in (a,b))`: no grant."
    assert "<@U0ALICE> turned it on" in plain(reply.blocks)
    assert "`/pod watch on -l 'app in (a,b)' -n shop` watches again." in plain(reply.blocks)


def test_what_is_not_known() -> None:
    """That nobody watches any more, and that a message may stand there twice, is said."""
    left, twice = told(telling(ONE), BUTTONS, unwatched=True), told(telling(ONE), BUTTONS, doubt=True)
    assert "No longer watched: what became of it is not known." in plain(left.blocks)
    assert "it may stand here twice" in plain(twice.blocks)
    assert left.blocks[-1] == twice.blocks[-1] == told(telling(ONE), BUTTONS).blocks[-1]


def test_proofs_are_told_as_a_triage_tells_them() -> None:
    """Cause, proof and next steps; what could not be looked at is the tier's lack, and not the reader's."""
    raw = {"metadata": {"name": "api-0", "namespace": "shop"}, "status": {"phase": "Running"}}
    found = Finding(
        "main ends with exit code 3",
        (Evidence("status.containerStatuses[main].state.waiting", "CrashLoopBackOff"),),
        step=Step("logs api-0 -c main -p -n shop", "Logs"),
    )
    seen = Snapshot(NOW, raw, unseen=(Unseen("its node", "you may not get nodes"),))
    reply = proven(seen, Verdict(Standing.TROUBLED, found), "podbot:operator")
    said = plain(reply.blocks)
    assert reply.text.startswith(":red_circle: *shop/api-0* Running, 0/0 ready: main ends with exit code 3")
    assert "CrashLoopBackOff" in said
    assert "Could not look at its node: podbot:operator may not get nodes." in said
    assert "Next: `/pod logs api-0 -c main -p -n shop`, `/pod describe api-0 -n shop`" in said


def test_hostile_words_are_harmless() -> None:
    """A cause that quotes what an image says pings nobody and formats nothing."""
    reply = told(telling(replace(ONE, cause="<!channel> *x* `y` <@U0ALICE>", owner="Job <!here>")))
    assert "<!" not in f"{reply.text}{reply.blocks}".replace("<!date", "")
    assert "<@" not in reply.text
