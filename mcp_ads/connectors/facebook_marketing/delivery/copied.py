"""What is read of an object that is copied, and what its parts will be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from mcp_ads.core import dig
from mcp_ads.core.runs import run_of
from mcp_ads.errors import InvalidParams

MOST_BELOW = 200
"""Objects below one that are read along with it."""
MOST_NAME = 60
GONE = ("ARCHIVED", "DELETED")


def below(source: Mapping[str, Any], edge: str) -> list[Mapping[str, Any]]:
    """The objects of an edge that was read along with an object. Raises InvalidParams when there may be more:
    an expansion stops at its limit without a word.
    """
    found = list((source.get(edge) or {}).get("data") or ())
    if cut_off(source, edge):
        many = f"deep_copy: it has {len(found)} {edge} or more"
        raise InvalidParams(f"{many}; copy it with deep_copy=false, and these one by one")
    return found


def cut_off(source: Mapping[str, Any], edge: str) -> bool:
    """Whether there may be more of an edge than what was read along: it names a next page, or is full."""
    there = source.get(edge) or {}
    return bool(dig(there, "paging.next")) or len(there.get("data") or ()) >= MOST_BELOW


def put_away(parent: Mapping[str, Any], param: str) -> Iterable[str]:
    """Why nothing can be copied into a parent, where it is archived or deleted."""
    states = [parent.get(name) for name in ("status", "effective_status")]
    if state := next((state for state in states if state in GONE), ""):
        yield f"{param}: it is {state}, and nothing can be added to it"


def called(record: Mapping[str, Any] | None) -> str:
    """An object's name as the data it is, with a space before it; nothing where it is not known."""
    line = " ".join(str((record or {}).get("name") or "").split())
    return f" {json.dumps(line[:MOST_NAME], ensure_ascii=False)}" if line else ""


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def ahead(record: Mapping[str, Any], begin: str) -> bool:
    """Whether a record's begin is yet to come."""
    begins = run_of(record.get(begin), None, "UTC").begins
    return begins is not None and begins > datetime.now(UTC)


def over(record: Mapping[str, Any], end: str) -> bool:
    """Whether a record's end has passed."""
    return run_of(None, record.get(end), "UTC").over(datetime.now(UTC))


def switched_on(records: Iterable[Mapping[str, Any]], call: Any) -> list[dict[str, Any]]:
    """Records as their copies will be once they are switched on; one that is over begins again."""
    given = {name: value for name in ("start_time", "end_time") if (value := getattr(call, name, None))}
    return [
        {**record, **({"end_time": None} if over(record, "end_time") else {}), **given, "status": "ACTIVE"}
        for record in records
    ]
