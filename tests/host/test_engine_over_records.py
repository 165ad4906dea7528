"""The engine over records in a database, as the workers of a host are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from engine_client import AMAZON, FACEBOOK, PROFILE, US
from kept_records import FIRST, OURS, Kept
from planning import SPRING
from sqlalchemy import text

from mcp_ads.engine.door import Engine
from mcp_ads.host.records.audit import verify
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
Workers = Callable[[], Engine]


@pytest.fixture
async def worker(shared: Kept, tmp_path: Path) -> AsyncIterator[Workers]:
    """Makes workers in one sandbox, each with a way of its own to the database."""
    environ = {"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(tmp_path / "home")}
    async with AsyncExitStack() as stack:

        def make() -> Engine:
            folder = "data" if "sqlite" in shared.url else f"worker{len(shared._open)}"
            engine = Engine(load(environ=environ), shared.records(FIRST, OURS, folder))
            stack.push_async_callback(engine.close)
            return engine

        yield make


@pytest.mark.slow
async def test_workers_take_turns_at_a_plan(shared: Kept, worker: Workers) -> None:
    """Planned by one, applied by another, told by the first, undone by the third; nothing is sent twice."""
    one, other = worker(), worker()
    plan = await one.execute(FACEBOOK, "campaigns", "pause", {"campaign_id": SPRING})
    assert "APPLIED: 1 of 1 done" in (await other.apply(plan.data["plan_id"])).text
    assert "APPLIED" in (await one.apply(plan.data["plan_id"])).text
    undo = one.plans.get(plan.data["plan_id"]).undo
    assert "APPLIED: 1 of 1 done" in (await worker().apply(undo)).text
    outcomes = "SELECT line FROM audit_lines ORDER BY id"
    lines = shared.database.wait(lambda connection: connection.scalars(text(outcomes)))
    assert [line.count('"outcome": "sending"') for line in lines] == [1, 0, 1, 0]
    assert verify(shared.database, OURS) == []


@pytest.mark.slow
async def test_a_cursor_and_a_result_go_on_at_another_worker(worker: Workers) -> None:
    """A list's next rows and a report's, asked of a worker that has not read them."""
    one, other = worker(), worker()
    first = await one.execute(FACEBOOK, "campaigns", "list", {"account_id": US, "limit": 2})
    both = await worker().execute(FACEBOOK, "campaigns", "list", {"account_id": US, "limit": 4})
    onward = {"account_id": US, "limit": 2, "cursor": first.meta["cursor"]}
    rest = await other.execute(FACEBOOK, "campaigns", "list", onward)
    assert [*first.data, *rest.data] == both.data
    asked = {"profile_id": PROFILE, "report_type": "spCampaigns", "top": 3, "sort": "-cost"}
    report = await one.execute(AMAZON, "reports", "run", asked)
    again = await other.execute(
        AMAZON, "reports", "run", {"from": report.meta["result"], "top": 3, "sort": "-cost"}
    )
    assert again.data == report.data
