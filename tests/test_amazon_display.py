"""Sponsored Display campaigns, ad groups and product ads, from their making to their end."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, undo_of, writes

from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.core import Result, Write
from mcp_ads.errors import InvalidParams, NotFound

pytestmark = pytest.mark.anyio
CAMPAIGNS, GROUPS = "sponsored_display_campaigns", "sponsored_display_ad_groups"
ADS, VENDOR_PROFILE = "sponsored_display_product_ads", "5512345678901234"
IDS = {CAMPAIGNS: "campaign_id", GROUPS: "ad_group_id", ADS: "ad_id"}
FIRST, GROUP, AD = (f"{number}0000000000001" for number in (18, 19, 20))
PAUSED_GROUP = "190000000000002"
NEW: dict[str, Any] = {"name": "Totes, seen", "tactic": "audiences", "daily_budget": "20 USD"}
PAGE = {
    "landing_page_url": "https://www.example.com/totes?from=20%25#all",
    "landing_page_type": "OFF_AMAZON_LINK",
}


async def do(engine_client: EngineClient, entity: str, action: str, **params: Any) -> Result:
    return await engine_client.do(AMAZON, entity, action, **{"profile_id": PROFILE, **params})


async def mistake(engine_client: EngineClient, entity: str, action: str, **params: Any) -> str:
    with pytest.raises(InvalidParams) as caught:
        await do(engine_client, entity, action, **params)
    return str(caught.value)


async def made(engine_client: EngineClient, entity: str, **params: Any) -> str:
    """The id of something new."""
    plan = await do(engine_client, entity, "create", **params)
    return str((await applied(engine_client, plan.data["plan_id"])).data["steps"][0]["id"])


@pytest.mark.slow
async def test_a_launch_in_one_plan_and_its_end(engine_client: EngineClient) -> None:
    """Campaign, ad group and ad, all PAUSED; each switched on, off and back; archived with what is in it."""
    first = await do(engine_client, CAMPAIGNS, "create", **NEW)
    assert "tactic T00030, audiences; " in first.text
    assert "+20.00 USD a day once active" in first.text
    params: dict[str, Any] = {"campaign_id": "@1.id", "append_to": first.data["plan_id"]}
    group = await do(engine_client, GROUPS, "create", **params, name="Totes", default_bid="0.50 USD")
    params |= {"append_to": group.data["plan_id"], "ad_group_id": "@2.id"}
    whole = await do(engine_client, ADS, "create", **params, sku="TT-TOTE-02")
    done = await applied(engine_client, whole.data["plan_id"])
    assert "APPLIED: 3 of 3 done" in done.text
    ids = [step["id"] for step in done.data["steps"]]
    lists = [(await do(engine_client, entity, "list", campaign_id=[ids[0]])).data for entity in IDS]
    assert [[row["state"] for row in rows] for rows in lists] == [["PAUSED"]] * 3
    assert [rows[0]["servingStatus"] for rows in lists] == [
        "CAMPAIGN_PAUSED", "AD_GROUP_PAUSED", "AD_STATUS_PAUSED",
    ]  # fmt: skip
    for (entity, name), id_ in zip(IDS.items(), ids, strict=True):
        for action, state in (("activate", "ENABLED"), ("pause", "PAUSED"), ("update", "ENABLED")):
            more = {"state": "ENABLED"} if action == "update" else {}
            plan = await do(engine_client, entity, action, **{name: id_}, **more)
            assert ("20.00 USD a day" in plan.text) == (state == "ENABLED" or entity == CAMPAIGNS)
            assert f"read back: state {state}" in (await applied(engine_client, plan.data["plan_id"])).text
    last = await do(engine_client, ADS, "get", ad_id=ids[2])
    assert (last.data["servingStatus"], last.data["asin"]) == ("AD_STATUS_LIVE", "B0TERN0002")
    gone = await do(engine_client, CAMPAIGNS, "delete", campaign_id=ids[0])
    assert "cannot be undone: Amazon never changes archived objects again" in gone.text
    assert "archived with it for good: 1 ad group, 1 ENABLED; 1 product ad, 1 ENABLED" in gone.text
    assert "no undo for delete" in (await applied(engine_client, gone.data["plan_id"])).text
    rows = (await do(engine_client, ADS, "get", ad_id=[ids[2], AD, "7"], fields=["adId", "state"])).data
    assert [row["state"] for row in rows] == ["ARCHIVED", "ENABLED"]
    assert "is ARCHIVED" in await mistake(engine_client, GROUPS, "activate", ad_group_id=ids[1])


async def test_steps_of_one_plan_are_held_against_each_other(engine_client: EngineClient) -> None:
    """What a plan makes above a target, or beside an ad that leads to a page, decides like what is there."""
    targets, plan = "sponsored_display_targets", {"append_to": ""}

    async def add(entity: str, **params: Any) -> None:
        given = {name: value for name, value in plan.items() if value}
        plan["append_to"] = (await do(engine_client, entity, "create", **given, **params)).data["plan_id"]

    async def refused(entity: str, **params: Any) -> str:
        return await mistake(engine_client, entity, "create", **plan, **params)

    below: dict[str, Any] = {"campaign_id": "@1.id", "default_bid": 0.5}
    shoppers = {"products": "ADVERTISED", "event": "VIEWS", "lookback": 30}
    await add(CAMPAIGNS, **{**NEW, "tactic": "contextual"})
    await add(GROUPS, **below, name="Totes")
    assert "is contextual (T00020)" in await refused(targets, ad_group_id="@2.id", **shoppers)
    await add(targets, ad_group_id="@2.id", asin="B0RIVAL002")
    await add(ADS, campaign_id="@1.id", ad_group_id="@2.id", **PAGE)
    lacking = await refused("sponsored_display_creatives", ad_group_id="@2.id", headline="Us")
    assert "rectCustomImage, squareCustomImage missing (step 4)" in lacking
    one = "campaign's only ad group, and this one would have more"
    assert f"{one} (step 4)" in await refused(GROUPS, **below, name="More")
    assert "APPLIED: 4 of 4" in (await applied(engine_client, plan["append_to"])).text

    plan["append_to"] = ""
    await add(GROUPS, campaign_id="180000000000002", name="New", default_bid=0.5)
    assert "is contextual (T00020)" in await refused(targets, ad_group_id="@1.id", **shoppers)
    plan["append_to"] = ""
    await add(CAMPAIGNS, **{**NEW, "name": "Two groups"})
    await add(GROUPS, **below, name="Totes")
    await add(GROUPS, **below, name="More")
    assert f"{one} (step 3)" in await refused(ADS, campaign_id="@1.id", ad_group_id="@2.id", **PAGE)


async def test_what_a_campaign_pays_for_decides_its_bids(engine_client: EngineClient) -> None:
    """Clicks or conversions for cpc, reach for vcpm, in the range for each; an undo takes it all back."""
    views = await made(engine_client, CAMPAIGNS, **NEW, cost_type="vcpm", start_date="2030-01-01")
    bids = {"campaign_id": views, "name": "Film", "default_bid": "0.5 USD"}
    assert "cost type is vcpm: give reach" in await mistake(engine_client, GROUPS, "create", **bids)
    low = await do(engine_client, GROUPS, "create", **bids, bid_optimization="reach")
    assert "0.50 USD is outside Amazon's range of 1 to 1000 USD" in low.text
    refused = await applied(engine_client, low.data["plan_id"])
    assert "INVALID_ARGUMENT" in refused.text
    cpc = await mistake(
        engine_client, GROUPS, "create", **{**bids, "campaign_id": FIRST}, bid_optimization="reach"
    )
    assert "give clicks or conversions" in cpc
    dear = await do(
        engine_client, GROUPS, "create", **{**bids, "campaign_id": FIRST, "default_bid": "11 USD"}
    )
    assert "11.00 USD is above the campaign's daily budget of 10.00" in dear.text
    more = await do(
        engine_client, GROUPS, "update", ad_group_id=GROUP, default_bid="+10%", name="Totes, more"
    )
    assert 'name "Canvas tote" → "Totes, more"; default_bid 0.60 → 0.66 USD' in more.text
    back = await applied(engine_client, undo_of(await applied(engine_client, more.data["plan_id"])))
    assert "default_bid 0.66 → 0.60 USD" in back.text
    cut = await do(engine_client, GROUPS, "update", ad_group_id=GROUP, bid="0.01 USD")
    assert "outside Amazon's range of 0.02 to 1000 USD" in cut.text
    assert "it never changes" in await mistake(
        engine_client, GROUPS, "update", ad_group_id=GROUP, bid_optimization="conversions"
    )


async def test_ads_show_products_or_lead_to_a_page(engine_client: EngineClient) -> None:
    """One kind in a campaign; one that leads to a page is alone in the campaign's only ad group."""
    other = {"campaign_id": FIRST, "ad_group_id": GROUP}
    assert "show products: Amazon takes one kind" in await mistake(
        engine_client, ADS, "create", **other, **PAGE
    )
    assert "already there" in (await do(engine_client, ADS, "create", **other, sku="TT-TOTE-02")).text
    assert (
        "not checked for Sponsored Display: product_eligibility.list with its ASIN, ad_type SD"
        in (await do(engine_client, ADS, "create", **other, sku="TT-HAT-07")).text
    )
    assert "it belongs to campaign 180000000000002" in await mistake(
        engine_client, ADS, "create", campaign_id=FIRST, ad_group_id=PAUSED_GROUP, sku="TT-HAT-07"
    )
    campaign = await made(engine_client, CAMPAIGNS, **NEW)
    group = await made(engine_client, GROUPS, campaign_id=campaign, name="Totes", default_bid=0.5)
    inside = {"campaign_id": campaign, "ad_group_id": group}
    both = await mistake(
        engine_client, ADS, "create", items=[{**inside, **PAGE}, {**inside, "sku": "TT-HAT-07"}]
    )
    assert "one kind in a campaign" in both
    ad = await made(engine_client, ADS, **inside, **PAGE, ad_name="Totes")
    shown = (await do(engine_client, ADS, "get", ad_id=ad)).data
    assert (shown["adName"], shown["landingPageURL"]) == ("Totes", PAGE["landing_page_url"])
    again = {**PAGE, "landing_page_url": "https://www.example.com/more"}
    assert "only one of its ad group" in await mistake(engine_client, ADS, "create", **inside, **again)
    more = {"campaign_id": campaign, "name": "More", "default_bid": 0.5}
    assert "campaign's only ad group" in await mistake(engine_client, GROUPS, "create", **more)
    away = await do(engine_client, ADS, "delete", ad_id=ad)
    assert "read back: state ARCHIVED" in (await applied(engine_client, away.data["plan_id"])).text


