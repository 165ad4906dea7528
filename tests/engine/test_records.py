"""What is written down: intents before anything leaves, a log that shows gaps, one open plan at a time."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
import pytest
from engine_client import FACEBOOK, EngineClient
from planning import SPRING, SURF, applied, error_of, planned, until, writes
from shell import Shell

from mcp_ads.core import Progress
from mcp_ads.engine.applying import carry_out as applying
from mcp_ads.engine.records import chain
from mcp_ads.engine.records.audit import AuditLog
from mcp_ads.engine.records.hashes import digest
from mcp_ads.engine.records.plan_store import PlanStore
from mcp_ads.engine.records.sheet import FileSheet
from mcp_ads.engine.session.session import Session
from mcp_ads.errors import AuthError, NoRecord, OverCap, RateLimited, UnknownPlan
from mcp_ads.files import journal

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]


class Killed(BaseException):
    """The process ends here."""


def lines(engine_client: EngineClient) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (engine_client.home / "audit.jsonl").read_text().splitlines()]


async def test_the_intent_is_written_before_anything_leaves(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a request leaves, its line is on disk, with the budgets; after the answer there is a second."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="60 USD")
    seen, real = list[dict[str, Any]](), Session.send

    async def send(session: Session, *arguments: Any) -> Any:
        if arguments[0].risk != "read":
            seen.extend(lines(engine_client))
        return await real(session, *arguments)

    monkeypatch.setattr(Session, "send", send)
    await applied(engine_client, plan_id)
    assert [(line["outcome"], line["budgets"]) for line in seen] == [
        ("sending", [["daily_budget", "50.00", "60.00", "USD"]])
    ]
    assert [line["outcome"] for line in lines(engine_client)] == ["sending", "done"]
    assert len({line["ref"] for line in lines(engine_client)}) == 1


async def raised(engine_client: EngineClient, rise: dict[str, Any]) -> None:
    """A budget changed, in either write mode."""
    result = await engine_client.do(FACEBOOK, "campaigns", "update", **rise)
    if "plan_id" in result.data:
        await applied(engine_client, result.data["plan_id"])


@pytest.mark.parametrize("mode", ["plan", "direct"])
async def test_a_killed_write_counts_for_the_rise_cap(
    engine_client_with: EngineClients, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """The process that sent a rise and died has left a line, and the next rise is measured from before it."""
    engine_client = engine_client_with(MCP_ADS_WRITES=mode, MCP_ADS_MAX_BUDGET_INCREASE_PCT="20")
    rise = {"campaign_id": SPRING, "daily_budget": "+15%"}
    real = journal.add

    def add(handle: int, line: str) -> None:
        if writes(engine_client):
            raise Killed
        real(handle, line)

    with monkeypatch.context() as dying:
        dying.setattr(journal, "add", add)
        with pytest.raises(Killed):
            await raised(engine_client, rise)
    assert len(writes(engine_client)) == 1
    after = engine_client_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="20")
    assert isinstance(await error_of(planned(after, "campaigns", "update", **rise)), OverCap)
    if mode == "plan":
        lost = next(plan for plan in after.workspace.plans.all() if plan.state == "applying")
        assert "UNKNOWN: 0 of 1 done" in (await applied(after, lost.plan_id)).text
        assert [line["outcome"] for line in lines(after)] == ["sending", "unknown"]


async def test_a_refused_decrease_is_no_lowest(engine_client_with: EngineClients) -> None:
    """An intent that came to nothing does not count: a rise is measured from what was really there."""
    engine_client = engine_client_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="20")
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="20 USD")
    engine_client.fault("revoked-token", method="POST", path=SPRING)
    await error_of(applied(engine_client, plan_id))
    assert [line["outcome"] for line in lines(engine_client)] == ["sending", "failed"]
    await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="+15%")


@pytest.mark.parametrize("age", [100_000.0, -1e9, "old", None, float("nan")])
def test_a_strange_time_does_not_end_the_look_back(tmp_path: Path, age: Any) -> None:
    """A line whose time is old or no time, between lines of today, hides none of them."""
    import time

    path, now = tmp_path / "audit.jsonl", time.time()

    def line(at: Any, before: str) -> str:
        budgets = [["daily_budget", before, "99.00", "USD"]]
        return json.dumps({"time": at, "id": "1", "outcome": "done", "budgets": budgets}) + "\n"

    strange = now - age if isinstance(age, float) else age
    path.write_text(line(now - 50, "40.00") + line(strange, "60.00") + line(now - 5, "50.00"))
    assert AuditLog(FileSheet(path)).lately().lowest == {("1", "daily_budget"): Decimal("40.00")}


async def test_the_chain_shows_what_was_done_to_it(shell: Shell, tmp_path: Path) -> None:
    """Whole as written; a line changed, removed, added, cut or put back is named, with exit code 1."""
    path = tmp_path / "home" / "audit.jsonl"

    def verify() -> tuple[int, str]:
        code, out, err = shell.run("audit", "verify")
        return code, out + err

    assert verify()[0] == 0
    for number in range(5):
        chain.append(path, [{"n": number, "é": "…"}], json.dumps)
    whole = path.read_bytes().splitlines(keepends=True)
    assert verify()[0] == 0
    assert digest(whole[-1].rstrip(b"\n")) in verify()[1]
    other = b'{"n": 9, "prev": "0"}\n'
    for broken, said in (
        ([*whole[:2], whole[2].replace(b'"n": 2', b'"n": 7'), *whole[3:]], "line 4 does not follow"),
        ([*whole[:2], *whole[3:]], "line 3 does not follow"),
        (whole[1:], "the beginning is missing"),
        ([*whole[:2], other, *whole[2:]], "line 3 does not follow"),
        ([*whole, whole[2]], "line 6 follows line 2: the log forks there"),
        ([*whole[:4], whole[4][:9]], "line 5 was cut"),
        ([*whole[:2], b"\xff\xfe\n", *whole[2:]], "line 3 was cut, or is no line of this log"),
    ):
        path.write_bytes(b"".join(broken))
        assert verify()[0] == 1
        assert said in verify()[1]


def test_a_cut_line_begins_a_new_chain(tmp_path: Path) -> None:
    """What follows a line that was cut, or one of another version, does not pretend to follow it."""
    path = tmp_path / "audit.jsonl"
    path.write_text('{"n": 1}\n{"n": 2}\n')
    for number in range(2):
        chain.append(path, [{"n": number}], json.dumps)
    assert (chain.verify(path).early, chain.verify(path).broken) == (2, [])
    path.write_bytes(path.read_bytes() + b'{"n": 3, "pr')
    chain.append(path, [{"n": 4}], json.dumps)
    chain.append(path, [{"n": 5}], json.dumps)
    assert chain.verify(path).broken == [
        "line 5 was cut, or is no line of this log", "line 6 begins a new chain",
    ]  # fmt: skip


def test_processes_write_one_chain(tmp_path: Path) -> None:
    """Four processes that write at once leave one chain, every line whole."""
    path = tmp_path / "audit.jsonl"
    script = (
        "import json, sys; from pathlib import Path; from mcp_ads.engine.records import chain\n"
        "for n in range(25): chain.append(Path(sys.argv[1]), [{'n': n, 'text': 'x' * 5000}], json.dumps)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, str(path)]) for _ in range(4)]
    assert [writer.wait() for writer in writers] == [0] * 4
    found = chain.verify(path)
    assert (found.lines, found.broken) == (100, [])


@pytest.mark.slow
@pytest.mark.parametrize("how", ["before", "half", "after"])
@pytest.mark.parametrize("point", range(4))
@pytest.mark.parametrize("end", [Killed, OSError])
async def test_appending_leaves_one_open_plan(
    engine_client_with: EngineClients,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
    point: int,
    end: type[BaseException],
) -> None:
    """Killed, or on a full disk, at every point of an append: the old plan can be applied or the new one."""
    engine_client = engine_client_with()
    old = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    real, count = PlanStore._write, 0
    real_remove = PlanStore._remove

    def reached() -> bool:
        nonlocal count
        count += 1
        return count == point + 1

    def write(store: PlanStore, path: Path, plan: Any, mode: int) -> None:
        if not reached():
            return real(store, path, plan, mode)
        if how == "after":
            real(store, path, plan, mode)
        elif how == "half":
            path.write_text('{"plan_id": "')
        raise end

    def remove(store: PlanStore, plan: Any) -> None:
        if reached():
            raise end
        real_remove(store, plan)

    with monkeypatch.context() as dying:
        dying.setattr(PlanStore, "_write", write)
        dying.setattr(PlanStore, "_remove", remove)
        try:
            new = await planned(engine_client, "campaigns", "pause", campaign_id=SURF, append_to=old)
        except (Killed, NoRecord):
            new = ""
    store = engine_client_with().workspace.plans
    (one,) = [plan for plan in store.all() if plan.state == "ready"]
    assert one.plan_id == new or not new
    assert len(one.steps) == (1 if one.plan_id == old else 2)
    if one.plan_id != old:
        with pytest.raises(UnknownPlan, match="took its place"):
            store.get(old)
    assert "APPLIED" in (await applied(engine_client, one.plan_id)).text


@pytest.mark.slow
@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize("scope", ["task", "anyio"])
async def test_a_client_that_hangs_up(engine_client: EngineClient, scope: str) -> None:
    """The step on the wire ends and is written down, no later one is sent, and applying again goes on."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    engine_client.fault("slow", seconds=0.4, when="after", method="POST", path=SPRING)
    if scope == "anyio":
        async with anyio.create_task_group() as group:
            group.start_soon(applied, engine_client, plan_id)
            await until(lambda: any(request.startswith("POST") for request in engine_client.sent()))
            group.cancel_scope.cancel()
    else:
        call = asyncio.create_task(applied(engine_client, plan_id))
        await until(lambda: any(request.startswith("POST") for request in engine_client.sent()))
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    plan = engine_client.workspace.plans.get(plan_id)
    assert [step.state for step in plan.steps] == ["done", "ready"]
    assert [line["outcome"] for line in lines(engine_client)] == ["sending", "done"]
    assert "APPLIED: 2 of 2" in (await applied(engine_client, plan_id)).text
    assert writes(engine_client) == [f"update campaign {campaign_id}" for campaign_id in (SPRING, SURF)]


