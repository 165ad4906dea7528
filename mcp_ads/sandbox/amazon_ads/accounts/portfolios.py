"""Portfolios: the v3 generation, which cannot archive and chooses its own page size."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Problem, Refused, reply
from mcp_ads.sandbox.amazon_ads.fields import Field, Fields
from mcp_ads.sandbox.amazon_ads.items import find
from mcp_ads.sandbox.amazon_ads.market import now, today
from mcp_ads.sandbox.amazon_ads.resources import NAMES, Draft, Filter, Resource
from mcp_ads.sandbox.amazon_ads.v3 import operations

SHARING: Fields = {"featureState": Field("enum", values=("ENABLED", "DISABLED"))}
BUDGET: Fields = {
    "policy": Field("enum", need=True, values=("DATE_RANGE", "MONTHLY_RECURRING", "NO_CAP")),
    "amount": Field("number", null="create update"),
    "currencyCode": Field("enum"),
    "startDate": Field("date", null="create update"),
    "endDate": Field("date", null="create update"),
}


def _capped(draft: Draft) -> Iterator[Problem]:
    budget, own = draft.item.get("budget") or {}, draft.call.profile["currencyCode"]
    if budget.get("currencyCode", own) != own:
        reason = "BUDGET_CURRENCY_DOES_NOT_MATCH_MARKETPLACE_SETTINGS"
        yield draft.problem(
            "budgetError", reason, f"must be {own}", "budget.currencyCode", budget["currencyCode"]
        )
    if "budget" not in draft.item:
        return
    if "policy" not in budget:
        yield draft.problem("budgetError", "MISSING_BUDGETING_POLICY", "policy is required", "budget.policy")
        return
    capped, start, end = budget["policy"] != "NO_CAP", budget.get("startDate"), budget.get("endDate")
    if capped and budget.get("amount") is None:
        yield draft.problem("missingValueError", "MISSING_VALUE", "amount is required", "budget.amount")
    if not capped and (budget.get("amount") is not None or start or end):
        yield draft.problem("budgetError", "BUDGETING_POLICY_INVALID", "NO_CAP has no amount", "budget")
    yield from _dated(draft, budget["policy"], start, end)


def _dated(draft: Draft, policy: str, start: str | None, end: str | None) -> Iterator[Problem]:
    day, before = today(draft.call.profile).isoformat(), (draft.old or {}).get("budget") or {}
    if policy == "DATE_RANGE" and not start:
        yield draft.problem("dateError", "START_DATE_NOT_NULL", "is required", "budget.startDate")
    elif start and start < day and start != before.get("startDate"):
        reason = "START_DATE_EARLIER_THAN_TODAY"
        yield draft.problem("dateError", reason, "is in the past", "budget.startDate", start)
    if end and end < day and end != before.get("endDate"):
        yield draft.problem("dateError", "END_DATE_EARLIER_THAN_TODAY", "is past", "budget.endDate", end)
    elif start and end and end <= start:
        reason = "START_DATE_EQUAL_END_DATE" if end == start else "START_DATE_AFTER_END_DATE"
        yield draft.problem("dateError", reason, "has to be after startDate", "budget.endDate", end)


def _kept(draft: Draft) -> Body:
    """A new one shares what is unspent unless it says otherwise, and is within its budget."""
    shares = {"campaignUnspentBudgetSharing": {"featureState": "ENABLED"}}
    added = {} if draft.old else {"budget": {"policy": "NO_CAP"}, "budgetControls": shares, "inBudget": True}
    new = {**added, **draft.new}
    new["budget"] = {name: value for name, value in new["budget"].items() if value is not None}
    return new


PORTFOLIO = Resource(
    path="/portfolios",
    media="spPortfolio",
    key="portfolios",
    noun="portfolio",
    id="portfolioId",
    fields={
        "name": Field(need=True, named=True),
        "state": Field("enum", need=True, values=("ENABLED",)),
        "budget": Field("object", of=BUDGET),
        "budgetControls": Field("object", of={"campaignUnspentBudgetSharing": Field("object", of=SHARING)}),
    },
    filters={"nameFilter": Filter(NAMES.shape, NAMES.of, 1000)},
    unique=("name",),
    archive=False,
    rules=(_capped,),
    completed=_kept,
    batch=100,
    page=10,
)


def _usage(call: Call) -> Response:
    """How much of their caps portfolios have used: the first have used most."""
    ids = call.body.get("portfolioIds") if isinstance(call.body, dict) and len(call.body) == 1 else None
    if not isinstance(ids, list) or not 1 <= len(ids) <= 100 or not all(isinstance(one, str) for one in ids):
        raise Refused(400, "The body must have portfolioIds, an array of 1 to 100 strings")
    done, failed = list[Body](), list[Body]()
    for index, one in enumerate(ids):
        portfolio = find(PORTFOLIO, call, one)
        if portfolio is None:
            details = "Could not find portfolio"
            failed.append({"index": index, "portfolioId": one, "code": "NOT_FOUND", "details": details})
            continue
        amount = portfolio["budget"].get("amount")
        used = {"budget": amount, "budgetUsagePercent": 90.0 - int(one) % 40} if amount else {}
        done.append({"index": index, "portfolioId": one, **used, "usageUpdatedTimestamp": now()})
    return reply({"success": done, "error": failed}, 207, USAGE)


USAGE = "application/vnd.portfoliobudgetusage.v1+json"
OPERATIONS = (
    *operations(PORTFOLIO),
    Operation("POST", "/portfolios/budget/usage", _usage, takes=USAGE, gives=USAGE),
)
