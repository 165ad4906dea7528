"""Applying: in another process, once, against what was agreed to, in parts when time runs out."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from engine_client import US, EngineClient
from planning import (
    CREATIVE,
    NEW,
    NEW_SET,
    SPRING,
    STRIPES,
    SURF,
    applied,
    check_in,
    planned,
    until,
    value_of,
    writes,
)

from mcp_ads.core import Progress
from mcp_ads.engine.applying import carry_out as applying
from mcp_ads.engine.applying import send as sending
from mcp_ads.engine.overview import page
from mcp_ads.engine.session.session import Session
from mcp_ads.errors import NoRecord, StalePlan, UnknownPlan

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]


async def test_made_here_applied_there(engine_client_with: EngineClients) -> None:
    """A plan lives on disk: another workspace applies it; what it answers says what was done."""
    plan_id = await planned(
        engine_client_with(), "campaigns", "update", campaign_id=SPRING, daily_budget="60 USD"
    )
    other = engine_client_with()
    result = await applied(other, plan_id)
    assert result.text.split("\n")[1] == "APPLIED: 1 of 1 done"
    assert "read back: daily_budget 60.00 USD" in result.text
    assert await value_of(other, "daily_budget") == "6000"


async def test_applied_again_sends_nothing(engine_client: EngineClient) -> None:
    """A second ads_apply answers with what was done."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    first = await applied(engine_client, plan_id)
    again = await applied(engine_client, plan_id)
    assert "This plan was carried out before; nothing was sent now." in again.text
    assert again.text.split("undo: ")[1] == first.text.split("undo: ")[1]
    assert len(writes(engine_client)) == 2


async def test_two_at_once(engine_client_with: EngineClients) -> None:
    """Of two that apply a plan at the same moment one is turned away, and everything is done once."""
    one, other = engine_client_with(), engine_client_with()
    plan_id = await planned(one, "campaigns", "pause", campaign_id=[SPRING, SURF])
    one.fault("slow", seconds=0.2, method="POST")
    found = await asyncio.gather(applied(one, plan_id), applied(other, plan_id), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in found) == ["Result", "StalePlan"]
    assert len(writes(one)) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"daily_budget": "55 USD"}, "daily_budget was 50.00 USD, is 55.00 USD"),
        ({"status": "PAUSED"}, "status was ACTIVE, is PAUSED"),
        ({"name": "Renamed\nSale"}, 'name was "Spring Sale", is "Renamed Sale"'),
    ],
)
async def test_what_changed_meanwhile(engine_client: EngineClient, change: dict[str, str], said: str) -> None:
    """Then nothing is sent: the answer is the difference and a fresh plan of the same intention."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="+20%")
    await applied(
        engine_client, await planned(engine_client, "campaigns", "update", campaign_id=SPRING, **change)
    )
    before = writes(engine_client)
    result = await applied(engine_client, plan_id)
    assert "NOT APPLIED: the account has changed" in result.text
    assert said in "\n".join(result.data["drift"])
    assert writes(engine_client) == before
    assert "APPLIED: 1 of 1" in (await applied(engine_client, result.data["plan_id"])).text
    with pytest.raises(UnknownPlan, match="took its place"):
        await applied(engine_client, plan_id)


async def test_what_somebody_else_did_already(engine_client: EngineClient) -> None:
    """When nothing is left to change there is no fresh plan."""
    first, second = [await planned(engine_client, "campaigns", "pause", campaign_id=SPRING) for _ in range(2)]
    await applied(engine_client, first)
    result = await applied(engine_client, second)
    assert "Nothing to change" in result.text
    assert result.data["steps"] == []


async def test_what_is_gone(engine_client: EngineClient) -> None:
    """An object deleted meanwhile: nothing is sent, and the reason is said."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="60 USD")
    await applied(engine_client, await planned(engine_client, "campaigns", "delete", campaign_id=SPRING))
    with pytest.raises(StalePlan, match="it is DELETED"):
        await applied(engine_client, plan_id)
    assert len(writes(engine_client)) == 1


async def test_delivery_does_not_make_a_plan_stale(engine_client: EngineClient) -> None:
    """What moves by itself (updated_time, effective_status) is not compared."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, name="New name")
    campaign = engine_client.store.get("facebook.campaign", SPRING)
    assert campaign
    moved = {"updated_time": "2026-01-01T00:00:00+0000", "issues_info": [{"level": "CAMPAIGN"}]}
    engine_client.store.put("facebook.campaign", SPRING, {**campaign, **moved})
    assert "APPLIED" in (await applied(engine_client, plan_id)).text


@pytest.mark.parametrize("field", ["body", "url", "method"])
async def test_another_request_is_refused(engine_client: EngineClient, field: str) -> None:
    """What is sent is derived again and has to be what the person agreed to."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="60 USD")
    (path,) = (engine_client.home / "plans").glob("*.json")
    kept = json.loads(path.read_text())
    kept["steps"][0]["requests"][0][field] += "0"
    path.write_text(json.dumps(kept))
    with pytest.raises(StalePlan, match="another request than the plan says"):
        await applied(engine_client, plan_id)
    assert writes(engine_client) == []


