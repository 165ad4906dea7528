"""The part of a table that was asked for: rows that fit, in order, and what all of those come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import total_ordering
from typing import Any

from mcp_ads.core import where
from mcp_ads.core.column_names import Names
from mcp_ads.core.columns import ID, TEXT, Column
from mcp_ads.core.folding import folded
from mcp_ads.core.view import TableView
from mcp_ads.core.where_tree import Col, Expr, columns_of, leaves, numbers_of
from mcp_ads.core.where_values import NUMERIC, is_money
from mcp_ads.errors import InvalidParams

from .account_ids import PLATFORM, Spelled, understood
from .groups import CURRENCY, Groups
from .kinds import NUMBER, Seen, kinds_of
from .totals import Totals
from .values import Cells, Row, is_empty, number_of, rounded, text_of, value_of
from .where_eval import Condition
from .words_for_ids import ids_for_words, words_for_ids

TWO, SEVERAL = 2, 3
LAST = (2,)
UNKNOWN = "unknown"


@total_ordering
@dataclass(frozen=True)
class _Down:
    """Text that sorts from the last letter."""

    value: tuple[str, str]

    def __lt__(self, other: _Down) -> bool:
        return other.value < self.value


@dataclass
class Counted:
    """What there is to say of rows that were looked at elsewhere.

    `met` are the rows of each currency, `sums` by currency what those that fit come to, by column; `last` how
    many of them have no number to sort by; `empty` and `odd` the rows that were not decided for want of a
    value, or of one of that kind, and `cased` those that differ in case only, and `codes` what columns have
    in which some are denied, as in `Condition`.
    """

    met: Counter[str] = field(default_factory=Counter)
    sums: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    last: Counter[str] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)
    odd: Counter[str] = field(default_factory=Counter)
    cased: Counter[tuple[str, str]] = field(default_factory=Counter)
    codes: dict[str, set[str]] = field(default_factory=dict)


class Look:
    """One look at the rows of a table: which fit, in which order, their totals; rows come one by one.

    `columns` are the kinds the action declares, `names` the columns the rows have, `currency` that of their
    money ("" where unknown; a column `currency` overrules it), `alike` the action's other names of columns,
    `shown` the columns of the answer, `there` what was seen in the rows where the view names columns nobody
    declared (`kinds.undeclared`), or is known to be in their objects, `spelled` what else an account in a
    condition may be. `order` is None where rows stay as they are. Where the view has `group_by`, `groups`
    says what rows become, and the order of the view is theirs.
    Raises InvalidParams for a condition or a sort that does not fit.
    """

    def __init__(
        self,
        view: TableView,
        columns: Mapping[str, Column],
        names: Collection[str],
        currency: str,
        *,
        alike: Mapping[str, str] | None = None,
        shown: Collection[str] = (),
        there: Seen | None = None,
        spelled: Spelled | None = None,
    ) -> None:
        self.kinds = kinds_of(names, columns, there or Seen())
        self.names = Names(self.kinds, alike, inside=there.inside if there else (), known=bool(names))
        self.mixed, self._currency = CURRENCY in names, currency
        self._cells = Cells(self.kinds)
        self._columns = tuple(shown or names)
        money = "" if self.mixed else currency
        self.expr = expr = self._parsed(view, money, spelled, there or Seen())
        self.condition = Condition(expr, self._cells, self.currency_of) if expr else None
        self._bare = _bare_money(expr) if expr else ""
        self._wanted = _currencies(expr) if expr else frozenset()
        self.groups = self._grouped(view, alike) if view.group_by else None
        self.keys = [] if self.groups else [self._key(key) for key in view.sort]
        self._met: Counter[str] = Counter()
        self._last: Counter[str] = Counter()
        self.top = view.top
        self.order: Callable[[Row], tuple[Any, ...]] | None = self._ranks if self.keys else None
        self.sums = Totals(self.kinds, self._columns)

    def _parsed(self, view: TableView, money: str, spelled: Spelled | None, there: Seen) -> Expr | None:
        if not view.where.strip():
            return None
        try:
            expr = where.parse(view.where, self.names, money)
            self._check_words(expr, there)
            platform = Col(PLATFORM, TEXT) if PLATFORM in self.kinds else None
            return understood(expr, spelled, platform) if spelled else expr
        except InvalidParams as error:
            if view.group_by:
                raise InvalidParams(f"{error}; where chooses rows, before group_by") from None
            raise

    def _check_words(self, expr: Expr, there: Seen) -> None:
        """Raise InvalidParams for words that are compared with ids."""
        read = {name for name in self.names.read.values() if name.endswith(".id")}
        named = {column.name for leaf in leaves(expr) for column in columns_of(leaf)}
        ids = read | {
            name
            for name in named
            if (seen := there.kind(name)) == ID or (seen == NUMBER and self.kinds.get(name) == ID)
        }
        if wrong := [*words_for_ids(expr, ids, self.kinds, there.spaces), *ids_for_words(expr)]:
            raise InvalidParams("\n".join(wrong))

    def _grouped(self, view: TableView, alike: Mapping[str, str] | None) -> Groups:
        """What rows become. Raises InvalidParams, also for an order that this does not have."""
        words = [key.removeprefix("-") for key in view.sort]
        groups = Groups(view.group_by, self.names, self.kinds, self._columns, words, mixed=self.mixed)
        if self.kinds:
            Look(groups.view(view), groups.kinds, groups.kept, self._currency, alike=alike)
        return groups

    @property
    def totals(self) -> dict[str, Any]:
        """The sums of the rows kept so far."""
        return self.sums.figures()

    def learn(self, counted: Counted) -> None:
        """Take over what was counted elsewhere of all rows. Raises InvalidParams."""
        self._met, self._last, self.sums.by_currency = counted.met, counted.last, counted.sums
        if self.condition:
            self.condition.empty, self.condition.odd = counted.empty, counted.odd
            self.condition.cased, self.condition.codes = counted.cased, counted.codes

    def keep(self, row: Row) -> bool:
        """Whether a row fits; what fits is counted in the totals."""
        currency = self.currency_of(row)
        self._met[currency] += 1
        if self.condition and not self.condition.holds(row):
            return False
        self.sums.add(row, currency)
        return True

    def _ranks(self, row: Row) -> tuple[Any, ...]:
        """What rows are sorted by: least first; what is empty is last in both directions."""
        group = [self.currency_of(row)] if self._by_money() else []
        ranks = [self._rank(row, name, down) for name, down in self.keys]
        numbers = zip(self.keys, ranks, strict=True)
        self._last.update(name for (name, _), rank in numbers if rank == LAST and self.is_number(name))
        return (*group, *ranks)

    @property
    def grouped(self) -> bool:
        """Whether `top` counts in each currency; `order` then begins with the currency."""
        return self._by_money()

    def by_rows(self, met: Counter[str] | None = None) -> list[str]:
        """The currencies that were met, that of most rows first."""
        rows = self._met if met is None else met
        return sorted(rows, key=lambda currency: (-rows[currency], currency))

    def currency_of(self, row: Row) -> str:
        """The currency of a row's money."""
        return str(row.get(CURRENCY) or UNKNOWN) if self.mixed else self._currency

    def warnings(self) -> list[str]:
        """What to say once all rows have been seen. Raises InvalidParams for amounts of no currency."""
        self._check_bare()
        lines = [f"{word} is read as {name}{_unit(name)}" for word, name in self.names.read.items()]
        lines += self.condition.warnings() if self.condition else []
        lines += self.sums.warnings()
        if self._wanted and not self.mixed and not self._currency:
            lines.append("the currency of these rows is not known: amounts were compared as they stand")
        lines += [
            f"no row is in {' or '.join(sorted(wanted)[:SEVERAL])}: there are {self._currencies()}"
            for wanted in self._wanted
            if self.mixed and not wanted & self._met.keys()
        ]
        lines += [
            f"{count} row{' has' if count == 1 else 's have'} no {name}: last, whichever way it is sorted"
            for name in dict.fromkeys(name for name, _ in self.keys)
            if (count := self._last[name])
        ]
        if self._by_money() and len(self._met) > 1:
            order = ", ".join(self.by_rows(self._met))
            lines.append(f"sorted within each currency ({order}: most rows first); top counts in each")
        return lines

    def facts(self, total: int) -> dict[str, Any]:
        """What an answer says of all rows that fit, once they have been seen."""
        totals = self.totals if total > 1 else {}
        facts = {"units": self.units(), "totals": totals, "warnings": self.warnings()}
        if self.mixed and totals and len(self.sums.by_currency) == 1:
            facts["currency"] = next(iter(self.sums.by_currency))
        return {name: value for name, value in facts.items() if value}

    def shown(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row with its ratios rounded, and those that are computed here."""
        ratios = (name for name, kind in self.kinds.items() if kind and kind.kind in ("percent", "ratio"))
        names = [name for name in ratios if name in row or name in self._columns]
        return {**row, **{name: self._rounded(row, name) for name in names}} if names else row

    def units(self) -> str:
        """What numbers are in where their columns' names do not say."""
        percents = [n for n in self._columns if (kind := self.kinds.get(n)) and kind.kind == "percent"]
        return f"{', '.join(percents)}: percent" if percents else ""

    def _rounded(self, row: Row, name: str) -> Any:
        given = value_of(row, name)
        if is_empty(given) and not self._cells.has(row, name):
            return given
        number = self._cells.number(row, name)
        if number is None:
            return None if self._cells.has(row, name) else given
        shown = rounded(number)
        return given if number_of(given) == Decimal(str(shown)) and not isinstance(given, Decimal) else shown

    def _key(self, given: str) -> tuple[str, bool]:
        word = given.removeprefix("-")
        name = self.names.column(word)
        if name is None:
            raise InvalidParams(f"sort: {self.names.no_such(word)}")
        return name, given.startswith("-")

    def _by_money(self) -> bool:
        kinds = [self.kinds.get(name) for name, _ in self.keys]
        return self.mixed and any(kind is not None and is_money(kind) for kind in kinds)

    def is_number(self, name: str) -> bool:
        column = self.kinds.get(name)
        return column is not None and column.kind in NUMERIC

    def _rank(self, row: Row, name: str, down: bool) -> tuple[Any, ...]:
        column = self.kinds.get(name)
        value = value_of(row, name)
        if column is None or self.is_number(name):
            number = self._cells.number(row, name)
            if number is not None:
                return 0, number.copy_negate() if down else number
        if self.is_number(name) or is_empty(value):
            return LAST
        text = text_of(value)
        both = folded(text), text
        return 1, _Down(both) if down else both

    def _check_bare(self) -> None:
        if not self._bare or len(self._met) < TWO:
            return
        amounts = " or ".join(
            f"{self._bare} > 50 {currency}" for currency in sorted(self._met) if currency != UNKNOWN
        )
        several = f"{self._bare} is in several currencies ({self._currencies()})"
        raise InvalidParams(f"where: {several}: say which, such as {amounts}")

    def _currencies(self) -> str:
        return ", ".join(sorted(self._met))


def _unit(name: str) -> str:
    """What a column's numbers are in, where its name only hints at it."""
    return ", in major units: 50 is 50 and not 0.50" if name.endswith("_major") else ""


def _bare_money(expr: Expr) -> str:
    """The money column that is compared with a number of no currency, if there is one."""
    for leaf in leaves(expr):
        priced = any(column.column and is_money(column.column) for column in columns_of(leaf))
        if priced and any(len(number.currencies) != 1 and number.value != 0 for number in numbers_of(leaf)):
            return leaf.left.name
    return ""


def _currencies(expr: Expr) -> frozenset[frozenset[str]]:
    """The currencies each amount of a condition can be in."""
    numbers = (number for leaf in leaves(expr) for number in numbers_of(leaf))
    return frozenset(number.currencies for number in numbers if number.currencies)
