"""Sponsored Products: what is refused before anything is sent, and what a plan reads from a call."""

from __future__ import annotations

from typing import Any

import pytest
from amazon_calls import PROFILE, call, write

from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.core import Action
from mcp_ads.core.action import live_path, money_of
from mcp_ads.engine.answers.shape import table
from mcp_ads.engine.changes.spend_effects import own_paths
from mcp_ads.errors import InvalidParams

CAMPAIGNS, GROUPS = "sponsored_product_campaigns", "sponsored_product_ad_groups"
KEYWORDS, ADS = "sponsored_product_keywords", "sponsored_product_product_ads"
LIVE = {"campaignId": "12", "name": "Shoes", "state": "ENABLED", "targetingType": "MANUAL",
        "budget": {"budget": 50.0, "budgetType": "DAILY"}}  # fmt: skip
NEW: dict[str, Any] = {"name": "Shoes", "targeting_type": "MANUAL", "daily_budget": "50 USD"}
WORD: dict[str, Any] = {
    "campaign_id": "12",
    "ad_group_id": "34",
    "keyword_text": "red shoes",
    "match_type": "EXACT",
}


def _mistake(entity: str, action: str, **params: Any) -> str:
    with pytest.raises(InvalidParams) as caught:
        write(entity, action, **params)
    return str(caught.value)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"name": ""}, "name: "),
        ({"name": "x" * 129}, "name: "),
        ({"targeting_type": "BOTH"}, "AUTO, MANUAL"),
        ({"state": "ARCHIVED"}, "ENABLED or PAUSED; delete archives"),
        ({"daily_budget": "50 EUR"}, "the account's currency is USD"),
        ({"daily_budget": "+10%"}, "no live value"),
        ({"start_date": "22.11.2026"}, "write a day as"),
        ({"start_date": "2026-11-21"}, "in the past"),
        ({"end_date": "2026-11-21"}, "in the past"),
        ({"start_date": "2026-12-02", "end_date": "2026-12-01"}, "before start_date"),
        ({"dynamic_bidding": {"strategy": "UP"}}, "LEGACY_FOR_SALES"),
        ({"dynamic_bidding": {"placementBidding": [{"placement": "TOP", "percentage": 1}]}}, "PLACEMENT_TOP"),
        (
            {"dynamic_bidding": {"placementBidding": [{"placement": "PLACEMENT_TOP", "percentage": 901}]}},
            "0 to 900",
        ),
        ({"portfolio_id": "abc"}, "portfolio_id"),
    ],
)
def test_campaigns_are_checked(params: dict[str, Any], said: str) -> None:
    """What the call itself shows."""
    assert said in _mistake(CAMPAIGNS, "create", **{**NEW, **params})


@pytest.mark.parametrize(
    ("text", "said"),
    [(" shoes", "no spaces"), ("x" * 81, "80 characters"), ("a b c d e f g h i j k", "10 words")],
)
def test_keyword_texts_are_checked(text: str, said: str) -> None:
    """Length, words and spaces."""
    assert said in _mistake(KEYWORDS, "create", **{**WORD, "keyword_text": text})


@pytest.mark.parametrize("params", [{}, {"sku": "A", "asin": "B0TERN0001"}])
def test_a_product_ad_has_one_product(params: dict[str, Any]) -> None:
    """Sellers name it by sku, vendors by asin."""
    assert "one of them" in _mistake(ADS, "create", campaign_id="12", ad_group_id="34", **params)


@pytest.mark.parametrize(
    ("entity", "id"),
    [(CAMPAIGNS, "campaign_id"), (GROUPS, "ad_group_id"), (KEYWORDS, "keyword_id"), (ADS, "ad_id")],
)
def test_an_update_changes_something(entity: str, id: str) -> None:
    """An id alone is no change, and the answer names what can be given."""
    said = _mistake(entity, "update", **{id: "12"})
    assert said.startswith("nothing to change: give ")
    assert "state" in said
    assert "profile_id" not in said


