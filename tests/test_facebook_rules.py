"""What Facebook refuses of campaigns, ad sets and ads is said beforehand, and what it may refuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from engine_client import FACEBOOK, US, EngineClient
from planning import CREATIVE, DRYBAGS, GIFTS, NEW, NEW_SET, SPRING, SPRING_SET, TARGETING, writes

from mcp_ads.connectors import connector
from mcp_ads.connectors.facebook_marketing.types import GraphWrite
from mcp_ads.core import Write
from mcp_ads.errors import InvalidParams, Rejected

pytestmark = pytest.mark.anyio
JACKETS_SET = "1202120000000003391"
PIXEL = {"pixel_id": "887766554433221", "custom_event_type": "PURCHASE"}
PAGE = {"page_id": "104857600000001"}
APP = {"application_id": "1029384756102938", "object_store_url": "https://apps.apple.com/us/app/x/id1"}
CAMPAIGN_REFUSED = {
    "legacy": ({"objective": "CONVERSIONS"}, "write OUTCOME_SALES"),
    "dead": ({"objective": "OFFER_CLAIMS"}, "nothing has replaced it"),
    "credit": ({"special_ad_categories": ["CREDIT"]}, "write FINANCIAL_PRODUCTS_SERVICES"),
    "none-and-more": ({"special_ad_categories": ["NONE", "HOUSING"]}, "NONE stands alone"),
    "politics-nowhere": (
        {"special_ad_categories": ["ISSUES_ELECTIONS_POLITICS"]},
        "special_ad_category_country",
    ),
    "politics-in-europe": (
        {"special_ad_categories": "ISSUES_ELECTIONS_POLITICS", "special_ad_category_country": ["DE", "US"]},
        "no ads about politics in the EU (DE)",
    ),
    "advantage-plus": ({"smart_promotion_type": "AUTOMATED_SHOPPING_ADS"}, "no Advantage+ shopping"),
    "target-cost": ({"bid_strategy": "TARGET_COST", "daily_budget": 5000}, "write COST_CAP"),
    "frequency": ({"frequency_control_specs": [{"event": "IMPRESSIONS"}]}, "max_frequency"),
}
SET_REFUSED = {
    "goal-conversions": ({"optimization_goal": "CONVERSIONS"}, "write OFFSITE_CONVERSIONS"),
    "goal-video": ({"optimization_goal": "video views"}, "write THRUPLAY"),
    "billing-video": ({"billing_event": "VIDEO_VIEWS"}, "write THRUPLAY"),
    "goal-of-others": (
        {"optimization_goal": "LEAD_GENERATION", "promoted_object": PAGE},
        "OUTCOME_TRAFFIC has no",
    ),
    "destination-of-others": ({"destination_type": "ON_AD"}, "that is OUTCOME_LEADS's"),
    "destination-undefined": ({"destination_type": "UNDEFINED"}, "leave it out"),
    "app-unnamed": ({"destination_type": "APP"}, "{application_id, object_store_url}"),
    "event-misspelt": ({"promoted_object": {**PIXEL, "custom_event_type": "VIEW_CONTENT"}}, "CONTENT_VIEW"),
    "roas-floor": (
        {"bid_strategy": "LOWEST_COST_WITH_MIN_ROAS", "bid_constraints": {"roas_average_floor": 1.5}},
        "roas_average_floor is whole",
    ),
    "frequency-goal": (
        {"frequency_control_specs": [{"event": "IMPRESSIONS", "interval_days": 7, "max_frequency": 2}]},
        "only with optimization_goal REACH or THRUPLAY",
    ),
    "attribution-28": (
        {"attribution_spec": [{"event_type": "CLICK_THROUGH", "window_days": 28}]},
        "counts 1 or 7 days, not 28",
    ),
    "attribution-kind": ({"attribution_spec": [{"event_type": "CLICK", "window_days": 1}]}, "CLICK_THROUGH"),
    "hours-off": (
        {
            "adset_schedule": [{"start_minute": 545, "end_minute": 1020, "days": [1]}],
            "pacing_type": ["day_parting"],
        },
        "minutes on the hour",
    ),
    "hours-days": (
        {"adset_schedule": [{"start_minute": 540, "end_minute": 1020, "days": [7]}]},
        "0 (Sunday) to 6",
    ),
    "hours-daily": (
        {
            "adset_schedule": [{"start_minute": 540, "end_minute": 1020, "days": [1]}],
            "pacing_type": ["day_parting"],
        },
        "only with lifetime_budget",
    ),
    "identities": ({"regional_regulated_categories": ["TAIWAN_UNIVERSAL"]}, "regional_regulation_identities"),
    "tuned-credit": ({"tune_for_category": "CREDIT"}, "write FINANCIAL_PRODUCTS_SERVICES"),
}
TARGETING_REFUSED = {
    "audience-network-alone": ({"publisher_platforms": ["audience_network"]}, "not possible alone"),
    "messenger-alone": ({"publisher_platforms": ["messenger"]}, "not possible alone"),
    "threads-alone": ({"publisher_platforms": ["facebook", "threads"]}, "threads needs instagram"),
    "threads-story": (
        {"publisher_platforms": ["instagram", "threads"], "instagram_positions": ["story"]},
        "threads needs instagram with its stream",
    ),
    "whatsapp-stream": (
        {"publisher_platforms": ["instagram", "whatsapp"], "instagram_positions": ["stream"]},
        "whatsapp needs instagram with its story",
    ),
    "facebook-story": (
        {"publisher_platforms": ["facebook"], "facebook_positions": ["story"]},
        "story needs facebook's feed",
    ),
    "marketplace": ({"facebook_positions": ["marketplace"]}, "marketplace needs feed"),
    "sponsored": (
        {"publisher_platforms": ["facebook", "messenger"], "messenger_positions": ["sponsored_messages"]},
        "only possible alone",
    ),
    "instagram-desktop": (
        {"publisher_platforms": ["instagram"], "device_platforms": ["desktop"]},
        "no placements on desktop",
    ),
    "video-feeds": ({"facebook_positions": ["feed", "video_feeds"]}, "video_feeds was removed"),
    "one-location-type": (
        {"geo_locations": {"countries": ["US"], "location_types": ["travel_in"]}},
        'only ["home", "recent"]',
    ),
    "city-radius": (
        {"geo_locations": {"cities": [{"key": "2418779", "radius": 5, "distance_unit": "mile"}]}},
        "10 to 50 miles",
    ),
    "radius-unit": (
        {"geo_locations": {"cities": [{"key": "2418779", "radius": 20, "distance_unit": "km"}]}},
        "mile or kilometer",
    ),
    "exclusions": ({"exclusions": {"interests": [{"id": "1"}]}}, "no detailed exclusions"),
    "excluded-audience": (
        {"exclusions": {"custom_audiences": [{"id": "1"}]}},
        "excluded_custom_audiences",
    ),
    "young-in-europe": ({"geo_locations": {"countries": ["FR"]}, "age_min": 16}, "at least 18 in FR"),
    "young-in-thailand": ({"geo_locations": {"countries": ["TH"]}, "age_min": 18}, "at least 20 in TH"),
    "no-object": ({"geo_locations": ["US"]}, "an object, such as"),
}
HOUSING_REFUSED = {
    "radius": (
        {"geo_locations": {"cities": [{"key": "1", "country": "US", "radius": 12, "distance_unit": "mile"}]}},
        "radius of 15 miles",
    ),
    "pin-in-europe": (
        {
            "geo_locations": {
                "custom_locations": [
                    {
                        "latitude": 52.5,
                        "longitude": 13.4,
                        "country": "DE",
                        "radius": 10,
                        "distance_unit": "kilometer",
                    }
                ]
            }
        },
        "radius of 15 kilometers",
    ),
    "behaviour-inside": ({"flexible_spec": [{"behaviors": [{"id": "1"}]}]}, "targeting.behaviors"),
    "no-choice": ({"targeting_automation": {}}, "advantage_audience"),
}


@pytest.mark.parametrize(("params", "said"), CAMPAIGN_REFUSED.values(), ids=CAMPAIGN_REFUSED)
async def test_a_campaign_facebook_refuses(
    engine_client: EngineClient, params: dict[str, Any], said: str
) -> None:
    """Each mistake is a line with what would be right, and nothing is sent."""
    with pytest.raises(InvalidParams) as refused:
        await engine_client.do(FACEBOOK, "campaigns", "create", **{**NEW, **params})
    assert said in str(refused.value)
    assert engine_client.sent() == []


@pytest.mark.parametrize(("params", "said"), SET_REFUSED.values(), ids=SET_REFUSED)
async def test_an_ad_set_facebook_refuses(
    engine_client: EngineClient, params: dict[str, Any], said: str
) -> None:
    """Goals, destinations, bids, hours and windows: known before anything is validated there."""
    wanted = {**NEW_SET, "campaign_id": "1202110000000000319", "daily_budget": "50 USD", **params}
    if "has no" in said or "OUTCOME_LEADS" in said or "application_id" in said:
        plan = await engine_client.do(FACEBOOK, "campaigns", "create", **NEW)
        wanted |= {"campaign_id": "@1.id", "append_to": plan.data["plan_id"]}
    with pytest.raises(InvalidParams) as refused:
        await engine_client.do(FACEBOOK, "ad_sets", "create", **wanted)
    assert said in str(refused.value)
    assert "POST /v26.0/act_1234567890/adsets" not in engine_client.sent()


@pytest.mark.parametrize(("targeting", "said"), TARGETING_REFUSED.values(), ids=TARGETING_REFUSED)
async def test_targeting_facebook_refuses(
    engine_client: EngineClient, targeting: dict[str, Any], said: str
) -> None:
    """Placements that do not go together, circles, ages and exclusions that are not possible."""
    wanted = {**TARGETING, **targeting}
    with pytest.raises(InvalidParams) as refused:
        await engine_client.do(FACEBOOK, "ad_sets", "update", adset_id=SPRING_SET, targeting=wanted)
    assert said in str(refused.value)
    assert engine_client.sent() == []


@pytest.mark.parametrize(("targeting", "said"), HOUSING_REFUSED.values(), ids=HOUSING_REFUSED)
async def test_housing_in_detail(engine_client: EngineClient, targeting: dict[str, Any], said: str) -> None:
    """Small circles and details are refused inside flexible_spec too; tuning lets Facebook widen them."""
    housing = {**NEW, "daily_budget": "50 USD", "special_ad_categories": ["HOUSING"]}
    plan = await engine_client.do(FACEBOOK, "campaigns", "create", **housing)
    assert "the country of the account's taxes counts" in plan.text
    wanted = {**NEW_SET, "campaign_id": "@1.id", "targeting": {**TARGETING, **targeting}}
    with pytest.raises(InvalidParams) as refused:
        await engine_client.do(FACEBOOK, "ad_sets", "create", **wanted, append_to=plan.data["plan_id"])
    assert said in str(refused.value)


NEW_VALUES = {
    "goal": ({"optimization_goal": "LINK_CLICK"}, "LINK_CLICK is not known here", "did you mean LINK_CLICKS"),
    "destination": ({"destination_type": "hologram"}, "HOLOGRAM is not known here", "destination_type"),
    "billing": ({"billing_event": "SMILES"}, "SMILES is not known here", "billing_event"),
    "event": (
        {"promoted_object": {"pixel_id": "1", "custom_event_type": "TELEPORT"}},
        "TELEPORT is not known here",
        "custom_event_type",
    ),
}


@pytest.mark.parametrize(("params", "said", "also"), NEW_VALUES.values(), ids=NEW_VALUES)
async def test_values_that_are_new_are_planned_with_a_word(
    engine_client: EngineClient, params: dict[str, Any], said: str, also: str
) -> None:
    """A list that is too short blocks nobody: the value stands in the request as it was given."""
    first = await engine_client.do(FACEBOOK, "campaigns", "create", **NEW)
    wanted = {**NEW_SET, "campaign_id": "@1.id", "daily_budget": "50 USD", **params}
    plan = await engine_client.do(FACEBOOK, "ad_sets", "create", **wanted, append_to=first.data["plan_id"])
    assert said in plan.text
    assert also in plan.text


async def test_a_new_objective_is_asked_of_the_platform(engine_client: EngineClient) -> None:
    """It is the platform that refuses what it does not know, and its words are quoted."""
    with pytest.raises(Rejected) as refused:
        await engine_client.do(FACEBOOK, "campaigns", "create", **{**NEW, "objective": "OUTCOME_TELEPATHY"})
    assert "OUTCOME_TELEPATHY" in refused.value.platform_text
    assert writes(engine_client) == []


DOUBTFUL = {
    "goal-and-destination": ({"optimization_goal": "REACH", "destination_type": "PHONE_CALL"}, "usually has"),
    "page-of-a-profile": (
        {"optimization_goal": "PROFILE_VISIT", "destination_type": "INSTAGRAM_PROFILE"},
        "without promoted_object.page_id",
    ),
    "clicks-for-sales": (
        {"objective": "OUTCOME_SALES", "optimization_goal": "LINK_CLICKS"},
        "Facebook looks for clicks, not for sales",
    ),
    "attribution": (
        {"attribution_spec": [{"event_type": "CLICK_THROUGH", "window_days": 7}]},
        "LINK_CLICKS usually counts one day",
    ),
    "places-add-up": (
        {"targeting": {**TARGETING, "geo_locations": {"countries": ["US"], "cities": [{"key": "2418779"}]}}},
        "places add up: all of US, and cities",
    ),
    "miles": (
        {"targeting": {**TARGETING, "geo_locations": {"cities": [{"key": "2418779", "radius": 20}]}}},
        "without distance_unit is in miles",
    ),
    "explore": (
        {"targeting": {**TARGETING, "instagram_positions": ["stream", "explore"]}},
        "retired explore",
    ),
    "payors": (
        {"targeting": {**TARGETING, "geo_locations": {"country_groups": ["europe"]}}, "dsa_payor": "Tern"},
        "need dsa_beneficiary",
    ),
    "taiwan": (
        {"targeting": {**TARGETING, "geo_locations": {"countries": ["TW"]}}},
        "may need regional_regulated_categories, such as TAIWAN_UNIVERSAL",
    ),
}


@pytest.mark.parametrize(("params", "said"), DOUBTFUL.values(), ids=DOUBTFUL)
async def test_what_facebook_may_refuse_is_said(
    engine_client: EngineClient, params: dict[str, Any], said: str
) -> None:
    """What only Facebook can tell stands in the plan, and blocks nobody."""
    own = {name: value for name, value in params.items() if name != "objective"}
    campaign = NEW | {"objective": params.get("objective", NEW["objective"])}
    first = await engine_client.do(FACEBOOK, "campaigns", "create", **campaign)
    wanted = {**NEW_SET, "campaign_id": "@1.id", "daily_budget": "50 USD", **own}
    plan = await engine_client.do(FACEBOOK, "ad_sets", "create", **wanted, append_to=first.data["plan_id"])
    assert said in plan.text


async def test_customer_lists_for_housing_are_a_warning(engine_client: EngineClient) -> None:
    """Whether an audience qualifies only Facebook knows; tune_for_category lets it widen a narrow one."""
    housing = {**NEW, "daily_budget": "50 USD", "special_ad_categories": ["HOUSING"]}
    first = await engine_client.do(FACEBOOK, "campaigns", "create", **housing)
    narrow = {**TARGETING, "custom_audiences": [{"id": "1"}], "genders": [1]}
    wanted = {**NEW_SET, "campaign_id": "@1.id", "targeting": narrow, "tune_for_category": "housing"}
    plan = await engine_client.do(FACEBOOK, "ad_sets", "create", **wanted, append_to=first.data["plan_id"])
    assert "is_sac_cfca_terms_certified" in plan.text


CHANGES_REFUSED = {
    "attribution": (
        SPRING_SET,
        {"attribution_spec": [{"event_type": "CLICK_THROUGH", "window_days": 1}]},
        "attribution_spec cannot be changed",
    ),
    "frequency": (
        SPRING_SET,
        {"frequency_control_specs": [{"event": "IMPRESSIONS", "interval_days": 7, "max_frequency": 2}]},
        "frequency_control_specs cannot be changed",
    ),
    "page": (SPRING_SET, {"promoted_object": {**PIXEL, **PAGE}}, "promoted_object.page_id cannot be changed"),
    "budget-below": (SPRING_SET, {"daily_budget": "50 USD"}, "its campaign has the budget"),
    "strategy-below": (
        SPRING_SET,
        {"bid_strategy": "LOWEST_COST_WITHOUT_CAP"},
        "the bid strategy is set there",
    ),
    "cap-without-bid": (JACKETS_SET, {"bid_strategy": "COST_CAP"}, "bid_amount COST_CAP needs it"),
    "bid-without-cap": (JACKETS_SET, {"bid_amount": "2 USD"}, "LOWEST_COST_WITHOUT_CAP does not take it"),
    "hours": (
        JACKETS_SET,
        {
            "adset_schedule": [{"start_minute": 540, "end_minute": 1020, "days": [1]}],
            "pacing_type": ["day_parting"],
        },
        "only with lifetime_budget",
    ),
}


@pytest.mark.parametrize(("adset_id", "params", "said"), CHANGES_REFUSED.values(), ids=CHANGES_REFUSED)
async def test_a_change_facebook_refuses(
    engine_client: EngineClient, adset_id: str, params: dict[str, Any], said: str
) -> None:
    """Fields that are fixed, and what no longer fits the ad set and its campaign as they are."""
    with pytest.raises(InvalidParams) as refused:
        await engine_client.do(FACEBOOK, "ad_sets", "update", adset_id=adset_id, **params)
    assert said in str(refused.value)
    assert [sent for sent in engine_client.sent() if sent.startswith("POST")] == []


async def test_a_pixel_may_be_changed_before_publishing(engine_client: EngineClient) -> None:
    """It is Facebook that knows whether ads were published: it is asked, and what it says is passed on."""
    wanted = {"promoted_object": {**PIXEL, "custom_event_type": "LEAD"}}
    with pytest.raises(Rejected) as refused:
        await engine_client.do(FACEBOOK, "ad_sets", "update", adset_id=SPRING_SET, **wanted)
    assert refused.value.fix == "pixel and event cannot be changed after publishing: create a new ad set"


async def test_a_lifetime_budget_stays_above_what_is_spent(engine_client: EngineClient) -> None:
    """A tenth more than what is gone has to be left; how much that is stands in the refusal."""
    with pytest.raises(InvalidParams, match=r"lifetime_budget: \d+ are spent, so it stays at \d+ or more"):
        await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=GIFTS, lifetime_budget="120 USD")


async def test_changes_of_a_campaign_facebook_refuses(engine_client: EngineClient) -> None:
    """Sharing is set when a campaign is made, and without a budget the strategy is its ad sets'."""
    with pytest.raises(InvalidParams, match="cannot be switched on later"):
        await engine_client.do(
            FACEBOOK, "campaigns", "update", campaign_id=SPRING, is_adset_budget_sharing_enabled=True
        )
    with pytest.raises(InvalidParams, match="the bid strategy is set on its ad sets"):
        await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=DRYBAGS, bid_strategy="COST_CAP")


