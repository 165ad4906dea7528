"""Sponsored Products campaigns, ad groups and product ads, as an agent reads and changes them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, undo_of, writes

from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.core import Account, Context, Write, validate
from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio
CAMPAIGNS, GROUPS = "sponsored_product_campaigns", "sponsored_product_ad_groups"
ADS, VENDOR_PROFILE = "sponsored_product_product_ads", "5512345678901234"
CAMPAIGN, DEAR = "120000000000001", "120000000000003"
TOP = {"placement": "PLACEMENT_TOP", "percentage": 50}


async def test_a_list_says_how_many_there_are_in_all(engine_client: EngineClient) -> None:
    """Of a list that is shown in part: what Amazon counts, beside what is shown."""
    table = await engine_client.table(AMAZON, CAMPAIGNS, "list", profile_id=PROFILE, limit=3)
    assert (table.meta["rows"], table.meta["more"]) == (3, True)
    every = await engine_client.do(AMAZON, CAMPAIGNS, "list", profile_id=PROFILE, limit=500)
    assert table.meta["total"] == every.meta["total"] == len(every.data) > 100


async def plan(engine_client: EngineClient, entity: str, action: str, **params: Any) -> str:
    result = await engine_client.do(AMAZON, entity, action, **{"profile_id": PROFILE, **params})
    return str(result.text)


async def mistake(engine_client: EngineClient, entity: str, action: str, **params: Any) -> str:
    with pytest.raises(InvalidParams) as caught:
        await plan(engine_client, entity, action, **params)
    return str(caught.value)


async def test_bidding_is_replaced_as_a_whole(engine_client: EngineClient) -> None:
    """The plan says what goes, and what strategy and placements make of a bid together."""
    top = {"placement": "PLACEMENT_TOP", "percentage": 50}
    both = {"strategy": "AUTO_FOR_SALES", "placementBidding": [top]}
    first = await engine_client.do(
        AMAZON, CAMPAIGNS, "update", profile_id=PROFILE, campaign_id=CAMPAIGN, dynamic_bidding=both
    )
    assert "bids are raised by 50% for PLACEMENT_TOP, to 3 times with AUTO_FOR_SALES" in first.text
    assert "AUTO_FOR_SALES raises bids by up to 100 %" in first.text
    await applied(engine_client, first.data["plan_id"])
    text = await plan(
        engine_client, CAMPAIGNS, "update", campaign_id=CAMPAIGN, dynamic_bidding={"strategy": "MANUAL"}
    )
    assert 'lost: dynamicBidding.placementBidding [{"placement":"PLACEMENT_TOP","percentage":50}]' in text


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"dynamic_bidding": {"strategy": "MANUAL", "placement": []}}, "'placement' is none of"),
        ({"dynamic_bidding": {"placementBidding": [TOP, TOP]}}, "is there twice"),
        ({"dynamic_bidding": {"shopperCohortBidding": [{"percentage": 5}]}}, "AUDIENCE_SEGMENT"),
        ({"off_amazon_settings": {"offAmazonBudgetControlStrategy": "MOST"}}, "MINIMIZE_SPEND"),
        ({"site_restrictions": ["AMAZON_MUSIC"]}, "AMAZON_BUSINESS"),
        ({"name": " Shoes"}, "no spaces at the beginning or end"),
        ({"state": "PROPOSED"}, "ENABLED, PAUSED"),
        ({"targeting_type": "AUTO"}, "it never changes"),
        ({"daily_budget": "100 EUR"}, "currency is USD"),
        ({"daily_budget": "1 USD"}, "is below the default bid"),
    ],
)
async def test_campaigns_are_checked_before_anything_is_sent(
    engine_client: EngineClient, params: dict[str, Any], said: str
) -> None:
    """One line for each mistake, of what the call shows and of what its ad groups bid."""
    assert said in await mistake(engine_client, CAMPAIGNS, "update", campaign_id=DEAR, **params)
    assert writes(engine_client) == []


async def test_a_cleared_end_and_portfolio(engine_client: EngineClient) -> None:
    """The word none takes a value away, and the undo sets it again."""
    own = {"profile_id": PROFILE, "campaign_id": CAMPAIGN}
    read = await engine_client.do(AMAZON, CAMPAIGNS, "get", **own, fields=["portfolioId"])
    made = await engine_client.do(AMAZON, CAMPAIGNS, "update", **own, portfolio_id="none")
    assert '"portfolioId":null' in made.text
    done = await applied(engine_client, made.data["plan_id"])
    again = await engine_client.do(AMAZON, CAMPAIGNS, "get", **own, fields=["portfolioId"])
    assert again.data["portfolioId"] is None
    await applied(engine_client, undo_of(done))
    back = await engine_client.do(AMAZON, CAMPAIGNS, "get", **own, fields=["portfolioId"])
    assert back.data == read.data


async def test_sellers_and_vendors_differ(engine_client: EngineClient) -> None:
    """Vendors name products by ASIN and have shorter names; names of sellers are unique."""
    vendor = {"profile_id": VENDOR_PROFILE}
    long = {"name": "x" * 117, "targeting_type": "MANUAL", "daily_budget": 5000, **vendor}
    assert "at most 116 characters for vendors" in await mistake(engine_client, CAMPAIGNS, "create", **long)
    for profile, product, said in (
        (VENDOR_PROFILE, {"sku": "TT-HAT-07"}, "this profile is of a vendor: give asin"),
        (PROFILE, {"asin": "B0TERN0007"}, "this profile is of a seller: give sku"),
    ):
        [group] = (await engine_client.do(AMAZON, GROUPS, "list", profile_id=profile, limit=1)).data
        parents = {"campaign_id": group["campaignId"], "ad_group_id": group["adGroupId"]}
        assert said in await mistake(engine_client, ADS, "create", profile_id=profile, **parents, **product)
    assert "sku: it never changes" in await mistake(engine_client, ADS, "update", ad_id="1", sku="A")


@pytest.mark.slow
async def test_an_automatic_campaign_from_its_making_to_its_end(engine_client: EngineClient) -> None:
    """Made PAUSED with an ad group and an ad in one plan, switched on, and archived for good."""
    own = {"name": "Hats - auto", "targeting_type": "AUTO", "daily_budget": "5 USD"}
    first = await engine_client.do(AMAZON, CAMPAIGNS, "create", profile_id=PROFILE, **own)
    assert "outside Amazon's range" not in first.text
    params: dict[str, Any] = {
        "profile_id": PROFILE,
        "campaign_id": "@1.id",
        "append_to": first.data["plan_id"],
    }
    group = await engine_client.do(AMAZON, GROUPS, "create", **params, name="Hats", default_bid="0.50 USD")
    assert "Amazon adds four automatic targets, which are ENABLED and bid 0.50 USD" in group.text
    params |= {"append_to": group.data["plan_id"], "ad_group_id": "@2.id"}
    whole = await engine_client.do(AMAZON, ADS, "create", **params, sku="TT-HAT-07")
    done = await applied(engine_client, whole.data["plan_id"])
    assert "APPLIED: 3 of 3 done" in done.text
    ids = [step["id"] for step in done.data["steps"]]
    for entity, name, id_ in zip(
        (CAMPAIGNS, GROUPS, ADS), ("campaign_id", "ad_group_id", "ad_id"), ids, strict=True
    ):
        for action, state in (("activate", "ENABLED"), ("pause", "PAUSED"), ("update", "ENABLED")):
            more = {"state": "ENABLED"} if action == "update" else {}
            made = await engine_client.do(AMAZON, entity, action, profile_id=PROFILE, **{name: id_}, **more)
            assert f"read back: state {state}" in (await applied(engine_client, made.data["plan_id"])).text
    gone = await engine_client.do(AMAZON, CAMPAIGNS, "delete", profile_id=PROFILE, campaign_id=ids[0])
    assert "never changes archived objects again" in gone.text
    await applied(engine_client, gone.data["plan_id"])
    left = await engine_client.do(AMAZON, ADS, "get", profile_id=PROFILE, ad_id=ids[2], fields=["state"])
    assert left.data["state"] == "ARCHIVED"
    assert "is ARCHIVED" in await mistake(engine_client, CAMPAIGNS, "activate", campaign_id=ids[0])


@pytest.mark.parametrize(
    ("currency", "bid", "said"),
    [("EGP", "0.10", "0.15 to 7400 EGP"), ("BRL", "0.05", "0.07 to 3700 BRL"), ("EUR", "0.02", "")],
)
def test_bids_have_a_range_in_each_currency(currency: str, bid: str, said: str) -> None:
    """What Amazon publishes for the marketplace is warned of, and refused by nobody here."""
    call = validate.call(GROUPS, "update", amazon_ads.action(GROUPS, "update"), {
        "profile_id": PROFILE, "ad_group_id": "1", "default_bid": f"{bid} {currency}"})  # fmt: skip
    assert isinstance(call, Write)
    warned = list(call.settled(Context(date(2026, 11, 22), Account(PROFILE, "", currency))).warnings({}))
    assert bool(warned) == bool(said)
    assert said in "".join(warned)
