"""Sponsored Brands campaigns and ad groups: two kinds of budget, brands, the time before ad groups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, undo_of, writes

from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.core import Account, Context, validate
from mcp_ads.errors import InvalidParams, OverCap

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
CAMPAIGNS = "sponsored_brands_campaigns"
GROUPS = "sponsored_brands_ad_groups"
ADS = "sponsored_brands_ads"
DISPLAY = "sponsored_display_campaigns"
VENDOR_PROFILE, BRAND = "5512345678901234", "ENTITYB331234"
DAILY, LEGACY, LIFETIME = (f"19100000000000{number}" for number in (1, 2, 4))
GROUP, OLD_GROUP = "192000000000001", "192000000000002"
HOME = {"placement": "HOME", "percentage": -20}
TWICE = {"bidOptimization": False, "bidAdjustmentsByPlacement": [HOME, HOME]}
COHORT = {"shopperCohortType": "AUDIENCE_SEGMENT", "percentage": 5, "audienceSegments": [{}]}
NO_SEGMENT = {"shopperCohortBidAdjustments": [COHORT]}
ADJUSTED = {"bidOptimization": False, "bidAdjustmentsByPlacement": [HOME]}


async def plan(engine_client: EngineClient, entity: str, action: str, **params: Any) -> Any:
    return await engine_client.do(AMAZON, entity, action, **{"profile_id": PROFILE, **params})


async def mistake(engine_client: EngineClient, entity: str, action: str, **params: Any) -> str:
    with pytest.raises(InvalidParams) as caught:
        await plan(engine_client, entity, action, **params)
    return str(caught.value)


@pytest.mark.slow
async def test_a_campaign_from_its_making_to_its_end(engine_client: EngineClient) -> None:
    """Made PAUSED with its ad group in one plan, for the seller's one brand; switched, archived for good."""
    own = {"name": "Gifts", "daily_budget": "50 USD", "goal": "page visit", "cost_type": "CPC"}
    first = await plan(engine_client, CAMPAIGNS, "create", **own)
    assert f'brandEntityId {BRAND} "Tern & Tide"; goal PAGE_VISIT; costType CPC; state PAUSED' in first.text
    assert "+50.00 USD a day once active" in first.text
    assert "smart_default MANUAL keeps it from that" in first.text
    of = {"campaign_id": "@1.id", "append_to": first.data["plan_id"]}
    whole = await plan(engine_client, GROUPS, "create", **of, name="Gifts, video")
    assert "the campaign's smartDefault is TARGETING" in whole.text
    done = await applied(engine_client, whole.data["plan_id"])
    assert "APPLIED: 2 of 2 done" in done.text
    ids = [step["id"] for step in done.data["steps"]]
    for entity, name, id_ in zip((CAMPAIGNS, GROUPS), ("campaign_id", "ad_group_id"), ids, strict=True):
        for action, state in (("activate", "ENABLED"), ("pause", "PAUSED"), ("update", "ENABLED")):
            more = {"state": "ENABLED", "name": f"Gifts {action}"} if action == "update" else {}
            made = await plan(engine_client, entity, action, **{name: id_}, **more)
            after = await applied(engine_client, made.data["plan_id"])
            assert f"state {state}" in after.text.split("read back:")[1]
        read = await plan(engine_client, entity, "get", **{name: [id_, "999"]}, fields=["name", "state"])
        assert read.data == [{"name": "Gifts update", "state": "ENABLED"}]
        assert read.errors[0]["index"] == 1
    gone = await plan(engine_client, CAMPAIGNS, "delete", campaign_id=ids[0])
    assert "never changes archived objects again" in gone.text
    assert "archived with it for good: 1 ad group, 1 ENABLED; 2 themes, 2 ENABLED" in gone.text
    await applied(engine_client, gone.data["plan_id"])
    left = await plan(engine_client, GROUPS, "get", ad_group_id=ids[1], fields=["state"])
    assert left.data["state"] == "ARCHIVED"
    assert "is ARCHIVED" in await mistake(engine_client, GROUPS, "activate", ad_group_id=ids[1])