SOURCES = {
    "POST /act_{account_id}/campaigns": "facebook-business 26.0.3, AdAccount.create_campaign",
    "POST /act_{account_id}/adsets": "facebook-business 26.0.3, AdAccount.create_ad_set",
    "POST /act_{account_id}/ads": "facebook-business 26.0.3, AdAccount.create_ad",
    "POST /act_{account_id}/adcreatives": "facebook-business 26.0.3, AdAccount.create_ad_creative",
    "POST /{campaign_id}": "facebook-business 26.0.3, Campaign.api_update",
    "POST /{adset_id}": "facebook-business 26.0.3, AdSet.api_update",
    "POST /{ad_id}": "facebook-business 26.0.3, Ad.api_update",
}
"""Edges whose execution_options know validate_only, each with the method whose parameters say so."""


def test_validate_only_is_sent_to_these_edges_alone() -> None:
    """Anywhere else the flag is ignored and the write carried out: copies, deletes, audiences, rules."""
    facebook = connector(FACEBOOK)
    actions = [cls for name in facebook.names() for cls in facebook.entity(name).actions.values()]
    checked = [cls for cls in actions if issubclass(cls, Write) and cls.validation is not Write.validation]
    assert {f"{cls.http.method} {cls.http.path}" for cls in checked} == set(SOURCES)
    assert all(issubclass(cls, GraphWrite) for cls in checked)