async def test_another_connection_is_refused(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan made against the sandbox is not applied to real accounts."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    monkeypatch.setattr(Session, "connection", property(lambda _: "elsewhere"))
    with pytest.raises(StalePlan, match="another connection"):
        await applied(engine_client, plan_id)


async def test_the_first_failure_stops(engine_client: EngineClient) -> None:
    """What was done is said, with what was not and why; nothing after the failure is sent, now or later."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    plan_id = await planned(
        engine_client, "campaigns", "update", campaign_id=SURF, name="A", append_to=plan_id
    )
    last = {"campaign_id": "1202110000000000337", "append_to": plan_id}
    plan_id = await planned(engine_client, "campaigns", "pause", **last)
    engine_client.fault("revoked-token", method="POST", path=SURF)
    result = await applied(engine_client, plan_id)
    assert "PARTIAL: 1 of 3 done; do not repeat these" in result.text
    assert [step["state"] for step in result.data["steps"]] == ["done", "failed", "ready"]
    assert [(error["index"], error["code"]) for error in result.errors] == [(1, "AuthError")]
    assert "undo: ads_apply(activate-campaign-" in result.text
    left = "next: nothing more of this plan is sent; plan anew 2 (put right as its error says), 3 (not sent)"
    assert result.text.splitlines().count(left) == 1
    assert left in await page(engine_client.workspace, {"query": plan_id})
    await applied(engine_client, plan_id)
    assert writes(engine_client) == [f"update campaign {SPRING}"]


async def test_what_builds_on_a_failure_is_not_sent(engine_client: EngineClient) -> None:
    """A step that needs an id nobody made never reaches the platform."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=STRIPES, name="A")
    plan_id = await planned(
        engine_client, "campaigns", "create", **NEW, daily_budget="50 USD", append_to=plan_id
    )
    plan_id = await planned(
        engine_client, "ad_sets", "create", **NEW_SET, campaign_id="@2.id", append_to=plan_id
    )
    engine_client.fault("revoked-token", method="POST", path="/campaigns$")
    result = await applied(engine_client, plan_id)
    assert "PARTIAL: 1 of 3 done" in result.text
    assert "not sent: create ad set" in result.text
    assert "as its error says), 3 (not sent); references among these count the new" in result.text
    assert writes(engine_client) == [f"update campaign {STRIPES}"]


async def test_an_answer_without_an_id_is_unknown(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A create whose id nobody said is not built upon."""
    plan_id = await planned(engine_client, "campaigns", "create", **NEW, daily_budget="50 USD")
    plan_id = await planned(
        engine_client, "ad_sets", "create", **NEW_SET, campaign_id="@1.id", append_to=plan_id
    )
    monkeypatch.setattr(sending, "names_new", lambda *_: "")
    result = await applied(engine_client, plan_id)
    assert "UNKNOWN: 0 of 2 done" in result.text
    assert "did not say the new id" in result.text
    assert len(writes(engine_client)) == 1


@pytest.mark.usefixtures("one_by_one")
async def test_time_runs_out(engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """After 45 s the answer is how far it got; calling again goes on, and everything is done once."""
    ids = [SPRING, SURF, "1202110000000000337"]
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=ids)
    with monkeypatch.context() as hurried:
        hurried.setattr(applying, "RESERVE", 60.0)
        for done in (1, 2):
            result = await applied(engine_client, plan_id)
            assert f"IN PROGRESS: {done} of 3 done; call ads_apply with the same plan_id again" in result.text
            assert "undo:" not in result.text
    assert "APPLIED: 3 of 3 done" in (await applied(engine_client, plan_id)).text
    assert writes(engine_client) == [f"update campaign {id_}" for id_ in ids]


@pytest.mark.usefixtures("one_by_one")
async def test_the_approval_ends_in_the_middle(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left of an expired plan is not sent, and what was done is said."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    with monkeypatch.context() as hurried:
        hurried.setattr(applying, "RESERVE", 60.0)
        await applied(engine_client, plan_id)
    later = time.time() + 24 * 3600 + 1
    with monkeypatch.context() as waited:
        waited.setattr("mcp_ads.engine.records.plan_store.time.time", lambda: later)
        assert "PARTIAL: 1 of 2 done" in (await applied(engine_client, plan_id)).text
    assert writes(engine_client) == [f"update campaign {SPRING}"]


async def test_an_unknown_step_is_told_after_any_time(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan lost with its first request does not pass for one that changed nothing once it has expired."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    with engine_client.workspace.plans.claim(plan_id) as plan:
        plan.steps[0].state = "sending"
        engine_client.workspace.plans.journal(plan, 0)
    later = time.time() + 24 * 3600 + 1
    monkeypatch.setattr("mcp_ads.engine.records.plan_store.time.time", lambda: later)
    assert "UNKNOWN: 0 of 2 done" in (await applied(engine_client, plan_id)).text
    assert writes(engine_client) == []


async def test_the_rest_is_planned_anew(engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the account changes half way, the fresh plan has what is left, with the ids that were made."""
    plan_id = await planned(engine_client, "campaigns", "create", **NEW, daily_budget="50 USD")
    plan_id = await planned(
        engine_client, "campaigns", "update", campaign_id=STRIPES, name="A", append_to=plan_id
    )
    plan_id = await planned(
        engine_client, "ad_sets", "create", **NEW_SET, campaign_id="@1.id", append_to=plan_id
    )
    ad: dict[str, Any] = {
        "account_id": US,
        "name": "Ad",
        "adset_id": "@3.id",
        "creative": {"creative_id": CREATIVE},
    }
    plan_id = await planned(engine_client, "ads", "create", **ad, append_to=plan_id)
    with monkeypatch.context() as hurried:
        hurried.setattr(applying, "RESERVE", 60.0)
        await applied(engine_client, plan_id)
    campaign = engine_client.store.get("facebook.campaign", STRIPES)
    assert campaign
    engine_client.store.put("facebook.campaign", STRIPES, {**campaign, "name": "B"})
    result = await applied(engine_client, plan_id)
    assert "1 of 4 steps were done before; do not repeat these" in result.text
    assert "APPLIED: 3 of 3" in (await applied(engine_client, result.data["plan_id"])).text
    assert [write.partition(" 1")[0] for write in writes(engine_client)] == [
        "create campaign", "update campaign", "create adset", "create ad",
    ]  # fmt: skip


async def test_progress_is_reported(engine_client: EngineClient) -> None:
    """Once per request; a client that is gone stops nothing."""
    seen: list[Progress] = []

    async def report(progress: Progress) -> None:
        seen.append(progress)
        raise ConnectionError

    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    result = await engine_client.workspace.apply(plan_id, report)
    assert [(progress.done, progress.total) for progress in seen] == [(2, 2)]
    assert "APPLIED" in result.text


@pytest.mark.slow
@pytest.mark.usefixtures("one_by_one")
async def test_cancelled_in_the_middle(engine_client: EngineClient) -> None:
    """A write under way when the call is cancelled is done and written down; no later one begins."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    engine_client.fault("slow", seconds=0.3, method="POST", path=SPRING)
    call = asyncio.create_task(applied(engine_client, plan_id))
    await until(lambda: any(request.startswith("POST") for request in engine_client.sent()))
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert [step.state for step in engine_client.workspace.plans.get(plan_id).steps] == ["done", "ready"]
    assert writes(engine_client) == [f"update campaign {SPRING}"]
    assert "APPLIED: 2 of 2 done" in (await applied(engine_client, plan_id)).text
    assert writes(engine_client) == [f"update campaign {campaign_id}" for campaign_id in (SPRING, SURF)]


async def test_a_lost_answer_is_not_asked_for_twice(engine_client: EngineClient) -> None:
    """A write whose answer was lost is unknown, is said to be, and is not sent again."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    engine_client.fault("500", method="POST", path=SURF)
    result = await applied(engine_client, plan_id)
    assert "UNKNOWN: 1 of 2 done" in result.text
    assert "reading it now: the change is not in effect; a change may still be on its way" in result.text
    assert (await engine_client.do(*check_in(result.text)[:3], **check_in(result.text)[3])).data[
        "status"
    ] == "ACTIVE"
    assert writes(engine_client) == [f"update campaign {SPRING}"]


async def test_a_plan_that_cannot_be_journalled_is_not_sent(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing leaves without a trace on disk; the plan stays open."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)

    def full(*_: object) -> None:
        raise NoRecord("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(engine_client.workspace.plans, "journal", full)
        with pytest.raises(NoRecord):
            await applied(engine_client, plan_id)
    assert writes(engine_client) == []
    assert "APPLIED" in (await applied(engine_client, plan_id)).text
