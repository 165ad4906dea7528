"""Plans in the database: made by one process, applied by another, never applied twice.

Whoever applies a plan holds its name, and has put a value of its own into the row besides: each of its lines
is written only while that value stands there. A holder whose lock was cut and taken by another writes nothing
more, and so sends nothing more.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.engine.changes.plan import Plan, PlanState
from mcp_ads.engine.records.plan_keeping import KEPT, PlanKeeping, ended, listed
from mcp_ads.engine.records.plan_shape import UNREADABLE, read_plan, replay, written
from mcp_ads.errors import NoRecord, StalePlan
from mcp_ads.files.lock import Busy
from mcp_ads.host.store.database import Database
from mcp_ads.host.store.locks import Locks
from mcp_ads.host.store.tables import plan_lines, plans

from .intents import intent
from .recording import recorded

OPEN_FOR = 25 * 3600
"""Seconds after which no plan is open that was not begun."""
LONGEST_ID = 200
TIDIED_EVERY = 32
"""Plans that are added for each time that what is old is looked for."""
MOST_ENDED = 500
"""Plans that are told of though nothing can be done with them but undo them."""
BUSY = "this plan is being applied at this moment; ask again when that is done"
TAKEN = "another process has taken over this plan; nothing more is sent here"


class SqlPlans(PlanKeeping):
    """The plans of one workspace."""

    lists = "ads_describe() lists"

    def __init__(
        self, database: Database, locks: Locks, workspace_id: str, redact: Callable[[str], str]
    ) -> None:
        self._redact = redact
        self._database, self._locks, self._workspace = database, locks, workspace_id
        self._holders: dict[str, str] = {}
        self._added = itertools.count()

    def add(self, plan: Plan) -> None:
        """Keep a new plan. Raises NoRecord."""

        async def work(connection: AsyncConnection) -> None:
            await self._insert(connection, plan)
            if not next(self._added) % TIDIED_EVERY:
                await self._forget_old(connection)

        with recorded("plans"):
            self._database.wait(work)

    def all(self) -> list[Plan]:
        """Every plan that is open, and the newest that were applied, oldest first. Raises NoRecord."""
        begun = plans.c.plan_id.in_(select(plan_lines.c.plan_id).where(self._here(plan_lines)))
        may_be_open = or_(plans.c.created_at > time.time() - OPEN_FOR, begun)
        ready = select(plans).where(self._here(plans), plans.c.state == "ready", may_be_open)
        over = select(plans).where(self._here(plans), plans.c.state.not_in(("ready", "void")))
        newest = over.order_by(plans.c.created_at.desc()).limit(MOST_ENDED)

        async def work(connection: AsyncConnection) -> tuple[Sequence[Row[Any]], Sequence[Row[Any]]]:
            lines = select(plan_lines).where(self._here(plan_lines)).order_by(plan_lines.c.id)
            journals = (await connection.execute(lines)).all()  # before the plans: see _found
            rows = (await connection.execute(ready)).all()  # before the ended, lest one be missed between
            return journals, [*rows, *(await connection.execute(newest)).all()]

        with recorded("plans"):
            journals, rows = self._database.wait(work, reads=True)
        by_plan: dict[str, list[str]] = {}
        for line in journals:
            by_plan.setdefault(line.plan_id, []).append(line.line)
        once = {row.plan_id: row for row in rows}.values()
        found = (_plan(row.content, by_plan.get(row.plan_id, [])) for row in once)
        return listed(found)

    @contextlib.contextmanager
    def claim(self, plan_id: str) -> Iterator[Plan]:
        """The plan for this holder alone. Raises StalePlan while another has it, UnknownPlan, NoRecord."""
        self.get(plan_id)
        with self._held(plan_id):
            yield self.get(plan_id)

    def release(self, plan: Plan) -> None:
        """Give back a claimed plan nothing was done of, as far as its journal can be read."""
        if plan.damaged:
            return

        async def work(connection: AsyncConnection) -> None:
            await self._change(connection, plan)
            await self._forget_lines(connection, plan)

        with contextlib.suppress(NoRecord), recorded("plans"):
            self._database.wait(work)

    def succeed(self, old: Plan, new: Plan) -> None:
        """Keep a plan in the place of one that is held, both or neither. Raises NoRecord."""
        state, old.replaced_by = old.state, new.plan_id

        async def work(connection: AsyncConnection) -> None:
            await self._record(connection, old, "void")
            await self._insert(connection, new)

        try:
            with recorded("plans"):
                self._database.wait(work)
        except NoRecord:
            old.state, old.replaced_by = state, ""
            raise

    def finish(self, plan: Plan, state: PlanState) -> None:
        """Write down what the plan became. Raises NoRecord."""
        plan.finished = plan.finished or time.time()
        with recorded("plans"):
            self._database.wait(lambda connection: self._record(connection, plan, state))

    async def _forget_old(self, connection: AsyncConnection) -> None:
        """Remove what nobody asks for any more."""
        old = self._here(plans) & (plans.c.created_at < time.time() - KEPT)
        of_old = plan_lines.c.plan_id.in_(select(plans.c.plan_id).where(old))
        await connection.execute(delete(plan_lines).where(self._here(plan_lines), of_old))
        await connection.execute(delete(plans).where(old))

    def _here(self, table: Any) -> ColumnElement[bool]:
        here: ColumnElement[bool] = table.c.workspace_id == self._workspace
        return here

    def _found(self, plan_id: str) -> Plan | None:
        """A plan with its journal, which is read first: what ends a plan removes the lines it stands for."""
        if len(plan_id) > LONGEST_ID or not plan_id.isprintable():
            return None

        async def work(connection: AsyncConnection) -> tuple[list[str], str | None]:
            of_plan = self._here(plan_lines) & (plan_lines.c.plan_id == plan_id)
            lines = await connection.scalars(
                select(plan_lines.c.line).where(of_plan).order_by(plan_lines.c.id)
            )
            journal = [*lines]
            row = select(plans.c.content).where(self._here(plans), plans.c.plan_id == plan_id)
            return journal, await connection.scalar(row)

        with recorded("plans"):
            journal, content = self._database.wait(work, reads=True)
        return _plan(content, journal) if content else None

    @contextlib.contextmanager
    def _held(self, plan_id: str) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            try:
                with recorded("plans"):
                    stack.enter_context(self._locks.locked("plan", self._workspace, plan_id))
            except Busy:
                error = StalePlan(BUSY)
                error.under_way = True
                raise error from None
            holder = str(uuid4())
            taken = update(plans).where(self._here(plans), plans.c.plan_id == plan_id).values(holder=holder)
            with recorded("plans"):
                self._database.wait(lambda connection: connection.execute(taken))
            self._holders[plan_id] = holder
            stack.callback(self._holders.pop, plan_id)
            yield

    async def _change(self, connection: AsyncConnection, plan: Plan, **values: Any) -> None:
        """Change the row of a plan that is ours, or was applied to its end; the row is held from here on."""
        holder = self._holders.get(plan.plan_id, "")
        ours = plans.c.holder == holder if holder else plans.c.state.not_in(("ready", "void"))
        here = self._here(plans) & (plans.c.plan_id == plan.plan_id) & ours
        changed = await connection.execute(update(plans).where(here).values(values or {"holder": holder}))
        if changed.rowcount != 1:
            raise NoRecord(
                TAKEN, fix="call ads_apply with the same plan_id again: it tells what became of it"
            )

    async def _insert(self, connection: AsyncConnection, plan: Plan) -> None:
        row = {
            "workspace_id": self._workspace,
            "plan_id": plan.plan_id,
            "state": plan.state,
            "content": written(plan),
            "holder": "",
            "intent": intent(self._redact),
            "created_at": plan.created,
        }
        await connection.execute(insert(plans).values(row))

    async def _record(self, connection: AsyncConnection, plan: Plan, state: PlanState) -> None:
        """Write down what became of a plan, in the place of its journal."""
        ended(plan, state)
        await self._change(connection, plan, state=state, content=written(plan))
        await self._forget_lines(connection, plan)

    async def _forget_lines(self, connection: AsyncConnection, plan: Plan) -> None:
        of_plan = self._here(plan_lines) & (plan_lines.c.plan_id == plan.plan_id)
        await connection.execute(delete(plan_lines).where(of_plan))

    def _add(self, plan: Plan, *lines: Mapping[str, Any]) -> None:
        if plan.plan_id not in self._holders:
            raise NoRecord("a plan that nobody holds is not written on")
        of_plan = {"workspace_id": self._workspace, "plan_id": plan.plan_id}
        rows = [{**of_plan, "line": json.dumps(line, default=str)} for line in lines]

        async def work(connection: AsyncConnection) -> None:
            await self._change(connection, plan)
            if rows:
                await connection.execute(insert(plan_lines), rows)

        with recorded("plans"):
            self._database.wait(work)


def _plan(content: str, lines: Sequence[str]) -> Plan | None:
    """A plan as kept; None where it is no plan of ours."""
    with contextlib.suppress(*UNREADABLE):
        plan = read_plan(content.encode(), Plan)
        if lines:
            plan.damaged = not replay(plan.steps, [line.encode() for line in lines])
            plan.state = "applying" if plan.state == "ready" else plan.state
        return plan
    return None