@pytest.mark.parametrize("entity", [CAMPAIGNS, GROUPS, KEYWORDS, ADS])
def test_new_objects_start_paused(entity: str) -> None:
    """Nothing spends unless the call says so."""
    every: dict[str, dict[str, Any]] = {
        CAMPAIGNS: NEW,
        GROUPS: {"campaign_id": "12", "name": "g", "default_bid": 1},
        KEYWORDS: WORD,
        ADS: {"campaign_id": "12", "ad_group_id": "34", "sku": "A"},
    }
    params = every[entity]
    made = write(entity, "create", **params)
    assert made.sets()["state"] == "PAUSED"
    assert not made.delivers()
    assert write(entity, "create", **params, state="enabled").delivers()


@pytest.mark.parametrize("action", ["update", "pause", "activate", "delete"])
def test_archived_objects_never_change(action: str) -> None:
    """An obstacle, also to archiving again."""
    params: dict[str, Any] = {"name": "x"} if action == "update" else {}
    made = write(CAMPAIGNS, action, campaign_id="12", **params)
    assert "ARCHIVED" in made.obstacle({**LIVE, "state": "ARCHIVED"})
    assert made.obstacle(LIVE) == ""


def test_archiving_is_final_and_says_so() -> None:
    """It is a delete to those who are asked."""
    made = write(CAMPAIGNS, "delete", campaign_id="12")
    assert made.risk == "delete"
    assert made.irreversible
    assert made.sets() == {"state": "ARCHIVED"}


def test_parents_are_looked_at() -> None:
    """Archived ones, AUTO campaigns and ad groups of another campaign take no keywords."""
    made = write(KEYWORDS, "create", **WORD, bid="60 USD")
    group = {"adGroupId": "34", "campaignId": "13", "state": "ARCHIVED"}
    said = list(made.problems({"campaign_id": {**LIVE, "targetingType": "AUTO"}, "ad_group_id": group}))
    assert len(said) == 4
    assert "campaign 13, not 12" in " ".join(said)
    assert "above the campaign's daily budget of 50.00" in " ".join(said)
    assert "MANUAL" in " ".join(said)


def test_fitting_parents_are_no_problem() -> None:
    """Nor are those an earlier step of the plan will make."""
    made = write(KEYWORDS, "create", **WORD, bid="1 USD")
    assert (
        list(made.problems({"campaign_id": LIVE, "ad_group_id": {"campaignId": "12", "state": "PAUSED"}}))
        == []
    )
    assert list(made.problems({"campaign_id": write(CAMPAIGNS, "create", **NEW).sets()})) == []


def test_references_to_earlier_steps_are_ids() -> None:
    """In writes; a read has nothing to refer to."""
    assert write(GROUPS, "create", campaign_id="@1.id", name="g", default_bid=1)
    with pytest.raises(InvalidParams):
        call(CAMPAIGNS, "get", campaign_id="@1.id")


def test_a_budget_is_changed_from_the_live_one() -> None:
    """The record has it one level down; the request has it the same way."""
    made = write(CAMPAIGNS, "update", LIVE, campaign_id="12", daily_budget="+20%")
    assert made.sets() == {"budget": {"budget": 60, "budgetType": "DAILY"}}
    kind: type[Action] = type(made)
    assert live_path(kind, "daily_budget") == "budget"
    assert money_of(kind)["daily_budget"].per == "day"


def test_a_suspicious_number_is_refused() -> None:
    """A budget twenty times the live one was meant otherwise."""
    with pytest.raises(InvalidParams, match="would change 50"):
        write(CAMPAIGNS, "update", LIVE, campaign_id="12", daily_budget=5000)


def test_the_vendors_budget_object_is_understood() -> None:
    """As an undo gives it back."""
    made = write(CAMPAIGNS, "update", LIVE, campaign_id="12", budget={"budget": 40, "budgetType": "DAILY"})
    assert made.sets() == {"budget": {"budget": 40, "budgetType": "DAILY"}}


