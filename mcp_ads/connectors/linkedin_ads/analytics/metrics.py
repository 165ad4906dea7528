"""Columns of analytics: vendor metrics, everyday names for some, and ratios LinkedIn leaves to the reader.

Ratios are computed in full from their parts, which every row has; percentages are 1.5 for 1.5 %.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead
from mcp_ads.connectors.linkedin_ads.campaigns import record_names
from mcp_ads.core import COUNT, DAY, ID, MONEY, TEXT, Column
from mcp_ads.core.as_sent import Selecting
from mcp_ads.core.money import plain
from mcp_ads.core.record_fields import has, unknown_fields

from .pivots import COLUMNS

COST, VALUE = "costInLocalCurrency", "conversionValueInLocalCurrency"
SUMS: Mapping[str, tuple[str, ...]] = {
    "cost": (COST,),
    "conversion_value": (VALUE,),
    "leads": ("oneClickLeads",),
    "conversions": ("externalWebsiteConversions", "oneClickLeads"),
}
"""Everyday names, each the sum of metrics that count nothing twice."""
RATIOS: Mapping[str, tuple[str, str, int]] = {
    "ctr": ("clicks", "impressions", 100),
    "landing_page_ctr": ("landingPageClicks", "impressions", 100),
    "engagement_rate": ("totalEngagements", "impressions", 100),
    "lead_form_completion_rate": ("oneClickLeads", "oneClickLeadFormOpens", 100),
    "conversion_rate": ("conversions", "clicks", 100),
    "video_view_rate": ("videoViews", "impressions", 100),
    "open_rate": ("opens", "sends", 100),
    "frequency": ("impressions", "approximateMemberReach", 1),
    "cpc": ("cost", "clicks", 1),
    "cpm": ("cost", "impressions", 1000),
    "cost_per_lead": ("cost", "leads", 1),
    "cost_per_conversion": ("cost", "conversions", 1),
    "roas": ("conversion_value", "cost", 1),
}
PER_MONEY = frozenset({"cpc", "cpm", "cost_per_lead", "cost_per_conversion"})
ALIKE: Mapping[str, str] = {
    "spend": "cost",
    "spent": "cost",
    "click_through_rate": "ctr",
    "cost_per_click": "cpc",
    "cost_per_mille": "cpm",
    "cpl": "cost_per_lead",
    "cpa": "cost_per_conversion",
    "cost_per_result": "cost_per_conversion",
    "results": "conversions",
    "purchases": "conversions",
    "sales": "conversion_value",
    "revenue": "conversion_value",
    "value": "conversion_value",
    "reach": "approximateMemberReach",
    "link_clicks": "landingPageClicks",
    "lead_form_opens": "oneClickLeadFormOpens",
    "video_completions": "videoCompletions",
    "engagements": "totalEngagements",
}
WRONG = {
    "pivot": "the rows have its id and name anyway",
    "pivotValue": "the rows have its id and name anyway",
    "approximateUniqueImpressions": "it was replaced by approximateMemberReach",
    "revenueAttributionMetrics": "LinkedIn tells it by a finder of its own alone, attributedRevenueMetrics; "
    "roas and conversion_value are here",
}
REACH = frozenset({"approximateMemberReach", "audiencePenetration"})
KEYS = frozenset({"pivotValues", "dateRange"})
BASIS = "li: 30d click + 7d view (rule's)"
MOVING = "; recent days may still rise"
"""LinkedIn attributes by each conversion rule's own windows; these are the ones rules have by default."""
PERIODS = {"day": {"time_granularity": "DAILY"}, "month": {"time_granularity": "MONTHLY"}}
_ATTRIBUTED = ("conversion", "lead", "registration", "jobappl")
SHARE, USD = 100, "USD"
OBJECTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "CAMPAIGN": ("campaigns.list", record_names.CAMPAIGN),
    "CAMPAIGN_GROUP": ("campaign_groups.list", record_names.GROUP),
    "ACCOUNT": ("accounts.list", record_names.ACCOUNT),
}
"""Where what is no metric stands: the list of what a pivot counts by."""
USUAL = ("impressions", "clicks", *SUMS, *RATIOS, "approximateMemberReach", "videoViews", "sends", "opens")
REACHED = "how many unique people, ads reach, ads reached, unique reach, unique people reached"
REST = "LinkedIn's other metrics by its own names, such as landingPageClicks"


class MetricsRead(LinkedinRead, Selecting):
    """LinkedIn is asked for metrics by their names."""

    @classmethod
    def asked_by_default(cls) -> tuple[str, ...]:
        return ()

    @classmethod
    def askable(cls, name: str) -> bool:
        return name in kinds() and name not in {*SUMS, *RATIOS, *COLUMNS}


