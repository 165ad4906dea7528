"""Exceptions in a condition that keep nothing out: what they were meant to spare is found all the same."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_ads.core.where_tree import Among, Compare, Contains, Expr, Leaf, Like, Not, Number, Text, leaves
from mcp_ads.engine.tables.values import Cells
from mcp_ads.engine.tables.where_eval import Condition

from .near import kept_out
from .table import Found


def idle_exceptions(found: Found) -> Iterator[str]:
    """The exceptions, as "name not like '%brand%'", without which just the same would be found."""
    cells, away = Cells(found.look.kinds), [found.rows[id_] for id_ in found.over]
    for part, out in kept_out(found) if found.chosen else ():
        test = Condition(part, cells, found.look.currency_of)
        if (
            not out and _excepts(part) and all(map(test.holds, away))
        ):  # what is put away is kept out by its state
            yield _written(part)


def _excepts(part: Expr) -> bool:
    """Whether a part names by a text, a code or an id what is not to be found."""
    if isinstance(part, Not):
        return any(isinstance(leaf, Like | Contains) or _is_named(leaf) for leaf in leaves(part))
    return isinstance(part, Compare) and part.sign == "!=" and _is_named(part)


def _is_named(leaf: Leaf) -> bool:
    return isinstance(leaf, Compare | Among) and leaf.by in ("text", "code")


def _written(part: Expr) -> str:
    """A part of a condition as one would write it."""
    match part:
        case Not(Like() as leaf):
            return f"{leaf.left.name} not like {leaf.pattern!r}"
        case Not(Contains() as leaf):
            return f"{leaf.left.name} !~ {leaf.text!r}"
        case Not(Among() as leaf):
            return f"{leaf.left.name} not in ({', '.join(map(_value, leaf.values))})"
        case Compare(right=Text() as value):
            return f"{part.left.name} {part.sign} {_value(value)}"
        case _:
            return f"not ({', '.join(dict.fromkeys(leaf.left.name for leaf in leaves(part)))} …)"


def _value(value: Number | Text) -> str:
    return str(value.value) if isinstance(value, Number) else repr(value.value)
