"""Rows that wait on disk while a call reads others: there may be many such tables at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mcp_ads.core.columns import Column

from .loading import Loader, load
from .rows import SqliteTable
from .spool import Rows, told

IN_MEMORY = 128
"""Kilobytes of such a table that stay in memory."""


@dataclass(frozen=True)
class Apart:
    """Rows on disk for one call, as often as they are wanted, with what is to be said of them.

    Whoever reads them forgets what it read.
    """

    rows: Rows
    meta: Mapping[str, Any]
    close: Callable[[], None]


def apart(rows: Rows, declared: Mapping[str, Column]) -> Apart | None:
    """Rows out of memory, where SQLite has what is temporary; None where there is no room.

    `declared` are the kinds of columns that the action declares.
    """
    base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    try:
        loader = Loader(base, declared)
        base.execute(f"PRAGMA cache_size=-{IN_MEMORY}")
        load(loader, rows(), lambda: None)
    except sqlite3.Error:
        base.close()
        return None
    table = partial(SqliteTable, base, loader.columns, loader.count)
    return Apart(lambda: (row for _, row in table().every()), told(loader, {}), base.close)
