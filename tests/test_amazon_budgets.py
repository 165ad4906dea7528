"""What campaigns have spent of today's budget, and what Amazon would give them: read, by the hundred."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest
from amazon_client import US as PROFILE
from amazon_client import Amazon
from engine_client import AMAZON, EngineClient

from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.core import Context, Request, Result, validate
from mcp_ads.errors import NotFound, RateLimited

pytestmark = pytest.mark.anyio
CAMPAIGNS = "sponsored_product_campaigns"
CONTEXT = Context(date(2026, 11, 22))
FIRST, PAUSED = "120000000000001", "120000000000004"


def answered(action: str, ids: list[str] | None, *answers: Any) -> Result:
    """What an action returns on these answers: one a page of campaigns without ids, one a hundred ids."""
    kind = amazon_ads.action(CAMPAIGNS, action)
    call = validate.call(CAMPAIGNS, action, kind, {"profile_id": PROFILE, "campaign_id": ids})
    steps = call.flow(CONTEXT)
    request = next(steps)
    for answer in answers[:-1]:
        assert isinstance(request, Request)
        body = cast("dict[str, Any]", request.body)
        if "stateFilter" in body:
            assert body["stateFilter"] == {"include": ["ENABLED"]}
        else:
            assert len(body["campaignIds"]) == 100
        request = steps.throw(answer) if isinstance(answer, Exception) else steps.send(answer)
    with pytest.raises(StopIteration) as end:
        steps.send(answers[-1])
    found: Result = end.value.value
    return found


async def test_usage_is_what_reports_have(engine_client: EngineClient) -> None:
    """Percent of the budget, by the cost of today; an id that is not there is an error by its place."""
    ids = [FIRST, "999", PAUSED]
    table = await engine_client.table(AMAZON, CAMPAIGNS, "budget_usage", profile_id=PROFILE, campaign_id=ids)
    assert table.text.startswith("PARTIAL: 2 of 3 read")
    assert '"index":1,"campaign_id":"999","code":"NotFound"' in table.text
    assert (table.meta["currency"], table.meta["units"]) == ("USD", "budgetUsagePercent: percent")
    on, off = table.rows
    assert (on["campaignId"], on["budget"], off["budgetUsagePercent"]) == (FIRST, "50.0", "0.0")
    assert 0 < float(on["budgetUsagePercent"]) < 200
    sent = [path for path in engine_client.sent(AMAZON) if "usage" in path]
    assert sent == ["POST /sp/campaigns/budget/usage"]


async def test_which_run_out_today(engine_client: EngineClient) -> None:
    """One call without ids answers: all that are on, with names, the fullest first; conditions narrow it."""
    table = await engine_client.table(AMAZON, CAMPAIGNS, "budget_usage", profile_id=PROFILE, limit=5)
    used = [float(row["budgetUsagePercent"]) for row in table.rows]
    assert used == sorted(used, reverse=True)
    assert used[0] >= 100
    assert (len(used), table.meta["more"], table.meta["total"] > 100) == (5, True, True)
    assert all(row["campaignName"] for row in table.rows)
    on = await engine_client.table(AMAZON, CAMPAIGNS, "list", profile_id=PROFILE, state="ENABLED", limit=1)
    assert table.meta["total"] == on.meta["total"]
    full = {"where": "budgetUsagePercent >= 100", "sort": "name", "top": 2}
    few = await engine_client.table(AMAZON, CAMPAIGNS, "budget_usage", profile_id=PROFILE, **full)
    names = [row["campaignName"] for row in few.rows]
    assert (len(names), names) == (2, sorted(names))


@pytest.mark.slow
async def test_which_missed_most(engine_client: EngineClient) -> None:
    """Without ids suggestions are of all that are on; those without a history come last."""
    table = await engine_client.table(
        AMAZON, CAMPAIGNS, "budget_recommendations", profile_id=PROFILE, limit=500
    )
    missed = [float(row["estimatedMissedSalesUpper"] or -1) for row in table.rows]
    assert missed == sorted(missed, reverse=True)
    assert (missed[0] > 0, missed[-1]) == (True, -1)


async def test_names_of_those_one_named(engine_client: EngineClient) -> None:
    """They are looked up where they are asked for, of any state, and only then."""
    named = {"profile_id": PROFILE, "campaign_id": PAUSED, "fields": "name,budgetUsagePercent"}
    table = await engine_client.table(AMAZON, CAMPAIGNS, "budget_usage", **named)
    assert table.rows[0]["campaignName"]
    table = await engine_client.table(
        AMAZON, CAMPAIGNS, "budget_usage", profile_id=PROFILE, campaign_id=PAUSED, where="name is empty"
    )
    assert table.rows == []


def page(first: int, last: int, token: str = "", total: int = 0) -> dict[str, Any]:
    """A page of a list of campaigns."""
    found = [{"campaignId": str(n), "name": f"No {n}"} for n in range(first, last)]
    return {"campaigns": found, "totalResults": total or last - 1, **({"nextToken": token} if token else {})}


def test_more_campaigns_than_are_looked_at() -> None:
    """A thousand are, by the hundred; that there are more is said, and so is what there is nothing of."""
    usages = [
        {"success": [{"index": 7, "campaignId": str(first + 7), "budget": 5, "budgetUsagePercent": first}]}
        for first in range(1, 1001, 100)
    ]
    pages = [page(1, 501, "two", 2300), page(501, 1001, "three", 2300)]
    result = answered("budget_usage", None, *pages, *usages)
    assert [row["campaignName"] for row in result.data][:2] == ["No 908", "No 808"]
    assert result.meta["warnings"][:2] == [
        "only 1000 of the 2300 ENABLED campaigns were looked at; campaign_id names others",
        "campaign 1: the answer does not say what became of this campaign",
    ]
    assert result.errors == []


def test_no_campaign_is_on() -> None:
    """Then there is nothing to ask, and it is said why the answer is empty."""
    result = answered("budget_usage", None, page(1, 1))
    assert (result.data, "is ENABLED" in result.meta["warnings"][0]) == ([], True)


async def test_suggested_budgets(engine_client: EngineClient) -> None:
    """What was missed stands in columns, a share of time is percent, and no history is said."""
    result = await engine_client.do(
        AMAZON,
        CAMPAIGNS,
        "budget_recommendations",
        profile_id=PROFILE,
        campaign_id=[FIRST, PAUSED],
        fields="*",
    )
    on, off = result.data
    assert on["suggestedBudget"] >= 50
    assert 0 < on["percentTimeInBudget"] <= 100
    assert on["startDate"] < on["endDate"]
    assert (off["suggestedBudget"], off["percentTimeInBudget"]) == (None, None)
    assert "1 have no suggestion" in result.meta["warnings"][0]


def test_more_than_a_hundred_keep_their_places() -> None:
    """Errors and rows count from the call's first id, also where a whole request failed."""
    ids = [str(n) for n in range(1, 222)]
    first = {"success": [{"index": 0, "campaignId": "1", "budget": 5, "budgetUsagePercent": 1}], "error": []}
    last = {"success": [], "error": [{"index": 2, "campaignId": "203", "code": "400", "details": "no"}]}
    last["success"] = [{"index": 20, "campaignId": "221", "budget": 5, "budgetUsagePercent": 100}]
    result = answered("budget_usage", ids, first, RateLimited("slow down"), last)
    assert [row["campaignId"] for row in result.data] == ["1", "221"]
    errors = {error["index"]: error for error in result.errors}
    assert errors.keys() == {*range(1, 220)}
    assert errors[1]["message"] == "the answer does not say what became of this campaign"
    assert (errors[100]["code"], errors[202]["code"]) == ("RateLimited", "Rejected")


def test_nothing_known_is_no_answer() -> None:
    """An error of all is raised, in either shape."""
    wrong = [{"index": 0, "campaignId": "1", "Error": {"code": "404", "details": "no"}}]
    with pytest.raises(NotFound):
        answered("budget_recommendations", ["1"], {"budgetRecommendationsErrorResults": wrong})


async def test_the_platform_checks_what_it_is_sent() -> None:
    """Its own media type, and 1 to 100 ids that are text."""
    api, media = Amazon(), "application/vnd.spcampaignbudgetusage.v1+json"
    headers: dict[str, str | None] = {"Content-Type": media, "Accept": media}
    path = "/sp/campaigns/budget/usage"
    plain = await api.call("POST", path, {"campaignIds": [FIRST]}, {"Content-Type": "application/json"})
    assert plain.status_code in (406, 415)
    for ids in ([], [FIRST] * 101, [1]):
        refused = await api.call("POST", path, {"campaignIds": ids}, headers)
        assert (refused.status_code, "details" in refused.json()) == (400, True)
