"""What LinkedIn's changes cost: budgets set and cleared, totals that go in one day, limits, bids, patches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from planning import applied, planned, writes

from mcp_ads.errors import InvalidParams, OverCap
from mcp_ads.sandbox.linkedin_ads.state import ACCOUNT, CAMPAIGN, GROUP

pytestmark = pytest.mark.anyio
US: dict[str, Any] = {"account_id": LINKEDIN_US}
BY_HAND, BY_ITSELF, DAILY = "300000002", "300000005", "300000008"
"""Active for WEBSITE_VISIT: a bid of 6.50 USD a click, LinkedIn's own bid, a daily budget."""
OPEN, LIMITED, SHARED = "600000001", "600000002", "600000003"
"""Active: without a budget, with a total over its campaigns, with a daily one that they share."""
NEW: dict[str, Any] = {
    **US,
    "name": "New",
    "campaign_group_id": OPEN,
    "type": "SPONSORED_UPDATES",
    "objective_type": "WEBSITE_VISIT",
    "cost_type": "CPM",
    "optimization_target_type": "MAX_CLICK",
    "total_budget": "400 USD",
    "run_schedule": {"start": "2030-01-01", "end": "2030-04-30"},
    "locale": {"country": "US", "language": "en"},
    "political_intent": "NOT_POLITICAL",
    "targeting_criteria": {"locations": ["103644278"], "seniorities": ["6"]},
    "status": "ACTIVE",
}
MONEY = {"amount": "20", "currencyCode": "USD"}


async def change(engine_client: EngineClient, campaign: str, action: str = "update", **params: Any) -> Any:
    return await engine_client.do(LINKEDIN, "campaigns", action, **US, campaign_id=campaign, **params)


async def group(engine_client: EngineClient, group_id: str, **params: Any) -> Any:
    given = {**US, "campaign_group_id": group_id, **params}
    return await engine_client.do(LINKEDIN, "campaign_groups", "update", **given)


async def put(engine_client: EngineClient, kind: str, object_id: str, **values: Any) -> None:
    """Change an object behind our back; None takes a field away."""
    await engine_client.do(LINKEDIN, "campaigns", "list", **US, limit=1)
    found = {**(engine_client.store.get(kind, object_id) or {}), **values}
    left = {name: value for name, value in found.items() if value is not None}
    engine_client.store.put(kind, object_id, left)


@pytest.fixture
def capped(engine_client_with: Callable[..., EngineClient]) -> EngineClient:
    """An engine client where a day may cost 20 USD and anything in all 500 USD."""
    return engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="20 USD", MCP_ADS_MAX_LIFETIME_BUDGET="500 USD")


@pytest.mark.parametrize(
    ("entity", "params"),
    [
        ("campaigns", {"campaign_id": DAILY, "daily_budget": "20 USD", "clear": ["dailyBudget"]}),
        (
            "campaigns",
            {"campaign_id": DAILY, "patch": {"$set": {"dailyBudget": MONEY}, "$delete": ["dailyBudget"]}},
        ),
        (
            "campaign_groups",
            {"campaign_group_id": LIMITED, "total_budget": "100 USD", "clear": ["totalBudget"]},
        ),
    ],
)
async def test_an_amount_is_set_or_cleared(capped: EngineClient, entity: str, params: dict[str, Any]) -> None:
    """With both in one call it would pass the caps by the one and be taken away by the other."""
    with pytest.raises(InvalidParams, match=r"^clear: (daily|total)Budget is set in the same call"):
        await capped.do(LINKEDIN, entity, "update", **US, **params)


async def test_an_accelerated_total_is_a_days(capped: EngineClient) -> None:
    """Spread over 120 days it fits under the cap of a day; ACCELERATED may spend it on the first of them."""
    fits = await capped.do(LINKEDIN, "campaigns", "create", **NEW, pacing_strategy="LIFETIME")
    assert "total_budget 400.00 USD in the days left is up to 3.34 USD a day" in fits.text
    with pytest.raises(OverCap, match=r"total_budget 400.00 USD comes to 400.00 USD a day"):
        await capped.do(LINKEDIN, "campaigns", "create", **NEW, pacing_strategy="ACCELERATED")


