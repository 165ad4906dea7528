"""Columns of reports: what kind each is, everyday names for some, and ratios from their parts.

Whether Amazon sends a rate as a fraction or as a percentage differs between its pages, so every rate whose
parts a report has is computed from them: percentages are 1.5 for 1.5 %.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from mcp_ads.core import COUNT, DAY, ID, MONEY, TEXT, Column

SAME: Mapping[str, tuple[str, ...]] = {
    "cost": ("cost", "totalCost", "spend"),
    "conversions": ("purchases7d", "purchases", "purchases14d", "orders14d", "totalPurchases"),
    "conversion_value": ("sales7d", "sales", "sales14d", "totalSales"),
}
"""Everyday names, and the column that is meant: the first that a report has."""
RATIOS: Mapping[str, tuple[str, str, int]] = {
    "ctr": ("clicks", "impressions", 100),
    "acos": ("cost", "conversion_value", 100),
    "conversion_rate": ("conversions", "clicks", 100),
    "roas": ("conversion_value", "cost", 1),
    "cpc": ("cost", "clicks", 1),
    "cpm": ("cost", "impressions", 1000),
    "cost_per_conversion": ("cost", "conversions", 1),
    "clickThroughRate": ("clicks", "impressions", 100),
    "costPerClick": ("cost", "clicks", 1),
    "costPerThousandImpressions": ("cost", "impressions", 1000),
    "viewClickThroughRate": ("clicks", "viewableImpressions", 100),
    "viewabilityRate": ("viewableImpressions", "impressions", 100),
    "video5SecondViewRate": ("video5SecondViews", "impressions", 100),
    "acosClicks7d": ("cost", "sales7d", 100),
    "acosClicks14d": ("cost", "sales14d", 100),
    "roasClicks7d": ("sales7d", "cost", 1),
    "roasClicks14d": ("sales14d", "cost", 1),
    "longTermROAS": ("longTermSales", "cost", 1),
    "purchaseClickRate7d": ("purchases7d", "clicks", 100),
    "purchaseClickRate14d": ("purchases14d", "clicks", 100),
    "invalidClickThroughRate": ("invalidClickThroughs", "grossClickThroughs", 100),
    "invalidImpressionRate": ("invalidImpressions", "grossImpressions", 100),
    "newToBrandPurchasesPercentage": ("newToBrandPurchases", "purchases", 100),
    "newToBrandSalesPercentage": ("newToBrandSales", "sales", 100),
    "newToBrandUnitsSoldPercentage": ("newToBrandUnitsSold", "unitsSold", 100),
    "newToBrandPurchasesPercentage14d": ("newToBrandPurchases14d", "orders14d", 100),
    "newToBrandSalesPercentage14d": ("newToBrandSales14d", "sales14d", 100),
    "newToBrandUnitsSoldPercentage14d": ("newToBrandUnitsSold14d", "unitsSold14d", 100),
    "eCPAddToCart": ("cost", "addToCart", 1),
    "eCPBrandSearch": ("cost", "brandedSearches", 1),
    "newToBrandECPDetailPageView": ("cost", "newToBrandDetailPageViews", 1),
}
SHARES = frozenset({"topOfSearchImpressionShare"})
"""Sent as 0 to 1, with nothing to compute it from."""
ALIKE: Mapping[str, str] = {
    "status": "campaignStatus",
    "state": "campaignStatus",
    "spend": "cost",
    "spent": "cost",
    "click_through_rate": "ctr",
    "cost_per_click": "cpc",
    "cpa": "cost_per_conversion",
    "cost_per_purchase": "cost_per_conversion",
    "cost_per_result": "cost_per_conversion",
    "results": "conversions",
    "orders": "conversions",
    "revenue": "conversion_value",
    "return_on_ad_spend": "roas",
    "cvr": "conversion_rate",
    "name": "campaignName",
    "campaign": "campaignName",
    "campaign_name": "campaignName",
    "ad_group_name": "adGroupName",
    "search_term": "searchTerm",
    "asin": "advertisedAsin",
    "sku": "advertisedSku",
    "bid": "keywordBid",
    "reach": "cumulativeReach",
}
STATES = ("adKeywordStatus", "adStatus", "campaignStatus")
NARROWEST: Mapping[str, tuple[str, ...]] = {
    "status": STATES,
    "state": STATES,
    "asin": ("advertisedAsin", "promotedAsin", "purchasedAsin"),
    "sku": ("advertisedSku", "promotedSku"),
}
"""Words that mean the first of these columns that a report has."""
SEVERAL = 2
HUNDRED = 100
_QUOTIENT = re.compile(
    r"Rate|Percentage|Share|CVR|CPA|ROAS|roas|acos|e?CP[A-Z]|ECP|eCP|[cC]ostPer|[aA]verage|[Ff]requency|[rR]each$"
)
_ID = re.compile(r"\w*Id|\w*Asin|\w*Sku")
_TEXT = re.compile(
    r"\w*(Name|Status|Type|Text|Code|Category|Classification|Strategy|Product|Path)|keyword|searchTerm|"
    r"targeting\w*|attributionType|asinBrandHalo|bidOptimization"
)
_MONEY = re.compile(r"cost|spend|totalCost|\w*[sS]ales(?!Rate)\w*|\w*Royalties\w*")
_SET = re.compile(r"\w*(BudgetAmount|Bid)")
_COUNT = re.compile(
    r"\w*([iI]mpressions|[cC]licks|ClickThroughs)\w*|\w*[pP]urchases\w*|orders\w*|\w*[uU]nitsSold\w*|"
    r"addTo(Cart|List)\w*|\w*[dD]etailPageViews?\w*|brandedSearches\w*|conversionsBrandHalo\w*|"
    r"\w*[bB]orrows\w*|kindle\w*Read\w*|video\w*|brandStorePageView"
)
_PAGE_VIEW = re.compile(r"PageViews?")
_WINDOW = re.compile(r"(?<!\d)(\d+)d$")
_ATTRIBUTED = re.compile(
    r"\w*([pP]urchase|[sS]ales|[uU]nitsSold|orders|conversion|acos|roas|ROAS|addTo|AddTo|detailPageView|"
    r"DetailPageView|brandedSearch|BrandSearch|newToBrand|[bB]orrows|kindle)\w*"
)


@cache
def kind_of(name: str) -> Column | None:
    """What a column of any report is, by its name; None where that is not certain."""
    if name in RATIOS:
        over, under, times = RATIOS[name]
        unit = "money" if times != HUNDRED and over == "cost" else ""
        return Column("percent" if times == HUNDRED else "ratio", of=(over, under, times), unit=unit)
    if name in SHARES:
        return Column("percent")
    if name in ("date", "startDate", "endDate"):
        return DAY
    if name in SAME:
        return COUNT if name == "conversions" else MONEY
    return _by_pattern(name)


def kinds(names: Iterable[str]) -> dict[str, Column]:
    """The kinds of these columns and of the everyday ones."""
    found = {name: kind_of(name) for name in (*names, *SAME, *RATIOS)}
    return {name: kind for name, kind in found.items() if kind}


def alike(known: Collection[str]) -> dict[str, str]:
    """Other words for columns of a report that has these."""
    found = {word: next((name for name in names if name in known), "") for word, names in NARROWEST.items()}
    return {**ALIKE, **{word: name for word, name in found.items() if name}}


def tells_apart(names: Sequence[str]) -> list[str]:
    """The ids and texts of these columns but names of what an id names."""
    told = [name for name in names if (kind := kind_of(name)) is None or kind.kind in ("id", "text")]
    return [name for name in told if not (name.endswith("Name") and f"{name.removesuffix('Name')}Id" in told)]


def adds(name: str) -> bool:
    """Whether a sum over rows means something."""
    kind = kind_of(name)
    return kind is not None and kind.adds


def _by_pattern(name: str) -> Column | None:
    kinds = (
        (_ID, ID),
        (_SET, Column("money")),
        (_TEXT, TEXT),
        (_QUOTIENT, Column("number")),
        (_MONEY, MONEY),
        (_COUNT, COUNT),
    )
    for pattern, kind in kinds:
        if pattern.search(name) if pattern is _QUOTIENT else pattern.fullmatch(name):
            return kind
    return None


def meant(name: str, known: Collection[str]) -> str:
    """The column of a report that a name stands for: an everyday one, or itself."""
    return next((column for column in SAME.get(name, ()) if column in known), name)


def made_of(name: str, known: Collection[str]) -> tuple[str, str] | None:
    """The columns of a report that one is computed from; None when it is not, or not from what is there."""
    if name not in RATIOS:
        return None
    over, under = (meant(part, known) for part in RATIOS[name][:2])
    return (over, under) if over in known and under in known else None


def everyday(known: Collection[str]) -> list[str]:
    """The names a report answers to beside its own columns."""
    sums = [name for name in SAME if name not in known and meant(name, known) in known]
    return [*sums, *(name for name in RATIOS if name not in known and made_of(name, known))]


def ordered(columns: Iterable[str], known: Collection[str]) -> list[str]:
    """The columns to ask of Amazon for these: theirs, and what they are computed from."""
    found: list[str] = []
    for name in columns:
        own = [meant(name, known)] if meant(name, known) in known or name not in RATIOS else []
        found += [*own, *(made_of(name, known) or ())]
    return list(dict.fromkeys(found))


def number(value: Any) -> Decimal | None:
    """A finite number, or None."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def basis(columns: Iterable[str], known: Collection[str]) -> str:
    """How far back a click or a view counts in these columns, by column where they differ; empty for none."""
    found: dict[str, list[str]] = {}
    for column in columns:
        for name in ordered([column], known):
            if _ATTRIBUTED.fullmatch(name) and not _is_said(name):
                found.setdefault(_window(name), []).append(column)
    if len(found) < SEVERAL:
        return f"az: {', '.join(found)}" if found else ""
    parts = (f"{window} ({', '.join(dict.fromkeys(names))})" for window, names in found.items())
    return f"az: {', '.join(parts)}"


def attributed_days(name: str) -> int:
    """For how many days after a click or a view something counts here; 0 where nothing is attributed."""
    if not _ATTRIBUTED.fullmatch(name) or _is_said(name):
        return 0
    return int(found[1]) if (found := _WINDOW.search(name)) else 14


def _is_said(name: str) -> bool:
    """Whether a column says something instead of counting it: purchasedAsin is a product."""
    kind = kind_of(name)
    return kind is not None and kind.kind in ("id", "text", "date")


def _window(name: str) -> str:
    """Sponsored Products says the days; the others count 14, clicks and views unless the name says."""
    if found := _WINDOW.search(name):
        return f"{found[1]}d click"
    plain = _PAGE_VIEW.sub("", name)
    seen = "click" if "Clicks" in plain else "view" if plain.endswith("Views") else "click + view"
    return f"14d {seen}"
