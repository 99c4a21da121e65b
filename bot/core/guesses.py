"""Known words near to an unknown one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

_NEAR: Final = 0.65  # a little above difflib's own, by which "restart" is near to "status"
_HABITS: Final[Mapping[str, str]] = {  # what fingers type that know kubectl and a shell
    **dict.fromkeys(("get", "ls", "ps"), "list"),
    **dict.fromkeys(("rm", "kill"), "delete"),
    **dict.fromkeys(("run", "apply"), "create"),
    **dict.fromkeys(("sh", "bash", "attach"), "exec"),
    **dict.fromkeys(("cat", "tail"), "logs"),
    **dict.fromkeys(("inspect", "show"), "describe"),
    "port-forward": "curl",
    "why": "triage",
}


def which_command(word: str, known: Collection[str], otherwise: str, before: str) -> str:
    """Return "did you mean `X`?" for the command that does what `word` does elsewhere, or as `did_you_mean` does."""
    meant = _HABITS.get(word.lower())
    return f"did you mean `{before}{meant}`?" if meant in known else did_you_mean(word, known, otherwise, before)


def did_you_mean(word: str, known: Iterable[str], otherwise: str, before: str = "") -> str:
    """Return "did you mean `X`?" for the known word nearest to `word`, or `otherwise` where none is near.

    `before` is what is typed before the word.
    """
    close = get_close_matches(word.lower(), list(known), n=1, cutoff=_NEAR)
    return f"did you mean `{before}{close[0]}`?" if close else otherwise


def among(word: str, known: Sequence[str], noun: str) -> str:
    """Return "did you mean `X`? Its nouns are `X`, `Y`", or the latter part alone where none of the known is near."""
    near = did_you_mean(word, known, "")
    these = f"its only {noun} is" if len(known) == 1 else f"its {noun}s are"
    all_of_them = f"{these} {', '.join(f'`{one}`' for one in known)}"
    return f"{near} {all_of_them[:1].upper()}{all_of_them[1:]}" if near else all_of_them
