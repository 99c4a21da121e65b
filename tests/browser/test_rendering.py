"""Blocks, tables and times as the page's own modules draw them, whole, without a cluster behind."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.app import SystemClock
from bot.demo.chat.server import ChatServer
from bot.demo.page.panel import Panel
from bot.demo.page.server import PageServer
from bot.demo.witness import Witness
from tests.demo.test_witness import Silent

pytestmark = pytest.mark.asyncio(loop_scope="package")

READER = """const reader = {
    id: "U0BOB", timezone: "America/New_York",
    name: (id) => ({ U0BOB: "bob" })[id] ?? id, channel: (id) => ({ C0TEAM: "team" })[id] ?? id, go: () => {},
};"""


@pytest_asyncio.fixture(loop_scope="package", scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """Open the page of a workspace in which nothing happens."""
    async with ChatServer(SystemClock()) as chat:
        panel = Panel([], Witness(Silent(), SystemClock(), chat.state.bell.ring))
        async with PageServer(chat, panel, [("list", "List pods")]) as server:
            opened = await browser.new_page()
            await opened.goto(server.url)
            yield opened
            await opened.close()


async def _drawn(page: Page, *blocks: dict[str, Any]) -> str:
    script = f"""async (list) => {{
        {READER}
        const {{ blocks }} = await import("/static/blocks.js");
        const room = document.createElement("div");
        room.append(...blocks(list, reader, () => {{}}));
        return room.innerHTML;
    }}"""
    return str(await page.evaluate(script, list(blocks)))


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("*bold* _italic_ ~gone~ `a*b*c`", "<strong>bold</strong> <em>italic</em> <s>gone</s> <code>a*b*c</code>"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        ("`a --tail 1`", '<code>a <span class="whole">--tail</span> 1</code>'),
        (f"`{'a-' * 20}`", f"<code>{'a-' * 20}</code>"),
        ("&lt;b&gt; &amp;amp;", "&lt;b&gt; &amp;amp;"),
        ("<b>x</b>", "bx/b"),
        ("<@U0BOB> <#C0TEAM>", '<span class="mention">@bob</span> <span class="mention">#team</span>'),
        ("<!here>", '<span class="mention">@here</span>'),
        (":warning: :nonsense:", "⚠️ :nonsense:"),
        ("<javascript:alert(1)|press>", "press"),
        (
            "<https://x.example/?a=1&amp;b=2|there>",
            '<a href="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer" target="_blank">there</a>',
        ),
        (
            "<https://slack.com/app_redirect?channel=C0TEAM&amp;team=T|here>",
            '<a href="/?channel=C0TEAM">here</a>',
        ),
        (
            "<!date^1767225600^{date_short} {time_secs}|then>",
            '<time datetime="2026-01-01T00:00:00.000Z" title="then">31 Dec 2025 19:00:00</time>',
        ),
    ],
)
async def test_mrkdwn(page: Page, text: str, wanted: str) -> None:
    """Slack's own markup is read as Slack reads it, in the reader's zone; nothing else is markup."""
    drawn = await _drawn(page, {"type": "section", "text": _mrkdwn(text)})
    assert drawn == f'<div class="section"><div><p>{wanted}</p></div></div>'


async def test_today_is_said_so(page: Page) -> None:
    """A pretty date of this moment is the word for it."""
    moment = await page.evaluate("Math.floor(Date.now() / 1000)")
    drawn = await _drawn(
        page, {"type": "context", "elements": [_mrkdwn(f"<!date^{moment}^{{date_short_pretty}}|now>")]}
    )
    assert ">today</time>" in drawn


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        ({"type": "divider"}, "<hr>"),
        ({"type": "header", "text": {"type": "plain_text", "text": "*as is* :x:"}}, "<h3>*as is* ❌</h3>"),
        (
            {"type": "section", "fields": [_mrkdwn("*a*"), _mrkdwn("b")]},
            '<div class="section"><div><div class="fields"><p><strong>a</strong></p><p>b</p></div></div></div>',
        ),
        (
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "text": {"type": "plain_text", "text": "Do it"},
                        "action_id": "podbot:do",
                        "style": "danger",
                    }
                ],
            },
            (
                '<div class="actions">'
                '<button class="button danger" type="button" data-action="podbot:do">Do it</button></div>'
            ),
        ),
        (
            {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "<b> *x*"}]},
                    {
                        "type": "rich_text_list",
                        "style": "ordered",
                        "offset": 2,
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [{"type": "text", "text": "y", "style": {"bold": True, "code": True}}],
                            }
                        ],
                    },
                    {
                        "type": "rich_text_quote",
                        "elements": [
                            {"type": "user", "user_id": "U0BOB"},
                            {"type": "emoji", "name": "x"},
                            {"type": "channel", "channel_id": "C0TEAM"},
                        ],
                    },
                ],
            },
            (
                '<div class="rich"><pre tabindex="0">&lt;b&gt; *x*</pre>'
                '<ol class="indent-0" start="3"><li><strong><code>y</code></strong></li></ol>'
                '<blockquote><span class="mention">@bob</span>❌<span class="mention">#team</span></blockquote></div>'
            ),
        ),
        (
            {"type": "video"},
            '<p class="unknown">Slack would show a “video” here; this demo can\'t.</p>',
        ),
    ],
)
async def test_blocks(page: Page, block: dict[str, Any], wanted: str) -> None:
    """Each kind of block is drawn as Slack does; one that the page does not know says so."""
    assert await _drawn(page, block) == wanted


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["3h5m", "2d", "45s", "10m"], ["45s", "10m", "3h5m", "2d"]),
        (["1Gi", "900Mi", "-", "10Ki"], ["-", "10Ki", "900Mi", "1Gi"]),
        (["1500m", "2", "30m"], ["30m", "1500m", "2"]),
        (["web-10", "web-9", "api"], ["api", "web-9", "web-10"]),
        (["12", "9", "100"], ["9", "12", "100"]),
    ],
)
async def test_columns_are_ordered_by_what_they_mean(page: Page, cells: list[str], wanted: list[str]) -> None:
    """Spans of time, amounts and numbered names are ordered as such."""
    script = """async (cells) => {
        const { comparing } = await import("/static/order.js");
        return [...cells].sort(comparing(cells));
    }"""
    assert await page.evaluate(script, cells) == wanted


async def test_a_long_table_has_pages(page: Page) -> None:
    """A table is shown in pages of 25 rows; the keyboard's place stays on the button at the last page."""
    script = """async () => {
        const { table } = await import("/static/table.js");
        const cell = (text) => [{ type: "raw_text", text }];
        const rows = [cell("Name"), ...Array.from({ length: 30 }, (_, index) => cell(`pod-${index}`))];
        const made = table({ type: "table", rows }, (one) => one.text);
        document.body.append(made);
        const later = [...made.querySelectorAll("button")].at(-1);
        const seen = () => [made.querySelectorAll("tbody tr").length, made.querySelector("[role=status]").textContent];
        const first = seen();
        later.focus();
        later.click();
        later.click();
        const told = [first, seen(), document.activeElement === later, later.getAttribute("aria-disabled")];
        made.remove();
        return told;
    }"""
    assert await page.evaluate(script) == [[25, "1 of 2"], [5, "2 of 2"], True, "true"]


