"""Why a Job, or a pod with a time limit, has ended.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.core.pods import Condition
from bot.core.reading import mapping, number, objects, text
from bot.core.triage.crashes import crash, how
from bot.core.triage.finders import Cause
from bot.core.triage.findings import Evidence, Finding
from bot.core.triage.looking import condition_proof, failed_runs
from bot.core.triage.next_steps import describe, logs, owner
from bot.core.triage.rules import Family, Rule
from bot.core.triage.snapshot import Snapshot

_SOURCE: Final = "https://kubernetes.io/docs/concepts/workloads/controllers/job/"


def _job(seen: Snapshot) -> Iterator[Finding]:
    """Say why a Job was given up: how its last pod failed, where that is known."""
    for job in (one for one in seen.owners if text(one.get("kind")) == "Job"):
        conditions = map(Condition.of, objects(mapping(job.get("status")).get("conditions")))
        failed = next((one for one in conditions if one.type == "Failed" and one.status == "True"), None)
        if failed is None:
            continue
        run = next(failed_runs(seen), None)
        found = crash(seen, run) if run else None
        last = f"; its last run: {how(run)}{found.tail}" if run and found else ""
        groups = {
            "job": text(mapping(job.get("metadata")).get("name")),
            "why": _GIVEN_UP.get(failed.reason, failed.reason),
            "last": last,
        }
        cause = Cause("Job {job} was given up: {why}{last}", "Mend it, and make the Job anew", logs if run else owner)
        proofs = (condition_proof(failed, "Job"), *(found.proofs[:1] if found else ()))
        yield cause.found(seen, proofs, groups=groups, container=run.container if run else None)


_GIVEN_UP: Final = {
    "BackoffLimitExceeded": "its pods failed more often than backoffLimit allows",
    "DeadlineExceeded": "it took longer than activeDeadlineSeconds allows",
    "PodFailurePolicy": "its failure policy says so",
    "FailedIndexes": "some of its indexes failed",
    "MaxFailedIndexesExceeded": "too many of its indexes failed",
}


def _deadline(seen: Snapshot) -> Iterator[Finding]:
    limit = number(seen.spec.get("activeDeadlineSeconds"))
    if seen.pod.reason == "DeadlineExceeded":
        cause = Cause("it ran longer than its time limit{of}", "Give it more time, or see why it is slow", describe)
        proof = Evidence("status.reason", f"{seen.pod.reason}: {seen.pod.message}")
        more = (Evidence("spec.activeDeadlineSeconds", str(limit)),) if limit else ()
        yield cause.found(seen, (proof, *more), groups={"of": f" of {limit} s" if limit else ""})


_rule = partial(Rule, source=_SOURCE)
_RUNS: Final = ("R0", "R1", "R4", "R5", "R6", "R8", "R9", "R12")

FAMILY: Final = Family(
    "jobs",
    (
        _rule("R14", "pod Failed, DeadlineExceeded", "activeDeadlineSeconds has passed", _deadline, _RUNS),
        _rule(
            "R13", "Job BackoffLimitExceeded, DeadlineExceeded", "the Job was given up after its last pod", _job, _RUNS
        ),
    ),
)
