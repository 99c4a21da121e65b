"""What `create` says and pins before it makes a pod: its name, the line that asks for the same, what to note."""

import hashlib
import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Final

from bot.core.ages import duration
from bot.core.reading import mapping, objects, strings, text, texts
from bot.core.redaction import redact
from bot.core.resources import Json
from bot.core.touches import told, touches

_SUFFIX_LETTERS: Final = "bcdfghjklmnpqrstvwxz2456789"  # Kubernetes' own for generated names: they make no words
_SUFFIX_LENGTH = 5
_MOST_NAMED = 10
_MOST_OF_A_COMMAND = 120
_MOST_OF_A_NAME = 200
_MOST_OF_LABELS = 400
_LISTS = (("initContainers", "Init container"), ("containers", "Container"))


def suffix(request_id: str) -> str:
    """Return the end of a generated name: the same for one request, in its plan and in its run."""
    drawn = hashlib.sha256(request_id.encode()).digest()[:_SUFFIX_LENGTH]
    return "".join(_SUFFIX_LETTERS[byte % len(_SUFFIX_LETTERS)] for byte in drawn)


def digest(body: Json) -> str:
    """Return what tells one manifest from another, so that the pod made is the pod that was shown."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def line(
    source: Iterable[str],
    *,
    labels: Iterable[tuple[str, str]],
    ttl: int | None,
    dry_run: bool,
    namespace: str,
) -> str:
    """Return the line that asks for the same again; `source` is what stands after `create`: template, name, values."""
    pairs = ",".join(f"{key}={value}" for key, value in labels)
    options = (
        *(("-l", pairs) if pairs else ()),
        *(("--ttl", f"{ttl}s") if ttl else ()),
        *(("--dry-run",) if dry_run else ()),
    )
    return shlex.join(("create", *source, *options, "-n", namespace))


def notes(body: Json, ttl: int | None) -> Iterator[str]:
    """Yield what the channel should know of a pod before it is made, a sentence of plain text each."""
    yield from told(touches(body))
    if ttl is not None:
        span = duration(timedelta(seconds=ttl))
        yield f"Kubernetes ends it after {span}; it can be looked at until somebody deletes it."


def facts(written: Json, left_out: Iterable[str] = ()) -> Iterator[str]:
    """Yield what a pod that somebody wrote consists of, so that everyone can see it: images, commands, labels."""
    containers = list(_containers(mapping(written.get("spec"))))
    yield from containers[:_MOST_NAMED]
    if (more := len(containers) - _MOST_NAMED) > 0:
        yield f"And {more} more containers."
    if labels := strings(mapping(written.get("metadata")).get("labels")):
        yield f"Labels: {_cut(', '.join(f'{key}={value}' for key, value in labels.items()), _MOST_OF_LABELS)}."
    if paths := ", ".join(left_out):
        yield f"Left out, since the server writes it: {paths}."


def _containers(spec: Json) -> Iterator[str]:
    for key, word in _LISTS:
        for one in objects(spec.get(key)):
            image = text(one.get("image")) or "its default image"
            yield f"{word} {text(one.get('name'))[:63]}: {_cut(image, _MOST_OF_A_NAME)}{_command(one)}."


def _command(container: Mapping[str, object]) -> str:
    words = (*texts(container.get("command")), *texts(container.get("args")))
    return f", which runs {_cut(shlex.join(words), _MOST_OF_A_COMMAND)}" if words else ""


def _cut(words: str, most: int) -> str:
    """Mask, then cut: half a secret no longer looks like one."""
    plain = " ".join(redact(words).split())
    return plain if len(plain) <= most else f"{plain[:most]}…"
