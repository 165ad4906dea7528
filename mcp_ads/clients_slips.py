"""What people write for a campaign's name or id, and is neither: it would protect nothing, unsaid."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from .clients import odd_character

_DIGITS = r"\d{9,30}"
_ID = re.compile(r"(?:[a-z]+\s*:\s*)?(?:act_)?\d{6,30}", re.ASCII | re.IGNORECASE)
_AROUND = re.compile(
    rf"(?:act_|(?:campaign_)?id|campaign|\W)*({_DIGITS})(?:\s*[^\w\s*?].*|\.0)?\s*",
    re.ASCII | re.IGNORECASE,
)
_LONG = re.compile(r"(?:[^*?]*\D)?(\d{15,30})(?:[^\d*?][^*?]*)?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:[ ,.'_]\d{3}){2,}", re.ASCII)
_ROUNDED = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.ASCII | re.IGNORECASE)
_URN = re.compile(r"urn:\S+", re.IGNORECASE)
_WORD = re.compile(r"(?:campaign[ _]?)?(?:name|id)s?\s*[:=]", re.IGNORECASE)
_ANY_OF_SQL = re.compile(r"^%|(?:[^\s\d*?]|\d{4})\s*%", re.ASCII)
"""A % that no percentage can be before: `10% off` and `*% off*` may be, `Brand %` not."""
QUOTES = "\"'\u2018\u2019\u201c\u201d"


def slip_of(text: str) -> str:
    """What is wrong with an entry, and what to write; empty for what may be a name or an id."""
    return next(_slips(text), "")


def _slips(text: str) -> Iterator[str]:
    if not text.strip():
        yield "is empty, and would protect nothing"
    if not text.strip("*? ") and text != "*":
        yield 'is no name; write one such as "*brand*", or "*" for all'
    if text != text.strip():
        yield "has blanks at an end, where names have none: leave them out"
    if odd := odd_character(text):
        yield f"has {odd}"
    yield from _misspelt(text)
    yield from _foreign(text)


def _misspelt(text: str) -> Iterator[str]:
    """Ids and names with what does not belong to them."""
    plain = "".join(str(unicodedata.decimal(char, char)) for char in text)
    if _ID.fullmatch(plain) and plain != text:
        yield f"has digits of another script: write {plain}"
    if _are_several(text):
        yield "is several in one text: write each in quotes of its own, or in a name ? for the comma"
    if len(text) > 1 and text[0] in QUOTES and text[-1] in QUOTES:
        yield "has quotes in quotes: leave them out, or in a name write ? for each"
    if _URN.fullmatch(text):
        yield "is no campaign's URN; write linkedin:123"
    if _ROUNDED.fullmatch(text) or _GROUPED.fullmatch(text):
        yield "is a number as a table shows it: write the id's digits alone"
    if re.fullmatch(r"0\d{5,}", text, re.ASCII):
        yield f"begins with 0, as no id does; write {text.lstrip('0')}"
    placed = ":" in text and _ID.fullmatch(text)
    if not placed and (found := _AROUND.fullmatch(text) or _LONG.fullmatch(text)) and found[1] != text:
        yield f"is no id with what stands beside it: write {found[1]}, or in a name ? for a digit"
    if _WORD.match(text):
        yield "says what it is: write the name or id alone, or in a name ? for the colon"


def _are_several(text: str) -> bool:
    """Whether a text is a list: of ids, or with patterns among them that all begin, or end, with *."""
    if len(ids := re.split(r"[,;|/\s]+", text)) > 1 and all(map(_ID.fullmatch, ids)):
        return True
    parts = [part.strip() for part in re.split("[,;]", text)]
    if len(parts) == 1 or not all(parts):
        return False
    return any(all(_ID.fullmatch(part) or part[at] == "*" for part in parts) for at in (0, -1))


def _foreign(text: str) -> Iterator[str]:
    """Wildcards of SQL and of regular expressions."""
    if _ANY_OF_SQL.search(text):
        yield "has % for any text: write *, or in a name ? for the %"
    if text.startswith(("^", ".*")) or text.endswith(".*") or re.fullmatch(r"/.+/[a-z]*", text):
        yield "is a regular expression: write * for any text, or in a name ? for such a character"
