"""Budget caps: on every budget, on what is activated, on sums, on many small rises; in every mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import (
    CREATIVE,
    DRYBAGS,
    GIFTS,
    JACKETS_SET,
    NEW,
    NEW_SET,
    REGENWEAR,
    SPRING,
    SPRING_AD_PAUSED,
    SPRING_SET,
    SPRING_SET_PAUSED,
    STRIPES,
    SURF,
    applied,
    error_of,
    planned,
    writes,
)

from mcp_ads.connectors.facebook_marketing.delivery.campaigns import UpdateCampaign
from mcp_ads.errors import OverCap

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
SP = "sponsored_product_"
REFUSED: list[tuple[str, str, str, dict[str, Any], str]] = [
    (
        FACEBOOK,
        "campaigns",
        "update",
        {"id": SPRING, "daily_budget": "101 USD"},
        "101.00 USD a day is over the cap of 100.00 USD",
    ),
    (
        FACEBOOK,
        "campaigns",
        "update",
        {"id": GIFTS, "lifetime_budget": "5001 USD"},
        "over the cap of 5000.00 USD",
    ),
    (
        FACEBOOK,
        "campaigns",
        "update",
        {"id": SPRING, "spend_cap": "6000 USD"},
        "spend_cap 6000.00 USD is over",
    ),
    (FACEBOOK, "ad_sets", "update", {"id": JACKETS_SET, "daily_spend_cap": "101 USD"}, "daily_spend_cap"),
    (
        FACEBOOK,
        "ad_sets",
        "update",
        {"id": JACKETS_SET, "lifetime_min_spend_target": "6000 USD"},
        "over the cap",
    ),
    (FACEBOOK, "campaigns", "create", {**NEW, "daily_budget": "101 USD"}, "over the cap"),
    (FACEBOOK, "campaigns", "create", {**NEW, "status": "ACTIVE"}, "cannot be read"),
    (
        FACEBOOK,
        "campaigns",
        "update",
        {"id": REGENWEAR, "account_id": JAPAN, "daily_budget": "+1%"},
        "no cap for JPY",
    ),
    (
        FACEBOOK,
        "campaigns",
        "create",
        {**NEW, "items": [{"daily_budget": "60 USD"}] * 2},
        "together the steps add 120.00 USD a day",
    ),
    (
        LINKEDIN,
        "campaigns",
        "update",
        {"account_id": LINKEDIN_US, "id": "300000001", "daily_budget": "101 USD"},
        "over the cap",
    ),
    (
        LINKEDIN,
        "campaign_groups",
        "update",
        {"account_id": LINKEDIN_US, "id": "600000002", "total_budget": "+1%"},
        "over the cap",
    ),
    (
        AMAZON,
        SP + "campaigns",
        "update",
        {"account_id": PROFILE, "id": "120000000000001", "daily_budget": 101},
        "over the cap",
    ),
    (
        AMAZON,
        SP + "campaigns",
        "update",
        {"account_id": "5512345678901234", "id": "320000000000001", "daily_budget": "+1%"},
        "no cap for JPY",
    ),
]


@pytest.fixture
def capped(engine_client_with: EngineClients) -> EngineClient:
    """An engine client where a day may cost 100 USD and anything in all 5000 USD."""
    return engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="100 USD", MCP_ADS_MAX_LIFETIME_BUDGET="5000 USD")


@pytest.mark.parametrize(("connector", "entity", "action", "params", "said"), REFUSED)
@pytest.mark.parametrize("mode", ["plan", "direct"])
async def test_over_the_cap(
    engine_client_with: EngineClients,
    mode: str,
    connector: str,
    entity: str,
    action: str,
    params: dict[str, Any],
    said: str,
) -> None:
    """Every budget and spend cap of every platform, in every mode, and nothing is sent."""
    engine_client = engine_client_with(
        MCP_ADS_WRITES=mode, MCP_ADS_MAX_DAILY_BUDGET="100 USD", MCP_ADS_MAX_LIFETIME_BUDGET="5000 USD"
    )
    with pytest.raises(OverCap, match=said.replace("(", r"\(")):
        await engine_client.do(connector, entity, action, **params)
    assert writes(engine_client) == []


WITHIN: list[tuple[str, str, dict[str, Any]]] = [
    ("campaigns", "update", {"id": SPRING, "daily_budget": "100 USD"}),
    ("campaigns", "update", {"id": SURF, "daily_budget": "-5 USD"}),
    ("campaigns", "update", {"id": REGENWEAR, "account_id": JAPAN, "daily_budget": "-5%"}),
    ("campaigns", "activate", {"id": STRIPES}),
    ("campaigns", "activate", {"id": DRYBAGS}),
    ("campaigns", "pause", {"id": SPRING}),
    ("campaigns", "create", {**NEW, "daily_budget": "100 USD", "status": "ACTIVE"}),
    ("ad_sets", "activate", {"id": SPRING_SET_PAUSED}),
    ("ads", "activate", {"id": SPRING_AD_PAUSED}),
]


@pytest.mark.parametrize(("entity", "action", "params"), WITHIN)
async def test_within_the_cap(capped: EngineClient, entity: str, action: str, params: dict[str, Any]) -> None:
    """What stays under the caps, or takes money away, is planned."""
    await planned(capped, entity, action, **params)


def set_budget(engine_client: EngineClient, kind: str, object_id: str, **fields: Any) -> None:
    """Change an object on the platform behind our back."""
    found = engine_client.store.get(f"facebook.{kind}", object_id)
    assert found
    engine_client.store.put(f"facebook.{kind}", object_id, {**found, **fields})


@pytest.mark.parametrize(
    ("kind", "changed", "entity", "activated", "said"),
    [
        ("campaign", STRIPES, "campaigns", STRIPES, "daily_budget 200.00 USD"),
        ("campaign", SPRING, "ad_sets", SPRING_SET_PAUSED, "campaign.daily_budget 200.00 USD"),
        ("campaign", SPRING, "ads", SPRING_AD_PAUSED, "campaign.daily_budget 200.00 USD"),
        ("adset", "1202120000000003150", "campaigns", DRYBAGS, "daily_budget 225.00 USD"),
    ],
)
async def test_activating_what_is_over_the_cap(
    capped: EngineClient, kind: str, changed: str, entity: str, activated: str, said: str
) -> None:
    """Somebody set a budget over the cap elsewhere; nobody activates it here, nor anything that spends it."""
    await capped.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)
    set_budget(capped, kind, changed, daily_budget="20000", status="ACTIVE" if kind == "adset" else "PAUSED")
    with pytest.raises(OverCap, match=said):
        await planned(capped, entity, "activate", id=activated)


async def test_creating_active_under_a_budget_over_the_cap(capped: EngineClient) -> None:
    """An ad set that starts active spends its campaign's budget."""
    await capped.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)
    set_budget(capped, "campaign", SPRING, daily_budget="20000")
    pixel = {"pixel_id": "887766554433221", "custom_event_type": "PURCHASE"}
    goal = {"optimization_goal": "OFFSITE_CONVERSIONS", "promoted_object": pixel}
    with pytest.raises(OverCap, match=r"daily_budget 200\.00 USD a day is over the cap"):
        await planned(capped, "ad_sets", "create", **NEW_SET | goal, campaign_id=SPRING, status="ACTIVE")
    ad: dict[str, Any] = {
        "account_id": US,
        "name": "Ad",
        "adset_id": SPRING_SET,
        "creative": {"creative_id": CREATIVE},
    }
    with pytest.raises(OverCap, match=r"campaign\.daily_budget 200\.00 USD a day is over the cap"):
        await planned(capped, "ads", "create", **ad, status="ACTIVE")


