"""What is noted of every change, for the change history: of Sponsored Products and Brands alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .calls import Body, Call
from .resources import Resource

TYPES = {
    "campaigns": "CAMPAIGN",
    "adGroups": "AD_GROUP",
    "productAds": "AD",
    "ads": "AD",
    "keywords": "KEYWORD",
    "negativeKeywords": "NEGATIVE_KEYWORD",
    "targetingClauses": "PRODUCT_TARGETING",
}
FAMILIES = ("amazon", "amazon.sb")
IDS = ("keywordId", "targetId", "adId", "adGroupId", "campaignId")
STRATEGIES = {"LEGACY_FOR_SALES": "LEGACY", "AUTO_FOR_SALES": "OPTIMIZE_FOR_SALES", "MANUAL": "MANUAL"}


def _budget(found: Body) -> Any:
    budget = found.get("budget")
    return budget.get("budget") if isinstance(budget, dict) else budget


FIELDS: dict[str, Callable[[Body], Any]] = {
    "STATUS": lambda found: str(found["state"]).upper(),
    "NAME": lambda found: found.get("name"),
    "BUDGET_AMOUNT": _budget,
    "DEFAULT_BID_AMOUNT": lambda found: found.get("defaultBid"),
    "BID_AMOUNT": lambda found: found.get("bid"),
    "PORTFOLIO": lambda found: found.get("portfolioId"),
    "SMART_BIDDING_STRATEGY": lambda found: STRATEGIES.get(
        (found.get("dynamicBidding") or {}).get("strategy", "")
    ),
    "START_DATE": lambda found: found.get("startDate"),
    "END_DATE": lambda found: found.get("endDate"),
}


def note(call: Call, resource: Resource, old: Body | None, new: Body) -> None:
    """Keep an event for each thing that is another than before; a new object is CREATED."""
    if resource.family not in FAMILIES or resource.key not in TYPES:
        return
    for change, before, after in _differences(old, new):
        values = (_day(call, before), _day(call, after)) if change.endswith("_DATE") else (before, after)
        known = event(resource.key, new, change, *values) | {"timestamp": int(time.time() * 1000)}
        number = call.store.new_id("amazon.change", 0)
        call.store.put("amazon.change", number, {"_profile": call.profile_id, "event": known})


def event(key: str, found: Body, change: str, before: Any, after: Any) -> Body:
    """One event, without its time."""
    metadata: Body = {name: str(found[name]) for name in ("campaignId", "adGroupId") if name in found}
    if "keywordText" in found:
        metadata["keyword"] = found["keywordText"]
        negative = "egative" in key
        metadata["negativeTargetingType" if negative else "keywordType"] = (
            f"{'NEGATIVE_' if negative else ''}KEYWORD_{str(found['matchType']).removeprefix('NEGATIVE_')}"
        )
    if key == "campaigns":
        metadata["campaignBudgetType"] = "DAILY"
    return {
        "entityType": TYPES[key],
        "entityId": str(next(found[name] for name in IDS if name in found)),
        "changeType": change,
        "previousValue": _text(before),
        "newValue": _text(after),
        "metadata": metadata,
    }


def _differences(old: Body | None, new: Body) -> Iterator[tuple[str, Any, Any]]:
    if old is None:
        yield "STATUS", None, "CREATED"
        return
    for change, read in FIELDS.items():
        if (before := read(old)) != (after := read(new)):
            yield change, before, after


def _day(call: Call, value: Any) -> Any:
    """Midnight of a day in the profile's zone, in seconds."""
    zone = ZoneInfo(call.profile["timezone"])
    return int(datetime.fromisoformat(value).replace(tzinfo=zone).timestamp()) if value else None


def _text(value: Any) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
