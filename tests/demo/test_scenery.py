"""What the demo has on its stage."""

import re

from bot.core.reading import objects
from bot.core.resources import Json
from bot.demo import scenery
from handlers import COMMANDS

_POD = re.compile(r"\b(?:([a-z]+)/)?([a-z]+-\d)\b")
_CONTAINER = re.compile(r"-c (\w+)")


def _pods() -> dict[tuple[str, str], Json]:
    bodies = ((namespace, body) for namespace, body in scenery.workloads() if body["kind"] == "Pod")
    return {(namespace, body["metadata"]["name"]): body for namespace, body in bodies}


def test_examples_can_be_tried() -> None:
    """Each pod and container that an example of help names is there."""
    pods = _pods()
    for example in (example for command in COMMANDS for example in command.examples):
        for namespace, name in _POD.findall(example):
            pod = pods[namespace or scenery.SHOP, name]
            containers = [one["name"] for one in objects(pod["spec"]["containers"])]
            assert set(_CONTAINER.findall(example)) <= set(containers), example
