"""Amounts for a whole run, by what they come to a day: whichever schedule ends first counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from engine_client import FACEBOOK, LINKEDIN, LINKEDIN_US, US, EngineClient
from planning import DRYBAGS, GIFTS, STRIPES, applied, planned, writes

from mcp_ads.errors import OverCap

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
DAY = timedelta(days=1)
GIFT_SETS = ("1202120000000003320", "1202120000000003321")
DRY_SETS = ("1202120000000003150", "1202120000000003151")
GROUP, CAMPAIGN = "600000001", "300000001"
TOO_FAST = "campaign.lifetime_budget 4200.00 USD comes to [0-9.]+ USD a day in the days left, over the cap"


def at(days: float) -> str:
    return (datetime.now(UTC) + days * DAY).strftime("%Y-%m-%dT%H:%M:%S+0000")


def epoch(days: float) -> int:
    return int((datetime.now(UTC) + days * DAY).timestamp() * 1000)


async def shop(engine_client: EngineClient) -> EngineClient:
    """The engine client, with both platforms' accounts filled."""
    await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=1)
    await engine_client.do(LINKEDIN, "campaigns", "list", account_id=LINKEDIN_US, limit=1)
    return engine_client


def put(engine_client: EngineClient, kind: str, object_id: str, *without: str, **fields: Any) -> None:
    """Change an object on the platform behind our back."""
    found = engine_client.store.get(kind, object_id)
    assert found
    kept = {name: value for name, value in found.items() if name not in without}
    engine_client.store.put(kind, object_id, {**kept, **fields})


@pytest.fixture
async def capped(engine_client_with: EngineClients) -> EngineClient:
    """An engine client where a day may cost 500 USD and anything in all 9000 USD."""
    return await shop(
        engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="500 USD", MCP_ADS_MAX_LIFETIME_BUDGET="9000 USD")
    )


async def test_ad_sets_cannot_hurry_their_campaigns_amount(capped: EngineClient) -> None:
    """Ending all that spends a campaign's lifetime budget is as fast as ending the campaign."""
    with pytest.raises(OverCap, match=TOO_FAST):
        await planned(capped, "ad_sets", "update", adset_id=list(GIFT_SETS), end_time=at(1))
    assert writes(capped) == []


async def test_an_ad_sets_own_end_counts_when_it_is_activated(capped: EngineClient) -> None:
    """The campaign ends later, and the ad set that begins to spend its amount does not."""
    put(capped, "facebook.adset", GIFT_SETS[0], status="PAUSED", end_time=at(1))
    with pytest.raises(OverCap, match=TOO_FAST):
        await planned(capped, "ad_sets", "activate", adset_id=GIFT_SETS[0])


async def test_an_amount_that_is_not_spread_may_go_in_one_day(capped: EngineClient) -> None:
    """An ad set of pacing no_pacing spends its lifetime budget as fast as it can, whenever it ends."""
    put(capped, "facebook.campaign", GIFTS, "lifetime_budget", bid_strategy=None)
    own = {"status": "PAUSED", "lifetime_budget": "420000", "end_time": at(30)}
    put(capped, "facebook.adset", GIFT_SETS[0], **own)
    assert await planned(capped, "ad_sets", "activate", adset_id=GIFT_SETS[0])
    put(capped, "facebook.adset", GIFT_SETS[0], **own, pacing_type=["no_pacing"])
    with pytest.raises(OverCap, match=r"lifetime_budget 4200.00 USD comes to 4200.00 USD a day"):
        await planned(capped, "ad_sets", "activate", adset_id=GIFT_SETS[0])


@pytest.mark.parametrize(("last", "fits"), [(1, False), (30, True)])
async def test_a_campaign_spends_until_its_last_ad_set_ends(
    capped: EngineClient, last: int, fits: bool
) -> None:
    """A campaign's own end is no relief when all its ad sets end before; one that goes on is."""
    put(capped, "facebook.campaign", GIFTS, status="PAUSED")
    for object_id, days in zip(GIFT_SETS, (1, last), strict=True):
        put(capped, "facebook.adset", object_id, status="ACTIVE", end_time=at(days))
    activation = planned(capped, "campaigns", "activate", campaign_id=GIFTS)
    if fits:
        assert "USD" in await activation
        return
    with pytest.raises(OverCap, match=r"lifetime_budget 4200\.00 USD comes to"):
        await activation


async def test_a_campaigns_end_hurries_its_ad_sets(capped: EngineClient) -> None:
    """Amounts on ad sets are spent until the campaign ends, and count together."""
    put(capped, "facebook.campaign", DRYBAGS, status="ACTIVE")
    for set_ in DRY_SETS:
        run = {"lifetime_budget": "300000", "end_time": at(60), "status": "ACTIVE"}
        put(capped, "facebook.adset", set_, "daily_budget", **run)
    with pytest.raises(OverCap, match=r"lifetime_budget 6000\.00 USD comes to"):
        await planned(capped, "campaigns", "update", campaign_id=DRYBAGS, stop_time=at(1.2))


