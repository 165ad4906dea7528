"""Whom LinkedIn can target, how many they are and what they cost: as an agent asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient

from mcp_ads.engine.overview import page
from mcp_ads.errors import InvalidParams, NotFound, OutOfScope, Rejected
from mcp_ads.sandbox.linkedin_ads.analytics import pivots

pytestmark = pytest.mark.anyio
US = "urn:li:geo:103644278"
DIRECTORS = {"include": {"locations": [US], "seniorities": ["6"]}}


async def names(engine_client: EngineClient, action: str, **params: Any) -> dict[str, str]:
    """What targeting_entities answers, by URN."""
    found = await engine_client.do(LINKEDIN, "targeting_entities", action, **params)
    return {row["urn"]: row["name"] for row in found.data}


async def count(engine_client: EngineClient, criteria: Any) -> Any:
    return (await engine_client.do(LINKEDIN, "audience_counts", "get", targeting_criteria=criteria)).data


async def test_members_are_counted(engine_client: EngineClient) -> None:
    """By short names or LinkedIn's own shape, the same; too few and unknown are no number 0."""
    facet = "urn:li:adTargetingFacet:"
    own = [{"or": {f"{facet}locations": [US]}}, {"or": {f"{facet}seniorities": ["urn:li:seniority:6"]}}]
    found = await count(engine_client, DIRECTORS)
    assert found == await count(engine_client, {"include": {"and": own}})
    assert found["total"] > 1_000_000
    assert found["active"] is None
    wider = await count(engine_client, {"locations": [US], "seniorities": ["6", "7"]})
    assert wider["total"] > found["total"]
    few = {"locations": [US], "employers": ["1037"], "skills": ["17"], "jobFunctions": ["25"]}
    assert (await count(engine_client, few))["total"] == "fewer than 300"
    visitors = {"locations": [US], "dynamicSegments": ["urn:li:adSegment:8006"]}
    assert (await count(engine_client, visitors))["total"] == "unknown"


async def test_criteria_longer_than_an_address(engine_client: EngineClient) -> None:
    """Hundreds of titles travel in a body, and are counted."""
    titles = [str(number) for number in range(1, 400)]
    assert (await count(engine_client, {"locations": [US], "titles": titles}))["total"] > 1_000_000


@pytest.mark.parametrize(
    ("criteria", "mistake"),
    [
        ({"include": {"location": ["United States"]}}, "targeting_entities.search finds them by name"),
        ({"include": {"titels": ["9"]}}, "'titels' is no facet; did you mean titles"),
        ({"locations": [US], "titles": ["urn:li:skill:9"]}, "titles takes urn:li:title:"),
        ({"locations": [US], "titles": ["9"], "seniorities": ["6"]}, "titles cannot be narrowed by seniorit"),
        ({"include": {"locations": [US]}, "exclude": {"locations": ["1"]}}, "both included and excluded"),
        ({"include": {"locations": [US]}, "exclude": {"genders": ["MALE"]}}, "genders can only be included"),
        ({"locations": []}, "locations: 1 to 1000 URNs"),
        ("everybody", 'targeting_criteria: write {"include"'),
    ],
)
async def test_criteria_that_mean_nothing(engine_client: EngineClient, criteria: Any, mistake: str) -> None:
    """One line says what is wrong and what would be right; nothing is sent."""
    with pytest.raises(InvalidParams) as caught:
        await count(engine_client, criteria)
    (line,) = caught.value.lines
    assert line.startswith("targeting_criteria: ")
    assert mistake in line
    assert engine_client.sent("linkedin_ads") == []


async def test_facets_in_one_clause_widen(engine_client: EngineClient) -> None:
    """What cannot narrow each other may stand in one `or`, and reaches more than either."""
    titles, both = {"titles": ["9"]}, {"titles": ["9"], "seniorities": ["6"]}
    where = {"or": {"locations": [US]}}
    one, two = [
        await count(engine_client, {"include": {"and": [where, {"or": clause}]}}) for clause in (titles, both)
    ]
    assert one["total"] < two["total"]


