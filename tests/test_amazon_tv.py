"""Sponsored TV as an agent reads and changes it: plain days and budgets, archived for good by delete."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, check_in, error_of, undo_of, writes

from mcp_ads.errors import AuthError, InvalidParams, NotFound, UnknownAction

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
CAMPAIGNS = "sponsored_tv_campaigns"
GROUPS = "sponsored_tv_ad_groups"
ADS = "sponsored_tv_ads"
TARGETS = "sponsored_tv_targets"
CREATIVES = "sponsored_tv_creatives"
CAMPAIGN, GROUP, AD, TARGET, CREATIVE = (f"10{kind}000000000001" for kind in range(5))
P = {"profile_id": PROFILE}
DE = "4412345678901234"
ASSET = "amzn1.assetlibrary.asset1.a123456789123456"


def day(offset: int) -> str:
    return (datetime.now(ZoneInfo("America/Los_Angeles")) + timedelta(offset)).date().isoformat()


async def told(client: EngineClient, entity: str, action: str, **params: Any) -> str:
    """What a plan says."""
    return str((await client.do(AMAZON, entity, action, **{**P, **params})).text)


async def done(client: EngineClient, entity: str, action: str, **params: Any) -> Any:
    """What applying a plan answers."""
    plan = await client.do(AMAZON, entity, action, **P, **params)
    return await applied(client, plan.data["plan_id"])


async def made(client: EngineClient, entity: str, **params: Any) -> str:
    """The id of something new."""
    return str((await done(client, entity, "create", **params)).data["steps"][0]["id"])


async def read(client: EngineClient, entity: str, **params: Any) -> dict[str, Any]:
    return dict((await client.do(AMAZON, entity, "get", **P, **params)).data)


async def mistake(client: EngineClient, entity: str, action: str, **params: Any) -> str:
    with pytest.raises(InvalidParams) as caught:
        await told(client, entity, action, **params)
    return str(caught.value)


async def test_what_reports_name_is_listed(engine_client: EngineClient) -> None:
    """A campaign, an ad group, an ad, a target and a creative, each with how it serves, in a line."""
    lines = [
        (await engine_client.table(AMAZON, entity, "list", **P)).text.split("\n")[2]
        for entity in (CAMPAIGNS, GROUPS, ADS, TARGETS, CREATIVES)
    ]
    assert lines[0] == f"{CAMPAIGN},Tern & Tide on TV,ENABLED,CAMPAIGN_STATUS_ENABLED,80.0,{day(-45)},"
    assert lines[1] == f"{GROUP},Streaming,ENABLED,AD_GROUP_STATUS_ENABLED,25.0,{CAMPAIGN}"
    assert lines[2] == f'{AD},"Towels, the film",ENABLED,AD_STATUS_LIVE,SKU_DP,TT-TOWEL-01,{GROUP}'
    text = f"{TARGET},content Comedy (amzn1.iab-content.646),ENABLED,TARGETING_CLAUSE_STATUS_LIVE"
    assert lines[3] == f"{text},{GROUP},{CAMPAIGN}"
    assert lines[4].endswith("version_v1,APPROVED")
    report = await engine_client.do(
        AMAZON, "reports", "run", **P, report_type="stCampaigns", report_group_by=["campaign", "adGroup"],
        time_range="last_7d", fields=["campaignId", "adGroupId", "campaignBudgetAmount"],
    )  # fmt: skip
    assert {(row["campaignId"], row["adGroupId"]) for row in report.data} == {(CAMPAIGN, GROUP)}


@pytest.mark.slow
async def test_a_campaign_from_its_making_to_its_end(engine_client: EngineClient) -> None:
    """Its days are those of the profile's zone, its budget is in the profile's currency; undone, archived."""
    plan = await engine_client.do(
        AMAZON, CAMPAIGNS, "create", **P, name="Spring film", daily_budget="50 USD", end_date=day(30)
    )
    assert f"daily_budget 50.00 USD a day; startDate {day(0)}; endDate {day(30)}; state PAUSED" in plan.text
    assert f'"endDate":"{day(30)}T23:59:59Z"' in plan.text
    own = {"campaign_id": (await applied(engine_client, plan.data["plan_id"])).data["steps"][0]["id"]}
    row = await read(engine_client, CAMPAIGNS, **own)
    assert (row["startDate"], row["endDate"], row["budget"]) == (day(0), day(30), 50)
    assert (row["targetingType"], row["costType"]) == ("MANUAL", "CPM")

    text = await told(engine_client, CAMPAIGNS, "update", **own, end_date=day(40))
    assert f"endDate {day(30)} → {day(40)}" in text
    assert '"startDate":"' in text, "Amazon takes no end without a begin beside it"
    assert f"it ends at {day(40)}T23:59:59Z, 15:59 in America/Los_Angeles" in text
    same = await told(
        engine_client, CAMPAIGNS, "update", campaign_id=CAMPAIGN, start_date=day(-45), end_date=day(9)
    )
    assert "startDate " not in same, "it stays what it was"
    assert f'"startDate":"{day(-45)}T08:00:00Z"' in same, "the very moment at which it began"
    result = await done(engine_client, CAMPAIGNS, "update", **own, daily_budget="+20%", end_date=day(40))
    assert "read back: daily_budget 60.00 USD" in result.text
    await applied(engine_client, undo_of(result))
    row = await read(engine_client, CAMPAIGNS, **own)
    assert (row["budget"], row["endDate"]) == (50, day(30))

    on = await engine_client.do(AMAZON, CAMPAIGNS, "enable", **P, **own)
    assert "ACTIVATES DELIVERY: can spend 50.00 USD a day" in on.text
    assert "it has no ad groups; next: sponsored_tv_ad_groups.create" in on.text
    await applied(engine_client, on.data["plan_id"])
    assert "read back: state PAUSED" in (await done(engine_client, CAMPAIGNS, "pause", **own)).text
    await made(engine_client, GROUPS, **own, name="Runners")
    gone = await engine_client.do(AMAZON, CAMPAIGNS, "delete", **P, **own)
    assert "cannot be undone: Amazon never changes archived objects again" in gone.text
    assert "archived with it for good: 1 ad group, 0 ENABLED" in gone.text
    await applied(engine_client, gone.data["plan_id"])
    assert (await read(engine_client, CAMPAIGNS, **own))["state"] == "ARCHIVED"
    groups = await engine_client.do(AMAZON, GROUPS, "list", **P, **own)
    assert [row["state"] for row in groups.data] == ["ARCHIVED"]


@pytest.mark.slow
async def test_an_automatic_campaign_needs_no_targets(engine_client: EngineClient) -> None:
    """Where Amazon chooses, what is missing is an ad group with an ad; a running one's end has no undo."""
    own = await made(
        engine_client,
        CAMPAIGNS,
        name="By itself",
        daily_budget="20 USD",
        targeting_type="auto_relevant_to_my_business",
    )
    text = await told(engine_client, CAMPAIGNS, "activate", campaign_id=own)
    assert "it has no ads" in text
    assert "it has no creatives" in text
    assert "it has no targets" not in text
    group = await made(engine_client, GROUPS, campaign_id=own, name="All")
    text = await told(engine_client, GROUPS, "activate", ad_group_id=group)
    assert "it has no ads" in text
    assert "it has no targets" not in text
    film = {"asset_id": ASSET, "asset_version": "version_v1"}
    await made(engine_client, CREATIVES, ad_group_id=group, **film)
    for entity, of in ((CAMPAIGNS, {"campaign_id": own}), (GROUPS, {"ad_group_id": group})):
        text = await told(engine_client, entity, "activate", **of)
        assert "none of its creatives is APPROVED (1 PENDING_REVIEW)" in text
        await done(engine_client, entity, "activate", **of)
    await made(engine_client, ADS, ad_group_id=group, state="ENABLED")
    rows = (await engine_client.table(AMAZON, GROUPS, "list", **P, campaign_id=own)).rows
    assert rows[0]["extendedData.servingStatus"] == "AD_GROUP_INCOMPLETE"
    await done(engine_client, CAMPAIGNS, "pause", campaign_id=CAMPAIGN)
    whole = await told(engine_client, CAMPAIGNS, "activate", campaign_id=CAMPAIGN)
    assert "delivers nothing yet" not in whole
    text = await told(engine_client, CAMPAIGNS, "update", campaign_id=CAMPAIGN, end_date=day(9))
    assert "no undo: endDate was not set before, and cannot be unset here" in text


