"""Codes that a condition denies: one that no row has denies nothing, and may be misspelt."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping

from mcp_ads.core.where_tree import Among, And, Compare, Expr, Not, Or, Text, leaves

CLOSE, MOST = 0.87, 500


def denied(expr: Expr, *, flipped: bool = False) -> Iterator[tuple[str, str]]:
    """Columns of codes and ids, each with one that rows must not have."""
    match expr:
        case Not():
            yield from denied(expr.part, flipped=not flipped)
        case And() | Or():
            for part in expr.parts:
                yield from denied(part, flipped=flipped)
        case Compare(right=Text(value)) if expr.sign == ("=" if flipped else "!=") and _told_apart(expr):
            yield expr.left.name, value
        case Among() if flipped and _told_apart(expr):
            yield from ((expr.left.name, value.value) for value in expr.values if isinstance(value, Text))


def denied_codes(expr: Expr) -> list[tuple[str, str]]:
    """Columns of codes, each with a code that rows must not have."""
    codes = {
        leaf.left.name for leaf in leaves(expr) if isinstance(leaf, Compare | Among) and leaf.by == "code"
    }
    return [pair for pair in denied(expr) if pair[0] in codes]


def _told_apart(leaf: Compare | Among) -> bool:
    return leaf.by == "code" or (leaf.left.column is not None and leaf.left.column.kind == "id")


def misspelt(codes: Iterable[tuple[str, str]], there: Mapping[str, set[str]]) -> Iterator[str]:
    """A line for each denied code that is none of those there and much like one."""
    for name, code in dict.fromkeys(codes):
        known = {one.upper(): one for one in there.get(name, ())}
        if code.upper() not in known and (near := difflib.get_close_matches(code.upper(), known, 1, CLOSE)):
            yield f"no row has the {name} {code[:60]}: did you mean {known[near[0]]}? This leaves out none"
