"""Logs as they grow, and time that passes at a test's will."""

from tests.demo.cluster.bench import PODS, Bench


async def test_lines_come_at_their_time(bench: Bench) -> None:
    """A container's lines are written when it gets to them."""
    bench.pod("web", "echo one; sleep 5; echo two; sleep 5; echo three; exit 1", spec={"restartPolicy": "Never"})
    await bench.wait(3)
    assert bench.log("web") == b"one\n"
    await bench.wait(5)
    assert bench.log("web") == b"one\ntwo\n"
    await bench.wait(5)
    assert bench.log("web") == b"one\ntwo\nthree\n"


async def test_an_endless_loop(bench: Bench) -> None:
    """An endless loop writes its lines again and again, with the date of each."""
    bench.pod("web", "echo ready; while true; do echo it is $(date); sleep 10; done")
    await bench.wait(25)
    lines = bench.log("web").splitlines()
    assert (lines[0], len(lines), len(set(lines))) == (b"ready", 4, 4)
    bench.ask("DELETE", f"{PODS}/web")
    await bench.wait(60)
    assert bench.ask("GET", f"{PODS}/web").status == 404


async def test_a_loop_begins_anew_with_its_container(bench: Bench) -> None:
    """A container that is started again writes its own lines alone."""
    bench.pod(
        "web",
        "while sleep 3; do echo tick; done",
        livenessProbe={"exec": {"command": ["false"]}, "failureThreshold": 1, "initialDelaySeconds": 10},
        spec={"terminationGracePeriodSeconds": 0},
    )
    await bench.wait(13)
    assert bench.log("web", previous="true") == b"tick\n" * 3
    await bench.wait(3)
    assert bench.log("web") == b"tick\n"


async def test_an_hour_of_back_off(bench: Bench) -> None:
    """An hour passes at once: restarts come after 0, 10, 20, 40, 80, 160 and then every 300 seconds."""
    bench.pod("bad", "exit 1")
    await bench.wait(3600)
    status = bench.get(f"{PODS}/bad")["status"]["containerStatuses"][0]
    assert status["restartCount"] == 1 + 5 + (3600 - 310) // 302


async def test_a_long_run_forgives(bench: Bench) -> None:
    """A container that has run for ten minutes is started again at once."""
    bench.pod("web", "sleep 900; exit 1")
    await bench.wait(3 * 900 + 20)
    assert bench.status("web") == "Running"
    assert bench.get(f"{PODS}/web")["status"]["containerStatuses"][0]["restartCount"] == 3


async def test_the_same_seed() -> None:
    """The same seed and clock give the same names, UIDs, events and order; another seed gives others."""

    async def story(seed: int) -> list[object]:
        other = Bench(seed=seed)
        other.create(
            PODS, {"metadata": {"generateName": "web-"}, "spec": {"containers": [{"name": "a", "image": "x"}]}}
        )
        other.pod("bad", "exit 1")
        await other.wait(100)
        return [other.get(path)["items"] for path in (PODS, "/api/v1/namespaces/shop/events")]

    assert await story(1) == await story(1)
    assert await story(1) != await story(2)