async def test_an_ad_group_and_its_bid(engine_client: EngineClient) -> None:
    """A bid per thousand, raised and taken back; one above the budget is warned of, a refusal is told."""
    text = await told(engine_client, GROUPS, "create", campaign_id=CAMPAIGN, name="Cheap")
    assert "no default bid: Amazon's own counts" in text
    dear = {"campaign_id": CAMPAIGN, "name": "Dear", "default_bid": "2000 USD"}
    assert "above the campaign's daily budget of 80.00" in await told(engine_client, GROUPS, "create", **dear)
    refused = await done(engine_client, GROUPS, "create", **dear)
    assert "biddingError BID_GT_BUDGET (defaultBid.bid); nothing was changed" in refused.text
    assert "a bid under the campaign's daily budget" in refused.text
    own = {"ad_group_id": await made(engine_client, GROUPS, campaign_id=CAMPAIGN, name="Both", bid="20 USD")}
    raised = await done(engine_client, GROUPS, "update", **own, default_bid="+10%")
    assert "default_bid 20.00 → 22.00 USD" in raised.text
    await applied(engine_client, undo_of(raised))
    assert (await read(engine_client, GROUPS, **own))["defaultBid"] == 20
    on = await told(engine_client, GROUPS, "activate", **own)
    assert "ACTIVATES DELIVERY: can spend 80.00 USD a day" in on
    assert "it has no ads; next: sponsored_tv_ads.create" in on
    assert "it has no targets; next: sponsored_tv_targets.create" in on
    assert "it has no creatives; next: sponsored_tv_creatives.create" in on
    await done(engine_client, GROUPS, "pause", ad_group_id=GROUP)
    assert (await read(engine_client, GROUPS, ad_group_id=GROUP))["state"] == "PAUSED"
    gone = await told(engine_client, GROUPS, "delete", ad_group_id=GROUP)
    assert f'it is in campaign {CAMPAIGN} "Tern & Tide on TV", ENABLED' in gone
    assert "archived with it for good: 1 ad, 1 ENABLED; 1 target, 1 ENABLED" in gone


