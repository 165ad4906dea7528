"""How the families before v3 spell: numbers as ids, states in lower case, days as 20261130.

Towards people they read like the others: records are put into their words, and items out of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic.alias_generators import to_camel

from .types import Json

IDS = (
    "campaignId", "adGroupId", "adId", "keywordId", "targetId", "themeId", "creativeId", "portfolioId",
)  # fmt: skip
DAYS = ("startDate", "endDate")
MOMENTS = ("creationDate", "lastUpdatedDate", "lastUpdateDate")
WORDS = ("matchType",)
"""What has one of a few words, such as negativeExact."""


def in_capitals(word: str) -> str:
    """A word as people read it: negativeExact as NEGATIVE_EXACT."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).upper()


def in_camel(word: str) -> str:
    """A word as the platform takes it: NEGATIVE_EXACT as negativeExact."""
    return to_camel(word.lower())


def in_words(record: Mapping[str, Any]) -> Json:
    """A record as people read it: ids as text, its state in upper case, days as 2026-11-30, times in UTC."""
    row = dict(record)
    row |= {name: str(row[name]) for name in IDS if row.get(name) is not None}
    if isinstance(state := row.get("state"), str):
        row["state"] = state.upper()
    row |= {name: in_capitals(word) for name in WORDS if isinstance(word := row.get(name), str)}
    for name in DAYS:
        if len(day := str(row.get(name) or "")) == len("20261130") and day.isdecimal():
            row[name] = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return row | {name: _moment(since) for name in MOMENTS if isinstance(since := row.get(name), int)}


def _moment(since: int) -> str | int:
    """A time that is counted in milliseconds since 1970, in UTC; one that is none stays as it is."""
    try:
        return f"{datetime.fromtimestamp(since / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):
        return since


def out_of_words(item: Mapping[str, Any]) -> Json:
    """An item as the platform takes it; what stands for an id that is to come stays as it is."""
    sent = dict(item)
    sent |= {name: int(sent[name]) for name in IDS if str(sent.get(name)).isdecimal()}
    sent |= {name: in_camel(sent[name]) for name in WORDS if sent.get(name)}
    if "state" in sent:
        sent["state"] = sent["state"].lower()
    return sent | {name: sent[name].replace("-", "") for name in DAYS if sent.get(name)}
