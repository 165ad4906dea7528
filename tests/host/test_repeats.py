"""Writes that are asked for again: what is told is what was done, and nothing unknown is done twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from control_plane import CALLERS, ONE, PATH, Api, control_plane, created
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from mcp_ads.host.callers import Caller
from mcp_ads.host.records.audit import TableSheet
from mcp_ads.host.store.database import Database
from mcp_ads.host.store.repeated import LONGEST_CALL
from mcp_ads.host.store.tables import repeats
from mcp_ads.settings import Caps

ACCOUNT, CAMPAIGN = "1234567890", "1202110000000000338"
CAPPED = Caps(daily={"USD": Decimal(500)})


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A host for all tests of this file, with a caller whose writes go out at once."""
    CALLERS["direct"] = Caller(ONE, "client:direct", "direct", writes="direct", caps=CAPPED)
    with control_plane(tmp_path_factory.mktemp("host")) as found:
        yield found
    del CALLERS["direct"]


@pytest.fixture
def id_(api: Api) -> str:
    """A new connector in a new workspace."""
    return str(created(api, f"repeats-{uuid4()}")["id"])


def put(api: Api, id_: str, status: str = "PAUSED", **headers: str) -> tuple[int, Any]:
    """A campaign's new name, which says what state is meant."""
    params = {"account_id": ACCOUNT, "campaign_id": CAMPAIGN, "name": f"Summer {status}"}
    body = {"entity": "campaigns", "action": "update", "params": params}
    return api("POST", f"{PATH}/{id_}/execute", body, **headers)


def name_of(api: Api, id_: str) -> str:
    """The campaign's name now."""
    body = {"entity": "campaigns", "action": "get", "params": {"campaign_id": CAMPAIGN}}
    return str(api("POST", f"{PATH}/{id_}/execute", body)[1]["result"]["name"])


def audit(api: Api, id_: str) -> list[Any]:
    """The lines of a connector's workspace."""
    there = api("GET", f"{PATH}/{id_}/inspect")[1]["workspace_id"]
    found: list[Any] = api("GET", f"/workspaces/{there}/audit")[1]["data"]
    return found


def down_after(monkeypatch: pytest.MonkeyPatch, lines: int) -> None:
    """Have the database fail from the moment on when so many times audit lines were added, and more would be
    or anything else is asked of it; with 0, when the first would be.
    """
    whole, append, added = Database._in_transaction, TableSheet.append, [0, False]

    def adding(self: TableSheet, lines_: Any, spell: Any) -> None:
        added[1] = added[1] or (not lines and bool(lines_))
        append(self, lines_, spell)
        added[0] += bool(lines_)
        added[1] = added[0] >= lines > 0 or added[1]

    async def failing(self: Database, work: Any, *, reads: bool = False) -> Any:
        if added[1]:
            raise OperationalError("x", {}, Exception("gone"))
        return await whole(self, work, reads=reads)

    monkeypatch.setattr(TableSheet, "append", adding)
    monkeypatch.setattr(Database, "_in_transaction", failing)


def aged(api: Api, seconds: float, **values: Any) -> None:
    """Have every kept answer be older, or have other values."""
    older = update(repeats).values(created_at=time.time() - seconds, **values)
    api.host.database.wait(lambda connection: connection.execute(older))


def test_what_was_changed_since_is_changed_anew(api: Api, id_: str) -> None:
    """A, B, A within a minute sends three; A at once again is the first answer, and says so in the body."""
    mine = api.by("direct")
    for state in ("A", "B", "A"):
        status, answer = put(mine, id_, state)
        assert status == 200
        assert "replayed" not in answer["execution_metadata"]
        assert name_of(mine, id_) == f"Summer {state}"
    status, answer = put(mine, id_, "A")
    assert answer["execution_metadata"]["replayed"] is True
    assert "nothing was sent now" in answer["result"]["text"]
    assert len(audit(mine, id_)) == 6


def test_an_unknown_outcome_is_never_carried_out_by_itself(api: Api, id_: str) -> None:
    """One that never ended: 409 while it may run, then 502, for as long; with a key of its own it is done."""
    mine = api.by("direct")
    assert put(mine, id_)[0] == 200
    aged(api, 1, status=None, answer=None)
    status, answer = put(mine, id_)
    assert (status, answer["errors"][0]["error_code"]) == (409, "under_way")
    for _ in range(2):
        aged(api, LONGEST_CALL + 1)
        status, answer = put(mine, id_)
        assert (status, answer["errors"][0]["error_code"]) == (502, "outcome_unknown")
    assert "Idempotency-Key" in answer["message"]
    assert len(audit(mine, id_)) == 2
    assert put(mine, id_, **{"Idempotency-Key": str(uuid4())})[0] == 200


