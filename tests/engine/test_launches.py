"""One plan, one apply: launches of several steps, with references in paths, URNs and items."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, LINKEDIN, LINKEDIN_US, PROFILE, EngineClient
from planning import applied, planned, undo_of, writes

pytestmark = pytest.mark.anyio
START = {"start": "2030-01-01"}
GROUP: dict[str, Any] = {"account_id": LINKEDIN_US, "name": "Group", "run_schedule": START}
CAMPAIGN: dict[str, Any] = {
    "account_id": LINKEDIN_US,
    "name": "Campaign",
    "type": "SPONSORED_UPDATES",
    "objective_type": "WEBSITE_VISIT",
    "cost_type": "CPC",
    "unit_cost": "5 USD",
    "daily_budget": "40 USD",
    "run_schedule": START,
    "locale": {"country": "US", "language": "en"},
    "political_intent": "NOT_POLITICAL",
}
SP = "sponsored_product_"
SHOES: dict[str, Any] = {
    "account_id": PROFILE,
    "name": "Shoes",
    "targeting_type": "MANUAL",
    "daily_budget": "30 USD",
}


async def test_linkedin_references_stand_in_urns(engine_client: EngineClient) -> None:
    """A campaign in a group that does not exist yet, then renamed before it exists too."""
    plan_id = await planned(engine_client, "campaign_groups", "create", LINKEDIN, **GROUP)
    plan_id = await planned(
        engine_client,
        "campaigns",
        "create",
        LINKEDIN,
        **CAMPAIGN,
        campaign_group_id="@1.id",
        append_to=plan_id,
    )
    name = {"account_id": LINKEDIN_US, "campaign_id": "@2.id", "name": "Renamed", "append_to": plan_id}
    plan_id = await planned(engine_client, "campaigns", "update", LINKEDIN, **name)
    result = await applied(engine_client, plan_id)
    assert "APPLIED: 3 of 3 done" in result.text
    group, campaign = (step["id"] for step in result.data["steps"][:2])
    made = await engine_client.do(LINKEDIN, "campaigns", "get", account_id=LINKEDIN_US, campaign_id=campaign)
    assert (made.data["campaign_group_id"], made.data["name"]) == (group, "Renamed")


async def test_amazon_items_refer_too(engine_client: EngineClient) -> None:
    """Keywords in an ad group of a campaign, none of which exists; taken back in reverse order."""
    plan_id = await planned(engine_client, SP + "campaigns", "create", AMAZON, **SHOES)
    group = {"account_id": PROFILE, "name": "Shoes", "campaign_id": "@1.id", "default_bid": "0.75 USD"}
    plan_id = await planned(
        engine_client, SP + "ad_groups", "create", AMAZON, **group | {"append_to": plan_id}
    )
    words = [{"keyword_text": "deck shoes"}, {"keyword_text": "sea boots", "match_type": "BROAD"}]
    keyword: dict[str, Any] = {"account_id": PROFILE, "campaign_id": "@1.id", "ad_group_id": "@2.id"}
    keyword |= {"match_type": "EXACT", "items": words, "append_to": plan_id}
    result = await applied(
        engine_client, await planned(engine_client, SP + "keywords", "create", AMAZON, **keyword)
    )
    assert "APPLIED: 4 of 4 done" in result.text
    made = len(writes(engine_client))
    await applied(engine_client, undo_of(result))
    assert [write.split()[1] for write in writes(engine_client)[made:]] == [
        "keyword",
        "keyword",
        "ad",
        "campaign",
    ]


async def test_groups_free_what_is_below_them(engine_client: EngineClient) -> None:
    """A group without a budget of its own stands for the budgets of its active campaigns."""
    group = {"account_id": LINKEDIN_US, "campaign_group_id": "600000001"}
    plan_id = await planned(engine_client, "campaign_groups", "pause", LINKEDIN, **group)
    assert plan_id.startswith("pause-campaign-group.minus-")
    assert "-USD-a-day.always-on-demand-us-ca.acct-512345678." in plan_id
