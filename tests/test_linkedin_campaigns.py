"""LinkedIn's campaigns: switched on, put away, deleted, copied, aimed at others, and what plans say of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from planning import applied, check_in, planned, undo_of, writes

from mcp_ads.errors import InvalidParams, OverCap, UnknownAction
from mcp_ads.sandbox.linkedin_ads.state import CAMPAIGN, CREATIVE, GROUP

pytestmark = pytest.mark.anyio
US: dict[str, Any] = {"account_id": LINKEDIN_US}
SPRING, LEADS, IN_DRAFT = "300000001", "300000004", "300000022"
"""Active with 30 USD a day; a campaign for leads; a draft in a group that is a draft."""
FACET = "urn:li:adTargetingFacet:"
FAIR = "LinkedIn's tools may not be used to discriminate by"
NEW: dict[str, Any] = {
    **US,
    "name": "New",
    "campaign_group_id": "600000001",
    "type": "SPONSORED_UPDATES",
    "objective_type": "WEBSITE_VISITS",
    "cost_type": "CPM",
    "optimization_target_type": "MAX_CLICK",
    "daily_budget": "40 USD",
    "run_schedule": {"start": "2030-01-01"},
    "locale": {"country": "US", "language": "en"},
    "political_intent": "NOT_POLITICAL",
    "targeting_criteria": {"locations": ["103644278"], "seniorities": ["6"]},
}


async def plan(engine_client: EngineClient, action: str, campaign: str | list[str], **params: Any) -> Any:
    return await engine_client.do(LINKEDIN, "campaigns", action, **US, campaign_id=campaign, **params)


def kept(engine_client: EngineClient, campaign: str) -> dict[str, Any]:
    return engine_client.store.get(CAMPAIGN, campaign) or {}


def put(engine_client: EngineClient, campaign: str, **values: Any) -> None:
    engine_client.store.put(CAMPAIGN, campaign, {**kept(engine_client, campaign), **values})


async def test_an_audience_is_edited_by_its_parts(engine_client: EngineClient) -> None:
    """Names before and after, the whole object sent, and the old one is what the undo puts back."""
    made = await plan(
        engine_client, "edit_targeting", SPRING,
        add={"locations": ["101282230"], "company_size": ["(51,200)"]},
        remove={"seniorities": ["5"]}, exclude_add={"employers": ["urn:li:organization:1035"]},
    )  # fmt: skip
    assert "targeting adds locations: " in made.text
    assert "targeting adds staffCountRanges: 51-200 employees (staffCountRange:(51,200))" in made.text
    assert "targeting removes seniorities: " in made.text
    assert "(seniority:5); targeting then: locations: " in made.text
    assert "audience: about " in made.text
    assert (
        "this audience includes the EU: by applying, you confirm to LinkedIn that these ads are not"
        in made.text
    )
    assert FAIR in made.text
    assert "lost:" not in made.text
    before = kept(engine_client, SPRING)["targetingCriteria"]
    result = await applied(engine_client, made.data["plan_id"])
    after = kept(engine_client, SPRING)["targetingCriteria"]
    assert after["exclude"] == {"or": {f"{FACET}employers": ["urn:li:organization:1035"]}}
    assert [list(clause["or"]) for clause in after["include"]["and"]] == [
        [f"{FACET}locations"], [f"{FACET}staffCountRanges"],
    ]  # fmt: skip
    await applied(engine_client, undo_of(result))
    assert kept(engine_client, SPRING)["targetingCriteria"] == before


async def test_an_audience_that_moved_is_not_overwritten(engine_client: EngineClient) -> None:
    """Somebody else edited it after the plan: nothing is sent."""
    made = await plan(engine_client, "edit_targeting", SPRING, add={"locations": ["101282230"]})
    other = {"include": {"and": [{"or": {f"{FACET}locations": ["urn:li:geo:101174742"]}}]}}
    put(engine_client, SPRING, targetingCriteria=other)
    result = await applied(engine_client, made.data["plan_id"])
    assert "targetingCriteria was" in result.text
    assert writes(engine_client) == []


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"remove": {"locations": ["103644278"]}}, "locations: an audience needs one at least"),
        ({"remove": {"titles": ["1"]}}, "remove.titles: urn:li:title:1 is not in its audience"),
        ({"add": {"titles": ["1"]}}, "titles cannot be narrowed by seniorities"),
        ({"add": {"employers": ["1"], "industries": ["4"]}}, "employers cannot be narrowed by industries"),
        (
            {"add": {"titles": ["1"], "titlesPast": ["2"]}, "remove": {"seniorities": ["5"]}},
            "only one of titles",
        ),
        ({"exclude_add": {"locations": ["101282230"]}}, "locations is both included and excluded"),
        ({"exclude_add": {"groups": ["1"]}}, "groups can only be included"),
        ({"add": {"titles": ["CEO"]}}, "titles takes urn:li:title"),
        ({"add": {"job": ["1"]}}, "'job' is no facet"),
        ({}, "nothing to change: give add, remove, exclude_add, exclude_remove"),
        ({"add": {"locations": ["101282230"]}, "political_intent": "NOT_DECLARED"}, "includes the EU"),
    ],
)
async def test_an_audience_that_cannot_be(
    engine_client: EngineClient, params: dict[str, Any], says: str
) -> None:
    """One line for what LinkedIn does not take, before anything is sent."""
    with pytest.raises(InvalidParams, match=says):
        await plan(engine_client, "edit_targeting", SPRING, **params)
    assert writes(engine_client) == []


async def test_a_whole_audience_is_told_like_an_edited_one(engine_client: EngineClient) -> None:
    """An update replaces it: who comes, who goes, and that exclusions go too."""
    made = await plan(
        engine_client, "update", SPRING, targeting_criteria={"locations": ["101174742"], "titles": ["1"]}
    )
    assert "(geo:101174742); targeting adds titles: " in made.text
    assert "targeting removes seniorities: " in made.text
    assert "replaces the whole audience, exclusions too" in made.text


async def test_a_campaign_is_put_away_and_comes_back(engine_client: EngineClient) -> None:
    """Archived and un-archived; a draft cannot be one again, and in a draft group nothing is archived."""
    result = await applied(engine_client, (await plan(engine_client, "archive", SPRING)).data["plan_id"])
    assert undo_of(result).startswith("activate-campaign-30.00-USD-a-day")
    await applied(engine_client, undo_of(result))
    assert kept(engine_client, SPRING)["status"] == "ACTIVE"
    with pytest.raises(
        InvalidParams, match="its campaign group is a DRAFT, in which LinkedIn archives nothing"
    ):
        await plan(engine_client, "archive", IN_DRAFT)
    new = await applied(engine_client, await planned(engine_client, "campaigns", "create", LINKEDIN, **NEW))
    draft = await plan(engine_client, "archive", new.data["steps"][0]["id"])
    assert "cannot be undone: it is DRAFT, and will never be that again" in draft.text


async def test_deleting_says_which_kind_it_is(engine_client: EngineClient) -> None:
    """A draft at once and others by a mark, several in one plan; a completed one first has to be archived."""
    made = await plan(engine_client, "delete", [SPRING, IN_DRAFT])
    assert made.data["plan_id"].startswith("delete-2-campaigns.minus-30.00-USD-a-day")
    assert "status ACTIVE → PENDING_DELETION" in made.text
    assert "deletes the draft at once" in made.text
    result = await applied(engine_client, made.data["plan_id"])
    assert "APPLIED: 2 of 2 done" in result.text
    assert kept(engine_client, SPRING)["status"] == "PENDING_DELETION"
    assert engine_client.store.get(CAMPAIGN, IN_DRAFT) is None
    put(engine_client, LEADS, status="COMPLETED")
    with pytest.raises(
        InvalidParams, match="COMPLETED cannot become PENDING_DELETION; it can become ACTIVE or ARCHIVED"
    ):
        await plan(engine_client, "delete", LEADS)


async def test_a_copy_is_a_draft_of_all_that_was_set(engine_client: EngineClient) -> None:
    """What LinkedIn adds is left out, what has passed begins tomorrow, and the undo deletes the copy."""
    made = await plan(engine_client, "duplicate", SPRING)
    source = kept(engine_client, SPRING)
    assert made.data["plan_id"].startswith("duplicate-campaign-30.00-USD-a-day.")
    assert "money: +30.00 USD a day once active" in made.text
    assert FAIR in made.text
    result = await applied(engine_client, made.data["plan_id"])
    copy = kept(engine_client, result.data["steps"][0]["id"])
    same = (
        "type",
        "objectiveType",
        "targetingCriteria",
        "dailyBudget",
        "unitCost",
        "associatedEntity",
        "locale",
    )
    assert [copy[name] for name in same] == [source[name] for name in same]
    assert copy["name"] == f"{source['name']} (copy)"
    assert copy["status"] == "DRAFT"
    assert copy["runSchedule"]["start"] > source["runSchedule"]["start"]
    assert copy["runSchedule"]["end"] == source["runSchedule"]["end"]
    assert "_conversion" not in copy
    await applied(engine_client, undo_of(result))
    assert engine_client.store.get(CAMPAIGN, str(copy["id"])) is None


async def test_a_copy_takes_creatives_along_and_goes_elsewhere(engine_client: EngineClient) -> None:
    """By reference, as drafts, in requests of their own; when one fails, what there is already is named."""
    more = {
        "name": "Elsewhere",
        "campaign_group_id": "600000003",
        "daily_budget": "45 USD",
        "creatives": True,
    }
    made = await plan(engine_client, "duplicate", SPRING, **more)
    shown = [ad for ad in engine_client.store.all(CREATIVE) if ad["campaign"].endswith(f":{SPRING}")]
    assert made.text.count("   request ") == 1 + len(shown)
    assert 'campaignGroup 600000003 "ABM (Tier 1: Finance)" ACTIVE' in made.text
    result = await applied(engine_client, made.data["plan_id"])
    new = result.data["steps"][0]["id"]
    made_ads = [ad for ad in engine_client.store.all(CREATIVE) if ad["campaign"].endswith(f":{new}")]
    assert [ad["content"] for ad in made_ads] == [ad["content"] for ad in shown]
    assert {ad["intendedStatus"] for ad in made_ads} == {"DRAFT"}
    told = ", ".join(ad["id"].rpartition(":")[2] for ad in made_ads)
    assert f"made: creatives {told}" in result.data["steps"][0]["changes"]
    again = await plan(engine_client, "duplicate", SPRING, creatives=True)
    engine_client.fault("500", path="/creatives", method="POST")
    broken = await applied(engine_client, again.data["plan_id"])
    last = str(max(int(row["id"]) for row in engine_client.store.all(CAMPAIGN)))
    assert f"campaign {last}" in broken.text


async def test_a_creative_of_a_copy_that_may_be_missing(engine_client: EngineClient) -> None:
    """The copy is there whatever became of its third request: what is in it is looked at."""
    made = await plan(engine_client, "duplicate", SPRING, creatives=True)
    engine_client.fault("cut", path="/creatives$", method="POST", skip=1)
    text = (await applied(engine_client, made.data["plan_id"])).text
    copy = max((row for row in engine_client.store.all(CAMPAIGN)), key=lambda row: int(row["id"]))["id"]
    assert "UNKNOWN: 0 of 1 done" in text
    assert "request 3 of " in text
    assert "looking now" not in text
    *call, params = check_in(text)
    assert params == {**US, "campaign_id": [str(copy)]}
    rows = (await engine_client.do(*call, **params)).data
    assert f'it was done if it lists "{rows[0]["name"]}"' in text or f'"{rows[1]["name"]}"' in text


@pytest.mark.parametrize(("name", "said"), [("Twin", '"Twin" 2 times'), (None, "2 without a name")])
async def test_creatives_of_a_copy_that_are_called_alike(
    engine_client: EngineClient, name: str | None, said: str
) -> None:
    """One of that name is listed before the request of which nobody knows was sent: they are counted."""
    await plan(engine_client, "duplicate", SPRING)
    for row in engine_client.store.all(CREATIVE):
        if row["campaign"].endswith(f":{SPRING}"):
            more = {"name": name} if name else {}
            left = {field: value for field, value in row.items() if field != "name"} | more
            engine_client.store.put(CREATIVE, row["id"].rpartition(":")[2], left)
    made = await plan(engine_client, "duplicate", SPRING, creatives=True)
    engine_client.fault("cut", path="/creatives$", method="POST", skip=1)
    text = (await applied(engine_client, made.data["plan_id"])).text
    assert f"it was done if it lists {said}; request 3 of " in text


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_older_one_of_that_name_is_not_the_new_one(engine_client: EngineClient, when: str) -> None:
    """Which of them was made by now is told by the platform's own times."""
    name = str((await engine_client.do(LINKEDIN, "campaigns", "get", **US, campaign_id=SPRING)).data["name"])
    plan_id = await planned(engine_client, "campaigns", "create", LINKEDIN, **NEW | {"name": name})
    engine_client.fault("500", method="POST", path="/adCampaigns$", when=when)
    text = (await applied(engine_client, plan_id)).text
    new = max(int(row["id"]) for row in engine_client.store.all(CAMPAIGN))
    if when == "after":
        assert f"looking now: there is campaign {json.dumps(name)}, id {new} (made 20" in text
    else:
        assert f"is not there yet, only an older one, id {SPRING} (made 20" in text
    assert ("looking now: there is" in text) == (when == "after")


