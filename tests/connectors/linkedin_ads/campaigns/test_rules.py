"""LinkedIn's writes: what is refused before anything is sent, what a plan shows, what a patch becomes."""

from __future__ import annotations

from typing import Any

import pytest
from linkedin_calls import TODAY, call, new_campaign, write

from mcp_ads.connectors.linkedin_ads import schedule
from mcp_ads.connectors.linkedin_ads.campaigns import bidding
from mcp_ads.core import Write
from mcp_ads.errors import InvalidParams

GROUP = {"status": "ACTIVE", "name": "G"}
ACTIVE = {"status": "ACTIVE", "runSchedule": {"start": "2026-10-01"}, "objectiveType": "WEBSITE_VISIT"}
GERMANY = {"include": {"locations": ["urn:li:geo:101282230"]}}
BY_HAND = {"optimization_target_type": "NONE", "unit_cost": "5 USD"}
DRAFT = {"status": "DRAFT", "runSchedule": {"start": 1790812800000}}


def _problems(made: Write, **group: Any) -> str:
    return "\n".join(made.problems({"campaign_group_id": {**GROUP, **group}}))


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"cost_type": "CPC"}, "cost_type: MAX_CLICK is billed by CPM, not CPC"),
        ({"objective_type": "LEAD_GENERATION"}, "optimization_target_type: MAX_CLICK goes with"),
        ({"optimization_target_type": "NONE", "cost_type": "CPC"}, "unit_cost: NONE needs one above 0"),
        ({"optimization_target_type": "CAP_COST_AND_MAXIMIZE_CLICKS"}, "unit_cost: CAP_COST"),
        ({"daily_budget": None, "total_budget": "500 USD"}, "run_schedule: total_budget needs an end"),
        ({"status": "ACTIVE"}, "targeting_criteria: needed to start ACTIVE"),
        ({"run_schedule": {"start": "2026-11-22"}}, "2026-11-22 has passed; write 2026-11-23 or later"),
        ({"run_schedule": {"start": "2026-12-02", "end": "2026-12-01"}}, "end must be after start"),
        ({"run_schedule": {"start": 1796083200}}, "no epoch in milliseconds"),
        ({"run_schedule": {"begin": "2026-12-01"}}, "run_schedule: write"),
        ({"locale": {"country": "US"}}, "locale"),
        ({"political_intent": None}, "political_intent: missing, required"),
        ({"objective_type": "WEBSITE_VIEWS"}, "did you mean WEBSITE_VISIT?"),
        ({"type": "EVENT_AD"}, 'type: "EVENT_AD" is not one of'),
        ({"cost_type": "CPS"}, 'cost_type: "CPS" is not one of CPM, CPC, CPV'),
        ({"connected_television_only": True}, "connected_television_only: needs offsite_delivery_enabled"),
        (
            {"objective_type": "VIDEO_VIEW", "format": "SINGLE_VIDEO", "cost_type": "CPC", **BY_HAND},
            "cost_type: a bid of your own for VIDEO_VIEW is CPV or CPM",
        ),
        (
            {"objective_type": "LEAD_GENERATION", "optimization_target_type": "MAX_IMPRESSION"},
            "MAX_IMPRESSION goes with LEAD_GENERATION in SPONSORED_INMAILS alone",
        ),
        (
            {"political_intent": "NOT_DECLARED", "targeting_criteria": GERMANY},
            "political_intent: the audience includes the EU",
        ),
        ({"targeting_criteria": {"include": {"titels": ["1"]}}}, "'titels' is no facet; did you mean titles"),
        ({"daily_budget": "50 EUR"}, "the account's currency is USD"),
        ({"type": "DYNAMIC"}, "format: DYNAMIC needs it"),
        ({"campaign_group_id": "urn:li:sponsoredCampaign:6"}, "campaign_group_id"),
        ({"bid_strategy": "x"}, "bid_strategy: no such parameter"),
        (
            {
                "objective_type": "LEAD_GENERATION",
                "optimization_target_type": "MAX_LEAD",
                "offsite_delivery_enabled": True,
            },
            "offsite_delivery_enabled: LEAD_GENERATION",
        ),
    ],
)
def test_a_new_campaign_that_does_not_fit(params: dict[str, Any], says: str) -> None:
    """One line per mistake, before anything is sent."""
    with pytest.raises(InvalidParams) as caught:
        new_campaign(**params)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("params", "group", "says"),
    [
        ({}, {}, ""),
        ({}, {"objectiveType": "WEBSITE_VISIT"}, ""),
        ({}, {"objectiveType": "LEAD_GENERATION"}, "objective_type: the campaign group's is LEAD_GENERATION"),
        ({}, {"status": "ARCHIVED"}, "campaign_group_id: the group is ARCHIVED"),
        ({"status": "PAUSED"}, {"status": "DRAFT"}, "status: the campaign group is a DRAFT"),
        ({}, {"status": "DRAFT"}, ""),
        ({"daily_budget": None}, {}, "daily_budget: missing"),
        ({"daily_budget": None}, {"budgetOptimization": {"budgetOptimizationStrategy": "DYNAMIC"}}, ""),
        ({"type": "DYNAMIC", "format": "SPOTLIGHT"}, {}, "need daily_budget and total_budget"),
        ({"optimization_target_type": None}, {}, "optimization_target_type: give it"),
        ({"optimization_target_type": None, "unit_cost": "5 USD", "cost_type": "CPC"}, {}, ""),
    ],
)
def test_a_new_campaign_in_its_group(params: dict[str, Any], group: dict[str, Any], says: str) -> None:
    """The group's record decides about budget, objective and status."""
    found = _problems(new_campaign(**params), **group)
    assert says in found
    assert bool(says) == bool(found)


