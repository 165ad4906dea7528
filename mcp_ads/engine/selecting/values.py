"""Values in a condition that are none of their column: a misspelt code, denied, finds everything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from mcp_ads.core import Connector
from mcp_ads.core.hiding import Hiding
from mcp_ads.core.synonyms import closest_of
from mcp_ads.core.validate import literals
from mcp_ads.core.where_tree import Among, Compare, Contains, Expr, Leaf, Like, leaves, numbers_of
from mcp_ads.engine.tables.look import Look
from mcp_ads.engine.tables.patterns import Pattern
from mcp_ads.engine.tables.values import Kinds, is_empty, text_of, value_of
from mcp_ads.engine.tables.words_for_ids import compared_with
from mcp_ads.errors import InvalidParams

from .asked import Wanted
from .reading import Read

MOST_TOLD = 12


def check_values(
    connector: Connector, wanted: Wanted, read: Read, look: Look, rows: Collection[Mapping[str, Any]]
) -> None:
    """Raise InvalidParams for codes that no object has and that are not known to be any, and for shares of
    money of which it is not certain whether they are per cents.
    """
    expr = look.expr
    wrong = dict.fromkeys(_doubtful(expr, look.kinds))
    for leaf in leaves(expr) if expr and rows else ():
        if not isinstance(leaf, Compare | Among) or leaf.by != "code":
            continue
        name, said = leaf.left.name, [*compared_with(leaf)]
        there = {text_of(cell) for row in rows if not is_empty(cell := value_of(row, name))}
        known = {*there, *_known(connector, wanted, read, name)}
        for code in said:
            if known and code.upper() not in map(str.upper, known):
                shown = ", ".join([*sorted(known)][:MOST_TOLD])
                more = ", …" if len(known) > MOST_TOLD else ""
                near = closest_of(code.upper(), sorted(known))
                wrong[f"where: {name} is never {code!r}{near or ';'} there are {shown}{more}"] = None
    if wrong:
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
