"""`yaml`: a pod as it is stored."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import click
import yaml

from bot.core.arguments import POD
from bot.core.commands import Context, Read
from bot.core.names import PodName
from bot.core.reading import mapping, uid_of
from bot.core.redaction import MASK, carries_secret
from bot.core.replies import File, Reply
from bot.core.resources import Access, Json
from bot.render.blocks import context as small_print
from bot.render.blocks import preformatted, section
from bot.render.text import bold, clean, code, counted, typed
from bot.steps.pods import find_raw_pod

IN_MESSAGE = 7_500  # characters; what is longer goes into a file as well
_MANAGED = "managedFields"
_ENDLESS = 2**31  # characters of a line: a folded one would be a secret cut in two, and no command to copy


@click.argument("pod", type=POD, help="The pod.")
@click.option("--managed-fields", is_flag=True, help="With the record of who manages which field.")
@dataclass(frozen=True, slots=True)
class Yaml:
    """Which pod, and how much of it."""

    pod: PodName
    managed_fields: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """A pod as the API server gave it, but for what was not asked for; `hidden` says that something was not."""

    place: str
    asked: Yaml
    pod: Json = field(repr=False)
    hidden: bool = False

    @property
    def uid(self) -> str:
        """What tells this pod from its namesakes."""
        return uid_of(self.pod)


async def run(context: Context, asked: Yaml) -> AsyncIterator[Stored]:
    """Read the pod, and leave out who manages which field unless that was asked for."""
    raw = await find_raw_pod(context, asked.pod)
    place = f"{context.grant.cluster}/{context.namespace}"
    metadata = mapping(raw.get("metadata"))
    if asked.managed_fields or _MANAGED not in metadata:
        yield Stored(place, asked, raw)
        return
    kept = {key: value for key, value in metadata.items() if key != _MANAGED}
    yield Stored(place, asked, {**raw, "metadata": kept}, hidden=True)


def render(result: Stored) -> Reply:
    """Show it whole where it fits; a longer one is in the file as well."""
    written = _written(result.pod)
    answer = f"{bold(result.asked.pod)} in {code(result.place)}: {counted(written.count(chr(10)), 'line')}"
    notes = tuple(_notes(result, written))
    shown = (section(answer), preformatted(written.rstrip("\n"), "yaml"))
    return Reply(
        answer,
        (*shown, small_print(*notes)) if notes else shown,
        File(f"{result.asked.pod}.yaml", written) if len(written) > IN_MESSAGE else None,
        {f"pod/{result.asked.pod}": result.uid},
    )


def _notes(result: Stored, written: str) -> Iterator[str]:
    if result.hidden:
        line = f"yaml {result.asked.pod} --managed-fields -n {result.place.rpartition('/')[2]}"
        yield f"{code(_MANAGED)} is left out; {typed(line)} shows it."
    if carries_secret(written):
        yield f"What looks like a secret is masked, so this is not to be applied: {code(MASK)}."


def _written(pod: Json) -> str:
    """Return the pod as YAML; characters that a message would drop are written as escapes, so that none is lost."""
    plain = _dumped(pod, allow_unicode=True)
    return plain if clean(plain) == plain else _dumped(pod, allow_unicode=False)


def _dumped(pod: Json, *, allow_unicode: bool) -> str:
    written: str = yaml.dump(pod, Dumper=_Dumper, sort_keys=False, width=_ENDLESS, allow_unicode=allow_unicode)
    return written


class _Dumper(yaml.SafeDumper):
    """Writes what kubectl reads back as the same: no anchors, scripts as blocks."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        del data
        return True


def _string(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _string)
# Strings that Kubernetes' YAML reads as a number or a boolean and PyYAML does not must be quoted: a commit "12e5", "y".
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)[eE][-+]?\d+\Z|0o[0-7]+\Z"), [*"-+.0123456789"]
)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"[yYnN]\Z"), [*"yYnN"])

COMMAND = Read(
    name="yaml",
    request=Yaml,
    run=run,
    render=render,
    summary="Show a pod as it is stored",
    needs=(Access("get", "pods"), Access("list", "pods", optional=True)),
    examples=("yaml web-1", "yaml web-1 --managed-fields"),
)