async def test_an_ad_group_is_archived_with_what_is_in_it(engine_client: EngineClient) -> None:
    """Its plan says which campaign it is in, and that it may deliver there; it has no bid of its own."""
    gone = await plan(engine_client, GROUPS, "delete", ad_group_id=GROUP)
    assert f'it is in campaign {DAILY} "Tern & Tide brand 1", ENABLED; both are ENABLED' in gone.text
    assert "cannot be undone" in gone.text
    await applied(engine_client, gone.data["plan_id"])
    assert writes(engine_client) == [f"archive ad group {GROUP}"]
    told = await mistake(engine_client, GROUPS, "create", campaign_id=DAILY, name="x", bid="1 USD")
    assert "keywords, targets and themes bid" in told


async def test_a_budget_is_for_a_day_or_for_the_whole_run(engine_client: EngineClient) -> None:
    """Each kind under its own name: priced, changed by percent, taken back; the other kind is refused."""
    both = await plan(
        engine_client,
        CAMPAIGNS,
        "get",
        campaign_id=[DAILY, LIFETIME],
        fields=["daily_budget", "lifetimeBudget"],
    )
    assert both.data == [
        {"dailyBudget": 30.0, "lifetimeBudget": None},
        {"dailyBudget": None, "lifetimeBudget": 900.0},
    ]
    for campaign, name, unit in ((DAILY, "daily_budget", " a day"), (LIFETIME, "lifetime_budget", "")):
        raised = await plan(engine_client, CAMPAIGNS, "update", campaign_id=campaign, **{name: "+10%"})
        before, later = ("30.00", "33.00") if unit else ("900.00", "990.00")
        assert f"{name} {before} → {later} USD{unit}" in raised.text
        assert ("in the days left is up to" in raised.text) is not bool(unit)
        done = await applied(engine_client, raised.data["plan_id"])
        assert f"read back: {name} {later} USD" in done.text
        back = await applied(engine_client, undo_of(done))
        assert f"read back: {name} {before} USD" in back.text
        other = "daily_budget" if campaign == LIFETIME else "lifetime_budget"
        said = await mistake(engine_client, CAMPAIGNS, "update", campaign_id=campaign, **{other: "5 USD"})
        assert f"which never changes: give {name}" in said
    stopped = await plan(engine_client, CAMPAIGNS, "pause", campaign_id=LIFETIME)
    assert "ends spending of 900.00 USD" in stopped.text
    assert "needs an end" in await mistake(
        engine_client, CAMPAIGNS, "update", campaign_id=LIFETIME, end_date="none"
    )


