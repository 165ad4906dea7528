"""What insights are asked by, in whichever way they are asked for."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.connectors.facebook_marketing.filters import Filtering
from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphRead, Id
from mcp_ads.core import Context, Span
from mcp_ads.core.dates import parse
from mcp_ads.core.presets import months_before
from mcp_ads.core.synonyms import bare, cut
from mcp_ads.errors import InvalidParams

from . import breakdown_rules, metrics

WORDS = {
    "account": "account", "campaign": "campaign", "adset": "adset", "adgroup": "adset", "ad": "ad",
    "creative": "ad",
}  # fmt: skip


def _level(value: Any) -> Any:
    """The level that a word means, which may be another platform's."""
    return WORDS.get(bare(value), value) if isinstance(value, str) else value


Level = Annotated[Literal["account", "campaign", "adset", "ad"], BeforeValidator(_level)]
Under = Annotated[Id | None, Field(exclude=True)]
EMPTY_WINDOWS = ("7d_view", "28d_view")
MONTHS_KEPT, MONTHS_BY_HOUR, MONTHS_BY_FREQUENCY = 37, 13, 6
USUAL = "7d click + 1d view"


def _spans(given: list[Any]) -> list[Any]:
    """The ranges as they were written, if each is one. Raises ValueError."""
    for span in given:
        parse(span)
    return given


def _all_or_some(types: list[str] | None) -> list[str] | None:
    """All of them where that is one of what is asked for."""
    return ["all"] if types and {"all", "*"} & {name.lower() for name in types} else types


ActionTypes = Annotated[
    list[str] | None,
    Field(
        exclude=True,
        min_length=1,
        description="More actions as columns: link_click, landing_page_view, video_view, …; or all.",
    ),
    AfterValidator(_all_or_some),
]


class InsightParams(GraphRead):
    """The parameters of insights, and which go together."""

    account_id: AdAccountId
    level: Annotated[Level, Field(description="What a row is.")] = "account"
    time_range: Annotated[
        Span | None,
        Field(description="yesterday, last_7d, last_week, mtd, last_month, 2026-10-01..2026-10-31."),
    ] = Span(preset="last_30d")
    time_ranges: Annotated[
        Annotated[list[str | dict[str, Any]], AfterValidator(_spans)] | None,
        Field(exclude=True, min_length=1, description="Several ranges, a row each, to compare them."),
    ] = None
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
    action_breakdowns: Annotated[
        list[str] | None, Field(description="action_device, action_destination, …; splits actions.")
    ] = None
    action_types: ActionTypes = None
    action_attribution_windows: Annotated[
        list[str] | None,
        Field(description="1d_click, 7d_click, 28d_click, 1d_view, 1d_ev, …: columns beside."),
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
            "purchase_value, purchase_roas, leads, conversions, results, adds_to_cart, cost_per_purchase, …",
        ),
    ] = None
    use_account_attribution_setting: bool | None = None
    product_id_limit: Annotated[
        int | None, Field(ge=1, description="Most products, with breakdowns of product_id.")
    ] = None

    node, records, spooled = "AdsInsights", "data", True
    aliases = {"date_preset": "time_range", "date_range": "time_range", "ad_set_id": "adset_id"}
    alike, told_by = metrics.ALIKE, ("ad_id", "adset_id", "campaign_id")
    periods = {"day": {"time_increment": 1}, "month": {"time_increment": "monthly"}}
    retired = {
        "action_report_time": "Facebook ignores it since June 2025; leave it out",
        "use_unified_attribution_setting": "Facebook ignores it since June 2025; leave it out",
        "summary": "ask for level account, which counts nobody twice",
        "default_summary": "ask for level account, which counts nobody twice",
        "export_format": "answers are rows, and no file of Facebook's; leave it out",
    }

    @model_validator(mode="after")
    def _known_values(self) -> Self:
        found = list(breakdown_rules.mistakes(self.breakdowns or (), self.action_breakdowns or ()))
        found += [why for window in self.action_attribution_windows or () if (why := _no_window(window))]
        if self.time_ranges:
            found += [
                f"{name}: not with time_ranges, which has its own rows"
                for name in ("time_range", "time_increment")
                if name in self.model_fields_set and getattr(self, name) not in (None, "all_days")
            ]
        if found:
            raise ValueError("\n".join(found))
        return self

    def earliest(self, today: date) -> date:
        asked = {*(self.breakdowns or ())}
        short = asked & breakdown_rules.BY_HOUR or any("unique" in name for name in self.fields or ())
        by_hour = MONTHS_BY_HOUR if short else MONTHS_KEPT
        months = MONTHS_BY_FREQUENCY if "frequency_value" in asked else by_hour
        return months_before(today, months) + timedelta(days=min(today.day, 28) - 1)

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        first, call = self.earliest(context.today), super().settled(context, live)
        name, spans = "time_range", [call.time_range] if call.time_range else []
        if self.time_ranges:
            try:
                name, spans = "time_ranges", [parse(s).settle(context.today, first) for s in self.time_ranges]
            except ValueError as mistake:
                raise InvalidParams(f"time_ranges: {mistake}") from None
            ranges = [{"since": str(span.since), "until": str(span.until)} for span in spans]
            call = call.model_copy(update={"time_ranges": ranges, "time_range": None})
        if (since := min((span.days[0] for span in spans), default=first)) < first:
            raise InvalidParams(
                f"{name}: {since} is too far back; Facebook has these numbers from {first} on "
                f"(most for {MONTHS_KEPT} months, unique counts and hours for {MONTHS_BY_HOUR})"
            )
        return call

    def basis(self) -> str:
        if self.use_account_attribution_setting:
            return "fb: the ad account's attribution setting"
        also = f"; {', '.join(windows)} beside it" if (windows := self.action_attribution_windows) else ""
        return f"fb: {USUAL} (or the ad set's own setting){also}"


def _no_window(name: str) -> str:
    """What is wrong with an attribution window; nothing of one that only is not known here."""
    param = "action_attribution_windows"
    if name in EMPTY_WINDOWS:
        return f"{param}: {name} returns nothing since January 2026; use 1d_view"
    near = [] if name in metrics.WINDOWS else difflib.get_close_matches(name, metrics.WINDOWS, 1, 0.7)
    return f"{param}: {cut(name)!r} is not known; did you mean {near[0]}?" if near else ""
