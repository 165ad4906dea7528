"""Rows that become groups: what they have in common, how many there are, and what they come to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from mcp_ads.core.column_names import OBJECTS, Names
from mcp_ads.core.columns import DAY, TEXT, Column
from mcp_ads.core.view import TableView
from mcp_ads.core.where_values import NUMERIC, is_money
from mcp_ads.errors import InvalidParams

from .totals import Totals, shown
from .values import Kinds, Row, is_empty, number_of, text_of, value_of
from .where_eval import day_of

CURRENCY = "currency"
"""The column that says in which currency a row's money is, in tables of several."""
COUNT = "count"
PERIODS = ("day", "week", "month")
SPANS = (("date_start", "date_stop"), ("date_start", "date_end"), ("startDate", "endDate"))
"""The first and the last day of a report's row, which is of all between; of an object they are its own."""
OF_ONE = re.compile(rf"({'|'.join(PERIODS)})\((.+)\)", re.IGNORECASE)
NAMING = re.compile(r"(_name|Name)$")
MONTH = len("2026-11")
UTC = ("Z", "+00:00", "+0000")


@dataclass(frozen=True)
class Key:
    """What the rows of a group have in common: a column's value, or the period its days are in.

    `until` is the column of the last day, where a row may be of several.
    """

    name: str
    column: str
    period: str = ""
    until: str = ""

    def value(self, row: Row) -> Any:
        """A row's value as its group shows it; None where it has none."""
        value = value_of(row, self.column)
        return None if is_empty(value) else begin(self.period, text_of(value)) if self.period else value

    def check(self, row: Row) -> None:
        """Raise InvalidParams for a row that is of several periods."""
        if self.until:
            first, last = (text_of(value_of(row, name) or "") for name in (self.column, self.until))
            ends = begin(self.period, last)
            if ends and begin(self.period, first) not in (None, ends):
                raise self.several(first, last)

    def in_utc(self, text: str) -> bool:
        """Whether a text whose period is taken is a time that is written in UTC."""
        return bool(self.period) and len(text) > len("2026-11-01") and text.endswith(UTC)

    def several(self, first: str, last: str) -> InvalidParams:
        """What to say of a row from one day to another."""
        return InvalidParams(
            f"group_by: {self.name}: a row is of {first} to {last}, which are several of them: ask for a row "
            "a day, or leave it out"
        )


@lru_cache(maxsize=4_096)
def begin(period: str, text: str) -> str | None:
    """The day, the Monday or the month (2026-11) a text's day is in; None where it names no day."""
    try:
        day = date.fromisoformat(day_of(text) or "")
    except ValueError:
        return None
    if period == "week":
        day -= timedelta(days=day.weekday())
    return day.isoformat()[:MONTH] if period == "month" else day.isoformat()


