import json
from typing import Any

import pytest
import yaml

from bot.core.errors import NotFound
from bot.core.names import PodName
from bot.core.redaction import redact_reply
from bot.core.replies import File, Reply
from bot.core.resources import Json
from bot.render.blocks import context, preformatted, section
from bot.render.limits import fit
from handlers.yaml import COMMAND, Yaml
from tests.fakes import FakeCluster, context_of
from tests.handlers.running import answer
from tests.handlers.shop import Shop

APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
LEFT_OUT = "`managedFields` is left out; `/pod yaml web-1 --managed-fields -n shop` shows it."
MASKED = "What looks like a secret is masked, so this is not to be applied: `‹masked›`."


def stored(**metadata: Any) -> Json:
    """Return a pod with nulls and empty values, as an API server stores it."""
    return {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": {"name": "web-1", "uid": "u-1", "creationTimestamp": None, **metadata},
        "spec": {"containers": [{"name": "app", "command": ["sh", "-c", "echo a\necho b"], "resources": {}}]},
    }


WRITTEN = """\
kind: Pod
apiVersion: v1
metadata:
  name: web-1
  uid: u-1
  creationTimestamp: null
spec:
  containers:
  - name: app
    command:
    - sh
    - -c
    - |-
      echo a
      echo b
    resources: {}"""


async def show(pod: Json, *, managed_fields: bool = False) -> Reply:
    """Return the answer about web-1."""
    cluster = FakeCluster({"get pods/web-1": pod})
    return await answer(COMMAND, context_of(cluster), Yaml(PodName("web-1"), managed_fields))


def text_of(reply: Reply) -> str:
    """Return the YAML of an answer."""
    text: str = reply.blocks[1]["elements"][0]["elements"][0]["text"]
    return text


async def test_yaml() -> None:
    """A pod is shown in its own order, with its nulls and empty values, a script as a block, and its UID pinned."""
    assert await show(stored()) == Reply(
        "*web-1* in `main/shop`: 16 lines",
        (section("*web-1* in `main/shop`: 16 lines"), preformatted(WRITTEN, "yaml")),
        pins={"pod/web-1": "u-1"},
    )


async def test_managed_fields() -> None:
    """Who manages which field is left out, which is told, unless it was asked for."""
    pod = stored(managedFields=[{"manager": "kubectl"}])
    reply = await show(pod)
    assert reply.blocks[1:] == (preformatted(WRITTEN, "yaml"), context(LEFT_OUT))
    asked_for = await show(pod, managed_fields=True)
    assert yaml.safe_load(text_of(asked_for)) == pod
    assert len(asked_for.blocks) == 2


async def test_secrets() -> None:
    """Secrets in env and in the last applied configuration are masked on the way out, and the answer says so."""
    env = [{"name": "DB_PASSWORD", "value": "hunter2!x"}, {"name": "API_TOKEN", "value": "s3cr3t: 'y'\nmore"}]
    pod = stored(annotations={APPLIED: json.dumps({"spec": {"containers": [{"env": env}]}}) + "\n"})
    pod["spec"]["containers"][0]["env"] = env
    reply = redact_reply(await show(pod))
    shown = text_of(reply)
    assert APPLIED in shown
    assert "name: DB_PASSWORD" in shown
    assert not [secret for secret in ("hunter2", "s3cr3t") if secret in shown]
    assert reply.blocks[2] == context(MASKED)


async def test_long() -> None:
    """A pod too long for a message is whole in a file, which the message names."""
    pod = stored(annotations={f"note-{index}": "x" * 50 for index in range(200)})
    reply = await show(pod)
    assert reply.file is not None
    assert yaml.safe_load(reply.file.text) == pod
    assert reply.file == File("web-1.yaml", f"{text_of(reply)}\n")
    assert "all in the file `web-1.yaml`" in str(fit(reply).blocks[-1])


@pytest.mark.parametrize(
    "value", ["12e5", "1.5E3", "0o17", "y", "no", "1.0", "null", "2026-01-02", "=", "~", "", "0x1f"]
)
async def test_strings_that_look_like_something_else(value: str) -> None:
    """What any reader of YAML might take for a number, a boolean or nothing is quoted."""
    (line,) = [
        line for line in text_of(await show(stored(labels={"a": value}))).split("\n") if line.startswith("    a:")
    ]
    assert line == f"    a: '{value}'"


@pytest.mark.parametrize(
    "value",
    ["Grüße 🙂", "a\u202eb", "\x1b[31mred\x1b[0m\x00", "a\u200bb ü", "<!channel>\n```\n*x*\n", " a \n b ", "\t\n"],
)
async def test_what_is_shown_is_what_is_stored(value: str) -> None:
    """Characters that a message can't carry are written as escapes, so that what is shown reads back the same."""
    pod = stored(annotations={"a": value})
    assert yaml.safe_load(text_of(await show(pod))) == pod


async def test_one_value_twice() -> None:
    """No anchors stand for what is the same in two places."""
    same = {"a": "b"}
    assert "&" not in text_of(await show(stored(labels=same, annotations=same)))


async def test_a_running_pod() -> None:
    """Over the simulated cluster the shown YAML is the stored object, with its status."""
    shop = Shop()
    shop.pod("web")
    await shop.wait(10)
    raw = shop.get("/api/v1/namespaces/shop/pods/web")
    raw["metadata"].pop("managedFields", None)
    reply = await shop.read("yaml web")
    assert yaml.safe_load(text_of(reply)) == raw
    assert reply.pins == {"pod/web": raw["metadata"]["uid"]}


async def test_a_pod_that_is_not_there() -> None:
    """A missing pod is told with one that is called nearly so."""
    shop = Shop()
    shop.pod("web-1")
    with pytest.raises(NotFound, match=r"did you mean web-1\?"):
        await shop.read("yaml web")
