"""Objects beside what they did: one row an object, looked at by the condition like any table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mcp_ads.core import Action, Connector
from mcp_ads.core.columns import Column
from mcp_ads.core.hiding import Hiding
from mcp_ads.core.own_records import id_names
from mcp_ads.core.view import TableView
from mcp_ads.core.where_tree import Expr
from mcp_ads.engine.tables import kinds
from mcp_ads.engine.tables.look import Look
from mcp_ads.engine.tables.values import number_of
from mcp_ads.errors import PlatformDown

from .asked import Wanted
from .columns import Sides
from .reading import INCOMPLETE, NOTHING, Read
from .units import check_units
from .values import check_values, states_named

Row = dict[str, Any]
ZERO = ("count", "money")


@dataclass
class Found:
    """The objects that fit, by id, among all there are; `away` are those that fit and are put away.

    `rows` are all objects, `ids` what their list calls them, `over` those of them that are put away, `look`
    is what they were looked at with; `measured` is how many of them have a row in the report.
    """

    look: Look
    rows: dict[str, Row]
    ids: Mapping[str, str] = field(default_factory=dict)
    chosen: list[str] = field(default_factory=list)
    away: list[str] = field(default_factory=list)
    over: set[str] = field(default_factory=set)
    measured: int = 0


def found_in(connector: Connector, wanted: Wanted, sides: Sides, read: Read) -> Found:
    """The objects a condition finds. Raises InvalidParams where it does not fit the rows."""
    assert read.objects.rows
    rows, ids = dict[str, Row](), dict[str, str]()
    for row in read.objects.rows():
        own = next((row[name] for name in id_names(wanted.subject) if row.get(name)), wanted.kind.id_in(row))
        if not own:
            raise PlatformDown("nothing is planned: the list has an object without an id")
        rows.setdefault(connector.plain_id(str(own)), row)
        ids.setdefault(connector.plain_id(str(own)), str(own))
    of_report = _columns(sides, read)
    figures = figures_in(connector, sides, read)
    empty = without_row(sides, read)
    joined = {id_: {**row, **empty, **figures.get(id_, {})} for id_, row in rows.items()}
    look = _look(wanted, sides, read, joined, of_report)
    check_units(connector.minor, wanted.where, look, read.account.currency if read.account else "")
    check_values(connector, wanted, read, look, joined.values())
    found = Found(look, joined, ids, measured=len(figures.keys() & rows.keys()))
    states = away_states(wanted, read.listed, look.expr)
    for id_, row in joined.items():
        if any(str(row.get(name)).upper() in states[name] for name in states):
            found.over.add(id_)
            if found.look.condition and found.look.condition.holds(row):
                found.away.append(id_)
        elif found.look.keep(row):
            found.chosen.append(id_)
    return found


def away_states(wanted: Wanted, listed: Action, expr: Expr | None) -> Mapping[str, Collection[str]]:
    """The states of objects that are put away, in upper case, by the columns that say them.

    Nothing changes these but deleting, where the condition names their state, and that not what is deleted
    already.
    """
    over, by_column = wanted.kind.states.endings, dict[str, Collection[str]]()
    hidden = listed.hidden if isinstance(listed, Hiding) else ()
    told_in = listed.told_in if isinstance(listed, Hiding) else ()
    columns = {*wanted.kind.states.fields, *told_in}
    away = {*over, *hidden}
    if wanted.action == "delete":
        away -= {state for state in states_named(expr, columns, away) if over.get(state) != "delete"}
    for name in columns:
        by_column[name] = away if name in told_in else away & {*over}
    return by_column


def _columns(sides: Sides, read: Read) -> tuple[str, ...]:
    """The columns of the report that rows have beside the list's: those it alone has."""
    if read.measured is None or sides.figures is None:
        return ()
    listed = {*read.listed.columns()}
    return tuple(
        name for name in read.measured.columns() if name not in listed and name != sides.figures.id_at
    )


def figures_in(connector: Connector, sides: Sides, read: Read) -> dict[str, Row]:
    """What each object did, by its id; several rows of one are added up.

    Raises PlatformDown for a row of no object: it may be about one that would be taken for idle then.
    """
    if not (read.figures and read.figures.rows and read.measured and sides.figures):
        return {}
    columns, declared, by_id = _columns(sides, read), read.measured.kinds(), dict[str, Row]()
    for row in read.figures.rows():
        id_ = connector.plain_id(str(row.get(sides.figures.id_at) or ""))
        if not id_:
            raise PlatformDown(
                f"{NOTHING}: the report has rows without {sides.figures.id_at}", fix=INCOMPLETE
            )
        cells = {name: row.get(name) for name in columns}
        by_id[id_] = added(by_id[id_], cells, declared) if id_ in by_id else cells
    return by_id


def added(one: Row, other: Row, declared: Mapping[str, Column]) -> Row:
    """Two rows of one object as one: what adds up is added, what differs otherwise is empty."""
    return {name: _sum(one[name], other[name], declared.get(name)) for name in one}


def _sum(one: Any, other: Any, column: Column | None) -> Any:
    if column is None or not column.adds:
        return one if one == other and not (column and column.of) else None
    numbers = [number for value in (one, other) if (number := number_of(value)) is not None]
    return sum(numbers, Decimal()) if numbers else None


def without_row(sides: Sides, read: Read) -> Row:
    """What an object without a row did: counts and amounts are 0, ratios empty; all of it, if not known."""
    declared = read.measured.kinds() if read.measured and sides.figures and sides.figures.complete else {}
    counted = {name for name, column in declared.items() if column.kind in ZERO or column.adds}
    return {name: 0 if name in counted else None for name in _columns(sides, read)}


def _look(
    wanted: Wanted, sides: Sides, read: Read, rows: Mapping[str, Row], columns: tuple[str, ...]
) -> Look:
    """What the condition is to these rows: columns by their kinds, amounts in the account's currency."""
    view, of_list = TableView(where=wanted.where), read.listed.kinds()
    of_report = read.measured.kinds() if read.measured else {}
    figures = read.measured.words() if read.measured else {}
    meant = {word: sides.spoken.get(word, word) for word, is_figure in sides.words.items() if is_figure}
    meant = {word: figures.get(other, other) for word, other in meant.items()}
    words = {**figures, **read.listed.words(), **meant}
    declared = {**of_report, **{name: of_list[name] for name in of_list if name not in columns}}
    names = [*dict.fromkeys([*read.listed.columns(), *columns])]
    there = kinds.seen(rows.values())
    own = {word: name for word in sides.words if (name := sides.own.get(word.replace("_", "").lower()))}
    currency = read.account.currency if read.account else ""
    listed = [*dict.fromkeys([*there.names(), *names])]
    return Look(view, declared, listed, currency, alike={**words, **own}, shown=columns, there=there)