@pytest.mark.slow
async def test_an_accelerated_campaign_is_one_wherever_it_is_seen(capped: EngineClient) -> None:
    """Raised, activated, copied, and in a group that is activated."""
    end = {"start": 1790294400000, "end": 1893456000000}
    rushed = {"dailyBudget": None, "totalBudget": {"amount": "300", "currencyCode": "USD"}}
    values = {**rushed, "runSchedule": end, "pacingStrategy": "ACCELERATED"}
    await put(capped, CAMPAIGN, DAILY, **values, campaignGroup=f"urn:li:sponsoredCampaignGroup:{OPEN}")
    said = "comes to 3[01]0.00 USD a day"
    with pytest.raises(OverCap, match=said):
        await change(capped, DAILY, total_budget="310 USD")
    with pytest.raises(OverCap, match=said):
        await change(capped, DAILY, "duplicate")
    await put(capped, CAMPAIGN, DAILY, status="PAUSED")
    with pytest.raises(OverCap, match=said):
        await change(capped, DAILY, "activate")
    alone = "urn:li:sponsoredCampaignGroup:600000005"
    for row in capped.store.all(CAMPAIGN):
        if row["campaignGroup"] == alone:
            await put(capped, CAMPAIGN, str(row["id"]), status="PAUSED")
    await put(capped, CAMPAIGN, DAILY, status="ACTIVE", campaignGroup=alone)
    await put(capped, GROUP, "600000005", status="PAUSED", runSchedule=end)
    with pytest.raises(OverCap, match=said):
        await capped.do(LINKEDIN, "campaign_groups", "activate", **US, campaign_group_id="600000005")


async def test_what_accelerated_means_is_said(engine_client: EngineClient) -> None:
    """Whoever agrees to it reads that one day may take the whole budget."""
    made = await engine_client.do(LINKEDIN, "campaigns", "create", **NEW, pacing_strategy="ACCELERATED")
    assert "pacing_strategy ACCELERATED spends total_budget as fast as it can" in made.text
    await put(engine_client, CAMPAIGN, DAILY, pacingStrategy="ACCELERATED")
    assert "pacingStrategy ACCELERATED" in (await change(engine_client, DAILY, "duplicate")).text


async def test_a_limit_taken_away_is_no_saving(engine_client: EngineClient) -> None:
    """The campaigns of the group spend as before, and longer."""
    made = await group(engine_client, LIMITED, clear=["totalBudget"])
    assert "total_budget 120000.00 USD → none" in made.text
    assert "money:" not in made.text
    assert "without total_budget nothing limits any more what is spent in all" in made.text
    shared = await group(engine_client, SHARED, clear=["dailyBudget"])
    assert "money: -" in shared.text


async def test_a_first_limit_is_no_spending(engine_client: EngineClient) -> None:
    """A total beside a daily budget, and one over a group's campaigns, end what is spent."""
    made = await change(engine_client, DAILY, total_budget="5000 USD")
    assert "total_budget 5000.00 USD" in made.text
    assert "money:" not in made.text
    over = await group(engine_client, OPEN, total_budget="5000 USD", run_schedule={"end": "2030-01-01"})
    assert "money:" not in over.text
    more = await group(engine_client, LIMITED, total_budget="+1000 USD")
    assert "money: +1000.00 USD in all" in more.text


async def test_a_limit_is_not_taken_away_under_caps(capped: EngineClient) -> None:
    """What the campaigns may then spend in all is nothing that can be read."""
    with pytest.raises(OverCap, match="without its budget what it spends cannot be read"):
        await group(capped, LIMITED, clear=["totalBudget"])


@pytest.mark.parametrize(
    ("campaign", "params", "said"),
    [
        (BY_HAND, {"unit_cost": "0 USD"}, "unit_cost: NONE needs one above 0"),
        (
            BY_HAND,
            {"cost_type": "CPV", "unit_cost": "1 USD"},
            "cost_type: a bid of your own for WEBSITE_VISIT",
        ),
        (BY_HAND, {"cost_type": "CPM"}, "unit_cost: the bid that is there was meant by CPC"),
        (BY_ITSELF, {"cost_type": "CPC"}, "cost_type: MAX_CLICK is billed by CPM, not CPC"),
        (BY_ITSELF, {"cost_type": "CPV"}, "cost_type: MAX_CLICK is billed by CPM, not CPV"),
    ],
)
async def test_what_is_bid_is_checked_in_every_change(
    engine_client: EngineClient, campaign: str, params: dict[str, Any], said: str
) -> None:
    """Over what the campaign has, also where only one of target, cost type and bid changes."""
    with pytest.raises(InvalidParams, match=said):
        await change(engine_client, campaign, **params)
    assert writes(engine_client) == []


