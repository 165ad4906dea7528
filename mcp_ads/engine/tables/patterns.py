"""LIKE: patterns with % and _, matched in a time that grows with the text, however many % there are."""

from __future__ import annotations

import re


class Pattern:
    r"""% is any text, _ one letter, \ takes the next letter as it is; case does not matter, in any script.

    The text between two % is looked for from left to right, which finds a place for all of it if there is
    one; a regular expression of `.*` would try every combination.
    """

    def __init__(self, like: str) -> None:
        self._pieces = [re.compile(piece, re.DOTALL) for piece, _ in _pieces(like)]
        self._ends = _pieces(like)[-1][1]

    def fits(self, text: str) -> bool:
        """Whether the whole of a casefolded text fits."""
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
    pieces, escaped = [("", 0)], False
    for letter in like:
        made, letters = pieces[-1]
        if not escaped and letter == "\\":
            escaped = True
        elif not escaped and letter == "%":
            pieces.append(("", 0))
        elif not escaped and letter == "_":
            pieces[-1] = (f"{made}.", letters + 1)
        else:
            folded, escaped = letter.casefold(), False
            pieces[-1] = (made + re.escape(folded), letters + len(folded))
    made, letters = pieces[-1]
    return [*pieces[:-1], (made + re.escape("\\"), letters + 1)] if escaped else pieces
