"""Slack's request signatures."""

from slack_sdk.signature import SignatureVerifier

from bot.demo.chat.signatures import sign

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BODY = (
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
    "&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
    "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d"
    "10d2c447fce8b6703c"
)


def test_signs_slacks_own_example() -> None:
    """Slack's documented example has Slack's documented signature."""
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert sign(SECRET, "1531420618", BODY) == expected


def test_agrees_with_slacks_package() -> None:
    """slack_sdk signs alike, whatever the letters."""
    theirs = SignatureVerifier(SECRET).generate_signature(timestamp="1", body="tekst=é“”")
    assert sign(SECRET, "1", "tekst=é“”") == theirs
