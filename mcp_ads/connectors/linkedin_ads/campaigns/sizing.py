"""What LinkedIn counts and asks for an audience, beside a plan: how many members, the least budget and bid.

A draft may be small; LinkedIn serves no campaign of fewer than 300 members.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from mcp_ads.connectors.linkedin_ads.audiences import audience_counts
from mcp_ads.connectors.linkedin_ads.audiences.audience_counts import FEWER, FEWEST, GetAudienceCount
from mcp_ads.connectors.linkedin_ads.audiences.budget_pricing import GetBudgetPricing
from mcp_ads.core import Action, Amount, dig
from mcp_ads.errors import PlatformDown

Values = Mapping[str, Any]
MEMBERS, MEMBERS_BEFORE, PRICES = "audience", "audience before", "prices"
"""Under which names a plan finds what was read."""


def is_lower(amount: Amount | None, before: Any) -> bool:
    """Whether an amount is, or may be, below the one there was."""
    if amount is None:
        return False
    if amount.relative:
        return amount.number < 0
    was = _amount(before)
    return not was or amount.number < was


def counted(campaign: Values) -> Mapping[str, Action]:
    """The read of how many members an audience has."""
    found = campaign.get("targetingCriteria")
    return {MEMBERS: GetAudienceCount.model_construct(targeting_criteria=found, fields=None)} if found else {}


def counted_before(live: Values) -> Mapping[str, Action]:
    """The same of the audience that a campaign has until then."""
    return dict(zip((MEMBERS_BEFORE,), counted(live).values(), strict=False))


def priced(account: str, campaign: Values) -> Mapping[str, Action]:
    """The read of the least that LinkedIn takes, as far as what it needs is known."""
    needed = {
        "campaign_type": campaign.get("type"),
        "bid_type": campaign.get("costType"),
        "targeting_criteria": campaign.get("targetingCriteria"),
    }
    if not all(needed.values()):
        return {}
    return {
        PRICES: GetBudgetPricing.model_construct(
            account_id=account,
            match_type="AUDIENCE_EXPANDED" if campaign.get("audienceExpansionEnabled") else "EXACT",
            objective_type=campaign.get("objectiveType"),
            optimization_target_type=campaign.get("optimizationTargetType"),
            **needed,
        )
    }


def members(live: Values, targeting: Values, which: str = MEMBERS) -> int | str | None:
    """How many members LinkedIn counts: a number, FEWER than it serves, or "unknown"; None if not read."""
    try:
        return audience_counts.counted(live[which], targeting)[0] if live.get(which) else None
    except PlatformDown:
        return None


def told(live: Values, targeting: Values) -> Iterable[str]:
    """How many members an audience has, for a person to see."""
    before = _said(members(live, live.get("targetingCriteria") or {}, MEMBERS_BEFORE))
    if after := _said(members(live, targeting)):
        yield f"audience: {before} → {after}" if before else f"audience: {after}"


def _said(count: int | str | None) -> str:
    if isinstance(count, int):
        return f"about {count:,} members"
    return f"{count}{' members' if count == FEWER else ' size'}" if count else ""


def too_small(live: Values, targeting: Values) -> str:
    """Why an audience cannot be served; empty when it can, or nobody knows."""
    few = members(live, targeting) == FEWER
    return (
        f"LinkedIn counts fewer than {FEWEST} members in its audience, and serves none so small"
        if few
        else ""
    )


def too_low(changes: Values, campaign: Values, live: Values) -> Iterable[str]:
    """Amounts that are set below what LinkedIn takes for the audience."""
    least, currency = _least(live, "dailyBudgetLimits"), _currency(live)
    if (daily := _amount(changes.get("dailyBudget"))) and least and daily < least:
        yield f"daily_budget: LinkedIn takes at least {least} {currency} a day for this audience"
    floor, bid = _least(live, "bidLimits"), _amount(changes.get("unitCost"))
    if bid and floor and bid < floor and campaign.get("type") != "SPONSORED_UPDATES":
        yield f"unit_cost: LinkedIn takes bids of at least {floor} {currency} for this audience"


def weak(changes: Values, campaign: Values, live: Values) -> Iterable[str]:
    """What LinkedIn takes although little comes of it; and the least it takes, for comparison."""
    least, currency = _least(live, "dailyBudgetLimits"), _currency(live)
    floor, bid = _least(live, "bidLimits"), _amount(changes.get("unitCost"))
    if "dailyBudget" in changes and least:
        yield f"LinkedIn's least daily budget for this audience is {least} {currency}"
    if bid and floor and bid < floor and campaign.get("type") == "SPONSORED_UPDATES":
        yield f"unit_cost: below {floor} {currency} LinkedIn takes the bid and hardly delivers"


def short(changes: Values, campaign: Values) -> Iterable[str]:
    """A total budget that is spent before the first day is over."""
    daily, total = _amount(campaign.get("dailyBudget")), _amount(campaign.get("totalBudget"))
    if {"dailyBudget", "totalBudget"} & changes.keys() and 0 < total < daily:
        yield f"total_budget {total} is below daily_budget {daily}: it is spent within a day"


def least_bid(live: Values) -> Decimal | None:
    """The least that LinkedIn takes for the audience, in the currency of the account; None if not read."""
    return _least(live, "bidLimits") or None


def _least(live: Values, limits: str) -> Decimal:
    return _amount(dig(_prices(live), f"{limits}.min"))


def _currency(live: Values) -> str:
    found = (
        dig(_prices(live), f"{limits}.min.currencyCode") for limits in ("dailyBudgetLimits", "bidLimits")
    )
    return next((str(code) for code in found if code), "")


def _prices(live: Values) -> Values:
    found = dig(live.get(PRICES) or {}, "elements")
    first = found[0] if isinstance(found, list) and found else {}
    return first if isinstance(first, Mapping) else {}


def _amount(money: Any) -> Decimal:
    try:
        return Decimal(str(money["amount"])) if isinstance(money, Mapping) else Decimal(0)
    except (KeyError, InvalidOperation):
        return Decimal(0)
