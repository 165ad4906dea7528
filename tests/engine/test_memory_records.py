"""The engine over records that are no files: what it needs of them is one protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, PROFILE, US
from memory_records import MemoryRecords
from planning import SPRING

from mcp_ads.engine.door import Engine
from mcp_ads.errors import UnknownPlan
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    """An engine whose records are in memory; only the sandbox has a file."""
    settings = load(environ={"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(tmp_path)})
    engine = Engine(settings, MemoryRecords())
    yield engine
    await engine.close()


async def test_a_plan_is_applied_and_undone(engine: Engine) -> None:
    """Planned, applied once, told again, undone: the records' kind makes no difference."""
    plan = await engine.execute(FACEBOOK, "campaigns", "pause", {"campaign_id": SPRING})
    first = await engine.apply(plan.data["plan_id"])
    assert "APPLIED: 1 of 1 done" in first.text
    again = await engine.apply(plan.data["plan_id"])
    assert "APPLIED" in again.text
    undo = engine.plans.get(plan.data["plan_id"]).undo
    assert "APPLIED: 1 of 1 done" in (await engine.apply(undo)).text
    assert [state for state, _ in engine.records.audit.lines] == ["sending", "done"] * 2  # type: ignore[attr-defined]


async def test_a_plan_is_applied_once(engine: Engine) -> None:
    """Two that apply one plan at the same moment: one does, and nothing is sent twice."""
    plan = await engine.execute(FACEBOOK, "campaigns", "pause", {"campaign_id": SPRING})
    await asyncio.gather(*(engine.apply(plan.data["plan_id"]) for _ in range(2)), return_exceptions=True)
    assert [state for state, _ in engine.records.audit.lines] == ["sending", "done"]  # type: ignore[attr-defined]
    with pytest.raises(UnknownPlan):
        await engine.apply("pause-nothing.k7qx2m9b")


@pytest.mark.slow
async def test_nothing_is_written_but_the_trace(engine: Engine, tmp_path: Path) -> None:
    """Reads of all platforms, reports among them, need no file of ours."""
    await engine.execute(FACEBOOK, "campaigns", "list", {"account_id": US, "limit": 3})
    await engine.execute(LINKEDIN, "campaigns", "list", {"account_id": "512345678", "limit": 3})
    report = {"profile_id": PROFILE, "report_type": "spCampaigns", "top": 3, "sort": "-cost"}
    assert (await engine.execute(AMAZON, "reports", "run", report)).data
    await engine.close()
    written = {path.name for path in engine.settings.records.rglob("*") if path.is_file()}
    assert written <= {"trace.jsonl", "sandbox.sqlite", "sandbox.sqlite-wal", "sandbox.sqlite-shm"}
