"""Known words near to an unknown one."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str], otherwise: str, before: str = "") -> str:
    """Return "did you mean `X`?" for the known word nearest to `word`, or `otherwise` where none is near.

    `before` is what is typed before the word.
    """
    close = get_close_matches(word.lower(), list(known), n=1)
    return f"did you mean `{before}{close[0]}`?" if close else otherwise


def among(word: str, known: Sequence[str], these: str) -> str:
    """Return "did you mean `X`? These are `X`, `Y`", or the latter part alone where none of the known words is near."""
    near = did_you_mean(word, known, "")
    all_of_them = f"{these} {', '.join(f'`{one}`' for one in known)}"
    return f"{near} {all_of_them[:1].upper()}{all_of_them[1:]}" if near else all_of_them
