from bot.core.guesses import among, did_you_mean


def test_did_you_mean() -> None:
    """The nearest known word is offered, whatever the case; a word near to none gets the other hint."""
    assert did_you_mean("Delte", ["list", "delete"], "type help") == "did you mean `delete`?"
    assert did_you_mean("xyzzy", ["list", "delete"], "type help") == "type help"


def test_among() -> None:
    """All known words are named, after the nearest where one is near."""
    assert among("sid", ["app", "side"], "it has") == "did you mean `side`? It has `app`, `side`"
    assert among("", ["app", "side"], "it has") == "it has `app`, `side`"
