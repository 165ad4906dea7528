"""What a budget rule says: by how much, when, under which condition; as people write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.states import STATES
from mcp_ads.connectors.amazon_ads.types import NONE, DayOrNone, Json, upper
from mcp_ads.connectors.amazon_ads.writes import AmazonWrite, out_of_order, refuse_past
from mcp_ads.core import Context

from . import raises, rules

SWITCHES = {"ACTIVE": "activate", "PAUSED": "pause"}
RULE_STATES = replace(STATES, fields=("ruleState",), on=frozenset({"ACTIVE"}), switches=SWITCHES)
MOST_NAME = 355
INTRADAY = "US, CA, UK, IN and JP"
MUCH = 100
HOURS = ("startTime", "endTime")
RATES = ("ACOS", "CTR", "CVR")
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


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("write a number, such as 20")  # noqa: TRY004 - pydantic takes a ValueError
    return value


def _days(value: Any) -> Any:
    return [] if value in (NONE, [NONE]) else listed(value)


def _percent(value: Any) -> Any:
    """20, "20%", "+20%" and the vendor's {"type": "PERCENT", "value": 20} are twenty percent more."""
    if (
        isinstance(value, dict)
        and value.keys() <= {"type", "value"}
        and value.get("type", "PERCENT") == "PERCENT"
    ):
        value = value.get("value")
    value = _number(value)
    found = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if isinstance(value, str) and not found:
        raise ValueError('write the percent that is added, such as 20 or "20%"')
    return found[1] if found else value


def _clock(value: Any) -> str:
    if value == NONE:
        return NONE
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise ValueError('write a time of day as 17:00, or "none"')
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
    Field(description='17:00, in the profile\'s time zone, or "none"; SCHEDULE only.'),
]


class RuleWrite(AmazonWrite):
    """Changes a rule, makes one, or attaches one. Rules are never put away."""

    states, final = RULE_STATES, {}
    made_at: ClassVar[tuple[str, ...]] = ("createdDate",)

    def obstacle(self, live: Mapping[str, Any]) -> str:  # noqa: ARG002
        return ""

    def named_rules(self) -> set[str]:
        """The rules that it is about."""
        return set()

    def alters(self) -> set[str]:
        """The campaigns whose budgets, and the rules whose terms, it changes."""
        return set()

    def lowers(self) -> bool:
        """Whether no budget is raised by it, whatever else is there."""
        return False

    def clash(self, other: Self) -> str:
        """What each makes of a budget is worked out from how its rules are now: only what two steps take off
        by different rules adds up.
        """
        both = (self.alters() & (other.alters() | other.named_rules())) | (
            self.named_rules() & other.alters()
        )
        add_up = self.lowers() and other.lowers() and not self.named_rules() & other.named_rules()
        if add_up or not both:
            return ""
        return (
            f"it and another step of the plan change what {', '.join(sorted(both))} comes to: apply that "
            "first, then plan this; several rules are attached to a campaign in one budget_rule_id"
        )


class RuleTerms(RuleWrite):
    """What creating and updating a rule share. The names are those of its row."""

    name: RuleName | None = None
    budget_increase_by: Increase | None = None
    start_date: Annotated[
        DayOrNone, Field(description="YYYY-MM-DD in the profile's time zone, from today on.")
    ] = None
    end_date: DayOrNone = None
    event_id: Annotated[
        str | None,
        Field(min_length=1, description="Instead of days, which it takes away: of `recommendations`."),
    ] = None
    days_of_week: Annotated[
        list[Weekday] | None,
        BeforeValidator(_days),
        Field(description='WEEKLY only on these; "none" is every day.'),
    ] = None
    recurrence: Annotated[
        Literal["DAILY", "WEEKLY"] | None,
        BeforeValidator(upper),
        Field(description="DAILY is every day, and takes days_of_week away."),
    ] = None
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
    threshold: Annotated[
        float | None,
        BeforeValidator(_number),
        Field(ge=0, allow_inf_nan=False, description="20 for 20 %; of ROAS the ratio."),
    ] = None

    cleared: ClassVar[tuple[str, ...]] = ("startDate", "endDate", "eventId", "daysOfWeek", *HOURS)

    def sets(self) -> Json:
        return {name: None if value == [] else value for name, value in super().sets().items()}

    @classmethod
    def set_back(cls, wire: str, before: Any, params: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG003
        """An event stands in the place of the rule's own days."""
        return (
            {"event_id": before, "start_date": NONE, "end_date": NONE} if wire == "eventId" and before else {}
        )

    def merged(self, live: Mapping[str, Any]) -> Json:
        """What it sets, and what goes with that."""
        whole = terms_of(live, self.sets())
        along = {name: whole[name] for name in raises.CHANGED if whole[name] != live.get(name)}
        changes = super().merged(live) | along
        return {name: changes[name] for name in sorted(changes, key="eventId".__eq__)}

    @model_validator(mode="after")
    def _fits(self) -> Self:
        start, end, event = map(_set, (self.start_date, self.end_date, self.event_id))
        mistakes = [*out_of_order(start, end)]
        if event and (start or end):
            mistakes.append("event_id: give it or start_date and end_date, not both")
        mistakes += [*self._odd_hours()]
        if self.recurrence == "WEEKLY" and not _set(self.days_of_week):
            mistakes.append("days_of_week: missing, required with recurrence WEEKLY")
        if self.recurrence == "DAILY" and _set(self.days_of_week):
            mistakes.append("recurrence: DAILY is every day; for days_of_week give WEEKLY, or no recurrence")
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    def _odd_hours(self) -> Iterable[str]:
        start, end = _set(self.start_time), _set(self.end_time)
        if (self.start_time is None, start is None) != (self.end_time is None, end is None):
            yield "start_time: give start_time and end_time, or neither"
        elif start and end and end <= start:
            yield f"end_time: {end} is not after start_time {start}"

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
        if _set(self.start_time):
            yield f"hours of a day hold in {INTRADAY} only, and above a least budget Amazon does not tell"
        metric = self.metric_name or live.get("metricName")
        if self.threshold and self.threshold < 1 and metric in RATES:
            yield f"threshold: {self.threshold:g} is {self.threshold:g} % of {metric}; 20 is 20 %"
        if _set(self.event_id):
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
    """A rule's terms as the changes leave them: days and an event stand in each other's place, and every
    day in that of days of the week.
    """
    merged = {name: row.get(name) for name in (*raises.TERMS, *raises.EVENT_DAYS)} | {
        name: value for name, value in changes.items() if name in raises.TERMS
    }
    if changes.get("eventId"):
        merged |= {"startDate": None, "endDate": None, "eventName": None}
    elif changes.get("startDate"):
        merged |= {"eventId": None, "eventName": None}
    if changes.get("eventId") or changes.get("startDate"):
        merged |= dict.fromkeys(raises.EVENT_DAYS)
    if changes.get("daysOfWeek"):
        merged["recurrence"] = "WEEKLY"
    elif "daysOfWeek" in changes or changes.get("recurrence") == "DAILY":
        merged |= {"daysOfWeek": None, "recurrence": "DAILY"}
    return merged


def _set(value: Any) -> Any:
    """What was given, unless that takes away what there is."""
    return None if value == NONE else value
