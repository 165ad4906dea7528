"""Values in a condition that are none of their column: a misspelt code, denied, finds everything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from mcp_ads.core import Connector
from mcp_ads.core.column_names import Names
from mcp_ads.core.declared import literals
from mcp_ads.core.hiding import Hiding
from mcp_ads.core.synonyms import closest_of
from mcp_ads.core.where import parse
from mcp_ads.core.where_tree import Contains, Empty, Expr, Leaf, Like, leaves, numbers_of
from mcp_ads.engine.tables.denied import denied
from mcp_ads.engine.tables.look import Look
from mcp_ads.engine.tables.patterns import Pattern
from mcp_ads.engine.tables.values import Kinds, is_empty, text_of, value_of
from mcp_ads.engine.tables.words_for_ids import compared_with, is_urn
from mcp_ads.errors import InvalidParams

from .asked import Wanted
from .columns import Sides
from .reading import Read

MOST_TOLD, MOST_SHOWN = 12, 60


def check_values(
    connector: Connector, wanted: Wanted, read: Read, look: Look, rows: Collection[Mapping[str, Any]]
) -> None:
    """Raise InvalidParams for codes that no object has and that are not known to be any."""
    expr = look.expr
    wrong = dict[str, None]()
    for leaf in leaves(expr) if expr and rows else ():
        name, column = leaf.left.name, look.kinds.get(leaf.left.name)
        if isinstance(leaf, Empty) or not column or column.kind != "code":
            continue
        there = {text_of(cell) for row in rows if not is_empty(cell := value_of(row, name))}
        known = {*there, *_known(connector, wanted, read, name)}
        for code in compared_with(leaf):
            if known and not any(_names(leaf, code, one.upper()) for one in known):
                shown = ", ".join([*sorted(known)][:MOST_TOLD])
                more = ", …" if len(known) > MOST_TOLD else ""
                near = closest_of(code.upper(), sorted(known)) or ";"
                wrong[f"where: {name} is never {code!r}{near} there are {shown}{more}"] = None
    if wrong:
        raise InvalidParams("\n".join(wrong))


def check_shares(wanted: Wanted, sides: Sides) -> None:
    """Raise InvalidParams, before anything is read, for shares of money beside a bare number below 1."""
    calls = [call for call in (sides.measured, sides.listed) if call]
    kinds = {name: kind for call in calls for name, kind in call.kinds().items()}
    words = {word: name for call in calls for word, name in call.words().items()}
    try:
        expr = parse(wanted.where, Names(kinds, {**words, **sides.spoken}, known=False))
    except InvalidParams:  # it is said when the rows are there, whose columns tell more
        return
    if wrong := [*_doubtful(expr, kinds)]:
        raise InvalidParams("\n".join(wrong))


def _doubtful(expr: Expr | None, kinds: Kinds) -> Iterator[str]:
    """A line for each share of one amount in another beside a bare number below 1: 0.4 may be 40 %."""
    for leaf in leaves(expr) if expr else ():
        column = kinds.get(leaf.left.name)
        parts = [kinds.get(part) for part in column.of[:2]] if column and column.of else []
        if column and column.kind == "percent" and all(part and part.kind == "money" for part in parts):
            for number in numbers_of(leaf):
                if number.bare and 0 < abs(number.value) < 1:
                    low, high = f"{number.value:f} %", f"{(number.value * 100).normalize():f} %"
                    yield f"where: {leaf.left.name} {number.value:f} may be {high} or {low}: write one"


def unmet(expr: Expr | None, rows: Collection[Mapping[str, Any]]) -> Iterator[str]:
    """A line for each id that a condition denies and no object has: it leaves out none.

    Raises InvalidParams for a bare number beside URNs, which it is equal to none of.
    """
    ids = [leaf.left for leaf in (leaves(expr) if expr else ())]
    of_ids = {left.name for left in ids if left.column and left.column.kind == "id"}
    there = {name: {text_of(cell) for row in rows if (cell := value_of(row, name))} for name in of_ids}
    for name, id_ in dict.fromkeys(denied(expr) if expr else ()):
        if name in there and id_ not in there[name]:
            urn = next(iter(there[name]), "")
            if is_urn(urn) and id_.isdecimal():
                raise InvalidParams(f"where: {name} has URNs, such as {urn}: {id_[:MOST_SHOWN]} is none")
            yield f"no object has the {name} {id_[:MOST_SHOWN]}: it leaves out none"


def states_named(expr: Expr | None, columns: Collection[str], states: Iterable[str]) -> set[str]:
    """Which of these states a condition names in the columns that say them."""
    return {
        state
        for leaf in (leaves(expr) if expr else ())
        if leaf.left.name in columns
        for state in states
        for said in compared_with(leaf)
        if _names(leaf, said, state)
    }


def _names(leaf: Leaf, said: str, state: str) -> bool:
    if isinstance(leaf, Like):
        return Pattern(said).fits(state.casefold())
    return said.upper() in state if isinstance(leaf, Contains) else said.upper() == state


def _known(connector: Connector, wanted: Wanted, read: Read, column: str) -> Iterator[str]:
    """The codes that a column is known to have, whether an object has them now or not."""
    states = wanted.kind.states
    if column in (*states.fields, *(read.listed.told_in if isinstance(read.listed, Hiding) else ())):
        yield from (*states.endings, *states.on, *states.switches, *states.finished)
        yield from read.listed.hidden if isinstance(read.listed, Hiding) else ()
    for call in (read.listed, read.measured):
        if call and (kind := call.kinds().get(column)):
            yield from (code for _, code in kind.words)
    plain = column.replace("_", "").lower()
    for action in connector.entity(wanted.entity).actions.values():
        for name, field in action.model_fields.items():
            if name.replace("_", "").lower() == plain:
                yield from literals(field.annotation)