@pytest.mark.parametrize("entity", ["ad_groups", "keywords", "product_ads"])
@pytest.mark.parametrize(("cap", "fits"), [("5 USD", False), ("5000 USD", True)])
async def test_amazon_spends_the_campaigns_budget(
    engine_client_with: EngineClients, entity: str, cap: str, fits: bool
) -> None:
    """What is enabled below a campaign is measured by the campaign's budget, which is read for it."""
    engine_client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET=cap)
    row = (
        await engine_client.do(AMAZON, SP + entity, "list", account_id=PROFILE, state=["PAUSED"], limit=1)
    ).data[0]
    object_id = next(iter(row.values()))
    error = await error_of(
        planned(engine_client, SP + entity, "activate", AMAZON, account_id=PROFILE, id=object_id)
    )
    assert (error is None) == fits
    assert fits or "over the cap of 5.00 USD" in str(error)


async def test_taking_a_limit_away(capped: EngineClient) -> None:
    """Without its spend cap anything may be spent."""
    await applied(
        capped, await planned(capped, "campaigns", "update", campaign_id=SPRING, spend_cap="500 USD")
    )
    with pytest.raises(OverCap, match="without a spend cap anything may be spent"):
        await planned(capped, "campaigns", "update", campaign_id=SPRING, spend_cap="0 USD")


async def test_a_plans_sum(capped: EngineClient) -> None:
    """Appending does not get round the cap; moving money is no addition."""
    plan_id = await planned(capped, "campaigns", "create", **NEW, daily_budget="60 USD")
    with pytest.raises(OverCap, match=r"together the steps add 120\.00 USD a day, over the cap"):
        await planned(capped, "campaigns", "create", **NEW, daily_budget="60 USD", append_to=plan_id)
    assert len(capped.workspace.plans.get(plan_id).steps) == 1
    items = [
        {"campaign_id": SPRING, "daily_budget": "100 USD"},
        {"campaign_id": SURF, "daily_budget": "20 USD"},
    ]
    await planned(capped, "campaigns", "update", items=items)


