"""A look at rows one by one, where a table of kept rows cannot carry it out itself; off the loop."""

from __future__ import annotations

import heapq
from array import array
from collections import Counter
from collections.abc import Iterable
from typing import Any

from mcp_ads.engine.records.rows import Chosen, Grouped
from mcp_ads.engine.records.scan import gently
from mcp_ads.engine.tables.groups import Gathered
from mcp_ads.engine.tables.look import Look


def choose(lines: Iterable[tuple[int, dict[str, Any]]], look: Look) -> Chosen:
    """The rows a look wants, from every row with its number: only keys and numbers are held."""
    count, order = 0, look.order

    def wanted() -> Iterable[tuple[int, dict[str, Any]]]:
        nonlocal count
        for at, row in gently(lines):
            if look.keep(row):
                count += 1
                yield at, row

    if order is None:
        ids = array("Q", (at for at, _ in wanted()))
        chosen = ids[: look.top] if look.top else ids
    else:
        keys = ((order(row), number, at) for number, (at, row) in enumerate(wanted()))
        chosen = array("Q", _first(keys, look))
    shown = {"shown": len(chosen)} if look.top else {}
    return Chosen(chosen, len(chosen), {"total": count, **shown, **look.facts(count)})


def group(lines: Iterable[tuple[int, dict[str, Any]]], look: Look) -> Grouped:
    """The groups that rows a look keeps become, from every row: only groups are held."""
    assert look.groups
    gathered = Gathered(look.groups, look.kinds)
    for _, row in gently(lines):
        if look.keep(row):
            gathered.add(row)
    return Grouped(gathered.rows, gathered.count)


def _first(keys: Iterable[tuple[tuple[Any, ...], int, int]], look: Look) -> Iterable[int]:
    """Numbers of rows in order; the top ones, of each group where rows of several are not compared."""
    if look.top and not look.grouped:
        return (at for *_, at in heapq.nsmallest(look.top, keys))
    given, ordered = Counter[Any](), sorted(keys)
    if look.grouped:
        places = {currency: place for place, currency in enumerate(look.by_rows())}
        ordered.sort(key=lambda key: places[key[0][0]])
    return (at for key, _, at in ordered if not look.top or _within(given, key[0], look.top))


def _within(given: Counter[Any], group: Any, most: int) -> bool:
    given[group] += 1
    return given[group] <= most
