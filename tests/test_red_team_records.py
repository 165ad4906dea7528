"""What is written down, when the disk is full, the process dies, or somebody edits the files."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_client import FACEBOOK, LINKEDIN, LINKEDIN_US, EngineClient
from planning import NEW, SPRING, SURF, applied, planned, writes

from mcp_ads.engine.records.audit import Who
from mcp_ads.engine.session.session import Session
from mcp_ads.errors import AdsError, NoRecord, OverCap, UnknownPlan
from mcp_ads.files import journal

pytestmark = pytest.mark.anyio


def plan_file(engine_client: EngineClient) -> Path:
    return next((engine_client.home / "plans").glob("*.json"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '"x"',
        "null",
        "{}",
        '{"steps": [7]}',
        '{"steps": []}',
        '{"steps": [{}]}',
        "[" * 99_999,
    ],
)
async def test_a_plan_that_is_none(engine_client: EngineClient, text: str) -> None:
    """What a crash or another program left in a plan's file is no plan, and breaks no list of them."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    plan_file(engine_client).write_text(text)
    with pytest.raises(UnknownPlan):
        await applied(engine_client, plan_id)
    assert engine_client.workspace.plans.all() == []
    assert writes(engine_client) == []


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"created": "soon"}, {"steps": {"a": 1}}, {"owner": None}]
)
async def test_a_plan_of_another_version(engine_client: EngineClient, change: dict[str, Any]) -> None:
    """A plan with fields we do not know, or of other kinds, is not carried out."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    engine_client.workspace.who = lambda: Who("someone")
    kept = json.loads(plan_file(engine_client).read_text()) | change
    plan_file(engine_client).write_text(json.dumps(kept))
    with pytest.raises(AdsError):
        await applied(engine_client, plan_id)
    assert writes(engine_client) == []


async def test_a_plan_under_another_name(engine_client: EngineClient) -> None:
    """What was agreed to is the whole id: another plan in its file is not carried out."""
    agreed = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    file = plan_file(engine_client)
    await planned(engine_client, "campaigns", "pause", campaign_id=SURF)
    other = next(path for path in (engine_client.home / "plans").glob("*.json") if path != file)
    file.write_text(other.read_text())
    with pytest.raises(UnknownPlan):
        await applied(engine_client, agreed)
    assert writes(engine_client) == []


@pytest.mark.parametrize(
    "noise", ["5\n", '"x"\n', "[]\n", '{"step": 99, "state": "done"}\n', '{"step": 0, "sta']
)
async def test_a_journal_that_was_cut(engine_client: EngineClient, noise: str) -> None:
    """Lines of a journal that cannot be read hide neither the plan nor the lines after them."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    plan = engine_client.workspace.plans.get(plan_id)
    engine_client.files.plans._journal(plan_id).write_text(noise)
    plan.steps[0].state = "sending"
    engine_client.workspace.plans.journal(plan, 0)
    result = await applied(engine_client, plan_id)
    assert result.data["steps"][0]["state"] == "unknown"
    assert writes(engine_client) == []