async def test_a_shared_budget_counts_once(capped: EngineClient) -> None:
    """Ad sets of one campaign share its 50 USD; activating three of them is not 150 USD."""
    rows = (await capped.do(FACEBOOK, "ad_sets", "list", account_id=US, campaign_id=SPRING)).data
    await applied(capped, await planned(capped, "ad_sets", "pause", id=[row["id"] for row in rows]))
    plan = await planned(capped, "ad_sets", "activate", id=[row["id"] for row in rows])
    assert len(capped.workspace.plans.get(plan).steps) == 3


async def test_leaving_a_shared_budget_frees_none_of_it(capped: EngineClient) -> None:
    """What is paused in a campaign leaves its 50 USD to the rest: the plan says so, and the cap counts it."""
    plan = await capped.do(FACEBOOK, "ad_sets", "pause", id=SPRING_SET)
    assert "ends spending" not in plan.text
    assert f"spends no more from 50.00 USD a day (campaign.daily_budget of {SPRING}, shared)" in plan.text
    plan_id = plan.data["plan_id"]
    plan_id = await planned(capped, "campaigns", "create", **NEW, daily_budget="60 USD", append_to=plan_id)
    with pytest.raises(OverCap, match=r"together the steps add 120\.00 USD a day, over the cap"):
        await planned(capped, "campaigns", "create", **NEW, daily_budget="60 USD", append_to=plan_id)


async def test_caps_hold_when_applying(engine_client_with: EngineClients) -> None:
    """A plan made before the cap was set is stopped by it, and stays open."""
    free = engine_client_with()
    plan_id = await planned(free, "campaigns", "update", campaign_id=SPRING, daily_budget="150 USD")
    with pytest.raises(OverCap):
        await applied(engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="100 USD"), plan_id)
    assert writes(free) == []
    assert "APPLIED" in (await applied(free, plan_id)).text


async def test_ten_small_rises_do_not_pass(engine_client_with: EngineClients) -> None:
    """Rises are measured from the lowest of the last 24 hours, whatever there was in between."""
    engine_client = engine_client_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="20", MCP_ADS_WRITES="direct")
    rise: dict[str, Any] = {"campaign_id": SPRING, "daily_budget": "+9%"}
    errors = [await error_of(engine_client.do(FACEBOOK, "campaigns", "update", **rise)) for _ in range(10)]
    assert [error is None for error in errors] == [True, True, *[False] * 8]
    assert "over its lowest of the last 24 hours (50.00 USD); at most 20 % are allowed" in str(errors[-1])
    assert len(writes(engine_client)) == 2


async def test_down_and_up_again(engine_client_with: EngineClients) -> None:
    """Nor does it help to go down first: the way back is a rise too."""
    engine_client = engine_client_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="50", MCP_ADS_WRITES="direct")
    await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, daily_budget="20 USD")
    with pytest.raises(OverCap, match=r"150 % over its lowest of the last 24 hours \(20.00 USD\)"):
        await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, daily_budget="50 USD")


async def test_new_objects_have_no_rise(engine_client_with: EngineClients) -> None:
    """Percent is for what was there before; activating what was paused is no rise of its budget."""
    engine_client = engine_client_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="10")
    await planned(engine_client, "campaigns", "create", **NEW, daily_budget="500 USD")
    await planned(engine_client, "campaigns", "activate", campaign_id=STRIPES)


async def test_what_cannot_be_priced_is_refused(
    engine_client_with: EngineClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call that says its spending cannot be read passes without caps and is refused with them."""
    monkeypatch.setattr(UpdateCampaign, "spend_unknown", lambda _: "its rule may set any budget")
    params = {"id": SPRING, "name": "Spring Sale 2"}
    await planned(engine_client_with(), "campaigns", "update", **params)
    with pytest.raises(OverCap, match="its rule may set any budget"):
        await planned(engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="100 USD"), "campaigns", "update", **params)


AD = {"adset_id": SPRING_SET, "name": "n", "creative": {"creative_id": CREATIVE}}
POST = {"campaign_id": "300000001", "name": "n", "content": "urn:li:share:7000000000000000001"}


@pytest.mark.parametrize(
    ("connector", "entity", "made", "activate", "account"),
    [
        (FACEBOOK, "ads", AD, {"ad_id": "@1.id"}, US),
        (LINKEDIN, "creatives", POST, {"creative_id": "@1.id"}, LINKEDIN_US),
    ],
)
async def test_what_a_step_makes_spends_from_what_is_there_above_it(
    engine_client_with: EngineClients,
    connector: str,
    entity: str,
    made: dict[str, Any],
    activate: dict[str, Any],
    account: str,
) -> None:
    """Made switched off and activated in the same plan, it begins to be spent like any other."""
    capped = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="20 USD")
    first = await planned(capped, entity, "create", connector, account_id=account, **made)
    more = {"account_id": account} if connector == LINKEDIN else {}
    with pytest.raises(OverCap, match=r"@1\.id .* USD a day is over the cap of 20\.00 USD"):
        await capped.do(connector, entity, "activate", **more, **activate, append_to=first)