async def test_a_cost_type_changes_with_its_bid(engine_client: EngineClient) -> None:
    """With an amount that is meant by it the change is planned and carried out."""
    given = {**US, "campaign_id": BY_HAND, "cost_type": "CPM", "unit_cost": "9 USD"}
    await applied(engine_client, await planned(engine_client, "campaigns", "update", LINKEDIN, **given))
    assert (engine_client.store.get(CAMPAIGN, BY_HAND) or {})["costType"] == "CPM"


async def test_a_drafts_objective_fits_its_target(engine_client: EngineClient) -> None:
    """While an objective can be changed, it is checked against how the campaign bids."""
    await put(engine_client, CAMPAIGN, BY_ITSELF, status="DRAFT")
    with pytest.raises(InvalidParams, match="MAX_CLICK goes with"):
        await change(engine_client, BY_ITSELF, objective_type="BRAND_AWARENESS")


async def test_a_bid_that_nobody_heeds_is_said(engine_client: EngineClient) -> None:
    """Where LinkedIn bids by itself, an amount is taken and ignored."""
    made = await change(engine_client, BY_ITSELF, unit_cost="9 USD")
    assert "unit_cost: with MAX_CLICK LinkedIn bids by itself, and does not heed it" in made.text
    other = await change(engine_client, BY_HAND, unit_cost="9 USD")
    assert "bids by itself" not in other.text


async def test_a_copy_bids_and_spends_no_less_than_linkedin_takes(engine_client: EngineClient) -> None:
    """No bid where one is needed, and a daily budget below the least for the audience that is copied."""
    with pytest.raises(InvalidParams, match="unit_cost: NONE needs one above 0"):
        await change(engine_client, BY_HAND, "duplicate", unit_cost="0 USD")
    with pytest.raises(InvalidParams, match=r"daily_budget: LinkedIn takes at least 10.00 USD a day"):
        await change(engine_client, BY_HAND, "duplicate", daily_budget="5 USD")
    assert "unit_cost 6.50 USD" in (await change(engine_client, BY_HAND, "duplicate")).text


async def test_a_shared_budget_says_how_it_is_shared(engine_client: EngineClient) -> None:
    """LinkedIn takes no bid strategy without the strategy of the budget."""
    with pytest.raises(InvalidParams, match="it needs the budgetOptimizationStrategy"):
        await group(engine_client, OPEN, budget_optimization={"bidStrategy": "MANUAL"})


@pytest.mark.parametrize(
    ("entity", "params", "said"),
    [
        (
            "campaigns",
            {
                "campaign_id": DAILY,
                "run_schedule": {"end": "2030-01-01"},
                "patch": {"$set": {"runSchedule": {}}},
            },
            "run_schedule",
        ),
        (
            "campaigns",
            {
                "campaign_id": DAILY,
                "run_schedule": {"end": "2030-01-01"},
                "patch": {"runSchedule": {"$delete": ["end"]}},
            },
            "run_schedule",
        ),
        (
            "campaigns",
            {"campaign_id": DAILY, "daily_budget": "9 USD", "patch": {"$set": {"dailyBudget": MONEY}}},
            "daily_budget",
        ),
        (
            "creatives",
            {
                "creative_id": "180000001",
                "intended_status": "PAUSED",
                "patch": {"$set": {"status": "ACTIVE"}},
            },
            "intended_status",
        ),
        (
            "conversions",
            {
                "conversion_id": "104001",
                "post_click_attribution_window_size": 30,
                "patch": {"$set": {"postClickAttributionWindowSize": 7}},
            },
            "post_click_attribution_window_size",
        ),
    ],
)
async def test_a_patch_says_nothing_twice(
    engine_client: EngineClient, entity: str, params: dict[str, Any], said: str
) -> None:
    """Its fields are compared by the names they have here, whichever they have there."""
    with pytest.raises(InvalidParams, match=f"^patch: {said} is given twice"):
        await engine_client.do(LINKEDIN, entity, "update", **US, **params)


