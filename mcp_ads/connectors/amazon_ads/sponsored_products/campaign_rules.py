"""What Amazon demands of a campaign: its name, how it bids, where it is shown; and what these come to.

Sources: SponsoredProducts.json; Amazon's pages on limits and on dynamic bidding, by which "up and down"
raises a bid by at most 100 % at the top of search and 50 % elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from mcp_ads.connectors.amazon_ads.dialect import VENDOR
from mcp_ads.connectors.amazon_ads.ranges import BUDGETS
from mcp_ads.core import Amount, dig
from mcp_ads.core.money import plain
from mcp_ads.core.synonyms import cut

MOST_PERCENT = 900
MOST_OF_VENDORS = 116
SMALL = 10
"""Times the least daily budget below which default bids may be above it."""
STRATEGIES = ("LEGACY_FOR_SALES", "AUTO_FOR_SALES", "MANUAL", "RULE_BASED")
PLACEMENTS = ("PLACEMENT_TOP", "PLACEMENT_PRODUCT_PAGE", "PLACEMENT_REST_OF_SEARCH", "SITE_AMAZON_BUSINESS")
OFF_AMAZON = ("MAXIMIZE_REACH", "MINIMIZE_SPEND")
BIDDING = ("strategy", "placementBidding", "shopperCohortBidding")
WORDS = ("strategy", "placement", "shopperCohortType")
COHORT = ("shopperCohortType", "percentage", "audienceSegments")
REFUSED_SYMBOLS = "<>#%!^"
UP_AND_DOWN = "AUTO_FOR_SALES"


def name(text: str | None, kind: str) -> Iterable[str]:
    """Why a campaign cannot be called this; vendors have less room than sellers."""
    if text and kind == VENDOR and len(text) > MOST_OF_VENDORS:
        yield f"name: at most {MOST_OF_VENDORS} characters for vendors, not {len(text)}"


def symbols(text: str | None) -> Iterable[str]:
    """Symbols that are not among those Amazon lists for names."""
    if found := [symbol for symbol in REFUSED_SYMBOLS if symbol in (text or "")]:
        yield f"name: Amazon may refuse {' '.join(found)} in names"


def bidding_as_sent(value: Any) -> Any:
    """How a campaign bids with its words in capitals, "top of search" as TOP_OF_SEARCH, and its percentages
    as numbers; what has another shape stays as it is.
    """
    if not isinstance(value, dict):
        return value
    lists = {key: [_as_sent(row) for row in rows] for key, rows in value.items() if isinstance(rows, list)}
    return {**_as_sent(value), **lists}


def _as_sent(row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    named = {key: text for key in WORDS if isinstance(text := row.get(key), str)}
    words = {key: "_".join(text.upper().split()) for key, text in named.items()}
    share = row.get("percentage")
    if not (isinstance(share, str) and re.fullmatch(r"[+-]?[0-9]{1,4}", share.strip(), re.ASCII)):
        return {**row, **words}
    return {**row, **words, "percentage": int(share)}


def sooner(live: Mapping[str, Any], start: str | None) -> Iterable[str]:
    """That a campaign which is on, and has not begun, spends from an earlier day on."""
    began = str(live.get("startDate") or "")
    if start and began > start and str(live.get("state")).upper() == "ENABLED":
        yield f"start_date: it is ENABLED and spends from {start} on, not only from {began}"


def bidding(value: Mapping[str, Any] | None) -> Iterable[str]:
    """Mistakes in a campaign's dynamicBidding."""
    at = "dynamic_bidding"
    if value is None:
        return
    if not value:
        yield f"{at}: empty; give some of {', '.join(BIDDING)}"
    if strange := [key for key in value if key not in BIDDING]:
        yield f"{at}: {cut(strange[0])!r} is none of {', '.join(BIDDING)}"
    strategy = value.get("strategy", STRATEGIES[0])
    if strategy not in STRATEGIES:
        yield f"{at}.strategy: {cut(strategy)!r} is not one of {', '.join(STRATEGIES)}"
    seen = list[Any]()
    for placement in _listed(value.get("placementBidding")):
        named = placement.get("placement") if isinstance(placement, dict) else None
        if named not in PLACEMENTS or placement.keys() - {"placement", "percentage"}:
            yield f"{at}.placementBidding: placement is one of {', '.join(PLACEMENTS)}, with its percentage"
        elif not _is_percentage(placement.get("percentage")):
            yield f"{at}.placementBidding: percentage is 0 to {MOST_PERCENT}"
        elif named in seen:
            yield f"{at}.placementBidding: {named} is there twice"
        seen.append(named)
    yield from _cohorts(_listed(value.get("shopperCohortBidding")))