def total_in_group(
    engine_client: EngineClient, status: str, own: dict[str, int], group: dict[str, int]
) -> None:
    """A LinkedIn campaign of 3,000 USD in all, with the ends that it and its group have."""
    money = {"amount": "3000.00", "currencyCode": "USD"}
    run = {"start": epoch(-30)}
    put(engine_client, "linkedin.group", GROUP, status="ACTIVE", runSchedule=run | group)
    campaign = {"status": status, "totalBudget": money, "runSchedule": run | own}
    put(engine_client, "linkedin.campaign", CAMPAIGN, "dailyBudget", **campaign)


async def test_a_groups_end_hurries_its_campaigns(capped: EngineClient) -> None:
    """LinkedIn: a group that ends ends what is in it."""
    total_in_group(capped, "ACTIVE", {"end": epoch(60)}, {"end": epoch(70)})
    params = {"account_id": LINKEDIN_US, "campaign_group_id": GROUP, "run_schedule": {"end": epoch(1)}}
    with pytest.raises(OverCap, match=r"totalBudget 3000\.00 USD comes to 3000\.00 USD a day"):
        await planned(capped, "campaign_groups", "update", LINKEDIN, **params)


async def test_a_campaign_ends_with_its_group(capped: EngineClient) -> None:
    """LinkedIn: a campaign without an end of its own spends its total until its group ends."""
    total_in_group(capped, "PAUSED", {}, {"end": epoch(1)})
    with pytest.raises(OverCap, match=r"totalBudget 3000\.00 USD comes to 3000\.00 USD a day"):
        await planned(capped, "campaigns", "activate", LINKEDIN, account_id=LINKEDIN_US, campaign_id=CAMPAIGN)


async def test_what_cannot_be_read_above_is_refused_under_a_cap(capped: EngineClient) -> None:
    """An end that nobody could read bounds nothing: what is spent in a day is not known."""
    total_in_group(capped, "PAUSED", {"end": epoch(60)}, {})
    capped.fault("503", times=0, path="adCampaignGroups")
    with pytest.raises(OverCap, match="its campaign group cannot be read now"):
        await planned(capped, "campaigns", "activate", LINKEDIN, account_id=LINKEDIN_US, campaign_id=CAMPAIGN)


async def test_paces_add_up(engine_client_with: EngineClients) -> None:
    """Lifetime amounts that each fit the cap of a day do not fit it together, nor beside a daily one."""
    engine_client = await shop(
        engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="500 USD", MCP_ADS_MAX_LIFETIME_BUDGET="99999 USD")
    )
    sets = {
        DRY_SETS[0]: {"lifetime_budget": "400000", "end_time": at(10)},
        DRY_SETS[1]: {"daily_budget": "45000"},
    }
    put(engine_client, "facebook.campaign", DRYBAGS, status="ACTIVE")
    for object_id, money in sets.items():
        put(engine_client, "facebook.adset", object_id, "daily_budget", status="PAUSED", **money)
    await planned(engine_client, "ad_sets", "activate", adset_id=DRY_SETS[0])
    with pytest.raises(OverCap, match=r"together the steps add 850\.\d\d USD a day"):
        await planned(engine_client, "ad_sets", "activate", adset_id=list(DRY_SETS))


@pytest.mark.parametrize("days", [1.2, 30.0])
async def test_a_shorter_run_is_a_rise(engine_client_with: EngineClients, days: float) -> None:
    """The cap on rises holds for what an amount comes to a day."""
    engine_client = await shop(engine_client_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="20"))
    put(engine_client, "facebook.campaign", GIFTS, stop_time=at(40))
    for set_ in GIFT_SETS:
        put(engine_client, "facebook.adset", set_, end_time=at(45))
    with pytest.raises(OverCap, match=r"% over its lowest of the last 24 hours \(105\.\d\d USD\)"):
        await planned(engine_client, "campaigns", "update", campaign_id=GIFTS, stop_time=at(days))
    await planned(engine_client, "campaigns", "update", campaign_id=GIFTS, lifetime_budget="+20%")


async def test_a_run_cut_short_in_parts_is_a_rise(engine_client_with: EngineClients) -> None:
    """Two cuts that are each within the cap are measured together."""
    engine_client = await shop(
        engine_client_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="20", MCP_ADS_WRITES="direct")
    )
    put(engine_client, "facebook.campaign", GIFTS, stop_time=at(100))
    for set_ in GIFT_SETS:
        put(engine_client, "facebook.adset", set_, end_time=at(120))
    await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=GIFTS, stop_time=at(87))
    with pytest.raises(OverCap, match=r"% over its lowest of the last 24 hours \(42\.\d\d USD\)"):
        await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=GIFTS, stop_time=at(76))


async def test_an_activation_says_the_amount_the_plan_has_set_before(engine_client: EngineClient) -> None:
    """What goes live is what the step before it has raised, and is carried out as it was said."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=STRIPES, daily_budget="33 USD")
    result = await engine_client.do(FACEBOOK, "campaigns", "activate", campaign_id=STRIPES, append_to=plan_id)
    assert "can spend 33.00 USD a day" in result.text
    assert "money: +33.00 USD a day" in result.text
    assert "APPLIED: 2 of 2 done" in (await applied(engine_client, result.data["plan_id"])).text
