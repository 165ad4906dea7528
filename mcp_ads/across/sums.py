"""Rows of accounts made into the rows of an answer: the numbers of one thing are added up, exactly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mcp_ads.core.facts import COUNTS, LARGEST, MONEYS, SCHEMA, Row, exact

from .columns import BEFORE, CHANGE, PERCENT, RATIOS

Number = int | Decimal
ADDED = (*MONEYS, *COUNTS)
RESULTS, VALUE, CONVERSIONS = "results", "conversion_value", "conversions"
OF_ROWS = ("cost_per_conversion", "roas")
"""Ratios that rows say themselves: where not all rows have what they are made of, no sum has them."""
SAID = tuple(name for name, column in SCHEMA.items() if not column.adds and not column.of and name != RESULTS)
NAMES = frozenset(name for name in SAID if name.endswith("_name"))
MILLIONTHS = 6


@dataclass(slots=True)
class Line:
    """One row in the making: what is said in all that is added up, and the sums of each of the days.

    `parts` are how many rows it is made of, `results` what the one row has whose result it is, `lacks`
    which of conversions and their value not all of them have: those of some are not those of all the spend.
    """

    said: tuple[Any, ...]
    now: list[Number | None]
    before: list[Number | None]
    parts: int = 0
    results: Any = None
    lacks: frozenset[str] = frozenset()


class Sums:
    """Rows by the columns that tell them apart, with those of the others that are to be `said`.

    `compare` says that there are rows of days before, too.
    """

    def __init__(self, keys: tuple[str, ...], said: Collection[str] = SAID, *, compare: bool = False) -> None:
        self.keys, self._compare = keys, compare
        self._said = tuple(name for name in SAID if name in said and name not in keys)
        self._lines: dict[tuple[Any, ...], Line] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, row: Mapping[str, Any], at: int = 0) -> None:
        """Add a row of the schema; its money is of its currency. `at` is 1 for one of the days before."""
        key, said = tuple(map(row.get, self.keys)), tuple(map(row.get, self._said))
        line = self._lines.get(key)
        if line is None:
            nothing: list[Number | None] = [None] * len(ADDED)
            line = self._lines[key] = Line(said, nothing, nothing)
        elif line.said != said:
            line.said = tuple(map(_said, self._said, line.said, said))
        line.parts += 1
        line.results = row.get(RESULTS) if line.parts == 1 else None
        if row.get(VALUE) is None or row.get(CONVERSIONS) is None:
            line.lacks |= {name for name in (VALUE, CONVERSIONS) if row.get(name) is None}
        if at:
            line.before = list(map(_sum, line.before, map(row.get, ADDED)))
        else:
            line.now = list(map(_sum, line.now, map(row.get, ADDED)))

    def add_made(self, row: Mapping[str, Any]) -> None:
        """Add a row that was made here, with the numbers of the days before in columns of their own."""
        self.add(row)
        if self._compare:
            self.add({**row, **{name: row.get(f"{name}{BEFORE}") for name in ADDED}}, 1)

    def rows(self) -> Iterator[Row]:
        """The rows, in the order in which they were met; columns that nothing was said of are empty."""
        for key, line in self._lines.items():
            row = dict(zip(self._said, (value or None for value in line.said), strict=True))
            row |= dict(zip(self.keys, key, strict=True))
            now, before = (_there(sums, line.lacks) for sums in (line.now, line.before))
            if self._compare:
                now, before = ({name: part.get(name, 0) for name in now | before} for part in (now, before))
            row |= {name: _plain(now.get(name)) for name in ADDED}
            row |= {name: _rounded(_ratio(name, now)) for name in OF_ROWS}
            yield row | (_changes(now, before) if self._compare else {RESULTS: line.results})


def _sum(known: Number | None, value: Any) -> Number | None:
    """A sum with one number more; of nothing there is none."""
    if value is None:
        return known
    number = (exact(value) or 0) if isinstance(value, float | str) else value
    return number if known is None else known + number


def _there(sums: Iterable[Number | None], lacks: Collection[str]) -> dict[str, Number]:
    """The numbers there are, by their columns."""
    named = zip(ADDED, sums, strict=True)
    return {name: number for name, number in named if number is not None and name not in lacks}


def _said(name: str, known: Any, value: Any) -> Any:
    """What is the same in all rows; of names the first, of bases all there are, and of others none."""
    if value in (None, "") or known == value:
        return known
    if known is None or name in NAMES:
        return known or value
    if name == "basis" and known:
        return "+".join(dict.fromkeys([*str(known).split("+"), *str(value).split("+")]))
    return ""


def _changes(now: Mapping[str, Number], before: Mapping[str, Number]) -> Row:
    """What the numbers were, and by how much they differ; percents of sums are made where rows are read."""
    row: Row = {}
    for name in ADDED:
        past, present = before.get(name), now.get(name)
        row[f"{name}{BEFORE}"] = _plain(past)
        row[f"{name}{CHANGE}"] = None if past is None or present is None else _plain(present - past)
    for name in RATIOS:
        present, past = (_ratio(name, part) for part in (now, before))
        change = None if present is None or past is None else present - past
        row |= {f"{name}{BEFORE}": _rounded(past)} if name in OF_ROWS else {}
        row[f"{name}{CHANGE}"] = _rounded(change)
        row[f"{name}{CHANGE}{PERCENT}"] = _rounded(_quotient(change, past, 100))
    return row


def _ratio(name: str, numbers: Mapping[str, Number]) -> Decimal | None:
    over, under, times = RATIOS[name]
    return _quotient(numbers.get(over), numbers.get(under), times)


def _quotient(over: Number | None, under: Number | None, times: int) -> Decimal | None:
    return None if over is None or not under else Decimal(over) * times / Decimal(under)


def _rounded(number: Decimal | None) -> float | None:
    if number is None or abs(number) >= LARGEST:  # which has no room for a fraction
        return None if number is None else float(number)
    return float(round(number, MILLIONTHS))


def _plain(number: Number | None) -> float | int | None:
    """A number as rows have it: without a fraction where it is whole."""
    if number is None:
        return None
    return int(number) if number == int(number) else float(number)