async def test_a_campaign_for_a_run_is_made(engine_client: EngineClient) -> None:
    """With both its days, priced as what may go in a day, within the range for runs; days may be moved."""
    days = {"start_date": "2030-01-01", "end_date": "2030-01-31"}
    own = {"name": "New year", "lifetime_budget": "90 USD", "state": "ENABLED", **days}
    made = await plan(engine_client, CAMPAIGNS, "create", **own)
    assert "lifetime_budget 90.00 USD in the days left is up to 2.91 USD a day" in made.text
    assert "outside Amazon's range of 100 to 20000000 USD" in made.text
    refused = await applied(engine_client, made.data["plan_id"])
    assert "BUDGET_TOO_LOW" in refused.text
    made = await plan(engine_client, CAMPAIGNS, "create", **{**own, "lifetime_budget": "310 USD"})
    done = await applied(engine_client, made.data["plan_id"])
    id_ = done.data["steps"][0]["id"]
    new = await plan(engine_client, CAMPAIGNS, "create", **{**own, "name": "Newer", "lifetime_budget": 310})
    within = {"campaign_id": "@1.id", "append_to": new.data["plan_id"], "daily_budget": "5 USD"}
    assert "which never changes" in await mistake(engine_client, CAMPAIGNS, "update", **within)
    later = await plan(engine_client, CAMPAIGNS, "update", campaign_id=id_, start_date="2030-01-11")
    assert "startDate 2030-01-01 → 2030-01-11" in later.text
    assert "lifetimeBudget" in later.text
    await applied(engine_client, later.data["plan_id"])
    said = await mistake(engine_client, CAMPAIGNS, "update", campaign_id=DAILY, start_date="2030-01-11")
    assert "Amazon moves only days that are to come" in said


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "daily_budget: missing"),
        ({"daily_budget": 5, "lifetime_budget": 900}, "a campaign has one of the two"),
        ({"lifetime_budget": 900}, "end_date: missing; lifetime_budget needs"),
        ({"daily_budget": 5, "end_date": "2030-01-01"}, "start_date: missing"),
        ({"daily_budget": "+5%"}, "has no budget to change"),
        ({"daily_budget": 5, "goal": "PAGE_VISIT"}, "cost_type: missing; goal needs it"),
        ({"daily_budget": 5, "goal": "PAGE_VISIT", "cost_type": "VCPM"}, "PAGE_VISIT is charged by CPC"),
        ({"daily_budget": 5, "budget_type": "DAILY"}, "give daily_budget or lifetime_budget"),
        ({"daily_budget": 5, "name": "Tern & Tide brand 1"}, f"campaign {DAILY} is called this already"),
        ({"daily_budget": 5, "name": "Größe XL, Übergröße; = 50/50"}, "Sponsored Products campaign 1200"),
        ({"daily_budget": 5, "brand_entity_id": "E1"}, f'no brand of this profile: {BRAND} "Tern & Tide"'),
        ({"daily_budget": 5, "bidding": {"bidAdjustmentsByPlacement": [HOME]}}, "bidOptimization false"),
        ({"daily_budget": 5, "bidding": {**ADJUSTED, "strategy": "MANUAL"}}, "'strategy' is none of"),
        ({"daily_budget": 5, "bidding": TWICE}, "HOME is there twice"),
        ({"daily_budget": 5, "state": "ARCHIVED"}, "delete archives"),
        ({"daily_budget": 5, "bidding": {}}, "bidding: empty"),
        ({"daily_budget": 5, "bidding": {"bidOptimization": None}}, "bidOptimization: true or false"),
        ({"daily_budget": 5, "bidding": NO_SEGMENT}, 'an audience segment is {"audienceId": "…"'),
        ({"daily_budget": 5, "tags": {}}, "tags: there are none to take away"),
        ({"daily_budget": 5, "tags": {"": ""}}, "tags: a name and a value each"),
    ],
)  # fmt: skip
async def test_campaigns_are_checked_before_anything_is_sent(
    engine_client: EngineClient, params: dict[str, Any], said: str
) -> None:
    """One line for each mistake, which says what would be right."""
    assert said in await mistake(engine_client, CAMPAIGNS, "create", **{"name": "Gifts", **params})
    assert writes(engine_client) == []


async def test_how_a_campaign_bids_is_told_and_taken_back(engine_client: EngineClient) -> None:
    """Placements raise and lower bids; what never changes is refused with what to do instead."""
    spelt = {**ADJUSTED, "bidAdjustmentsByPlacement": [{"placement": "home", "percentage": "-20"}]}
    made = await plan(engine_client, CAMPAIGNS, "update", campaign_id=DAILY, bidding=spelt)
    assert '{"placement":"HOME","percentage":-20}' in made.text
    assert "bids are lowered by 20% for HOME" in made.text
    done = await applied(engine_client, made.data["plan_id"])
    again = {"bidding": {"bidOptimization": True}}
    made = await plan(engine_client, CAMPAIGNS, "update", campaign_id=DAILY, **again)
    assert "its own adjustments go" in made.text
    await applied(engine_client, undo_of(done))
    read = await plan(engine_client, CAMPAIGNS, "get", campaign_id=DAILY, fields=["bidding"])
    assert read.data["bidding"] == {"bidOptimization": True}
    for name in ("goal", "cost_type", "brand_entity_id", "smart_default"):
        said = await mistake(engine_client, CAMPAIGNS, "update", campaign_id=DAILY, **{name: "x"})
        assert f"{name}: it never changes" in said


async def test_the_time_before_ad_groups_is_told_of(engine_client: EngineClient) -> None:
    """Such a campaign is missing from reports and takes no ad group; changes of its own may be refused."""
    listed = await engine_client.table(AMAZON, CAMPAIGNS, "list", profile_id=PROFILE)
    assert f"campaign {LEGACY}: made before campaigns had several ad groups" in listed.text
    assert "reports have no row of it" in listed.text
    read = await plan(engine_client, CAMPAIGNS, "get", campaign_id=LEGACY)
    assert "reports have no row of it" in read.meta["warnings"][0]
    said = await mistake(engine_client, GROUPS, "create", campaign_id=LEGACY, name="x")
    assert "and Amazon adds nothing to it: make another" in said
    made = await plan(engine_client, GROUPS, "activate", ad_group_id=OLD_GROUP)
    assert "Amazon may refuse this; change the campaign instead" in made.text
    assert f"60.00 USD a day (dailyBudget of {LEGACY}, shared)" in made.text


