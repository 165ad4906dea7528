"""Exceptions in a condition that keep nothing out: what they were meant to spare is found all the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial

from mcp_ads.core.where_tree import (
    Among,
    And,
    Col,
    Compare,
    Contains,
    Expr,
    Leaf,
    Like,
    Not,
    Number,
    Or,
    Text,
    leaves,
)
from mcp_ads.engine.tables.values import Cells, Row
from mcp_ads.engine.tables.where_eval import Condition

from .table import Found

_ALL = And(())


@dataclass(frozen=True)
class _Exception:
    """What is not to be found, beside what else the same objects have to be; other exceptions do not count.

    `between` says whether it stands in an "or" of nothing but exceptions.
    """

    spared: Expr
    beside: tuple[Expr, ...]
    between: bool


@dataclass
class Idle:
    """Exceptions as they are written: those that keep nothing out, and with the ids what each of them names
    and an "or" beside it finds all the same.
    """

    nothing: list[str]
    found: dict[str, list[str]]


def idle_exceptions(found: Found) -> Idle:
    """Each exception, list item and pattern of a condition that keeps nothing out, looked at by itself."""
    idle, expr = Idle([], {}), found.look.expr
    if expr is None or not found.chosen:
        return idle
    made = partial(Condition, cells=Cells(found.look.kinds), currency_of=found.look.currency_of)
    chosen, kept = set(found.chosen), dict[Expr, dict[str, Row]]()
    for exception in _exceptions(_negated(expr, no=False), (), between=False):
        asked, names = made(And(exception.beside)), made(exception.spared)
        meant = {id_: row for id_, row in found.rows.items() if names.holds(row)}
        live = [id_ for id_ in meant if id_ not in found.over and asked.holds(meant[id_])]
        lost = [id_ for id_ in live if id_ in chosen]
        if lost and (exception.between or len(lost) == len(live)):
            idle.found[_written(exception.spared)] = lost
        # what is put away is kept out by its state
        away = [id_ for id_ in meant if id_ in found.over] if _is_code(exception.spared) else []
        kept.setdefault(exception.spared, {}).update({id_: meant[id_] for id_ in (*live, *away)})
    for spared, rows in kept.items():
        idle.nothing += [_written(rest) for rest in _without(spared, [*rows.values()], found, made)]
    return idle


def _without(
    spared: Expr, kept: Collection[Row], found: Found, made: Callable[[Expr], Condition]
) -> Iterator[Expr]:
    """What of an exception keeps none of these out, but for ids that no object has, which is said anyway."""
    if not isinstance(spared, Among):
        if not kept and not _is_of_no_object(spared, found, made):
            yield spared
        return
    single = [Compare(spared.left, "=", value, spared.by) for value in spared.values]
    idle = [one for one in single if not any(map(made(one).holds, kept))]
    if idle := [one for one in idle if not _is_of_no_object(one, found, made)]:
        yield Among(
            spared.left, tuple(one.right for one in idle if not isinstance(one.right, Col)), spared.by
        )


def _is_of_no_object(spared: Expr, found: Found, made: Callable[[Expr], Condition]) -> bool:
    """Whether an exception is an id that no object has."""
    if not isinstance(spared, Compare) or not spared.left.column or spared.left.column.kind != "id":
        return False
    return not any(map(made(spared).holds, found.rows.values()))


def _negated(expr: Expr, *, no: bool) -> Expr:
    """A condition whose "not" stands before single comparisons, or before what is only excepted together."""
    match expr:
        case Not():
            return _negated(expr.part, no=not no)
        case And() if no:
            return Not(_negated(expr, no=False))
        case Or() if no:
            return And(tuple(_negated(part, no=True) for part in expr.parts))
        case And() | Or():
            return type(expr)(tuple(_negated(part, no=False) for part in expr.parts))
        case Compare(sign="!=") if no:
            return Compare(expr.left, "=", expr.right, expr.by)
        case _:
            return Not(expr) if no else expr


def _exceptions(expr: Expr, beside: tuple[Expr, ...], *, between: bool) -> Iterator[_Exception]:
    """Every exception of a condition; `beside` is what objects have to be for it to count."""
    if (spared := _spared(expr)) is not None:
        yield _Exception(spared, beside, between)
    elif isinstance(expr, And):
        for at, part in enumerate(expr.parts):
            others = [_relaxed(other) for other in (*expr.parts[:at], *expr.parts[at + 1 :])]
            yield from _exceptions(part, (*beside, *others), between=between)
    elif isinstance(expr, Or):
        between = all(_relaxed(part) == _ALL for part in expr.parts)
        for part in expr.parts:
            yield from _exceptions(part, beside, between=between)


def _spared(expr: Expr) -> Expr | None:
    """What an exception names by a text, a code or an id; None for what is no exception."""
    match expr:
        case Not(part) if any(isinstance(leaf, Like | Contains) or _is_named(leaf) for leaf in leaves(part)):
            return part
        case Compare(sign="!=", right=Text()) if _is_named(expr):
            return Compare(expr.left, "=", expr.right, expr.by)
        case _:
            return None


def _relaxed(expr: Expr) -> Expr:
    """A condition without its exceptions."""
    if _spared(expr) is not None:
        return _ALL
    if isinstance(expr, And):
        return And(tuple(part for part in map(_relaxed, expr.parts) if part != _ALL))
    if isinstance(expr, Or):
        parts = [*map(_relaxed, expr.parts)]
        return _ALL if _ALL in parts else Or(tuple(parts))
    return expr


def _is_code(spared: Expr) -> bool:
    return isinstance(spared, Compare | Among) and spared.by == "code"


def _is_named(leaf: Leaf) -> bool:
    return isinstance(leaf, Compare | Among) and leaf.by in ("text", "code")


def _written(spared: Expr) -> str:
    """An exception as one would write it."""
    match spared:
        case Like():
            return f"{spared.left.name} not like {spared.pattern!r}"
        case Contains():
            return f"{spared.left.name} !~ {spared.text!r}"
        case Among():
            return f"{spared.left.name} not in ({', '.join(map(_value, spared.values))})"
        case Compare(right=Text() as value):
            return f"{spared.left.name} != {_value(value)}"
        case _:
            return f"not ({', '.join(dict.fromkeys(leaf.left.name for leaf in leaves(spared)))} …)"


def _value(value: Number | Text) -> str:
    return str(value.value) if isinstance(value, Number) else repr(value.value)