@pytest.mark.parametrize("target", sorted(bidding.TARGETS))
def test_every_target_fits_somewhere(target: str) -> None:
    """The table of bidding has no row that refuses everything."""
    row = bidding.TARGETS[target]
    objective = (row.objectives or ("WEBSITE_VISIT",))[0]
    video = {"format": "SINGLE_VIDEO"} if objective == "VIDEO_VIEW" else {}
    bid = "3 USD" if row.own else "0 USD"
    assert new_campaign(
        optimization_target_type=target,
        cost_type=row.costs[0],
        objective_type=objective,
        unit_cost=bid,
        **video,
    )


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"daily_budget": "50 USD"}, "a group needs budget_optimization"),
        ({"total_budget": "500 USD"}, "run_schedule: total_budget needs an end"),
        (
            {"budget_optimization": {"budgetOptimizationStrategy": "EVEN"}},
            "budgetOptimizationStrategy DYNAMIC",
        ),
        ({"budget_optimization": {"strategy": "DYNAMIC"}}, "budget_optimization: write an object of"),
        ({"name": "x" * 101}, "name"),
        ({"status": "PAUSED"}, "status"),
    ],
)
def test_a_new_group_that_does_not_fit(params: dict[str, Any], says: str) -> None:
    """Budgets of a group need a schedule that ends, or to be shared."""
    least = {"name": "x", "run_schedule": {"start": "2026-12-01"}}
    with pytest.raises(InvalidParams) as caught:
        write("campaign_groups", "create", **least | params)
    assert says in str(caught.value)


def test_a_plan_shows_the_schedule_as_dates() -> None:
    """The record people see and the change beside it are spelled alike; the wire has epochs."""
    made = new_campaign(run_schedule={"start": "2026-12-01", "end": "2026-12-31"})
    assert made.sets()["runSchedule"] == {"start": "2026-12-01", "end": "2026-12-31"}
    assert dict(made.to_body() or {})["runSchedule"] == {"start": 1796083200000, "end": 1798761600000}


@pytest.mark.parametrize(
    "ms", [1796083200000, 1796110200000, 1796110205000, 1796110205123, 1798761600000, 1798761599999]
)
def test_a_schedule_is_read_back_exactly(ms: int) -> None:
    """Undo writes what was shown before."""
    run = {"start": ms - 86_400_000, "end": ms}
    assert schedule.parse(schedule.readable(run)) == run


def test_starts_later_today_may_be_fine() -> None:
    """Only what is surely over is refused."""
    assert new_campaign(run_schedule={"start": "2026-11-22T23:00Z"})
    assert schedule.has_passed(schedule.midnight(TODAY), TODAY)


