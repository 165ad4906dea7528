"""From deliveries to the rows of one report, and to its file."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.market import major
from mcp_ads.sandbox.store import Store

from . import brands, display
from .metrics import WINDOWS, Cell, Delivery, cells, deliveries

PLACEMENTS = ("Top of Search on-Amazon", "Detail Page on-Amazon", "Other on-Amazon")
# What a group is told apart by.
KEYS: dict[str, Callable[[Delivery], Any]] = {
    "campaign": lambda delivery: delivery.cell.campaign["campaignId"],
    "adGroup": lambda delivery: delivery.cell.group["adGroupId"],
    "campaignPlacement": lambda delivery: (delivery.cell.campaign["campaignId"], delivery.placement),
    "targeting": lambda delivery: delivery.cell.target_id,
    "searchTerm": lambda delivery: (delivery.cell.target_id, delivery.term),
    "advertiser": lambda delivery: delivery.cell.ad["adId"],
}
FILTERS: dict[str, Callable[[Cell], str]] = {
    "campaignStatus": lambda cell: str(cell.campaign["state"]),
    "adStatus": lambda cell: str(cell.group["state"]),
    "adCreativeStatus": lambda cell: str(cell.ad["state"]),
    "adKeywordStatus": lambda cell: str(cell.target["state"]),
    "keywordType": lambda cell: keyword_type(cell.target),
    "campaignSite": lambda _: "Amazon",
}
AUTO_NAMES = {
    "QUERY_HIGH_REL_MATCHES": "close-match",
    "QUERY_BROAD_REL_MATCHES": "loose-match",
    "ASIN_SUBSTITUTE_RELATED": "substitutes",
    "ASIN_ACCESSORY_RELATED": "complements",
}
MOST_KEPT = 64
_kept: dict[str, bytes] = {}
NEVER = ("addToList", "kindle", "qualifiedBorrows", "royaltyQualifiedBorrows")  # always nought here


def report_file(store: Store, report: Body) -> bytes:
    """The finished file: one JSON array, gzipped; the same bytes for the same data.

    In a world of many accounts, whose rows are made one by one, the last files are kept by their reports.
    """
    if store.world and (found := _kept.get(report["reportId"])):
        return found
    rows = json.dumps(report_rows(store, report), ensure_ascii=False, separators=(",", ":"))
    content = gzip.compress(rows.encode(), mtime=0)
    if store.world:
        _kept[report["reportId"]] = content
        while len(_kept) > MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
    return content


def report_rows(store: Store, report: Body) -> list[Body]:
    """The rows of a report; kinds of ads the profile has none of have none either."""
    asked = report["configuration"]
    groups = asked["groupBy"]
    profile = store.get("amazon.profile", report["_profile"]) or {}
    if asked["adProduct"] == "SPONSORED_DISPLAY":
        return display.rows(store, profile, report)
    if asked["adProduct"] in brands.CAMPAIGNS:
        return brands.rows(store, profile, report)
    if asked["adProduct"] != "SPONSORED_PRODUCTS" or not set(groups) <= set(KEYS):
        return []
    sums: dict[Any, list[int]] = {}
    first: dict[Any, Delivery] = {}
    for delivery in deliveries(_filtered(cells(store, profile), asked), _days(report)):
        if "searchTerm" in groups and not any(delivery.numbers[1:3]):
            continue
        key = (
            delivery.day if asked["timeUnit"] == "DAILY" else "",
            *(KEYS[name](delivery) for name in groups),
        )
        first.setdefault(key, delivery)
        total = sums.get(key)
        sums[key] = (
            [a + b for a, b in zip(total, delivery.numbers, strict=True)] if total else [*delivery.numbers]
        )
    return [_row(report, first[key], total) for key, total in sums.items()]


def _days(report: Body) -> list[date]:
    start, end = date.fromisoformat(report["startDate"]), date.fromisoformat(report["endDate"])
    return [start + timedelta(n) for n in range((end - start).days + 1)]


def _filtered(found: list[Cell], asked: Body) -> list[Cell]:
    for filter_ in asked.get("filters") or []:
        found = [cell for cell in found if FILTERS[filter_["field"]](cell) in filter_["values"]]
    return found


def _row(report: Body, sample: Delivery, total: list[int]) -> Body:
    values = {**_names(report, sample), **_metrics(total, sample.cell.currency)}
    columns: list[str] = report["configuration"]["columns"]
    return {column: 0 if column.startswith(NEVER) else values.get(column) for column in columns}


def _names(report: Body, sample: Delivery) -> Body:
    cell = sample.cell
    return {
        "date": sample.day,
        "startDate": report["startDate"],
        "endDate": report["endDate"],
        "placementClassification": PLACEMENTS[sample.placement],
        "searchTerm": sample.term,
        "portfolioId": _number(cell.campaign.get("portfolioId")),
        "campaignBudgetCurrencyCode": cell.currency,
        **_of_campaign(cell),
        **_of_ad(cell),
        **_of_target(cell),
    }


def _of_campaign(cell: Cell) -> Body:
    campaign = cell.campaign
    return {
        "campaignId": int(campaign["campaignId"]),
        "campaignName": campaign["name"],
        "campaignStatus": campaign["state"],
        "campaignBudgetAmount": campaign["budget"]["budget"],
        "campaignBudgetType": "DAILY_BUDGET",
        "campaignBiddingStrategy": campaign["dynamicBidding"]["strategy"],
    }


def _of_ad(cell: Cell) -> Body:
    return {
        "adGroupId": int(cell.group["adGroupId"]),
        "adGroupName": cell.group["name"],
        "adStatus": cell.group["state"],
        "adId": int(cell.ad["adId"]),
        "advertisedAsin": cell.ad["asin"],
        "advertisedSku": cell.ad.get("sku"),
    }


def _of_target(cell: Cell) -> Body:
    text = cell.target.get("keywordText") or AUTO_NAMES[cell.target["expression"][0]["type"]]
    return {
        "keywordId": int(cell.target_id),
        "keyword": text,
        "targeting": text,
        "keywordType": keyword_type(cell.target),
        "matchType": keyword_type(cell.target),
        "keywordBid": cell.target.get("bid") or cell.group["defaultBid"],
        "adKeywordStatus": cell.target["state"],
    }


def keyword_type(target: Body) -> str:
    return str(target.get("matchType", "TARGETING_EXPRESSION_PREDEFINED"))


def _number(id: str | None) -> int | None:
    return int(id) if id else None


def _metrics(total: list[int], currency: str) -> Body:
    impressions, clicks, cost = total[:3]
    halo, halo_sales = total[11:]
    found: Body = {"impressions": impressions, "clicks": clicks, "cost": major(cost, currency)}
    for window, bought, sales in zip(WINDOWS, total[3:7], total[7:11], strict=True):
        found |= _window(
            f"{window}d", bought, halo, major(sales, currency), major(sales - halo_sales, currency)
        )
        found[f"acosClicks{window}d"] = _ratio(100 * cost, sales)
        found[f"roasClicks{window}d"] = _ratio(sales, cost)
    return {
        **found,
        "spend": found["cost"],
        "clickThroughRate": _ratio(100 * clicks, impressions),
        "costPerClick": _ratio(found["cost"], clicks),
        "salesOtherSku7d": major(halo_sales, currency),
        "unitsSoldOtherSku7d": halo,
        "grossImpressions": impressions + impressions // 50,
        "invalidImpressions": impressions // 50,
        "invalidImpressionRate": _ratio(100 * (impressions // 50), impressions + impressions // 50),
        "grossClickThroughs": clicks + clicks // 50,
        "invalidClickThroughs": clicks // 50,
        "invalidClickThroughRate": _ratio(100 * (clicks // 50), clicks + clicks // 50),
    }


def _window(days: str, bought: int, halo: int, sales: float, own_sales: float) -> Body:
    return {
        f"purchases{days}": bought,
        f"sales{days}": sales,
        f"unitsSoldClicks{days}": bought,
        f"purchasesSameSku{days}": bought - halo,
        f"attributedSalesSameSku{days}": own_sales,
        f"unitsSoldSameSku{days}": bought - halo,
    }


def _ratio(above: float, below: float) -> float | None:
    return round(above / below, 4) if below else None
