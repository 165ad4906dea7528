"""`ads delivery_issues.list`: what keeps objects of any account from delivering, in the platform's words."""

from __future__ import annotations

import pytest
from engine_client import AMAZON, FACEBOOK, US, EngineClient

pytestmark = pytest.mark.anyio
DECLINED = "1202130000000033901"


async def test_disapproved_ads_everywhere(looking: EngineClient) -> None:
    """One call: each with its account, the entity that changes it, and why; since when where it is told."""
    answer = await looking.table("ads", "delivery_issues", "list", status="rejected", level="ads")
    assert {row["status"] for row in answer.rows} == {"disapproved"}
    objects = {row["object"] for row in answer.rows}
    assert objects == {"facebook_marketing.ads", "linkedin_ads.creatives"}
    mine = next(row for row in answer.rows if row["id"] == DECLINED)
    assert (mine["account"], mine["since"][:10]) == (US, "2026-11-18")
    assert mine["reason"].startswith("Misleading claims")
    assert all(row["reason"] for row in answer.rows)
    assert "LinkedIn: since when is not told" in answer.meta["hidden"]


async def test_the_most_urgent_come_first(looking: EngineClient) -> None:
    """Refused before out of budget, before what only waits."""
    answer = await looking.table("ads", "delivery_issues", "list", limit=1000, fields="status,platform")
    found = [row["status"] for row in answer.rows]
    assert found == sorted(found, key=["disapproved", "out_of_budget", "limited", "stuck", "in_review"].index)


async def test_as_the_platforms_say_themselves(looking: EngineClient) -> None:
    """What Facebook's own delivery_issues lists is there, each with its reason."""
    own = await looking.do(FACEBOOK, "delivery_issues", "list", account_id=US, limit=1000)
    answer = await looking.table("ads", "delivery_issues", "list", where="platform = 'facebook'", limit=1000)
    assert {row["id"] for row in answer.rows} >= {str(row["id"]) for row in own.data}


async def test_one_token_that_is_dead(engine_client: EngineClient) -> None:
    """What its platform has is said to be missing, and the others are whole."""
    engine_client.fault("revoked-token", platform=AMAZON, times=0)
    answer = await engine_client.table("ads", "delivery_issues", "list", level="ad")
    assert {row["platform"] for row in answer.rows} == {"facebook", "linkedin"}
    assert "amazon" in answer.meta["coverage"]