def test_a_reference_stays_one() -> None:
    """What an earlier step makes is not known yet: neither in the call nor in what is kept of it."""
    made = new_campaign(campaign_group_id="@1.id")
    assert made.model_dump(mode="json")["campaign_group_id"] == "@1.id"
    assert made.sets()["campaignGroup"] == "@1.id"
    assert call("campaigns", "activate", campaign_id="@2.id").to_path().endswith("/%402.id")


def test_what_is_kept_of_a_call_makes_it_again() -> None:
    """A plan is applied from its parameters."""
    made = new_campaign(unit_cost="0 USD", associated_entity="2414183")
    kept = {**made.model_dump(mode="json", exclude_none=True), "account_id": "512345678"}
    assert type(made).model_validate(kept) == made


@pytest.mark.parametrize(
    ("action", "status", "why"),
    [
        ("pause", "ACTIVE", ""),
        ("pause", "DRAFT", ""),
        ("pause", "COMPLETED", "COMPLETED cannot become PAUSED; it can become ACTIVE or ARCHIVED"),
        ("activate", "COMPLETED", ""),
        ("activate", "ARCHIVED", ""),
        ("activate", "CANCELED", "it is CANCELED, and stays as it is"),
        ("pause", "PENDING_DELETION", "it is PENDING_DELETION"),
        ("pause", "NEW_STATUS", ""),
        ("pause", "PAUSED", ""),
    ],
)
def test_which_status_follows_which(action: str, status: str, why: str) -> None:
    """What cannot follow is refused with the reason; unknown statuses are left to LinkedIn."""
    found = write("campaigns", action, campaign_id="1").obstacle(
        {"status": status, "targetingCriteria": GERMANY}
    )
    assert why in found
    assert bool(why) == bool(found)


def test_the_default_group_cannot_be_changed() -> None:
    """LinkedIn made it and keeps it."""
    made = write("campaign_groups", "pause", campaign_group_id="1")
    assert "default group" in made.obstacle({"status": "ACTIVE", "backfilled": True})


def test_what_is_fixed_once_a_campaign_is_no_draft() -> None:
    """Objective, format, page: of drafts they change freely."""
    made = write("campaigns", "update", campaign_id="1", objective_type="ENGAGEMENT")
    assert "objective_type: fixed" in made.obstacle(ACTIVE)
    assert made.obstacle({**ACTIVE, "status": "DRAFT"}) == ""


@pytest.mark.parametrize("action", ["update", "activate"])
def test_a_draft_whose_start_has_passed(action: str) -> None:
    """It takes no change without a new start; the refusal says which."""
    params = {"name": "x"} if action == "update" else {}
    with pytest.raises(InvalidParams, match=r'\{"start": "2026-11-23"\}'):
        write("campaigns", action, DRAFT, campaign_id="1", **params)
    assert write("campaigns", action, DRAFT, campaign_id="1", run_schedule={"start": "2026-12-01"}, **params)
    assert write("campaigns", action, ACTIVE, campaign_id="1", **params)


def test_how_a_campaign_bids_changes_as_a_whole() -> None:
    """Target, cost type and bid go together, checked against the campaign's objective."""
    with pytest.raises(InvalidParams, match="cost_type: optimization_target_type is changed together"):
        write("campaigns", "update", ACTIVE, campaign_id="1", optimization_target_type="MAX_CLICK")
    with pytest.raises(InvalidParams, match="cost_type and unit_cost: "):
        write("campaigns", "update", ACTIVE, campaign_id="1", optimization_target_type="NONE")
    bids = {"cost_type": "CPM", "unit_cost": "0 USD"}
    assert write("campaigns", "update", ACTIVE, campaign_id="1", optimization_target_type="MAX_CLICK", **bids)
    with pytest.raises(InvalidParams, match="MAX_LEAD goes with LEAD_GENERATION, not WEBSITE_VISIT"):
        write("campaigns", "update", ACTIVE, campaign_id="1", optimization_target_type="MAX_LEAD", **bids)


