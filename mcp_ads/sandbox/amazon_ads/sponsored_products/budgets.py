"""How much of today's budget campaigns have spent, and what they would need: out of what was delivered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads import delivered
from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.amazon_ads.items import owned
from mcp_ads.sandbox.amazon_ads.market import now, rounded, today

from .budget_rules import RULES, percent_today

USAGE = "application/vnd.spcampaignbudgetusage.v1+json"
SUGGESTED = "application/vnd.budgetrecommendation.v3+json"
MOST, WEEK = 100, 7
BOUNDS = (("Lower", 0.8), ("Upper", 1.2))
UNKNOWN = "Campaign not found"


def usage(call: Call) -> Response:
    """What each campaign has spent today, in percent of its budget with its rules."""
    done, failed = list[Body](), list[Body]()
    for index, id_ in enumerate(campaign_ids(call)):
        campaign = _campaign(call, id_)
        if campaign is None:
            failed.append({"index": index, "campaignId": id_, "code": "NOT_FOUND", "details": UNKNOWN})
            continue
        budget = campaign["budget"]["budget"] * (1 + percent_today(call, campaign) / 100)
        spent = delivered.cost(call, campaign, [today(call.profile)])[0]
        told = {"campaignId": id_, "budget": rounded(budget, call.profile["currencyCode"])}
        share = round(100 * spent / budget, 2)
        done.append({"index": index, **told, "budgetUsagePercent": share, "usageUpdatedTimestamp": now()})
    return reply({"success": done, "error": failed}, 207, USAGE)


def recommend(call: Call) -> Response:
    """The budget that would have been enough on each of seven days, and what was missed."""
    done, failed = list[Body](), list[Body]()
    for index, id_ in enumerate(campaign_ids(call)):
        campaign = _campaign(call, id_)
        if campaign is None:
            error = {"code": "404", "details": UNKNOWN}
            failed.append({"index": index, "campaignId": id_, "Error": error})
        else:
            done.append({"index": index, "campaignId": id_, **_suggested(call, campaign)})
    names = ("budgetRecommendationsSuccessResults", "budgetRecommendationsErrorResults")
    return reply(dict(zip(names, (done, failed), strict=True)), media=SUGGESTED)


def _suggested(call: Call, campaign: Body) -> Body:
    days = [today(call.profile) - timedelta(n) for n in range(WEEK, 0, -1)]
    costs, daily = delivered.cost(call, campaign, days), campaign["budget"]["budget"]
    if not any(costs):
        return dict.fromkeys(("suggestedBudget", "sevenDaysMissedOpportunities", "budgetRuleRecommendation"))
    share = min(1.0, sum(min(1.0, daily / cost) if cost else 1.0 for cost in costs) / WEEK)
    clicks = round(sum(max(0.0, cost - daily) for cost in costs) / max(costs) * 20)
    missed: Body = {"startDate": f"{days[0]:%Y%m%d}", "endDate": f"{days[-1]:%Y%m%d}"}
    missed |= {"percentTimeInBudget": round(share, 2)}
    for name, each in (("Impressions", 90), ("Clicks", 1), ("Sales", 3.2)):
        missed |= {f"estimatedMissed{name}{end}": round(clicks * each * by) for end, by in BOUNDS}
    rule = next(iter(owned(call, RULES)), None)
    advised = rule and {
        "ruleId": rule["ruleId"],
        "ruleName": rule["ruleDetails"]["name"],
        "suggestedBudgetIncreasePercent": 10,
    }
    enough = rounded(max(daily, 1.1 * max(costs)), call.profile["currencyCode"])
    return {
        "suggestedBudget": enough,
        "sevenDaysMissedOpportunities": missed,
        "budgetRuleRecommendation": advised,
    }


def _campaign(call: Call, id_: str) -> Body | None:
    found = call.store.get("amazon.campaigns", id_)
    return found if found and found["_profile"] == call.profile_id else None


def campaign_ids(call: Call) -> list[str]:
    """The campaigns that a request is about, a hundred at most."""
    body: Any = call.body
    ids = body.get("campaignIds") if isinstance(body, dict) and set(body) == {"campaignIds"} else None
    if not isinstance(ids, list) or not all(isinstance(id_, str) for id_ in ids):
        raise Refused(400, "The body must be {campaignIds: [strings]}")
    if not 1 <= len(ids) <= MOST:
        raise Refused(400, f"1 to {MOST} campaignIds, not {len(ids)}")
    return ids


OPERATIONS: tuple[Operation, ...] = (
    Operation("POST", "/sp/campaigns/budget/usage", usage, takes=USAGE, gives=USAGE),
    Operation("POST", "/sp/campaigns/budgetRecommendations", recommend, takes=SUGGESTED, gives=SUGGESTED),
)
