"""Insights: delivery and results of an account's campaigns, ad sets and ads over a range of days."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, TypeGuard

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.core import GET, Account, Entity, Span

from .ad_sets import under
from .dialect import CURSOR
from .types import AdAccountId, GraphRead, Id, Object, column_name

Level = Literal["account", "campaign", "adset", "ad"]
Under = Annotated[Id | None, Field(exclude=True)]
NUMBERS = ("spend", "impressions", "clicks", "purchases", "purchase_value", "leads")
NAMED = {
    "account": ("account_name",),
    "campaign": ("campaign_id", "campaign_name"),
    "adset": ("adset_id", "adset_name"),
    "ad": ("ad_id", "ad_name"),
}
# The same conversion is reported under several names: the first one present counts, they are never added up.
PURCHASE = ("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase", "onsite_web_purchase")
LEAD = ("lead", "onsite_conversion.lead_grouped", "offsite_conversion.fb_pixel_lead", "leadgen_grouped")
COUNTED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "purchases": ("actions", PURCHASE),
    "purchase_value": ("action_values", PURCHASE),
    "purchase_roas": ("purchase_roas", ("omni_purchase", "purchase")),
    "leads": ("actions", LEAD),
    "cost_per_purchase": ("cost_per_action_type", PURCHASE),
    "cost_per_lead": ("cost_per_action_type", LEAD),
}
REPEATED = (
    "omni_", "onsite_web_app_", "onsite_web_", "onsite_app_", "web_in_store_", "web_app_in_store_",
    "offsite_conversion.fb_pixel_",
)  # fmt: skip
RATIOS = {"purchase_roas", "cost_per_purchase", "cost_per_lead"}
RETIRED = {"dma": "comscore_market"}
EMPTY_WINDOWS = ("7d_view", "28d_view")
NOT = {
    "roas": "purchase_roas", "cost": "spend", "revenue": "purchase_value", "cpa": "cost_per_purchase",
    "cpl": "cost_per_lead", "name": "campaign_name", "date": "date_start", "id": "campaign_id",
}  # fmt: skip
"""What other platforms call a column."""


def _vendor_order(value: Any) -> Any:
    """Facebook's spend_descending from -spend, as tables everywhere are sorted."""
    if isinstance(value, list):
        return [_vendor_order(each) for each in value]
    if not isinstance(value, str) or value.endswith(("_ascending", "_descending")):
        return value
    return f"{value.removeprefix('-')}_{'descending' if value.startswith('-') else 'ascending'}"


class ListInsights(GraphRead):
    """Read spend, delivery and conversions of an account by level and day.

    Money is in major units. purchases, purchase_value and leads are counted from `actions`, each once.
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
        list[Object] | None,
        Field(description='[{"field": "ad.impressions", "operator": "GREATER_THAN", "value": 0}]'),
    ] = None
    sort: Annotated[
        list[str] | None, BeforeValidator(_vendor_order), Field(description='"-spend": largest first.')
    ] = None
    fields: Annotated[
        list[str] | None,
        Field(
            exclude=True,
            description="Facebook's metrics (reach, ctr, cpc, cpm, frequency, actions, …), and purchases, "
            "purchase_value, purchase_roas, leads, cost_per_purchase, cost_per_lead.",
        ),
    ] = None
    use_account_attribution_setting: bool | None = None

    http = GET("/act_{account_id}/insights")
    pages, records = CURSOR, "data"
    also = {"date_preset": "time_range", "date_range": "time_range", "ad_set_id": "adset_id"}

    @model_validator(mode="after")
    def _known_values(self) -> Self:
        if wrong := [
            f"fields: {each}: did you mean {NOT[each]}?" for each in self.fields or () if each in NOT
        ]:
            raise ValueError("\n".join(wrong))
        for old, new in RETIRED.items():
            if old in (self.breakdowns or ()):
                raise ValueError(f"breakdowns: {old} was replaced by {new}")
        for window in EMPTY_WINDOWS:
            if window in (self.action_attribution_windows or ()):
                raise ValueError(f"action_attribution_windows: {window} returns nothing since January 2026")
        return self

    def columns(self) -> tuple[str, ...]:
        days = ("date_start", "date_stop") if self.time_increment not in (None, "all_days") else ()
        chosen = tuple(self.fields) if self.fields else (*NAMED[self.level], *NUMBERS)
        return tuple(dict.fromkeys([*days, *chosen, *(self.breakdowns or ())]))

    def to_query(self) -> Mapping[str, Any]:
        apart = {"date_start", "date_stop", *(self.breakdowns or ())}
        wanted = [
            COUNTED[each][0] if each in COUNTED else each for each in self.columns() if each not in apart
        ]
        query = {**self.sent(), "fields": ",".join(dict.fromkeys(wanted))}
        return under(query, campaign=self.campaign_id, adset=self.adset_id, ad=self.ad_id)

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        return {column_name(each): _cell(record, each) for each in self.columns()}


def _cell(record: Mapping[str, Any], column: str) -> Any:
    if column in COUNTED:
        source, names = COUNTED[column]
        return _first(record.get(source) or [], names, adds=column not in RATIOS)
    value = record.get(column_name(column))
    return _by_type(value) if _is_actions(value) else value


def _first(actions: list[Object], names: tuple[str, ...], *, adds: bool) -> Any:
    """The value under the first name present; what an action breakdown splits is added up, if it adds."""
    for name in names:
        parts = [each["value"] for each in actions if each.get("action_type") == name and "value" in each]
        if parts:
            whole = str(sum(Decimal(part) for part in parts)) if adds else None
            return parts[0] if len(parts) == 1 else whole
    return None


def _is_actions(value: Any) -> TypeGuard[list[Object]]:
    return (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "action_type" in value[0]
    )


def _by_type(actions: list[Object]) -> Any:
    """`[{action_type, value}]` as {type: value} without repeating names; windows and breakdowns stay."""
    if any(each.keys() - {"action_type", "value"} for each in actions):
        return actions
    found = {each["action_type"]: each.get("value") for each in actions}
    return {name: value for name, value in found.items() if _canonical(name) not in found.keys() - {name}}


def _canonical(name: str) -> str:
    """The plain name of a conversion that is also reported under a longer one."""
    prefix = next((each for each in REPEATED if name.startswith(each)), "")
    return name.removeprefix(prefix)


ads_insights = Entity(
    "ads_insights", "Delivery, spend and conversions by day, level and breakdown.", list=ListInsights
)
