"""Budget rules as people read them, and by how much they raise a daily budget at most.

Sources: SPBudgetRule of Amazon's SponsoredProducts.json; its guide to rule evaluation: the rules that hold
at one time add up, each as a percentage of the campaign's own daily budget, and a performance rule holds
where its condition is met, which nobody knows beforehand.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_UP, Decimal
from typing import Any

from mcp_ads.core import dig
from mcp_ads.core.money import offset, plain
from mcp_ads.core.runs import moment

Json = dict[str, Any]
WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
RANGE, EVENT = "duration.dateRangeTypeRuleDuration", "duration.eventTypeRuleDuration"
WINDOW, CONDITION = "recurrence.intraDaySchedule", "performanceMeasureCondition"
PATHS = {
    "name": "name",
    "ruleType": "ruleType",
    "budgetIncreaseBy": "budgetIncreaseBy.value",
    "eventId": f"{EVENT}.eventId",
    "eventName": f"{EVENT}.eventName",
    "recurrence": "recurrence.type",
    "daysOfWeek": "recurrence.daysOfWeek",
    "metricName": f"{CONDITION}.metricName",
    "comparisonOperator": f"{CONDITION}.comparisonOperator",
    "threshold": f"{CONDITION}.threshold",
}
"""Where a rule's details have what people read."""
TERMS = (*PATHS, "startDate", "endDate", "startTime", "endTime")
EVENT_DAYS = {"eventStart": f"{EVENT}.startDate", "eventEnd": f"{EVENT}.endDate"}
"""The days of an event, which are Amazon's, once it has announced them."""
OWN = ("ruleId", "ruleState", "ruleStatus")
TIMES = ("createdDate", "lastUpdatedDate")
CHANGED = tuple(name for name in TERMS if name != "eventName")
"""The terms that a change may leave otherwise."""
DAY = timedelta(days=1)


def flat(record: Mapping[str, Any]) -> Json:
    """A rule without its levels: days as 2026-11-30, times as ISO, the increase as percent."""
    rule = record.get("budgetRule") or record
    details = rule.get("ruleDetails") or {}
    row = {name: rule.get(name) for name in OWN}
    row |= {name: dig(details, path) for name, path in PATHS.items()}
    row["daysOfWeek"] = row["daysOfWeek"] or None
    row |= {name: day_of(dig(details, f"{RANGE}.{name}")) for name in ("startDate", "endDate")}
    row |= {name: day_of(dig(details, path)) for name, path in EVENT_DAYS.items()}
    window: Json = next(iter(dig(details, WINDOW) or ()), {})
    row |= {name: window.get(name) for name in ("startTime", "endTime")}
    row |= {name: _time(rule.get(name)) for name in TIMES}
    return row | {name: record[name] for name in row if name in record and name not in TIMES}


def brief(record: Mapping[str, Any]) -> Json:
    """What of a rule tells how much it adds on which days."""
    row = flat(record)
    days = ("startDate", "endDate", *EVENT_DAYS, "daysOfWeek")
    return {name: row[name] for name in (*OWN[:2], "budgetIncreaseBy", *days)}


def details(terms: Mapping[str, Any]) -> Json:
    """The rule's details as Amazon takes them, out of what people write."""
    known = {name: value for name, value in terms.items() if value not in (None, [], "")}
    days = {name: known[name].replace("-", "") for name in ("startDate", "endDate") if name in known}
    window = {name: known[name] for name in ("startTime", "endTime") if name in known}
    event: Json = {"eventTypeRuleDuration": {"eventId": known["eventId"]}} if "eventId" in known else {}
    weekdays = {"daysOfWeek": known["daysOfWeek"]} if "daysOfWeek" in known else {}
    recurrence = {"type": known.get("recurrence", "WEEKLY" if weekdays else "DAILY"), **weekdays}
    condition = {
        name: known[name] for name in ("metricName", "comparisonOperator", "threshold") if name in known
    }
    found: Json = {name: known[name] for name in ("name", "ruleType") if name in known}
    if "budgetIncreaseBy" in known:
        found["budgetIncreaseBy"] = {"type": "PERCENT", "value": known["budgetIncreaseBy"]}
    if event or days:
        found["duration"] = event or {"dateRangeTypeRuleDuration": days}
    if weekdays or window or "recurrence" in known:
        found["recurrence"] = recurrence | ({"intraDaySchedule": [window]} if window else {})
    return found | ({CONDITION: condition} if condition else {})


