"""One cell: an operation meets a fault, and what came of it is judged against the one word expected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fault_clock import JumpingClock
from fault_operations import LAUNCH, RENAMED, Operation
from fault_table import Fault
from fault_world import World
from planning import check_in

from mcp_ads.across.desk import Desk
from mcp_ads.core import Result
from mcp_ads.errors import AdsError, NotFound, RateLimited

READ_WITHIN, CHANGE_WITHIN = 46.0, 56.0
"""Seconds: a call has 45, a change that is under way a little longer, and clients give up at 60."""
SECRETS = ("sandbox-token", "sandbox-refresh", "sandbox-secret")


@dataclass
class Cell:
    """An operation under a fault, in a world that forgets it afterwards."""

    world: World
    clock: JumpingClock
    operation: Operation
    fault: Fault
    desk: Desk
    plan_id: str = ""
    told: list[str] = field(default_factory=list)
    """Everything a client was told."""

    async def check(self, word: str) -> None:
        """Let it happen, and see that it is what is expected. Raises AssertionError."""
        self.plan_id = await self.operation.begin(self.desk)
        where = {"method": self.operation.method, "path": self.operation.path, "skip": self.operation.skip}
        self.world.breaks(**{**where, **self.fault.how, "platform": self.operation.connector})
        began = self.clock.monotonic()
        outcome = await self.call()
        seconds = self.clock.monotonic() - began
        assert seconds <= (CHANGE_WITHIN if self.operation.change else READ_WITHIN), (seconds, outcome)
        await JUDGES[word](self, outcome)
        if self.operation.change:
            done = self.operation.carried_out(self.world.store.writes())
            assert done <= self.operation.count, self.world.store.writes()
            assert len(self.world.store.writes()) == done, self.world.store.writes()
        self.keeps_secrets()

    async def call(self) -> Result | AdsError:
        """What the call ends with, once more if need be."""
        try:
            result = await self.operation.call(self.desk, self.plan_id)
        except AdsError as error:
            self.told.append(" ".join([str(error), error.fix, getattr(error, "platform_text", "")]))
            return error
        self.told.append(self.desk.text(result))
        return result

    def done(self) -> int:
        return self.operation.carried_out(self.world.store.writes())

    def keeps_secrets(self) -> None:
        """See that no credential is in what was said, nor in a file that we write."""
        secrets = {*SECRETS, *self.world.network.secrets}
        home = self.desk.settings.records
        written = [path for path in home.rglob("*") if path.is_file() and path.parent.name != "tokens"]
        texts = {path.name: path.read_bytes().decode(errors="replace") for path in written}
        texts["told"] = "".join(self.told)
        leaks = [(name, secret) for secret in secrets for name, text in texts.items() if secret in text]
        assert leaks == [], leaks


async def is_right(cell: Cell, outcome: Result | AdsError) -> None:
    """All rows, or the change done once, and said."""
    assert isinstance(outcome, Result), outcome
    if not cell.operation.change:
        assert rows(outcome) == await cell_rows(cell), outcome.meta
        return
    assert cell.done() == cell.operation.count
    assert "APPLIED: " in cell.told[-1], cell.told[-1]


async def is_error(cell: Cell, outcome: Result | AdsError) -> None:
    """It says what to do; nothing was changed, and once it is over the same call goes well."""
    assert isinstance(outcome, AdsError), outcome
    assert outcome.sent != "unknown", outcome
    assert outcome.fix, outcome
    assert cell.done() == 0
    cell.world.mend()
    await is_right(cell, await cell.call())


async def is_later(cell: Cell, outcome: Result | AdsError) -> None:
    """It says when to call again; nothing was changed, and then the same call goes well."""
    assert isinstance(outcome, RateLimited), outcome
    found = re.search(r"call again in (\d+) s", outcome.fix)
    assert found, outcome.fix
    assert cell.done() == 0
    cell.world.mend()
    cell.clock.forward(int(found[1]))
    await is_right(cell, await cell.call())


async def is_unknown(cell: Cell, outcome: Result | AdsError) -> None:
    """It says so, the printed check tells what became of it, and applying again sends nothing."""
    said = cell.told[-1]
    assert "UNKNOWN" in said or (isinstance(outcome, AdsError) and outcome.sent == "unknown"), said
    expected = cell.operation.count if cell.fault.done else 0
    assert cell.done() == expected
    cell.world.mend()
    assert await shown(cell, said) == bool(expected), said
    if cell.plan_id:
        again = await cell.call()
        assert "UNKNOWN" in cell.told[-1], again
    assert cell.done() == expected


async def is_rest(cell: Cell, outcome: Result | AdsError) -> None:
    """Rows, why it ends there, and a cursor: going on gives all rows, none twice."""
    assert isinstance(outcome, Result), outcome
    seen = rows(outcome)
    assert 0 < len(seen) < len(await cell_rows(cell))
    assert "cut short" in str(outcome.meta["warnings"]), outcome.meta
    cell.world.mend()
    cell.clock.forward(60)
    went_on = await cell.desk.execute(
        cell.operation.connector,
        cell.operation.entity,
        cell.operation.action,
        {**cell.operation.params, "cursor": outcome.meta["cursor"]},
    )
    both, there = [*seen, *rows(went_on)], await cell_rows(cell)
    assert both[: len(there)] == there
    assert len({str(row) for row in both}) == len(both)


JUDGES = {
    "right": is_right,
    "error": is_error,
    "later": is_later,
    "unknown": is_unknown,
    "rest": is_rest,
}


def rows(result: Result) -> Sequence[Any]:
    """The rows of an answer; one object is one row."""
    return result.data if isinstance(result.data, list) else [result.data]


async def cell_rows(cell: Cell) -> Sequence[Any]:
    """What there is to read, asked for without a fault."""
    desk = cell.world.desk()
    cell.world.mend()
    try:
        return rows(await cell.operation.call(desk, ""))
    finally:
        await desk.close()


async def shown(cell: Cell, said: str) -> bool:
    """Whether the printed check, called as printed, shows that the change was done."""
    connector, entity, action, params = check_in(said)
    try:
        found = rows(await cell.desk.execute(connector, entity, action, params))
    except NotFound:
        return cell.operation.name == "delete"
    texts = [str(row) for row in found]
    if cell.operation.name == "delete":
        return any(word in text for text in texts for word in ("DELETED", "ARCHIVED"))
    return any((LAUNCH if cell.operation.name == "create" else RENAMED) in text for text in texts)
