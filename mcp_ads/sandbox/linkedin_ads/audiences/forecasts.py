"""What a campaign would deliver on days to come: /adSupplyForecasts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from mcp_ads.sandbox.linkedin_ads.campaigns.bidding import COST_TYPES
from mcp_ads.sandbox.linkedin_ads.errors import Fault, invalid, no_access
from mcp_ads.sandbox.linkedin_ads.params import (
    Params,
    boolean,
    enum,
    integer,
    number_key,
    record,
    text,
    urn_of,
)
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.state import CAMPAIGN, Answer, Body, Call, now_ms, tail

from . import estimates
from .estimates import OF_PRICES, money

DAY, HORIZON = 86_400_000, 183
PERIODS = {"DAILY": 1, "SEVEN_DAY": 7, "THIRTY_DAY": 30}
CENTS_A_THOUSAND, CLICKS = 4_100, 0.006
OVER = Decimal("1.2")
"""What may be spent on one day of a daily budget."""


def forecast(call: Call) -> Answer:
    """Impressions, clicks and spend by day, by week, by thirty days and for the whole range."""
    estimates.account_of(call)
    campaign = call.store.get(CAMPAIGN, tail(call.query.get("campaign", "")))
    if "campaign" in call.query and (campaign is None or campaign["account"] != call.query["account"]):
        raise no_access(call.query["campaign"])
    estimates.check(call.store, call.query["targetingCriteria"])
    if found := list(_faults(call.query)):
        raise invalid(found)
    return Answer(200, {"paging": {"start": 0, "count": 10, "links": []}, "elements": list(_series(call))})


def _faults(query: Body) -> Iterator[Fault]:
    start, end = query["timeRange"]["start"], query["timeRange"]["end"]
    if start < now_ms() - DAY:
        yield Fault("DATE_TOO_EARLY", "/timeRange/start", "The range must be in the future")
    if end <= start:
        yield Fault("START_DATE_AFTER_END_DATE", "/timeRange/end", "The end must be after the start")
    if end > now_ms() + HORIZON * DAY:
        yield Fault("END_DATE_MAX_HORIZON_FOR_FORECAST", "/timeRange/end", "The end is too far away")
    for one, other in (("dailyBudget", "totalBudget"), ("optimizationTarget", "competingBid")):
        if (one in query) == (other in query):
            text = f"Exactly one of {one} and {other} is needed"
            yield Fault("CONDITIONAL_MISSING_FIELD", f"/{one}", text)
    if query.get("connectedTelevisionOnly") and not query.get("enableAudienceNetwork"):
        text = "Connected television needs the audience network"
        yield Fault("CONDITIONAL_INVALID_VALUE", "/enableAudienceNetwork", text)


def _series(call: Call) -> Iterator[Body]:
    query = call.query
    start, days = (
        query["timeRange"]["start"],
        (query["timeRange"]["end"] - query["timeRange"]["start"]) // DAY,
    )
    people = estimates.reach(call.store, query["targetingCriteria"])
    total = Decimal(query["totalBudget"]["amount"]) / max(days, 1) if "totalBudget" in query else None
    daily = total if total is not None else Decimal(query["dailyBudget"]["amount"])
    shown = min(int(daily * 100 / CENTS_A_THOUSAND * 1000), people * 3)
    spent = Decimal(shown) * CENTS_A_THOUSAND / 100_000
    values = {"IMPRESSION": float(shown), "CLICK": shown * CLICKS, "SPENDING": float(spent)}
    for period, length in {**PERIODS, "CUSTOM": max(days, 1)}.items():
        if length > days and period != "CUSTOM":
            continue
        for metric, value in values.items():
            points = [_point(start + at * DAY, value * length) for at in range(0, max(days, 1), length)]
            yield {"metricType": metric, "granularity": period, "timeSeries": points}
    for metric, value in (
        ("COST_PER_MILLION_IMPRESSIONS", CENTS_A_THOUSAND * 10.0),
        ("MAX_POTENTIAL_BUDGET", float(daily * OVER)),
    ):
        yield {"metricType": metric, "granularity": "CUSTOM", "timeSeries": [_point(start, value)]}


def _point(at: int, value: float) -> Body:
    bounds = {"lowEnd": round(value * 0.8, 2), "highEnd": round(value * 1.2, 2)}
    return {"timestamp": at, "value": round(value, 2), "adForecastRange": bounds}


MILLIS = integer(0, 10**14)
OPTIONAL: dict[str, Any] = {
    "timeRange": record(("start", "end"), start=MILLIS, end=MILLIS),
    "totalBudget": money,
    "optimizationTarget": OF_PRICES.known["optimizationTargetType"],
    "competingBid": record(("bidType", "bidPrice"), bidType=enum(*COST_TYPES), bidPrice=money),
    "targetCost": money,
    "costCap": money,
    "campaign": urn_of("sponsoredCampaign"),
    "creativeType": text,
    "enableAudienceNetwork": boolean,
    "enableAudienceExpansion": boolean,
    "connectedTelevisionOnly": boolean,
}
KNOWN = {
    name: read
    for name, read in OF_PRICES.known.items()
    if name not in ("bidType", "matchType", "optimizationTargetType")
}
PARAMS = Params({**KNOWN, **OPTIONAL}, ("account", "campaignType", "targetingCriteria", "timeRange"))
RESOURCES = (Resource("adSupplyForecasts", number_key, {"FINDER criteriaV2": Method(forecast, PARAMS)}),)
