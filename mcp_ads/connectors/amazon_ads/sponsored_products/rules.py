"""What Amazon demands of Sponsored Products, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from mcp_ads.core import Action, Amount, dig
from mcp_ads.core.action import money_of
from mcp_ads.core.money import plain

MOST_WORDS, MOST_LETTERS = 10, 80
MOST_PERCENT = 900
STRATEGIES = ("LEGACY_FOR_SALES", "AUTO_FOR_SALES", "MANUAL", "RULE_BASED")
PLACEMENTS = ("PLACEMENT_TOP", "PLACEMENT_PRODUCT_PAGE", "PLACEMENT_REST_OF_SEARCH", "SITE_AMAZON_BUSINESS")

# Smallest and largest bid and daily budget, as Amazon publishes them by marketplace; those with one currency
# have one range. Amazon changes them, so they warn and do not refuse.
BIDS: Mapping[str, tuple[str, str]] = {
    "USD": ("0.02", "1000"), "CAD": ("0.02", "1000"), "MXN": ("0.1", "20000"), "BRL": ("0.07", "3700"),
    "GBP": ("0.02", "1000"), "EUR": ("0.02", "1000"), "SEK": ("0.18", "9300"), "PLN": ("0.04", "2000"),
    "TRY": ("0.05", "2500"), "AED": ("0.24", "184"), "SAR": ("0.10", "3670"), "ZAR": ("1", "7000"),
    "INR": ("1", "5000"), "JPY": ("2", "100000"), "AUD": ("0.02", "1410"), "SGD": ("0.02", "1100"),
}  # fmt: skip
BUDGETS: Mapping[str, tuple[str, str]] = {
    "USD": ("1", "1000000"), "CAD": ("1", "1000000"), "MXN": ("1", "21000000"), "BRL": ("1.32", "5300000"),
    "GBP": ("1", "1000000"), "EUR": ("1", "1000000"), "SEK": ("9", "9300000"), "PLN": ("2", "2000000"),
    "TRY": ("2", "2500000"), "AED": ("4", "3700000"), "SAR": ("4", "3700000"), "EGP": ("7", "7400000"),
    "ZAR": ("20", "7000000"), "INR": ("50", "21000000"), "JPY": ("100", "21000000"),
    "AUD": ("1.4", "1500000"), "SGD": ("1.39", "1300000"),
}  # fmt: skip


def out_of_range(call: Action) -> Iterable[str]:
    """Amounts outside the range Amazon publishes for their currency."""
    for name, spend in money_of(type(call)).items():
        amount = getattr(call, name)
        ranges = BIDS if spend.per == "bid" else BUDGETS
        if not isinstance(amount, Amount) or amount.relative or amount.currency not in ranges:
            continue
        low, high = ranges[amount.currency]
        if not Decimal(low) <= amount.number <= Decimal(high):
            yield f"{name}: {amount} is outside Amazon's range of {low} to {high} {amount.currency}"


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


def keyword_text(text: str) -> Iterable[str]:
    """Mistakes in what a keyword says."""
    if text != text.strip():
        yield "keyword_text: no spaces at the beginning or end"
    if len(text) > MOST_LETTERS:
        yield f"keyword_text: at most {MOST_LETTERS} characters, not {len(text)}"
    if len(text.split()) > MOST_WORDS:
        yield f"keyword_text: at most {MOST_WORDS} words, not {len(text.split())}"


def bidding(value: Mapping[str, Any]) -> Iterable[str]:
    """Mistakes in a campaign's dynamicBidding."""
    strategy = value.get("strategy", STRATEGIES[0])
    if strategy not in STRATEGIES:
        yield f"dynamic_bidding.strategy: {strategy!r} is not one of {', '.join(STRATEGIES)}"
    for each in value.get("placementBidding") or ():
        if not isinstance(each, dict) or each.get("placement") not in PLACEMENTS:
            yield f"dynamic_bidding.placementBidding: placement is one of {', '.join(PLACEMENTS)}"
        elif not _is_percentage(each.get("percentage")):
            yield f"dynamic_bidding.placementBidding: percentage is 0 to {MOST_PERCENT}"


def raised_bids(value: Mapping[str, Any]) -> Iterable[str]:
    """What a person should know about placement percentages."""
    for each in value.get("placementBidding") or ():
        if each.get("percentage"):
            yield f"bids are raised by {each['percentage']}% for {each['placement']}"


def _is_percentage(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST_PERCENT
