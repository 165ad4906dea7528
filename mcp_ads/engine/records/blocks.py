"""Rows of files in blocks of many: by column where what becomes of them can be told so, else one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from mcp_ads.core import Account, Action, Fetched, Files
from mcp_ads.core.request import Columns, Layout

from .scan import rows_in

BLOCK = 1_000
Row = dict[str, Any]


def by_column(rows: Sequence[Row]) -> Columns | None:
    """The values of every column, where all rows have the same columns; None where they have not."""
    names = list(rows[0])
    if names and list(chain.from_iterable(rows)) == names * len(rows):
        cells = list(chain.from_iterable(map(dict.values, rows)))
        return {name: cells[at :: len(names)] for at, name in enumerate(names)}
    try:
        if len(names) > 1 and sum(map(len, rows)) == len(rows) * len(names):
            return dict(zip(names, zip(*map(itemgetter(*names), rows), strict=True), strict=True))
    except KeyError:
        pass
    return None


def in_blocks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows, many at a time."""
    left = iter(rows)
    return iter(lambda: list(islice(left, BLOCK)), [])


@dataclass(frozen=True)
class RowsOfFiles:
    """The rows of a call whose answer is files: one by one, or in blocks for whoever writes many at once.

    A block is columns where all its records have the same ones, each file's layout is known and the action
    tells what becomes of columns; the rows that it stands for are the same as one by one.
    """

    files: Files
    call: Action
    account: Account | None

    def __iter__(self) -> Iterator[Row]:
        found = (
            part.through(chain.from_iterable(rows_in(part.file, part.again))) for part in self.files.files
        )
        every = self.files.through(chain.from_iterable(found))
        return (self.call.to_row(record, self.account) for record in every)

    def blocks(self) -> Iterator[Columns | Sequence[Row]]:
        """All rows, many at a time."""
        if self.files.through is not iter or any(
            part.through is not iter and not isinstance(part.through, Layout) for part in self.files.files
        ):
            yield from in_blocks(self)
            return
        for part in self.files.files:
            held: list[Row] = []
            for records in chain(rows_in(part.file, part.again), [None]):
                held += records or []
                full = len(held) - len(held) % BLOCK if records else len(held)
                for at in range(0, full, BLOCK):
                    yield self._block(part, held[at : at + BLOCK])
                del held[:full]

    def _block(self, part: Fetched, records: list[Row]) -> Columns | Sequence[Row]:
        """The records of one file as they are shown."""
        columns = by_column(records)
        if columns is not None and isinstance(part.through, Layout):
            columns = part.through.laid(columns, len(records))
        if columns is not None and (made := self.call.to_columns(columns)) is not None:
            return made
        return [self.call.to_row(record, self.account) for record in part.through(records)]