async def test_what_an_audience_costs(engine_client: EngineClient) -> None:
    """Suggested bids and limits are money of the account; an audience that is too small has none."""
    asked: dict[str, Any] = {
        "account_id": LINKEDIN_US,
        "campaign_type": "SPONSORED_UPDATES",
        "bid_type": "CPC",
    }
    found = await engine_client.do(
        LINKEDIN, "budget_pricing", "get", **asked, targeting_criteria=DIRECTORS, daily_budget=50
    )
    prices = {name: float(value) for name, value in found.data.items()}
    assert prices["bidLimits.min.amount"] < prices["suggestedBid.default.amount"]
    assert prices["suggestedBid.min.amount"] < prices["suggestedBid.default.amount"]
    assert found.data["dailyBudgetLimits.min.amount"] == "10.00"
    assert found.meta["currency"] == "USD"
    few = {"locations": [US], "employers": ["1037"], "skills": ["17"], "jobFunctions": ["25"]}
    with pytest.raises(NotFound, match="no prices for this audience"):
        await engine_client.do(LINKEDIN, "budget_pricing", "get", **asked, targeting_criteria=few)
    with pytest.raises(InvalidParams, match="the account's currency is USD, not EUR"):
        await engine_client.do(
            LINKEDIN, "budget_pricing", "get", **asked, targeting_criteria=DIRECTORS, daily_budget="50 EUR"
        )


async def test_what_can_be_targeted_is_found(engine_client: EngineClient) -> None:
    """From the facets to a value by name, all values, those alike, and names for URNs of reports."""
    facets = await engine_client.table(LINKEDIN, "targeting_facets", "list", limit=50)
    found_by = {row["facet"]: row["found_by"] for row in facets.rows}
    assert found_by["seniorities"] == "list"
    assert found_by["titles"] == "list search similar"
    titles = await names(engine_client, "search", facet="job titles", query="marketing")
    assert titles["urn:li:title:107"] == "Marketing Director"
    levels = await names(engine_client, "list", facet="urn:li:adTargetingFacet:seniorities")
    assert levels["urn:li:seniority:8"] == "CXO"
    alike = await names(engine_client, "similar", facet="titles", urns=["urn:li:title:107"])
    assert "urn:li:title:107" not in alike
    assert "urn:li:title:26" in alike
    assert await names(
        engine_client, "resolve", urns="urn:li:geo:90000070,urn:li:staffCountRange:(51,200)"
    ) == {
        "urn:li:geo:90000070": "New York City Metropolitan Area",
        "urn:li:staffCountRange:(51,200)": "51-200 employees",
    }


async def test_more_names_than_one_request_takes(engine_client: EngineClient) -> None:
    """Fifty URNs a request; those without a name are told, and every value a report shows has one."""
    strange = [f"urn:li:title:{number}" for number in range(10_000, 10_060)]
    members = [urn for kind in pivots.MEMBERS.values() for urn in kind if urn.startswith("urn:")]
    found = await engine_client.do(
        LINKEDIN, "targeting_entities", "resolve", urns=members + strange, limit=500
    )
    assert {row["urn"] for row in found.data} == set(members)
    assert f"LinkedIn has no name for {', '.join(strange[:5])} and 55 more" in found.meta["warnings"]
    assert engine_client.sent(LINKEDIN).count("GET /rest/adTargetingEntities") == -(
        -len(members + strange) // 50
    )


@pytest.mark.parametrize(
    ("action", "params", "mistake"),
    [
        (
            "search",
            {"facet": "seniorities", "query": "dir"},
            "found by targeting_entities.list, not by search",
        ),
        ("list", {"facet": "locations"}, "found by targeting_entities.search or targeting_entities.similar"),
        ("list", {"facet": "dynamicSegments"}, "dynamicSegments are found by ad_segments.list"),
        ("similar", {"facet": "skills", "urns": ["urn:li:title:9"]}, "urns: skills takes urn:li:skill:"),
        ("search", {"facet": "job_tytles", "query": "x"}, "facet: 'job_tytles' is no facet"),
        ("resolve", {"urns": ["9"]}, "urns.0: "),
    ],
)
async def test_the_right_way_to_a_facet_is_said(
    engine_client: EngineClient, action: str, params: dict[str, Any], mistake: str
) -> None:
    """What LinkedIn does not answer like this is refused with the action that finds it."""
    with pytest.raises(InvalidParams) as caught:
        await names(engine_client, action, **params)
    (line,) = caught.value.lines
    assert mistake in line


FORECAST: dict[str, Any] = {
    "account_id": LINKEDIN_US,
    "campaign_type": "SPONSORED_UPDATES",
    "targeting_criteria": DIRECTORS,
}


def days(first: int, last: int) -> dict[str, str]:
    """A range of days, counted from today in UTC."""
    today = datetime.now(UTC).date()
    return {"start": str(today + timedelta(days=first)), "end": str(today + timedelta(days=last))}


