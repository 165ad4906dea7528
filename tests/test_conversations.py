"""What marketers ask for, as an agent does it: through the client, the numbers checked against each other."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from agent import Agent
from engine_client import JAPAN, LINKEDIN_US, PROFILE, US, Row
from fastmcp import Client

from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio

FACEBOOK, LINKEDIN, AMAZON = "facebook_marketing", "linkedin_ads", "amazon_ads"
PRODUCTS = "sponsored_product_"
WEEK = {"account_id": US, "time_range": "last week"}
MOST = 1000


@pytest.fixture
async def agent(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Agent]:
    """An agent in a fresh sandbox."""
    home, files = tmp_path / "home", tmp_path / "files"
    files.mkdir()
    environ = {"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(home), "MCP_ADS_FILES": str(files)}
    async with Client(build_server(load(environ=environ))) as client:
        yield Agent(client)


def _sum(rows: Iterable[Row], column: str) -> Decimal:
    return sum((Decimal(row[column] or 0) for row in rows), Decimal(0))


async def _apply(agent: Agent, plan_id: str, steps: int) -> str:
    """Carry out a plan; everything of it is done."""
    text = await agent.good("ads_apply", plan_id=plan_id)
    assert f"APPLIED: {steps} of {steps} done" in text
    return text


async def _campaigns(agent: Agent, ids: list[str]) -> dict[str, Row]:
    fields = ["id", "name", "effective_status", "daily_budget_major", "status"]
    answer = await agent.good(
        "facebook_marketing_execute",
        entity="campaigns",
        action="get",
        params={"campaign_id": ids, "fields": fields},
        format="json",
    )
    data = json.loads(answer)["data"]
    return {str(row["id"]): row for row in (data if isinstance(data, list) else [data])}


async def test_pause_what_wasted_money(agent: Agent) -> None:
    """Campaigns that spent without a purchase or lead last week; the plan ends exactly their budgets."""
    report = await agent.table(
        FACEBOOK, "ads_insights", "list", **WEEK, level="campaign", sort="-spend", limit=MOST
    )
    spent = [Decimal(row["spend"]) for row in report.rows]
    assert spent == sorted(spent, reverse=True)
    wasted = [
        row["campaign_id"] for row in report.rows if row["purchases"] == row["leads"] == row["results"] == "0"
    ]
    before = await _campaigns(agent, wasted)
    active = [campaign_id for campaign_id in wasted if before[campaign_id]["effective_status"] == "ACTIVE"]
    assert active
    plan_id = await agent.plan(FACEBOOK, "campaigns", "pause", campaign_id=active)
    assert {row["effective_status"] for row in (await _campaigns(agent, active)).values()} == {"ACTIVE"}
    await _apply(agent, plan_id, len(active))
    assert {row["status"] for row in (await _campaigns(agent, active)).values()} == {"PAUSED"}


async def test_raise_the_three_best_by_a_fifth(agent: Agent) -> None:
    """Each budget is a fifth above what it was, whatever it was."""
    report = await agent.table(FACEBOOK, "ads_insights", "list", **WEEK, level="campaign", limit=MOST)
    best = sorted(report.rows, key=lambda row: -Decimal(row["purchase_value"] or 0))
    before = await _campaigns(agent, [row["campaign_id"] for row in best])
    three = [row["campaign_id"] for row in best if before[row["campaign_id"]]["daily_budget_major"]][:3]
    plan_id = await agent.plan(FACEBOOK, "campaigns", "update", campaign_id=three, daily_budget="+20%")
    await _apply(agent, plan_id, 3)
    for campaign_id, row in (await _campaigns(agent, three)).items():
        was = Decimal(before[campaign_id]["daily_budget_major"])
        assert Decimal(row["daily_budget_major"]) == was * Decimal("1.2")


async def test_move_budget_across_platforms_and_back(agent: Agent) -> None:
    """One plan, one approval; the undo gives both their old budgets."""
    (campaign,) = (await agent.table(FACEBOOK, "campaigns", "list", account_id=US, search="spring sale")).ids
    other = await agent.table(
        AMAZON, f"{PRODUCTS}campaigns", "list", profileId=int(PROFILE), state="enabled", maxResults=1
    )
    name, was = other.rows[0]["campaignId"], Decimal(other.rows[0]["budget.budget"])
    first = await agent.plan(
        AMAZON, f"{PRODUCTS}campaigns", "update", profile_id=PROFILE, campaign_id=name, daily_budget="+10 usd"
    )
    both = await agent.plan(
        FACEBOOK, "campaigns", "update", id=campaign, dailyBudget="-10 USD", append_to=first
    )
    assert "moving-10.00-USD-a-day" in both
    done = await _apply(agent, both, 2)
    after = await agent.table(
        AMAZON, f"{PRODUCTS}campaigns", "list", profile_id=PROFILE, campaign_id=[name], state="ENABLED"
    )
    assert Decimal(after.rows[0]["budget.budget"]) == was + 10
    assert (await _campaigns(agent, [campaign]))[campaign]["daily_budget_major"] == "40.00"
    assert both in await agent.good("ads_describe")
    undo = done.rpartition("undo: ads_apply(")[2].partition(")")[0]
    await _apply(agent, undo, 2)
    assert (await _campaigns(agent, [campaign]))[campaign]["daily_budget_major"] == "50.00"


async def test_launch_on_facebook(agent: Agent) -> None:
    """Campaign, ad set and ad in one plan: paused, and each under the one before."""
    creative = (await agent.table(FACEBOOK, "ad_creatives", "list", account_id=US, limit=1)).ids[0]
    plan_id = await agent.plan(
        FACEBOOK, "campaigns", "create", account_id=US, name="Launch", objective="outcome traffic",
        daily_budget="10 USD",
    )  # fmt: skip
    plan_id = await agent.plan(
        FACEBOOK, "ad_sets", "create", account_id=US, name="Set", campaign_id="@1.id",
        optimization_goal="link_clicks",
        targeting='{"geo_locations": {"countries": ["US"]}}', append_to=plan_id,
    )  # fmt: skip
    plan_id = await agent.plan(
        FACEBOOK, "ads", "create", account_id=US, name="Ad", adset_id="@2.id",
        creative={"creative_id": creative}, append_to=plan_id,
    )  # fmt: skip
    await _apply(agent, plan_id, 3)
    (campaign,) = (await agent.table(FACEBOOK, "campaigns", "list", account_id=US, name="Launch")).ids
    (ad_set,) = (await agent.table(FACEBOOK, "ad_sets", "list", account_id=US, campaign_id=campaign)).ids
    ads = await agent.table(FACEBOOK, "ads", "list", account_id=US, ad_set_id=ad_set, fields="name,status")
    assert ads.rows == [{"name": "Ad", "status": "PAUSED"}]


async def test_launch_on_linkedin(agent: Agent) -> None:
    """A group and a campaign in it, both drafts."""
    account = {"account_id": int(LINKEDIN_US)}
    plan_id = await agent.plan(
        LINKEDIN,
        "campaign_groups",
        "create",
        **account,
        name="Q1 group",
        run_schedule={"start": "2099-01-01"},
    )
    plan_id = await agent.plan(
        LINKEDIN, "campaigns", "create", **account, campaign_group_id="@1.id", name="C1", cost_type="cpm",
        type="SPONSORED_UPDATES", run_schedule={"start": "2099-01-01"}, daily_budget="30 USD",
        locale={"country": "US", "language": "en"}, political_intent="not political",
        objective_type="website_visit", optimization_target_type="max_click", append_to=plan_id,
    )  # fmt: skip
    await _apply(agent, plan_id, 2)
    (group,) = (await agent.table(LINKEDIN, "campaign_groups", "list", **account, name="Q1 group")).rows
    (made,) = (
        await agent.table(LINKEDIN, "campaigns", "list", **account, campaign_group_ids=group["id"])
    ).rows
    assert (group["status"], made["status"], Decimal(made["dailyBudget.amount"])) == (
        "DRAFT",
        "DRAFT",
        Decimal(30),
    )


@pytest.mark.slow
async def test_launch_on_amazon(agent: Agent) -> None:
    """Campaign, ad group, two keywords and a product ad: one plan, five steps."""
    account = {"profile_id": PROFILE}
    under = {**account, "campaign_id": "@1.id"}
    plan_id = await agent.plan(
        AMAZON, f"{PRODUCTS}campaigns", "create", **account, name="New", daily_budget="20 USD",
        targeting_type="manual",
    )  # fmt: skip
    plan_id = await agent.plan(
        AMAZON,
        f"{PRODUCTS}ad_groups",
        "create",
        **under,
        name="Group",
        default_bid="1 USD",
        append_to=plan_id,
    )
    words = [
        {"keyword_text": "beach towel", "bid": "1.20 USD"},
        {"keyword_text": "towel", "match_type": "broad"},
    ]
    plan_id = await agent.plan(
        AMAZON, f"{PRODUCTS}keywords", "create", **under, ad_group_id="@2.id",
        match_type="exact", items=words, append_to=plan_id,
    )  # fmt: skip
    product = (await agent.table(AMAZON, f"{PRODUCTS}product_ads", "list", **account, limit=1)).rows[0]
    plan_id = await agent.plan(
        AMAZON, f"{PRODUCTS}product_ads", "create", **under, ad_group_id="@2.id", sku=product["sku"],
        append_to=plan_id,
    )  # fmt: skip
    await _apply(agent, plan_id, 5)
    (made,) = (
        await agent.table(AMAZON, f"{PRODUCTS}campaigns", "list", **account, state="paused", name="New")
    ).rows
    keywords = await agent.table(
        AMAZON, f"{PRODUCTS}keywords", "list", **account, campaign_id=made["campaignId"]
    )
    assert {(row["keywordText"], row["matchType"]) for row in keywords.rows} == {
        ("beach towel", "EXACT"),
        ("towel", "BROAD"),
    }


async def test_facebook_numbers_add_up(agent: Agent) -> None:
    """A week is the sum of its days, of its campaigns, of its ads and of its age groups."""
    (whole,) = (await agent.table(FACEBOOK, "ads_insights", "list", **WEEK)).rows
    for more in (
        {"time_increment": 1}, {"level": "Campaign"}, {"level": "ad"}, {"breakdown": "age"},
    ):  # fmt: skip
        parts = await agent.table(FACEBOOK, "ads_insights", "list", **WEEK, **more, limit=MOST)
        assert parts.meta["more"] is False
        for column in ("spend", "impressions", "clicks"):
            assert _sum(parts.rows, column) == Decimal(whole[column]), (more, column)
    days = await agent.table(FACEBOOK, "ads_insights", "list", **WEEK, time_increment="1")
    assert len({row["date_start"] for row in days.rows}) == 7
    assert days.meta["range"].startswith(f"{days.rows[0]['date_start']}..{days.rows[-1]['date_start']}")


async def test_linkedin_numbers_add_up(agent: Agent) -> None:
    """A campaign's cost is that of its days and of its creatives."""
    asked = {"account_id": LINKEDIN_US, "dates": "last 7 days", "limit": MOST}
    report = await agent.table(LINKEDIN, "ad_campaign_analytics", "list", **asked, sort="-cost", top=2)
    campaign = report.rows[0]
    only = {**asked, "campaign_id": campaign["campaign_id"]}
    days = await agent.table(LINKEDIN, "ad_campaign_analytics", "list", **only, time_granularity="daily")
    creatives = await agent.table(LINKEDIN, "ad_creative_analytics", "list", **only)
    for parts in (days, creatives):
        assert _sum(parts.rows, "cost") == Decimal(campaign["cost"])
        assert _sum(parts.rows, "impressions") == Decimal(campaign["impressions"])


