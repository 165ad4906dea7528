"""How much of a platform's limits is used, as it tells beside its answers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

MOST = 1e9


@dataclass(frozen=True)
class Usage:
    """How much of one limit is used.

    `limit` names it, `percent` is used of it. `account` is the plain id that the platform tells it for, empty
    where that is the account asked about; one `of_app` is that of all who use the app. It `recovers` in so
    many seconds, and for `blocked` of them the platform answers nothing; 0 where it does not say. `tier` is
    the app's class of access, by which the limit is high or low.
    """

    limit: str
    percent: float
    account: str = ""
    of_app: bool = False
    recovers: float = 0.0
    blocked: float = 0.0
    tier: str = ""


def number(value: Any) -> float:
    """A number of a header; 0 where it is none, or none that makes sense."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(value) if 0 < value < MOST and math.isfinite(value) else 0.0