async def test_an_ad_and_where_it_leads(engine_client: EngineClient) -> None:
    """Sellers name a sku, addresses stand whole in the plan, and where it leads never changes."""
    sku = {"landing_page_type": "SKU_DP", "landing_page_value": "TT-TOTE-02"}
    own = {"ad_id": await made(engine_client, ADS, ad_group_id=GROUP, name="Totes", **sku)}
    row = await read(engine_client, ADS, **own)
    assert (row["adName"], row["state"], row["campaignId"]) == ("Totes", "PAUSED", CAMPAIGN)
    url = "https://www.amazon.com/stores/page/1"
    text = await told(
        engine_client, ADS, "create", ad_group_id=GROUP, landing_page_type="store", landing_page_value=url
    )
    assert f'landing_page_value "{url}"' in text
    text = await told(engine_client, ADS, "create", ad_group_id=GROUP, **sku)
    assert "whether TT-TOTE-02 may be advertised is not checked" in text
    bare = await told(engine_client, ADS, "create", ad_group_id=GROUP)
    assert "no landing page: whoever scans what is shown is led nowhere" in bare
    assert "no ad_name" in bare
    asin = {"landing_page_type": "ASIN_DP", "landing_page_value": "B0TERN0001"}
    assert "give SKU_DP" in await mistake(engine_client, ADS, "create", ad_group_id=GROUP, **asin)
    off = {"landing_page_type": "OFF_AMAZON_LINK", "landing_page_value": "http://tern.example"}
    assert "begins with https://" in await mistake(engine_client, ADS, "create", ad_group_id=GROUP, **off)
    assert "never changes" in await mistake(engine_client, ADS, "update", **own, **sku)
    renamed = await done(engine_client, ADS, "update", **own, ad_name="All totes")
    await applied(engine_client, undo_of(renamed))
    assert "ACTIVATES DELIVERY" in (await told(engine_client, ADS, "activate", **own))
    await done(engine_client, ADS, "activate", **own)
    await done(engine_client, ADS, "pause", **own)
    assert "cannot be undone" in await told(engine_client, ADS, "delete", **own)
    await done(engine_client, ADS, "delete", **own)
    assert (await read(engine_client, ADS, **own))["state"] == "ARCHIVED"


