"""Rows as a table that fits a terminal: names are cut, ids and numbers never; headers fold at their words."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

GAP = 2
MOST_CELL = 44
CUTS = (24, 12, 6)
"""How short a name may become, the roomier first."""
LEAST_HEADER = 6
WHOLE = re.compile(r"[^\s\[{\"]*[0-9]\S*")
"""Numbers, dates and ids, the plan's too: half of one is another one."""
NAMES = ("connection",)
"""Columns of what people write into a call: half of a name is none."""
NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*%?")


@dataclass
class Column:
    """A column as it is drawn: its folded header, its width, whether its cells are never cut."""

    header: str
    cells: Sequence[str]

    @property
    def whole(self) -> bool:
        return self.header in NAMES or all(WHOLE.fullmatch(cell) for cell in self.cells if cell)

    @property
    def amounts(self) -> bool:
        """Whether these are numbers to compare, which end in one line; ids begin in one."""
        is_id = self.header.lower().endswith("id")
        return any(self.cells) and not is_id and all(NUMBER.fullmatch(cell) for cell in self.cells if cell)

    @property
    def widest(self) -> int:
        widest = max((cell_len(cell) for cell in self.cells), default=1)
        return widest if self.whole else min(widest, MOST_CELL)

    def least(self, cut: int) -> int:
        """How narrow the cells may become where names are cut to so many."""
        return self.widest if self.whole else min(self.widest, cut)

    @property
    def words(self) -> list[str]:
        return re.findall(r"[^_A-Z]+_?|[A-Z]+[^_A-Z]*_?|_", self.header) or [self.header]


def tables(rows: Sequence[Sequence[str]], room: int) -> Iterator[Table | Text]:
    """The rows under their header as a table. Where even the shortest names leave too little room: as several
    tables, each beginning with the first column, or, where that fills the room alone, row by row.
    """
    columns = [Column(header, cells) for header, *cells in zip(*rows, strict=True)]
    if len(columns) > 1 and any(_narrowest([columns[0], column]) > room for column in columns[1:]):
        yield _listed(rows)
        return
    while columns:
        fit = next((n for n in range(len(columns), 1, -1) if _narrowest(columns[:n]) <= room), 1)
        yield _table(columns[:fit], room)
        rest = columns[fit:]
        columns = [columns[0], *rest] if rest else []


def _listed(rows: Sequence[Sequence[str]]) -> Text:
    """Each row as lines of a name and a value."""
    header, *below = rows
    wide = max(map(cell_len, header))
    blocks = [
        "\n".join(f"{name:<{wide}}  {cell}" for name, cell in zip(header, row, strict=True)) for row in below
    ]
    return Text("\n\n".join(blocks), overflow="ignore", no_wrap=True)


def _narrowest(columns: Sequence[Column]) -> int:
    return sum(max(column.least(CUTS[-1]), LEAST_HEADER) + GAP for column in columns)


def _table(columns: Sequence[Column], room: int) -> Table:
    table = Table(box=None, padding=(0, GAP, 0, 0), header_style="bold")
    for column, width in zip(columns, _widths(columns, room), strict=True):
        table.add_column(
            Text(_folded(column, width)),
            width=width,
            overflow="fold" if column.whole else "ellipsis",
            no_wrap=not column.whole,
            justify="right" if column.amounts else "left",
        )
    for row in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*(Text(cell) for cell in row))
    return table


def _widths(columns: Sequence[Column], room: int) -> list[int]:
    """As wide as it is wanted; too wide, headers fold at words first, then names are cut, then headers."""
    headers = [
        [cell_len(column.header) for column in columns],
        [max(map(cell_len, column.words)) for column in columns],
    ]
    for header in headers:
        for cut in (MOST_CELL, CUTS[0]):
            widths = [max(column.least(cut), most) for column, most in zip(columns, header, strict=True)]
            if _sum(widths) <= room:
                return _grown(columns, widths, room)
    for cut in CUTS:
        for most in (headers[1], [LEAST_HEADER] * len(columns)):
            widths = [max(column.least(cut), head) for column, head in zip(columns, most, strict=True)]
            if _sum(widths) <= room:
                return _grown(columns, widths, room)
    return widths


def _grown(columns: Sequence[Column], widths: list[int], room: int) -> list[int]:
    """What is left of the room goes to names that are cut."""
    for at in sorted(range(len(columns)), key=lambda at: widths[at] - columns[at].widest):
        more = min(room - _sum(widths), columns[at].widest - widths[at])
        widths[at] += max(0, more)
    return widths


def _sum(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * len(widths)


def _folded(column: Column, width: int) -> str:
    """The header over as many lines as it takes."""
    if cell_len(column.header) <= width:
        return column.header
    lines, line = [], ""
    for word in column.words:
        if line and cell_len(line + word) > width:
            lines.append(line)
            line = ""
        line += word
        while cell_len(line) > width:
            lines.append(line[:width])
            line = line[width:]
    return "\n".join([*lines, line] if line else lines)


def wrapped(text: str, room: int, indent: str = "") -> str:
    """Lines broken at spaces only: what is longer than a line, such as a plan id, stays in one piece."""
    folded: list[str] = []
    for line in text.split("\n"):
        inner = indent + line[: len(line) - len(line.lstrip())]
        folded += textwrap.wrap(
            line.strip(), room, initial_indent=inner, subsequent_indent=inner,
            break_long_words=False, break_on_hyphens=False,
        ) or [""]  # fmt: skip
    return "\n".join(folded)
