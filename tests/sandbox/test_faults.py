"""Faults of one account: it alone is throttled or shut, on each platform, however its requests name it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import applied, planned

from mcp_ads.errors import AuthError, RateLimited

pytestmark = pytest.mark.anyio

READS: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
    (FACEBOOK, "campaigns", US, {"account_id": US}, {"account_id": JAPAN}),
    (FACEBOOK, "ads_insights", US, {"account_id": US}, {"account_id": JAPAN}),
    (LINKEDIN, "campaigns", LINKEDIN_US, {"account_id": LINKEDIN_US}, {"account_id": "523456789"}),
    (
        *(LINKEDIN, "analytics", LINKEDIN_US, {"account_id": LINKEDIN_US, "pivot": "CAMPAIGN"}),
        {"account_id": "523456789", "pivot": "CAMPAIGN"},
    ),
    (
        *(AMAZON, "sponsored_product_campaigns", PROFILE, {"profile_id": PROFILE}),
        {"profile_id": "4412345678901234"},
    ),
]


@pytest.mark.parametrize(("platform", "entity", "account", "own", "other"), READS)
async def test_one_accounts_token_is_dead(
    engine_client: EngineClient,
    platform: str,
    entity: str,
    account: str,
    own: dict[str, Any],
    other: dict[str, Any],
) -> None:
    """Reads of this account are refused, those of another answered."""
    await engine_client.do(platform, entity, "list", **own)
    engine_client.fault("expired-token", platform=platform, account=account, times=0)
    with pytest.raises(AuthError):
        await engine_client.do(platform, entity, "list", **own)
    assert (await engine_client.do(platform, entity, "list", **other)).data is not None


async def test_one_account_is_throttled(engine_client_with: Callable[..., EngineClient]) -> None:
    """With the platform's own time until it may be asked again; a longer number that has it in it is none."""
    client = engine_client_with()
    client.fault("429", platform=FACEBOOK, account=US[:-1], times=0)
    await client.do(FACEBOOK, "campaigns", "list", account_id=US)
    client.fault("429", platform=FACEBOOK, account=US, times=0, code=17, retry_after=900)
    with pytest.raises(RateLimited) as refused:
        await client.do(FACEBOOK, "campaigns", "list", account_id=US)
    assert refused.value.retry_after == pytest.approx(900, abs=30)
    assert (await client.do(FACEBOOK, "campaigns", "list", account_id=JAPAN)).data


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_connection_is_cut_before_or_after_the_change(engine_client: EngineClient, when: str) -> None:
    """Nobody knows what became of it; what is there shows that only the second was carried out."""
    entity, text = (
        "sponsored_product_negative_keywords",
        {"keyword_text": "kite", "match_type": "NEGATIVE_EXACT"},
    )
    groups = await engine_client.do(
        AMAZON, "sponsored_product_ad_groups", "list", profile_id=PROFILE, limit=1
    )
    place = {
        name: groups.data[0][wire]
        for name, wire in (("campaign_id", "campaignId"), ("ad_group_id", "adGroupId"))
    }
    plan_id = await planned(engine_client, entity, "create", AMAZON, profile_id=PROFILE, **place, **text)
    engine_client.fault("cut", method="POST", path="negativeKeywords$", when=when)
    done = await applied(engine_client, plan_id)
    assert "UNKNOWN: 0 of 1 done" in done.text
    assert ("is not there yet" in done.text) == (when == "before")