def unknown(
    asked: Iterable[str], known: Sequence[str], apart: Sequence[str], pivots: Sequence[str]
) -> Iterator[str]:
    """A line for each name there is no column of: which read has it, what is like it, or what there is."""
    lists = [OBJECTS[pivot] for pivot in (*pivots, *OBJECTS) if pivot in OBJECTS]
    strange = [name for name in asked if not has(name, known)]
    having = {name: next((read for read, fields in lists if has(name, fields)), "") for name in strange}
    yield from (
        f"fields: {name[:60]!r} is no metric; {read} has it, by id" for name, read in having.items() if read
    )
    nowhere = [name for name in strange if not having[name]]
    yield from unknown_fields(nowhere, known, f"{', '.join([*apart, *USUAL])}; and {REST}")


@cache
def kinds() -> Mapping[str, Column]:
    """The kind of every column an analytics row may have."""
    names = {kind: text.split() for kind, text in _table().items()}
    viral = [f"viral{name[0].upper()}{name[1:]}" for name in names["count"]]
    per_money = Column("ratio", unit="money")
    return {
        **dict.fromkeys(
            [*names["count"], *viral, *names["count_without_viral"], "leads", "conversions"], COUNT
        ),
        **dict.fromkeys(names["seconds"], Column("number", adds=True, unit="s")),
        **dict.fromkeys([*names["money"], "cost", "conversion_value"], MONEY),
        **dict.fromkeys(names["usd"], Column("number", adds=True, unit=USD)),
        **dict.fromkeys(names["money_each"], per_money),
        **dict.fromkeys(names["average"], Column("number", unit="s")),
        **dict.fromkeys(names["reach"], Column("count")),
        **dict.fromkeys(names["share"], Column("percent")),
        **{name: _ratio(name) for name in RATIOS},
        **dict.fromkeys(("date", "date_start", "date_end"), DAY),
        **{name: ID if name.endswith("_id") else TEXT for name in COLUMNS},
    }


@cache
def kinds_of_members() -> Mapping[str, Column]:
    """The same where it is counted who saw the ads: approximate rows add up to nothing."""
    return {name: replace(column, adds=False) for name, column in kinds().items()}


def parts(column: str) -> tuple[str, ...]:
    """The columns a column is computed from, itself where it is not."""
    return RATIOS[column][:2] if column in RATIOS else (column,)


def behind(columns: Iterable[str]) -> list[str]:
    """The vendor's metrics that the columns are made of."""
    flat = (part for column in columns for part in parts(column))
    return list(dict.fromkeys(name for part in flat for name in SUMS.get(part, (part,))))


def cells(row: Mapping[str, Any], columns: Iterable[str], currency: str) -> dict[str, Any]:
    """The columns with what they are made of, in full; empty where something is missing."""
    asked = list(columns)
    made = {part: _cell(row, part, currency) for column in asked for part in parts(column)}
    return {
        column: _quotient(made, *RATIOS[column]) if column in RATIOS else made[column] for column in asked
    } | made


def is_attributed(column: str) -> bool:
    """Whether a column counts what followed an ad, so that it depends on how far back a click counts."""
    return any(word in part.lower() for part in parts(column) for word in _ATTRIBUTED)


def _cell(row: Mapping[str, Any], column: str, currency: str) -> Any:
    """A metric or a sum of them. LinkedIn leaves out what is zero, and reach where it counts none."""
    kind = kinds().get(column, TEXT)
    found = [row[name] for name in SUMS.get(column, (column,)) if row.get(name) is not None]
    numbers = [exact for value in found if (exact := number(value)) is not None]
    if kind == TEXT or len(numbers) < len(found) or not (numbers or kind.adds):
        return found[0] if found else None
    total = sum(numbers, Decimal())
    if kind.kind == "money" or kind.unit == USD:
        return plain(total, currency if kind.kind == "money" else USD)
    if kind.kind == "percent":
        return float(total * SHARE)
    return int(total) if total == int(total) else float(total)


def _quotient(row: Mapping[str, Any], over: str, under: str, times: int) -> float | None:
    above, below = number(row.get(over)), number(row.get(under))
    return float(above * times / below) if above is not None and below else None


def number(value: Any) -> Decimal | None:
    """The value exactly; None for what is no number."""
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


def _ratio(name: str) -> Column:
    over, under, times = RATIOS[name]
    if times == SHARE:
        return Column("percent", of=(over, under, times))
    return Column("ratio", of=(over, under, times), unit="money" if name in PER_MONEY else "")


@cache
def _table() -> Mapping[str, str]:
    found: Mapping[str, str] = json.loads(
        files(__package__ or "").joinpath("metric_names.json").read_text("utf-8")
    )
    return found