def test_changes_bear_the_records_names() -> None:
    """Without the id."""
    made = write(GROUPS, "update", ad_group_id="34", default_bid="0.5 USD", name="x")
    assert made.sets() == {"name": "x", "defaultBid": 0.5}


def test_none_clears_a_field() -> None:
    """End date and portfolio; a campaign may still be named so."""
    made = write(CAMPAIGNS, "update", campaign_id="12", end_date="none", portfolio_id="none", name="none")
    assert made.sets() == {"endDate": None, "portfolioId": None, "name": "none"}


@pytest.mark.parametrize(("bid", "warned"), [("0.01 USD", True), ("0.02 USD", False), ("1000.01 USD", True)])
def test_amounts_outside_amazons_range_are_warned_of(bid: str, warned: bool) -> None:
    """Amazon changes the ranges, so they refuse nothing."""
    made = write(GROUPS, "update", ad_group_id="34", default_bid=bid)
    assert bool(list(made.warnings({}))) is warned


def test_raised_bids_are_warned_of() -> None:
    """Placement percentages spend without a bid being touched."""
    bidding = {"placementBidding": [{"placement": "PLACEMENT_TOP", "percentage": 300}]}
    made = write(CAMPAIGNS, "update", campaign_id="12", dynamic_bidding=bidding)
    assert list(made.warnings(LIVE)) == ["bids are raised by 300% for PLACEMENT_TOP"]


def test_switching_a_campaign_moves_its_budget() -> None:
    """What activating and pausing mean in money is read from its record."""
    made = write(CAMPAIGNS, "activate", campaign_id="12")
    ((path, spend),) = own_paths(amazon_ads.entity(CAMPAIGNS)).items()
    assert spend.major(LIVE[path], "USD") == 50
    assert path in made.watch


def test_a_lost_create_can_be_looked_for() -> None:
    """By name in its parent, with parameters the list takes."""
    for made, entity in (
        (write(CAMPAIGNS, "create", **NEW), CAMPAIGNS),
        (write(KEYWORDS, "create", **WORD), KEYWORDS),
        (write(ADS, "create", campaign_id="12", ad_group_id="34", sku="A"), ADS),
    ):
        assert call(entity, "list", **made.lookup())
    assert write(CAMPAIGNS, "create", **NEW).lookup() == {
        "profile_id": PROFILE,
        "name": {"include": ["Shoes"], "queryTermMatchType": "EXACT_MATCH"},
        "state": ["ENABLED", "PAUSED"],
    }
    assert write(CAMPAIGNS, "pause", campaign_id="12").lookup() == {}


@pytest.mark.parametrize(
    ("ids", "kept"),
    [
        ("12", "12"),
        (12, "12"),
        ("12,13", ["12", "13"]),
        (["12"], ["12"]),
        ([12, 13], ["12", "13"]),
        ("[12]", ["12"]),
    ],
)
def test_one_id_stays_one_and_lists_stay_lists(ids: Any, kept: Any) -> None:
    """The answer is a record for one and rows for a list."""
    assert vars(call(CAMPAIGNS, "get", campaign_id=ids))["campaign_id"] == kept


@pytest.mark.parametrize("ids", ["x", "", [], ["1"] * 101])
def test_ids_are_digits_and_at_most_a_hundred(ids: Any) -> None:
    """More would be more than one page."""
    with pytest.raises(InvalidParams, match="campaign_id: "):
        call(CAMPAIGNS, "get", campaign_id=ids)


def test_campaign_rows_are_small() -> None:
    """At most 120 bytes in the default table."""
    kind = type(call(CAMPAIGNS, "list"))
    row = {"campaignId": "123456789012345", "name": "Towels, summer sale | exact | brand", "state": "ENABLED",
           "targetingType": "MANUAL", "budget.budget": 1234.5, "startDate": "2026-07-24"}  # fmt: skip
    assert len(table([row], kind.lean)[1].encode()) + 1 <= 120
