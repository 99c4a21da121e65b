"""What `create` looks like, whole."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.diagnosis import Finding, Stage
from bot.core.pods import Pod
from bot.core.replies import Reply
from bot.render.blocks import context, quote, section
from bot.steps.settling import Settling
from handlers.create import COMMAND, Checked, Created
from tests.core.samples import ended, pending, raw_pod, running, waiting

NEXT = "`/pod delete web-1 -n shop`"
RUNNING = Settling(Pod.of(raw_pod()), Stage.RUNNING, last=True)
STARTING = Settling(Pod.of(pending()), Stage.STARTING)
BACK_OFF = pending({"containerStatuses": [waiting("app", "CrashLoopBackOff")]})
CRASHED = Finding("container app ended with exit code 1", "bye <!here>", lines=("logs web-1 -c app -p",), stuck=True)
UNMOUNTED = Finding("a volume cannot be mounted", hint="Make it")
SUCCEEDED = raw_pod(status={"phase": "Succeeded", "containerStatuses": [ended("app", 0, "Completed")]})
TIMED_OUT = raw_pod(
    spec={"nodeName": ""},
    status={"phase": "Failed", "reason": "DeadlineExceeded", "containerStatuses": [running("app", ready=False)]},
)


def test_render_a_dry_run() -> None:
    """A dry run says that nothing was made, and how to make it."""
    answer = ":ballot_box_with_check: *Checked only* · the server would create pod `web-1`"
    small = context("To create it: `/pod create single web-1 -n shop`")
    result = Checked(Pod.of(raw_pod()), "create single web-1 -n shop")
    assert COMMAND.render(result) == Reply(answer, (section(answer), small))


def test_render_a_dry_run_of_yaml() -> None:
    """The line to create it says that the YAML belongs to it."""
    reply = COMMAND.render(Checked(Pod.of(raw_pod()), "create --yaml -n shop"))
    assert reply.blocks[1] == context("To create it: `/pod create --yaml -n shop`, with the same YAML")


@pytest.mark.parametrize(
    ("state", "answer", "rest"),
    [
        (
            STARTING,
            ":hourglass_flowing_sand: *ContainerCreating* · pod `web-1`, 0/1 ready on node `node-a`",
            (),
        ),
        (
            RUNNING,
            ":large_green_circle: *Running* · pod `web-1`, 1/1 ready on node `node-a`",
            (context(f"Next: `/pod logs web-1 -n shop`, {NEXT}"),),
        ),
        (
            Settling(Pod.of(SUCCEEDED), Stage.COMPLETED, last=True),
            ":white_check_mark: *Completed* · pod `web-1`, which has done its work",
            (context(f"Next: `/pod logs web-1 -n shop`, {NEXT}"),),
        ),
        (
            Settling(Pod.of(TIMED_OUT), Stage.FAILED, last=True),
            ":red_circle: *DeadlineExceeded* · pod `web-1`, 0/1 ready",
            (context(f"Next: `/pod logs web-1 -n shop`, {NEXT}"),),
        ),
        (
            Settling(Pod.of(BACK_OFF), Stage.STUCK, UNMOUNTED, last=True),
            ":red_circle: *CrashLoopBackOff* · pod `web-1`, 0/1 ready on node `node-a`",
            (section("A volume cannot be mounted. Make it."), context(f"Next: `/pod describe web-1 -n shop`, {NEXT}")),
        ),
        (
            replace(RUNNING, last=False),
            ":large_green_circle: *Running* · pod `web-1`, 1/1 ready on node `node-a`",
            (),
        ),
        (
            Settling(Pod.of(BACK_OFF), Stage.STUCK, CRASHED, last=True),
            ":red_circle: *CrashLoopBackOff* · pod `web-1`, 0/1 ready on node `node-a`",
            (
                section("Container app ended with exit code 1."),
                quote("bye <!here>"),
                context(f"Next: `/pod logs web-1 -c app -p -n shop`, {NEXT}"),
            ),
        ),
        (
            replace(STARTING, finding=UNMOUNTED, last=True, unread=True),
            ":warning: *Not running yet* (ContainerCreating) · pod `web-1`, 0/1 ready on node `node-a`, after 45 s",
            (
                section("A volume cannot be mounted. Make it."),
                context("Its events are not shown: you may not read events here."),
                context(f"Next: `/pod describe web-1 -n shop`, {NEXT}"),
            ),
        ),
        (
            replace(STARTING, last=True, gone=True),
            ":warning: *Gone* · pod `web-1`, deleted or replaced by somebody meanwhile",
            (context("Next: `/pod list -n shop`"),),
        ),
    ],
)
def test_render(state: Settling, answer: str, rest: tuple[Any, ...]) -> None:
    """Each state of a new pod is said whole: the answer, why it does not run, and a next step."""
    assert COMMAND.render(Created(state)) == Reply(answer, (section(answer), *rest))
