"""`filtering`: conditions on lists and reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .errors import invalid
from .params import Body, as_list
from .tables import KINDS

Test = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Condition:
    """One `{field, operator, value}`."""

    field: str
    operator: str
    value: Any


def conditions(filtering: Any) -> list[Condition]:
    """Read the parameter; a malformed condition is refused."""
    return [_condition(condition) for condition in as_list("filtering", filtering)]


def _condition(given: Any) -> Condition:
    if not isinstance(given, dict) or set(given) - {"field", "operator", "value"} or "field" not in given:
        raise invalid("Param filtering must be an array of {field, operator, value}")
    operator = str(given.get("operator"))
    if operator not in TESTS:
        raise invalid(f"Param filtering[operator] must be one of {{{', '.join(TESTS)}}} - got {operator!r}")
    value = given.get("value")
    if operator in LISTED and not isinstance(value, list):
        raise invalid(f"Param filtering[value] must be an array for operator {operator}")
    if operator.endswith("IN_RANGE") and len(value or []) != 2:
        raise invalid(f"Param filtering[value] must have two elements for operator {operator}")
    if operator == "IN" and str(given["field"]).endswith("id") and len(value or []) > 50:
        raise invalid("Param filtering[value] may hold at most 50 ids")
    return Condition(str(given["field"]), operator, value)


def passes(condition: Condition, value: Any) -> bool:
    """Does this value satisfy the condition? What has no value satisfies none but the negative ones."""
    if value is None:
        return condition.operator.startswith("NOT")
    return TESTS[condition.operator](value, condition.value)


def _number(value: Any) -> float:
    text = str(value)
    try:
        return float(text)
    except ValueError:
        try:
            return datetime.fromisoformat(text).timestamp()
        except ValueError as error:
            raise invalid(f"Param filtering[value] must be a number or a time - got {text!r}") from error


def _folded(values: Any) -> list[str]:
    return [str(value).casefold() for value in values]


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, float):
        return value == _number(wanted)
    return str(value).casefold() == str(wanted).casefold()


def _contains(value: Any, wanted: Any) -> bool:
    return str(wanted).casefold() in str(value).casefold()


def _between(value: Any, wanted: list[Any]) -> bool:
    return _number(wanted[0]) <= _number(value) <= _number(wanted[-1])


def _any(value: Any, wanted: list[Any]) -> bool:
    return any(_contains(value, part) for part in wanted)


LISTED = {"IN", "NOT_IN", "IN_RANGE", "NOT_IN_RANGE", "CONTAINS_ANY", "CONTAINS_ALL", "NOT_CONTAINS_ANY"}
TESTS: dict[str, Test] = {
    "EQUAL": _same,
    "NOT_EQUAL": lambda value, wanted: not _same(value, wanted),
    "GREATER_THAN": lambda value, wanted: _number(value) > _number(wanted),
    "GREATER_THAN_OR_EQUAL": lambda value, wanted: _number(value) >= _number(wanted),
    "LESS_THAN": lambda value, wanted: _number(value) < _number(wanted),
    "LESS_THAN_OR_EQUAL": lambda value, wanted: _number(value) <= _number(wanted),
    "AFTER": lambda value, wanted: _number(value) > _number(wanted),
    "BEFORE": lambda value, wanted: _number(value) < _number(wanted),
    "ON_OR_AFTER": lambda value, wanted: _number(value) >= _number(wanted),
    "ON_OR_BEFORE": lambda value, wanted: _number(value) <= _number(wanted),
    "IN_RANGE": _between,
    "NOT_IN_RANGE": lambda value, wanted: not _between(value, wanted),
    "IN": lambda value, wanted: str(value).casefold() in _folded(wanted),
    "NOT_IN": lambda value, wanted: str(value).casefold() not in _folded(wanted),
    "CONTAIN": _contains,
    "NOT_CONTAIN": lambda value, wanted: not _contains(value, wanted),
    "CONTAINS_ANY": _any,
    "CONTAINS_ALL": lambda value, wanted: all(_contains(value, part) for part in wanted),
    "NOT_CONTAINS_ANY": lambda value, wanted: not _any(value, wanted),
    "STARTS_WITH": lambda value, wanted: str(value).casefold().startswith(str(wanted).casefold()),
    "ENDS_WITH": lambda value, wanted: str(value).casefold().endswith(str(wanted).casefold()),
}
FILTERABLE = {
    "": ("id", "name", "effective_status", "status", "updated_time", "created_time", "objective",
         "daily_budget", "lifetime_budget", "start_time", "stop_time", "end_time", "buying_type",
         "optimization_goal", "billing_event", "bid_strategy", "spend_cap", "configured_status"),
    "up": ("id", "name", "effective_status", "objective", "updated_time", "created_time"),
}  # fmt: skip
ABOVE: dict[str, list[str]] = {"campaign": [], "adset": ["campaign"], "ad": ["campaign", "adset"]}


def known_fields(kind: str) -> set[str]:
    """What a list of this kind can be filtered by: its own fields, bare or prefixed, and its parents'."""
    if kind not in ABOVE:
        return set(KINDS[kind].filters.split())
    above, own = ABOVE[kind], FILTERABLE[""]
    parents = {f"{parent}.{key}" for parent in above for key in FILTERABLE["up"]}
    return {*own, *(f"{kind}.{key}" for key in own), *parents, *(f"{parent}_id" for parent in above)}


def apply(rows: list[Body], tests: list[Condition], read: Callable[[Body, str], Any]) -> list[Body]:
    return [row for row in rows if all(passes(test, read(row, test.field)) for test in tests)]
