"""Values that no platform could be sent as they came: digits that were lost, no number, half a character."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import chain
from typing import Any

MOST_EXACT, MOST_DEEP = 2**53 - 1, 100
TOO_LONG = "write ids as text in quotes; a number of this length has lost digits on its way"
NO_NUMBER = "NaN and Infinity are no numbers that can be sent"
HALF = "half of a character (a lone surrogate) is in it; write the text anew"
DEEP = f"nested more than {MOST_DEEP} levels deep"
MOST_ID = 2_000
"""Characters of the longest id that a platform gives, and room."""
_HALVES = re.compile(r"[\ud800-\udfff]")


def unsendable(value: Any, *, exact: bool = False, depth: int = 0) -> str:
    """Why a value cannot be sent; empty when it can. A number longer than every client keeps may be another
    one by now, unless it is `exact`, such as one that came inside a text.
    """
    if isinstance(value, str):
        return HALF if _HALVES.search(value) else ""
    if isinstance(value, float) and not math.isfinite(value):
        return NO_NUMBER
    if isinstance(value, int | float):
        return TOO_LONG if not exact and abs(value) > MOST_EXACT else ""
    inner = chain(value, value.values()) if isinstance(value, Mapping) else value
    if not isinstance(value, list | Mapping):
        return ""
    if depth == MOST_DEEP:
        return DEEP
    return next((why for part in inner if (why := unsendable(part, exact=exact, depth=depth + 1))), "")


def no_id(name: str, value: Any) -> str:
    """Why a value of a parameter that names objects by their ids is none; empty when it may be one."""
    if not name.endswith(("_id", "_ids")):
        return ""
    lengths = (len(one) for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))
    longest = max(lengths, default=0)
    return f"{longest:,} characters are no id" if longest > MOST_ID else ""
