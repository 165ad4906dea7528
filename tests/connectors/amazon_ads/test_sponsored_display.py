"""Sponsored Display campaigns: read in the words of the other families, changed in the platform's own."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from amazon_calls import CONTEXT, call, result_of, write
from between import between, nothing
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, check_in, planned, undo_of, writes

from mcp_ads.core import Result
from mcp_ads.errors import InvalidParams, NotFound, PlatformDown

CAMPAIGNS = "sponsored_display_campaigns"
FIRST, SECOND, GONE, ENDED = (f"18000000000000{number}" for number in (1, 2, 4, 5))
STATES = ["ENABLED", "PAUSED", "ARCHIVED"]
LIVE = {"campaignId": "12", "name": "Shoes", "state": "ENABLED", "budget": 50.0, "startDate": "2026-11-01"}
pytestmark = pytest.mark.anyio


async def do(engine_client: EngineClient, action: str, **params: Any) -> Result:
    return await engine_client.do(AMAZON, CAMPAIGNS, action, profile_id=PROFILE, **params)


async def test_lists_read_like_those_of_other_families(engine_client: EngineClient) -> None:
    """Ids are text, states in upper case, days with hyphens; archived ones are left out and said so."""
    result = await do(engine_client, "list", limit=4)
    assert [row["campaignId"] for row in result.data] == [FIRST, SECOND, "180000000000003", ENDED]
    assert [row["state"] for row in result.data] == ["ENABLED", "PAUSED", "ENABLED", "ENABLED"]
    assert result.data[3]["servingStatus"] == "ENDED"
    assert result.data[0]["startDate"].count("-") == 2
    assert "ARCHIVED" in result.meta["hidden"]


async def test_pages_go_on_where_they_ended(engine_client: EngineClient) -> None:
    """Every campaign once, across cursors; the last page says that there is no more."""
    found: list[str] = []
    cursor = ""
    while True:
        result = await do(
            engine_client, "list", limit=40, state=["ENABLED", "PAUSED", "ARCHIVED"], cursor=cursor or None
        )
        found += [row["campaignId"] for row in result.data]
        if not result.meta.get("more"):
            break
        cursor = result.meta["cursor"]
    assert len(found) == len(set(found)) == 75


async def test_what_is_named_comes_in_any_state(engine_client: EngineClient) -> None:
    """By a list of ids, each in its place; one that is not there is an error under its index."""
    result = await do(engine_client, "get", campaign_id=[GONE, "99", FIRST], fields=["campaignId", "state"])
    assert [(row["campaignId"], row["state"]) for row in result.data] == [
        (GONE, "ARCHIVED"),
        (FIRST, "ENABLED"),
    ]
    assert [(error["index"], error["code"]) for error in result.errors] == [(1, "NotFound")]
    with pytest.raises(NotFound):
        await do(engine_client, "get", campaign_id="99")


@pytest.mark.parametrize("answer", [[], "x", None, 7, [7], {"a": []}])
def test_answers_of_another_shape_are_the_platforms_failure(answer: Any) -> None:
    """A get of several that brings no list of objects, and of one that brings no object."""
    several = call(CAMPAIGNS, "get", campaign_id=["1", "2"]).flow(CONTEXT)
    next(several)
    if answer == []:
        assert len(result_of(several, answer).errors) == 2
        return
    with pytest.raises(PlatformDown):
        several.send(answer)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "nothing to change"),
        ({"state": "ARCHIVED"}, "ENABLED or PAUSED; delete archives"),
        ({"tactic": "T00030"}, "tactic"),
        ({"start_date": "2026-11-21"}, "in the past"),
        ({"end_date": "2026-11-21"}, "end_date: 2026-11-21 is in the past"),
        ({"start_date": "2026-12-02", "end_date": "2026-12-01"}, "before start_date"),
        ({"daily_budget": "50 EUR"}, "the account's currency is USD"),
    ],
)
def test_updates_are_checked(params: dict[str, Any], said: str) -> None:
    """Nothing is sent; an update never archives, although the platform would."""
    with pytest.raises(InvalidParams) as caught:
        write(CAMPAIGNS, "update", campaign_id="12", **params)
    assert said in str(caught.value)


def test_amounts_and_days_are_held_against_the_record() -> None:
    """A percentage of what is there; a range that Amazon publishes warns; an end before the start is none."""
    raised = write(CAMPAIGNS, "update", LIVE, campaign_id="12", daily_budget="+10%")
    assert raised.to_body() == [{"campaignId": 12, "budget": 55}]
    small = write(CAMPAIGNS, "update", LIVE, campaign_id="12", daily_budget="0.5 USD")
    assert "outside Amazon's range of 1 to 1000000 USD" in next(iter(small.warnings(LIVE)))
    later = {**LIVE, "startDate": "2026-12-02"}
    late = write(CAMPAIGNS, "update", later, campaign_id="12", end_date="2026-12-01")
    assert "before start_date 2026-12-02" in late.obstacle(later)
    assert "ARCHIVED" in late.obstacle({**LIVE, "state": "ARCHIVED"})


async def test_a_change_is_planned_applied_and_taken_back(engine_client: EngineClient) -> None:
    """The request is shown as it is sent, the rest in words; the undo sets back an end that was not there."""
    plan = await do(
        engine_client, "update", campaign_id=FIRST, daily_budget="+10%", state="PAUSED", end_date="2030-12-31"
    )
    assert '[{"campaignId":180000000000001,"budget":11,"endDate":"20301231","state":"paused"}]' in plan.text
    assert (
        "daily_budget 10.00 → 11.00 USD a day; endDate none → 2030-12-31; state ENABLED → PAUSED" in plan.text
    )
    done = await applied(engine_client, plan.data["plan_id"])
    assert "read back: daily_budget 11.00 USD; endDate 2030-12-31; state PAUSED" in done.text
    back = await applied(engine_client, undo_of(done))
    assert "endDate 2030-12-31 → none; state PAUSED → ENABLED" in back.text
    assert writes(engine_client) == [f"update display campaign {FIRST}"] * 2


async def test_one_that_has_ended_spends_nothing(engine_client: EngineClient) -> None:
    """Its status says ENABLED; a later end begins delivery, and the plan says so."""
    plan = await do(engine_client, "update", campaign_id=ENDED, end_date="2030-12-31")
    assert "ACTIVATES DELIVERY" in plan.text
    still = await do(engine_client, "update", campaign_id=ENDED, daily_budget="90 USD")
    assert "ACTIVATES DELIVERY" not in still.text
    last = (await do(engine_client, "get", campaign_id=ENDED)).data["endDate"]
    assert f"it ended on {last}: it delivers nothing" in still.text


async def test_what_the_platform_refuses_was_not_done(engine_client: EngineClient) -> None:
    """A name with a sign it takes in none: a code and a text in the place of the item. One taken: no plan."""
    plan = await planned(
        engine_client, CAMPAIGNS, "update", AMAZON, profile_id=PROFILE, campaign_id=FIRST, name="Less < more"
    )
    text = (await applied(engine_client, plan)).text
    assert "NOT DONE: " in text
    assert "INVALID_ARGUMENT" in text
    assert "must not contain '<'" in text
    assert writes(engine_client) == []
    name = (await do(engine_client, "get", campaign_id=SECOND, fields=["name"])).data["name"]
    with pytest.raises(InvalidParams, match=f"Sponsored Display campaign {SECOND} is called this already"):
        await do(engine_client, "update", campaign_id=FIRST, name=name)


@pytest.mark.parametrize(
    "body",
    [[], {}, [{"code": "SUCCESS"}], [{"campaignId": 7, "code": "SUCCESS"}], [{"campaignId": int(FIRST)}],
     [{"campaignId": int(FIRST), "code": "SUCCESS"}] * 2, {"campaignId": int(FIRST), "code": "SUCCESS"},
     [{"code": "INTERNAL_ERROR", "description": "try again"}]],
)  # fmt: skip
async def test_an_answer_that_proves_nothing_leaves_it_unknown(
    engine_client: EngineClient, body: Any
) -> None:
    """Neither done nor refused, with the call that shows what became of it; it is not sent again."""
    params = {"profile_id": PROFILE, "campaign_id": FIRST, "name": "New"}
    plan = await planned(engine_client, CAMPAIGNS, "update", AMAZON, **params)
    await engine_client.workspace.close()
    asked = between(
        engine_client, lambda request: httpx.Response(207, json=body) if request.method == "PUT" else None
    )
    engine_client.workspace._sessions.clear()
    text = (await applied(engine_client, plan)).text
    assert "unknown" in text.split("\n")[1].lower()
    assert check_in(text)[2:] == ("get", {"profile_id": PROFILE, "campaign_id": FIRST, "fields": ["name"]})
    assert sum(request.method == "PUT" for request in asked) == 1


async def test_a_lost_answer_is_settled_by_reading(engine_client: EngineClient) -> None:
    """It was carried out and its answer cut off: reading shows it."""
    plan = await planned(
        engine_client,
        CAMPAIGNS,
        "update",
        AMAZON,
        profile_id=PROFILE,
        campaign_id=FIRST,
        name="New",
        state="PAUSED",
    )
    engine_client.store.put(
        "sandbox.fault", "1", {"kind": "500", "when": "after", "method": "PUT", "id": "1"}
    )
    between(engine_client, nothing)
    assert "reading it now: the change is in effect" in (await applied(engine_client, plan)).text


async def test_switched_off_and_on_and_put_away(engine_client: EngineClient) -> None:
    """Each action does what it is called; the undo of one is the other, and of archiving there is none."""
    plan = await do(engine_client, "pause", campaign_id=FIRST)
    assert "PLAN pause-campaign.minus-10.00-USD-a-day." in plan.text
    done = await applied(engine_client, plan.data["plan_id"])
    assert "read back: state PAUSED" in done.text
    assert undo_of(done).startswith("activate-campaign-10.00-USD-a-day.")
    on = await do(engine_client, "activate", campaign_id=SECOND)
    assert "ACTIVATES DELIVERY: can spend 20.00 USD a day" in on.text
    assert "read back: state ENABLED" in (await applied(engine_client, on.data["plan_id"])).text
    away = await do(engine_client, "delete", campaign_id=FIRST)
    assert "cannot be undone: Amazon never changes archived objects again" in away.text
    text = (await applied(engine_client, away.data["plan_id"])).text
    assert ("read back: state ARCHIVED" in text, "no undo for delete campaign" in text) == (True, True)
    assert writes(engine_client)[-1] == f"archive display campaign {FIRST}"
    with pytest.raises(InvalidParams, match="it is ARCHIVED"):
        await do(engine_client, "activate", campaign_id=FIRST)


@pytest.mark.parametrize("answer", [{}, {"code": "SUCCESS"}, {"campaignId": 7, "code": "SUCCESS"}, []])
async def test_an_archive_that_is_not_confirmed_is_unknown(engine_client: EngineClient, answer: Any) -> None:
    """HTTP 200 alone is no proof: the answer names the campaign and says SUCCESS."""
    plan = await planned(engine_client, CAMPAIGNS, "delete", AMAZON, profile_id=PROFILE, campaign_id=FIRST)
    await engine_client.workspace.close()
    engine_client.workspace._sessions.clear()
    between(
        engine_client, lambda asked: httpx.Response(200, json=answer) if asked.method == "DELETE" else None
    )
    assert "unknown" in (await applied(engine_client, plan)).text.split("\n")[1].lower()


async def test_an_update_that_only_switches_off_is_called_so(engine_client: EngineClient) -> None:
    """What its plan is called is what it does: a pause, with what is saved; of several too."""
    one = await do(engine_client, "update", campaign_id=FIRST, state="paused")
    assert "PLAN pause-campaign.minus-10.00-USD-a-day." in one.text
    both = await do(engine_client, "update", campaign_id=[FIRST, "180000000000003"], state="PAUSED")
    assert "PLAN pause-2-campaigns.minus-30.00-USD-a-day." in both.text
    more = await do(engine_client, "update", campaign_id=FIRST, state="PAUSED", name="Over")
    assert "PLAN update-" in more.text
