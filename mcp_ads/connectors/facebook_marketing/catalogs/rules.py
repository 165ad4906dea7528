"""Facebook's filters of products: {"field": {"operator": value}}, joined by and, or."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field

FORM = '{"product_type": {"i_contains": "jacket"}}'
JOINED = ("and", "or")
LISTED = ("is_any", "is_not_any")
OTHERS = {
    "equal": "eq", "equals": "eq", "not_equal": "neq", "contain": "i_contains", "contains_any": "is_any",
    "in": "is_any", "not_in": "is_not_any", "greater_than": "gt", "less_than": "lt", "starts_with_i":
    "i_starts_with",
}  # fmt: skip
"""Operators of Facebook's other filters, and what they are called here."""
MOST_DEEP, MOST_QUOTED = 10, 40
_WORD = re.compile(r"[a-z][a-z0-9_.]*", re.ASCII)


def _checked(given: dict[str, Any] | None) -> dict[str, Any] | None:
    if given is not None and (wrong := list(_wrong(given, 0))):
        raise ValueError("; ".join(wrong))
    return given


ProductFilter = Annotated[
    dict[str, Any] | None,
    Field(
        serialization_alias="filter",
        description=f'{FORM}; operators eq, neq, i_contains, is_any, gt, …; {{"and": […]}}, {{"or": […]}}.',
    ),
    AfterValidator(_checked),
]


def _wrong(given: Any, depth: int) -> Iterable[str]:
    """What is wrong with a filter: one that is not understood would be another set of products."""
    if not isinstance(given, Mapping) or not given:
        yield f"write {FORM}"
        return
    if depth == MOST_DEEP:
        yield f"at most {MOST_DEEP} levels of and, or"
        return
    for name, value in given.items():
        if name in JOINED:
            if not isinstance(value, list) or not value:
                yield f"{name} takes a list of filters, not empty"
                continue
            for inner in value:
                yield from _wrong(inner, depth + 1)
        elif not _WORD.fullmatch(str(name)) or not isinstance(value, Mapping) or not value:
            yield f"{str(name)[:MOST_QUOTED]!r}: write {FORM}"
        else:
            yield from (line for op, wanted in value.items() for line in _condition(str(op), wanted))


def _condition(operator: str, wanted: Any) -> Iterable[str]:
    if not _WORD.fullmatch(operator) or operator in OTHERS:
        meant = OTHERS.get(operator.lower(), "eq, i_contains or is_any")
        yield f"operator {operator[:MOST_QUOTED]!r} is none here; write {meant}"
    elif operator in LISTED and not (isinstance(wanted, list) and wanted):
        yield f"{operator} takes a list, not empty"
    elif operator not in LISTED and isinstance(wanted, list | Mapping):
        yield f"{operator} takes one value; is_any takes a list"
