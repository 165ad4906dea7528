"""Sponsored Display as a table: its fields, filters and rules."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_ads.sandbox.amazon_ads import money
from mcp_ads.sandbox.amazon_ads.calls import Body, Call
from mcp_ads.sandbox.amazon_ads.errors import Problem
from mcp_ads.sandbox.amazon_ads.fields import Field, Fields
from mcp_ads.sandbox.amazon_ads.market import rounded, today
from mcp_ads.sandbox.amazon_ads.resources import Draft, Filter, Resource
from mcp_ads.sandbox.amazon_ads.schedule import dates

STATE = Field("enum", need=True, values=("enabled", "paused", "archived"))
USUAL_BUDGET = {"USD": 100, "EUR": 100, "JPY": 10_000}
DATES = ("INVALID_DATE", "START_DATE_EARLIER_THAN_TODAY", "START_DATE_AFTER_END_DATE")
CAMPAIGN: Fields = {
    "name": Field(need=True, high=128),
    "tactic": Field("enum", need=True, on="create", values=("T00020", "T00030")),
    "state": STATE,
    "startDate": Field("date", need=True),
    "endDate": Field("date", null=True),
    "budget": Field("number"),
    "budgetType": Field("enum", values=("daily",)),
    "costType": Field("enum", values=("cpc", "vcpm")),
    "portfolioId": Field("int", null=True),
}


def _budget(draft: Draft) -> Iterator[Problem]:
    if (amount := draft.item.get("budget")) is not None:
        yield from money.budget(draft, amount, "budget", of="display")


def _fixed(draft: Draft) -> Iterator[Problem]:
    for name in ("budgetType", "costType"):
        if draft.old and name in draft.item and draft.item[name] != draft.old.get(name):
            yield draft.problem("otherError", "OTHER_ERROR", "cannot be changed", name)


def _campaign(draft: Draft) -> Body:
    currency = draft.call.profile["currencyCode"]
    usual = {"budget": USUAL_BUDGET[currency], "budgetType": "daily", "costType": "cpc"}
    new = {**usual, **draft.new}
    return {**new, "budget": rounded(new["budget"], currency)}


def serving(call: Call, campaign: Body) -> str:
    """The first thing that holds a campaign back, or that nothing does."""
    day = today(call.profile).strftime("%Y%m%d")
    if campaign["state"] != "enabled":
        return f"CAMPAIGN_{campaign['state'].upper()}"
    if campaign["startDate"] > day:
        return "PENDING_START_DATE"
    return "ENDED" if (campaign.get("endDate") or day) < day else "ADVERTISER_STATUS_ENABLED"


CAMPAIGNS = Resource(
    path="/sd/campaigns",
    key="campaigns",
    noun="display campaign",
    id="campaignId",
    family="amazon.sd",
    fields=CAMPAIGN,
    filters={"name": Filter("plain text", "name"), "portfolioIdFilter": Filter("include", "portfolioId")},
    number_ids=True,
    unique=("name",),
    namesakes=("amazon.campaigns",),
    archived="archived",
    batch=100,
    parents={"portfolioId": "amazon.portfolios"},
    rules=(_budget, dates("%Y%m%d", "YYYYMMDD", DATES), _fixed),
    completed=_campaign,
    serving=serving,
)
RESOURCES = (CAMPAIGNS,)