@pytest.mark.parametrize(
    ("entity", "params", "said"),
    [
        (
            CAMPAIGNS,
            {**NEW, "tactic": "T00010"},
            "'T00010' is none; contextual (T00020) or audiences (T00030)",
        ),
        (CAMPAIGNS, {"name": "Totes", "daily_budget": 20}, "tactic: missing, required; contextual (T00020)"),
        (CAMPAIGNS, {**NEW, "end_date": "2026-01-01"}, "is before start_date"),
        (CAMPAIGNS, {**NEW, "daily_budget": 0}, "above 0"),
        (CAMPAIGNS, {"name": "No money", "tactic": "T00020"}, "daily_budget"),
        (CAMPAIGNS, {**NEW, "name": "Canvas tote | display 1"}, "Display campaign 180000000000001 is called"),
        (CAMPAIGNS, {**NEW, "name": "Tern & Tide brand 1"}, "Brands campaign 19"),
        (ADS, {"sku": "TT-HAT-07", "asin": "B0TERN0007"}, "one of them"),
        (ADS, {"asin": "B0TERN0007"}, "this profile is of a seller: give sku"),
        (ADS, {"sku": "TT-HAT-07", "ad_name": "Hat"}, "ad_name: only an ad that leads to a page"),
        (
            ADS,
            {"landing_page_url": "https://www.example.com/"},
            "landing_page_type, STORE or OFF_AMAZON_LINK",
        ),
        (ADS, {**PAGE, "landing_page_type": "STORE"}, "a store is at https://www.amazon."),
        (ADS, {**PAGE, "landing_page_url": "https://www.amazon.com/dp/B0TERN0007"}, "this is on Amazon"),
        (ADS, {**PAGE, "landing_page_type": "MOMENT"}, "STORE"),
        (GROUPS, {"name": "x", "default_bid": 1, "creative_type": "AUDIO"}, "creative_type"),
        (GROUPS, {"name": "x", "default_bid": 1, "campaign_id": "7"}, "campaign_id: no campaign 7"),
    ],
)
async def test_what_cannot_be_made_is_told_before_anything_is_sent(
    looking: EngineClient, entity: str, params: dict[str, Any], said: str
) -> None:
    """One line for each mistake, and what would be right."""
    below = {CAMPAIGNS: {}, GROUPS: {"campaign_id": FIRST}, ADS: {"campaign_id": FIRST, "ad_group_id": GROUP}}
    assert said in await mistake(looking, entity, "create", **{**below[entity], **params})
    assert writes(looking) == []


