"""Amazon plans: portfolios left and joined, what goes with an object, what cannot deliver."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, writes

from mcp_ads.errors import AdsError, InvalidParams, OverCap

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
CAMPAIGNS, GROUPS = "sponsored_product_campaigns", "sponsored_product_ad_groups"
ADS, KEYWORDS = "sponsored_product_product_ads", "sponsored_product_keywords"
CAMPAIGN, UNGROUPED, ENDED = "120000000000001", "120000000000003", "120000000000301"
OPEN, CAPPED, CAPPED_TOO = "110000000000001", "110000000000002", "110000000000004"
"""No cap; 2,000 USD a month, in which the first campaign is; and another of these."""


async def plan(engine_client: EngineClient, entity: str, action: str, **params: Any) -> Any:
    return await engine_client.do(AMAZON, entity, action, profile_id=PROFILE, **params)


async def join(engine_client: EngineClient, portfolio: str, campaign: Any = CAMPAIGN, **more: Any) -> Any:
    return await plan(
        engine_client, CAMPAIGNS, "update", campaign_id=campaign, portfolio_id=portfolio, **more
    )


async def mistake(engine_client: EngineClient, entity: str, action: str, **params: Any) -> str:
    with pytest.raises(InvalidParams) as caught:
        await plan(engine_client, entity, action, **params)
    return str(caught.value)


def change(engine_client: EngineClient, kind: str, number: str, **fields: Any) -> None:
    record = engine_client.store.get(f"amazon.{kind}", number) or {}
    engine_client.store.put(f"amazon.{kind}", number, {**record, **fields})


async def start(engine_client: EngineClient) -> None:
    """The first call is what makes the sandbox's objects."""
    await plan(engine_client, "portfolios", "list", limit=1)


def share(engine_client: EngineClient, portfolio: str, state: str | None = "ENABLED") -> None:
    controls = {"campaignUnspentBudgetSharing": {"featureState": state}} if state else {}
    change(engine_client, "portfolios", portfolio, budgetControls=controls)


async def test_caps_hold_for_joining_and_leaving(engine_client_with: EngineClients) -> None:
    """Into a portfolio that shares what is unspent, or may, and out of a cap: nobody knows what is spent."""
    client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="100 USD")
    await start(client)
    new = {"name": "New", "daily_budget": "20 USD", "targeting_type": "MANUAL"}
    assert "portfolio 110000000000001" in (await join(client, OPEN, UNGROUPED)).text
    made = await plan(client, "portfolios", "create", name="Shares", unspent_budget_sharing="ENABLED")
    for appended in (
        {"campaign_id": UNGROUPED, "portfolio_id": "@1.id"},
        {"items": [{"campaign_id": UNGROUPED, "portfolio_id": "@1.id"}]},
    ):
        with pytest.raises(OverCap, match="twice its daily budget"):
            await plan(client, CAMPAIGNS, "update", append_to=made.data["plan_id"], **appended)
    with pytest.raises(OverCap, match="twice its daily budget"):
        await plan(client, CAMPAIGNS, "create", append_to=made.data["plan_id"], portfolio_id="@1.id", **new)
    for state in ("ENABLED", None):
        share(client, OPEN, state)
        with pytest.raises(OverCap, match="twice its daily budget"):
            await join(client, OPEN, UNGROUPED)
        with pytest.raises(OverCap, match="twice its daily budget"):
            await plan(client, CAMPAIGNS, "create", portfolio_id=OPEN, **new)
    share(client, OPEN, "DISABLED")
    for left in (OPEN, "none", "None"):
        with pytest.raises(OverCap, match=f"without the cap of portfolio {CAPPED}"):
            await join(client, left)
    change(client, "portfolios", CAPPED_TOO, budget={"policy": "MONTHLY_RECURRING", "amount": 2001})
    with pytest.raises(OverCap, match="without the cap of"):
        await join(client, CAPPED_TOO)
    change(client, "portfolios", CAPPED_TOO, budget={"policy": "MONTHLY_RECURRING", "amount": 1999})
    await join(client, CAPPED_TOO)
    assert writes(client) == []


