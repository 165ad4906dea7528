"""The rules of campaigns and ad sets: what is refused before anything is sent, and what must not be."""

from __future__ import annotations

from typing import Any

import pytest
from facebook_calls import FACEBOOK, ad_set, call, problems

from mcp_ads.errors import InvalidParams

CAPPED, COST, ROAS = "LOWEST_COST_WITH_BID_CAP", "COST_CAP", "LOWEST_COST_WITH_MIN_ROAS"
FLOOR = {"roas_average_floor": 15000}


@pytest.mark.parametrize(
    "params",
    [
        {"bid_strategy": "LOWEST_COST_WITHOUT_CAP"},
        {"bid_strategy": CAPPED, "bid_amount": "1 USD"},
        {"bid_strategy": COST, "bid_amount": 100, "pacing_type": ["standard"]},
        {"bid_strategy": ROAS, "bid_constraints": FLOOR, "optimization_goal": "VALUE"},
        {"billing_event": "LINK_CLICKS"},
        {"billing_event": "THRUPLAY", "optimization_goal": "THRUPLAY"},
        {"billing_event": "PAGE_LIKES", "optimization_goal": "PAGE_LIKES"},
        {"lifetime_budget": 5000, "end_time": "2026-12-31T00:00:00+0000"},
        {
            "adset_schedule": [{"start_minute": 540, "end_minute": 1020, "days": [1, 5]}],
            "pacing_type": ["day_parting"],
            "lifetime_budget": 5,
            "end_time": "2027-01-01",
        },
    ],
)
def test_ad_set_is_accepted(params: dict[str, Any]) -> None:
    """Bids, billing and schedules as Facebook takes them."""
    assert ad_set(**params).to_body()


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"bid_strategy": CAPPED}, "bid_amount: LOWEST_COST_WITH_BID_CAP needs it"),
        ({"bid_strategy": COST}, "bid_amount: COST_CAP needs it"),
        ({"bid_strategy": "LOWEST_COST_WITHOUT_CAP", "bid_amount": 100}, "does not take it"),
        ({"bid_strategy": ROAS, "optimization_goal": "VALUE"}, "needs roas_average_floor"),
        ({"bid_strategy": ROAS, "bid_constraints": FLOOR}, "needs VALUE"),
        ({"bid_strategy": ROAS, "bid_constraints": FLOOR, "bid_amount": 1}, "does not take it"),
        ({"bid_strategy": "TARGET_COST"}, "bid_strategy"),
        (
            {"bid_strategy": COST, "bid_amount": 1, "billing_event": "LINK_CLICKS"},
            "COST_CAP is billed by IMPRESSIONS",
        ),
        ({"bid_strategy": COST, "bid_amount": 1, "pacing_type": "no_pacing"}, "COST_CAP takes only standard"),
        (
            {"billing_event": "LINK_CLICKS", "optimization_goal": "REACH"},
            "billed by IMPRESSIONS, not LINK_CLICKS",
        ),
        ({"billing_event": "THRUPLAY"}, "billed by IMPRESSIONS or LINK_CLICKS"),
        ({"billing_event": "APP_INSTALLS", "optimization_goal": "APP_INSTALLS"}, "billed by IMPRESSIONS"),
        ({"billing_event": "VIDEO_VIEWS"}, "billing_event"),
        ({"optimization_goal": "CONVERSIONS"}, "optimization_goal"),
        ({"lifetime_budget": 5000}, "end_time: lifetime_budget needs it"),
        ({"daily_budget": 5000, "lifetime_budget": 5000}, "give one of them"),
        ({"adset_schedule": [{}]}, 'needs ["day_parting"]'),
        (
            {"adset_schedule": [{}], "pacing_type": ["day_parting"], "daily_budget": 5},
            "only with lifetime_budget",
        ),
        ({"status": "ARCHIVED"}, "status"),
    ],
)
def test_ad_set_is_refused(params: dict[str, Any], said: str) -> None:
    """Each mistake is a line, and nothing is sent."""
    with pytest.raises(InvalidParams) as refused:
        ad_set(**params)
    assert said in str(refused.value)
    assert refused.value.sent == "no"


