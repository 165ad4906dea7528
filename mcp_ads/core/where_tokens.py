"""The words of a condition: `cost > 300 USD and name ~ 'shoes'` as tokens with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from .currencies import CODES, SYMBOLS

Kind = Literal["word", "number", "date", "text", "sign", "symbol", "(", ")", ",", "%", "end"]
SIGNS = {
    "=": "=", "==": "=", "!=": "!=", "<>": "!=", "≠": "!=", "<": "<", ">": ">", "<=": "<=", "=<": "<=",
    "≤": "<=", ">=": ">=", "=>": ">=", "≥": ">=", "~": "~", "!~": "!~", "&&": "and", "||": "or", "!": "not",
}  # fmt: skip
"""Every spelling of a sign that is understood, and what it means."""
KEYWORDS = frozenset({"and", "or", "not", "in", "between", "like", "ilike", "is", "contains"})
NOTHING = frozenset({"empty", "null", "none"})
QUOTES = {"'": "'", '"': '"', "“": "”", "‘": "’", "„": "“", "«": "»"}  # noqa: RUF001
BRACKETS = {"(": "(", "[": "(", ")": ")", "]": ")"}
_SYMBOL = re.compile("|".join(map(re.escape, sorted(SYMBOLS, key=len, reverse=True))))
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w:-])")
_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)?(?:\.[0-9]+)?(?:(?![\w.:-])|(?=[A-Za-z]{3}(?!\w)))"
)
_RUN = re.compile(r"[<>=!~&|≠≤≥]+")
_WORD = re.compile(r"\w[\w.:-]*")
_SPACE = re.compile(r"\s+")


class Mistake(Exception):
    """What is wrong with a condition, and where: the number of characters before it."""

    def __init__(self, at: int, what: str) -> None:
        super().__init__(what)
        self.at = at


class Misfit(Mistake):
    """What is understood, and does not fit the columns there are."""


@dataclass(frozen=True)
class Token:
    """One word: `text` is what it means (a sign's usual spelling, text without its quotes)."""

    kind: Kind
    text: str
    at: int

    @property
    def said(self) -> str:
        """The token as an error names it."""
        return "the end" if self.kind == "end" else repr(self.text)

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these words of the language, in any case, or the sign that means it."""
        return self.kind in ("word", "sign") and self.text.lower() in words


def tokens(text: str) -> list[Token]:
    """All words of a condition and its end. Raises Mistake."""
    return [*_tokens(text), Token("end", "", len(text))]


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        if space := _SPACE.match(text, at):
            at = space.end()
            continue
        token, at = _next(text, at)
        yield token


def _next(text: str, at: int) -> tuple[Token, int]:
    letter = text[at]
    if letter in QUOTES:
        return _quoted(text, at)
    if letter in BRACKETS:
        return Token("(" if BRACKETS[letter] == "(" else ")", letter, at), at + 1
    if letter in ",%":
        return Token("," if letter == "," else "%", letter, at), at + 1
    if run := _RUN.match(text, at):
        return _sign(run[0], at), run.end()
    if symbol := _SYMBOL.match(text, at):
        return Token("symbol", symbol[0], at), symbol.end()
    if date := _DATE.match(text, at):
        return Token("date", date[0], at), date.end()
    if number := _number(text, at):
        return Token("number", number, at), at + len(number)
    if word := _WORD.match(text, at):
        return Token("word", word[0], at), word.end()
    raise Mistake(at, f"{letter!r} has no meaning here; put text in quotes")


def _number(text: str, at: int) -> str:
    """The number that begins here; "" for what only begins like one, such as 3pack or 2026-11."""
    found = _NUMBER.match(text, at)
    if not found or not found[0].strip("+-."):
        return ""
    after = text[found.end() : found.end() + 3]
    return found[0] if not after[:1].isalpha() or after.upper() in CODES else ""


def _sign(run: str, at: int) -> Token:
    if run not in SIGNS:
        raise Mistake(at, f"{run!r} is no comparison; there are = != < <= > >= ~")
    return Token("sign", SIGNS[run], at)


def _quoted(text: str, at: int) -> tuple[Token, int]:
    """Text up to its closing quote; a doubled quote inside is one."""
    closing, parts, start = QUOTES[text[at]], list[str](), at + 1
    while (end := text.find(closing, start)) >= 0:
        parts.append(text[start:end])
        if text[end + 1 : end + 2] != closing or closing != text[at]:
            return Token("text", closing.join(parts), at), end + 1
        start = end + 2
    raise Mistake(at, f"the quote {text[at]} is not closed")


def named(text: str) -> tuple[list[str], list[str]]:
    """The columns a condition surely names, and the words that may be columns too, in their order.

    Empty for text that is no condition: `parse` says what is wrong with it once the columns are known.
    """
    try:
        words = tokens(text)
    except Mistake:
        return [], []
    sure, maybe = dict[str, None](), dict[str, None]()
    for word, after in pairwise(words):
        if word.kind != "word" or word.text.lower() in KEYWORDS | NOTHING:
            continue
        compared = after.kind == "sign" and not after.is_word("and", "or", "not")
        (sure if compared or after.is_word("not", *KEYWORDS - {"and", "or"}) else maybe)[word.text] = None
    return list(sure), [word for word in maybe if word not in sure]
