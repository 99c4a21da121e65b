from typing import Any

import pytest

from bot.core.ages import moment
from bot.core.errors import Forbidden, NotFound
from bot.core.names import PodName
from bot.core.replies import Reply
from bot.core.resources import Json
from bot.render.blocks import context, quote, section, table
from bot.render.cutting import excerpt
from bot.render.limits import BLOCKS, fit
from bot.render.plain import plain
from bot.render.text import when
from handlers.describe import COMMAND, Describe
from tests.core.samples import CREATED, ended, event, pending, raw_pod, running, waiting
from tests.fakes import FakeCluster, context_of
from tests.handlers.running import answer
from tests.handlers.shop import Shop

HEADERS = ("Container", "State", "Image", "Ports", "Probes")
ENDED = {"terminated": {"exitCode": 137, "reason": "OOMKilled", "signal": 9, "finishedAt": CREATED}}
AT = when(moment(CREATED) or pytest.fail("no time"))
PLAIN = (
    f"*Node* `node-a` · *IP* none\n*Controlled by* nothing\n*Service account* none\n*Created* {AT}\n"
    "*Labels* none\n*Volumes* none"
)
NONE = section("*Events* none; Kubernetes forgets them after a while.")


async def described(raw: Json, events: Any = ()) -> Reply:
    """Return the answer for this pod and these events."""
    cluster = FakeCluster({"get pods/web-1": raw, "list events": events})
    return await answer(COMMAND, context_of(cluster), Describe(PodName("web-1")))


async def test_describe() -> None:
    """A pod that runs is told in one line, then its containers, its facts and its events; its UID is pinned."""
    assert await described(raw_pod(), [event("Started", "Container started", "Normal")]) == Reply(
        ":large_green_circle: *Running* · pod `web-1` in `main/shop`, 1/1 ready, no restarts",
        (
            section(":large_green_circle: *Running* · pod `web-1` in `main/shop`, 1/1 ready, no restarts"),
            table(HEADERS, [("app", "Running, ready", "nginx:1.22", "", "")]),
            section(PLAIN),
            section("*Events*, oldest first"),
            section(f"• {AT} · *Started*: Container started"),
            context("Next: `/pod logs web-1 -n shop`, `/pod delete web-1 -n shop`, `/pod list -n shop`"),
        ),
        pins={"pod/web-1": "uid-web-1"},
    )


async def test_a_run_after_crashes_is_in_doubt() -> None:
    """A pod that is ready right after it has crashed again and again does not get the light of one that is well."""
    again = running("app", lastState=ENDED, restartCount=3)
    reply = await described(raw_pod(status={"containerStatuses": [again]}), [event("BackOff", "Back-off restarting")])
    assert reply.text == ":large_yellow_circle: *Running* · pod `web-1` in `main/shop`, 1/1 ready, 3 restarts"


async def test_a_namesakes_past_is_not_its_own() -> None:
    """What happened to an earlier pod of the same name is not shown."""
    of_namesake = event("Killing", "Stopping container app", "Normal")
    of_namesake["involvedObject"] = {"kind": "Pod", "name": "web-1", "uid": "uid-of-yesterday"}
    reply = await described(raw_pod(), [of_namesake, event("Started", "Container started", "Normal")])
    assert "*Started*" in plain(reply.blocks)
    assert "Killing" not in plain(reply.blocks)


async def test_a_crash() -> None:
    """Why it does not run comes first, then how often and how its runs ended, and its events in time order."""
    again = waiting("app", "CrashLoopBackOff", "back-off 40s", lastState=ENDED, restartCount=3)
    unready = {"type": "Ready", "status": "False", "reason": "ContainersNotReady", "message": "not ready: [app]"}
    raw = raw_pod(status={"containerStatuses": [again], "conditions": [unready]})
    late = {**event("BackOff", "Back-off <!here>", last="2026-01-02T03:09:00Z"), "count": 12}
    reply = await described(raw, [late, event("Pulled", "Image pulled", "Normal")])
    assert reply.blocks == (
        section(":red_circle: *CrashLoopBackOff* · pod `web-1` in `main/shop`, 0/1 ready, 3 restarts"),
        section(
            "Container app was ended for memory though it has no limit: its node ran short. "
            "Give it a request and a limit, or more nodes."
        ),
        quote("OOMKilled, signal 9"),
        section(
            "*Restarts and exits*\n• `app` has restarted 3 times\n"
            f"• `app`, the run before: exit code 137, signal 9, OOMKilled, {AT}"
        ),
        table(HEADERS, [("app", "Waiting: CrashLoopBackOff", "nginx:1.22", "", "")]),
        section(PLAIN),
        section("*Conditions that are not true*\n• *Ready* is False, ContainersNotReady: not ready: [app]"),
        section("*Events*, oldest first"),
        section(
            f"• {AT} · *Pulled*: Image pulled\n"
            f"• {when(moment(late['lastTimestamp']) or pytest.fail('no time'))} · :warning: *BackOff* (12 times): "
            "Back-off &lt;!here&gt;"
        ),
        context("Next: `/pod triage web-1 -n shop`, `/pod delete web-1 -n shop`, `/pod list -n shop`"),
    )