async def test_a_redrawn_message_keeps_ones_place(page: Page) -> None:
    """When a message changes, its opened file stays open and the keyboard stays on its button."""
    script = f"""async () => {{
        {READER}
        const {{ draw }} = await import("/static/messages.js");
        const room = document.createElement("section");
        document.body.append(room);
        const button = {{ type: "button", action_id: "podbot:stop", text: {{ type: "plain_text", text: "Stop" }} }};
        const file = {{ id: "F1", name: "a.log", size: 3, preview: "abc", cut: false }};
        const message = (text) => ({{
            ts: "1.5", user: "U0BOB", text, edited: false, files: [file], replies: 0,
            blocks: [
                {{ type: "section", text: {{ type: "mrkdwn", text }} }},
                {{ type: "actions", elements: [button] }},
            ],
        }});
        const show = (text) => draw(room, [message(text)], reader, {{ press: () => {{}} }});
        show("one");
        const old = room.querySelector("[data-action]");
        room.querySelector("details").open = true;
        old.focus();
        show("two");
        const now = room.querySelector("[data-action]");
        const isOpen = room.querySelector("details").open;
        const told = [old !== now, document.activeElement === now, isOpen, room.textContent.includes("two")];
        room.remove();
        return told;
    }}"""
    assert await page.evaluate(script) == [True, True, True, True]


