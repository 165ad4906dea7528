"""Reports of campaigns that have one ad group with one ad here: sums of what each did a day.

Their rows by campaign, ad group and ad are therefore alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from mcp_ads.sandbox.amazon_ads.calls import Body

Counts = list[int]


def rows(
    report: Body,
    campaigns: Iterable[Body],
    counts: Callable[[Body, date], Counts],
    row: Callable[[Body, str, Counts], Body],
) -> list[Body]:
    """One row for each campaign, or each campaign and day, that had an impression, its first count."""
    start, end = date.fromisoformat(report["startDate"]), date.fromisoformat(report["endDate"])
    days = [start + timedelta(n) for n in range((end - start).days + 1)]
    daily, found = report["configuration"]["timeUnit"] == "DAILY", []
    for campaign in campaigns:
        sums: dict[str, Counts] = defaultdict(list)
        for day in days:
            key, new = day.isoformat() if daily else "", counts(campaign, day)
            sums[key] = [a + b for a, b in zip(sums[key] or [0] * len(new), new, strict=True)]
        found += [row(campaign, key, total) for key, total in sums.items() if total[0]]
    return found


def passing(campaigns: Iterable[Body], report: Body) -> list[Body]:
    """Those whose state every filter names: there are no others, and what is below a campaign shares it."""
    wanted = [set(filter_["values"]) for filter_ in report["configuration"].get("filters") or []]
    return [row for row in campaigns if all(row["state"].upper() in states for states in wanted)]


def names(report: Body, campaign: Body, currency: str, day: str) -> Body:
    """What every row says of its campaign and its days."""
    return {
        "date": day or None,
        "startDate": report["startDate"],
        "endDate": report["endDate"],
        "campaignId": int(campaign["campaignId"]),
        "campaignName": campaign["name"],
        "campaignStatus": campaign["state"].upper(),
        "campaignBudgetAmount": _budget(campaign),
        "campaignBudgetCurrencyCode": currency,
        "costType": campaign["costType"].upper(),
    }


def _budget(campaign: Body) -> Any:
    """What a campaign may spend; one of Sponsored TV has it three levels down."""
    if "budgetSettings" in campaign:
        return campaign["budgetSettings"]["budget"]["budgetValue"]["amount"]
    return campaign["budget"]


def counted(shown: int, clicks: int) -> Body:
    """Impressions and clicks that Amazon found to be none, and all with these."""
    return {
        "invalidImpressions": shown // 50,
        "grossImpressions": shown + shown // 50,
        "invalidClickThroughs": clicks // 50,
        "grossClickThroughs": clicks + clicks // 50,
    }
