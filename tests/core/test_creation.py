"""What `create` says before it makes a pod."""

from bot.core.creation import digest, facts, line, notes
from bot.core.parsing import parse
from bot.core.resources import Json
from handlers.create import COMMAND

POD: Json = {
    "metadata": {"labels": {"app": "web", "count": 1}},
    "spec": {
        "initContainers": [{"name": "first", "image": "busybox", "args": ["a b", "--password=hunter2secret"]}],
        "containers": [{"name": "main", "image": "acme/web:1", "command": ["sh", "-c", "x" * 200]}, {"name": "bare"}],
    },
}


def test_facts_name_images_commands_and_labels() -> None:
    """The channel sees what runs; a secret is masked before the command is cut."""
    assert tuple(facts(POD, ["status"])) == (
        "Init container first: busybox, which runs 'a b' --password=‹masked›.",
        f"Container main: acme/web:1, which runs sh -c {'x' * 114}….",
        "Container bare: its default image.",
        "Labels: app=web.",
        "Left out, since the server writes it: status.",
    )


def test_many_containers_are_counted() -> None:
    """A pod of very many containers does not fill the channel."""
    many = {"spec": {"containers": [{"name": f"c{number}", "image": "i"} for number in range(13)]}}
    assert len(told := tuple(facts(many))) == 11
    assert told[-1] == "And 3 more containers."


def test_facts_stand_whatever_the_shape() -> None:
    """Nulls and other types, which the server has yet to refuse, are no mistake of podbot's."""
    assert not tuple(facts({"spec": None, "metadata": {"labels": []}}))
    assert not tuple(facts({"spec": {"containers": "all"}}))


def test_notes_name_the_end() -> None:
    """A pod with a time to live says when it ends."""
    assert tuple(notes({}, 90)) == ("Kubernetes ends it after 90s; it can be looked at until somebody deletes it.",)
    assert not tuple(notes({}, None))


def test_a_line_asks_for_the_same() -> None:
    """The line is quoted, and parses to what it was made of."""
    words = ("single", "web", "message=a 'b'")
    typed = line(words, labels=[("a", "b"), ("c", "d")], ttl=60, dry_run=True, namespace="shop")
    parsed = parse(typed, {"create": COMMAND})
    asked = parsed.asked
    assert (asked.template, asked.words, asked.labels) == ("single", words[1:], (("a", "b"), ("c", "d")))
    assert (asked.ttl, asked.dry_run, parsed.namespace) == (60, True, "shop")


def test_a_digest_knows_what_differs() -> None:
    """Order does not matter, and every value does."""
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1, "b": 3})