async def test_every_kind_of_container() -> None:
    """Init, sidecar and ephemeral containers are marked as such, with state, image, ports and probes in words."""
    check = {"httpGet": {"port": "http", "path": "/up"}}
    app = {"name": "app", "image": "web", "ports": [{"containerPort": 80, "name": "http"}], "readinessProbe": check}
    raw = raw_pod(
        spec={
            "initContainers": [
                {"name": "setup", "image": "busybox"},
                {"name": "log", "image": "tail", "restartPolicy": "Always"},
            ],
            "containers": [app, {"name": "late", "image": "late"}],
            "ephemeralContainers": [{"name": "debug", "image": "tools"}, {"name": "odd", "image": "tools"}],
        },
        status={
            "initContainerStatuses": [ended("setup", 0, "Completed"), running("log")],
            "containerStatuses": [running("app", ready=False), waiting("late")],
            "ephemeralContainerStatuses": [running("debug")],
        },
    )
    reply = await described(raw)
    assert (
        table(
            HEADERS,
            [
                ("setup (init)", "Completed, exit code 0", "busybox", "", ""),
                ("log (sidecar)", "Running, ready", "tail", "", ""),
                (
                    "app",
                    "Running, not ready",
                    "web",
                    "http 80/TCP",
                    "readiness: GET http://:http/up within 1 s, every 10 s, fails after 3",
                ),
                ("late", "Waiting", "late", "", ""),
                ("debug (ephemeral)", "Running", "tools", "", ""),
                ("odd (ephemeral)", "Waiting", "tools", "", ""),
            ],
        )
        in reply.blocks
    )
    assert section("*Restarts and exits*\n• `setup` ended: exit code 0, Completed") in reply.blocks


async def test_facts() -> None:
    """Node, address, owner, service account, labels, finalizers and volumes are told, all of it escaped."""
    raw = raw_pod(
        labels={"app": "web", "tier": "front"},
        finalizers=["example.com/wait"],
        deletionTimestamp=CREATED,
        ownerReferences=[{"kind": "ReplicaSet", "name": "web", "controller": True}],
        spec={
            "serviceAccountName": "web",
            "volumes": [
                {"name": "tmp", "emptyDir": {}},
                {"name": "data", "persistentVolumeClaim": {"claimName": "a&<b"}},
                {"name": "odd"},
            ],
        },
        status={"podIP": "10.0.0.7"},
    )
    reply = await described(raw)
    assert reply.text.startswith(":hourglass_flowing_sand: *Terminating*")
    assert (
        section(
            "*Node* `node-a` · *IP* `10.0.0.7`\n*Controlled by* ReplicaSet `web`\n*Service account* `web`\n"
            f"*Created* {AT}\n*Deleted* {AT}\n*Finalizers* `example.com/wait`\n*Labels* `app=web` `tier=front`\n"
            "*Volumes* `tmp` (temporary directory), `data` (claim `a&amp;&lt;b`), `odd` (unknown)"
        )
        in reply.blocks
    )
    assert reply.blocks[-1] == context(
        "Next: `/pod triage web-1 -n shop`, `/pod logs web-1 -n shop`, `/pod list -n shop`"
    )


async def test_a_pod_without_a_node() -> None:
    """What the scheduler says is quoted, and nothing is offered that cannot work yet."""
    unscheduled = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes"}
    status = {"conditions": [unscheduled], "containerStatuses": []}
    reply = await described(pending(status, spec={"nodeName": None}))
    assert reply.blocks[1:3] == (
        section("No node can take it now."),
        quote("PodScheduled is False, Unschedulable: 0/1 nodes"),
    )
    assert NONE in reply.blocks
    assert "*Node* none yet" in plain(reply.blocks)
    assert reply.blocks[-1] == context(
        "Next: `/pod triage web-1 -n shop`, `/pod delete web-1 -n shop`, `/pod list -n shop`"
    )