def day_of(text: Any) -> Any:
    """20261130 as 2026-11-30; anything else as it is."""
    day = str(text or "")
    return f"{day[:4]}-{day[4:6]}-{day[6:]}" if len(day) == len("20261130") and day.isdecimal() else text


def at_most(rules: Iterable[Mapping[str, Any]], today: date) -> Decimal:
    """The most percent that these rules add on one day from today on."""
    known = [rule for rule in map(flat, rules) if rule["ruleState"] != "PAUSED"]
    return max((_on(known, day) for day in _days(known, today)), default=Decimal(0))


def steepest(
    others: Iterable[Mapping[str, Any]],
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    today: date,
) -> tuple[Decimal, Decimal]:
    """What is added before and after on a day on which a rule of `after` holds: the one on which most is.

    `others` are rules of the campaign that stay as they are. Where `after` is none, a day of `before`.
    """
    beside = [rule for rule in map(flat, others) if rule["ruleState"] != "PAUSED"]
    before, after = ([*map(flat, rules)] for rules in (before, after))
    changed = after or before
    days = [day for day in _days([*beside, *changed], today) if any(_holds(rule, day) for rule in changed)]
    sums = [(_on([*beside, *before], day), _on([*beside, *after], day)) for day in days]
    return max(sums, key=lambda pair: (pair[1], pair[0]), default=(Decimal(0), Decimal(0)))


def raised(daily: Decimal, percent: Decimal, currency: str) -> Decimal:
    """A daily budget with so many percent more, rounded up to the currency's decimals."""
    return (daily * (1 + percent / 100)).quantize(Decimal(1) / offset(currency), ROUND_UP)


def said(rule: Mapping[str, Any]) -> str:
    """What a rule does and when, in words."""
    row = flat(rule)
    until = row["endDate"] or "no end"
    when = (
        f"event {row['eventName'] or row['eventId']}" if row["eventId"] else f"{row['startDate']} to {until}"
    )
    days = f", on {', '.join(day.title() for day in row['daysOfWeek'])}" if row["daysOfWeek"] else ""
    hours = f", {row['startTime']} to {row['endTime']}" if row["startTime"] else ""
    metric = (
        f" while {row['metricName']} {row['comparisonOperator']} {row['threshold']}"
        if row["metricName"]
        else ""
    )
    return f"+{percent(row)} %{metric}, {when}{days}{hours}"


def percent(row: Mapping[str, Any]) -> str:
    """The increase as a number in words."""
    return f"{Decimal(str(row['budgetIncreaseBy'] or 0)).normalize():f}"


def shown(amount: Decimal, currency: str) -> str:
    return f"{plain(amount, currency)} {currency}"


def _days(rules: Sequence[Mapping[str, Any]], today: date) -> Iterator[date]:
    """Days among which is every mix of rules there will be: a week from each one's first day on."""
    starts = {max(today, _day(rule["startDate"] or rule["eventStart"], today)) for rule in rules} or {today}
    return (start + DAY * n for start in sorted(starts) for n in range(len(WEEK)))


def _on(rules: Iterable[Mapping[str, Any]], day: date) -> Decimal:
    held = (rule for rule in rules if _holds(rule, day))
    return sum((Decimal(str(rule["budgetIncreaseBy"] or 0)) for rule in held), Decimal(0))


def _holds(rule: Mapping[str, Any], day: date) -> bool:
    """Whether a rule may raise the budget on a day; of an event whose days are not announced, always."""
    start, end = rule["startDate"] or rule["eventStart"], rule["endDate"] or rule["eventEnd"]
    within = _day(start, day) <= day <= _day(end, day)
    return within and (not rule["daysOfWeek"] or WEEK[day.weekday()] in rule["daysOfWeek"])


def _day(text: Any, otherwise: date) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return otherwise


def _time(epoch: Any) -> Any:
    with contextlib.suppress(ValueError, OverflowError, OSError):
        if at := moment(epoch, "UTC", last=False) if str(epoch or "").isdecimal() else None:
            return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return epoch


def yesterday() -> date:
    """A day that is over everywhere: what ended before it raises nothing any more."""
    return datetime.now(UTC).date() - DAY
