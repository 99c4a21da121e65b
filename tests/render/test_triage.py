"""How a triage looks: whole answers, and nothing of the cluster's texts can ping, link or format."""

from datetime import timedelta

from bot.core.parsing import parse
from bot.core.replies import Offer
from bot.core.triage.findings import Evidence, Finding, Step, Sureness
from bot.core.triage.snapshot import Snapshot, Unseen
from bot.core.triage.standing import Standing
from bot.core.triage.suspects import Group, Suspect
from bot.core.triage.verdict import Verdict
from bot.render.blocks import context, preformatted, quote, section
from bot.render.survey import group_blocks, grouped
from bot.render.survey import offers as survey_offers
from bot.render.text import when
from bot.render.triage import headline, offers, resolving, told
from bot.steps.surveying import Looked, Survey
from handlers import REGISTRY
from handlers.triage import Surveyed, render
from tests.core.samples import pending, raw_pod
from tests.fakes import NOW

OWNER = {
    "kind": "ReplicaSet",
    "metadata": {
        "name": "web-6d4",
        "creationTimestamp": "2026-01-02T02:54:05Z",
        "ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "controller": True}],
    },
    "spec": {"replicas": 3},
    "status": {"readyReplicas": 1},
}
FOUND = Finding(
    "app says <!channel> *now*",
    (
        Evidence("log of app", "one\n```two```", NOW),
        Evidence("status.containerStatuses[app].state", "Error"),
        Evidence("third", "left out"),
    ),
    "app",
    Sureness.LIKELY,
    Step("logs web-1 -c app -n shop", "Logs"),
    "Mend it",
    rule="R8",
)


def test_a_cause_with_all_that_belongs_to_it() -> None:
    """Sureness, impact, change, advice, two proofs, what stands beside it, and what was not seen."""
    unseen = (Unseen("its events", "you may not list events"),)
    seen = Snapshot(NOW, pending(), owners=(OWNER,), unseen=unseen)
    other = Finding("more", sureness=Sureness.POSSIBLE)
    verdict = Verdict(Standing.TROUBLED, FOUND, (other,) * 4)
    assert headline(seen, verdict) == (
        ":red_circle: *shop/web-1* ContainerCreating, 0/1 ready: app says &lt;!channel&gt; \u2217now\u2217"
    )
    assert tuple(told(seen, verdict)) == (
        section("Likely · 1 of 3 ready in Deployment web · changed 10m ago: release web-6d4\nMend it."),
        section(f"Log of app, {when(NOW)}"),
        preformatted("one\n```two```"),
        section("`status.containerStatuses[app].state`"),
        quote("Error"),
        section("*Besides*\n• more (possible)\n• more (possible)\n• more (possible)\n• and 1 more finding"),
        context("Could not look at its events: you may not list events."),
    )
    assert offers(seen, verdict) == (
        Offer("Logs", "logs web-1 -c app -n shop"),
        Offer("Describe", "describe web-1 -n shop"),
        Offer("Timeline", "timeline web-1 -n shop"),
    )


def test_nothing_found_is_said_honestly() -> None:
    """What was looked at is named, and that events may have gone."""
    seen = Snapshot(NOW + timedelta(hours=2), pending())
    verdict = Verdict(Standing.TROUBLED, looked_at=("the pod", "its events"))
    assert headline(seen, verdict) == (
        ":grey_question: *shop/web-1* ContainerCreating, 0/1 ready: no rule that podbot knows names a cause"
    )
    assert tuple(told(seen, verdict)) == (
        section("Looked at the pod, its events."),
        context("No events are left: Kubernetes keeps them for an hour by default."),
    )
    assert [one.line for one in offers(seen, verdict)] == ["describe web-1 -n shop", "timeline web-1 -n shop"]


def test_healthy_is_one_line() -> None:
    """Nothing stands below it, and nothing is offered."""
    seen, verdict = Snapshot(NOW, raw_pod()), Verdict(Standing.HEALTHY)
    assert headline(seen, verdict) == ":large_green_circle: *shop/web-1* Running, 1/1 ready: nothing is wrong"
    assert (tuple(told(seen, verdict)), offers(seen, verdict)) == ((), ())


def test_what_podbot_has_no_verb_for() -> None:
    """A line for kubectl stands as text."""
    found = Finding("it", step=Step("kubectl get nodes"))
    seen = Snapshot(NOW, raw_pod())
    assert tuple(told(seen, Verdict(Standing.TROUBLED, found)))[-1] == section("*Next* `kubectl get nodes`")


def _pods(count: int, owner: str = "Deployment api") -> tuple[Suspect, ...]:
    return tuple(Suspect(f"api-{number}", "Error", "0/1", "0", owner) for number in range(count))


def test_groups_of_one_owner_and_cause_are_one() -> None:
    """Whatever their word in the list; pods that only start are no group."""
    verdict = Verdict(Standing.TROUBLED, FOUND)
    groups = grouped([(_pods(2), verdict), (_pods(1, ""), Verdict(Standing.STARTING)), (_pods(5), verdict)])
    assert [(group.owner, len(group.pods)) for group in groups] == [("Deployment api", 7)]
    assert tuple(group_blocks(groups[0])) == (
        section(
            "*7 pods of Deployment api*: app says &lt;!channel&gt; \u2217now\u2217 (likely)\n"
            "`api-0`, `api-1`, `api-0`, `api-1`, `api-2` and 2 more\nMend it."
        ),
        quote("one\n```two```"),
    )
    assert survey_offers(groups, "shop") == (Offer("Triage api-0", "triage api-0 -n shop"),)


def test_a_survey_says_what_it_left_out() -> None:
    """Pods that were not read or not looked at, and rights that are missing."""
    looked = Looked(Group(_pods(1, "")), Verdict(Standing.TROUBLED, FOUND))
    unseen = (Unseen("Services", "you may not list services"),)
    found = Survey(1000, None, (looked,), left=_pods(6), unseen=unseen)
    reply = render(Surveyed("main/shop", "shop", "app=x", found))
    assert reply.text == ":red_circle: *1 of 1,000 pods needs help* in `main/shop` matching `app=x`"
    assert reply.blocks[-1] == context(
        "Only the first 1,000 pods were read; narrow it with `-l`.",
        "6 more pods not looked at closely: `api-0`, `api-1`, `api-2`, `api-3`, `api-4` …; 10 at once are.",
        "Could not look at Services: you may not list services.",
        "`/pod triage POD -n shop` looks closely at one.",
    )


def test_what_makes_pods_may_need_help_where_no_pod_does() -> None:
    """A controller that is refused its pods is told of, too."""
    verdict = Verdict(Standing.ABSENT, Finding("ReplicaSet x cannot make a pod", advice="Mend it"))
    reply = render(Surveyed("main/shop", "shop", "", Survey(0, beside=(verdict,))))
    assert reply.text == ":red_circle: *No pod, but what makes or finds them needs help* in `main/shop`"
    assert reply.blocks[1] == section("*No pod*: ReplicaSet x cannot make a pod (certain)\nMend it.")


def test_what_nobody_sees_in_a_cause_keeps_nobody_from_resolving_it() -> None:
    """A pod may name a claim with an invisible character in it; the line that closes its triage parses all the same."""
    found = Finding("its claim da\u200bta\u202e\x07 does not exist")
    line = resolving(Snapshot(NOW, pending()), Verdict(Standing.TROUBLED, found))
    assert parse(line, REGISTRY).asked.cause == "its claim data does not exist"