async def test_the_edited_mark(page: Page) -> None:
    """A message whose text was replaced says so after its last word, as Slack does."""
    script = f"""async () => {{
        {READER}
        const {{ draw }} = await import("/static/messages.js");
        const room = document.createElement("section");
        draw(room, [{{ ts: "1.5", user: "U0BOB", text: "hi", blocks: [], files: [], edited: true }}], reader, {{}});
        return room.querySelector(".body > p").outerHTML;
    }}"""
    assert await page.evaluate(script) == '<p>hi<span class="edited"> (edited)</span></p>'


async def _on_a_phone(page: Page, script: str) -> Any:
    """Return what a script gives on a narrow page."""
    before = page.viewport_size
    await page.set_viewport_size({"width": 375, "height": 700})
    given = await page.evaluate(script)
    await page.set_viewport_size(before or {"width": 1280, "height": 720})
    return given


async def test_names_in_a_table_are_whole(page: Page) -> None:
    """On a phone a name or a short cell stays on one line, and a sentence is not squeezed into a column of words."""
    script = """async () => {
        const { table } = await import("/static/table.js");
        const said = "Back-off pulling an image that is not there ".repeat(3);
        const rows = [
            ["Namespace", "Name", "Object", "Message", "Count"],
            ["shop", "web-7d9f8c6b5-x2x9q", "pod/web-7d9f8 (nginx)", said, "1"],
        ];
        const cells = rows.map((row) => row.map((text) => ({ type: "raw_text", text })));
        const made = table({ type: "table", rows: cells }, (one) => one.text);
        document.querySelector("#messages").append(made);
        const lines = (one) => {
            const range = document.createRange();
            range.selectNodeContents(one);
            return range.getClientRects().length;
        };
        const told = [...made.querySelectorAll("td")].map(lines);
        made.remove();
        return told;
    }"""
    *names, sentence, count = await _on_a_phone(page, script)
    assert (names, count) == ([1, 1, 1], 1)
    assert 1 < sentence < 8


async def test_a_charts_letters_keep_their_size(page: Page) -> None:
    """A chart on a phone has letters as large as on a desk, and stays within its width."""
    script = """async () => {
        const { chart } = await import("/static/chart.js");
        const data = [{ label: "earlier run app", value: 2 }, { label: "waited app", value: 57.4 }];
        const drawn = { type: "bar", series: [{ name: "time", data }], axis_config: { y_label: "seconds" } };
        const made = chart({ title: "How long", chart: drawn });
        document.querySelector("#messages").append(made);
        for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
        const picture = made.querySelector("svg").getBoundingClientRect();
        const texts = [...made.querySelectorAll("text")].map((one) => one.getBoundingClientRect());
        const inside = texts.every((one) => one.left >= picture.left && one.right <= picture.right);
        const title = made.querySelector("figcaption").textContent;
        const told = [title, inside, Math.min(...texts.map((one) => one.height))];
        made.remove();
        return told;
    }"""
    wide, narrow = await page.evaluate(script), await _on_a_phone(page, script)
    assert wide[:2] == narrow[:2] == ["How long (seconds)", True]
    assert narrow[2] == pytest.approx(wide[2], rel=0.1)