@pytest.mark.slow
def test_a_database_that_fails_after_the_send_hides_nothing(
    api: Api, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A direct write and an applied plan are told as done, with a warning; asked again nothing is sent."""
    mine, key = api.by("direct"), {"Idempotency-Key": str(uuid4())}
    with monkeypatch.context() as broken:
        down_after(broken, 1)
        status, answer = put(mine, id_, "direct", **key)
    assert (status, answer["result"]["status"]) == (200, "done"), answer
    assert answer["execution_metadata"]["warnings"]
    status, answer = put(mine, id_, "direct", **key)
    assert (status, answer["execution_metadata"].get("replayed")) == (200, True), answer
    planned = put(api, id_, "planned")[1]["errors"][0]["details"]["apply"]
    undo = api("POST", planned)[1]["result"]["undo"]
    path = planned.rpartition("/plans/")[0] + f"/plans/{undo}/apply"
    with monkeypatch.context() as broken:
        down_after(broken, 1)
        status, answer = api("POST", path)
    assert "nothing is changed" not in answer["result"]["text"].partition("undo:")[0]
    assert (status, answer["result"]["status"]) == (200, "applied"), answer


def test_a_database_that_fails_before_the_send_lets_it_come_again(
    api: Api, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503, and under the same key it is carried out once the database is there again."""
    mine, key = api.by("direct"), {"Idempotency-Key": str(uuid4())}
    with monkeypatch.context() as broken:
        down_after(broken, 0)
        status, answer = put(mine, id_, **key)
    assert (status, answer["errors"][0]["error_code"]) == (503, "no_record")
    status, answer = put(mine, id_, **key)
    assert (status, "replayed" in answer["execution_metadata"]) == (200, False)


def test_a_plan_that_waits_no_longer_is_told_so(api: Api, id_: str) -> None:
    """Under a key the first answer says what became of its plan; without one a new plan is made."""
    key = {"Idempotency-Key": str(uuid4())}
    first, other = (put(api, id_, "A", **more)[1]["errors"][0] for more in (key, {}))
    assert put(api, id_, "A", **key)[1]["errors"][0]["details"]["replayed"] is True
    assert put(api, id_, "A")[1]["errors"][0]["details"]["plan_id"] == other["details"]["plan_id"]
    assert api("POST", first["details"]["apply"])[0] == 200
    status, answer = put(api, id_, "A", **key)
    found = answer["errors"][0]
    assert (status, found["error_code"], found["details"]["plan_state"]) == (409, "plan_settled", "applied")
    assert "replayed" not in str(put(api, id_, "A")[1])


def test_what_has_changed_since_a_plan_is_told(api: Api, id_: str) -> None:
    """409 with why it was not applied, and how the account differs, beside the fresh plan."""
    first = put(api, id_, "A")[1]["errors"][0]["details"]
    put(api.by("direct"), id_, "other")
    status, answer = api("POST", first["apply"])
    details = answer["errors"][0]["details"]
    assert (status, answer["message"].partition(":")[0]) == (409, "NOT APPLIED")
    assert "nothing was changed yet" not in answer["message"]
    assert "Summer other" in answer["message"]
    assert "Summer other" in details["drift"][0]
    assert details["plan_id"] != first["plan_id"]


def test_a_plan_that_another_applies_is_under_way(api: Api, id_: str) -> None:
    """409 with when to ask again, and nothing of the plan is lost by it."""
    first = put(api, id_, "A")[1]["errors"][0]["details"]
    there = api("GET", f"{PATH}/{id_}/inspect")[1]["workspace_id"]
    made = asyncio.run(api.host.desks.made(CALLERS["one"], there))
    with made.desk.plans.claim(first["plan_id"]):
        status, answer = api("POST", first["apply"])
    assert (status, answer["errors"][0]["error_code"]) == (409, "under_way")
    assert int(api.answer.headers["Retry-After"]) > 0
    assert api("POST", first["apply"])[0] == 200


def test_what_never_ended_is_noted_in_the_log(api: Api, id_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of what was sent and has no outcome after the longest call says so; others do not."""
    mine = api.by("direct")
    assert put(mine, id_, "known")[0] == 200
    with monkeypatch.context() as broken:
        down_after(broken, 1)
        put(mine, id_, "lost")
    assert not any("note" in line for line in audit(mine, id_))
    monkeypatch.setattr("mcp_ads.host.records.lines.LONGEST_CALL", -1.0)
    assert ["note" in line for line in audit(mine, id_)] == [True, False, False]
