"""Budget pricing: what LinkedIn suggests to bid for an audience, and the least it takes."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.dialect import FINDER
from mcp_ads.connectors.linkedin_ads.types import AccountId, Objective
from mcp_ads.connectors.linkedin_ads.urns import urn
from mcp_ads.core import Amount, Column, Context, Entity, Flow, Result, Spend
from mcp_ads.core.page_records import records_in
from mcp_ads.errors import NotFound

from .base import CriteriaRead

PRICED = {
    "suggestedBid": ("default", "min", "max"),
    "bidLimits": ("min", "max"),
    "dailyBudgetLimits": ("min", "max", "default"),
}
AMOUNTS = tuple(f"{name}.{part}.amount" for name, parts in PRICED.items() for part in parts)


class GetBudgetPricing(CriteriaRead):
    """Read suggested bids, and the limits of bids and daily budgets, for an audience and a way of bidding.

    Amounts are per click (CPC), view (CPV) or 1,000 impressions (CPM), in the account's currency. Below
    `bidLimits.min` LinkedIn refuses a bid, but for SPONSORED_UPDATES, which then deliver poorly.
    """

    account_id: AccountId
    campaign_type: Annotated[
        Literal["SPONSORED_UPDATES", "TEXT_AD", "SPONSORED_INMAILS", "DYNAMIC"],
        Field(examples=["SPONSORED_UPDATES"]),
    ]
    bid_type: Annotated[Literal["CPC", "CPM", "CPV"], Field(examples=["CPC"])]
    match_type: Annotated[
        Literal["EXACT", "AUDIENCE_EXPANDED"], Field(description="With audience expansion, or without.")
    ] = "EXACT"
    objective_type: Objective | None = None
    optimization_target_type: Annotated[
        str | None, Field(pattern="^[A-Z][A-Z_]{1,60}$", description="As campaigns have it: MAX_CLICK, ….")
    ] = None
    daily_budget: Annotated[Amount | None, Spend("day", "object")] = None

    http = FINDER("/adBudgetPricing")
    known = (*AMOUNTS, *(name.replace("amount", "currencyCode") for name in AMOUNTS))
    lean, aliases = AMOUNTS, {"cost_type": "bid_type", "type": "campaign_type", "account": "account_id"}
    said = "suggested bid, minimum bid, bid floor, minimum daily budget, price, cost per click"

    def to_query(self) -> Mapping[str, Any]:
        return {"q": "criteriaV2", "account": urn("sponsoredAccount", self.account_id), **self.sent()}

    def kinds(self) -> Mapping[str, Column]:
        return dict.fromkeys(AMOUNTS, Column("money"))

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        found = records_in((yield self.to_request()), "elements")
        if not found:
            raise NotFound(
                "LinkedIn has no prices for this audience and this way of bidding",
                fix="widen targeting_criteria, or take the bid_type that goes with the objective",
            )
        return Result(found[0], columns=self.columns())


budget_pricing = Entity(get=GetBudgetPricing)
