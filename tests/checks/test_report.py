"""What checks found, as people and programs read it."""

import json

from bot.checks.examining import CHECKS, judged
from bot.checks.report import as_json, has_failed, lines, page
from bot.core.errors import ChatError
from tests.checks.facts import good, slack


def test_lines() -> None:
    """A line a finding, its level first and its mend last; then how many there are."""
    found = list(judged(slack(good(), token=ChatError("no", code="token_revoked"), skew=None)))
    told = list(lines(found))
    assert told[4] == (
        "failure        slack-token: Slack does not take SLACK_BOT_TOKEN: token_revoked. Mend: copy the Bot User OAuth "
        "Token from the app's page “OAuth & Permissions”, after installing it"
    )
    assert told[5] == "not looked at  slack-scopes: because slack-token failed"
    assert told[-1] == "13 ok, 1 failure, 7 not looked at"
    assert has_failed(found)


def test_json() -> None:
    """Programs get whether all is well, and each finding with its check, level, kind and words."""
    told = json.loads(as_json(list(judged(good()))))
    assert told["ok"] is True
    assert told["findings"][0] == {
        "check": "settings",
        "level": "ok",
        "kind": "settings-good",
        "says": "all settings are there, and of the right form",
        "mend": "",
    }


def test_the_page_names_every_kind() -> None:
    """The document lists every check, with every kind of finding, its mend, and capitals for what is filled in."""
    told = page(CHECKS)
    for check in CHECKS:
        assert f"### {check.name}\n" in told
        assert all(f"- *{kind.level.value}* (`{kind.word}`): " in told for kind in check.kinds)
    assert "podbot is not in CHANNEL, so that it can announce nothing there" in told
    assert "`podbot rbac --policy FILE --namespace HOME | kubectl apply -f -`" in told
    assert "{" not in told
