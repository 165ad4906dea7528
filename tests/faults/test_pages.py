"""Page tokens that end and pages that come again: what was read is given, no row twice, and no call hangs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from engine_client import FACEBOOK, LINKEDIN, US
from fault_cells import JUDGES, READ_WITHIN, Cell, cell_rows, rows
from fault_clock import JumpingClock
from fault_operations import OPERATIONS, Operation
from fault_table import Fault
from fault_world import World

from mcp_ads.connectors.facebook_marketing.measuring import reports
from mcp_ads.connectors.facebook_marketing.measuring.every_page import Reader
from mcp_ads.core import Result
from mcp_ads.errors import AdsError, Rejected

pytestmark = pytest.mark.anyio
LISTS = [operation for operation in OPERATIONS if operation.name == "list"]
ENDED = ("repeated a page token", "a page that was there already")


def each(quick: str) -> pytest.MarkDecorator:
    """Every platform; one of them is quick."""
    marked = [
        pytest.param(
            operation, marks=() if operation.connector == quick else pytest.mark.slow, id=operation.connector
        )
        for operation in LISTS
    ]
    return pytest.mark.parametrize("operation", marked)


@asynccontextmanager
async def broken(
    world: World, clock: JumpingClock, operation: Operation, **how: Any
) -> AsyncIterator[tuple[Cell, Result | AdsError]]:
    """A list whose later pages are broken, and what it answers, in time."""
    desk = world.desk()
    with world.undone():
        try:
            world.breaks(**how, platform=operation.connector, path=operation.path)
            cell = Cell(world, clock, operation, Fault(how["kind"], how, {}), desk)
            began, outcome = clock.monotonic(), await cell.call()
            assert clock.monotonic() - began <= READ_WITHIN
            yield cell, outcome
            cell.keeps_secrets()
        finally:
            world.mend()
            await world.network.settled()
            await desk.close()


@each(FACEBOOK)
async def test_a_page_token_that_has_ended(world: World, clock: JumpingClock, operation: Operation) -> None:
    """Rows and a cursor; while the token stays refused, going on says to begin anew."""
    async with broken(world, clock, operation, kind="page-expired", times=0) as (cell, outcome):
        assert isinstance(outcome, Result), outcome
        params = {**operation.params, "cursor": outcome.meta["cursor"]}
        with pytest.raises(Rejected) as refused:
            await cell.desk.execute(operation.connector, operation.entity, operation.action, params)
        assert "without" in refused.value.fix
        await JUDGES["rest"](cell, outcome)


@pytest.mark.parametrize(
    ("how", "pages"), [({}, 1), ({"skip": 1}, 2), ({"what": "token"}, 2)], ids=["first", "second", "token"]
)
@each(LINKEDIN)
async def test_a_page_that_comes_again(
    world: World, clock: JumpingClock, operation: Operation, how: dict[str, Any], pages: int
) -> None:
    """For ever: the list ends with what was read, says that it may be incomplete, and gives no cursor."""
    async with broken(world, clock, operation, kind="page-repeats", times=0, **how) as (cell, outcome):
        assert isinstance(outcome, Result), outcome
        seen = rows(outcome)
        assert seen == (await cell_rows(cell))[: len(seen)]
        assert len(seen) == 100 * pages
        assert any(word in outcome.meta["warnings"][0] for word in ENDED), outcome.meta
        assert "cursor" not in outcome.meta


REPORT = {"account_id": US, "time_range": "last_7d", "level": "campaign", "limit": 1000}
RUN = Operation("run", FACEBOOK, "ads_insights", "run", REPORT, "GET", "/insights$")


@pytest.mark.parametrize(
    ("how", "word"), [({"kind": "page-expired"}, "right"), ({"kind": "page-repeats", "times": 0}, "part")]
)
async def test_pages_of_a_report(
    world: World, clock: JumpingClock, monkeypatch: pytest.MonkeyPatch, how: dict[str, Any], word: str
) -> None:
    """A part of a report would add up to something else: it is read anew, or not given but named."""
    monkeypatch.setattr(reports, "READER", Reader(page=10, least=5))
    async with broken(world, clock, RUN, **how) as (cell, outcome):
        if word == "right":
            await JUDGES["right"](cell, outcome)
            return
        assert isinstance(outcome, Result), outcome
        assert outcome.data["status"] == "PENDING"
        assert "repeated a page" in outcome.meta["warnings"][1]
