"""When a change left, by the platform's clock where that is known, kept with a step whose outcome is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from mcp_ads.core.runs import moment

CLOCKS = timedelta(minutes=1)
"""By how much a moment of the platform's may be before one that came before it."""
APART = timedelta(days=1)
"""The same where nobody knows how far this machine's clock is from the platform's."""
MOST = 10 * 365 * 86_400
"""Seconds by which a clock is believed to be wrong."""
MARKEDLY = timedelta(minutes=30)
"""By how much something has to be older where nobody knows when exactly a change left."""
SINCE = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Left:
    """The moment before a request left by this machine's clock, and how far that was ahead, if known."""

    at: datetime
    ahead: timedelta | None = None

    @property
    def said(self) -> str:
        """The moment in words, by whose clock."""
        if self.ahead is None:
            return f"{self.at:{SINCE}} by this machine's clock"
        return f"{self.at - self.ahead:{SINCE}}"

    def was_before(self, made: datetime) -> bool | None:
        """Whether it left before something was made by the platform's clock, which is no older thing then;
        None where nobody knows.
        """
        if made < self.at - (self.ahead or timedelta()) - (CLOCKS if self.ahead is not None else APART):
            return False
        return True if self.ahead is not None else None

    def is_after(self, made: datetime, ahead: timedelta | None) -> bool:
        """Whether it left after something was made, which is another's then; in doubt where that is markedly
        older by `ahead`, by which this machine's clock is ahead now.
        """
        if self.ahead is not None:
            return self.was_before(made) is False
        return made < self.at - (ahead or timedelta()) - MARKEDLY

    def to_json(self) -> dict[str, Any]:
        """As a step's error keeps it."""
        known = {} if self.ahead is None else {"ahead": round(self.ahead.total_seconds(), 1)}
        return {"since": f"{self.at:{SINCE}}", **known}


def left_at(error: Mapping[str, Any]) -> Left | None:
    """The moment as a step's error has it; None where it has none, as after a lost process."""
    told = error.get("ahead")
    ahead = timedelta(seconds=told) if isinstance(told, int | float) and abs(told) < MOST else None
    try:
        at = moment(error.get("since"), "UTC", last=False)
    except (ValueError, OverflowError, OSError):
        return None
    return Left(at.astimezone(UTC), ahead) if at else None