@pytest.mark.usefixtures("one_by_one")
async def test_a_throttled_plan_is_not_used_up(engine_client: EngineClient) -> None:
    """When the first step is throttled for long, the plan stays open: "call again" is what to do."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    engine_client.fault("429", retry_after=3600, method="POST", path=SPRING)
    error = await error_of(applied(engine_client, plan_id))
    assert isinstance(error, RateLimited)
    assert "the plan stays open" in error.fix
    assert engine_client.workspace.plans.get(plan_id).state == "ready"
    engine_client.reopen()
    assert "APPLIED: 2 of 2 done" in (await applied(engine_client, plan_id)).text


@pytest.mark.usefixtures("one_by_one")
async def test_a_plan_throttled_in_the_middle_goes_on(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is done stays done, the rest stays ready and says when to go on; until then nothing is sent."""
    monkeypatch.setattr(applying, "RESERVE", 0.0)
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    engine_client.fault("429", retry_after=3600, method="POST", path=SURF)
    text = (await applied(engine_client, plan_id)).text
    head, _, rest = text.partition("\n")[2].partition("\n")
    assert head.startswith("IN PROGRESS: 1 of 2 done; call ads_apply with the same plan_id again to go on: ")
    assert re.search(r"call again in 3600 s, at [0-9 :-]+ UTC$", head)
    assert "2. NOT DONE YET: pause" in rest
    before = len(engine_client.sent())
    refused = await error_of(applied(engine_client, plan_id))
    assert isinstance(refused, RateLimited)
    assert refused.sent == "no"
    assert len(engine_client.sent()) == before
    engine_client.reopen()
    assert "APPLIED: 2 of 2 done" in (await applied(engine_client, plan_id)).text
    assert writes(engine_client) == [f"update campaign {SPRING}", f"update campaign {SURF}"]