def _cohorts(cohorts: list[Any]) -> Iterable[str]:
    at = "dynamic_bidding.shopperCohortBidding"
    if len(cohorts) > 1:
        yield f"{at}: at most one"
    for cohort in cohorts:
        fits = isinstance(cohort, dict) and cohort.keys() <= {*COHORT}
        segments = cohort.get("audienceSegments") if fits else None
        if (
            not fits
            or cohort.get("shopperCohortType") != "AUDIENCE_SEGMENT"
            or not isinstance(segments, list)
        ):
            yield f"{at}: shopperCohortType AUDIENCE_SEGMENT, a percentage and audienceSegments, a list"
        elif len(segments) != 1 or not segments[0] or not _is_percentage(cohort.get("percentage")):
            yield f"{at}: exactly one audience segment, and a percentage of 0 to {MOST_PERCENT}"


def off_amazon(value: Mapping[str, Any] | None) -> Iterable[str]:
    """Mistakes in how the budget is spent outside of Amazon."""
    key = "offAmazonBudgetControlStrategy"
    if value is not None and (value.keys() != {key} or value[key] not in OFF_AMAZON):
        yield f"off_amazon_settings: it has {key} alone, which is {' or '.join(OFF_AMAZON)}"


def raised_bids(value: Mapping[str, Any]) -> Iterable[str]:
    """What a person should know of what is paid for a click: strategy and placements multiply each other."""
    twice = value.get("strategy") == UP_AND_DOWN
    if twice:
        yield f"{UP_AND_DOWN} raises bids by up to 100 % at the top of search, and up to 50 % elsewhere"
    if value.get("strategy") == "RULE_BASED":
        yield "RULE_BASED needs an optimization rule of Amazon's, which is made in the advertising console"
    for placement in (*_listed(value.get("placementBidding")), *_listed(value.get("shopperCohortBidding"))):
        if percentage := placement.get("percentage"):
            where = placement.get("placement") or "the audience segment"
            times = (1 + Decimal(str(percentage)) / 100) * (2 if twice else 1)
            both = f", to {times.normalize():f} times with {UP_AND_DOWN}" if twice else ""
            yield f"bids are raised by {percentage}% for {where}{both}"


def above_nothing(budget: Amount | None) -> Iterable[str]:
    """A campaign always has a daily budget."""
    if budget is not None and not budget.relative and not budget.number:
        yield "daily_budget: above 0; pause the campaign to spend nothing"


def is_small(budget: Amount | None) -> bool:
    """Whether a daily budget is so small that default bids may be above it."""
    if budget is None or budget.relative:
        return False
    least = BUDGETS.get(budget.currency, ("1", ""))[0]
    return budget.number < SMALL * Decimal(least)


def below_bids(budget: Amount | None, groups: Iterable[Mapping[str, Any]]) -> str:
    """Why a daily budget is too small: no default bid may be above it."""
    if budget is None or budget.relative:
        return ""
    bids = [(Decimal(str(dig(group, "defaultBid") or 0)), group) for group in groups]
    most, group = max(bids, key=lambda pair: pair[0], default=(Decimal(0), {}))
    if most <= budget.number:
        return ""
    bid, named = plain(most, budget.currency), f"{group.get('adGroupId')} {cut(group.get('name'))!r}"
    return f"daily_budget: {budget} is below the default bid {bid} of ad group {named}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _is_percentage(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST_PERCENT
