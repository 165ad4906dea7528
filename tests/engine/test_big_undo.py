"""The undo of many changes: whole or not offered yet, its reads made together, inside the call's time."""

from __future__ import annotations

import time
from typing import Any

import pytest
from between import between, nothing
from desk import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, Desk, mend
from hands import SPRING, SURF, applied, planned, undo_of, value_of

from mcp_ads.engine.answers.outcome_text import HEADS

pytestmark = pytest.mark.anyio
MANY = 100
LISTS: dict[str, tuple[str, dict[str, Any], str]] = {
    FACEBOOK: ("ad_sets", {"account_id": US}, "adset_id"),
    LINKEDIN: ("campaigns", {"account_id": LINKEDIN_US}, "campaign_id"),
    AMAZON: ("sponsored_product_ad_groups", {"account_id": PROFILE}, "ad_group_id"),
}


async def changed(desk: Desk, connector: str, count: int, seconds: float) -> tuple[str, float, int]:
    """The last answer of a plan that renames or rebids many; seconds of its last call, and of all of it."""
    entity, account, subject = LISTS[connector]
    own = "adGroupId" if connector == AMAZON else "id"
    states = {"status": ["ACTIVE", "PAUSED"]} if connector == LINKEDIN else {}
    listed = await desk.do(connector, entity, "list", **account, **states, limit=count, fields=[own])
    ids = [next(iter(row.values())) for row in listed.data]
    change = {"default_bid": "1.23 USD"} if connector == AMAZON else {"name": "Changed"}
    params = {**(account if connector != FACEBOOK else {}), subject: ids, **change}
    plan_id = await planned(desk, entity, "update", connector, **params)
    await desk.workspace.close()
    desk.workspace._sessions.clear()
    between(desk, nothing, seconds)
    while True:
        began = time.monotonic()
        result = await applied(desk, plan_id)
        if HEADS["applying"] not in result.text:
            return result.text, time.monotonic() - began, len(ids)


@pytest.mark.parametrize("connector", [FACEBOOK, AMAZON])
async def test_it_is_whole(desk: Desk, connector: str) -> None:
    """Every change of a large plan is taken back by its undo."""
    text, _, count = await changed(desk, connector, 40, 0.0)
    undo = desk.workspace.plans.get(text.split("undo: ads_apply(")[1].split(")")[0])
    assert len(undo.steps) == count == 40
    assert "APPLIED: 40 of 40" in (await applied(desk, undo.plan_id)).text


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("connector", [FACEBOOK, LINKEDIN, AMAZON])
async def test_it_is_in_time_where_every_answer_is_slow(desk: Desk, connector: str) -> None:
    """A hundred changes at 400 ms a request: the call that ends them has the whole undo, inside 45 s."""
    text, seconds, count = await changed(desk, connector, MANY, 0.4)
    undo = desk.workspace.plans.get(text.split("undo: ads_apply(")[1].split(")")[0])
    assert len(undo.steps) == count
    assert seconds < 45


@pytest.mark.parametrize("connector", [FACEBOOK, LINKEDIN, AMAZON])
async def test_reads_are_made_together(desk: Desk, connector: str) -> None:
    """Twenty changes are checked, read back and drafted for their undo in a few requests, and sent in one."""
    entity, account, subject = LISTS[connector]
    own = "adGroupId" if connector == AMAZON else "id"
    listed = await desk.do(connector, entity, "list", **account, limit=20, fields=[own])
    ids = [next(iter(row.values())) for row in listed.data]
    change = {"default_bid": "1.23 USD"} if connector == AMAZON else {"name": "Changed"}
    given = {**(account if connector != FACEBOOK else {}), **change}
    before = len(desk.sent())
    plan_id = await planned(desk, entity, "update", connector, **{subject: ids}, **given)
    assert len(desk.sent()) - before <= 6
    before = len(desk.sent())
    await applied(desk, plan_id)
    assert len(desk.sent()) - before <= 12


async def test_an_undo_is_never_partial_in_silence(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the platform fails while it is made, that is said, and asking again makes the whole of it."""
    plan_id = await planned(desk, "campaigns", "update", campaign_id=[SPRING, SURF], name="Both")
    desk.fault("503", method="GET", path=SURF, skip=2, times=9)
    monkeypatch.setattr("mcp_ads.engine.wire.transport.FIRST_BACKOFF", 0.01)
    first = await applied(desk, plan_id)
    assert "APPLIED: 2 of 2 done" in first.text
    assert "undo: not made yet" in first.text
    assert "call ads_apply with the same plan_id again for the undo" in first.text
    mend(desk.store)
    again = await applied(desk, plan_id)
    await applied(desk, undo_of(again))
    assert await value_of(desk, "name") == "Spring Sale"