async def test_a_budget_that_was_not_there_is_taken_away_again(engine_client: EngineClient) -> None:
    """The undo of a total budget where there was a daily one has both as they were."""
    before = kept(engine_client, SPRING)
    result = await applied(
        engine_client,
        (await plan(engine_client, "update", SPRING, total_budget="9000 USD", clear=["dailyBudget"])).data[
            "plan_id"
        ],
    )
    assert kept(engine_client, SPRING)["totalBudget"]["amount"] == "9000"
    assert "cannot be unset" not in result.text
    await applied(engine_client, undo_of(result))
    after = kept(engine_client, SPRING)
    assert "totalBudget" not in after
    assert after["dailyBudget"] == before["dailyBudget"]


async def test_a_copy_of_what_changed_is_planned_anew(engine_client: EngineClient) -> None:
    """The source was edited after the plan: what is made would not be what was agreed to."""
    made = await plan(engine_client, "duplicate", SPRING)
    put(engine_client, SPRING, creativeSelection="ROUND_ROBIN")
    assert (
        "what it is made from is not what it was" in (await applied(engine_client, made.data["plan_id"])).text
    )
    assert writes(engine_client) == []


async def test_what_an_active_campaign_waits_for(engine_client: EngineClient) -> None:
    """Its group, a creative, an audience: said, or refused where LinkedIn refuses it."""
    new = await applied(engine_client, await planned(engine_client, "campaigns", "create", LINKEDIN, **NEW))
    campaign = new.data["steps"][0]["id"]
    held = next(
        row for row in engine_client.store.all(CAMPAIGN)
        if row["campaignGroup"].endswith(":600000005") and row["status"] == "PAUSED"
    )  # fmt: skip
    text = (await plan(engine_client, "activate", str(held["id"]))).text
    assert "its campaign group is PAUSED: nothing is delivered until that is activated" in text
    assert "a daily budget is an average" in text
    draft = (await plan(engine_client, "activate", campaign)).text
    assert "it has no ACTIVE creative" in draft
    assert "audience: about " in draft
    with pytest.raises(InvalidParams, match="its campaign group is a DRAFT, so it is one too"):
        await plan(engine_client, "activate", IN_DRAFT, run_schedule={"start": "2030-01-01"})
    facets = {"locations": "geo:103644278", "employers": "organization:1", "titles": "title:1"}
    narrow = [{"or": {f"{FACET}{name}": [f"urn:li:{urn}"]}} for name, urn in facets.items()]
    few = {"include": {"and": narrow}}
    put(engine_client, campaign, targetingCriteria=few)
    with pytest.raises(InvalidParams, match="fewer than 300 members"):
        await plan(engine_client, "activate", campaign)
    put(engine_client, campaign, targetingCriteria=None)
    with pytest.raises(InvalidParams, match="it has no targeting_criteria"):
        await plan(engine_client, "activate", campaign)


