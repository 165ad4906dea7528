"""Near misses: objects that one part of a condition alone keeps out, and that narrowly."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mcp_ads.core.where_tree import (
    Among,
    And,
    Compare,
    Contains,
    Expr,
    Leaf,
    Like,
    Number,
    columns_of,
    leaves,
)  # fmt: skip
from mcp_ads.engine.tables.values import Cells
from mcp_ads.engine.tables.where_eval import Condition

from .table import Found, Row

WITHIN = Decimal("0.2")
"""By how much of a limit a number may miss it and still be near."""


@dataclass
class Near:
    """What one part of a condition alone keeps out: its columns, and the ids, the nearest first."""

    columns: tuple[str, ...]
    ids: list[str]


def near_misses(found: Found) -> list[Near]:
    """The near misses by the part that keeps them out, in the order of the condition."""
    kept, cells, nears = kept_out(found), Cells(found.look.kinds), list[Near]()
    for part, out in kept:
        by = {id_: _distance(part, found.rows[id_], cells, alone=len(kept) == 1) for id_ in out}
        near = {id_: distance for id_, distance in by.items() if distance is not None}
        if near:
            columns = dict.fromkeys(column.name for leaf in leaves(part) for column in columns_of(leaf))
            nears.append(Near(tuple(columns), sorted(near, key=near.__getitem__)))
    return nears


def kept_out(found: Found) -> list[tuple[Expr, list[str]]]:
    """Each part of the condition, in its order, with the ids of what it alone keeps out."""
    if found.look.expr is None:
        return []
    parts = found.look.expr.parts if isinstance(found.look.expr, And) else (found.look.expr,)
    look, cells, others = found.look, Cells(found.look.kinds), {*found.chosen, *found.over}
    tests = [Condition(part, cells, look.currency_of) for part in parts]
    alone: list[list[str]] = [[] for _ in parts]
    for id_, row in found.rows.items():
        if id_ in others:
            continue
        failed = [at for at, test in enumerate(tests) if not test.holds(row)]
        if len(failed) == 1:
            alone[failed[0]].append(id_)
    return [*zip(parts, alone, strict=True)]


def _distance(part: Expr, row: Row, cells: Cells, *, alone: bool) -> Decimal | None:
    """How far a row is from passing a part, as a share of its limit; None where it is not near.

    A text that does not fit is near, unless it is all that is asked for.
    """
    distances = [distance for leaf in leaves(part) if (distance := _of_leaf(leaf, row, cells)) is not None]
    if not distances:
        return None
    return None if alone and all(map(_is_text, leaves(part))) else min(distances)


def _of_leaf(leaf: Leaf, row: Row, cells: Cells) -> Decimal | None:
    if _is_text(leaf):
        return None if cells.is_empty(row, leaf.left.name) else Decimal()
    if not isinstance(leaf, Compare) or leaf.by != "number":
        return None
    right = leaf.right
    value = cells.number(row, leaf.left.name)
    limit = right.value if isinstance(right, Number) else cells.number(row, columns_of(leaf)[-1].name)
    if value is None or limit is None or not limit:
        return None
    by = abs(value - limit) / abs(limit)
    return by if by <= WITHIN else None


def _is_text(leaf: Leaf) -> bool:
    if isinstance(leaf, Like | Contains):
        return True
    return isinstance(leaf, Compare | Among) and leaf.by in ("text", "code")
