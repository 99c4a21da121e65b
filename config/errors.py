"""What is wrong in the configuration: which file, which key, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

ENVIRONMENT = "environment"
_CROSS_CHECK = "cross_check"
_IN_KEY = "[key]"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: a file (or "environment"), a key in it as a dotted path, and what to do."""

    file: str
    key: str
    mend: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.file}: {self.key}: {self.mend}" if self.key else f"{self.file}: {self.mend}"


class ConfigError(Exception):
    """The configuration can't be used; it never carries a configured value's text, which might be a secret."""

    def __init__(self, file: str, key: str, mend: str, *more: Problem) -> None:
        self.problems = (Problem(file, key, mend), *more)
        super().__init__("\n".join(map(str, self.problems)))

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> "ConfigError":
        """Report all of several problems, at least one, together."""
        first, *more = problems
        return cls(first.file, first.key, first.mend, *more)


def cross_check(problems: Sequence[tuple[str, str]]) -> None:
    """Raise what a whole model's validator found, as (key, mend) pairs, for `from_pydantic` to unfold."""
    if problems:
        raise PydanticCustomError(_CROSS_CHECK, "the parts do not fit together", {"problems": list(problems)})


def from_pydantic(file: str, model: type[BaseModel], error: ValidationError) -> list[Problem]:
    """Return every problem that pydantic found in `file`, without the values that it found them in."""
    details = error.errors(include_input=False, include_url=False)
    first_hand = [detail for detail in details if not _is_echo(detail, details)]
    return [problem for detail in first_hand for problem in _problems(file, model, detail)]


def near(word: str, known: Sequence[str]) -> str:
    """Return "; did you mean “known”?" where a known word is close, else nothing."""
    close = get_close_matches(word, known, n=1)
    return f"; did you mean “{close[0]}”?" if close else ""


def _problems(file: str, model: type[BaseModel], detail: ErrorDetails) -> list[Problem]:
    path = [step for step in detail["loc"] if step != _IN_KEY]
    if detail["type"] == _CROSS_CHECK:
        return [Problem(file, _dotted([*path, key]), mend) for key, mend in detail["ctx"]["problems"]]
    return [Problem(file, _dotted(path), _mend(model, path, detail))]


def _is_echo(detail: ErrorDetails, details: Sequence[ErrorDetails]) -> bool:
    """Whether a list is called empty only because all that is in it was refused one by one."""
    length = len(detail["loc"])
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > length and other["loc"][:length] == detail["loc"] for other in details
    )


def _dotted(path: Sequence[int | str]) -> str:
    return ".".join(str(step) for step in path if step != "")


def _mend(model: type[BaseModel], path: Sequence[int | str], detail: ErrorDetails) -> str:
    match detail["type"]:
        case "extra_forbidden":
            return f"unknown key{near(str(path[-1]), _keys(model, path[:-1]))}"
        case "missing":
            return "missing; set it"
        case "too_short":
            return "empty; write at least one"
        case "value_error":
            return str(detail["ctx"]["error"])
    return detail["msg"]


def _keys(model: Any, path: Sequence[int | str]) -> list[str]:
    """Return the keys that are known where `path` leads, following fields, and the values of dicts and tuples."""
    for step in path:
        if isinstance(model, type) and issubclass(model, BaseModel):
            model = model.model_fields[str(step)].annotation
        else:
            model = next(part for part in reversed(get_args(model)) if part is not Ellipsis)
    return [field.alias or name for name, field in model.model_fields.items()]
