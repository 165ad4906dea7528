"""The undo of many changes: whole or not offered yet, its reads made together, inside the call's time."""

from __future__ import annotations

import time
from typing import Any

import pytest
from between import between, nothing
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient, mend
from planning import SPRING, SURF, applied, planned, undo_of, value_of

from mcp_ads.engine.answers.outcome_text import HEADS

pytestmark = pytest.mark.anyio
MANY = 100
LISTS: dict[str, tuple[str, dict[str, Any], str]] = {
    FACEBOOK: ("ad_sets", {"account_id": US}, "adset_id"),
    LINKEDIN: ("campaigns", {"account_id": LINKEDIN_US}, "campaign_id"),
    AMAZON: ("sponsored_product_ad_groups", {"account_id": PROFILE}, "ad_group_id"),
}


async def changed(
    engine_client: EngineClient, connector: str, count: int, seconds: float
) -> tuple[str, float, int]:
    """The last answer of a plan that renames or rebids many; seconds of its last call, and of all of it."""
    entity, account, subject = LISTS[connector]
    own = "adGroupId" if connector == AMAZON else "id"
    states = {"status": ["ACTIVE", "PAUSED"]} if connector == LINKEDIN else {}
    listed = await engine_client.do(connector, entity, "list", **account, **states, limit=count, fields=[own])
    ids = [next(iter(row.values())) for row in listed.data]
    change = {"default_bid": "1.23 USD"} if connector == AMAZON else {"name": "Changed"}
    params = {**(account if connector != FACEBOOK else {}), subject: ids, **change}
    plan_id = await planned(engine_client, entity, "update", connector, **params)
    await engine_client.workspace.close()
    engine_client.workspace._sessions.clear()
    between(engine_client, nothing, seconds)
    while True:
        began = time.monotonic()
        result = await applied(engine_client, plan_id)
        if HEADS["applying"] not in result.text:
            return result.text, time.monotonic() - began, len(ids)


@pytest.mark.slow
@pytest.mark.parametrize("connector", [FACEBOOK, AMAZON])
async def test_it_is_whole(engine_client: EngineClient, connector: str) -> None:
    """Every change of a large plan is taken back by its undo."""
    text, _, count = await changed(engine_client, connector, 40, 0.0)
    undo = engine_client.workspace.plans.get(text.split("undo: ads_apply(")[1].split(")")[0])
    assert len(undo.steps) == count == 40
    assert "APPLIED: 40 of 40" in (await applied(engine_client, undo.plan_id)).text


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("connector", [FACEBOOK, LINKEDIN, AMAZON])
async def test_it_is_in_time_where_every_answer_is_slow(engine_client: EngineClient, connector: str) -> None:
    """A hundred changes at 400 ms a request: the call that ends them has the whole undo, inside 45 s."""
    text, seconds, count = await changed(engine_client, connector, MANY, 0.4)
    undo = engine_client.workspace.plans.get(text.split("undo: ads_apply(")[1].split(")")[0])
    assert len(undo.steps) == count
    assert seconds < 45


@pytest.mark.parametrize("connector", [FACEBOOK, LINKEDIN, AMAZON])
async def test_reads_are_made_together(engine_client: EngineClient, connector: str) -> None:
    """Twenty changes are checked, read back and drafted for their undo in a few requests, and sent in one."""
    entity, account, subject = LISTS[connector]
    own = "adGroupId" if connector == AMAZON else "id"
    listed = await engine_client.do(connector, entity, "list", **account, limit=20, fields=[own])
    ids = [next(iter(row.values())) for row in listed.data]
    change = {"default_bid": "1.23 USD"} if connector == AMAZON else {"name": "Changed"}
    given = {**(account if connector != FACEBOOK else {}), **change}
    before = len(engine_client.sent())
    plan_id = await planned(engine_client, entity, "update", connector, **{subject: ids}, **given)
    assert len(engine_client.sent()) - before <= 6
    before = len(engine_client.sent())
    await applied(engine_client, plan_id)
    assert len(engine_client.sent()) - before <= 12


async def test_an_undo_is_never_partial_in_silence(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the platform fails while it is made, that is said, and asking again makes the whole of it."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=[SPRING, SURF], name="Both")
    engine_client.fault("503", method="GET", path=SURF, skip=2, times=9)
    monkeypatch.setattr("mcp_ads.engine.wire.transport.FIRST_BACKOFF", 0.01)
    first = await applied(engine_client, plan_id)
    assert "APPLIED: 2 of 2 done" in first.text
    assert "undo: not made yet" in first.text
    assert "call ads_apply with the same plan_id again for the undo" in first.text
    mend(engine_client.store)
    again = await applied(engine_client, plan_id)
    await applied(engine_client, undo_of(again))
    assert await value_of(engine_client, "name") == "Spring Sale"
