"""Supply forecasts: what a campaign would deliver on the days to come."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from mcp_ads.connectors.linkedin_ads import schedule
from mcp_ads.connectors.linkedin_ads.dialect import FINDER
from mcp_ads.connectors.linkedin_ads.leads.base import in_campaigns
from mcp_ads.connectors.linkedin_ads.types import AccountId, Objective, RunSchedule
from mcp_ads.connectors.linkedin_ads.urns import Urn, urn
from mcp_ads.core import Amount, Column, Context, Entity, Flow, Result, Spend, dig
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.owner import Inside
from mcp_ads.core.page_records import records_in
from mcp_ads.errors import InvalidParams

from .base import CriteriaRead

GRANULARITIES = ("CUSTOM", "THIRTY_DAY", "SEVEN_DAY", "DAILY")
"""CUSTOM is the whole range; in this order the rows come."""
Money = Annotated[Amount | None, Spend("bid", "object", whole=False)]


class GetSupplyForecast(CriteriaRead):
    """Forecast impressions, clicks and spend of a campaign that would run on days to come, in UTC.

    Either `optimization_target` (LinkedIn bids) or `bid_type` with `bid`; either a daily or a total budget.
    CUSTOM is the whole range. SPENDING is in the account's currency, up to 1.2 times a daily budget on a day.
    """

    account_id: AccountId
    campaign_type: Annotated[
        Literal["SPONSORED_UPDATES", "SPONSORED_INMAILS", "DYNAMIC"], Field(examples=["SPONSORED_UPDATES"])
    ]
    time_range: RunSchedule
    daily_budget: Annotated[Amount | None, Spend("day", "object")] = None
    total_budget: Annotated[Amount | None, Spend("lifetime", "object")] = None
    optimization_target: Annotated[
        str | None, Field(pattern="^[A-Z][A-Z_]{1,60}$", description="MAX_CLICK, MAX_IMPRESSION, …")
    ] = None
    bid_type: Annotated[Literal["CPM", "CPC", "CPV"] | None, Field(exclude=True)] = None
    bid: Annotated[Money, Field(description="What is bid by hand.")] = None
    target_cost: Money = None
    cost_cap: Money = None
    objective_type: Objective | None = None
    campaign_id: Annotated[
        str | None,
        Urn("sponsoredCampaign"),
        Field(alias="campaign", description="The campaign it is about, if it is there already."),
    ] = None
    creative_type: Annotated[str | None, Field(pattern="^[A-Z][A-Z_]{1,60}$")] = None
    enable_audience_network: bool | None = None
    enable_audience_expansion: bool | None = None
    connected_television_only: bool | None = None

    http, records = FINDER("/adSupplyForecasts"), "elements"
    known = lean = ("metric", "granularity", "date", "value", "low", "high")
    sample = {"daily_budget": "50 USD", "optimization_target": "MAX_CLICK"}
    said = "forecasted results, reach forecast, estimated clicks, expected impressions, plan a budget"

    def inside(self) -> Iterable[Inside]:
        ids = [self.campaign_id] if self.campaign_id else []
        return [*super().inside(), *in_campaigns("campaign_id", ids)]

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        if (self.daily_budget is None) == (self.total_budget is None):
            yield "daily_budget: give it or total_budget, one of the two"
        if (self.optimization_target is None) == (self.bid is None):
            yield "optimization_target: give it, or bid_type and bid, one of the two"
        if (self.bid is None) != (self.bid_type is None):
            yield "bid_type: it goes with bid"
        if self.optimization_target is None and (self.target_cost or self.cost_cap):
            yield "optimization_target: target_cost and cost_cap go with it"
        if self.target_cost and self.cost_cap:
            yield "cost_cap: give it or target_cost, not both"
        if self.connected_television_only and not self.enable_audience_network:
            yield "enable_audience_network: connected_television_only needs it"
        if not isinstance(self.time_range.get("end"), int) or "start" not in self.time_range:
            yield "time_range: give start and end"

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        if schedule.has_passed(self.time_range["start"], context.today):
            day = schedule.shown(self.time_range["start"])
            raise InvalidParams(f"time_range: {day} has passed; a forecast is of days after {context.today}")
        return super().settled(context, live)

    def to_query(self) -> Mapping[str, Any]:
        given = self.sent()
        if bid := given.pop("bid", None):
            given["competingBid"] = {"bidType": self.bid_type, "bidPrice": bid}
        return {"q": "criteriaV2", "account": urn("sponsoredAccount", self.account_id), **given}

    def kinds(self) -> Mapping[str, Column]:
        return dict.fromkeys(("value", "low", "high"), Column("number"))

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        found = records_in((yield self.to_request()), self.records)
        if isinstance(self, AsSent):
            return Result(found)
        rows = [row for series in found for row in _points(series)]
        return Result(sorted(rows, key=_place), columns=self.columns())


def _points(series: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each period of a metric."""
    for point in series.get("timeSeries") or ():
        yield {
            "metric": series.get("metricType"),
            "granularity": series.get("granularity"),
            "date": schedule.shown(point.get("timestamp")),
            "value": point.get("value"),
            "low": dig(point, "adForecastRange.lowEnd"),
            "high": dig(point, "adForecastRange.highEnd"),
        }


def _place(row: Mapping[str, Any]) -> int:
    known = row["granularity"] in GRANULARITIES
    return GRANULARITIES.index(row["granularity"]) if known else len(GRANULARITIES)


supply_forecasts = Entity(get=GetSupplyForecast)
