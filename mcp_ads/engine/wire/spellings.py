"""One secret in every spelling in which a platform may give it back, told apart character by character."""

from __future__ import annotations

import re
from functools import cache, cached_property

_ALNUM = re.compile(r"[0-9A-Za-z]+")
_BACK = r"\\{1,15}"
"""Backslashes of JSON in JSON in JSON; more, and whoever sends a million would keep us busy."""
_PERCENT = rf"(?:%|{_BACK}u0025)(?:25){{0,9}}"
_AMPERSAND = rf"(?:&|{_BACK}u0026|%26)(?:amp;){{0,9}}"
_NUMBER = rf"{_AMPERSAND}(?:\#|%23)"
_END = r"(?:;|%3[bB])?"
_LETTER = "3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]"
_HINT = re.compile(rf"%(?:25)*(?:{_LETTER})|\\(?:u00(?:25)*(?:{_LETTER})|x|u\{{)")
_HINTS = ("&#", "amp;#", "u0026#", "%23")
"""Without any of these no letter is escaped."""
_ESCAPED = re.compile(
    rf"(?:{_PERCENT}|{_BACK}(?:u00|x|u\{{0*)|{_NUMBER}[xX]0*)(?P<hex>{_LETTER})(?:;|\}})?"
    rf"|{_NUMBER}0*(?P<decimal>4[89]|5[0-7]|6[5-9]|[78]\d|9[0789]|1[01]\d|12[0-2])(?!\d);?"
)
"""Letters and digits that are escaped although they need not be."""


class Spellings:
    """A secret wherever it stands, with any of its characters escaped.

    Escaped may be as in addresses, in JSON, in HTML, and by one of them on top of another. Texts without its
    longest run of letters and digits are told by that alone, which takes no time.
    """

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.run = max(_ALNUM.findall(secret), key=len, default="")

    def within(self, text: str, loose: str) -> bool:
        """Whether it may be in a text, or in the same text `loosened`."""
        return self.run in text or self.run in loose

    def replaced(self, text: str, loose: str, mark: str) -> str:
        """The text with `mark` for the secret."""
        if self.run in text:
            text = self._plain.sub(mark, text)
        return self._whole.sub(mark, text) if loose and self.run in loose else text

    @cached_property
    def _plain(self) -> re.Pattern[str]:
        """With letters and digits as they are."""
        return re.compile(
            "".join(character if character.isalnum() else _any_of(character) for character in self.secret)
        )

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        return re.compile("".join(map(_any_of, self.secret)))


def loosened(text: str) -> str:
    """The text with letters and digits as they are, where any is escaped; empty where none is."""
    if not any(hint in text for hint in _HINTS) and not _HINT.search(text):
        return ""
    return _ESCAPED.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    return chr(int(found["hex"], 16) if found["hex"] else int(found["decimal"]))


@cache
def _any_of(character: str) -> str:
    """A pattern for the character as it is and escaped in every way."""
    code, raw = ord(character), re.escape(character)
    percent = "".join(f"{_PERCENT}{_hex(byte, 2)}" for byte in character.encode())
    short = [f"x{_hex(code, 2)}"] if code <= 0xFF else []  # noqa: PLR2004
    in_json = "|".join([f"u{_hex(code, 4)}", *short, rf"u\{{0*{_hex(code, 0)}\}}"])
    in_html = "|".join([f"0*{code}(?!\\d)", f"[xX]0*{_hex(code, 0)}(?![0-9a-fA-F])"])
    named = [rf"{_AMPERSAND}(?:{'|'.join(_names(character))}){_END}"]
    ways = [
        raw if character.isalnum() else rf"\\{{0,15}}{raw}",
        percent,
        rf"{_BACK}(?:{in_json})",
        f"{_NUMBER}(?:{in_html}){_END}",
        *(named if _names(character) else []),
    ]
    return f"(?:{'|'.join(ways)})"


def _hex(code: int, digits: int) -> str:
    """A number in hexadecimal, in either case."""
    return "".join(
        f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in f"{code:0{digits}x}"
    )


@cache
def _names(character: str) -> list[str]:
    """What HTML calls a character."""
    from html.entities import html5

    return sorted({name.rstrip(";") for name, meant in html5.items() if meant == character})