async def test_each_is_validated_by_itself(engine_client: EngineClient) -> None:
    """In a batch the flag is not known to hold: a plan of many sends each check alone."""
    items = [{"adset_id": adset_id, "name": f"New {adset_id}"} for adset_id in (SPRING_SET, JACKETS_SET)]
    await engine_client.do(FACEBOOK, "ad_sets", "update", items=items)
    posts = [sent for sent in engine_client.sent() if sent.startswith("POST")]
    assert {f"POST /v26.0/{item['adset_id']}" for item in items} <= set(posts)
    assert writes(engine_client) == []


async def test_where_the_platform_cannot_check_the_plan_says_so(engine_client: EngineClient) -> None:
    """Audiences are an edge without validate_only: nothing is sent at planning."""
    wanted = {
        "account_id": US,
        "name": "Visitors",
        "subtype": "CUSTOM",
        "customer_file_source": "USER_PROVIDED_ONLY",
    }
    plan = await engine_client.do(FACEBOOK, "custom_audiences", "create", **wanted)
    assert "not validated by the platform" in plan.text
    assert [sent for sent in engine_client.sent() if not sent.startswith("GET")] == []


async def test_an_ad_can_be_read_for_policy_at_planning(engine_client: EngineClient) -> None:
    """synchronous_ad_review goes with validate_only, and never with the write itself."""
    wanted = {
        "account_id": US,
        "name": "Ad",
        "adset_id": SPRING_SET,
        "creative": {"creative_id": CREATIVE},
    }
    plan = await engine_client.do(
        FACEBOOK, "ads", "create", **wanted, execution_options=["synchronous_ad_review"]
    )
    assert "execution_options" not in plan.text
    assert "POST /v26.0/act_1234567890/ads" in engine_client.sent()


