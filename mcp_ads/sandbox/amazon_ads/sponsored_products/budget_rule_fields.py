"""What a budget rule may say: its schema, and what Amazon refuses beyond it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from mcp_ads.sandbox.amazon_ads.calls import Body, Call
from mcp_ads.sandbox.amazon_ads.fields import Field, Fields, problems
from mcp_ads.sandbox.amazon_ads.market import today
from mcp_ads.sandbox.amazon_ads.schedule import day

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
INTRADAY = {"US", "CA", "UK", "IN", "JP"}
EVENTS = (
    ("55583b89-b236-4ccb-ad86-e72f23691eef", "Holiday shopping", "1201", "1224", 40),
    ("7d3f8a52-0f0b-4f4e-9c3d-2b7f6f3a9e11", "Summer sale days", "0708", "0711", 30),
)
OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "GREATER_THAN": lambda one, other: one > other,
    "GREATER_THAN_OR_EQUAL_TO": lambda one, other: one >= other,
    "LESS_THAN": lambda one, other: one < other,
    "LESS_THAN_OR_EQUAL_TO": lambda one, other: one <= other,
    "EQUAL_TO": lambda one, other: one == other,
}
DURATION: Fields = {
    "dateRangeTypeRuleDuration": Field(
        "object", of={"startDate": Field("date", need=True), "endDate": Field("date")}
    ),
    "eventTypeRuleDuration": Field("object", of={"eventId": Field(need=True)}),
}
RECURRENCE: Fields = {
    "type": Field("enum", need=True, values=("DAILY", "WEEKLY")),
    "daysOfWeek": Field("list"),
    "intraDaySchedule": Field(
        "list", of={"startTime": Field(need=True), "endTime": Field(need=True)}, low=1, high=1
    ),
}
CONDITION: Fields = {
    "metricName": Field("enum", need=True, values=("ACOS", "CTR", "CVR", "ROAS")),
    "comparisonOperator": Field("enum", need=True, values=tuple(OPERATORS)),
    "threshold": Field("number", need=True, low=0),
}
INCREASE: Fields = {
    "type": Field("enum", need=True, values=("PERCENT",)),
    "value": Field("number", need=True, low=0.01),
}
DETAILS: Fields = {
    "name": Field(need=True, high=355, named=True),
    "ruleType": Field("enum", need=True, values=("SCHEDULE", "PERFORMANCE")),
    "budgetIncreaseBy": Field("object", need=True, of=INCREASE),
    "duration": Field("object", need=True, of=DURATION),
    "recurrence": Field("object", need=True, of=RECURRENCE),
    "performanceMeasureCondition": Field("object", of=CONDITION),
}
CHANGED: Fields = {
    "ruleId": Field("id", need=True),
    "ruleState": Field("enum", values=("ACTIVE", "PAUSED")),
    "ruleDetails": Field("object", of=DETAILS),
}


def mistakes(call: Call, item: Body, old: Body | None) -> Iterator[str]:
    """What is wrong with a rule, as far as the schema says it; a day that has begun may stay."""
    yield from (
        f"{problem.location}: {problem.message}" for problem in problems(item, DETAILS, "create", "$")
    )
    yield from _wrong_days(call, item, old)
    recurrence, condition = item["recurrence"], item.get("performanceMeasureCondition")
    if (item["ruleType"] == "PERFORMANCE") != bool(condition):
        yield "performanceMeasureCondition is required for PERFORMANCE rules, and for these only"
    if set(recurrence.get("daysOfWeek", ())) - {*DAYS}:
        yield f"daysOfWeek must be of {', '.join(DAYS)}"
    if recurrence["type"] == "WEEKLY" and not recurrence.get("daysOfWeek"):
        yield "daysOfWeek is required for weekly rules"
    for window in recurrence.get("intraDaySchedule", ()):
        if item["ruleType"] != "SCHEDULE" or call.profile["countryCode"] not in INTRADAY:
            yield "intraDaySchedule is for SCHEDULE rules of some marketplaces"
        if window["endTime"] <= window["startTime"]:
            yield "endTime is required to be greater than startTime"


def _wrong_days(call: Call, item: Body, old: Body | None) -> Iterator[str]:
    if len(item["duration"]) != 1:
        yield "duration must be either a date range or an event"
        return
    event = item["duration"].get("eventTypeRuleDuration")
    if event:
        if item["ruleType"] != "SCHEDULE" or event["eventId"] not in {row[0] for row in EVENTS}:
            yield "eventId is of no recommended event"
        return
    try:
        start, end = days_of(item)
    except ValueError:
        yield "startDate and endDate must be YYYYMMDD"
        return
    kept = old is not None and old["duration"] == item["duration"]
    if start < today(call.profile) and not kept and (old is None or days_of(old)[0] != start):
        yield "startDate is required to be greater than or equal to current date"
    if end < start:
        yield "endDate is required to be equal or greater than startDate"


def announced(details: Body) -> Body:
    """The details with the name and the days of their event, which only answers have."""
    if not (event := details["duration"].get("eventTypeRuleDuration")):
        return details
    name = next(row[1] for row in EVENTS if row[0] == event["eventId"])
    start, end = (f"{day:%Y%m%d}" for day in days_of(details))
    told = {**event, "eventName": name, "startDate": start, "endDate": end}
    return {**details, "duration": {"eventTypeRuleDuration": told}}


def days_of(details: Body) -> tuple[date, date]:
    """Its first and last day; those of an event are next year's. Raises ValueError."""
    event = details["duration"].get("eventTypeRuleDuration")
    if event:
        year = date.today().year + 1  # noqa: DTZ011 - the year is enough
        row = next(row for row in EVENTS if row[0] == event["eventId"])
        return day(f"{year}{row[2]}", "%Y%m%d"), day(f"{year}{row[3]}", "%Y%m%d")
    days = details["duration"]["dateRangeTypeRuleDuration"]
    return day(days["startDate"], "%Y%m%d"), day(days.get("endDate") or "99991231", "%Y%m%d")
