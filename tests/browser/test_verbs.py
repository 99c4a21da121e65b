"""Every verb on the page, typed and pressed as a visitor does."""

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_list_with_selectors(visitor: Visitor) -> None:
    """A selector keeps the pods that match it, and says so; one that matches none says how to see all."""
    await visitor.enter()
    some = await visitor.say("/pod list -l tier=frontend")
    await expect(some.get_by_role("row")).to_have_count(4)
    await expect(some).to_contain_text("3 pods in")
    await expect(some).to_contain_text("tier=frontend")
    several = await visitor.say("/pod list -l 'app in (cart,gallery),tier!=frontend'")
    await expect(several.locator("tbody td:first-child")).to_have_text(["cart"])
    none = await visitor.say("/pod list -l app=nowhere")
    await expect(none).to_contain_text("No pods")


async def _restarted(visitor: Visitor) -> None:
    """Wait until the pod orders has crashed and run again, by the panel's column of restarts."""
    restarts = visitor.page.locator("#pods tr", has_text="orders").locator("td").nth(3)
    await expect(restarts).to_have_text(re.compile("^[1-9]"))


async def test_describe_says_why(visitor: Visitor) -> None:
    """A pod whose image can't be pulled, and one that crashes, are told with their causes."""
    await visitor.enter()
    await expect(await visitor.say("/pod describe checkout")).to_contain_text("nginx:1.22-typo")
    await _restarted(visitor)
    crashing = await visitor.say("/pod describe orders")
    await expect(crashing).to_contain_text("exit code 1")
    await expect(crashing).to_contain_text("/pod logs orders")


async def test_timeline_draws_a_life(visitor: Visitor) -> None:
    """A pod's steps and restarts are drawn as pictures with words, and stand in tables for whoever hears the page."""
    await visitor.enter()
    await _restarted(visitor)
    answer = await visitor.say("/pod timeline orders")
    await expect(answer.get_by_role("figure")).to_have_count(2)
    steps = answer.get_by_role("img", name=re.compile("How long each step took: .*run main"))
    await expect(steps.locator("rect").first).to_be_visible()
    restarts = answer.get_by_role("table", name="Restarts")
    await expect(restarts.get_by_role("row", name=re.compile("main"))).to_contain_text(re.compile(r"\d"))
    await expect(answer).to_contain_text("failed: Error, exit code 1")


async def test_an_alert_is_triaged_and_resolved(visitor: Visitor) -> None:
    """The menu of an alert triages its pod for oneself; shared, it is closed by a form, and says by whom."""
    await visitor.enter()
    alert = visitor.messages.filter(has_text="[FIRING:1] KubePodCrashLooping").first
    known = await visitor.messages.count()
    opener = alert.get_by_role("button", name="More actions")
    await opener.click()
    entry = alert.get_by_role("menuitem", name="Triage pods in this message")
    await expect(entry).to_be_focused()
    await visitor.page.keyboard.press("Escape")
    await expect(entry).to_be_hidden()
    await expect(opener).to_be_focused()
    await opener.press("Enter")
    await visitor.page.keyboard.press("Enter")
    answer = visitor.messages.nth(known)
    await expect(answer).to_contain_text("Only visible to you")
    await expect(answer).to_contain_text("/orders")
    await expect(answer.get_by_role("button", name="Timeline")).to_be_visible()
    await visitor.press(answer, "Share")
    shared = visitor.messages.nth(known + 1)
    await visitor.press(shared, "Resolve")
    await expect(visitor.field("What it was")).not_to_be_empty()
    await visitor.field("What mended it").fill("bought a new database")
    await visitor.dialog.get_by_role("button", name="Resolve").click()
    await expect(shared).to_contain_text("Mended by @alice: bought a new database")
    await expect(shared.get_by_role("button", name="Resolve")).to_have_count(0)


async def test_volumes_tells_who_shares(visitor: Visitor) -> None:
    """Two containers of a claim are told with the claim, its volume and its class."""
    await visitor.enter()
    answer = await visitor.say("/pod volumes gallery")
    await expect(answer).to_contain_text("shared by painter, server")
    await expect(answer).to_contain_text("claim pictures Bound")
    await expect(answer).to_contain_text("class standard")


async def test_curl_shows_the_answer_to_the_asker(visitor: Visitor) -> None:
    """What a pod serves is fetched: the channel sees that, the asker alone sees what came."""
    await visitor.enter()
    await visitor.make("served")
    told = await visitor.say("/pod curl served")
    await expect(told).to_contain_text("200 OK")
    await expect(told).not_to_contain_text("Welcome")
    shown = visitor.last()
    await expect(shown).to_contain_text("Only visible to you")
    await expect(shown).to_contain_text("Welcome to nginx!")
    assert await shown.locator("h1").count() == 0


async def test_label_and_undo(visitor: Visitor) -> None:
    """A label is set, told with what stood there before, and taken back by a button."""
    await visitor.enter()
    told = await visitor.say("/pod label ledger-0 colour=blue -n " + await _payments(visitor))
    await expect(told).to_contain_text("Labeled")
    await expect(told.get_by_role("row").nth(1)).to_contain_text("colour")
    known = await visitor.messages.count()
    await visitor.press(told, "Undo")
    undone = visitor.messages.nth(known)
    await expect(undone).to_contain_text("Done")
    await expect(undone.get_by_role("row").nth(1)).to_contain_text("blue")
    await expect(undone.get_by_role("row").nth(1)).to_contain_text("(none)")


