"""The last 24 hours of an organization's audit log, read once and then only what is new."""

from __future__ import annotations

import sys
import time
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.engine.records.chain import PREV
from mcp_ads.engine.records.hashes import digest
from mcp_ads.engine.records.remembered import DAY
from mcp_ads.engine.records.sheet import is_priced, line_of
from mcp_ads.host.store.database import Database
from mcp_ads.host.store.tables import audit_lines, organizations

from .recording import recorded

MOST_REMEMBERED = 40_000
"""Lines that stay in memory between two looks."""
UNUSED = {
    "changes",
    "error",
    "who",
    "client",
    "client_unverified",
    "plan",
    "organization",
    "workspace",
    "intent",
    PREV,
}
"""What of a line no fact of 24 hours is made of."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, its hash, that of the line before, and what facts are made of.

    `facts` are None where it cannot be read, `priced` says whether every amount can be.
    """

    number: int
    hash: str
    follows: str
    priced: bool
    facts: dict[str, Any] | None


class RecentLines:
    """The lines of one organization, for all engines of this process."""

    def __init__(self, database: Database, organization_id: str) -> None:
        self._database, self._organization = database, organization_id
        self._seen = list[Line]()
        """First to last; replaced as a whole, since others may look at the same time."""

    def look(self) -> tuple[list[Line], str]:
        """The lines from the first of the last 24 hours on, and the hash one of them has to have: that of
        the last line there was. Raises NoRecord.
        """
        ours, since = audit_lines.c.organization_id == self._organization, time.time() - DAY
        first = select(func.min(audit_lines.c.id)).where(ours, audit_lines.c.at >= since)
        seen = self._seen
        known = seen[-1].number if seen else 0

        async def work(connection: AsyncConnection) -> tuple[int, list[tuple[int, str]], str]:
            head = select(organizations.c.audit_head).where(organizations.c.id == self._organization)
            last = str(await connection.scalar(head) or "")  # before the lines, to which others add
            begin = await connection.scalar(first)
            if begin is None:
                return 0, [], ""
            new = select(audit_lines.c.id, audit_lines.c.line).where(
                ours, audit_lines.c.id >= max(begin, known + 1)
            )
            rows = await connection.execute(new.order_by(audit_lines.c.id))
            return begin, [(row.id, row.line) for row in rows], last

        with recorded("lines of the audit log"):
            begin, rows, head = self._database.wait(work, reads=True)
        if not begin:
            return [], ""
        lines = [*seen, *(_line(number, text) for number, text in rows)]
        lines = lines[bisect_right(lines, begin - 1, key=lambda line: line.number) :]
        self._seen = lines if len(lines) <= MOST_REMEMBERED else []
        return lines, head


_SHARED: WeakKeyDictionary[Database, WeakValueDictionary[str, RecentLines]] = WeakKeyDictionary()


def recent_of(database: Database, organization_id: str) -> RecentLines:
    """Those of an organization, the same for all who have them now."""
    of_database = _SHARED.setdefault(database, WeakValueDictionary())
    return of_database.setdefault(organization_id, RecentLines(database, organization_id))


def _line(number: int, text: str) -> Line:
    facts, hashed = line_of(text), digest(text.encode())
    if facts is None:
        return Line(number, hashed, "", priced=False, facts=None)
    follows, priced = str(facts.get(PREV) or ""), is_priced(facts)
    used = {sys.intern(name): value for name, value in facts.items() if name not in UNUSED}
    return Line(number, hashed, follows, priced, used)
