"""What names a row of insights: its object, its days and its breakdowns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from mcp_ads.connectors.facebook_marketing import names

DAYS = ("date_start", "date_stop")
SHARED = frozenset({"region", "zip"})
"""Breakdowns of which several countries may have the same value."""


def of(level: str, breakdowns: Sequence[str]) -> tuple[str, ...]:
    """The fields that only one row of a level has together; empty where rows may share all of them."""
    if SHARED & {*breakdowns}:
        return ()
    return (*(() if level == "account" else (f"{level}_id",)), *DAYS, *breakdowns)


def of_records(records: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The same of a report whose order is not at hand: a row that names an ad is of no other level."""
    found = dict.fromkeys(chain.from_iterable(records))
    known = names.fields_of("AdsInsights")
    return of("ad", [name for name in found if name not in known and name not in DAYS])
