"""The cells of a report's rows, of one row or of many at once by column: the same either way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from mcp_ads.core.request import Columns, Digits

from .metrics import HUNDRED, RATIOS, SAME, SHARES, adds, made_of, meant, number

Quotient = Callable[[str, str, int], Any]


def row(record: Mapping[str, Any], asked: Sequence[str]) -> dict[str, Any]:
    """A record with the columns asked for and all it had; what is zero may be left out, and is 0 here.

    Ids exceed what JSON numbers hold in most languages, so they are text.
    """
    ids, others, more = _unlike(tuple(record), tuple(asked))
    found = dict(record)
    for name in ids:
        if isinstance(found[name], int):
            found[name] = str(found[name])
    if others and (None in found.values() or not SHARES.isdisjoint(others)):
        found |= {name: _cell(name, found[name]) for name in others}
    if not more:
        return found
    return _computed(
        found, more, record, lambda over, under, *by: _quotient(record[over], record[under], *by)
    )


def by_column(columns: Columns, asked: Sequence[str]) -> Columns:
    """What `row` makes of records with these columns, all at once."""
    ids, others, more = _unlike(tuple(columns), tuple(asked))
    found = dict(columns)
    for name in ids:
        kinds = set(map(type, columns[name]))
        if kinds == {int}:
            found[name] = Digits(columns[name])
        elif not kinds <= {str}:
            found[name] = [str(value) if isinstance(value, int) else value for value in columns[name]]
    for name in others:
        if name in SHARES or None in columns[name]:
            found[name] = [_cell(name, value) for value in columns[name]]

    def quotient(over: str, under: str, times: int) -> Sequence[Any]:
        pairs = zip(columns[over], columns[under], strict=True)
        return [_quotient(above, below, times) for above, below in pairs]

    return _computed(found, more, columns, quotient)


def _computed(
    found: dict[str, Any], more: Sequence[str], given: Mapping[str, Any], quotient: Quotient
) -> dict[str, Any]:
    """What was found, with the columns that are made of others, of those given."""
    for name in more:
        if parts := made_of(name, given):
            found |= {ratio: found[meant(ratio, given)] for ratio in RATIOS[name][:2] if ratio in SAME}
            found[name] = quotient(*parts, RATIOS[name][2])
        elif name not in found and (source := meant(name, given)) in given:
            found[name] = found[source]
    return found


@lru_cache(maxsize=256)
def _unlike(
    names: tuple[str, ...], columns: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Of records with these names: ids, what else may be shown otherwise than it is sent, and columns that
    are made of others.
    """
    ids = tuple(name for name in names if name.endswith("Id"))
    others = tuple(name for name in names if name not in ids and (adds(name) or name in SHARES))
    return ids, others, tuple(name for name in columns if name not in names or made_of(name, names))


def _cell(name: str, value: Any) -> Any:
    if value is None and adds(name):
        return 0
    if name in SHARES and (share := number(value)) is not None:
        return float(share * HUNDRED)
    return value


def _quotient(over: Any, under: Any, times: int) -> float | None:
    above, below = number(over or 0), number(under or 0)
    return float(above * times / below) if above is not None and below else None
