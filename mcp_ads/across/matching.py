"""How well an object fits what somebody looks for: by its id, its name or what it says, in any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

ID, NAME, PREFIX, WORDS, CONTAINS, TEXT = "id", "name", "prefix", "words", "contains", "text"
FOUND_BY = (ID, NAME, PREFIX, WORDS, CONTAINS, TEXT)
"""By what an object is found, the best first."""
QUOTES = "\"'“”„«»"
_WORD = re.compile(r"\w+")


def folded(text: Any) -> str:
    """A text without what people spell differently: case, widths of characters, runs of spaces."""
    return " ".join(unicodedata.normalize("NFKC", str(text or "")).casefold().split())


def is_blank(query: str) -> bool:
    """Whether a query has nothing to look for: it is empty, also inside quotes."""
    return not folded("".join(letter for letter in query if letter not in QUOTES))


class Wanted:
    """What somebody looks for. `plain_ids` take prefixes off ids, by platform."""

    def __init__(self, query: str, plain_ids: Mapping[str, Callable[[str], str]]) -> None:
        said = query.strip().strip(QUOTES).strip()
        self._text = folded(said)
        self._words = set(_WORD.findall(self._text))
        self._ids: dict[str, set[str]] = {}
        for platform, plain in plain_ids.items():
            written = {said, said.removeprefix(f"{platform}:")}
            self._ids[platform] = (written | set(map(plain, written))) - {""}

    def found_by(self, row: Mapping[str, Any]) -> str:
        """By what a row fits, one of FOUND_BY; "" where it does not."""
        if str(row["id"]) in self._ids.get(str(row["platform"]), ()):
            return ID
        return self._in_name(folded(row["name"])) or (TEXT if self._is_in(folded(row["text"])) else "")

    def _in_name(self, name: str) -> str:
        if name == self._text:
            return NAME
        if name.startswith(self._text):
            return PREFIX
        if self._words and self._words <= set(_WORD.findall(name)):
            return WORDS
        return CONTAINS if self._is_in(name) else ""

    def _is_in(self, text: str) -> bool:
        """Whether a text has it as it is, or all its words in any order."""
        return self._text in text or bool(self._words and all(word in text for word in self._words))