async def _payments(visitor: Visitor) -> str:
    """Return the name of the namespace that the panel shows second; the real cluster's has a prefix."""
    caption = visitor.page.locator("#pods caption").nth(1)
    await expect(caption).to_contain_text("payments")
    return await caption.text_content() or ""


async def test_logs_are_followed_and_stopped(visitor: Visitor) -> None:
    """A followed log is one message for all with the lines so far, until Stop; Remove takes it away."""
    await visitor.enter()
    followed = await visitor.say("/pod logs gallery -c painter -f")
    await expect(followed).not_to_contain_text("Only visible to you")
    await expect(followed).to_contain_text("painted a picture")
    await visitor.press(followed, "Stop")
    await expect(followed).to_contain_text("Stopped.")
    await expect(followed.get_by_role("button", name="Stop")).to_have_count(0)
    known = await visitor.messages.count()
    await visitor.press(followed, "Remove")
    await expect(visitor.messages).to_have_count(known - 1)


async def test_a_previous_log(visitor: Visitor) -> None:
    """What a container said before it crashed is there."""
    await visitor.enter()
    answer = visitor.last()
    await _restarted(visitor)
    await visitor.say("/pod logs orders --previous")
    for _ in range(60):  # the node cleans a run up before the pod's status names the next one
        if "it no longer has this run's log" not in await answer.inner_text():
            break
        await asyncio.sleep(1)
        await visitor.say("/pod logs orders --previous")
    await expect(answer).to_contain_text("lost the database connection")


async def test_a_long_log_is_a_file(visitor: Visitor) -> None:
    """A log longer than a message shows its end; all of it is a file in the direct messages, with a preview."""
    await visitor.enter()
    answer = await visitor.say("/pod logs cart")
    shown = answer.locator("pre")
    assert await shown.evaluate("(one) => one.scrollHeight - one.scrollTop - one.clientHeight") < 2
    place = visitor.page.get_by_role("button", name="@ podbot")
    await expect(place).to_contain_text("has news")
    await place.click()
    await expect(place).not_to_contain_text("has news")
    await visitor.page.locator("details summary").last.click()
    await expect(visitor.page.locator("details pre").last).to_contain_text("cart 000 was emptied")
    async with visitor.page.expect_popup() as opening:
        await visitor.page.get_by_role("link", name="Open the whole file").last.click()
    whole = await opening.value
    await expect(whole.locator("body")).to_contain_text("cart 199 was emptied")


async def test_a_document_is_read_from_its_beginning(visitor: Visitor) -> None:
    """A pod's YAML, longer than its box, shows its first lines, where a log shows its last."""
    await visitor.enter()
    shown = (await visitor.say("/pod yaml orders")).locator("pre")
    await expect(shown).to_contain_text("apiVersion: v1")
    assert await shown.evaluate("(one) => [one.scrollTop, one.scrollHeight > one.clientHeight]") == [0, True]


async def test_exec_asks_and_answers_the_asker(visitor: Visitor) -> None:
    """A command asks first, then runs; its output goes to the asker alone."""
    await visitor.enter()
    told = await visitor.ask("/pod exec cart -- echo out of the pod")
    await expect(told).to_contain_text("Exit code 0")
    await expect(visitor.last()).to_contain_text("Only visible to you")
    await expect(visitor.last().locator("pre").last).to_have_text("out of the pod")


async def test_create_and_delete(visitor: Visitor) -> None:
    """A pod is created by a line, told in one message, and deleted once its question is confirmed."""
    await visitor.enter()
    created = await visitor.say("/pod create single short-lived cpu=10m")
    await expect(created).to_contain_text("Done")
    await expect(created).to_contain_text("Running")
    question = await visitor.say("/pod delete short-lived --grace-period 1")
    await expect(question).to_contain_text("Only @alice can press")
    await visitor.press(question, "Do it")
    await expect(question).to_contain_text("Gone")
    await expect(question.get_by_role("button", name="Do it")).to_have_count(0)


async def test_pressed_twice_is_pressed_once(visitor: Visitor) -> None:
    """A question that is pressed twice in a row is answered once, and nothing else is said; the pod stays."""
    await visitor.enter()
    question = await visitor.say("/pod delete cart")
    await question.get_by_role("button", name="Cancel").dblclick()
    await expect(question).to_contain_text("Cancelled")
    answer = await visitor.say("/pod list -l app=cart")
    await expect(answer).to_contain_text("1 pod in")
    assert await visitor.page.locator("#problem").text_content() == ""


async def test_the_other_reads(visitor: Visitor) -> None:
    """Help, rights, events, the stored object and waiting are answered, each for the asker alone."""
    await visitor.enter()
    for line, wanted in (
        ("help", "explains one"),
        ("can", "You may fully use"),
        ("whoami", "podbot:operator"),
        ("events stock", "wait-for-stock"),
        ("yaml migrate", "restartPolicy: Never"),
        ("wait cart --for=ready", "Ready after"),
        ("templates", "sidecar"),
        ("status", "podbot"),
        ("top", "metrics"),
    ):
        answer = await visitor.say(f"/pod {line}")
        await expect(answer).to_contain_text("Only visible to you")
        expected = "CPU" if line == "top" and "simulated" in await _cluster(visitor) else wanted
        await expect(answer).to_contain_text(expected)


async def _cluster(visitor: Visitor) -> str:
    return await visitor.page.locator("#cluster").text_content() or ""
