"""One contract for what outlives a call: private files, a database in a file, and PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from kept_records import FIRST, FOREIGN, OURS, SECOND, THEIRS, Kept, a_step, kept
from sqlalchemy import text

from mcp_ads.auth.tokens import Token
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import State
from mcp_ads.engine.records.audit import Who
from mcp_ads.engine.wire.window import Stretch
from mcp_ads.errors import InvalidParams, NoRecord, StalePlan, UnknownPlan
from mcp_ads.files.lock import Busy
from mcp_ads.host.records import INTENT
from mcp_ads.host.records.audit import verify
from mcp_ads.host.records.spool import SharedSpool

pytestmark = pytest.mark.anyio
WHO = Who("client:1", "tests")


@pytest.fixture(params=["files", "sqlite", pytest.param("postgresql", marks=pytest.mark.vendors)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """Records of each kind."""
    url = {"files": "", "sqlite": f"sqlite+aiosqlite:///{tmp_path / 'host.sqlite3'}"}.get(request.param)
    if url is None:
        url = request.getfixturevalue("postgres_url")
    with kept(tmp_path, url) as made:
        yield made


@pytest.fixture
def shared(database_url: str, tmp_path: Path) -> Iterator[Kept]:
    """Records in a database of each kind."""
    with kept(tmp_path, database_url) as made:
        yield made


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
made = Kept.__new__(Kept)
made.home, made.url, made.keys, made._open = Path(home), url, Keys((fresh_key(),)), []
plans = made.records().plans
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


def test_the_log_is_the_organizations(store: Kept) -> None:
    """What one process writes another measures by; in a database also another workspace, and no stranger."""
    one, other = store.records().audit, store.records(SECOND).audit
    one.check()
    before = other.size()
    told: list[tuple[State, str]] = [
        ("sending", "40.00"), ("failed", "40.00"), ("sending", "45.00"), ("done", "45.00")
    ]  # fmt: skip
    for state, low in told:
        step = a_step(before=low)
        step.state = state
        one.note(step, WHO, "p", low)
    made = a_step("New", does="makes", object_id="7", budgets=[])
    made.state = "done"
    other.note_all([(made, "3")], WHO)
    assert other.lowest() == one.lowest()
    assert one.lowest()["1", "daily_budget"] == Decimal("45.00")
    assert [made_id for made_id, _ in one.made().values()] == ["7"]
    assert [*one.changed()] == [("facebook_marketing", "act_1")]
    assert one.size() == other.size() != before
    assert one.gap() == other.gap() == ""
    if store.url:
        stranger = store.records(FOREIGN, THEIRS).audit
        assert not stranger.lowest() | stranger.changed()
        assert not stranger.made()
        assert stranger.size() == 0


def test_a_line_says_whose_it_is(shared: Kept) -> None:
    """Organization, workspace, client, plan, and what for: as the request says, or the one that planned.

    Secrets are taken out before what is said is cut.
    """
    records = shared.records()
    records.redact = lambda said: said.replace("hush" * 10, "[secret]")  # type: ignore[attr-defined]
    asked = INTENT.set(f"{'spring sale '.ljust(500)}\0{'hush' * 10}")
    plan = records.plans.keep([a_step()], "client:1", [])
    INTENT.reset(asked)
    records.audit.note(a_step(), WHO, plan.plan_id, "1")
    (line,) = lines(shared)
    for part in (OURS, FIRST, "client:1", "tests", plan.plan_id):
        assert f'"{part}"' in line
    assert "spring sale" in line
    assert "hush" not in line


def lines(shared: Kept) -> list[str]:
    """The log's lines as they are kept."""
    rows = "SELECT line FROM audit_lines ORDER BY id"
    return [*shared.database.wait(lambda connection: connection.scalars(text(rows)))]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE audit_lines SET line = replace(line, '45.00', '90.00') WHERE id = 2", "changed or removed"),
        ("DELETE FROM audit_lines WHERE id = 2", "changed or removed"),
        ("DELETE FROM audit_lines WHERE id = 3", "gone"),
        (f"UPDATE audit_lines SET workspace_id = '{FOREIGN}' WHERE id = 1", "other things"),
    ],
)
def test_a_log_that_was_changed_shows_it(shared: Kept, change: str, said: str) -> None:
    """A line changed, removed, or filed elsewhere: verifying finds it, and a rise cap does not trust it."""
    audit = shared.records().audit
    for number in range(3):
        step = a_step(before="45.00")
        step.state = "done"
        audit.note(step, WHO, "", str(number))
    assert verify(shared.database, OURS) == []
    shared.database.wait(lambda connection: connection.execute(text(change)))
    assert said in " ".join(verify(shared.database, OURS))
    assert bool(shared.records().audit.gap()) == (said != "other things")


