"""Plans and turns, one contract for private files, a database in a file, and PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from kept_records import FOREIGN, SECOND, THEIRS, Kept, a_step
from sqlalchemy import text

from mcp_ads.auth.tokens import Token
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.records.audit import Who
from mcp_ads.errors import NoRecord, StalePlan, UnknownPlan
from mcp_ads.files.lock import Busy

pytestmark = pytest.mark.anyio
WHO = Who("client:1", "tests")


def test_a_plan_has_one_holder(store: Kept) -> None:
    """Kept by one process, found by another; while one holds it no other does; what it became is seen."""
    one, other = store.records().plans, store.records().plans
    plan = one.keep([a_step(), a_step("Surf")], "client:1", [])
    assert [found.plan_id for found in other.all()] == [plan.plan_id]
    with one.claim(plan.plan_id) as claimed:
        for holder in (one, other):
            with pytest.raises(StalePlan), holder.claim(plan.plan_id):
                pass
        claimed.steps[0].state = "sending"
        one.journal(claimed, 0)
        assert other.get(plan.plan_id).state == "applying"
        claimed.steps[0].state = "done"
        one.journal(claimed, 0)
        claimed.steps[1].state = "failed"
        one.finish(claimed, "partial")
    found = other.get(plan.plan_id)
    assert (found.state, [step.state for step in found.steps]) == ("partial", ["done", "failed"])
    with other.claim(plan.plan_id) as again:
        assert again.state == "partial"


def test_a_plan_that_another_replaces_is_void(store: Kept) -> None:
    """The new one is there and the old one is not; one that is begun cannot be replaced; ids are whole."""
    one, other = store.records().plans, store.records().plans
    first = one.keep([a_step()], "client:1", [])
    second = other.keep([a_step(), a_step("Surf")], "client:1", [], first)
    with pytest.raises(UnknownPlan, match="void"):
        one.get(first.plan_id)
    with pytest.raises(UnknownPlan, match="only a whole"):
        one.get(second.plan_id[:-1])
    with one.claim(second.plan_id) as claimed:
        claimed.steps[0].state = "sending"
        one.journal(claimed, 0)
    with pytest.raises(StalePlan, match="applying already"):
        other.keep([a_step()], "client:1", [], second)
    with one.claim(second.plan_id) as claimed:
        one.release(claimed)
    assert other.get(second.plan_id).state == "ready"
    with one.claim(second.plan_id) as claimed:
        one.void(claimed)
    assert other.all() == []


def test_what_was_under_way_is_unknown(store: Kept) -> None:
    """A holder that ends between sending and the answer leaves a step that nobody sends again."""
    one, other = store.records().plans, store.records().plans
    plan = one.keep([a_step(), a_step("Surf")], "client:1", [])
    with contextlib.suppress(KeyboardInterrupt), one.claim(plan.plan_id) as claimed:
        claimed.steps[0].state = "sending"
        one.journal(claimed, 0)
        raise KeyboardInterrupt
    with other.claim(plan.plan_id) as claimed:
        assert other.lost(claimed) == [0]
        assert [step.state for step in claimed.steps] == ["unknown", "ready"]


def test_who_lost_a_plan_writes_nothing_more(shared: Kept) -> None:
    """A lock that was cut and taken by another: the former holder cannot write, and so sends nothing."""
    one, other = shared.records().plans, shared.records(folder="elsewhere").plans
    plan = one.keep([a_step(), a_step("Surf")], "client:1", [])
    with one.claim(plan.plan_id) as claimed:
        if not shared.database.is_sqlite:
            with pytest.raises(StalePlan), other.claim(plan.plan_id):
                pass
            cut = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            shared.database.wait(lambda connection: connection.execute(text(cut)))
        one.journal(claimed, 0)
        with other.claim(plan.plan_id) as taken:
            with pytest.raises(NoRecord, match="taken over"):
                one.journal(claimed, 1)
            with pytest.raises(NoRecord, match="taken over"):
                one.finish(claimed, "applied")
            other.finish(taken, "partial")
    assert one.get(plan.plan_id).state == "partial"


DYING = """
import sys, time
from pathlib import Path
from kept_records import *
home, url, plan_id = sys.argv[1:]
plans = Kept(Path(home), url, made=True).records().plans
with plans.claim(plan_id) as plan:
    plan.steps[0].state = "sending"
    plans.journal(plan, 0)
    print("sending", flush=True)
    time.sleep(60)
"""


@pytest.mark.slow
def test_killed_between_sending_and_answer(store: Kept) -> None:
    """Kill -9 of the process that applies: another takes the plan at once, and knows what is unknown."""
    plans = store.records().plans
    plan = plans.keep([a_step(), a_step("Surf")], "client:1", [])
    command = [sys.executable, "-c", DYING, str(store.home), store.url, plan.plan_id]
    environ = {"PYTHONPATH": str(Path(__file__).parent)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"sending\n"
        with pytest.raises(StalePlan), plans.claim(plan.plan_id):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
    with plans.claim(plan.plan_id) as claimed:
        assert plans.lost(claimed) == [0]


async def test_a_name_is_held_by_one(store: Kept) -> None:
    """Who waits goes on when it is given back; who has waited long enough is told; others are not kept."""
    one, other = store.records(), store.records(SECOND)
    with contextlib.ExitStack() as stack:
        await one.hold(stack, "act_1", 1)
        for waiting in (one, other):
            with pytest.raises(Busy):
                await waiting.hold(stack, "act_1", 0.03)
        await other.hold(stack, "act_2", 0.1)
        with contextlib.ExitStack() as next_one:
            waits = asyncio.ensure_future(other.hold(next_one, "act_1", 5))
            await asyncio.sleep(0.03)
            assert not waits.done()
            stack.close()
            await waits
    if store.url:
        with contextlib.ExitStack() as stack:
            await one.hold(stack, "act_1", 1)
            await store.records(FOREIGN, THEIRS).hold(stack, "act_1", 0.03)


def test_a_database_that_is_gone_stops_changes_only(shared: Kept) -> None:
    """Plans and the log refuse; what is kept between calls is simply not there."""
    records = shared.records()
    plan = records.plans.keep([a_step()], "client:1", [])
    for table in ("plans", "audit_lines", "papers", "blobs"):
        drop = f"ALTER TABLE {table} RENAME TO gone_{table}"
        shared.database.wait(lambda connection: connection.execute(text(drop)))  # noqa: B023 - run at once
    for write in (
        lambda: records.plans.add(Plan("b", [a_step()], "")),
        lambda: records.plans.get(plan.plan_id),
        lambda: records.audit.note(a_step(), WHO),
        lambda: records.blobs.put(b"1"),
    ):
        with pytest.raises(NoRecord, match="nothing is changed") as raised:
            write()
        assert "gone_" not in str(raised.value)
    assert records.notes.get("x") is None
    records.tokens("a").write(Token("v", 4e9))
    assert records.tokens("a").read() is None
