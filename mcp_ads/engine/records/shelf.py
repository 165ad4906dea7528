"""What is left of lists that were shown in part, kept for their cursors."""

from __future__ import annotations

import json
import time
from typing import Any

from mcp_ads.core.cells import compact
from mcp_ads.engine.wire.cursors import FORGOTTEN, WRONG, Place, new_name
from mcp_ads.engine.wire.window import Stretch, Window
from mcp_ads.errors import InvalidParams
from mcp_ads.files.places import Place as Keeping
from mcp_ads.files.private_files import sealed, unsealed

DAY = 86_400
SLACK = 60.0
"""Seconds by which clocks may differ; what is from later than that is not believed."""
MOST_BYTES, MOST_FILES = 64 * 2**20, 2_000
MOST_EACH = 8 * 2**20
TIDIED_AFTER, COUNTED = MOST_BYTES // 8, 2**15
"""Bytes that are kept before what is old is looked for again, which takes as long as many calls; bytes that
the smallest file counts as, so that it is looked for after so many files, too."""


class Shelf:
    """Stretches of lists, private, for a day, so that cursors work in other processes too."""

    def __init__(self, place: Keeping) -> None:
        self._place = place
        self._since = TIDIED_AFTER

    def put(self, name: str, left: Stretch) -> bool:
        """Keep what is left of a list under a new name; False when it cannot be."""
        content = _packed(left)
        kept = self._place.add(name, content)
        self._since += max(len(content), COUNTED)
        if self._since > TIDIED_AFTER:
            self._since = 0
            self._place.tidy(seconds=DAY, most_bytes=MOST_BYTES, most_files=MOST_FILES)
        return kept

    def get(self, name: str, whose: str) -> Stretch:
        """What is kept under a name. Raises InvalidParams when it is gone, unreadable, or another call's."""
        try:
            at, left = _unpacked(self._place.read(name) or b"")
        except (ValueError, TypeError, KeyError, RecursionError):
            raise InvalidParams(FORGOTTEN) from None
        if left.whose != whose:
            raise InvalidParams(WRONG)
        if not -SLACK < time.time() - at < DAY:
            raise InvalidParams(FORGOTTEN)
        return left

    def leave_out(self, window: Window, rows: int) -> None:
        """Keep what an answer leaves out of a window, for the cursor in it."""
        window.name = new_name()
        if not self.put(window.name, window.left_at(rows)):
            window.name = ""


def _packed(left: Stretch) -> bytes:
    """A stretch as JSON; rows that are too many are asked for again where they can be."""
    text = _text(left, left.rows)
    if len(text) > MOST_EACH and left.places:
        text = _text(left, [])
    return sealed(text.encode(errors="replace"))


def _text(left: Stretch, rows: list[Any]) -> str:
    places = [[at, place.token, place.size, place.skip] for at, place in left.places]
    after = [left.after.token, left.after.size, left.after.skip] if left.after else None
    return compact([time.time(), left.whose, rows, places, after, left.tokens, left.onward, left.given])


def _unpacked(content: bytes) -> tuple[float, Stretch]:
    at, whose, rows, places, after, tokens, onward, *more = json.loads(unsealed(content))
    known = [(int(row), Place(*rest)) for row, *rest in places]
    end = Place(*after) if after else None
    given = int(more[0]) if more and more[0] is not None else None
    return float(at), Stretch(str(whose), list(rows), known, end, list(tokens), dict(onward), given)
