"""`ads delivery_issues.list`: what keeps objects of any account from delivering, in the platform's words."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, PROFILE, US, EngineClient

pytestmark = pytest.mark.anyio
DECLINED = "1202130000000033901"


@pytest.mark.slow
async def test_disapproved_ads_everywhere(looking: EngineClient) -> None:
    """One call: each with its account, the entity that changes it, and why; since when where it is told."""
    answer = await looking.table("ads", "delivery_issues", "list", status="rejected", level="ads")
    assert {row["status"] for row in answer.rows} == {"disapproved"}
    objects = {row["object"] for row in answer.rows}
    assert objects == {"facebook_marketing.ads", "linkedin_ads.creatives"}
    mine = next(row for row in answer.rows if row["id"] == DECLINED)
    ad = (await looking.do(FACEBOOK, "ads", "get", ad_id=DECLINED)).data
    assert (mine["account"], mine["since"]) == (US, ad["updated_time"])
    assert mine["reason"].startswith("Misleading claims")
    assert all(row["reason"] for row in answer.rows)
    assert "REJECTED: IMAGE_QUALITY" in {
        row["reason"] for row in answer.rows if row["platform"] == "linkedin"
    }
    assert "LinkedIn: since when is not told" in answer.meta["hidden"]


@pytest.mark.slow
async def test_the_most_urgent_come_first(looking: EngineClient) -> None:
    """Refused before out of budget, before what only waits."""
    answer = await looking.table("ads", "delivery_issues", "list", limit=1000, fields="status,platform")
    found = [row["status"] for row in answer.rows]
    assert found == sorted(found, key=["disapproved", "out_of_budget", "limited", "stuck", "in_review"].index)


@pytest.mark.slow
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


@pytest.mark.slow
async def test_one_list_that_fails_of_an_account(engine_client: EngineClient) -> None:
    """It is named, and what the account's other lists told is shown: also where it is the only account."""
    whole = await engine_client.table("ads", "delivery_issues", "list", accounts=f"facebook:{US}")
    engine_client.fault("500", platform=FACEBOOK, path=f"act_{US}/adsets", times=0)
    answer = await engine_client.table("ads", "delivery_issues", "list", accounts=f"facebook:{US}")
    assert {row["id"] for row in answer.rows} <= {row["id"] for row in whole.rows}
    assert DECLINED in {row["id"] for row in answer.rows}
    coverage = answer.meta["coverage"]
    assert coverage.startswith(f"1 of 1; read in part: {US} delivery_issues: adsets could not be read")
    assert coverage.endswith(f"; {US} ad_sets: the platform did not answer")
    short = await engine_client.table("ads", "delivery_issues", "list", accounts=f"facebook:{US}", limit=1)
    looks = [
        {"from": short.meta["result"]},
        {"accounts": f"facebook:{US}", "limit": 1, "cursor": short.meta["cursor"]},
    ]
    for look in looks:
        again = await engine_client.table("ads", "delivery_issues", "list", **look)
        assert again.text.startswith("PARTIAL: not everything was read")
    everywhere = await engine_client.table("ads", "delivery_issues", "list")
    assert f"read in part: facebook:{US} delivery_issues: " in everywhere.meta["coverage"]
    assert f"; facebook:{US} ad_sets: " in everywhere.meta["coverage"]
    assert "not read" not in everywhere.meta["coverage"]


async def test_an_amazon_campaign_whose_budget_is_spent(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told once, by the campaign: its ad groups and ads only say the same after it."""

    def spent(_store: Any, _profile: Any, found: dict[str, Any]) -> str:
        return "CAMPAIGN_OUT_OF_BUDGET" if found.get("campaignId") == "120000000000001" else "ENABLED"

    monkeypatch.setattr("mcp_ads.sandbox.amazon_ads.lists.serving_status", spent)
    answer = await engine_client.table("ads", "delivery_issues", "list", accounts=f"amazon:{PROFILE}")
    [row] = answer.rows
    assert (row["id"], row["status"], row["reason"]) == (
        "120000000000001", "out_of_budget", "CAMPAIGN_OUT_OF_BUDGET",
    )  # fmt: skip
    assert row["object"] == "amazon_ads.sponsored_product_campaigns"


@pytest.mark.slow
async def test_what_amazon_reviews_is_an_issue(engine_client: EngineClient) -> None:
    """An ad, or a creative's ad group, that is on and was refused or not looked at; and where it says why."""
    look = {"accounts": f"amazon:{PROFILE}", "limit": 100}
    assert not (await engine_client.table("ads", "delivery_issues", "list", **look)).rows
    store, words = engine_client.store, {}
    for ad, word in zip(
        store.all("amazon.sb.ads"), ("PENDING_MODERATION_REVIEW", "REJECTED_BY_MODERATION"), strict=False
    ):
        store.put(
            "amazon.sb.ads",
            ad["adId"],
            {**ad, "state": "ENABLED", "creative": {**ad["creative"], "creativeStatus": word}},
        )
        words[ad["adId"]] = f"creative {word}"
    for product in ("sd", "st"):
        made = next(row for row in store.all(f"amazon.{product}.creatives") if row["_profile"] == PROFILE)
        store.put(
            f"amazon.{product}.creatives", str(made["creativeId"]), {**made, "moderationStatus": "REJECTED"}
        )
        group = store.get(f"amazon.{product}.adGroups", str(made["adGroupId"])) or {}
        store.put(
            f"amazon.{product}.adGroups",
            str(made["adGroupId"]),
            {**group, "state": "ENABLED" if product == "st" else "enabled"},
        )
        words[str(made["adGroupId"])] = f"creative {made['creativeId']} REJECTED"
    answer = await engine_client.table("ads", "delivery_issues", "list", **look)
    rows = [row for row in answer.rows if row["reason"].startswith("creative ")]
    assert {row["id"]: row["reason"] for row in rows} == words
    assert [row["status"] for row in rows] == [*["disapproved"] * 3, "in_review"]
    assert "moderation_results.list by ad_id" in answer.meta["hidden"]
    assert all(row["name"] for row in rows)


async def test_a_facebook_campaign_whose_budget_is_spent(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left of a budget of its own; one that spends its ad sets' has none and is no issue."""
    all_of_it = "mcp_ads.sandbox.facebook_marketing.delivery.computed.spent"
    monkeypatch.setattr(all_of_it, lambda *_, **__: 10**9)
    answer = await engine_client.table(
        "ads", "delivery_issues", "list",
        accounts=f"facebook:{US}", status="out_of_budget", level="campaign", limit=1000,
    )  # fmt: skip
    own = await engine_client.do(
        FACEBOOK, "campaigns", "list", account_id=US, effective_status=["ACTIVE"], limit=1000,
        fields=["id", "daily_budget_major", "lifetime_budget_major"],
    )  # fmt: skip
    budgets = ("daily_budget_major", "lifetime_budget_major")
    assert answer.rows
    assert {row["id"] for row in answer.rows} == {
        row["id"] for row in own.data if any(row[budget] for budget in budgets)
    }