async def test_what_is_archived_with_an_ad_group(engine_client: EngineClient) -> None:
    """Its campaign is named, its ads are counted; one more ad than was agreed to is another change."""
    plan = await do(engine_client, GROUPS, "delete", ad_group_id=GROUP)
    assert f'it is in campaign {FIRST} "Canvas tote | display 1", ENABLED; both are ENABLED' in plan.text
    along = "1 product ad, 1 ENABLED; 1 target, 1 ENABLED; 1 negative target, 1 ENABLED"
    assert f"archived with it for good: {along}" in plan.text
    await made(engine_client, ADS, campaign_id=FIRST, ad_group_id=GROUP, sku="TT-HAT-07")
    assert "NOT APPLIED" in (await applied(engine_client, plan.data["plan_id"])).text
    idle = await do(engine_client, GROUPS, "activate", ad_group_id=PAUSED_GROUP)
    assert "it delivers nothing yet: all of its product ads are PAUSED (1); next: " in idle.text


async def test_lists_read_like_those_of_other_families(looking: EngineClient) -> None:
    """Ids as text, states in upper case, a name as a whole; vendors' ads have no SKU."""
    groups = await do(looking, GROUPS, "list", limit=2)
    assert [row["adGroupId"] for row in groups.data] == [GROUP, PAUSED_GROUP]
    assert groups.data[0]["servingStatus"] == "AD_GROUP_STATUS_ENABLED"
    assert "ARCHIVED" in groups.meta["hidden"]
    named = await do(looking, GROUPS, "list", name="Canvas tote", limit=100)
    assert {row["name"] for row in named.data} == {"Canvas tote"}
    ads = await do(looking, ADS, "list", profile_id=VENDOR_PROFILE, fields=["sku", "asin", "campaign_id"])
    assert {row["sku"] for row in ads.data} == {None}
    with pytest.raises(NotFound):
        await do(looking, GROUPS, "get", ad_group_id=FIRST)
    words = [
        (await do(looking, CAMPAIGNS, "list", filter=f"tactic={word}")).data
        for word in ("audiences", "T00030")
    ]
    assert words[0] == words[1] != []
    contextual = await do(looking, GROUPS, "list", filter="tactic in (contextual, T00030)", fields=["tactic"])
    assert {row["tactic"] for row in contextual.data} == {"T00020", "T00030"}
    lost = await do(looking, GROUPS, "list", campaign_id=["120000000000001"])
    assert "campaign_id: 120000000000001 is a campaign of Sponsored Products" in str(lost.meta["warnings"])


@pytest.mark.parametrize("entity", IDS)
@pytest.mark.parametrize(
    "answer", [{}, {"code": "SUCCESS"}, [], None, {"campaignId": "x", "adGroupId": "", "adId": []}]
)
def test_a_create_that_names_nothing_new_is_doubted(entity: str, answer: Any) -> None:
    """Success is believed where the answer has the id of what it made."""
    kind = amazon_ads.action(entity, "create")
    assert issubclass(kind, Write)
    new = kind.model_construct()
    assert new.doubt(answer)
    assert not new.doubt({kind.new_id_at: 7, "code": "SUCCESS"})


async def test_vendors_may_repeat_the_name_of_a_campaign(engine_client: EngineClient) -> None:
    """The plan says that there is one; Amazon takes it all the same."""
    vendor = {"profile_id": VENDOR_PROFILE}
    named = (await do(engine_client, CAMPAIGNS, "list", **vendor)).data[0]["name"]
    plan = await do(
        engine_client, CAMPAIGNS, "create", **{**NEW, "name": named, "daily_budget": 2000}, **vendor
    )
    assert "is called this already" in plan.text
    assert "APPLIED: 1 of 1" in (await applied(engine_client, plan.data["plan_id"])).text
