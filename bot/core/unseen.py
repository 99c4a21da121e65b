"""Characters that nobody sees in a line: a line that is typed or offered has none, or it would not be what it seems.

Source of the categories: https://www.unicode.org/reports/tr44/#General_Category_Values.
"""

import unicodedata
from typing import Final

# Controls, formats such as bidi overrides, half characters, breaks.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def is_unseen(character: str) -> bool:
    """Whether a character cannot be seen."""
    return unicodedata.category(character) in _UNSEEN