async def test_sharing_that_begins_after_the_plan(engine_client_with: EngineClients) -> None:
    """What is agreed to is looked at again before it is sent."""
    client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="100 USD")
    await start(client)
    planned = await join(client, OPEN, UNGROUPED)
    share(client, OPEN)
    with pytest.raises(AdsError, match="twice its daily budget"):
        await applied(client, planned.data["plan_id"])
    assert writes(client) == []


async def test_a_move_is_told_by_names(engine_client: EngineClient) -> None:
    """Both portfolios, what their caps do, and that it is worth a second look within the hour."""
    await start(engine_client)
    moved = (await join(engine_client, CAPPED_TOO)).text
    assert f'portfolio {CAPPED} "Always on" → portfolio {CAPPED_TOO} "冬"' in moved
    assert f'it comes under the cap of portfolio {CAPPED_TOO} "冬", 2000.00 USD a month' in moved
    out = (await join(engine_client, "none")).text
    assert f'portfolio {CAPPED} "Always on" → no portfolio' in out
    assert f'it leaves portfolio {CAPPED} "Always on", and its cap of 2000.00 USD a month' in out
    share(engine_client, OPEN)
    planned = await join(engine_client, OPEN, UNGROUPED)
    assert f'no portfolio → portfolio {OPEN} "Summer, sun & sea"' in planned.text
    assert "what it may spend is not known: in portfolio 110000000000001" in planned.text
    await applied(engine_client, planned.data["plan_id"])
    with pytest.raises(InvalidParams, match="there is no such portfolio"):
        await join(engine_client, "110000000009999")
    made = await plan(engine_client, "portfolios", "create", name="Spring")
    both = await join(engine_client, "@1.id", UNGROUPED, append_to=made.data["plan_id"])
    assert '→ portfolio @1.id "Spring"' in both.text


async def test_nothing_is_spent_under_a_campaign_that_ended(engine_client: EngineClient) -> None:
    """What is activated or made in it delivers nothing, and the plan says since when."""
    await start(engine_client)
    ended = (engine_client.store.get("amazon.campaigns", ENDED) or {})["endDate"]
    groups = [row for row in engine_client.store.all("amazon.adGroups") if row["campaignId"] == ENDED]
    group = groups[0]["adGroupId"]
    change(engine_client, "adGroups", group, state="PAUSED")
    on = await plan(engine_client, GROUPS, "activate", ad_group_id=group)
    new = {"campaign_id": ENDED, "name": "Late", "default_bid": "0.5 USD", "state": "ENABLED"}
    made = await plan(engine_client, GROUPS, "create", **new)
    for text in (on.text, made.text):
        assert f"ended on {ended}: it delivers nothing until that has a later end" in text
        assert "can spend" not in text
        assert "75.00" not in text


async def test_activating_what_has_nothing_active_in_it(engine_client: EngineClient) -> None:
    """How much is paused below, and the next call; nothing of it where all is on, or will be by the plan."""
    await start(engine_client)
    change(engine_client, "campaigns", CAMPAIGN, state="PAUSED")
    idle = "it delivers nothing yet"
    assert idle not in (await plan(engine_client, CAMPAIGNS, "activate", campaign_id=CAMPAIGN)).text
    inside = [row for row in engine_client.store.all("amazon.adGroups") if row["campaignId"] == CAMPAIGN]
    for row in inside:
        change(engine_client, "adGroups", row["adGroupId"], state="PAUSED")
    said = f"{idle}: all of its ad groups are PAUSED ({len(inside)}); next: {GROUPS}.activate"
    for action, more in (("activate", {}), ("update", {"state": "ENABLED"})):
        planned = await plan(engine_client, CAMPAIGNS, action, campaign_id=CAMPAIGN, **more)
        assert said in planned.text
    group = inside[0]["adGroupId"]
    both = await plan(engine_client, GROUPS, "activate", ad_group_id=group, append_to=planned.data["plan_id"])
    assert idle not in both.text  # the second step brings what the first one waits for
    for row in engine_client.store.all("amazon.productAds"):
        if row["adGroupId"] == group:
            change(engine_client, "productAds", row["adId"], state="ARCHIVED")
    planned = await plan(engine_client, GROUPS, "activate", ad_group_id=group)
    assert f"{idle}: it has no product ads; next: {ADS}.create" in planned.text