async def test_a_schedules_own_patch_is_understood(engine_client: EngineClient) -> None:
    """As LinkedIn writes it: a part is set, another one deleted, and nothing else of it changes."""
    given = {"patch": {"$set": {"name": "Long"}, "runSchedule": {"$delete": ["end"]}}}
    params = {**US, "campaign_id": "300000001", **given}
    await applied(engine_client, await planned(engine_client, "campaigns", "update", LINKEDIN, **params))
    row = engine_client.store.get(CAMPAIGN, "300000001") or {}
    assert (row["name"], list(row["runSchedule"])) == ("Long", ["start"])


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        ({"targetingCriteria": {"$set": {"include": {}}}}, "patch: write"),
        ({"runSchedule": {"end": 1}}, "patch.runSchedule: write"),
        ({"runSchedule": {"$set": {"end": 1}, "$delete": ["end"]}}, "patch.runSchedule: "),
        ({"$set": {"pacingStrategy": "ACCELERATED"}}, "patch: pacingStrategy: LinkedIn takes it only"),
        ({"$set": {"naem": "x"}}, "naem: no such parameter"),
        ({"$set": {"name": "x", "id": DAILY}}, "patch: id: that says what is changed"),
        (
            {"$set": {"name": "x", "account": "urn:li:sponsoredAccount:523456789"}},
            "patch: account: that says",
        ),
        ({"$set": {"name": "x", "patch": {"$set": {"status": "ACTIVE"}}}}, "patch: patch: that says"),
    ],
)
async def test_a_patch_that_is_none(engine_client: EngineClient, patch: dict[str, Any], said: str) -> None:
    """What it would replace instead of change, what contradicts itself, and what is fixed."""
    with pytest.raises(InvalidParams, match=f"^{said}".replace("$", r"\$")):
        await change(engine_client, DAILY, patch=patch)


async def test_an_event_ads_patch_is_understood(engine_client: EngineClient) -> None:
    """LinkedIn's own two levels of it are the one parameter; what a creative shows stays fixed."""
    creative = {**US, "creative_id": "180000001"}
    event = {"content": {"eventAd": {"$set": {"hidePreviewVideo": True}}}}
    with pytest.raises(InvalidParams, match="hide_preview_video is of event ads"):
        await engine_client.do(LINKEDIN, "creatives", "update", **creative, patch=event)
    other = {"content": {"eventAd": {"$set": {"hidePreviewVideo": True, "reference": "x"}}}}
    others: list[dict[str, Any]] = [
        other, {"content": {"$set": {"reference": "x"}}}, {"$set": {"content": {}}},
    ]  # fmt: skip
    for patch in others:
        with pytest.raises(InvalidParams, match=r"^patch: content: what a creative shows never changes"):
            await engine_client.do(LINKEDIN, "creatives", "update", **creative, patch=patch)


async def test_a_later_end_holds_nothing_back(engine_client: EngineClient) -> None:
    """What is un-archived with a new end is not told to be held by the old one."""
    end = {"start": 1776000000000, "end": 1790000000000}
    await put(engine_client, CAMPAIGN, DAILY, status="ARCHIVED", runSchedule=end)
    later = await change(engine_client, DAILY, status="ACTIVE", run_schedule={"end": "2030-01-01"})
    assert "ACTIVATES DELIVERY" in later.text
    assert "END_DATE_HOLD" not in later.text
    both = await change(engine_client, DAILY, status="ACTIVE", total_budget="900 USD")
    assert "it delivers nothing until it has a later end" in both.text


async def test_groups_of_enterprise_accounts_keep_their_money(engine_client: EngineClient) -> None:
    """Of these LinkedIn lets name and status be changed, and nothing else."""
    await put(engine_client, ACCOUNT, LINKEDIN_US, type="ENTERPRISE")
    with pytest.raises(InvalidParams, match="only name and status can be changed"):
        await group(engine_client, SHARED, daily_budget="90 USD")
    assert "PLAN" in (await group(engine_client, SHARED, name="Renamed")).text
