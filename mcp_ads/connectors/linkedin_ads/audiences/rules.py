"""What LinkedIn demands of DMP segments, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.urns import Urn, tail
from mcp_ads.core import dig

from . import criteria

MOST_NAMED, MOST_NAME = 5, 40
FEWEST = 300
"""Matched members below which an audience is not served."""
CLOSED = ("EXPIRED", "FAILED", "ERROR")
"""States in which a segment takes no members and cannot be targeted."""
LISTS = {"USER": "USER_LIST_UPLOAD", "COMPANY": "COMPANY_LIST_UPLOAD"}
STREAMED, UPLOADED = "API", "LIST_UPLOAD"
"""Where members come from, unless the app was given a name of its own."""
SegmentId = Annotated[
    str,
    Urn("dmpSegment"),
    Field(examples=["11001"], description="Id of the DMP segment, not of its ad segment."),
]


def row(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with what LinkedIn says of its destination, which is where its ad segment and state stand."""
    destination: Mapping[str, Any] = next(iter(record.get("destinations") or ()), {})
    there = {
        name: record.get(name, destination.get(name)) for name in ("status", "matchedCount", "audienceSize")
    }
    return {**record, **there, "ad_segment_id": tail(destination.get("destinationSegmentId") or "") or None}


def closed(live: Mapping[str, Any], *, companies: bool) -> str:
    """Why a segment, as it is, takes no such members; empty when it does."""
    kind, wanted = live.get("type"), "COMPANY" if companies else "USER"
    if live.get("status") in CLOSED:
        return f"it is {live['status']}, and takes no members any more: create a new one"
    if kind in LISTS.values():
        return "it is filled by a file that is uploaded in Campaign Manager, not by members one by one"
    if kind and kind != wanted:
        return f"it is of type {kind}, and these are {'companies' if companies else 'people'}"
    return ""


def unreal(account: Any) -> str:
    """Why an account can have no segments; empty when it can, or when it is not known."""
    return "it would be in a test account, where LinkedIn makes none" if dig(account, "test") is True else ""


def targeting(campaigns: Any, ad_segment: str | None) -> list[Mapping[str, Any]] | None:
    """The campaigns that target a segment, of those that were listed; None is not known."""
    if not isinstance(campaigns, list):
        return None
    urn = f"urn:li:adSegment:{ad_segment}"
    return [record for record in campaigns if urn in criteria.urns(record.get("targetingCriteria") or {})]


def used_by(campaigns: Any, ad_segment: str | None) -> str:
    """Which campaigns target a segment that goes, in words."""
    using = targeting(campaigns, ad_segment)
    if using is None:
        return "which campaigns target it is not known"
    if not using:
        return f"none of the {len(campaigns):,} campaigns that were looked at targets it"
    active = sum(record.get("status") == "ACTIVE" for record in using)
    shown = [f"{record.get('id')} {str(record.get('name'))[:MOST_NAME]!r}" for record in using[:MOST_NAMED]]
    more = f" and {len(using) - MOST_NAMED} more" if len(using) > MOST_NAMED else ""
    named = f"{', '.join(shown)}{more}"
    return f"{len(using)} campaigns target it, {active} of them ACTIVE, and will lose it: {named}"
