"""What a budget rule says: by how much, when, under which condition; as people write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.states import STATES
from mcp_ads.connectors.amazon_ads.types import Day, DayOrNone, Json, upper
from mcp_ads.connectors.amazon_ads.writes import AmazonWrite, out_of_order, refuse_past
from mcp_ads.core import Context

from . import raises, rules

SWITCHES = {"ACTIVE": "activate", "PAUSED": "pause"}
RULE_STATES = replace(STATES, fields=("ruleState",), on=frozenset({"ACTIVE"}), switches=SWITCHES)
MOST_NAME = 355
INTRADAY = "US, CA, UK, IN and JP"
MUCH = 100
_PERCENT = re.compile(r"\+?\s*([0-9]+(?:\.[0-9]+)?)\s*%?", re.ASCII)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", re.ASCII)
_SIGNS = {
    ">": "GREATER_THAN",
    ">=": "GREATER_THAN_OR_EQUAL_TO",
    "<": "LESS_THAN",
    "<=": "LESS_THAN_OR_EQUAL_TO",
    "=": "EQUAL_TO",
    "==": "EQUAL_TO",
}


def _percent(value: Any) -> Any:
    """20, "20%", "+20%" and the vendor's {"type": "PERCENT", "value": 20} are twenty percent more."""
    if (
        isinstance(value, dict)
        and value.keys() <= {"type", "value"}
        and value.get("type", "PERCENT") == "PERCENT"
    ):
        value = value.get("value")
    found = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if isinstance(value, str) and not found:
        raise ValueError('write the percent that is added, such as 20 or "20%"')
    return found[1] if found else value


def _clock(value: Any) -> str:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise ValueError("write a time of day as 17:00")
    return value if len(value) == len("17:00:00") else f"{value}:00"


def _sign(value: Any) -> Any:
    return upper(_SIGNS.get(value, value)) if isinstance(value, str) else value


RuleName = Annotated[
    str, AfterValidator(rules.trimmed), Field(min_length=1, max_length=MOST_NAME, examples=["Cyber week"])
]
Increase = Annotated[
    float,
    BeforeValidator(_percent),
    Field(gt=0, allow_inf_nan=False, examples=[20], description="Percent that comes on top."),
]
Weekday = Annotated[
    Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"],
    BeforeValidator(upper),
]
Clock = Annotated[
    str | None,
    BeforeValidator(_clock),
    Field(description="17:00, in the profile's time zone; SCHEDULE only."),
]


class RuleWrite(AmazonWrite):
    """Changes a rule, makes one, or attaches one. Rules are never put away."""

    states, final = RULE_STATES, {}
    made_at: ClassVar[tuple[str, ...]] = ("createdDate",)

    def obstacle(self, live: Mapping[str, Any]) -> str:  # noqa: ARG002
        return ""


class RuleTerms(RuleWrite):
    """What creating and updating a rule share. The names are those of its row."""

    name: RuleName | None = None
    budget_increase_by: Increase | None = None
    start_date: Day = None
    end_date: DayOrNone = None
    event_id: Annotated[
        str | None, Field(min_length=1, description="Instead of days: of `recommendations`.")
    ] = None
    days_of_week: Annotated[
        list[Weekday] | None,
        BeforeValidator(listed),
        Field(min_length=1, description="Only on these; without it every day."),
    ] = None
    recurrence: Annotated[Literal["DAILY", "WEEKLY"] | None, BeforeValidator(upper)] = None
    start_time: Clock = None
    end_time: Clock = None
    metric_name: Annotated[
        Literal["ACOS", "CTR", "CVR", "ROAS"] | None,
        BeforeValidator(upper),
        Field(description="PERFORMANCE only, of the last 7 days (vendors 14)."),
    ] = None
    comparison_operator: Annotated[
        Literal["GREATER_THAN", "LESS_THAN", "EQUAL_TO", "GREATER_THAN_OR_EQUAL_TO", "LESS_THAN_OR_EQUAL_TO"]
        | None,
        BeforeValidator(_sign),
    ] = None
    threshold: Annotated[float | None, Field(allow_inf_nan=False, description="20 for 20 %.")] = None

    cleared: ClassVar[tuple[str, ...]] = ("endDate",)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        mistakes = [*out_of_order(self.start_date, self.end_date)]
        if self.event_id and (self.start_date or self.end_date):
            mistakes.append("event_id: give it or start_date and end_date, not both")
        if bool(self.start_time) != bool(self.end_time):
            mistakes.append("start_time: give start_time and end_time, or neither")
        elif self.start_time and self.end_time and self.end_time <= self.start_time:
            mistakes.append(f"end_time: {self.end_time} is not after start_time {self.start_time}")
        if self.recurrence == "WEEKLY" and not self.days_of_week:
            mistakes.append("days_of_week: missing, required with recurrence WEEKLY")
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        refuse_past(self, context, "start_date", "end_date")
        return super().settled(context, live)

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        if self.budget_increase_by is None:
            return {}
        before = f"{live['budgetIncreaseBy']:g} % → " if live.get("budgetIncreaseBy") else ""
        return {"budgetIncreaseBy": [f"adds to daily budgets {before}{self.budget_increase_by:g} %"]}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.budget_increase_by and self.budget_increase_by > MUCH:
            yield f"budget_increase_by: {self.budget_increase_by:g} % more is over twice the daily budget"
        if self.start_time:
            yield f"hours of a day hold in {INTRADAY} only, and above a least budget Amazon does not tell"
        if self.event_id:
            yield "the days of an event are Amazon's, and may be announced later"


def unfit(terms: Json) -> Iterable[str]:
    """Why a whole rule, by the names of its row, is none that Amazon takes."""
    condition = [terms.get(name) for name in ("metricName", "comparisonOperator", "threshold")]
    if terms.get("ruleType") == "PERFORMANCE" and None in condition:
        yield "metric_name: a PERFORMANCE rule needs metric_name, comparison_operator and threshold"
    if terms.get("ruleType") == "SCHEDULE" and condition != [None] * 3:
        yield "rule_type: a condition goes with PERFORMANCE, a SCHEDULE rule has none"
    if terms.get("ruleType") == "PERFORMANCE" and (terms.get("startTime") or terms.get("eventId")):
        yield "rule_type: hours of a day and events go with SCHEDULE, a PERFORMANCE rule has neither"
    if not (terms.get("startDate") or terms.get("eventId")):
        yield "start_date: missing, required unless event_id names an event"
    if str(terms.get("endDate") or "9999") < str(terms.get("startDate") or ""):
        yield f"end_date: {terms['endDate']} is before start_date {terms['startDate']}"


def terms_of(row: Mapping[str, Any], changes: Mapping[str, Any]) -> Json:
    """A rule's terms as the changes leave them: days and an event stand in each other's place."""
    merged = {name: row.get(name) for name in raises.TERMS} | {
        name: value for name, value in changes.items() if name in raises.TERMS
    }
    if changes.get("eventId"):
        merged |= {"startDate": None, "endDate": None}
    elif changes.get("startDate"):
        merged |= {"eventId": None, "eventName": None}
    if changes.get("daysOfWeek") and not changes.get("recurrence"):
        merged["recurrence"] = "WEEKLY"
    return merged
