"""The audit log, one contract for private files, a database in a file, and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from kept_records import FIRST, FOREIGN, OURS, SECOND, THEIRS, Kept, a_step
from sqlalchemy import text

from mcp_ads.engine.changes.steps import State
from mcp_ads.engine.records.audit import Who
from mcp_ads.host.records import INTENT
from mcp_ads.host.records.audit import verify

pytestmark = pytest.mark.anyio
WHO = Who("client:1", "tests")


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
    assert other.lately() == one.lately()
    assert one.lately().lowest["1", "daily_budget"] == Decimal("45.00")
    assert [made_id for made_id, _ in one.lately().made.values()] == ["7"]
    assert [*one.changed()] == [("facebook_marketing", "act_1")]
    assert one.size() == other.size() != before
    assert one.gap() == other.gap() == ""
    if store.url:
        stranger = store.records(FOREIGN, THEIRS).audit
        assert not stranger.lately().lowest | stranger.changed()
        assert not stranger.lately().made
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
