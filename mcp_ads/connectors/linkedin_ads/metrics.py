"""Columns of analytics: vendor metrics, shorter names for some, and ratios LinkedIn leaves to the reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from mcp_ads.core.money import plain

COST = "costInLocalCurrency"
SAME = {
    "cost": COST,
    "spend": COST,
    "leads": "oneClickLeads",
    "conversions": "externalWebsiteConversions",
}
RATIOS: Mapping[str, tuple[str, str, int]] = {
    "ctr": ("clicks", "impressions", 1),
    "landing_page_ctr": ("landingPageClicks", "impressions", 1),
    "engagement_rate": ("totalEngagements", "impressions", 1),
    "lead_form_completion_rate": ("oneClickLeads", "oneClickLeadFormOpens", 1),
    "frequency": ("impressions", "approximateMemberReach", 1),
    "cpc": (COST, "clicks", 1),
    "cpm": (COST, "impressions", 1000),
    "cost_per_lead": (COST, "oneClickLeads", 1),
    "cost_per_conversion": (COST, "externalWebsiteConversions", 1),
}
WRONG = {
    "pivot": "the rows have its id and name anyway",
    "pivotValue": "the rows have its id and name anyway",
    "approximateUniqueImpressions": "it was replaced by approximateMemberReach",
    "videoViewRate": "take videoViews and impressions",
}
REACH = frozenset({"approximateMemberReach", "audiencePenetration"})
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")


def behind(columns: Iterable[str]) -> list[str]:
    """The vendor's metrics that the columns are made of."""
    made = (RATIOS[each][:2] if each in RATIOS else (SAME.get(each, each),) for each in columns)
    return list(dict.fromkeys(name for names in made for name in names))


def cell(row: Mapping[str, Any], column: str, currency: str) -> Any:
    """A column's value: money in the currency's decimals, ratios to four, None where something is missing."""
    if column not in RATIOS:
        value: Any = row.get(SAME.get(column, column))
        is_money = isinstance(value, str) and _DECIMAL.fullmatch(value)
        return plain(Decimal(value), currency) if is_money else value
    over, under, times = RATIOS[column]
    above, below = row.get(over), Decimal(str(row.get(under) or 0))
    return round(float(Decimal(str(above)) / below * times), 4) if below and above is not None else None
