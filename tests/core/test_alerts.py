"""Which pods an alert names, as the usual senders write it, and as nobody should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.alerts import MOST, Named, looks_made, named, target
from bot.core.names import is_label, is_subdomain

WEB = "web-7d9c5b6f4-x2x4k"
ALERTMANAGER = f"""*[FIRING:1] KubePodCrashLooping*
*Description:* Pod shop/{WEB} (main) is in waiting state (reason: "CrashLoopBackOff").
*Details:*
 • *alertname:* `KubePodCrashLooping`
 • *namespace:* `shop`
 • *pod:* `{WEB}`
 • *uid:* `5f0c9d5e-1b1a-4c56-9f0e-000000000000`"""
GRAFANA = """**Firing**

Value: A=1
Labels:
 - alertname = Crash
 - grafana_folder = k8s
 - namespace = shop
 - pod = orders
Source: <https://grafana.example/x?var-pod=nope-1|the panel>
Silence: https://grafana.example/alerting/silence/new?matcher=pod%3Dnope-2"""


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ((ALERTMANAGER,), [f"shop/{WEB}"]),
        ((GRAFANA,), ["shop/orders"]),
        (("pod: web", "namespace: shop"), ["shop/web"]),
        (('{pod="web-1", namespace="shop"}',), ["shop/web-1"]),
        (('namespace="shop" pod="web-1"\nnamespace="payments" pod="ledger-0"',), ["shop/web-1", "payments/ledger-0"]),
        (("exported_namespace=shop exported_pod=db-0 namespace=monitoring pod=exporter-1",), ["shop/db-0"]),
        (("kubernetes_pod_name: web-1",), ["web-1"]),
        (("*Pod*\n`orders`", "*Namespace*\n`shop`"), ["shop/orders"]),
        (("Pod `shop/web-1`.",), ["shop/web-1"]),
        (("/api/v1/namespaces/shop/pods/web-1/log",), ["shop/web-1"]),
        (("kubectl logs pod/orders -n shop",), ["orders"]),
        ((f"{WEB} keeps dying since 2026-11-26, back-off, ask 10.0.0.1:9090",), [WEB]),
        (("shop/web-1 and payments/ledger-0 are down",), ["shop/web-1", "payments/ledger-0"]),
        (("Pod is crash-looping in namespace shop, and/or n/a.",), []),
        (("POD=WEB-1",), ["web-1"]),
        (("pod=web-1.",), ["web-1"]),
        (("",), []),
        ((), []),
    ],
)
def test_names_are_found(said: tuple[str, ...], words: list[str]) -> None:
    """Labels name pods, else kubectl's forms, else made names in prose, each with the namespace that stands nearest."""
    assert [one.word for one in named(said)] == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("<!channel> pod=we\u200bb-1 <@U0ALICE>", ["web-1"]),
        ("pod=<http://web-1.shop|web-1.shop>", ["web-1.shop"]),
        ("pod=&lt;web-1&gt;", ["web-1"]),
        ("pod=../../secrets", []),
        ("pod=web_1", []),
        ("pod=$(reboot)", []),
        (f"pod={'a' * 300}", []),
    ],
)
def test_what_slack_and_the_hostile_write(said: str, words: list[str]) -> None:
    """Links, entities and unseen characters are undone first, and what is no pod's name is not taken."""
    assert [one.word for one in named([said])] == words


@pytest.mark.parametrize("said", ["a-1 ", "pod=a ", "-", "a-", "a.", "namespace ", "<!", "x://", "pod" + " " * 9, "a/"])
def test_much_of_anything_is_bounded(said: str) -> None:
    """However long a message is, it ends, with no more names than are looked up."""
    assert len(named([said * 20_000])) <= MOST


def test_many_names_are_the_first_ones() -> None:
    """Of many names the first are taken, each once."""
    said = "\n".join(f"pod=web-{number % 40}" for number in range(4000))
    assert [one.pod for one in named([said])] == [f"web-{number}" for number in range(MOST)]


@given(st.lists(st.text(max_size=60) | st.sampled_from(["pod=", "namespace=", "shop/", "web-1 ", "`", "*", " "])))
def test_a_name_is_always_one(said: list[str]) -> None:
    """Whatever is said, what comes of it can stand in a line and in a path."""
    for one in named(["".join(said)]):
        assert is_subdomain(one.pod)
        assert not one.namespace or is_label(one.namespace)
        assert target(one.word) == one


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("web-1", Named("web-1")),
        ("shop/web-1", Named("web-1", "shop")),
        ("/web-1", None),
        ("a/b/c", None),
        ("shop/", None),
        ("Web", None),
        ("", None),
    ],
)
def test_a_typed_name(word: str, wanted: Named | None) -> None:
    """A name is typed alone or after its namespace."""
    assert target(word) == wanted


@pytest.mark.parametrize(("name", "made"), [(WEB, True), ("db-0", True), ("back-off", False), ("2026-11-26", False)])
def test_what_looks_made(name: str, made: bool) -> None:  # noqa: FBT001  # a table's column
    """A made name has a hyphen, a digit and a letter."""
    assert looks_made(name) is made
