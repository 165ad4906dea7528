"""A launch in each of Amazon's products, and a stop over several: one plan each, and one approval."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from agent import Agent
from engine_client import AMAZON, PROFILE

from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.anyio
P: dict[str, Any] = {"profile_id": PROFILE}
FILM = "amzn1.assetlibrary.asset1.a123456789123456"
BRANDS = "191000000000001"
"""A campaign of Sponsored Brands."""
THREE = ["B0TERN0001", "B0TERN0002", "B0TERN0003"]
Steps = list[tuple[str, dict[str, Any]]]
LAUNCHES: dict[str, Steps] = {
    "sponsored_product": [
        ("campaigns", {"name": "Launch", "targeting_type": "MANUAL", "daily_budget": "20 USD"}),
        ("ad_groups", {"campaign_id": "@1.id", "name": "Launch, words", "default_bid": "0.60 USD"}),
        ("keywords", {"campaign_id": "@1.id", "ad_group_id": "@2.id", "items": [
            {"keyword_text": "beach towel", "match_type": "EXACT", "bid": "0.75 USD"},
            {"keyword_text": "sea towel", "match_type": "PHRASE", "bid": "0.65 USD"},
        ]}),
        ("negative_keywords", {
            "campaign_id": "@1.id", "ad_group_id": "@2.id", "keyword_text": "used",
            "match_type": "NEGATIVE_EXACT",
        }),
        ("product_ads", {"campaign_id": "@1.id", "ad_group_id": "@2.id", "sku": "TT-TOWEL-01"}),
    ],
    "sponsored_brands": [
        ("campaigns", {"name": "Launch of a brand", "daily_budget": "20 USD"}),
        ("ad_groups", {"campaign_id": "@1.id", "name": "Launch, collection"}),
        ("keywords", {
            "campaign_id": "@1.id", "ad_group_id": "@2.id", "keyword_text": "tern towels",
            "match_type": "EXACT", "bid": "0.90 USD",
        }),
        ("targets", {
            "campaign_id": "@1.id", "ad_group_id": "@2.id", "asin": "B0RIVAL001", "bid": "0.80 USD",
        }),
        ("negative_targets", {"campaign_id": "@1.id", "ad_group_id": "@2.id", "asin": "B0RIVAL002"}),
        ("ads", {
            "ad_type": "manualCollection", "ad_group_id": "@2.id", "name": "Towels", "asins": THREE,
            "brand_name": "Tern & Tide",
        }),
    ],
    "sponsored_display": [
        ("campaigns", {"name": "Launch, beside products", "tactic": "T00020", "daily_budget": "20 USD"}),
        ("ad_groups", {"campaign_id": "@1.id", "name": "Launch, beside", "default_bid": "0.60 USD"}),
        ("targets", {"ad_group_id": "@2.id", "asin": "B0RIVAL001", "bid": "0.80 USD"}),
        ("negative_targets", {"ad_group_id": "@2.id", "asin": "B0RIVAL002"}),
        ("product_ads", {"campaign_id": "@1.id", "ad_group_id": "@2.id", "sku": "TT-TOWEL-01"}),
        ("creatives", {"ad_group_id": "@2.id", "headline": "Towels that dry fast"}),
    ],
    "sponsored_tv": [
        ("campaigns", {"name": "Launch on TV", "daily_budget": "60 USD"}),
        ("ad_groups", {"campaign_id": "@1.id", "name": "Launch, stream", "default_bid": "20 USD"}),
        ("targets", {"ad_group_id": "@2.id", "content": "Comedy"}),
        ("ads", {
            "ad_group_id": "@2.id", "ad_name": "Film", "landing_page_type": "SKU_DP",
            "landing_page_value": "TT-TOWEL-01",
        }),
        ("creatives", {"ad_group_id": "@2.id", "asset_id": FILM, "asset_version": "version_v1"}),
    ],
}  # fmt: skip
"""What is made in each, in its order; a step may stand for several objects."""
AT_ONCE = {
    "sponsored_product": ["negative_keywords"],
    "sponsored_brands": ["keywords", "targets", "negative_targets"],
    "sponsored_display": ["negative_targets", "creatives"],
    "sponsored_tv": ["creatives"],
}
"""What is made in no other state than on, or has none: keywords of Brands serve once their campaign does."""


async def planned(agent: Agent, entity: str, action: str, plan_id: str, **params: Any) -> str:
    """The id of a plan with one call more."""
    more = {"append_to": plan_id} if plan_id else {}
    return await agent.plan(AMAZON, entity, action, **P, **params, **more)


def writes(store: Store, since: int) -> Counter[str]:
    """Requests that may change something, by method and path."""
    requests = (f"{request['method']} {request['path']}" for request in store.requests()[since:])
    return Counter(
        re.sub(r"\d{9,}", "…", line)
        for line in requests
        if re.search("POST|PUT|DELETE", line)
        and not re.search("/list$|/search$|/results$|/token$|/metadata$", line)
    )


def undo_of(text: str) -> str:
    """The plan that an answer says takes it back."""
    return text.partition("undo: ads_apply(")[2].partition(")")[0]


@pytest.mark.slow
@pytest.mark.parametrize("product", LAUNCHES)
async def test_a_launch_is_one_plan(agent: Agent, one_store: Store, product: str) -> None:
    """Each step refers to what an earlier one makes, one approval makes them all, and one takes them back.

    What is made is off until somebody switches it on; negatives hold back at once.
    """
    plan_id, count = "", 0
    for name, params in LAUNCHES[product]:
        plan_id = await planned(agent, f"{product}_{name}", "create", plan_id, **params)
        count += len(params.get("items", "1"))
    since = len(one_store.requests())
    text = await agent.good("ads_apply", plan_id=plan_id)
    assert f"APPLIED: {count} of {count} done" in text
    assert text.count("read back: ") == count
    off = [line for line in text.split("\n") if line.startswith("   read back: ") and "state PAUSED" in line]
    assert len(off) == count - len(AT_ONCE[product])
    sent = writes(one_store, since)
    assert sum(sent.values()) == count
    assert len(sent) == len(LAUNCHES[product])
    since = len(one_store.requests())
    text = await agent.good("ads_apply", plan_id=undo_of(text))
    kept = [name for name in AT_ONCE[product] if name == "creatives"]
    assert f"APPLIED: {count - len(kept)} of {count - len(kept)} done" in text


async def _on(agent: Agent, entity: str, id_: str, most: int) -> list[str]:
    """The ids of some objects that are switched on."""
    rows = await agent.rows(AMAZON, entity, **P, state=["ENABLED"], limit=most, fields=[id_])
    assert len(rows) == most
    return [row[id_] for row in rows]


@pytest.mark.slow
async def test_forty_objects_of_three_products_are_paused(agent: Agent, one_store: Store) -> None:
    """One plan, as many requests as the families' own limits make of it, and the same to take it back."""
    items = [{"name": f"Shelf {number}"} for number in range(12)]
    new = {"campaign_id": BRANDS, "items": items, "state": "ENABLED"}
    made = await planned(agent, "sponsored_brands_ad_groups", "create", "", **new)
    await agent.good("ads_apply", plan_id=made)
    plan_id = ""
    for entity, id_, count in (
        ("sponsored_product_targets", "targetId", 16),
        ("sponsored_brands_ad_groups", "adGroupId", 12),
        ("sponsored_display_campaigns", "campaignId", 12),
    ):
        ids = await _on(agent, entity, id_, count)
        plan_id = await planned(agent, entity, "pause", plan_id, id=ids)
    for _ in ("there", "and back"):
        since = len(one_store.requests())
        text = await agent.good("ads_apply", plan_id=plan_id)
        assert "APPLIED: 40 of 40 done" in text
        assert "\nread back: all 40 as set\n" in text
        assert writes(one_store, since) == {
            "PUT /sp/targets": 1, "PUT /sb/v4/adGroups": 2, "PUT /sd/campaigns": 1,
        }  # fmt: skip
        plan_id = undo_of(text)