async def test_an_ad_of_a_post_needs_the_page_of_its_ad_set(engine_client: EngineClient) -> None:
    """Facebook refuses it only when the ad is made (1885154): here it is known before."""
    engagement = {**NEW, "objective": "OUTCOME_ENGAGEMENT", "daily_budget": "50 USD"}
    first = await engine_client.do(FACEBOOK, "campaigns", "create", **engagement)
    wanted = {**NEW_SET, "optimization_goal": "POST_ENGAGEMENT", "destination_type": "ON_POST"}
    second = await engine_client.do(
        FACEBOOK, "ad_sets", "create", **wanted, campaign_id="@1.id", append_to=first.data["plan_id"]
    )
    assert "ON_POST without promoted_object.page_id" in second.text
    ad = {"account_id": US, "name": "Ad", "adset_id": "@2.id", "creative": {"creative_id": CREATIVE}}
    with pytest.raises(InvalidParams, match="promotes no page"):
        await engine_client.do(FACEBOOK, "ads", "create", **ad, append_to=second.data["plan_id"])


async def test_times_of_an_ad_are_for_sales_and_apps(engine_client: EngineClient) -> None:
    """Under another objective the plan says so."""
    found = await engine_client.table(
        FACEBOOK, "ad_sets", "list", account_id=US, fields="id,campaign{objective}", limit=100
    )
    leads = next(row["id"] for row in found.rows if "OUTCOME_LEADS" in str(row.values()))
    ad = {"account_id": US, "name": "Ad", "adset_id": leads, "creative": {"creative_id": CREATIVE}}
    plan = await engine_client.do(FACEBOOK, "ads", "create", **ad, ad_schedule_end_time="2035-01-01")
    assert "for sales and app promotion, not OUTCOME_LEADS" in plan.text


