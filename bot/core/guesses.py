"""Known words near to an unknown one."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return "did you mean X?" for the known word nearest to `word`, or `otherwise` where none is near."""
    close = get_close_matches(word.lower(), list(known), n=1)
    return f"did you mean “{close[0]}”?" if close else otherwise
