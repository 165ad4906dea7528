"""The fault matrix of reports: every fault, in every phase of a report on each platform."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

import pytest
from engine_client import LINKEDIN
from fault_cells import JUDGES, READ_WITHIN, Cell, cell_rows, rows
from fault_clock import JumpingClock
from fault_operations import Operation
from fault_table import Fault
from fault_world import World
from report_table import REPORTS, ROWS, Row

from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.core import Result
from mcp_ads.engine.wire import flows, transport
from mcp_ads.errors import AdsError, AuthError

pytestmark = pytest.mark.anyio
ORDERED = ("amazon.report", "run")
"""Where the sandbox keeps what was ordered."""


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are as long as they are elsewhere: they cost nothing by this clock."""
    monkeypatch.setattr(flows, "asyncio", asyncio)
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.5)
    monkeypatch.setattr(amazon_ads.throttle, "first", 2.0)
    monkeypatch.setattr(amazon_ads.throttle, "slow", dict.fromkeys(amazon_ads.throttle.slow, 30.0))


def cells() -> list[object]:
    """Every cell; for every other fault one is quick, each time on another platform or in another phase."""
    found = list[object]()
    for number, row in enumerate(ROWS):
        those = [operation for operation in REPORTS if _befalls(row, operation)]
        for operation in those:
            is_quick = operation == those[number % len(those)] and number % 4 in (0, 3)
            marks = () if is_quick else pytest.mark.slow
            name = f"{operation.connector.partition('_')[0]} {operation.name}: {row.name}"
            found.append(pytest.param(row, operation, marks=marks, id=name))
    return found


def _befalls(row: Row, operation: Operation) -> bool:
    of_reports = str(row.how["kind"]).startswith("report-") and operation.connector == LINKEDIN
    return bool(row.word(operation.connector, operation.name)) and not of_reports


@pytest.mark.parametrize(("row", "operation"), cells())
async def test_report(world: World, clock: JumpingClock, row: Row, operation: Operation) -> None:
    """All rows, an error that says what to do, or the id with which it goes on; never an order too many."""
    word = row.word(operation.connector, operation.name)
    desk = world.desk()
    with world.undone():
        try:
            fault = Fault(row.name, row.how, {})
            await OfReport(world, clock, operation, fault, desk, row=row).check(word)
        finally:
            world.mend()
            await world.network.settled()
            await desk.close()


@dataclass
class OfReport(Cell):
    """A report that meets a fault, and what came of it."""

    row: Row = ROWS[0]

    async def check(self, word: str) -> None:
        """Let it happen, and see that it is what is expected. Raises AssertionError."""
        where = {"method": self.operation.method, "path": self.operation.path}
        self.world.breaks(**where, **self.row.how, platform=self.operation.connector)
        began = self.clock.monotonic()
        outcome = await self.call()
        assert self.clock.monotonic() - began <= READ_WITHIN, outcome
        assert self.befell(), "the fault befell nothing"
        assert self.orders() <= 1
        await REPORT_JUDGES[word](self, outcome)
        self.keeps_secrets()

    def befell(self) -> bool:
        """Whether a request was there for the fault to befall."""
        if fault := self.world.network.fault:
            return fault["times"] not in (1, -1)
        path, method = self.operation.path, self.operation.method
        noted = self.world.store.requests()
        return any(row["method"] == method and re.search(path, row["path"]) for row in noted)

    def orders(self) -> int:
        """How many reports were ordered."""
        return sum(len(self.world.store.all(kind)) for kind in ORDERED)


async def is_id(cell: OfReport, outcome: Result | AdsError) -> None:
    """It names the report; called as it says, it gives all rows of it, and orders no other."""
    given = _onward(outcome)
    ordered = cell.orders()
    cell.world.mend()
    cell.clock.forward(60 + cell.row.forward)
    operation = cell.operation
    went_on = await cell.desk.execute(
        operation.connector, operation.entity, operation.action, {**operation.params, **given}
    )
    assert cell.orders() == ordered
    assert rows(went_on) == await cell_rows(cell), went_on.meta


async def is_never(cell: OfReport, outcome: Result | AdsError) -> None:
    """It names the report; going on ends in time as well, and orders no other."""
    given = _onward(outcome)
    ordered, began = cell.orders(), cell.clock.monotonic()
    operation = cell.operation
    again = await cell.desk.execute(
        operation.connector, operation.entity, operation.action, {**operation.params, **given}
    )
    assert _onward(again) == given
    assert cell.orders() == ordered
    assert cell.clock.monotonic() - began < 46


async def is_error_of_a_report(cell: OfReport, outcome: Result | AdsError) -> None:
    """As any error; one about a token names the report that was ordered already."""
    if isinstance(outcome, AuthError) and cell.operation.name in ("wait", "fetch"):
        assert re.search(r"report(_run)?_id=[\w-]{8,}", outcome.fix), outcome.fix
    await JUDGES["error"](cell, outcome)


async def is_later_for_a_report(cell: OfReport, outcome: Result | AdsError) -> None:
    """It says when to call again; where nothing could be ordered yet, in the answer instead of an error."""
    if isinstance(outcome, AdsError):
        await JUDGES["later"](cell, outcome)
        return
    found = re.search(r"call again in (\d+) s", str(outcome.meta["warnings"]))
    assert found, outcome.meta
    cell.world.mend()
    cell.clock.forward(int(found[1]))
    await JUDGES["right"](cell, await cell.call())


def _onward(outcome: Result | AdsError) -> dict[str, str]:
    """What the next call has to say, as the answer prints it."""
    assert isinstance(outcome, Result), outcome
    assert outcome.meta["pending"], outcome.meta
    found = dict(re.findall(r"(report_id|report_run_id|profile_id)=([\w-]+)", outcome.meta["warnings"][0]))
    assert {name: value for name, value in outcome.data.items() if name != "status"} == found
    return found


REPORT_JUDGES = {
    "right": JUDGES["right"],
    "error": is_error_of_a_report,
    "later": is_later_for_a_report,
    "id": is_id,
    "never": is_never,
}