async def test_a_forecast_is_of_a_campaign_of_the_account(engine_client: EngineClient) -> None:
    """One of another account is refused, with an allow-list and without."""
    asked = {**FORECAST, "time_range": days(3, 16), "optimization_target": "MAX_CLICK", "daily_budget": 50}
    own = await engine_client.do(LINKEDIN, "supply_forecasts", "get", **asked, campaign_id="300000001")
    assert own.data
    campaigns = engine_client.store.all("linkedin.campaign")
    eu = next(str(row["id"]) for row in campaigns if row["account"].endswith("523456789"))
    with pytest.raises(InvalidParams, match=f"campaign_id: {eu} is none of those"):
        await engine_client.do(LINKEDIN, "supply_forecasts", "get", **asked, campaign_id=eu)
    object.__setattr__(engine_client.settings.platforms[LINKEDIN], "account_ids", (LINKEDIN_US,))
    with pytest.raises(OutOfScope, match=f"campaign_id: {eu} is none of those"):
        await engine_client.do(LINKEDIN, "supply_forecasts", "get", **asked, campaign_id=eu)


async def test_what_a_campaign_would_deliver(engine_client: EngineClient) -> None:
    """The whole range first, then its parts, with bounds; more money reaches more."""
    asked = {**FORECAST, "time_range": days(3, 16), "optimization_target": "MAX_CLICK"}
    found = [
        await engine_client.do(LINKEDIN, "supply_forecasts", "get", **asked, daily_budget=f"{budget} USD")
        for budget in (50, 100)
    ]
    first = found[0].data[0]
    assert (first["metric"], first["granularity"]) == ("IMPRESSION", "CUSTOM")
    assert first["date"] == days(3, 16)["start"]
    assert first["low"] < first["value"] < first["high"]
    assert found[0].data[0]["value"] < found[1].data[0]["value"]
    assert {row["granularity"] for row in found[0].data} >= {"CUSTOM", "SEVEN_DAY", "DAILY"}
    by_hand = {**FORECAST, "time_range": days(3, 16), "bid_type": "CPM", "bid": "40 USD"}
    total = await engine_client.do(LINKEDIN, "supply_forecasts", "get", **by_hand, total_budget="700 USD")
    assert total.data[0]["value"] == first["value"]


@pytest.mark.parametrize(
    ("params", "mistake"),
    [
        ({"bid_type": "CPM", "bid": "4 USD"}, "optimization_target: give it, or bid_type and bid"),
        ({"total_budget": "70 USD"}, "daily_budget: give it or total_budget"),
        ({"optimization_target": None, "bid": "4 USD"}, "bid_type: it goes with bid"),
        ({"connected_television_only": True}, "enable_audience_network: connected_television_only needs it"),
        ({"target_cost": "4 USD", "cost_cap": "5 USD"}, "cost_cap: give it or target_cost"),
        ({"time_range": {"start": "2027-01-01"}}, "time_range: give start and end"),
        ({"time_range": days(-3, 5)}, "has passed; a forecast is of days after"),
    ],
)
async def test_forecasts_that_cannot_be_made(
    engine_client: EngineClient, params: dict[str, Any], mistake: str
) -> None:
    """One way of bidding, one budget, days to come."""
    usual = {"time_range": days(3, 9), "daily_budget": "50 USD", "optimization_target": "MAX_CLICK"}
    given = {name: value for name, value in {**FORECAST, **usual, **params}.items() if value is not None}
    with pytest.raises(InvalidParams) as caught:
        await engine_client.do(LINKEDIN, "supply_forecasts", "get", **given)
    (line,) = caught.value.lines
    assert mistake in line


async def test_a_forecast_too_far_ahead(engine_client: EngineClient) -> None:
    """LinkedIn's refusal comes with what to do."""
    asked = {**FORECAST, "time_range": days(3, 800), "optimization_target": "MAX_CLICK"}
    with pytest.raises(Rejected) as caught:
        await engine_client.do(LINKEDIN, "supply_forecasts", "get", **asked, daily_budget="50 USD")
    assert "end time_range sooner" in caught.value.fix


@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("how large is my audience on linkedin", "audience_counts.get"),
        ("suggested bid", "budget_pricing.get"),
        ("find the geo id of a city for targeting", "targeting_entities.search"),
        ("upload a contact list to linkedin", "dmp_segments.add_members"),
        ("retargeting audiences", "ad_segments.list"),
        ("forecast clicks", "supply_forecasts.get"),
    ],
)
async def test_these_are_found_by_what_people_say(
    engine_client: EngineClient, words: str, action: str
) -> None:
    """A question in everyday words leads to them."""
    assert action in await page(engine_client.workspace, {"query": words})
