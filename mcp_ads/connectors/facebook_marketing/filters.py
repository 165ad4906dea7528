"""Facebook's `filtering`, checked before it is sent: a condition that is not understood filters nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from mcp_ads.core.days import moment_of

from . import names

Condition = Mapping[str, Any]
FORM = '{"field": "name", "operator": "CONTAIN", "value": "x"}'
MOST_QUOTED = 60
SEVERAL = (
    "IN", "NOT_IN", "CONTAINS_ANY", "CONTAINS_ALL", "NOT_CONTAINS_ANY", "ANY", "ALL", "NONE",
)  # fmt: skip
TWO = ("IN_RANGE", "NOT_IN_RANGE")
MEASURED = ("GREATER_THAN", "GREATER_THAN_OR_EQUAL", "LESS_THAN", "LESS_THAN_OR_EQUAL", "TOP")
TIMED = ("AFTER", "BEFORE", "ON_OR_AFTER", "ON_OR_BEFORE")
SINGLE = (
    "EQUAL", "NOT_EQUAL", "CONTAIN", "NOT_CONTAIN", "STEM_MATCH", "STARTS_WITH", "ENDS_WITH",
)  # fmt: skip
OPERATORS = (*SINGLE, *MEASURED, *TWO, *SEVERAL, *TIMED)
LEVELS = {"account": "AdAccount", "campaign": "Campaign", "adset": "AdSet", "ad": "Ad"}
ABOVE = {"Campaign": ("campaign",), "AdSet": ("campaign", "adset"), "Ad": ("campaign", "adset", "ad")}
BREAKDOWNS = frozenset({
    "age", "gender", "country", "region", "publisher_platform", "platform_position", "device_platform",
    "impression_device", "product_id", "comscore_market",
})  # fmt: skip
STATUSES = frozenset({
    "ACTIVE", "PAUSED", "ARCHIVED", "DELETED", "CAMPAIGN_PAUSED", "ADSET_PAUSED", "IN_PROCESS", "WITH_ISSUES",
    "PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED", "PENDING_BILLING_INFO",
})  # fmt: skip

REJECTED = {"REJECTED", "DECLINED", "NOT_APPROVED"}
"""What people and other platforms call DISAPPROVED."""


def status_of_an_ad(value: Any) -> Any:
    """The status, unless it is another platform's word for one. Raises ValueError."""
    if str(value).strip().upper().replace(" ", "_") in REJECTED:
        raise ValueError(f"{str(value)[:MOST_QUOTED]!r} is no status here; did you mean DISAPPROVED?")
    return value


def _checked(conditions: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """Conditions in Facebook's spelling; raises ValueError, a line for each that is none."""
    if conditions is None:
        return None
    found = [_spelled(condition) for condition in conditions]
    if wrong := [f"{index}: {why}" for index, condition in enumerate(found) if (why := _wrong(condition))]:
        raise ValueError("; ".join(wrong))
    return found


Filtering = Annotated[
    list[dict[str, Any]] | None,
    Field(description=f"Facebook filters: [{FORM}]."),
    AfterValidator(_checked),
]


def _spelled(condition: Condition) -> dict[str, Any]:
    """Operators in capitals, one value as the list it has to be."""
    operator, value = str(condition.get("operator", "")).strip().upper(), condition.get("value")
    lone = operator in SEVERAL and isinstance(value, str | int) and value != ""
    return {**condition, "operator": operator, "value": [value] if lone else value}


def _wrong(condition: Condition) -> str:
    """What is wrong with a condition; empty when nothing is."""
    field, operator, value = condition.get("field"), condition["operator"], condition["value"]
    if condition.keys() != {"field", "operator", "value"} or not isinstance(field, str):
        return f"write {FORM}"
    if operator not in OPERATORS:
        return f"operator {operator[:MOST_QUOTED]!r} is none of {', '.join(OPERATORS)}"
    if not _fits(operator, value):
        return f"the value of {operator} is {_wanted(operator)}"
    status = field.endswith("status") and operator in (*SINGLE[:2], *SEVERAL)
    odd = (
        {str(status) for status in (value if isinstance(value, list) else [value])} - STATUSES
        if status
        else set()
    )
    meant = "; an ad that a review rejected is DISAPPROVED" if odd & REJECTED else ""
    return f"{', '.join(sorted(odd))[:MOST_QUOTED]} is no status{meant}" if odd else ""


def _fits(operator: str, value: Any) -> bool:
    if operator in SEVERAL:
        return isinstance(value, list) and bool(value) and all(map(_is_value, value))
    if operator in TWO:
        return isinstance(value, list) and len(value) == len(("from", "to")) and all(map(_is_measure, value))
    if operator in (*MEASURED, *TIMED):
        return _is_measure(value)
    return _is_value(value)


def _wanted(operator: str) -> str:
    if operator in SEVERAL:
        return "a list of texts or numbers, not empty"
    if operator in TWO:
        return "a list of two numbers or times"
    if operator in MEASURED:
        return "a number"
    return (
        "a time, such as 2026-10-01"
        if operator in TIMED
        else "one text or number, not empty; IN takes a list"
    )


def _is_value(value: Any) -> bool:
    return isinstance(value, str | int | float) and value != ""


def _is_measure(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    try:
        return math.isfinite(float(value))
    except ValueError:
        return _is_time(str(value))


def _is_time(text: str) -> bool:
    try:
        moment_of(text)
    except ValueError:
        return False
    return True


def of_objects(node: str, conditions: Sequence[Condition]) -> Iterable[str]:
    """A line for each field that objects of this kind, or those above them, do not have."""
    levels = ABOVE[node]
    for name in (str(condition["field"]) for condition in conditions):
        level, _, field = name.rpartition(".")
        known = names.fields_of(LEVELS[level] if level in levels else node) | {
            f"{level}_id" for level in levels
        }
        yield from names.mistakes(
            [field if level in (*levels, "") else name.replace(".", "_")], known, "filtering"
        )


def of_insights(conditions: Sequence[Condition]) -> Iterable[str]:
    """A line for each field that neither reports nor the objects they are about have."""
    metrics = names.fields_of("AdsInsights") | BREAKDOWNS
    for name in (str(condition["field"]).partition(":")[0] for condition in conditions):
        level, _, field = name.rpartition(".")
        known = metrics | names.fields_of(LEVELS.get(level, "Ad"))
        yield from names.mistakes(
            [field if level in (*LEVELS, "") else name.replace(".", "_")], known, "filtering"
        )


def about_status(conditions: Sequence[Condition] | None) -> bool:
    """Whether a condition says which statuses are wanted."""
    return any(str(condition["field"]).endswith("status") for condition in conditions or ())