async def test_a_group_and_its_campaign_are_switched_on_in_one_plan(engine_client: EngineClient) -> None:
    """The earlier step makes the group ACTIVE, so that the campaign in it may be."""
    group = {**US, "campaign_group_id": "600000008"}
    start = {"run_schedule": {"start": "2030-01-01"}}
    plan_id = await planned(engine_client, "campaign_groups", "activate", LINKEDIN, **group, **start)
    both = await plan(engine_client, "activate", IN_DRAFT, append_to=plan_id, **start)
    assert "its campaign group is" not in both.text
    result = await applied(engine_client, both.data["plan_id"])
    assert "APPLIED: 2 of 2 done" in result.text
    assert (engine_client.store.get(GROUP, "600000008") or {})["status"] == "ACTIVE"
    assert kept(engine_client, IN_DRAFT)["status"] == "ACTIVE"


async def test_a_new_campaign_says_whom_it_reaches_and_what_is_least(engine_client: EngineClient) -> None:
    """Audience and confirmations stand in the plan; what LinkedIn's prices refuse is refused."""
    made = await engine_client.do(LINKEDIN, "campaigns", "create", **NEW)
    assert "(geo:103644278) AND seniorities: " in made.text
    assert "LinkedIn's least daily budget for this audience is 10.00 USD" in made.text
    assert "unit_cost 0.00 USD" in made.text
    assert "includes the EU" not in made.text
    with pytest.raises(InvalidParams, match=r"daily_budget: LinkedIn takes at least 10\.00 USD a day"):
        await engine_client.do(LINKEDIN, "campaigns", "create", **NEW | {"daily_budget": "5 USD"})
    own = {"optimization_target_type": "NONE", "cost_type": "CPC", "unit_cost": "0.5 USD"}
    weak = await engine_client.do(LINKEDIN, "campaigns", "create", **NEW | own)
    assert "unit_cost: below 2.00 USD LinkedIn takes the bid and hardly delivers" in weak.text
    text_ad = {**own, "type": "TEXT_AD", "name": "Text"}
    with pytest.raises(InvalidParams, match=r"unit_cost: LinkedIn takes bids of at least 2\.00 USD"):
        await engine_client.do(LINKEDIN, "campaigns", "create", **NEW | text_ad)
    with pytest.raises(InvalidParams, match=r"daily_budget: LinkedIn takes at least 10\.00 USD a day"):
        await plan(engine_client, "update", SPRING, daily_budget="-25 USD")