async def test_without_the_right_to_read_events() -> None:
    """Where events may not be read, the answer says so and shows the rest."""
    reply = await described(raw_pod(), Forbidden("no", status=403))
    assert section("*Events* are not shown: you may not read events here.") in reply.blocks
    assert reply.text.startswith(":large_green_circle: *Running*")


async def test_many_events() -> None:
    """Of many events the newest are shown, and the answer says of how many."""
    events = [event(f"E{number}", "", last=f"2026-01-02T03:{number:02}:00Z") for number in range(50)]
    text = plain((await described(raw_pod(), events)).blocks)
    assert "*Events*, the newest 12 of 50" in text
    assert "*E37*" not in text
    assert text.index("*E38*") < text.index("*E49*")


async def test_nothing_but_a_name() -> None:
    """A pod of which the server says almost nothing is still described."""
    reply = await described({"metadata": {"name": "web-1"}}, [{"reason": "Odd"}])
    assert reply.text == ":hourglass_flowing_sand: *Unknown* · pod `web-1` in `main/shop`, 0/0 ready, no restarts"
    assert section("• some time · *Odd*") in reply.blocks


async def test_a_huge_pod_fits_in_a_message() -> None:
    """Many containers, labels and long texts are cut to a message, and a file has all of it."""
    names = [f"c{number}" for number in range(60)]
    raw = raw_pod(
        labels={f"label-{number}": "x" * 60 for number in range(90)},
        spec={"containers": [{"name": name, "image": "x" * 200} for name in names]},
        status={"containerStatuses": [ended(name, 1, "Error") for name in names]},
    )
    reply = fit(await described(raw, [event("BackOff", "<" * 900) for _ in range(80)]))
    assert len(reply.blocks) <= BLOCKS
    assert reply.file is not None
    assert "label-89" in reply.file.text
    assert "c59" in reply.file.text


async def test_not_there() -> None:
    """A pod that is not there is the server's own answer, with the names of those that may be meant."""
    shop = Shop()
    shop.pod("web")
    with pytest.raises(NotFound, match='pods "wep" not found; did you mean web'):
        await shop.read("describe wep")


async def test_each_event_names_its_container() -> None:
    """Init, sidecar and ephemeral containers stand beside the ordinary ones, and each event names its container."""
    shop = Shop()
    inits = [
        {"name": "prepare", "image": "busybox:1.35", "command": ["true"]},
        {"name": "proxy", "image": "busybox:1.35", "command": ["sleep", "3600"], "restartPolicy": "Always"},
    ]
    shop.pod("web", spec={"initContainers": inits})
    await shop.wait(10)
    added = [{"name": "debugger", "image": "busybox:1.35", "command": ["sleep", "3600"]}]
    shop.ask(
        "PATCH",
        "/api/v1/namespaces/shop/pods/web/ephemeralcontainers",
        [{"op": "add", "path": "/spec/ephemeralContainers", "value": added}],
        headers={"Content-Type": "application/json-patch+json"},
    )
    await shop.wait(10)
    text = plain((await shop.read("describe web")).blocks)
    for part in ("prepare (init)", "proxy (sidecar)", "main ", "debugger (ephemeral)"):
        assert part in text
    for name in ("prepare", "proxy", "main", "debugger"):
        assert f"*Started* `{name}`: Container started" in text
    events = plain((await shop.read("events web")).blocks)
    for name in ("prepare", "proxy", "main", "debugger"):
        assert f"pod/web ({name})" in events


async def test_a_crash_in_a_cluster() -> None:
    """Over the simulated cluster, a crash is told with its exit code, its events and what to type next."""
    shop = Shop()
    shop.pod("web", "exit 3")
    await shop.wait(90)
    text = plain((await shop.read("describe web")).blocks)
    assert text.startswith(":red_circle: *CrashLoopBackOff* · pod `web` in `main/shop`, 0/1 ready, ")
    assert "Container main ends with exit code 3" in text
    assert "`main`, the run before: exit code 3, Error" in text
    assert "*Ready* is False, ContainersNotReady" in text
    assert text.index("*Scheduled*") < text.index("*BackOff*")
    assert "`/pod logs web -c main -p -n shop`" in text


def test_a_servers_words_are_masked_before_they_are_cut() -> None:
    """A password that the cut would run through shows no half of itself."""
    said = "x" * 260 + " postgres://app:SuperS3cretPassword-which-goes-on-and-on-past-the-cut@db/x"
    assert "SuperS3cret" not in excerpt(said, 300)
