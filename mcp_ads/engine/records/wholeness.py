"""Whether a log has every line of the last 24 hours, as its chain and what is remembered of it tell."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from .chain import PREV
from .hashes import digest
from .remembered import DAY, Mark, is_recent

OLD_LINES = 1_000
"""So many lines in a row that are older than a day end a look back; a clock that went wrong writes fewer."""
UNREADABLE = "it has a line that cannot be read"
UNLINKED = "lines of it were changed or removed"
BEHEADED = "its beginning is missing"


def gap(mark: Mark | None, lines: Iterable[tuple[bytes, dict[str, Any] | None]]) -> str:
    """Why the log is not whole; empty when it is. Lines come last first, None where they are unreadable."""
    if mark and mark.lost and is_recent(mark.lost):
        return _missing(mark.lost)
    known, follows, old, doubt = not (mark and mark.counts), "", 0, ""
    for text, line in lines:
        known = known or bool(mark and digest(text) == mark.last)
        if line is None:
            doubt = doubt or UNREADABLE
        elif follows and digest(text) != follows:
            doubt = doubt or UNLINKED
        if doubt and not old:
            return doubt
        follows = str((line or {}).get(PREV) or "")
        if line:
            old = 0 if is_recent(float(line["time"])) else old + 1
        if doubt and not old:
            return doubt
        if old >= OLD_LINES:
            break
    if mark and not known:
        return _missing(mark.time)
    return BEHEADED if follows and not old else ""


def _missing(at: float) -> str:
    until = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(at + DAY))
    return f"lines of it that were there are gone; until {until} they would count"
