"""What Amazon demands of Sponsored Products, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from mcp_ads.core import Amount, dig
from mcp_ads.core.money import plain

MOST_WORDS, MOST_LETTERS = 10, 80
MOST_IN_NEGATIVE_PHRASE = 4
MOST_PERCENT = 900
STRATEGIES = ("LEGACY_FOR_SALES", "AUTO_FOR_SALES", "MANUAL", "RULE_BASED")
PLACEMENTS = ("PLACEMENT_TOP", "PLACEMENT_PRODUCT_PAGE", "PLACEMENT_REST_OF_SEARCH", "SITE_AMAZON_BUSINESS")


def parents(records: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    """Parents that take no children, or do not belong together."""
    for name, record in records.items():
        if record.get("state") == "ARCHIVED":
            yield f"{name}: it is ARCHIVED, and nothing can be added to it"
    campaign, group = records.get("campaign_id", {}), records.get("ad_group_id", {})
    of, wanted = group.get("campaignId"), campaign.get("campaignId")
    if of and wanted and str(of) != str(wanted):
        yield f"ad_group_id: it belongs to campaign {of}, not {wanted}"


def bid_under_budget(name: str, bid: Amount | None, campaign: Mapping[str, Any]) -> Iterable[str]:
    """A bid may not exceed the daily budget of its campaign."""
    budget = dig(campaign, "budget.budget")
    if bid is None or bid.relative or not isinstance(budget, int | float):
        return
    limit = Decimal(str(budget))
    if bid.number > limit:
        yield f"{name}: {bid} is above the campaign's daily budget of {plain(limit, bid.currency)}"


def ended(live: Mapping[str, Any], changes: Mapping[str, Any], today: date) -> str:
    """Why an ended campaign cannot be changed: Amazon takes nothing without a later end in the same call."""
    end, later = str(live.get("endDate") or ""), changes.get("endDate", "")
    if not end or end >= today.isoformat() or later is None or later >= today.isoformat():
        return ""
    return (
        f"it ended on {end}: Amazon changes nothing of an ended campaign "
        'unless the same update gives a later end_date, or "none"'
    )


def keyword_text(text: str, match_type: str = "") -> Iterable[str]:
    """Mistakes in what a keyword says."""
    most = MOST_IN_NEGATIVE_PHRASE if match_type == "NEGATIVE_PHRASE" else MOST_WORDS
    if text != text.strip():
        yield "keyword_text: no spaces at the beginning or end"
    if len(text) > MOST_LETTERS:
        yield f"keyword_text: at most {MOST_LETTERS} characters, not {len(text)}"
    if len(text.split()) > most:
        where, instead = (
            (" in a phrase", f"; NEGATIVE_EXACT takes {MOST_WORDS}") if most < MOST_WORDS else ("", "")
        )
        yield f"keyword_text: at most {most} words{where}, not {len(text.split())}{instead}"


def bidding(value: Mapping[str, Any]) -> Iterable[str]:
    """Mistakes in a campaign's dynamicBidding."""
    strategy = value.get("strategy", STRATEGIES[0])
    if strategy not in STRATEGIES:
        yield f"dynamic_bidding.strategy: {strategy!r} is not one of {', '.join(STRATEGIES)}"
    for placement in value.get("placementBidding") or ():
        if not isinstance(placement, dict) or placement.get("placement") not in PLACEMENTS:
            yield f"dynamic_bidding.placementBidding: placement is one of {', '.join(PLACEMENTS)}"
        elif not _is_percentage(placement.get("percentage")):
            yield f"dynamic_bidding.placementBidding: percentage is 0 to {MOST_PERCENT}"


def raised_bids(value: Mapping[str, Any]) -> Iterable[str]:
    """What a person should know about placement percentages."""
    for placement in value.get("placementBidding") or ():
        if placement.get("percentage"):
            yield f"bids are raised by {placement['percentage']}% for {placement['placement']}"


def _is_percentage(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST_PERCENT