def test_a_bid_of_zero_is_sent_where_linkedin_bids() -> None:
    """LinkedIn's pages want a bid with every campaign; a new way of bidding takes the old bid away."""
    zero = {"amount": "0", "currencyCode": "USD"}
    assert dict(new_campaign().to_body() or {})["unitCost"] == zero
    bids = {"optimization_target_type": "MAX_CLICK", "cost_type": "CPM"}
    assert write("campaigns", "update", ACTIVE, campaign_id="1", **bids).sets()["unitCost"] == zero


@pytest.mark.parametrize(
    ("given", "sent"),
    [("WEBSITE_VISITS", "WEBSITE_VISIT"), ("website visit", "WEBSITE_VISIT")],
)
def test_an_objective_in_the_plural(given: str, sent: str) -> None:
    """LinkedIn's pages print both; its API takes the singular."""
    assert new_campaign(objective_type=given).sets()["objectiveType"] == sent


def test_relative_money_is_settled_against_the_record() -> None:
    """+20% of what the campaign spends a day now."""
    live = {**ACTIVE, "dailyBudget": {"amount": "30.00", "currencyCode": "USD"}}
    made = write("campaigns", "update", live, campaign_id="1", daily_budget="+20%")
    assert made.sets() == {"dailyBudget": {"amount": "36.00", "currencyCode": "USD"}}


@pytest.mark.parametrize(
    ("patch", "says"),
    [
        ({"$set": {"colour": "red"}}, "colour: no such parameter"),
        ({"$set": {"name": "a"}, "$inc": {}}, "patch: write"),
        ({"$set": {}}, "nothing to change"),
        ({"$delete": ["name"]}, "clear"),
        ({"$set": {"dailyBudget": {"amount": "9", "currencyCode": "EUR"}}}, "currency is USD"),
    ],
)
def test_a_patch_is_no_way_round_the_rules(patch: dict[str, Any], says: str) -> None:
    """What it sets are the call's own parameters, so caps and checks see them."""
    with pytest.raises(InvalidParams) as caught:
        write("campaigns", "update", campaign_id="1", patch=patch)
    assert says in str(caught.value)


def test_nothing_is_set_twice() -> None:
    """A name in the patch and beside it is a mistake."""
    with pytest.raises(InvalidParams, match="name is given twice"):
        write("campaigns", "update", campaign_id="1", name="b", patch={"$set": {"name": "a"}})


def test_a_budget_is_removed() -> None:
    """The change names it with nothing after it."""
    made = write("campaigns", "update", campaign_id="1", clear="totalBudget", daily_budget="5 USD")
    assert made.sets()["totalBudget"] is None
    assert dict(made.to_body() or {})["patch"]["$delete"] == ["totalBudget"]


def test_a_group_as_a_change_would_leave_it() -> None:
    """Only what the change touches is checked."""
    live = {"status": "ACTIVE", "runSchedule": {"start": "2026-10-01"}}
    with pytest.raises(InvalidParams, match="needs an end"):
        write("campaign_groups", "update", live, campaign_group_id="1", total_budget="900 USD")
    ending = {"total_budget": "900 USD", "run_schedule": {"end": "2026-12-31"}}
    assert write("campaign_groups", "update", live, campaign_group_id="1", **ending)
    with pytest.raises(InvalidParams, match="budget_optimization"):
        write("campaign_groups", "update", live, campaign_group_id="1", daily_budget="90 USD")
    assert write("campaign_groups", "update", {**live, "totalBudget": {}}, campaign_group_id="1", name="x")


def test_what_a_person_should_know() -> None:
    """Replaced audiences, archived groups, undeclared intents."""
    archived = write("campaign_groups", "update", campaign_group_id="1", status="ARCHIVED")
    assert "campaigns" in archived.effect()
    moved = write("campaigns", "update", campaign_id="1", targeting_criteria=GERMANY)
    assert any(
        "whole audience" in warning for warning in moved.warnings({**ACTIVE, "targetingCriteria": GERMANY})
    )
    undeclared = new_campaign(political_intent="NOT_DECLARED", targeting_criteria={"locations": "1"})
    assert any("EU" in warning for warning in undeclared.warnings({}))


def test_where_to_look_for_what_may_have_been_made() -> None:
    """A list by name, which passes validation."""
    found = new_campaign(name="Spring, 2").lookup()
    assert call("campaigns", "list", **found)
    assert found["name"] == ["Spring, 2"]
