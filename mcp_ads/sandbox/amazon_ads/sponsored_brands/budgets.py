"""How much of their budgets Sponsored Brands campaigns have spent today, and what they would need."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import reply
from mcp_ads.sandbox.amazon_ads.market import now, rounded, today
from mcp_ads.sandbox.amazon_ads.reports.brands import cost
from mcp_ads.sandbox.amazon_ads.sponsored_products.budgets import BOUNDS, UNKNOWN, WEEK, campaign_ids

USAGE = "application/vnd.sbcampaignbudgetusage.v1+json"
SUGGESTED = "application/vnd.sbbudgetrecommendation.v4+json"


def usage(call: Call) -> Response:
    """In percent of the budget, whether that is for a day or for the whole run."""

    def told(campaign: Body) -> Body:
        spent = cost(campaign, [today(call.profile)], call.profile["currencyCode"])[0]
        share = round(100 * spent / campaign["budget"], 2)
        return {"budget": campaign["budget"], "budgetUsagePercent": share, "usageUpdatedTimestamp": now()}

    return _answer(call, told, USAGE)


def recommend(call: Call) -> Response:
    """Of campaigns with a daily budget that delivered in seven days, which none of them was too small for; of
    others that there is none.
    """

    def told(campaign: Body) -> Body:
        currency = call.profile["currencyCode"]
        days = [today(call.profile) - timedelta(n) for n in range(WEEK, 0, -1)]
        costs = cost(campaign, days, currency)
        if not any(costs) or campaign["budgetType"] != "DAILY":
            return {}
        names = [
            f"estimatedMissed{what}{end}" for what in ("Clicks", "Impressions", "Sales") for end, _ in BOUNDS
        ]
        between = {"startDate": days[0].isoformat(), "endDate": days[-1].isoformat()}
        return {
            "suggestedBudget": rounded(max(campaign["budget"], 1.1 * max(costs)), currency),
            "sevenDaysMissedOpportunities": {
                **dict.fromkeys(names, 0),
                **between,
                "percentTimeInBudget": 1.0,
            },
        }

    return _answer(call, told, SUGGESTED)


def _answer(call: Call, told: Callable[[Body], Body], media: str) -> Response:
    answer: dict[str, list[Body]] = {"success": [], "error": []}
    for index, id_ in enumerate(campaign_ids(call)):
        campaign = call.store.get("amazon.sb.campaigns", id_)
        known = campaign is not None and campaign["_profile"] == call.profile_id
        own = told(campaign) if campaign and known else {}
        why = {"code": "NOT_FOUND", "details": "There is none for it" if known else UNKNOWN}
        answer["success" if own else "error"].append({"index": index, "campaignId": id_, **(own or why)})
    return reply(answer, 207, media)


OPERATIONS: tuple[Operation, ...] = (
    Operation("POST", "/sb/campaigns/budget/usage", usage, takes=USAGE, gives=USAGE),
    Operation("POST", "/sb/campaigns/budgetRecommendations", recommend, takes=SUGGESTED, gives=SUGGESTED),
)