class Groups:
    """How a table's rows are grouped, and which columns the groups have.

    `names` are the columns of the rows with their `kinds`, `columns` those of the answer, `sorted_by` the
    words groups are sorted by. Rows are `mixed` that say their own currency: groups whose sums are money are
    then of one each.
    Raises InvalidParams for what is no column to group by, and for an order by what groups do not have.
    """

    def __init__(
        self, asked: Iterable[str], names: Names, kinds: Kinds, columns: Iterable[str],
        sorted_by: Iterable[str], *, mixed: bool = False,
    ) -> None:  # fmt: skip
        self._names, self._kinds = names, kinds
        self.keys = list({key.name: key for word in asked for key in self._keys(word)}.values())
        grouped = [key.name for key in self.keys]
        wanted = {found for word in sorted_by if word not in PERIODS and (found := names.column(word))}
        sums = Totals(kinds, [name for name in [*columns, *wanted] if name not in grouped])
        whole = (key.column for key in self.keys if not key.period)
        money = [name for name in (*sums.shown, *whole) if (kind := kinds.get(name)) and is_money(kind)]
        self.also = CURRENCY if mixed and money and CURRENCY not in grouped else ""
        """The column of the currency, where it was not asked for."""
        if self.also:
            self.keys.append(Key(CURRENCY, CURRENCY))
        self.utc: set[str] = set()
        """The periods asked for whose days were met written in UTC."""
        self.added = sums.added
        self.count = COUNT if COUNT not in sums.shown else "rows"
        """What the column with the number of a group's rows is called."""
        figures = [name for name in sums.shown if name in {*columns}]
        self.columns = (*[key.name for key in self.keys], self.count, *figures)
        self.kept = (*[key.name for key in self.keys], self.count, *self.added)
        """The columns of a group as it is kept: also those its ratios are made of."""
        of_groups = {key.name: _kind(key, kinds) for key in self.keys}
        of_groups |= {self.count: Column("count")}
        of_groups |= {name: kinds[name] for name in (*self.added, *sums.shown)}
        self.kinds: Mapping[str, Column] = {name: kind for name, kind in of_groups.items() if kind}
        for word in sorted_by:
            self.check("sort", word)

    def view(self, view: TableView) -> TableView:
        """The view of groups: periods follow each other unless it has an order; conditions were of rows."""
        order = [key.name for key in self.keys if key.period] if not view.sort else view.sort
        return view.model_copy(update={"where": "", "group_by": [], "sort": order})

    def shown(self, row: dict[str, Any], currency: str) -> dict[str, Any]:
        """A group as it is shown, its sums as totals are; `currency` is that of groups without one."""
        currency = str(row.get(CURRENCY) or currency)
        sums = {name: number for name in self.added if (number := number_of(row.get(name))) is not None}
        figures = {name: shown(number, self.kinds[name].kind, currency) for name, number in sums.items()}
        return {**row, **figures}

    def check(self, param: str, word: str) -> None:
        """Raise InvalidParams for a word that means a column of the rows which groups do not have."""
        name = self._names.column(word)
        if (
            name
            and name in self._kinds
            and word not in self.columns
            and name not in {*self.columns, *self.kinds}
        ):
            raise InvalidParams(f"{param}: {self._why(name)}")

    def left_out(self, columns: Iterable[str]) -> list[str]:
        """The numbers an answer would show of rows and cannot show of groups."""
        numbers = (name for name in columns if (kind := self._kinds.get(name)) and kind.kind in NUMERIC)
        return [name for name in numbers if name not in self.kinds]

    def _why(self, name: str) -> str:
        kind = self._kinds[name]
        if kind is None or kind.kind not in NUMERIC:
            return f"rows of one group may differ in {name}: group_by it too, or leave it out"
        if kind.kind == "count":
            return (
                f"{name} cannot be summed over rows (people would count twice): leave it out, or ask the "
                "platform at that level"
            )
        made = "made of sums" if kind.kind in ("percent", "ratio") else "a sum"
        return (
            f"{name} of several rows is not {made}, and is never averaged: group_by it too, or leave it out"
        )

    def _keys(self, word: str) -> list[Key]:
        """The key of a word; of an object's name, where that is what a word for it means, also its id."""
        key = self._key(word)
        id_ = id_beside(word, key.column) if not key.period else ""
        return [key, Key(id_, id_)] if id_ in self._kinds else [key]

    def _key(self, word: str) -> Key:
        name = self._names.exactly(word)
        of_one = OF_ONE.fullmatch(word)
        if name is None and (of_one or word.lower() in PERIODS):
            return self._period(word, *(of_one.groups() if of_one else (word, "")))
        name = name or self._names.column(word)
        if name is None:
            raise InvalidParams(f"group_by: {self._names.no_such(word)}; and day, week, month")
        kind = self._kinds.get(name)
        if kind and (kind.adds or kind.of):
            raise InvalidParams(f"group_by: {name} is what is summed: name what its rows have in common")
        return Key(name, name)

    def _period(self, word: str, period: str, of: str) -> Key:
        """The key of a day, a week or a month: of the column named, or of the one there is."""
        period, days = period.lower(), days_in(self._kinds)
        of_report = any(kind and kind.adds for kind in self._kinds.values())
        span = next((pair for pair in SPANS if of_report and {*pair} <= {*days}), ())
        own = [name for name in days if name == "date"] or (span[:1] if {*days} == {*span} else days)
        found = self._names.column(of) if of else own[0] if len(own) == 1 else None
        kind = self._kinds.get(found or "")
        if self._kinds and (found is None or (kind and kind.kind in {*NUMERIC, "id"})):
            if not days:
                raise InvalidParams(f"group_by: {word}: rows have no column of days: ask for rows that do")
            there = f"such as {period}({days[0]}): there are {', '.join(days)}"
            raise InvalidParams(f"group_by: {word}: of which day? Write {there}")
        until = span[1] if span and span[0] == found else ""
        return Key(f"{period}({found})" if of else period, found or word, period, until)


def days_in(kinds: Kinds) -> list[str]:
    """The columns that are days."""
    return [name for name, kind in kinds.items() if kind and kind.kind == "date"]


def id_beside(word: str, column: str) -> str:
    """The column of an object's id, where a word for it means its name; "" for any other word."""
    plain = word.replace("_", "").replace(" ", "").lower()
    if plain not in OBJECTS or word == column:
        return ""
    found = NAMING.search(column)
    return f"{column[: found.start()]}{'_id' if found[0] == '_name' else 'Id'}" if found else ""


def period_in(word: str) -> str:
    """The day, week or month that a word to group by is; empty for any other word."""
    found = OF_ONE.fullmatch(word)
    return (found[1] if found else word if word.lower() in PERIODS else "").lower()


def _kind(key: Key, kinds: Kinds) -> Column | None:
    return kinds.get(key.column) if not key.period else TEXT if key.period == "month" else DAY


class Gathered:
    """Groups of rows that came one by one, in the order of their first rows."""

    def __init__(self, groups: Groups, kinds: Kinds) -> None:
        self._groups = groups
        self._numeric = [
            bool((kind := kinds.get(key.column)) and kind.kind in NUMERIC) for key in groups.keys
        ]
        self._found: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.count = 0

    def add(self, row: Row) -> None:
        """Count a row into its group."""
        groups, values = self._groups, [key.value(row) for key in self._groups.keys]
        for key in groups.keys:
            key.check(row)
            if key.in_utc(text_of(value_of(row, key.column) or "")):
                groups.utc.add(key.name)
        same = tuple(map(_same, values, self._numeric))
        group = self._found.get(same)
        if group is None:
            names = (key.name for key in groups.keys)
            group = self._found[same] = {**dict(zip(names, values, strict=True)), groups.count: 0}
            group |= dict.fromkeys(groups.added)
        group[groups.count] += 1
        self.count += 1
        for name in groups.added:
            number = number_of(value_of(row, name))
            if number is not None:
                group[name] = number if group[name] is None else group[name] + number

    def rows(self) -> Iterator[dict[str, Any]]:
        for group in self._found.values():
            yield {name: _plain(value) if type(value) is Decimal else value for name, value in group.items()}


def _plain(number: Decimal) -> Any:
    """A sum as an integer or a float, where one says it exactly."""
    if number == number.to_integral_value():
        return int(number)
    return float(number) if Decimal(repr(float(number))) == number else number


def _same(value: Any, numeric: bool) -> Any:
    """What equal values are equal by: a number's size, any other's text."""
    if value is None:
        return None
    number = number_of(value) if numeric or type(value) in (int, float, Decimal) else None
    if number is None:
        return text_of(value)
    return number if numeric else f"{number.normalize():f}"
