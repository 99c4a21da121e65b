"""The only types that a command's arguments and options may have; each refusal ends with what to type.

What may not be here: a type that opens a file, reads the environment or prompts.
"""

import re
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

import click

from bot.core import alerts, durations, goals, labels, names, patterns, relabelling, selectors, targets
from bot.core.errors import UsageError

Value = TypeVar("Value")

_PARAMETER_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
_WEEK = 7 * 86400
_MANY = 1_000_000
LONGEST_WAIT: Final = 600  # seconds


class Words(click.ParamType[Value], Generic[Value]):
    """A click type made of a function that reads one word and raises `UsageError`."""

    def __init__(self, name: str, read: Callable[[str], Value]) -> None:
        self.name = name
        self._read = read

    def __repr__(self) -> str:
        return self.name.upper()

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Value:
        """Read a typed word; a default that already is a value passes."""
        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]  # a default, written by the command's author
        try:
            return self._read(value)
        except UsageError as error:
            raise click.BadParameter(error.plain, ctx, param) from error


def parameter(text: str) -> tuple[str, str]:
    """Read "name=value" of a template's parameter into its two sides, or raise `UsageError`."""
    name, equals, value = text.partition("=")
    if not equals or not _PARAMETER_NAME.fullmatch(name):
        raise UsageError(f"“{text[:60]}” is not a parameter", hint="type `name=value`, such as `image=nginx:1.22`")
    return name, value


def _named_pod(text: str) -> alerts.Named:
    found = alerts.target(text)
    if found is None:
        raise UsageError(f"“{text[:60]}” is not a pod name", hint="type `web-1`, or `shop/web-1` with its namespace")
    return found


def _template_name(text: str) -> str:
    if not names.is_subdomain(text):
        raise UsageError(f"“{text[:60]}” is not a template name", hint="type `/pod templates` to see them")
    return text


def _whole(least: int, most: int, hint: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
            raise UsageError(f"“{text[:20]}” is not a number from {least} to {most:,}", hint=hint)
        return int(text)

    return read


def _timeout(text: str) -> int:
    """Read how long to wait; as with kubectl, 0 looks once."""
    seconds = 0 if text in ("0", "0s") else durations.seconds(text)
    if seconds > LONGEST_WAIT:
        raise UsageError(f"“{text[:20]}” is longer than ten minutes", hint="type for example `30s`, `5m` or `10m`")
    return seconds


POD: Final = Words("pod", names.pod_name)
NAMESPACE: Final = Words("namespace", names.namespace)
CONTAINER: Final = Words("container", names.container_name)
TEMPLATE_NAME: Final = Words("template", _template_name)
NAMED_POD: Final = Words("[namespace/]pod", _named_pod)
TEXT: Final = Words("text", str)
SECONDS: Final = Words("seconds", _whole(0, _WEEK, "type whole seconds, such as 30"))
COUNT: Final = Words("count", _whole(-1, _MANY, "type a whole number, such as 100, or -1 for all"))
DURATION: Final = Words("duration", durations.seconds)
TIMEOUT: Final = Words("duration", _timeout)
GOAL: Final = Words("goal", goals.goal)
SELECTOR: Final = Words("selector", selectors.label_selector)
FIELD_SELECTOR: Final = Words("field-selector", selectors.field_selector)
LABELS: Final = Words("labels", labels.labels)
POD_OR_LABEL: Final = Words("pod or label", relabelling.pod_or_change)
PARAMETER: Final = Words("name=value", parameter)
PATTERN: Final = Words("pattern", patterns.pattern)
TARGET: Final = Words("pod[:port]/path", targets.target)
PATIENCE: Final = Words("seconds", _whole(1, 90, "type whole seconds, such as 30"))

_NAMES = (POD, NAMED_POD, NAMESPACE, CONTAINER, TEMPLATE_NAME)
_NUMBERS = (SECONDS, COUNT, DURATION, TIMEOUT, PATIENCE)
_TEXTS = (TEXT, SELECTOR, FIELD_SELECTOR, LABELS, POD_OR_LABEL, PARAMETER, GOAL, TARGET, PATTERN)
ALLOWED: Final[tuple[Words[Any], ...]] = (*_NAMES, *_NUMBERS, *_TEXTS)


def is_allowed(declared: click.Parameter) -> bool:
    """Whether a command may declare this: one of our types, a choice or a flag; no prompt, environment or callback."""
    known = declared.type in ALLOWED or isinstance(declared.type, click.Choice)
    flag = isinstance(declared, click.Option) and declared.is_flag
    prompts = isinstance(declared, click.Option) and bool(declared.prompt)
    return (known or flag) and not prompts and declared.envvar is None and declared.callback is None