NO_BUDGET = {"objective": "OUTCOME_TRAFFIC", "daily_budget": None, "lifetime_budget": "0"}
ON_CAMPAIGN = {"objective": "OUTCOME_TRAFFIC", "daily_budget": "5000"}


@pytest.mark.parametrize(
    ("params", "campaign"),
    [
        ({"daily_budget": 5000}, NO_BUDGET),
        ({"daily_budget": 5000, "bid_strategy": COST, "bid_amount": 100}, NO_BUDGET),
        ({}, ON_CAMPAIGN),
        (
            {"end_time": "2027-01-01"},
            ON_CAMPAIGN | {"daily_budget": "0", "lifetime_budget": "99"},
        ),
        ({"bid_amount": 100}, ON_CAMPAIGN | {"bid_strategy": COST}),
        ({"bid_amount": "1 USD"}, ON_CAMPAIGN | {"bid_strategy": CAPPED}),
        ({"daily_spend_cap": 5000}, ON_CAMPAIGN),
    ],
)
def test_budget_stands_in_one_place(params: dict[str, Any], campaign: dict[str, Any]) -> None:
    """On the campaign or on its ad sets; under a capped campaign an ad set still has its bid."""
    assert problems(ad_set(**params), **campaign) == []


@pytest.mark.parametrize(
    ("params", "campaign", "said"),
    [
        ({}, NO_BUDGET, "daily_budget: missing"),
        ({"daily_budget": 5000}, ON_CAMPAIGN, "its ad sets have none"),
        ({"lifetime_budget": 5, "end_time": "2027-01-01"}, ON_CAMPAIGN, "its ad sets have none"),
        ({"bid_strategy": "LOWEST_COST_WITHOUT_CAP"}, ON_CAMPAIGN, "the strategy is set there"),
        ({"daily_budget": 5000, "bid_amount": 100}, NO_BUDGET, "bid_amount alone would pick a bid cap"),
        ({}, ON_CAMPAIGN | {"bid_strategy": COST}, "the campaign's COST_CAP needs it"),
        ({"bid_amount": 1}, ON_CAMPAIGN | {"bid_strategy": "LOWEST_COST_WITHOUT_CAP"}, "does not take it"),
    ],
)
def test_budget_in_two_places_or_none(params: dict[str, Any], campaign: dict[str, Any], said: str) -> None:
    """Facebook would refuse these after the plan was approved."""
    assert said in "\n".join(problems(ad_set(**params), **campaign))


def test_parents_are_read_with_the_fields_the_rules_need() -> None:
    """A rule on a field nobody reads would never speak."""
    assert {"objective", "daily_budget", "lifetime_budget", "bid_strategy"} <= set(ad_set().parent_fields)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"daily_budget": 1, "lifetime_budget": 1}, "give one of them"),
        ({"bid_strategy": COST}, "needs a campaign budget"),
        ({"is_adset_budget_sharing_enabled": True}, "bid_strategy: is_adset_budget_sharing_enabled needs it"),
        (
            {"is_adset_budget_sharing_enabled": True, "bid_strategy": COST, "daily_budget": 5},
            "not with a budget",
        ),
        ({"objective": "CONVERSIONS"}, "objective"),
        ({"special_ad_categories": ["CREDIT"]}, "special_ad_categories"),
        ({"status": "ARCHIVED"}, "status"),
    ],
)
def test_campaign_is_refused(params: dict[str, Any], said: str) -> None:
    """Campaign budgets, sharing and retired values."""
    with pytest.raises(InvalidParams) as refused:
        call("campaigns", "create", **{"account_id": "1", "name": "x", "objective": "OUTCOME_SALES"} | params)
    assert said in str(refused.value)


@pytest.mark.parametrize("entity", ["campaigns", "ad_sets", "ads"])
def test_empty_update_is_refused(entity: str) -> None:
    """An update that changes nothing is a slip, not a plan."""
    subject = FACEBOOK.action(entity, "update").subject
    with pytest.raises(InvalidParams, match="nothing to change"):
        call(entity, "update", **{subject: "1"})
