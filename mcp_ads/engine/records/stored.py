"""How a column is kept: text by codes or as it is, numbers as integers, anything else as compact JSON.

What the usual form of its column cannot hold stands apart, spelled as it came, so that every value comes back
as it was; `clean` says whether all there is to compare is in the usual form.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from itertools import count, repeat
from operator import eq, truediv
from typing import Any, Literal

from mcp_ads.core.cells import compact, plain, strange
from mcp_ads.core.columns import Column
from mcp_ads.core.folding import folded
from mcp_ads.core.request import Digits
from mcp_ads.core.where_values import NUMERIC
from mcp_ads.engine.tables.values import is_empty, number_of

MISSING: Any = object()
"""Stands for the cell of a row that does not have the column at all."""
MILLION, DECIMALS = 10**6, 6
MOST_AT_ONCE, MOST = 10**15, 2**62
"""Below the first, a float that is so many millionths is written with those digits and no others; what a
number is kept as stays below the second.
"""
MOST_WORDS = 20_000
"""Texts of a column that have a code; others are written out in each row."""
NONE = type(None)
Form = Literal["", "text", "number", "json"]


@dataclass
class Batch:
    """What encoding a batch of rows finds beside the cells: values apart, rows with numbers that are none.

    `apart` has by the row's number `[column]` where it has no such cell, and `[column, value]` otherwise.
    """

    apart: dict[int, list[list[Any]]] = field(default_factory=dict)
    strange: set[int] = field(default_factory=set)

    def put(self, row: int, *entry: Any) -> None:
        self.apart.setdefault(row, []).append(list(entry))


@dataclass
class Stored:
    """One column as it is kept. `form` is "" while no row had a value; `spelled` is how its numbers came.

    `gaps` says that some rows have no value in it, `total` is the sum of its numbers as they are kept.
    """

    number: int
    name: str
    form: Form = ""
    decimals: int = DECIMALS
    spelled: str = "float"
    clean: bool = True
    literal: bool = False
    folded: bool = False
    gaps: bool = False
    most: int = 0
    total: int = 0

    @property
    def cell(self) -> str:
        """The column in the table of rows."""
        return f"c{self.number}"

    @property
    def fold(self) -> str:
        """Its texts folded, where that is something else and they have no code."""
        return f"f{self.number}"

    def facts(self) -> dict[str, Any]:
        return asdict(self)

    def decide(self, column: Column | None, values: Sequence[Any]) -> None:
        """Choose the form by the first values there are and what the column is declared as."""
        there = [value for value in values if value not in (None, "") and value is not MISSING]
        kinds = {str} if isinstance(values, Digits) else {type(value) for value in there}
        numeric = bool(column and column.kind in NUMERIC)
        if not there:
            return
        if kinds <= {int, float} or (numeric and kinds <= {int, float, str, Decimal}):
            self.form = "number"
            self.decimals = 0 if column and column.kind == "count" and kinds <= {int, str} else DECIMALS
            places = [
                len(str(value).partition(".")[2]) for value in there if isinstance(value, str | Decimal)
            ]
            usual = max(places, key=places.count, default=0)
            self.spelled = "int" if int in kinds else "float" if float in kinds else f"text{usual}"
        else:
            self.form = "text" if str in kinds else "json"

    def encoded(self, values: Sequence[Any], batch: Batch, known: dict[float, int]) -> Sequence[Any]:
        """The cells of a form that is decided, other than text; `known` are cells of floats met before."""
        cells = self._numbers(values, known) if self.form == "number" else None
        if cells is None:
            cells = [self.one(row, value, batch) for row, value in enumerate(values)]
            self.gaps = self.gaps or None in cells
            if self.form == "number":
                self.total += sum(filter(None, cells))
        return cells

    def _numbers(self, values: Sequence[Any], known: dict[float, int]) -> Sequence[Any] | None:
        """Numbers as integers, all at once; None where some need a closer look."""
        kinds = set(map(type, values))
        if kinds == {float} and self.spelled == "float" and self.decimals and len(known) < MOST_WORDS:
            found: list[Any] = list(map(known.get, values))
            if None in found:
                new = [*({*values} - known.keys())]
                if (cells := self._millionths(kinds, new)) is None:
                    return None
                known.update(zip(new, cells, strict=True))
                found = list(map(known.get, values))
            self.total += sum(found)
            return found
        there = [value for value in values if value is not None] if NONE in kinds else values
        kinds.discard(NONE)
        cells = self._millionths(kinds, there) if self.decimals else self._whole(kinds, there)
        if cells is None:
            return None
        self.total += sum(cells)
        if len(there) == len(values):
            return cells
        self.gaps, given = True, iter(cells)
        return [None if value is None else next(given) for value in values]

    def _whole(self, kinds: set[type], values: Sequence[Any]) -> Sequence[int] | None:
        """Whole numbers as they are; None where one is spelled otherwise."""
        return self._measured(values) if kinds <= {int} and self.spelled == "int" else None

    def _measured(self, cells: Sequence[int]) -> Sequence[int] | None:
        """The cells, when the largest of them is known; None where one is too large."""
        most = max(max(cells, default=0), -min(cells, default=0))
        if most >= MOST_AT_ONCE:
            return None
        self.most = max(self.most, most)
        return cells

    def _millionths(self, kinds: set[type], values: Sequence[Any]) -> Sequence[int] | None:
        """Numbers as so many millionths; None where one is not written with these digits and no others."""
        if not kinds <= ({int, float} if self.spelled == "int" else {float}):
            return None
        if self.spelled == "int" and any(type(value) is float and value.is_integer() for value in values):
            return None
        try:
            cells = [round(value * MILLION) for value in values]
        except (ValueError, OverflowError):
            return None
        same = all(map(eq, map(truediv, cells, repeat(MILLION)), values))
        return self._measured(cells) if same else None

    def one(self, row: int, value: Any, batch: Batch) -> Any:
        """The cell of one value; what cannot be in it stands apart."""
        if value is MISSING:
            batch.put(row, self.number)
            return None
        if isinstance(value, float | dict | list) and strange(value):
            batch.strange.add(row)
        value = None if isinstance(value, float) and not math.isfinite(value) else plain(value)
        if value is None:
            return None
        if self.form == "json" and (isinstance(value, bool) or not isinstance(value, str | int | float)):
            return sound(compact(value))
        cell = self._integer(value) if self.form == "number" else None
        if cell is None or not self._same(cell, value):
            batch.put(row, self.number, value)
            self.clean = self.clean and (cell is not None or is_empty(value))
        return cell

    def _integer(self, value: Any) -> int | None:
        """A number as the integer that is kept; None where that would lose anything of it."""
        found = number_of(value)
        scaled = None if found is None else found.scaleb(self.decimals)
        if found is None or scaled is None or abs(scaled) >= MOST:
            return None
        cell = int(scaled)
        if Decimal(cell).scaleb(-self.decimals) != found:
            return None
        self.most = max(self.most, abs(cell))
        return cell

    def _same(self, cell: int, value: Any) -> bool:
        back = self.decoded(cell)
        return type(back) is type(value) and bool(back == value)

    def decoded(self, cell: Any) -> Any:
        """The value of a cell that is a number or JSON."""
        if cell is None:
            return None
        if self.form == "json":
            return json.loads(cell)
        if self.spelled.startswith("text"):
            return f"{Decimal(cell).scaleb(-self.decimals):.{int(self.spelled[4:])}f}"
        if self.decimals == 0:
            return cell if self.spelled == "int" else float(cell)
        whole = self.spelled == "int" and cell % MILLION == 0
        return cell // MILLION if whole else cell / MILLION


class Words:
    """The texts of a column that have a code, while rows are written."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self._digits: dict[int, int] = {}

    def encoded(self, column: Stored, values: Sequence[Any], batch: Batch) -> tuple[list[Any], list[Any]]:
        """Cells of text, codes as far as there is room for them, and folded what has none."""
        if isinstance(values, Digits):
            return self._of_digits(column, values, batch)
        full = len(self.codes) >= MOST_WORDS
        with contextlib.suppress(TypeError):  # for a list or an object, which is no text either
            cells: list[Any] = [] if full else list(map(self.codes.get, values))
            if cells and all(cells):
                return cells, []
        if not set(map(type, values)) <= {str, NONE}:
            others = {row: value for row, value in enumerate(values) if type(value) is not str}
            for row, value in others.items():
                column.one(row, value, batch)
            values = [None if row in others else value for row, value in enumerate(values)]
        column.gaps = column.gaps or not all(values)
        if sound(joined := "".join(filter(None, values))) != joined:
            return self.encoded(column, [value and sound(value) for value in values], batch)
        if not full:
            new = {*values} - self.codes.keys() - {"", None}
            self.codes.update(zip(new, count(len(self.codes) + 1), strict=False))
        cells = list(map(self.codes.get, values, values))
        column.literal = column.literal or full
        if not full or folded(joined) == joined:
            return cells, []
        column.folded = True
        return cells, [_fold(cell) if type(cell) is str else None for cell in cells]

    def _of_digits(self, column: Stored, values: Digits, batch: Batch) -> tuple[list[Any], list[Any]]:
        cells = list(map(self._digits.get, values))
        if all(cells):
            return cells, []
        if len(self.codes) < MOST_WORDS:
            coded, folds = self.encoded(column, list(map(str, values)), batch)
            self._digits.update(zip(values, coded, strict=True))
            return coded, folds
        column.literal = True
        pairs = zip(cells, map(str, values), strict=True)
        return [cell or self.codes.get(text, text) for cell, text in pairs], []


def sound(text: str) -> str:
    """The text without halves of characters, which cannot be written down."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def _fold(text: str) -> str | None:
    """The text folded, if that is another text."""
    fold = folded(text)
    return fold if fold != text else None


def read(facts: Mapping[str, Any]) -> Stored:
    """A column as its facts describe it. Raises TypeError, KeyError for others."""
    column = Stored(**facts)
    if not isinstance(column.number, int) or not isinstance(column.decimals, int):
        raise TypeError("no column of ours")
    return column