async def test_a_target_in_words(engine_client: EngineClient) -> None:
    """Content by its name, categories by number; a bid is refused, an audience doubted, neither changed."""
    plan = await engine_client.do(AMAZON, TARGETS, "create", **P, ad_group_id=GROUP, content="true crime")
    assert "targets content True Crime (amzn1.iab-content.KHPC5A)" in plan.text
    own = {"target_id": (await applied(engine_client, plan.data["plan_id"])).data["steps"][0]["id"]}
    assert (await read(engine_client, TARGETS, **own))["targeting"].startswith("content True Crime")
    again = {"ad_group_id": GROUP, "content": "comedy"}
    assert "already there, ENABLED" in await told(engine_client, TARGETS, "create", **again)
    assert "targets category 2617941011" in await told(
        engine_client, TARGETS, "create", ad_group_id=GROUP, category_id="2617941011"
    )
    audience = [{"type": "AUDIENCE_SAME_AS_IN_MARKET", "value": "398770975356829103"}]
    text = await told(engine_client, TARGETS, "create", ad_group_id=GROUP, expression=audience)
    assert "the unified API takes them, by api.post" in text
    bid = await mistake(engine_client, TARGETS, "create", ad_group_id=GROUP, content="Drama", bid="5 USD")
    assert "takes no notice of a target's bid since 30 Jun 2025: set default_bid" in bid
    assert "did you mean Comedy?" in await mistake(
        engine_client, TARGETS, "create", ad_group_id=GROUP, content="Commedy"
    )
    assert "give one of content" in await mistake(engine_client, TARGETS, "create", ad_group_id=GROUP)
    assert "never changes" in await mistake(engine_client, TARGETS, "update", **own, content="Drama")
    await done(engine_client, TARGETS, "update", **own, state="ENABLED")
    await done(engine_client, TARGETS, "pause", **own)
    assert "ACTIVATES DELIVERY" in await told(engine_client, TARGETS, "activate", **own)
    await done(engine_client, TARGETS, "delete", **own)
    assert (await read(engine_client, TARGETS, **own))["state"] == "ARCHIVED"


async def test_a_creative_is_reviewed_and_replaced(engine_client: EngineClient) -> None:
    """It goes in for good, another video may take its place, and it has neither state nor end."""
    new = {"ad_group_id": GROUP, "asset_id": ASSET, "asset_version": "version_v1"}
    plan = await engine_client.do(AMAZON, CREATIVES, "create", **P, **new)
    assert "cannot be undone: Amazon has no way to remove a creative" in plan.text
    assert "reviews the video for up to 72 hours" in plan.text
    own = {"creative_id": (await applied(engine_client, plan.data["plan_id"])).data["steps"][0]["id"]}
    assert (await read(engine_client, CREATIVES, **own))["moderationStatus"] == "PENDING_REVIEW"
    changed = await done(
        engine_client, CREATIVES, "update", **own, asset_id=f"{ASSET}b", asset_version="version_v2"
    )
    await applied(engine_client, undo_of(changed))
    row = await read(engine_client, CREATIVES, **own)
    assert (row["assetId"], row["assetVersion"]) == (ASSET, "version_v1")
    listed = await engine_client.do(AMAZON, CREATIVES, "list", **P, ad_group_id=GROUP)
    assert [row["creativeId"] for row in listed.data] == [CREATIVE, own["creative_id"]]
    for action, said in (("delete", "no way to remove"), ("pause", "has no state")):
        with pytest.raises(UnknownAction, match=said):
            await told(engine_client, CREATIVES, action, **own)


async def test_the_film_of_a_creative_is_looked_at_first(engine_client: EngineClient) -> None:
    """A picture and a version there is not are refused; a film is named, and whether Amazon has it ready."""
    listed = await engine_client.do(AMAZON, "assets", "list", **P)
    assets = {row["name"]: (row["assetId"], row["version"]) for row in listed.data}
    for name, version, said in (
        ("logo.png", "", "asset_id: 'amzn1.* is an IMAGE, not a VIDEO"),
        ("towels.mp4", "version_v9", "asset_id: 'amzn1.* has no such version"),
    ):
        own = {"asset_id": assets[name][0], "asset_version": version or assets[name][1]}
        with pytest.raises(InvalidParams, match=said):
            await engine_client.do(AMAZON, CREATIVES, "create", **P, ad_group_id=GROUP, **own)
    own = {"asset_id": assets["autumn.mp4"][0], "asset_version": assets["autumn.mp4"][1]}
    plan = await engine_client.do(AMAZON, CREATIVES, "update", **P, creative_id=CREATIVE, **own)
    assert 'asset_id is the video "autumn.mp4"' in plan.text
    assert "Amazon still processes it" in plan.text