@pytest.mark.usefixtures("one_by_one")
async def test_refused_values_use_a_plan_up(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the platform does not take is not offered again: a plan that is partly done stays so."""
    monkeypatch.setattr(applying, "RESERVE", 0.0)
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    engine_client.fault("revoked-token", method="POST", path=SURF)
    assert "PARTIAL: 1 of 2 done" in (await applied(engine_client, plan_id)).text
    assert "PARTIAL: 1 of 2 done" in (await applied(engine_client, plan_id)).text


@pytest.mark.usefixtures("one_by_one")
async def test_progress_rises(engine_client: EngineClient) -> None:
    """Every report is of more than the one before, also that of a step that failed."""
    seen: list[Progress] = []

    async def report(progress: Progress) -> None:
        seen.append(progress)

    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    engine_client.fault("revoked-token", method="POST", path=SURF)
    await engine_client.workspace.apply(plan_id, report)
    assert [progress.done for progress in seen] == [1, 2]


async def test_a_platform_that_refuses_the_check(engine_client: EngineClient) -> None:
    """A read that fails before the first step leaves the plan open."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    engine_client.fault("revoked-token", method="GET")
    with pytest.raises(AuthError):
        await applied(engine_client, plan_id)
    assert "APPLIED" in (await applied(engine_client, plan_id)).text
