"""Text as conditions compare it: without what cannot be told apart by looking at it."""

from __future__ import annotations

import unicodedata

MINUS = "\N{MINUS SIGN}"


def folded(text: str) -> str:
    """A text as `seen`, and without case."""
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFKC", seen(text).casefold())


def seen(text: str) -> str:
    """A text with one spelling of what looks alike: accents composed, one width, one dash, one space."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_ALIKE))


class _Alike(dict[int, str]):
    """Each character as it is compared, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        if category == "Pd" or char == MINUS:
            char = "-"
        elif category == "Zs":
            char = " "
        elif category == "Cf" or "\ufe00" <= char <= "\ufe0f":
            char = ""
        self[code] = char
        return char


_ALIKE = _Alike()