async def test_many_at_once_travel_together(engine_client: EngineClient) -> None:
    """Several targets are one request, several creatives one each, as Amazon takes no more."""
    items = [{"ad_group_id": GROUP, "content": name} for name in ("Drama", "Horror", "News")]
    plan = await engine_client.do(AMAZON, TARGETS, "create", **P, items=items)
    before = len(engine_client.sent())
    await applied(engine_client, plan.data["plan_id"])
    assert engine_client.sent()[before:].count("POST /st/targets") == 1
    films = [{"ad_group_id": GROUP, "asset_id": f"{ASSET}{n}", "asset_version": "1"} for n in range(2)]
    plan = await engine_client.do(AMAZON, CREATIVES, "create", **P, items=films)
    await applied(engine_client, plan.data["plan_id"])
    assert engine_client.sent().count("POST /st/creatives") == 2
    several = await engine_client.do(AMAZON, CAMPAIGNS, "get", **P, campaign_id=[CAMPAIGN, "7"])
    assert ([row["name"] for row in several.data], several.errors[0]["index"]) == (["Tern & Tide on TV"], 1)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"daily_budget": "50 EUR"}, "currency is USD"),
        ({"daily_budget": "0 USD"}, "above 0"),
        ({"daily_budget": {"budget": {"recurrenceType": "MONTHLY", "budgetValue": {}}}}, "DAILY"),
        ({"end_date": "2020-01-01"}, "is before start_date"),
        ({"end_date": "none"}, "2026-11-30"),
        ({"tags": {"a": "b"}}, "no notice of tags since 30 Jun 2025"),
        ({"targeting_type": "AUTO"}, "it never changes"),
        ({"state": "ARCHIVED"}, "delete archives"),
        ({"start_date": day(5)}, "Amazon moves only days that are to come"),
        ({}, "nothing to change: give name, daily_budget, start_date, end_date, state"),
    ],
)
async def test_campaigns_are_checked_before_anything_is_sent(
    looking: EngineClient, params: dict[str, Any], said: str
) -> None:
    """One line for each mistake, and nothing is changed."""
    assert said in await mistake(looking, CAMPAIGNS, "update", campaign_id=CAMPAIGN, **params)
    assert writes(looking) == []


async def test_names_are_looked_for_one_at_a_time(looking: EngineClient) -> None:
    """A part of a name is one text, as Amazon's guide has it; whole names may be several."""
    with pytest.raises(InvalidParams, match="name: one text; several are whole names"):
        await looking.do(AMAZON, GROUPS, "list", **P, name=["a", "b"])
    whole = {"include": ["Streaming", "Other"], "queryTermMatchType": "EXACT_MATCH"}
    found = await looking.do(AMAZON, GROUPS, "list", **P, name=whole)
    assert [row["adGroupId"] for row in found.data] == [GROUP]


async def test_where_there_is_no_sponsored_tv(engine_client: EngineClient) -> None:
    """Lists are empty there; a plan warns, and Amazon's refusal says where it is."""
    listed = await engine_client.do(AMAZON, CAMPAIGNS, "list", profile_id=DE)
    assert listed.data == []
    of = {"profile_id": DE, "name": "Im Fernsehen", "daily_budget": "50 EUR"}
    plan = await engine_client.do(AMAZON, CAMPAIGNS, "create", **of)
    assert "this profile is in DE: Amazon has Sponsored TV in US, CA, MX, BR, UK" in plan.text
    with pytest.raises(AuthError) as refused:
        await applied(engine_client, plan.data["plan_id"])
    assert "Sponsored TV is in US, CA, MX, BR, UK: is the profile?" in refused.value.fix
    with pytest.raises(NotFound, match="is a campaign of Sponsored Products"):
        await engine_client.do(AMAZON, CAMPAIGNS, "get", **P, campaign_id="120000000000001")


