"""Reports: /adAnalytics with its finders."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from typing import Any

from mcp_ads.sandbox.linkedin_ads import delivery
from mcp_ads.sandbox.linkedin_ads.campaigns.campaigns import TYPES
from mcp_ads.sandbox.linkedin_ads.campaigns.groups import OBJECTIVES
from mcp_ads.sandbox.linkedin_ads.errors import bad_param
from mcp_ads.sandbox.linkedin_ads.params import (
    ParamError,
    Params,
    either,
    enum,
    integer,
    listed,
    record,
    text,
    urn_of,
)
from mcp_ads.sandbox.linkedin_ads.state import (
    Answer,
    Body,
    Call,
    today,
)
from mcp_ads.sandbox.numbers import noise

from . import metrics, pivots, selected

MOST_FIELDS, MOST_ROWS, MOST_REACH_DAYS = 20, 15_000, 92
DAYS_KEPT = 183
"""Days that are kept one by one; older ones are counted by whole months."""
SORTS = {
    "COST_IN_LOCAL_CURRENCY": "cents",
    "IMPRESSIONS": "impressions",
    "CLICKS": "clicks",
    "ONE_CLICK_LEADS": "oneClickLeads",
    "OPENS": "opens",
    "SENDS": "sends",
    "EXTERNAL_WEBSITE_CONVERSIONS": "externalWebsiteConversions",
}
DEFAULT_FIELDS = ("impressions", "clicks")
Period = tuple[int, int]
Totals = dict[str, int]


def _pivot(*known: str) -> Any:
    def convert(value: Any) -> str:
        if value not in known:
            raise ParamError(f"{value} is not a pivot of this finder", code="FIELD_INVALID")
        return str(value)

    return convert


def _one_to_three(value: Any) -> list[str]:
    found: list[str] = listed(_pivot(*pivots.OPERATIONAL))(value)
    if not 1 <= len(found) <= 3:
        raise ParamError("between 1 and 3 pivots are allowed")
    return found


DATE = record(
    year=integer(1970, 2200), month=integer(1, 12), day=integer(1, 31), required=("year", "month", "day")
)
RANGE = record(start=DATE, end=DATE, required=("start",))
ANY_PIVOT = _pivot(*pivots.OPERATIONAL, *pivots.MEMBERS)
SHARED = {
    "q": text,
    "fields": text,
    "dateRange": RANGE,
    "timeGranularity": enum("ALL", "DAILY", "MONTHLY", "YEARLY"),
    "campaignType": enum(*TYPES),
    "objectiveType": enum(*OBJECTIVES),
    "sortBy": record(field=enum(*SORTS), order=enum("ASCENDING", "DESCENDING"), required=("field",)),
    **{
        name: listed(urn_of(kind, "ugcPost") if name == "shares" else urn_of(kind))
        for name, kind in selected.FACETS.items()
    },
}
REQUIRED = ("dateRange", "timeGranularity")
RECORD_PIVOT = record(value=ANY_PIVOT, required=("value",))
ONE_PIVOT = Params({**SHARED, "pivot": either(RECORD_PIVOT, ANY_PIVOT)}, ("pivot", *REQUIRED))
MANY_PIVOTS = Params({**SHARED, "pivots": _one_to_three}, ("pivots", *REQUIRED))
REVENUE = Params(
    {
        "q": text,
        "fields": text,
        "account": listed(urn_of("sponsoredAccount")),
        "pivots": _one_to_three,
        "dateRange": RANGE,
        **{name: SHARED[name] for name in ("campaigns", "campaignGroups")},
    },
    ("account", "dateRange", "pivots"),
)
REVENUE_PIVOTS, REVENUE_DAYS = {"ACCOUNT", "CAMPAIGN_GROUP", "CAMPAIGN"}, (30, 366)


def analytics(call: Call) -> Answer:
    """Rows by exactly one pivot."""
    pivot = call.query["pivot"]
    return _report(call, [pivot["value"] if isinstance(pivot, dict) else pivot])


def statistics(call: Call) -> Answer:
    """Rows by one to three pivots."""
    return _report(call, call.query["pivots"])


def revenue(call: Call) -> Answer:
    """Revenue attribution, empty because no CRM is connected."""
    if strange := set(call.query["pivots"]) - REVENUE_PIVOTS:
        raise bad_param("pivots", f"{', '.join(strange)} is not a pivot of this finder", "FIELD_INVALID")
    first, last = _range(call.query["dateRange"])
    if not REVENUE_DAYS[0] <= (last - first).days + 1 <= REVENUE_DAYS[1]:
        raise bad_param("dateRange", "The range covers between 30 and 366 days")
    return Answer(200, {"paging": {"start": 0, "count": 10, "links": []}, "elements": []})


def _report(call: Call, grouped: Sequence[str]) -> Answer:
    fields = _fields(call)
    first, last = _range(call.query["dateRange"])
    if not any(call.query.get(name) for name in selected.FACETS):
        raise bad_param("accounts", f"At least one of {', '.join(selected.FACETS)} is required")
    if set(fields) & set(metrics.REACH) and (last - first).days >= MOST_REACH_DAYS:
        raise bad_param("dateRange", f"Reach covers at most {MOST_REACH_DAYS} days")
    sort = call.query.get("sortBy")
    if call.query["timeGranularity"] == "ALL":
        first, last = _widened(first, last)
    wanted = metrics.parts_of(fields) | {"impressions"} | ({SORTS[sort["field"]]} if sort else set())
    totals = _totals(call, grouped, (first, last), wanted)
    if grouped[0] in pivots.MEMBERS:
        totals = _by_member(totals, grouped[0])
    rows = sorted((row for row in totals.items() if any(row[1].values())), key=lambda row: row[0])
    if sort:
        name, backwards = SORTS[sort["field"]], sort.get("order") == "DESCENDING"
        rows.sort(key=lambda row: row[1].get(name, 0), reverse=backwards)
    elements = [_row(period, values, sums, fields, grouped) for (period, values), sums in rows[:MOST_ROWS]]
    return Answer(200, {"paging": {"start": 0, "count": 10, "links": []}, "elements": elements})


def _fields(call: Call) -> Sequence[str]:
    if not (given := call.query.get("fields")):
        return DEFAULT_FIELDS
    names: list[str] = given.split(",")
    for name in names:
        if name not in metrics.NAMES:
            raise bad_param("fields", f"{name} is not a field of AdAnalytics")
    if len(names) > MOST_FIELDS:
        raise bad_param("fields", f"{len(names)} fields are asked for; at most {MOST_FIELDS} are allowed")
    return names


def _range(asked: Body) -> tuple[dt.date, dt.date]:
    try:
        first = dt.date(**asked["start"])
        last = dt.date(**asked["end"]) if "end" in asked else today()
    except ValueError as error:
        raise bad_param("dateRange", f"No such day: {error}") from None
    if last < first:
        raise bad_param("dateRange", "The end lies before the start")
    return first, last


def _widened(first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """Ends that are older than the days that are kept, moved to those of their months."""
    oldest = today() - dt.timedelta(days=DAYS_KEPT)
    if first < oldest:
        first = first.replace(day=1)
    if last < oldest:
        last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return first, last


def _totals(
    call: Call, grouped: Sequence[str], span: tuple[dt.date, dt.date], wanted: set[str] | frozenset[str]
) -> dict[tuple[Period, tuple[str, ...]], Totals]:
    found: dict[tuple[Period, tuple[str, ...]], Totals] = {}
    granularity, now = call.query["timeGranularity"], today().toordinal()
    for creative, campaign, account in selected.creatives(call):
        values = pivots.object_values(grouped, creative, campaign, account)
        if values is None:
            continue
        for ordinal in delivery.days(creative, campaign, *span):
            numbers = selected.numbers(creative, ordinal, now)
            period = _period(granularity, ordinal, span)
            for key, part in pivots.parts(grouped, values, numbers, noise(creative["id"], ordinal)):
                sums = found.setdefault((period, key), {})
                for name in wanted & part.keys():
                    sums[name] = sums.get(name, 0) + part[name]
    return found


def _period(granularity: str, ordinal: int, span: tuple[dt.date, dt.date]) -> Period:
    first, last = span[0].toordinal(), span[1].toordinal()
    if granularity == "ALL":
        return first, last
    if granularity == "DAILY":
        return ordinal, ordinal
    date = dt.date.fromordinal(ordinal)
    if granularity == "MONTHLY":
        ends = calendar.monthrange(date.year, date.month)[1]
        whole = date.replace(day=1).toordinal(), date.replace(day=ends).toordinal()
    else:
        whole = dt.date(date.year, 1, 1).toordinal(), dt.date(date.year, 12, 31).toordinal()
    return max(whole[0], first), min(whole[1], last)


def _by_member(
    totals: dict[tuple[Period, tuple[str, ...]], Totals], pivot: str
) -> dict[tuple[Period, tuple[str, ...]], Totals]:
    return {
        (period, (value,)): dict(seen)
        for (period, _), sums in totals.items()
        for value, seen in pivots.members(pivot, sums, *period)
    }


def _row(
    period: Period, values: tuple[str, ...], sums: Totals, fields: Sequence[str], grouped: Sequence[str]
) -> Body:
    start, end = (dt.date.fromordinal(day) for day in period)
    row: Body = {}
    for name in fields:
        if name == "pivotValues":
            row[name] = list(values)
        elif name == "dateRange":
            row[name] = {"start": _date(start), "end": _date(end)}
        elif _is_left_out(name, grouped):
            continue
        elif (value := metrics.present(sums, name, (end - start).days + 1)) is not None:
            row[name] = value
    return row


def _is_left_out(name: str, grouped: Sequence[str]) -> bool:
    """Whether a metric is not counted by these pivots, which is no mistake: the row has it not."""
    if grouped[0] in pivots.MEMBERS:
        return name in metrics.NOT_OF_MEMBERS
    if name not in metrics.REACH:
        return False
    return "ACCOUNT" in grouped or (name == "audiencePenetration" and "CREATIVE" in grouped)


def _date(date: dt.date) -> Body:
    return {"year": date.year, "month": date.month, "day": date.day}
