"""The kind of pydantic model that configuration is read into."""

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from config.errors import ConfigError, from_pydantic


class Strict(BaseModel):
    """Refuses unknown keys, can't be changed, and never repeats a value in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], tree: dict[str, Any], file: str) -> Model:
    """Return `tree` as a `model`, or raise `ConfigError` with all that is wrong with it."""
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        raise ConfigError.of(from_pydantic(file, model, error)) from error
