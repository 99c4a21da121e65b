from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.replies import File, Reply
from bot.demo.chat.blocks import accept
from bot.render.blocks import actions, button, context, divider, preformatted, quote, section, table
from bot.render.charts import bars
from bot.render.cutting import size
from bot.render.limits import BLOCKS, BUDGET, FILE_BYTES, TEXT, crop, fit
from bot.render.plain import plain

TEXTS = st.one_of(st.text(max_size=20), st.integers(1, 12_000).map(lambda size: "<@U1> &amp; " * (size // 12)))
BUTTONS = st.builds(
    button,
    st.text(min_size=1, max_size=90),
    st.sampled_from(["podbot:share", "podbot:remove"]),
    st.integers(1, 2100).map("v".__mul__),
)
TABLES = st.builds(
    lambda rows, columns, cell: table(["head"] * columns, [[cell] * columns] * rows),
    st.integers(1, 120),
    st.integers(1, 22),
    st.text(max_size=12),
)
BLOCK = st.one_of(
    TEXTS.map(section),
    st.lists(TEXTS, min_size=1, max_size=12).map(lambda texts: context(*texts)),
    TEXTS.map(preformatted),
    TEXTS.map(quote),
    TABLES,
    BUTTONS.map(actions),
    st.just(divider()),
    st.builds(lambda count: bars("c", "s", ["x"] * count, {"y": [1.0] * count}), st.integers(1, 25)),
)
REPLIES = st.builds(
    Reply,
    text=TEXTS,
    blocks=st.lists(BLOCK, max_size=70).map(tuple),
    file=st.one_of(st.none(), st.builds(File, st.just("a.log"), TEXTS)),
)


@settings(max_examples=150, deadline=None)
@given(REPLIES)
def test_every_reply_fits(reply: Reply) -> None:
    """Whatever a verb renders, a server with Slack's limits accepts what is left of it."""
    fitted = fit(replace(reply, whisper=reply))
    assert accept([dict(block) for block in fitted.blocks]) == fitted.blocks
    assert len(fitted.blocks) <= BLOCKS
    assert 0 < len(fitted.text) <= TEXT
    assert fitted.whisper is not None
    assert fitted.whisper.blocks == fitted.blocks


def test_a_reply_that_fits_is_left_alone() -> None:
    """What is within the limits comes through unchanged."""
    reply = Reply("a", (section("b"), table(("c",), [("d",)])), File("e.txt", "f"), {"pod/g": "h"}, Reply("i"))
    assert fit(reply) == reply


def test_long_output_keeps_its_end() -> None:
    """Of long output the last whole lines stay, the note counts the others, and the file has all of it."""
    lines = [f"{number:07d} some words of a log" for number in range(1000)]
    file = File("web-1-app.log", "\n".join(lines))
    fitted = fit(
        Reply("log", (section("log"), preformatted("\n".join(lines)), actions(button("S", "podbot:share", "v"))), file)
    )
    kept = fitted.blocks[1]["elements"][0]["elements"][0]["text"].split("\n")
    assert kept == lines[-len(kept) :]
    assert fitted.blocks[2] == context(f"Cut to fit: {1000 - len(kept)} lines more, all in the file `web-1-app.log`.")
    assert fitted.blocks[3]["type"] == "actions"
    assert fitted.file == file


def test_long_table_is_whole_in_a_file() -> None:
    """Of a long table the first rows stay, the note counts the others, and a file is made that has all of them."""
    rows = [(f"pod-{number:03d}", "Running") for number in range(400)]
    fitted = fit(Reply("pods", (section("pods"), table(("Name", "Status"), rows))))
    assert len(fitted.blocks[1]["rows"]) == 100
    assert fitted.blocks[2] == context("Cut to fit: 301 rows more, all in the file `podbot.txt`.")
    assert fitted.file is not None
    assert fitted.file.name == "podbot.txt"
    assert [line.split() for line in fitted.file.text.splitlines()[3:]] == [list(row) for row in rows]


def test_second_table_becomes_text() -> None:
    """A second table, which Slack refuses, is told as text in columns."""
    fitted = fit(Reply("two", (table(("a",), [("b",)]), table(("c", "d"), [("e", "f")]))))
    assert fitted.blocks == (table(("a",), [("b",)]), preformatted("c  d\ne  f\n"))


def test_cut_leaves_no_half_markup() -> None:
    """A cut never leaves half an entity or half a mention at the end."""
    for pad in range(12):
        fitted = fit(Reply("x", (section("y" * (2990 + pad) + "&lt;<@U123456>"),)))
        text = fitted.blocks[0]["text"]["text"]
        assert not text.removesuffix("…").endswith(("&", "&l", "&lt", "<", "<@", "<@U1234"))
        assert len(text) <= 3000


def test_a_document_keeps_its_beginning() -> None:
    """What is in a language is cut at its end, and the file has it whole."""
    written = "kind: Pod\n" + "# more\n" * 3000 + "status: {}\n"
    fitted = fit(Reply("x", (preformatted(written, "yaml"),)))
    assert plain(fitted.blocks).startswith("kind: Pod\n# more")
    assert "status" not in plain(fitted.blocks)
    assert fitted.file
    assert "status: {}" in fitted.file.text


def test_long_line() -> None:
    """A single line longer than a message keeps its end, and the note says so."""
    fitted = fit(Reply("x", (preformatted("a" * 20_000 + "end"),)))
    assert fitted.blocks[0]["elements"][0]["elements"][0]["text"].endswith("aend")
    assert fitted.blocks[1] == context("Cut to fit: a part of a long line more, all in the file `podbot.txt`.")


def test_button_whose_value_is_too_long_goes() -> None:
    """A value is never cut, for it is signed; the button goes instead."""
    good, bad = button("A", "podbot:share", "v" * 2000), button("B", "podbot:remove", "v" * 2001)
    assert fit(Reply("x", (section("y"), actions(good, bad)))).blocks == (section("y"), actions(good))
    assert fit(Reply("x", (section("y"), actions(bad)))).blocks == (section("y"),)


def test_words_come_before_output() -> None:
    """Where there is too little room, paragraphs and buttons stay whole and output is cut."""
    blocks = (preformatted("o\n" * 9000), section("s" * 2500), actions(button("A", "podbot:share", "v")))
    fitted = fit(Reply("x", blocks)).blocks
    assert fitted[1:2] == blocks[1:2]
    assert fitted[-1] == blocks[2]
    assert 5000 < size(fitted[0]) < BUDGET - 2500


def test_text_alone_is_whole_in_a_file() -> None:
    """A message without blocks whose text is too long is cut, and a file has all of it, unescaped."""
    fitted = fit(Reply("a &lt; b\n" * 1000))
    assert len(fitted.text) <= TEXT
    assert fitted.text.endswith("…")
    assert fitted.file == File("podbot.txt", ("a < b\n" * 1000))


def test_file_is_cut_to_a_snippet() -> None:
    """A file longer than Slack takes is cut in whole characters and says so."""
    fitted = fit(Reply("x", file=File("a.log", "ü" * FILE_BYTES)))
    assert fitted.file is not None
    assert len(fitted.file.text.encode()) <= FILE_BYTES
    assert fitted.file.text.endswith("ü\n… cut here: a file holds at most 1 MB.\n")


def test_empty_parts_go() -> None:
    """Blocks without any text, which Slack refuses, go; a text is never empty."""
    assert fit(Reply("", (section(""), context("", "a")))) == Reply("podbot has answered.", (context("a"),))


def test_too_many_buttons() -> None:
    """Where buttons alone are too many for a message, the last ones go."""
    rows = tuple(actions(*[button("b" * 90, "podbot:share", "v")] * 25) for _ in range(6))
    fitted = fit(Reply("x", rows))
    assert [len(row["elements"]) for row in fitted.blocks] == [25, 25, 25, 25, 14]


def test_unknown_block() -> None:
    """A kind of block that is not cut here stays where there is room, and goes to the file as a whole where not."""
    small, large = ({"type": "markdown", "text": "m" * size} for size in (10, 10_000))
    fitted = fit(Reply("x", (small, large)))
    assert fitted.blocks == (small, context("Cut to fit: a part more, all in the file `podbot.txt`."))


def test_too_many_blocks() -> None:
    """Of more blocks than a message holds, the last ones go to the file."""
    fitted = fit(Reply("x", tuple(section(f"part {number}") for number in range(60))))
    assert len(fitted.blocks) == BLOCKS
    assert fitted.blocks[48] == section("part 48")
    assert fitted.file is not None
    assert "part 59" in fitted.file.text


@given(st.lists(st.sampled_from(["s", "t", "p"]), max_size=6), st.integers(0, 9000))
def test_crop(kinds: list[str], length: int) -> None:
    """What is cropped fits without a file, however much there was, and keeps the end of an output."""
    made = {"s": section("s" * length), "t": table(["h"], [["c" * length]]), "p": preformatted("p\n" * length + "end")}
    cropped = crop([made[kind] for kind in kinds])
    fitted = fit(Reply("x", cropped))
    assert fitted == Reply("x", cropped)
    if kinds == ["p"]:
        assert str(cropped[0]).count("end") == 1