async def test_a_category_that_comes_later_warns(engine_client: EngineClient) -> None:
    """Ad sets that do not comply are stopped by Facebook, which the plan says."""
    plan = await engine_client.do(
        FACEBOOK, "campaigns", "update", campaign_id=SPRING, special_ad_categories=["EMPLOYMENT"]
    )
    assert "have to comply with the special ad category" in plan.text


async def test_an_end_within_a_day_does_not_go_with_a_daily_budget(engine_client: EngineClient) -> None:
    """It counts what the ad set has, and not only what the call gives."""
    soon = (datetime.now(UTC) + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%S%z")
    with pytest.raises(InvalidParams, match="runs for at least 24 hours"):
        await engine_client.do(FACEBOOK, "ad_sets", "update", adset_id=JACKETS_SET, end_time=soon)


async def test_a_bid_that_a_day_has_no_room_for_is_said(engine_client: EngineClient) -> None:
    """Billed by clicks, a day's budget is five bids at least."""
    first = await engine_client.do(FACEBOOK, "campaigns", "create", **NEW)
    bids = {"daily_budget": "10 USD", "bid_strategy": "COST_CAP", "bid_amount": "20 USD"}
    plan = await engine_client.do(
        FACEBOOK, "ad_sets", "create", **NEW_SET, **bids, campaign_id="@1.id", append_to=first.data["plan_id"]
    )
    assert "daily_budget is less than 1 x bid_amount" in plan.text


async def test_a_campaign_keeps_its_kind_of_budget(engine_client: EngineClient) -> None:
    """What to do instead is said before the platform refuses; so is a first budget of half a dollar."""
    with pytest.raises(InvalidParams, match=r"a daily_budget, .*change daily_budget, or create"):
        await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, lifetime_budget="900 USD")
    new = {"account_id": US, "name": "A", "objective": "OUTCOME_TRAFFIC", "daily_budget": 50}
    with pytest.raises(InvalidParams, match=r'50 means 0\.50 USD; write "50\.00 USD"'):
        await engine_client.do(FACEBOOK, "campaigns", "create", **new)
    assert [sent for sent in engine_client.sent() if sent.startswith("POST")] == []