async def test_caps_hold_for_copies_and_what_comes_back(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """A copy is priced like what it is made of; un-archiving and a later end begin spending."""
    engine_client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="20 USD")
    with pytest.raises(OverCap, match=r"30\.00 USD a day is over the cap of 20\.00 USD"):
        await plan(engine_client, "duplicate", SPRING)
    for values in (
        {"status": "ARCHIVED"},
        {"status": "COMPLETED", "runSchedule": {"start": 1_700_000_000_000, "end": 1_710_000_000_000}},
    ):
        put(engine_client, SPRING, **values)
        end = {"run_schedule": {"end": "2031-01-01"}}
        with pytest.raises(OverCap, match=r"30\.00 USD a day is over the cap of 20\.00 USD"):
            await plan(engine_client, "activate", SPRING, **end)
    put(engine_client, SPRING, status="ACTIVE")
    with pytest.raises(OverCap, match=r"30\.00 USD a day is over the cap of 20\.00 USD"):
        await plan(engine_client, "update", SPRING, run_schedule={"end": "2031-01-01"})


@pytest.mark.parametrize(
    ("params", "says"),
    [
        (
            {"pacing_strategy": "LIFETIME"},
            "pacing_strategy: LinkedIn takes it only when a campaign is created",
        ),
        ({"type": "TEXT_AD"}, "type: it is fixed; create or duplicate a campaign"),
        ({"campaign_group_id": "600000002"}, "a campaign stays in its group; duplicate copies it"),
        (
            {"connected_television_only": True, "offsite_delivery_enabled": False},
            "needs offsite_delivery_enabled",
        ),
        ({"patch": {"$set": {"status": "DRAFT"}}}, "status"),
    ],
)
async def test_what_an_update_cannot_do(
    engine_client: EngineClient, params: dict[str, Any], says: str
) -> None:
    """The refusal says what can be done instead."""
    with pytest.raises(InvalidParams, match=says):
        await plan(engine_client, "update", SPRING, **params)


async def test_canceled_is_for_good(engine_client: EngineClient) -> None:
    """The plan says so, and nothing follows it."""
    made = await plan(engine_client, "update", SPRING, status="CANCELED")
    assert "cannot be undone: LinkedIn leaves what is canceled as it is" in made.text
    await applied(engine_client, made.data["plan_id"])
    with pytest.raises(InvalidParams, match="it is CANCELED, and stays as it is"):
        await plan(engine_client, "activate", SPRING)


async def test_what_campaign_manager_calls_things(engine_client: EngineClient) -> None:
    """Its ad sets are the API's campaigns, its ads are creatives: a call by these names says so."""
    for entity, meant in (("ad_sets", "campaigns"), ("ads", "creatives")):
        with pytest.raises(UnknownAction, match=f"its API calls {entity} {meant}"):
            await engine_client.do(LINKEDIN, entity, "list", **US)