@pytest.mark.parametrize(
    ("entity", "new"),
    [
        (TARGETS, {"content": "Drama"}),
        (ADS, {"landing_page_type": "SKU_DP", "landing_page_value": "TT-TOTE-02"}),
    ],
)
async def test_what_is_born_enabled_spends_its_campaigns_budget(
    engine_client_with: EngineClients, entity: str, new: dict[str, Any]
) -> None:
    """That budget is what was agreed to: another one when it is applied is another plan, and a cap holds."""
    client, capped = engine_client_with(), engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="90 USD")
    born = {**P, "ad_group_id": GROUP, **new, "state": "ENABLED"}
    plan = await client.do(AMAZON, entity, "create", **born)
    assert "ACTIVATES DELIVERY: can spend 80.00 USD a day" in plan.text
    within = await capped.do(AMAZON, entity, "create", **born)
    campaign = deepcopy(client.store.get("amazon.st.campaigns", CAMPAIGN))
    assert campaign is not None
    campaign["budgetSettings"]["budget"]["budgetValue"]["amount"] = 800.0
    client.store.put("amazon.st.campaigns", CAMPAIGN, campaign)
    drifted = await applied(client, plan.data["plan_id"])
    assert "was 80.00 USD" in drifted.text
    assert "800.00 USD" in drifted.text
    for refused in (applied(capped, within.data["plan_id"]), capped.do(AMAZON, entity, "create", **born)):
        assert "90" in str(await error_of(refused))
    assert writes(client) == []


async def test_an_end_goes_back_to_its_very_moment(engine_client: EngineClient) -> None:
    """Amazon keeps moments: an undo has the old one, not the one that we would write for its day."""
    campaign = engine_client.store.get("amazon.st.campaigns", CAMPAIGN)
    assert campaign is not None
    before = f"{day(20)}T07:59:59Z"
    engine_client.store.put("amazon.st.campaigns", CAMPAIGN, {**campaign, "endDate": before})
    own = {"campaign_id": CAMPAIGN}
    assert (await read(engine_client, CAMPAIGNS, **own))["endDate"] == day(19)
    changed = await done(engine_client, CAMPAIGNS, "update", **own, end_date=day(30))
    undone = await applied(engine_client, undo_of(changed))
    assert f"endDate {day(30)} → {day(19)}" in undone.text
    assert (await read(engine_client, CAMPAIGNS, **own, fields="endDateTime"))["endDateTime"] == before
    again = await told(engine_client, CAMPAIGNS, "update", **own, end_date=day(19), name="On TV")
    assert before in again, "the day stays what it is, to the second"


async def test_a_budget_below_the_bids_in_it(looking: EngineClient) -> None:
    """Amazon takes none that is below an ad group's default bid: the plan says which that is."""
    text = await told(looking, CAMPAIGNS, "update", campaign_id=CAMPAIGN, daily_budget="20 USD")
    assert f"daily_budget: 20.00 USD is below the default bid 25.00 of ad group {GROUP}" in text
    text = await told(looking, CAMPAIGNS, "update", campaign_id=CAMPAIGN, daily_budget="25 USD")
    assert "is below the default bid" not in text


@pytest.mark.parametrize(
    ("entity", "new", "seen"),
    [
        (GROUPS, {"campaign_id": CAMPAIGN, "name": "Runners"}, ("extendedData.creationDate", "made after")),
        (TARGETS, {"ad_group_id": GROUP, "content": "News"}, ("extendedData.creationDate", "content News")),
        (ADS, {"ad_group_id": GROUP}, ("extendedData.creationDate", "lists ad", "made after")),
        (CREATIVES, {"ad_group_id": GROUP, "asset_id": ASSET, "asset_version": "v7"}, (f"{ASSET} v7",)),
    ],
)
async def test_a_create_whose_answer_is_lost_can_be_looked_for(
    engine_client: EngineClient, entity: str, new: dict[str, Any], seen: tuple[str, ...]
) -> None:
    """The printed call shows when each was made, or, of what has no time, what tells it from others."""
    plan = await engine_client.do(AMAZON, entity, "create", **P, **new)
    engine_client.fault("cut", when="after", method="POST", path=r"/st/\w+$")
    lost = await applied(engine_client, plan.data["plan_id"])
    assert all(part in lost.text for part in ("UNKNOWN: 0 of 1", *seen))
    assert entity != CREATIVES or "made after" not in lost.text
    _, entity, action, params = check_in(lost.text)
    rows = (await engine_client.table(AMAZON, entity, action, **params)).rows
    assert entity == CREATIVES or rows[-1]["extendedData.creationDate"] > day(-1)
