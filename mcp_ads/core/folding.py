"""Texts as people see them: two that cannot be told apart by looking are one."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile(
    "[\u034f\u1160\u17b4\u17b5\u180b-\u180f\u2065\ufe00-\ufe0f\ufdd0-\ufdef\ufff0-\ufffc\ufffe\uffff"
    "\U0001d159\U000e0000-\U000e0fff]"
)
"""Characters that are not seen, beside those of Unicode's categories for it."""
BLANK = "\u2800\u3164\uffa0\u115f"
"""Characters that look like a blank and are none to Unicode: Braille's, and fillers of Hangul."""
_LIKE = {
    "-": "\u2212\u02d7\u2043\u2796\u2500\u2501",
    "'": "`\u00b4\u2018\u2019\u201b\u2032\u02b9\u02bb\u02bc\u02bd\u02c8\u02ca\u02cb\u055a\u05f3\ua78c",
    '"': "\u201c\u201d\u201e\u201f\u2033\u02ba\u02dd\u02ee\u05f4\u3003",
    ",": "\u201a",
    "|": "\u2502\u2503\u2223\u01c0\u2758",
    "/": "\u2044\u2215",
    ":": "\u2236\u02d0\ua789",
    "·": "\u2027\u2219\u22c5",
    "~": "\u223c\u02dc",
    "_": "\u02cd",
    " ": BLANK,
    "i": "\u0131",
}
"""What looks like a character that keyboards have; the dotless i, whose capital is that of the other."""
_ALIKE = {ord(char): plain for plain, others in _LIKE.items() for char in others}
_DOTTED = re.compile("([ij])\u0307")
"""What is left of a capital İ in small letters."""


def folded(text: str) -> str:
    """A text as conditions compare it: as `seen`, and without case."""
    if text.isascii():
        return text.casefold()
    return _DOTTED.sub(r"\1", unicodedata.normalize("NFKC", seen(text).casefold()))


def seen(text: str) -> str:
    """A text with one spelling of what looks alike: accents composed, one width, one dash, one space."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_PLAIN))


def folded_name(text: str) -> str:
    """A name as it is compared: as `folded`, any run of blanks is one, and what is not seen is not there.

    Full-width letters are letters, every dash is a hyphen and every quotation mark a straight one. Letters of
    another alphabet are other letters.
    """
    plain = folded(text).translate(_PLAIN).replace("`", "'")
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def is_dash(char: str) -> bool:
    """Whether a character looks like a hyphen."""
    return unicodedata.category(char) == "Pd" or char in _LIKE["-"]


def is_unseen(char: str) -> bool:
    """Whether a character is none to a reader; what looks like a blank is one."""
    return unicodedata.category(char) in ("Cf", "Cc") or _UNSEEN.match(char) is not None


class _Plain(dict[int, str]):
    """Each character as a keyboard has it, found out when it is first met; empty where it is not seen."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        found = _ALIKE.get(code, char)
        if char.isspace():
            found = " "
        elif found == char:
            found = "-" if is_dash(char) else "" if is_unseen(char) else char
        self[code] = found
        return found


_PLAIN = _Plain()
