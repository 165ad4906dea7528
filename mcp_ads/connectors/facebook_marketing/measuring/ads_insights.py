"""Insights: delivery and results of an account's campaigns, ad sets and ads over a range of days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing import filters, names
from mcp_ads.connectors.facebook_marketing.delivery.base import EVERY_STATUS, under
from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.filters import Filtering
from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphRead, Id
from mcp_ads.core import GET, Account, Column, Context, Entity, Flow, Span
from mcp_ads.core.presets import months_before
from mcp_ads.errors import InvalidParams

from . import breakdown_rules, metrics
from .every_page import every_page

Level = Literal["account", "campaign", "adset", "ad"]
Under = Annotated[Id | None, Field(exclude=True)]
NUMBERS = ("spend", "impressions", "clicks", "purchases", "purchase_value", "leads", *metrics.RESULTS)
NAMED = {
    "account": ("account_name",),
    "campaign": ("campaign_id", "campaign_name"),
    "adset": ("adset_id", "adset_name"),
    "ad": ("ad_id", "ad_name"),
}
RETIRED = {"dma": "comscore_market"}
EMPTY_WINDOWS = ("7d_view", "28d_view")
ALIKE = {
    "roas": "purchase_roas", "cost": "spend", "revenue": "purchase_value", "cpa": "cost_per_purchase",
    "sales": "purchase_value", "conversion_value": "purchase_value", "orders": "purchases",
    "cpl": "cost_per_lead", "link_clicks": "inline_link_clicks", "date": "date_start",
}  # fmt: skip
"""What other platforms call a column."""
MONTHS_KEPT = 37
OWN = ("name", "id")
USUAL = "7d click + 1d view"


class ListInsights(GraphRead):
    """Read spend, delivery and conversions of an account by level and day.

    Deleted and archived objects are included. Money is in major units. conversions are purchases + leads,
    each counted once; results are what each ad set is for (result_type). Rows can be filtered, sorted and
    cut to the top ones by any column.
    """

    said = (
        "roas, return on ad spend, purchases, revenue, purchase value, leads, cpa, cpl, cost per purchase, "
        "cost per lead, ctr, cpc, cpm, reach, frequency, creative fatigue, budget pacing, placement, waste"
    )

    account_id: AdAccountId
    level: Annotated[Level, Field(description="What a row is.")] = "account"
    time_range: Annotated[
        Span, Field(description="yesterday, last_7d, last_week, mtd, last_month, 2026-10-01..2026-10-31.")
    ] = Span(preset="last_30d")
    time_increment: Annotated[
        Annotated[int, Field(ge=1, le=90)] | Literal["monthly", "all_days"] | None,
        Field(description="1 for a row a day; default one row in all."),
    ] = None
    campaign_id: Under = None
    adset_id: Under = None
    ad_id: Under = None
    breakdowns: Annotated[
        list[str] | None,
        Field(description="age, gender, country, region, publisher_platform, device_platform, …"),
    ] = None
    action_breakdowns: list[str] | None = None
    action_attribution_windows: Annotated[
        list[str] | None, Field(description="1d_click, 7d_click, 28d_click, 1d_view, 1d_ev, …")
    ] = None
    filtering: Annotated[
        Filtering,
        Field(description='[{"field": "ad.impressions", "operator": "GREATER_THAN", "value": 0}]'),
    ] = None
    fields: Annotated[
        list[str] | None,
        Field(
            exclude=True,
            description="Facebook's metrics (reach, ctr, cpc, cpm, frequency, actions, …), and purchases, "
            "purchase_value, purchase_roas, leads, conversions, results, cost_per_purchase, cost_per_lead.",
        ),
    ] = None
    use_account_attribution_setting: bool | None = None

    http = GET("/act_{account_id}/insights")
    node, pages, records, spooled = "AdsInsights", CURSOR, "data", True
    aliases = {"date_preset": "time_range", "date_range": "time_range", "ad_set_id": "adset_id"}
    alike = ALIKE

    @model_validator(mode="after")
    def _known_values(self) -> Self:
        if illegal := list(breakdown_rules.breakdowns(self.breakdowns)):
            raise ValueError("\n".join(illegal))
        for old, new in RETIRED.items():
            if old in (self.breakdowns or ()):
                raise ValueError(f"breakdowns: {old} was replaced by {new}")
        for window in EMPTY_WINDOWS:
            if window in (self.action_attribution_windows or ()):
                raise ValueError(f"action_attribution_windows: {window} returns nothing since January 2026")
        return self

    def mistakes(self) -> Iterable[str]:
        known = {*_known(), *(self.breakdowns or ())}
        yield from names.mistakes(self._asked(), known)
        yield from filters.of_insights(self.filtering or ())

    def earliest(self, today: date) -> date:
        return months_before(today, MONTHS_KEPT) + timedelta(days=min(today.day, 28) - 1)

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        first = self.earliest(context.today)
        if (since := call.time_range.days[0]) < first:
            raise InvalidParams(f"time_range: {since} is too far back; Facebook has numbers from {first} on")
        return call

    def basis(self) -> str:
        if self.use_account_attribution_setting:
            return "fb: the ad account's attribution setting"
        also = f"; {', '.join(windows)} beside it" if (windows := self.action_attribution_windows) else ""
        return f"fb: {USUAL} (or the ad set's own setting){also}"

    def kinds(self) -> Mapping[str, Column]:
        return metrics.KINDS

    def _asked(self) -> list[str]:
        """The columns asked for by their own names; `name` and `id` are those of what a row is."""
        if not self.fields:
            return []
        known = {*_known(), *(self.breakdowns or ())}
        return [names.resolved(field, known, self.words()) for field in self.fields]

    def words(self) -> Mapping[str, str]:
        return {**ALIKE, **{name: f"{self.level}_{name}" for name in OWN}}

    def columns(self) -> tuple[str, ...]:
        days = ("date_start", "date_stop") if self.time_increment not in (None, "all_days") else ()
        chosen = self._asked() or (*NAMED[self.level], *NUMBERS)
        return tuple(dict.fromkeys([*days, *chosen, *(self.breakdowns or ())]))

    def to_query(self) -> Mapping[str, Any]:
        apart = {"date_start", "date_stop", *(self.breakdowns or ())}
        wanted = metrics.sources(column for column in self.columns() if column not in apart)
        query = {**self.sent(), "fields": ",".join(wanted)}
        narrowed = under(query, campaign=self.campaign_id, adset=self.adset_id, ad=self.ad_id)
        return {**narrowed, "filtering": found} if (found := self._whatever_status(narrowed)) else narrowed

    def _whatever_status(self, query: Mapping[str, Any]) -> list[Any]:
        """The filters with every status in them: else Facebook leaves out what is archived or deleted now.

        Its spend counts in the levels above, which would be more than the sum of their parts.
        """
        given = list(query.get("filtering", []))
        field = f"{self.level}.effective_status"
        if self.level == "account" or any(condition["field"] == field for condition in given):
            return given
        node = filters.LEVELS[self.level]
        return [*given, {"field": field, "operator": "IN", "value": list(get_args(EVERY_STATUS[node]))}]

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        return metrics.row(record, self.columns(), self.breakdowns or ())

    def flow(self, context: Context) -> Flow:
        return every_page(self, context)


@cache
def _known() -> frozenset[str]:
    """Every column there is."""
    return names.fields_of("AdsInsights") | metrics.KINDS.keys() | {"result_type"}


ads_insights = Entity(list=ListInsights)
