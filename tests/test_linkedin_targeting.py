"""Whom LinkedIn can target, how many they are and what they cost: as an agent asks."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient

from mcp_ads.errors import InvalidParams, NotFound

pytestmark = pytest.mark.anyio
US = "urn:li:geo:103644278"
DIRECTORS = {"include": {"locations": [US], "seniorities": ["6"]}}


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
    visitors = {"locations": [US], "dynamicSegments": ["urn:li:adSegment:901"]}
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
