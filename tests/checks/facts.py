"""Facts of a podbot that is set up as it should be, to be changed by each test."""

from dataclasses import replace
from typing import Any

from bot.checks import planning
from bot.checks.facts import ClusterFacts, Facts, SlackFacts
from bot.core.inspections import Channel, Rules, Token, Usergroup, Version
from bot.core.rbac import own_rules
from bot.core.resources import Json
from bot.slack.scopes import OPTIONAL, REQUIRED
from config.policy import Policy
from config.settings import SHIPPED_TEMPLATES, Settings
from config.templates import load_templates
from handlers import COMMANDS

KEY = "8d3c5f0b9a7e41266bd20c4e1f9837a5"
TREE: Json = {
    "team": "T0ACME",
    "ask": "#platform",
    "tiers": {
        "viewer": {"groups": ["podbot:viewers"], "may": ["READ"]},
        "operator": {"groups": ["podbot:operators"], "may": ["READ", "CHANGE", "DANGEROUS"]},
    },
    "people": {"U0BOB": {"user": "bob@example.com"}},
    "grants": [
        {"cluster": "main", "tier": "viewer", "channels": ["C0TEAM"], "namespaces": ["shop"]},
        {
            "cluster": "main",
            "tier": "operator",
            "usergroups": ["S0ONCALL"],
            "channels": ["C0ONCALL"],
            "namespaces": ["shop"],
        },
    ],
}


def settings(**changed: Any) -> Settings:
    """Return settings of Socket Mode."""
    told = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SIGNING_KEYS": KEY,
        "PODBOT_NAMESPACE": "podbot",
        "PODBOT_POLICY": "policy.yaml",
    }
    return Settings.model_validate({name: value for name, value in {**told, **changed}.items() if value})


def policy(**changed: Any) -> Policy:
    """Return the usual policy, with some keys changed."""
    return Policy.model_validate({**TREE, **changed})


def good(held: Policy | None = None, *, tokens: bool = False) -> Facts:
    """Return what is found where nothing is wrong under a policy, by constrained impersonation or by tokens."""
    held = held or policy()
    chosen = settings(PODBOT_IDENTITY="tokens") if tokens else settings()
    accounts = chosen.accounts
    templates = load_templates(SHIPPED_TEMPLATES)
    needed = own_rules(COMMANDS, held, namespace="podbot", legacy=False, tokens=tokens, cluster="main")
    slack = SlackFacts(
        Token("T0ACME", "U0PODBOT", REQUIRED | OPTIONAL),
        0.4,
        None,
        {one: Channel(one, one.lower()) for one in ("C0TEAM", "C0ONCALL")},
        {"S0ONCALL": Usergroup("S0ONCALL", "oncall", 2)},
        Channel("C0PLATFORM", "platform"),
    )
    cluster = ClusterFacts(
        version=Version("v1.37.1"),
        skew=-0.6,
        constrained=not tokens,
        legacy=False,
        lent={"bob@example.com": False},
        identities=dict.fromkeys(planning.identities(held, accounts)),
        rights=dict.fromkeys(planning.reviews(held, "main", accounts), True),
        targets={} if tokens else dict.fromkeys(planning.targets(held, "main"), True),
        rules={one: Rules(needed.get("", ()) + needed.get(one, ())) for one in ("podbot", "shop")},
        probes=dict.fromkeys(planning.probes("podbot"), False),
        claim=None,
        pods={(place, name): () for place in planning.makers(held, "main", accounts) for name in templates},
    )
    return Facts(chosen, held, templates, slack, cluster)


def slack(facts: Facts, **changed: Any) -> Facts:
    """Return facts with something else that Slack said."""
    return replace(facts, slack=replace(facts.slack, **changed))


def cluster(facts: Facts, **changed: Any) -> Facts:
    """Return facts with something else that the API server said."""
    return replace(facts, cluster=replace(facts.cluster, **changed))
