"""LIKE: patterns with % and _, matched in a time that grows with the text, however many % there are."""

from __future__ import annotations

import re

from mcp_ads.core.folding import folded

_MARKS = re.compile(r"\\.|.", re.DOTALL)


class Pattern:
    r"""% is any text, _ one letter, \ takes the next letter as it is; case does not matter, in any script.

    The text between two % is looked for from left to right, which finds a place for all of it if there is
    one; a regular expression of `.*` would try every combination.
    """

    def __init__(self, like: str) -> None:
        self._pieces = [re.compile(piece, re.DOTALL) for piece, _ in _pieces(like)]
        self._ends = _pieces(like)[-1][1]

    def fits(self, text: str) -> bool:
        """Whether the whole of a folded text fits."""
        first, *middle, last = self._pieces if len(self._pieces) > 1 else [*self._pieces, self._pieces[0]]
        if len(self._pieces) == 1:
            return bool(first.fullmatch(text))
        match = first.match(text)
        for piece in middle:
            match = piece.search(text, match.end()) if match else None
        at = len(text) - self._ends
        return bool(match and at >= match.end() and last.match(text, at))


def _pieces(like: str) -> list[tuple[str, int]]:
    """The parts between % as regular expressions, with the letters each takes."""
    made, letters, text = [""], [0], ""
    for mark in [*_MARKS.findall(like), ""]:
        if mark not in ("%", "_", ""):
            text += mark[1:] if len(mark) > 1 else mark
            continue
        plain, text = folded(text), ""
        made[-1] += re.escape(plain) + ("." if mark == "_" else "")
        letters[-1] += len(plain) + (mark == "_")
        if mark == "%":
            made.append("")
            letters.append(0)
    return [*zip(made, letters, strict=True)]