def test_lines_of_many_writers_are_one_chain(shared: Kept) -> None:
    """Writers of two processes at the same moment: no line is lost, and each follows one other."""
    logs = [shared.records(workspace).audit for workspace in (FIRST, SECOND)]
    with ThreadPoolExecutor(8) as threads:
        for number in range(40):
            threads.submit(logs[number % 2].note, a_step(), WHO, "", str(number))
    assert len(lines(shared)) == 40
    assert verify(shared.database, OURS) == []


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


def test_small_things_are_found_by_other_processes(store: Kept) -> None:
    """Notes, lists, facts: kept by one process, found by another, replaced, and not by another workspace."""
    one, other = store.records(), store.records()
    one.notes.put("seen", {"at": 1})
    one.notes.put("seen", {"at": 2})
    found = other.notes.get("seen")
    assert found is not None
    assert found.facts == {"at": 2}
    assert one.shelf.put("left", Stretch("call", [{"id": "1"}]))
    assert not one.shelf.put("left", Stretch("call", []))
    assert other.shelf.get("left", "call").rows == [{"id": "1"}]
    for name, call in (("left", "another"), ("none", "call")):
        with pytest.raises(InvalidParams):
            other.shelf.get(name, call)
    one.facts("accounts", 60).put("a", [1])
    assert store.records().facts("accounts", 60).get("a") == [1]
    assert other.facts("accounts", -100).get("a") is None
    if store.url:
        assert store.records(SECOND).notes.get("seen") is None
        assert store.records(SECOND).facts("accounts", 60).get("a") is None


def test_old_and_many_things_go(shared: Kept) -> None:
    """What a place is tidied of: what is old, then the oldest beyond so many, and nothing of another kind."""
    records = shared.records()
    notes, place = records.notes, records._place("notes")  # type: ignore[attr-defined]
    records.shelf.put("left", Stretch("call", []))
    for number in range(5):
        notes.put(f"n{number}", {})
    old = "UPDATE papers SET at = at - 100 WHERE name = 'n4'"
    shared.database.wait(lambda connection: connection.execute(text(old)))
    place.tidy(seconds=50, most_bytes=2**20, most_files=2)
    assert [number for number in range(5) if notes.get(f"n{number}")] == [2, 3]
    assert records.shelf.get("left", "call").rows == []


def test_an_access_token_is_sealed(shared: Kept) -> None:
    """Found by another process; in the database it is not in clear, and opens in its workspace alone."""
    one, other = shared.records().tokens("a", "b"), shared.records().tokens("a", "b")
    token = Token("very-secret-value", 4e9, of="grant")
    one.write(token)
    assert other.read() == token
    moved = f"UPDATE papers SET workspace_id = '{SECOND}'"
    shared.database.wait(lambda connection: connection.execute(text(moved)))
    assert shared.records(SECOND).tokens("a", "b").read() is None
    held = "SELECT content FROM papers"
    content = shared.database.wait(lambda connection: connection.scalar(text(held)))
    assert b"very-secret-value" not in bytes(content)
    with one.locked(), pytest.raises(Busy), other.locked():
        pass


def test_a_file_is_kept_in_parts(store: Kept) -> None:
    """Put by one process, read by another from wherever it wants; gone, damaged and too large are said."""
    one, other = store.records().blobs, store.records().blobs
    content = bytes(range(256)) * 10_000
    kept_file = one.put(content)
    assert (kept_file.sha256, kept_file.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert one.put(content) == other.check(kept_file.sha256) == kept_file
    with other.open(kept_file.sha256) as file:
        file.seek(2**20 - 5)
        assert file.read(10) == content[2**20 - 5 : 2**20 + 5]
        file.seek(0)
        assert file.read() == content
    with other.open(one.put(b"").sha256) as file:
        assert file.read() == b""
    with pytest.raises(InvalidParams, match="larger than"):
        one.put(b"12345", 4)
    one.forget(kept_file.sha256)
    for name in (kept_file.sha256, "../x"):
        with pytest.raises(StalePlan):
            other.open(name)


def test_rows_of_another_worker_are_found(shared: Kept, tmp_path: Path) -> None:
    """Workers with folders of their own: the newest rows are everyone's; forgotten ones are nobody's."""
    one, other = (SharedSpool(tmp_path / name, shared.database, FIRST) for name in ("one", "other"))
    for rows in ([{"a": 1}], [{"a": 2}, {"a": 3}]):
        one.put("r1", lambda: rows, {"more": True}, ("a",)).close()  # noqa: B023 - read at once
        with other.get("r1") as found:  # type: ignore[union-attr]
            assert [row for _, row in found.table.every()] == rows
            assert found.meta == {"more": True}
    other.put("r1", lambda: [{"a": 4}], {}, ("a",)).close()
    with one.get("r1") as found:  # type: ignore[union-attr]
        assert [row for _, row in found.table.every()] == [{"a": 4}]
    assert SharedSpool(tmp_path / "third", shared.database, SECOND).get("r1") is None
    one.forget("r1")
    assert SharedSpool(tmp_path / "fourth", shared.database, FIRST).get("r1") is None


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
