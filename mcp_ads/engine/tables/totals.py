"""Sums over rows: of columns that add up, by currency, and ratios made anew from the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from mcp_ads.core.money import WHOLE

from .values import Cells, Kinds, Row, is_empty, quotient, rounded, value_of

CENTS = 2


class Totals:
    """What the rows that were added come to; `shown` are those of the columns that come to something."""

    def __init__(self, kinds: Kinds, columns: Iterable[str]) -> None:
        self._kinds, self._cells = kinds, Cells({})
        self.shown = [name for name in dict.fromkeys(columns) if self._counts(name)]
        needed: list[str] = []
        for name in self.shown:
            column = kinds[name]
            needed += column.of[:2] if column and column.of and not column.adds else (name,)
        self.added = [name for name in dict.fromkeys(needed) if self._adds(name)]
        self.by_currency: dict[str, dict[str, Decimal]] = {}
        self._odd: Counter[str] = Counter()

    def _adds(self, name: str) -> bool:
        column = self._kinds.get(name)
        return bool(column and column.adds)

    def _counts(self, name: str) -> bool:
        """Whether a column has a total: it adds up, or it is made of columns that do."""
        column = self._kinds.get(name)
        made = column.of if column else None
        return self._adds(name) or bool(made and self._adds(made[0]) and self._adds(made[1]))

    def add(self, row: Row, currency: str) -> None:
        sums = self.by_currency.setdefault(currency, {})
        for name in self.added:
            number = self._cells.number(row, name)
            if number is not None:
                sums[name] = sums.get(name, Decimal(0)) + number
            elif not is_empty(value_of(row, name)):
                self._odd[name] += 1

    def figures(self) -> dict[str, Any]:
        """The totals by column; of several currencies, those of each."""
        by_currency = {}
        for currency, sums in self.by_currency.items():
            figures = {name: self._total(name, sums, currency) for name in self.shown}
            by_currency[currency] = {name: total for name, total in figures.items() if total is not None}
        if len(by_currency) == 1:
            return next(iter(by_currency.values()))
        return {currency or "no currency": totals for currency, totals in by_currency.items() if totals}

    def warnings(self) -> list[str]:
        return [f"totals: {name} is no number in {count:,} rows" for name, count in self._odd.items()]

    def _total(self, name: str, sums: dict[str, Decimal], currency: str) -> float | int | None:
        column = self._kinds[name]
        assert column
        if column.adds:
            return shown(sums[name], column.kind, currency) if name in sums else None
        assert column.of
        over, under, times = column.of
        return rounded(quotient(sums[over], sums[under], times)) if {over, under} <= sums.keys() else None


def shown(total: Decimal, kind: str, currency: str) -> float | int | None:
    """A sum as it is shown: money in cents."""
    if kind == "money":
        return rounded(total, 0 if currency.upper() in WHOLE and total == int(total) else CENTS)
    return rounded(total, 0) if total == int(total) else rounded(total)
