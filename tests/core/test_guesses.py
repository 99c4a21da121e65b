from bot.core.guesses import among, did_you_mean, which_command


def test_did_you_mean() -> None:
    """The nearest known word is offered, whatever the case; a word near to none gets the other hint."""
    assert did_you_mean("Delte", ["list", "delete"], "type help") == "did you mean `delete`?"
    assert did_you_mean("xyzzy", ["list", "delete"], "type help") == "type help"
    assert did_you_mean("restart", ["status"], "type help") == "type help"


def test_which_command() -> None:
    """Words of kubectl and of shells lead to the command that does the same, if it is there; others to a near one."""
    assert which_command("LS", ["logs", "list"], "type help", "/pod ") == "did you mean `/pod list`?"
    assert which_command("rm", ["list"], "type help", "/pod ") == "type help"
    assert which_command("log", ["logs", "list"], "type help", "/pod help ") == "did you mean `/pod help logs`?"


def test_among() -> None:
    """All known words are named, after the nearest where one is near."""
    assert among("sid", ["app", "side"], "container") == "did you mean `side`? Its containers are `app`, `side`"
    assert among("", ["app", "side"], "container") == "its containers are `app`, `side`"
    assert among("x", ["app"], "container") == "its only container is `app`"