async def test_what_is_new_has_nothing_to_clear(engine_client: EngineClient) -> None:
    """No end and no portfolio are left out of a create; what begins sooner spends sooner."""
    own = {"name": "Later", "daily_budget": "50 USD", "start_date": "2030-01-11", "state": "ENABLED"}
    made = await plan(engine_client, CAMPAIGNS, "create", **own, end_date="none", portfolio_id="none")
    assert "null" not in made.text
    done = await applied(engine_client, made.data["plan_id"])
    id_ = done.data["steps"][0]["id"]
    sooner = await plan(engine_client, CAMPAIGNS, "update", campaign_id=id_, start_date="2030-01-02")
    assert "it is ENABLED and spends from 2030-01-02 on, not only from 2030-01-11" in sooner.text
    later = await plan(engine_client, CAMPAIGNS, "update", campaign_id=id_, start_date="2030-01-12")
    assert "it is ENABLED and spends" not in later.text


async def test_goals_times_and_budgets_are_read_as_people_say_them(engine_client: EngineClient) -> None:
    """Words with spaces; a goal that is none is told of; times are text; budgets by what the entity lacks."""
    goal = await plan(engine_client, CAMPAIGNS, "list", goal="page visit")
    assert len(goal.data) == 3
    none = await plan(engine_client, CAMPAIGNS, "list", goal=["pagevisit", "AD_VIEWS"])
    [told] = none.meta["warnings"]
    assert "goal: 'PAGEVISIT' is none that Amazon documents: PAGE_VISIT, BRAND_IMPRESSION_SHARE" in told
    for entity in (CAMPAIGNS, GROUPS, ADS):
        at = await plan(engine_client, entity, "list", fields=["extendedData.creationDate"])
        assert all(row["extendedData.creationDate"].endswith("T09:00:00+00:00") for row in at.data)
    for path, name in (("usage", "budgetUsagePercent"), ("Recommendations", "suggestedBudget")):
        where = f"/sb/campaigns/budget{'/' if path == 'usage' else ''}{path}"
        asked = {"path": where, "body": {"campaignIds": [DAILY, "1"]}}
        spent = (await plan(engine_client, "api", "post", **asked)).data
        assert spent["success"][0][name] > 0
        assert [error["campaignId"] for error in spent["error"]] == ["1"]


async def test_vendors_need_no_brand_and_may_repeat_a_name(engine_client: EngineClient) -> None:
    """A name that is there already is only warned of; nothing is filled in."""
    own = {"profile_id": VENDOR_PROFILE, "name": "Tern & Tide brand 1", "daily_budget": "5000 JPY"}
    made = await plan(engine_client, CAMPAIGNS, "create", **own)
    assert "is called this already, ENABLED" in made.text
    assert "brandEntityId" not in made.text
    assert "APPLIED: 1 of 1 done" in (await applied(engine_client, made.data["plan_id"])).text


async def test_many_are_read_ten_a_request_and_paused_in_one_plan(engine_client: EngineClient) -> None:
    """More ids than one request takes are put together again, in the order of the call."""
    ids = [DAILY, *(str(number) for number in range(900, 920)), LIFETIME]
    read = await plan(engine_client, CAMPAIGNS, "get", campaign_id=ids, fields=["campaignId"])
    assert [row["campaignId"] for row in read.data] == [DAILY, LIFETIME]
    assert len(read.errors) == 20
    assert [path for path in engine_client.sent(AMAZON) if "/sb/" in path] == [
        "POST /sb/v4/campaigns/list"
    ] * 3
    both = await plan(engine_client, CAMPAIGNS, "pause", campaign_id=[DAILY, LIFETIME])
    done = await applied(engine_client, both.data["plan_id"])
    assert "APPLIED: 2 of 2 done" in done.text
    sent = [path for path in engine_client.sent(AMAZON) if path.startswith("PUT")]
    assert sent == ["PUT /sb/v4/campaigns"]


RULE = {"applicableRuleId": "7", "applicableRuleName": "Spring", "value": 60}
CHANGED = 'budget rule "Spring" changes the campaign\'s daily budget on some days'


