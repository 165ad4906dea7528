"""Portfolios: the v3 generation, which cannot archive and chooses its own page size."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_ads.sandbox.amazon_ads.errors import Problem
from mcp_ads.sandbox.amazon_ads.fields import Field, Fields
from mcp_ads.sandbox.amazon_ads.resources import NAMES, Draft, Filter, Resource
from mcp_ads.sandbox.amazon_ads.v3 import operations

SHARING: Fields = {"featureState": Field("enum", values=("ENABLED", "DISABLED"))}
BUDGET: Fields = {
    "policy": Field("enum", need=True, values=("DATE_RANGE", "MONTHLY_RECURRING", "NO_CAP")),
    "amount": Field("number"),
    "currencyCode": Field("enum"),
    "startDate": Field("date"),
    "endDate": Field("date", null=True),
}


def _capped(draft: Draft) -> Iterator[Problem]:
    budget, own = draft.item.get("budget") or {}, draft.call.profile["currencyCode"]
    if budget.get("currencyCode", own) != own:
        reason = "BUDGET_CURRENCY_DOES_NOT_MATCH_MARKETPLACE_SETTINGS"
        yield draft.problem(
            "budgetError", reason, f"must be {own}", "budget.currencyCode", budget["currencyCode"]
        )
    if budget.get("policy", "NO_CAP") != "NO_CAP" and budget.get("amount") is None:
        yield draft.problem("missingValueError", "MISSING_VALUE", "amount is required", "budget.amount")


PORTFOLIO = Resource(
    path="/portfolios",
    media="spPortfolio",
    key="portfolios",
    noun="portfolio",
    id="portfolioId",
    fields={
        "name": Field(need=True),
        "state": Field("enum", need=True, values=("ENABLED",)),
        "budget": Field("object", of=BUDGET),
        "budgetControls": Field("object", of={"campaignUnspentBudgetSharing": Field("object", of=SHARING)}),
    },
    filters={"nameFilter": Filter(NAMES.shape, NAMES.of, 1000)},
    unique=("name",),
    archive=False,
    rules=(_capped,),
    batch=100,
    page=10,
)
OPERATIONS = operations(PORTFOLIO)
