"""A command's declarations as click's command, and as the words that help and README print."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import click

from bot.core.arguments import NAMESPACE
from bot.core.commands import Command

WITHIN = "in_namespace"
EVERYWHERE = "in_all_namespaces"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument or option as people read it; `metavar` is empty for a flag, `default` where there is none."""

    names: tuple[str, ...]
    metavar: str
    help: str
    default: str
    required: bool
    is_option: bool


@cache
def built(command: Command[Any, Any]) -> click.Command:
    """Return the click command of a request's decorators, with the namespace options that podbot adds; made once."""
    declared: list[click.Parameter] = list(reversed(getattr(command.request, "__click_params__", ())))
    return _Declared(
        command.name,
        callback=command.request,
        params=[*declared, *_scope(command)],
        add_help_option=False,
        context_settings={"allow_extra_args": True},  # refused in plain words by bot.core.parsing
    )


class _Declared(click.Command):
    """A click command without click's search for duplicates at every call: a test searches once for all of them."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:  # noqa: ARG002  # click's way
        """Return what is declared."""
        return self.params


def usage(command: Command[Any, Any]) -> str:
    """Return how a command is typed, without the leading `/pod`: "logs POD [-c CONTAINER] [-p]"."""
    declared = _shown(command)
    arguments = [one for one in declared if not isinstance(one, click.Option)]
    options = [_option(one) for one in declared if isinstance(one, click.Option)]
    before = [_argument(one) for one in arguments if one.name != command.verbatim]
    after = [f"-- {value_name(one)}…" for one in arguments if one.name == command.verbatim]
    return " ".join((command.name, *before, *options, *after))


def parameters(command: Command[Any, Any]) -> tuple[Parameter, ...]:
    """Return a command's arguments and options in their declared order, the added ones last."""
    return tuple(_parameter(declared, command) for declared in _shown(command))


def value_name(declared: click.Parameter) -> str:
    """Return the word that stands for a parameter's value: "POD", "wide|name"; empty for a flag."""
    if isinstance(declared, click.Option) and declared.is_flag:
        return ""
    if declared.metavar:
        return declared.metavar
    if isinstance(declared.type, click.Choice):
        return "|".join(str(choice) for choice in declared.type.choices)
    return (declared.type.name if isinstance(declared, click.Option) else declared.name).upper()


def _shown(command: Command[Any, Any]) -> list[click.Parameter]:
    """Return what people are told of: an option that is there to be refused in plain words is not."""
    return [one for one in built(command).params if not getattr(one, "hidden", False)]


def _scope(command: Command[Any, Any]) -> list[click.Parameter]:
    if command.scope_free:
        return []
    words = "The namespace; otherwise the channel's own."
    within = click.Option(["-n", "--namespace", WITHIN], type=NAMESPACE, help=words)
    if not command.everywhere:
        return [within]
    words = "Every namespace that is granted to you here."
    return [within, click.Option(["-A", "--all-namespaces", EVERYWHERE], is_flag=True, help=words)]


def _argument(declared: click.Parameter) -> str:
    if declared.metavar:
        return declared.metavar
    words = value_name(declared) + ("…" if declared.nargs == -1 else "")
    return words if declared.required else f"[{words}]"


def _option(declared: click.Option) -> str:
    words = f"{declared.opts[0]} {value_name(declared)}".rstrip()
    return words if declared.required else f"[{words}]"


def _parameter(declared: click.Parameter, command: Command[Any, Any]) -> Parameter:
    facts = declared.to_info_dict()
    default = facts["default"]
    is_option = isinstance(declared, click.Option)
    return Parameter(
        names=tuple(declared.opts) if is_option else (value_name(declared),),
        metavar=value_name(declared),
        help=facts["help"] or "",
        default="" if default is None or default is False or default == () else str(default),
        required=declared.required or declared.name == command.verbatim,
        is_option=is_option,
    )
