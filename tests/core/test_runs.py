"""When something runs: every platform's spelling of an end is one moment."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from mcp_ads.core.runs import run_of

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("end", "zone", "moment"),
    [
        ("2026-11-25", "UTC", "2026-11-26T00:00+00:00"),
        ("2026-11-25", "America/Los_Angeles", "2026-11-26T08:00+00:00"),
        ("2026-11-25T09:00:00-0500", "Asia/Tokyo", "2026-11-25T14:00+00:00"),
        ("2026-11-25T09:00", "Asia/Tokyo", "2026-11-25T00:00+00:00"),
        ("2026-11-25T09:00Z", "Asia/Tokyo", "2026-11-25T09:00+00:00"),
        (1764028800000, "UTC", "2025-11-25T00:00+00:00"),
        (1764028800, "UTC", "2025-11-25T00:00+00:00"),
        ("1764028800", "UTC", "2025-11-25T00:00+00:00"),
    ],
)
def test_ends(end: Any, zone: str, moment: str) -> None:
    """Days are whole and the last one counts; times keep their offset or have the account's; epochs too."""
    assert run_of(None, end, zone).ends == datetime.fromisoformat(moment)


@pytest.mark.parametrize("end", [None, "", 0, "0", "none", "soon", "2026-13-01", {}, [], "9" * 400, True])
def test_no_end(end: Any) -> None:
    """What says no end, or cannot be read, never makes something look as if it were over."""
    assert not run_of(None, end, "UTC").over(NOON)


def test_days_left() -> None:
    """Counted from now or from a start that is still to come, and never less than one."""
    assert run_of(None, "2026-11-27T12:00Z", "UTC").days(NOON) == 2
    assert run_of("2026-11-27T00:00Z", "2026-11-27T12:00Z", "UTC").days(NOON) == 1
    assert run_of(None, "2026-11-20", "No/Where").days(NOON) == 1
    assert run_of(None, "2026-11-27T00:00Z", "UTC").days(NOON) == Decimal("1.5")
    assert run_of(None, None, "UTC").days(NOON) is None