@pytest.mark.slow
async def test_amazon_numbers_add_up(agent: Agent, tmp_path: Path) -> None:
    """Days, products and search terms of the dearest campaign; and the whole in a file."""
    asked = {"profile_id": PROFILE, "dates": "last_7d", "limit": MOST, "sort": "-cost"}
    types = await agent.table(AMAZON, "reports", "types", limit=5)
    assert (types.meta["rows"], types.meta["more"]) == (5, True)
    report = await agent.table(
        AMAZON, "reports", "run", **asked, report_type="spCampaigns", save_to="all.csv"
    )
    dearest = report.rows[0]
    saved = (tmp_path / "files" / "all.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(saved) == 1 + report.meta["total"]
    only = {**asked, "filter": f"campaignId={dearest['campaignId']}"}
    for more in (
        {"report_type": "spCampaigns", "time_unit": "daily"},
        {"report_type": "spAdvertisedProduct"},
        {"report_type": "spSearchTerm"},
    ):
        parts = await agent.table(AMAZON, "reports", "run", **only, **more)
        assert _sum(parts.rows, "cost") == Decimal(dearest["cost"]), more


@pytest.mark.slow
async def test_rename_thirty(agent: Agent) -> None:
    """Thirty names by items in one plan."""
    found = await agent.table(FACEBOOK, "campaigns", "list", account_id=US, limit=30, fields="id,name")
    items = [{"campaign_id": row["id"], "name": f"US | {row['name']}"} for row in found.rows]
    await _apply(agent, await agent.plan(FACEBOOK, "campaigns", "update", items=items), 30)
    now = await agent.table(FACEBOOK, "campaigns", "list", account_id=US, name="US | ", limit=MOST)
    assert {row["name"] for row in now.rows} == {item["name"] for item in items}


async def test_yen(agent: Agent) -> None:
    """A yen budget has no minor unit, no decimals and no other currency."""
    found = await agent.table(FACEBOOK, "campaigns", "list", account_id=JAPAN)
    one = next(row for row in found.rows if row["daily_budget_major"])
    was = int(one["daily_budget_major"])
    call = {"entity": "campaigns", "action": "update"}
    for budget, taught in (("1500.50 JPY", "more decimals"), ("30 USD", "the account's currency is JPY")):
        params = {"campaign_id": one["id"], "daily_budget": budget}
        assert taught in await agent.wrong("facebook_marketing_execute", **call, params=params)
    plan_id = await agent.plan(FACEBOOK, "campaigns", "update", id=one["id"], daily_budget="+1000 JPY")
    assert f"-{was}-to-{was + 1000}-JPY." in plan_id
    await _apply(agent, plan_id, 1)
    now = (await _campaigns(agent, [one["id"]]))[one["id"]]
    assert now["daily_budget_major"] == str(was + 1000)


async def test_a_cursor_goes_on(agent: Agent) -> None:
    """Three short answers are the one long answer."""
    asked: dict[str, Any] = {"account_id": US, "name": "Spring"}
    whole = (await agent.table(FACEBOOK, "campaigns", "list", **asked, limit=21)).ids
    page = await agent.table(FACEBOOK, "campaigns", "list", **asked, page_size=7)
    ids = page.ids
    for _ in range(2):
        page = await agent.table(FACEBOOK, "campaigns", "list", **asked, limit=7, cursor=page.meta["cursor"])
        ids += page.ids
    assert ids == whole
