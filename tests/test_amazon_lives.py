"""What lives in a campaign of Amazon's, from its making to its end: every action of each."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, planned

pytestmark = pytest.mark.anyio
US: dict[str, Any] = {"profile_id": PROFILE}
CAMPAIGNS, GROUPS = "sponsored_product_campaigns", "sponsored_product_ad_groups"
LIVES: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
    (
        "sponsored_product_ad_groups", "ad_group_id", "campaign",
        {"name": "Lived", "default_bid": "0.75 USD"}, {"name": "Lives on"},
    ),
    ("sponsored_product_product_ads", "ad_id", "words", {"sku": ""}, {"state": "ENABLED"}),
    (
        "sponsored_product_keywords", "keyword_id", "words",
        {"keyword_text": "sea towel", "match_type": "BROAD", "bid": "0.90 USD"}, {"bid": "+10%"},
    ),
    (
        "sponsored_product_targets", "target_id", "products", {"asin": "B0TERN0001", "bid": "0.90 USD"},
        {"bid": "0.95 USD"},
    ),
    (
        "sponsored_product_negative_keywords", "keyword_id", "words",
        {"keyword_text": "used sea towel", "match_type": "NEGATIVE_EXACT"}, {"state": "PAUSED"},
    ),
    (
        "sponsored_product_negative_targets", "target_id", "products", {"asin": "B0RIVAL001"},
        {"state": "PAUSED"},
    ),
    (
        "sponsored_product_campaign_negative_keywords", "keyword_id", "campaign",
        {"keyword_text": "free", "match_type": "NEGATIVE_PHRASE"}, {"state": "PAUSED"},
    ),
    (
        "sponsored_product_campaign_negative_targets", "target_id", "auto", {"asin": "B0RIVAL002"},
        {"state": "PAUSED"},
    ),
]  # fmt: skip
"""Entity, its id, what it is in, what it is made with, and a change."""


async def made(client: EngineClient, entity: str, **params: Any) -> str:
    """The id of something new."""
    plan_id = await planned(client, entity, "create", AMAZON, **US, **params)
    return str((await applied(client, plan_id)).data["steps"][0]["id"])


async def homes(client: EngineClient) -> dict[str, dict[str, str]]:
    """A campaign with an ad group for words and one for products, and one that targets by itself."""
    new = {"targeting_type": "MANUAL", "daily_budget": "20 USD"}
    campaign = {"campaign_id": await made(client, CAMPAIGNS, name="Home", **new)}
    auto = {
        "campaign_id": await made(client, CAMPAIGNS, name="By itself", **new | {"targeting_type": "AUTO"})
    }
    words, products = [
        {**campaign, "ad_group_id": await made(client, GROUPS, **campaign, name=name, default_bid="0.80 USD")}
        for name in ("Words", "Products")
    ]
    return {"campaign": campaign, "auto": auto, "words": words, "products": products}


@pytest.mark.slow
async def test_every_life(engine_client: EngineClient) -> None:
    """Made paused (negatives at once), found, read, changed, switched off and on, and put away for good."""
    client, places = engine_client, await homes(engine_client)
    sold = (await client.do(AMAZON, "sponsored_product_product_ads", "list", **US, limit=1)).data[0]["sku"]
    for entity, name, place, new, change in LIVES:
        own = {
            name: await made(client, entity, **places[place], **new | ({"sku": sold} if "sku" in new else {}))
        }
        negative = "negative" in entity
        record = (await client.do(AMAZON, entity, "get", **US, **own)).data
        assert record["state"] == ("ENABLED" if negative else "PAUSED"), entity
        steps: list[tuple[str, dict[str, Any]]] = [("update", change)]
        steps += [] if negative else [("pause", {}), ("activate", {})]
        for action, params in [*steps, ("delete", {})]:
            plan = await client.do(AMAZON, entity, action, **US, **own, **params)
            if "plan_id" not in plan.data:
                assert action == "pause", plan.text
                continue
            assert ("cannot be undone" in plan.text) == (action == "delete"), (entity, action)
            done = await applied(client, plan.data["plan_id"])
            assert "APPLIED: 1 of 1" in done.text, done.text
        rows = (await client.do(AMAZON, entity, "list", **US, **own)).data
        assert [row["state"] for row in rows] == ["ARCHIVED"], entity