def test_a_disk_that_fills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of which only a part was written is an error, and the next one is still readable."""
    path, real = tmp_path / "log", os.write
    monkeypatch.setattr(
        os, "write", lambda handle, text: real(handle, text[:5]) if len(text) > 5 else _full()
    )
    with pytest.raises(OSError, match="space"):
        journal.append(path, '{"a": 1}')
    monkeypatch.setattr(os, "write", lambda handle, text: real(handle, text[:3]))
    journal.append(path, '{"b": 2}')
    assert path.read_text() == '{"a":\n{"b": 2}\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def _full() -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("mode", ["plan", "direct"])
async def test_nothing_is_changed_on_a_full_disk(
    engine_client_with: Callable[..., EngineClient], monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """What could not be written down afterwards is not sent; reads go on."""
    engine_client = engine_client_with(MCP_ADS_WRITES=mode)
    none = shutil.disk_usage(engine_client.home.parent)._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: none)
    with pytest.raises(NoRecord, match="audit log"):
        await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING)
    assert writes(engine_client) == []
    assert (await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)).data["name"]


@pytest.mark.parametrize(
    "line",
    ["x", "{}", "[]", '{"time": "soon", "id": "1", "budgets": [], "outcome": "done"}', "[" * 99_999,
     '{"time": 9e9, "id": "1", "budgets": [["a"]], "outcome": "done"}',
     '{"time": 9e9, "id": "1", "budgets": [["a", "much", "1", "USD"]], "outcome": "done"}',
     '{"time": 9e9, "id": "1", "budgets": 7, "outcome": "done"}'],
)  # fmt: skip
async def test_lines_of_others_in_the_log(engine_client_with: Callable[..., EngineClient], line: str) -> None:
    """A log with a line of today that cannot be read measures no rises; all else goes on."""
    engine_client = engine_client_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="50")
    engine_client.home.mkdir(exist_ok=True)
    (engine_client.home / "audit.jsonl").write_text(line + "\n")
    with pytest.raises(OverCap, match="a line that cannot be read"):
        await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="+9%")
    await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="-9%")


async def test_made_twice(engine_client: EngineClient) -> None:
    """A plan to create what was created today says so, until that is removed."""
    first = await engine_client.do(FACEBOOK, "campaigns", "create", **NEW)
    again = await engine_client.do(FACEBOOK, "campaigns", "create", **NEW)
    assert "already" not in first.text + again.text
    made = (await applied(engine_client, first.data["plan_id"])).data["steps"][0]["id"]
    third = await engine_client.do(FACEBOOK, "campaigns", "create", **NEW)
    assert "of this name was made at" in third.text
    assert made in third.text.split("warning:")[1]
    other = await engine_client.do(FACEBOOK, "campaigns", "create", **{**NEW, "name": "Another"})
    assert "of this name" not in other.text
    await applied(engine_client, await planned(engine_client, "campaigns", "delete", campaign_id=made))
    assert "of this name" not in (await engine_client.do(FACEBOOK, "campaigns", "create", **NEW)).text


async def test_made_twice_at_once(engine_client_with: Callable[..., EngineClient]) -> None:
    """The same is said of writes that are sent at once."""
    engine_client = engine_client_with(MCP_ADS_WRITES="direct")
    assert "warnings" not in (await engine_client.do(FACEBOOK, "campaigns", "create", **NEW)).meta
    meta = (await engine_client.do(FACEBOOK, "campaigns", "create", **NEW)).meta
    assert any("of this name was made at" in warning for warning in meta["warnings"])


@pytest.mark.slow
async def test_cancelled_at_every_request(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that goes away at any moment of an apply: each step at most once, what is unknown is said."""
    real, stops, countdown = Session.send, iter(range(1, 40)), 10_000

    async def send(session: Session, *arguments: Any) -> Any:
        nonlocal countdown
        countdown -= 1
        if countdown == 0:
            task = asyncio.current_task()
            assert task
            task.cancel()
            await asyncio.sleep(0)
        answer = await real(session, *arguments)
        if countdown == 1 and arguments[0].risk != "read":
            raise asyncio.CancelledError
        return answer

    monkeypatch.setattr(Session, "send", send)
    for stop in stops:
        countdown = 10_000
        name = f"Cancelled at {stop}"
        plan_id = await planned(engine_client, "campaigns", "update", campaign_id=[SPRING, SURF], name=name)
        before, countdown = len(writes(engine_client)), stop
        try:
            await applied(engine_client, plan_id)
            over = True
        except asyncio.CancelledError:
            over = False
        countdown = 10_000
        result = await applied(engine_client, plan_id)
        assert len(writes(engine_client)) - before <= 2
        states = [step["state"] for step in result.data["steps"]]
        assert len(writes(engine_client)) - before >= states.count("done")
        if over:
            return
    raise AssertionError("it never came to its end")


async def test_a_link_in_the_place_of_a_file(engine_client: EngineClient, tmp_path: Path) -> None:
    """Nothing is written through a link that lies where a draft will be."""
    target = tmp_path / "precious"
    target.write_text("precious")
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    file = engine_client.files.plans._file(plan_id, ".draft").with_suffix(f".{os.getpid()}.tmp")
    file.symlink_to(target)
    await applied(engine_client, plan_id)
    await engine_client.do(LINKEDIN, "campaigns", "list", account_id=LINKEDIN_US)
    assert target.read_text() == "precious"


async def test_private_files(engine_client: EngineClient) -> None:
    """Nobody else may read what is kept, whatever the umask says."""
    before = os.umask(0)
    try:
        await applied(engine_client, await planned(engine_client, "campaigns", "pause", campaign_id=SPRING))
        await engine_client.do(LINKEDIN, "campaigns", "list", account_id=LINKEDIN_US)
        engine_client.workspace.trace.flush()
    finally:
        os.umask(before)
    files = [
        path for path in engine_client.home.rglob("*") if path.is_file() and "sandbox.sqlite" not in path.name
    ]
    assert files
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
