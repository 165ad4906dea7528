"""The audit log in a table: a chain of lines for each organization, with those of all its workspaces."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.engine.records.chain import PREV
from mcp_ads.engine.records.hashes import digest
from mcp_ads.engine.records.sheet import Speller
from mcp_ads.engine.records.wholeness import UNLINKED, UNREADABLE
from mcp_ads.errors import NoRecord
from mcp_ads.host.store.database import Database
from mcp_ads.host.store.tables import audit_lines, organizations, plans

from .intents import INTENT
from .lines_written import note_written
from .recent import recent_of
from .recording import recorded

PAGE = 1_000
LOST = "the last lines of it are gone"


class TableSheet:
    """The lines of one organization; those that are added are about one of its workspaces.

    Each names the hash of the one before; the organization's row has that of the last, and is held while
    lines are added, so that they have one order among all processes.
    """

    place = "the audit log of this server"

    def __init__(self, database: Database, organization_id: str, workspace_id: str) -> None:
        self._database, self._organization, self._workspace = database, organization_id, workspace_id
        self._recent = recent_of(database, organization_id)

    def append(self, lines: Sequence[dict[str, Any]], spell: Speller) -> None:
        """Add lines, kept when this returns; without any, see whether one could be. Raises NoRecord."""
        intent = INTENT.get()

        async def work(connection: AsyncConnection) -> str:
            last = await self._head(connection)
            rows = list[dict[str, Any]]()
            for line in lines:
                facts = {**line, **await self._whose(connection, line, intent), PREV: last or None}
                text = spell(facts).encode(errors="replace")
                rows.append(self._row(float(line["time"]), text.decode(), last))
                last = digest(text)
            if rows:
                ours = update(organizations).where(organizations.c.id == self._organization)
                await connection.execute(ours.values(audit_head=last))
                await connection.execute(insert(audit_lines), rows)
            return last

        with recorded("lines of the audit log"):
            last = self._database.wait(work)
        if lines:
            note_written(last)

    def size(self) -> int:
        """A number that is the same while no line is added. Raises NoRecord."""
        head = select(organizations.c.audit_head).where(organizations.c.id == self._organization)
        with recorded("lines of the audit log"):
            last = self._database.wait(lambda connection: connection.scalar(head), reads=True)
        return int(last or "0", 16)

    def recent(self) -> Iterator[dict[str, Any]]:
        """Lines of the last 24 hours, last first, whatever time stands in later ones. Raises NoRecord."""
        return (line.facts for line in reversed(self._recent.look()[0]) if line.facts)

    def gap(self) -> str:
        """Why lines of the last 24 hours may be missing; empty when all are there. Raises NoRecord."""
        lines, head = self._recent.look()
        if not all(line.priced for line in lines):
            return UNREADABLE
        if any(line.follows != before.hash for before, line in pairwise(lines)):
            return UNLINKED
        return "" if not lines or any(line.hash == head for line in reversed(lines)) else LOST

    def _row(self, at: float, text: str, prev: str) -> dict[str, Any]:
        whose = {"organization_id": self._organization, "workspace_id": self._workspace}
        return {**whose, "at": at, "line": text, "prev": prev}

    async def _head(self, connection: AsyncConnection) -> str:
        """The hash of the last line, with the organization held. Raises NoRecord where there is none."""
        row = select(organizations.c.audit_head).where(organizations.c.id == self._organization)
        head = await connection.scalar(row.with_for_update(key_share=True))
        if head is None:
            raise NoRecord("there is no such organization any more, so nothing is changed")
        return str(head)

    async def _whose(self, connection: AsyncConnection, line: dict[str, Any], intent: str) -> dict[str, Any]:
        """Whose a line is, and what it was for: what the request says, or else the one that made the plan."""
        plan_id = line.get("plan")
        if plan_id and not intent:
            of_plan = (plans.c.workspace_id == self._workspace) & (plans.c.plan_id == plan_id)
            intent = await connection.scalar(select(plans.c.intent).where(of_plan)) or ""
        whose = {"organization": self._organization, "workspace": self._workspace}
        return {**whose, "intent": intent or None}


def verify(database: Database, organization_id: str) -> list[str]:
    """Where an organization's log does not hang together, in words; empty where it does. Raises NoRecord."""
    broken, before, upto, ended = list[str](), "", 0, False
    row = select(organizations.c.audit_head).where(organizations.c.id == organization_id)
    with recorded("lines of the audit log"):
        head = database.wait(lambda connection: connection.scalar(row), reads=True) or ""
    ended = not head
    while rows := _page(database, organization_id, upto):
        for line in rows:
            if why := _wrong(line, before):
                broken.append(f"line {line.id} {why}")
            before, upto = digest(line.line.encode()), line.id
            ended = ended or before == head
    return broken if ended else [*broken, LOST]


def _page(database: Database, organization_id: str, upto: int) -> Sequence[Row[Any]]:
    ours = (audit_lines.c.organization_id == organization_id) & (audit_lines.c.id > upto)
    page = select(audit_lines).where(ours).order_by(audit_lines.c.id).limit(PAGE)

    async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
        return (await connection.execute(page)).all()

    with recorded("lines of the audit log"):
        return database.wait(work, reads=True)


def _wrong(row: Any, before: str) -> str:
    """Why a line is not the one after that of this hash, or is filed under what it does not say."""
    try:
        line = json.loads(row.line)
        said = (line["organization"], line["workspace"], float(line["time"]), line[PREV] or "")
    except (ValueError, LookupError, TypeError, RecursionError):
        return "is no line of this log"
    if said != (row.organization_id, row.workspace_id, row.at, row.prev):
        return "says other things than its row"
    return (
        "" if row.prev == before else "does not follow the line before it: something was changed or removed"
    )