@pytest.mark.slow
async def test_what_a_budget_rule_makes_of_a_budget_is_not_known(engine_client_with: EngineClients) -> None:
    """Whatever begins to spend a budget that a rule changes says so, and is refused under a cap."""
    free, capped = engine_client_with(), engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="40 USD")
    ad = (await plan(free, ADS, "list", ad_group_id=GROUP)).data[0]["adId"]
    for kind, id_ in (("campaigns", DAILY), ("adGroups", GROUP), ("ads", ad)):
        more = {"ruleBasedBudget": RULE} if kind == "campaigns" else {"state": "PAUSED"}
        put(free, f"amazon.sb.{kind}", id_, **more)
    place = {"campaign_id": DAILY, "ad_group_id": GROUP, "bid": "0.50 USD"}
    products = {"asins": ["B0TERN0001", "B0TERN0002", "B0TERN0003"], "brand_name": "Tern & Tide"}
    tie = {"expression": [{"type": "asinSameAs", "value": "B0TERN0001"}]}
    calls: list[tuple[str, str, dict[str, Any]]] = [
        (CAMPAIGNS, "update", {"campaign_id": DAILY, "daily_budget": "+20%"}),
        (GROUPS, "activate", {"ad_group_id": GROUP}),
        (GROUPS, "create", {"campaign_id": DAILY, "name": "New", "state": "ENABLED"}),
        (ADS, "update", {"ad_id": ad, "state": "ENABLED"}),
        (
            ADS,
            "create",
            {
                "ad_group_id": GROUP,
                "name": "New",
                "state": "ENABLED",
                "ad_type": "manualCollection",
                "headline": "Hello",
                **products,
            },
        ),
        ("sponsored_brands_keywords", "create", {**place, "keyword_text": "kite", "match_type": "EXACT"}),
        ("sponsored_brands_targets", "create", {**place, **tie}),
        ("sponsored_brands_themes", "create", {**place, "theme_type": "KEYWORDS_RELATED_TO_YOUR_BRAND"}),
    ]
    for call in calls:
        await _ruled(free, capped, *call)
    first = await plan(capped, GROUPS, "create", campaign_id=DAILY, name="Later")
    with pytest.raises(OverCap, match="Spring"):
        await plan(capped, GROUPS, "activate", ad_group_id="@1.id", append_to=first.data["plan_id"])
    less = await plan(capped, CAMPAIGNS, "update", campaign_id=DAILY, daily_budget="-20%")
    assert "money: -6.00 USD a day" in less.text
    put(free, "amazon.sb.campaigns", DAILY, endDate="2026-01-31")
    later = {"campaign_id": DAILY, "end_date": "2031-01-31"}
    await _ruled(free, capped, CAMPAIGNS, "update", later)
    put(free, "amazon.sb.campaigns", DAILY, endDate=None, state="PAUSED")
    await _ruled(free, capped, CAMPAIGNS, "activate", {"campaign_id": DAILY})
    display = (await plan(free, DISPLAY, "list", limit=1)).data[0]["campaignId"]
    put(free, "amazon.sd.campaigns", display, ruleBasedBudget=RULE)
    new = {"campaign_id": display, "name": "New", "state": "ENABLED", "default_bid": "0.50 USD"}
    await _ruled(free, capped, "sponsored_display_ad_groups", "create", new)


def put(engine_client: EngineClient, kind: str, id_: str, **fields: Any) -> None:
    """Let a record of the platform have other fields."""
    engine_client.store.put(kind, id_, {**(engine_client.store.get(kind, id_) or {}), **fields})


async def _ruled(
    free: EngineClient, capped: EngineClient, entity: str, action: str, params: dict[str, Any]
) -> None:
    """A call says that a rule changes the budget, and is refused for that where budgets are capped."""
    assert f"warning: {CHANGED}" in (await plan(free, entity, action, **params)).text
    with pytest.raises(OverCap) as refused:
        await plan(capped, entity, action, **params)
    assert f"{CHANGED}, and budgets are capped" in str(refused.value)


def test_authors_give_no_goal() -> None:
    """An author's campaign is made without one."""
    kind = amazon_ads.action(CAMPAIGNS, "create")
    goal = {"goal": "PAGE_VISIT", "cost_type": "CPC"}
    given = {"profile_id": PROFILE, "name": "Books", "daily_budget": 5, **goal}
    call = validate.call(CAMPAIGNS, "create", kind, given)
    account = Account(PROFILE, "", "USD", kind="author")
    with pytest.raises(InvalidParams, match="authors' campaigns have none"):
        call.settled(Context(date(2026, 11, 22), account), {})
