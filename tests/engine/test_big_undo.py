"""The undo of many changes: whole or not offered yet, its reads eight at a time, inside the call's time."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import pytest
from between import between, nothing
from desk import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, Desk
from hands import SPRING, SURF, applied, planned, undo_of, value_of

from mcp_ads.engine.answers.plan_text import HEADS

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


def at_once(desk: Desk) -> list[tuple[str, int]]:
    """Of each request its method, and how many were under way with it."""
    honest, seen = desk.workspace._sandbox_transport, list[tuple[str, int]]()
    under_way = 0

    class Counting(httpx.AsyncBaseTransport):
        """Counts, and takes a moment."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal under_way
            under_way += 1
            seen.append((request.method, under_way))
            await asyncio.sleep(0.01)
            try:
                return await honest.handle_async_request(request)
            finally:
                under_way -= 1

    desk.workspace._sandbox = Counting  # type: ignore[method-assign,assignment]
    return seen


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


async def test_reads_are_made_together(desk: Desk) -> None:
    """After the last change and its read-back, sixteen undo steps are drafted eight reads at a time."""
    entity, account, subject = LISTS[FACEBOOK]
    listed = await desk.do(FACEBOOK, entity, "list", **account, limit=16, fields=["id"])
    ids = [row["id"] for row in listed.data]
    plan_id = await planned(desk, entity, "update", FACEBOOK, **{subject: ids, "name": "Changed"})
    await desk.workspace.close()
    desk.workspace._sessions.clear()
    seen = at_once(desk)
    await applied(desk, plan_id)
    last = max(n for n, (method, _) in enumerate(seen) if method == "POST")
    assert max(at_once for _, at_once in seen[last:]) == 8
    assert {method for method, _ in seen[last + 1 :]} == {"GET"}


async def test_an_undo_is_never_partial_in_silence(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the platform fails while it is made, that is said, and asking again makes the whole of it."""
    plan_id = await planned(desk, "campaigns", "update", campaign_id=[SPRING, SURF], name="Both")
    desk.fault("503", method="GET", path=SURF, skip=2, times=4)
    monkeypatch.setattr("mcp_ads.engine.wire.transport.FIRST_BACKOFF", 0.01)
    first = await applied(desk, plan_id)
    assert "APPLIED: 2 of 2 done" in first.text
    assert "undo: not made yet" in first.text
    assert "call ads_apply with the same plan_id again for the undo" in first.text
    again = await applied(desk, plan_id)
    await applied(desk, undo_of(again))
    assert await value_of(desk, "name") == "Spring Sale"
