"""Minimum budgets: what an ad set has to spend a day at least, by what it is billed for, in each currency."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphRead, wire_fields
from mcp_ads.core import GET, Account, Amount, Entity, Spend


class ListMinimumBudgets(GraphRead):
    """List the least daily budgets: for impressions, for clicks and views, for rare actions."""

    account_id: AdAccountId
    bid_amount: Annotated[
        Amount | None,
        Spend("bid", "minor"),
        Field(description='"1.50 USD"; the least budgets with this bid.'),
    ] = None

    http = GET("/act_{account_id}/minimum_budgets")
    node, pages, records, said = "MinimumBudget", CURSOR, "data", "lowest budget floor"
    lean = (
        "currency", "min_daily_budget_imp_major", "min_daily_budget_high_freq_major",
        "min_daily_budget_low_freq_major", "min_daily_budget_video_views_major",
    )  # fmt: skip

    def to_query(self) -> Mapping[str, Any]:
        wanted = wire_fields((*self.columns(), "currency"))
        return {**super().to_query(), "fields": ",".join(wanted)}

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        return super().to_row(record, account) | {"currency": record.get("currency")}


minimum_budgets = Entity(list=ListMinimumBudgets)
