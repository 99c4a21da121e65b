from bot.core.guesses import did_you_mean


def test_did_you_mean() -> None:
    """The nearest known word is offered, whatever the case; a word near to none gets the other hint."""
    assert did_you_mean("Delte", ["list", "delete"], "type help") == "did you mean “delete”?"
    assert did_you_mean("xyzzy", ["list", "delete"], "type help") == "type help"