@pytest.mark.slow
async def test_what_dies_with_a_campaign_or_an_ad_group(engine_client: EngineClient) -> None:
    """It is counted, and one more of what spends is another change than was agreed to."""
    await start(engine_client)
    whole = (await plan(engine_client, CAMPAIGNS, "delete", campaign_id=CAMPAIGN)).text
    assert "archived with it for good: 2 ad groups, 2 ENABLED; 2 product ads, 2 ENABLED; 4 keywords" in whole
    assert "campaign negative keyword" in whole
    group = "130000000000001"
    planned = await plan(engine_client, GROUPS, "delete", ad_group_id=group)
    assert f"it is in campaign {CAMPAIGN} " in planned.text
    assert "both are ENABLED, so that it may deliver today" in planned.text
    assert "archived with it for good: 1 product ad, 1 ENABLED; 2 keywords, 2 ENABLED" in planned.text
    new = await plan(
        engine_client, KEYWORDS, "create", campaign_id=CAMPAIGN, ad_group_id=group,
        keyword_text="one more", match_type="EXACT", bid="0.5 USD",
    )  # fmt: skip
    added = await applied(engine_client, new.data["plan_id"])
    drifted = await applied(engine_client, planned.data["plan_id"])
    assert f"keyword {added.data['steps'][0]['id']} is in it, which the plan did not say" in drifted.text
    again = await plan(engine_client, GROUPS, "delete", ad_group_id=group)
    done = await applied(engine_client, again.data["plan_id"])
    assert "APPLIED: 1 of 1 done" in done.text


async def test_what_amazon_refuses_is_foreseen(engine_client: EngineClient) -> None:
    """Days that are past, names that are taken, and blanks around names."""
    await start(engine_client)
    one = {"campaign_id": CAMPAIGN}
    cases: list[tuple[str, str, dict[str, Any], str]] = [
        (CAMPAIGNS, "update", {**one, "daily_budget": "0 USD"}, "daily_budget: above 0"),
        (CAMPAIGNS, "update", {**one, "start_date": "2030-01-01"}, "start_date: it began on"),
        (CAMPAIGNS, "update", {**one, "name": "Summer 2025, over"}, f"campaign {ENDED} is called this"),
        (
            CAMPAIGNS, "create",
            {"name": "Summer 2025, over", "targeting_type": "AUTO", "daily_budget": "5 USD"},
            f"campaign {ENDED} is called this already",
        ),
        ("portfolios", "create", {"name": " x "}, "no spaces at the beginning or end"),
        ("portfolios", "update", {"portfolio_id": OPEN, "name": "x "}, "no spaces at the beginning or end"),
    ]  # fmt: skip
    for entity, action, params, said in cases:
        assert said in await mistake(engine_client, entity, action, **params)
    assert writes(engine_client) == []
    cleared = await plan(engine_client, CAMPAIGNS, "update", campaign_id=ENDED, end_date="None")
    assert '"endDate":null' in cleared.text
    own = await plan(engine_client, CAMPAIGNS, "update", campaign_id=ENDED, end_date="none", name="Summer 25")
    assert "Summer 25" in own.text


async def test_what_is_shown_is_what_is_sent(engine_client: EngineClient) -> None:
    """Two blanks are two; and where nothing is cut, no page is named that has the rest."""
    made = await plan(engine_client, "portfolios", "create", name="two  blanks here")
    assert '"two  blanks here"' in made.text
    capped = await plan(
        engine_client, "portfolios", "update", portfolio_id=CAPPED, budget_policy="DATE_RANGE",
        budget_start_date="2031-01-01", budget_end_date="2031-02-01",
    )  # fmt: skip
    assert "cap 2000.00 USD a month → 2000.00 USD from 2031-01-01 to 2031-02-01" in capped.text
    assert "cut here" not in capped.text
