"""The change history of the make-believe Amazon, as an agent reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from amazon_calls import CONTEXT, call
from engine_client import AMAZON, EngineClient, Table

from mcp_ads.connectors.amazon_ads.accounts.history_rows import row
from mcp_ads.core import Result, Wait
from mcp_ads.errors import InvalidParams, RateLimited

pytestmark = pytest.mark.anyio

US, JP = "3312345678901234", "5512345678901234"
EVENT = {"entityType": "CAMPAIGN", "entityId": "1", "changeType": "STATUS", "timestamp": 1795600000000,
         "previousValue": "PAUSED", "newValue": "ENABLED", "metadata": {}}  # fmt: skip


def _day(back: int) -> str:
    return (datetime.now(UTC) - timedelta(days=back)).date().isoformat()


async def _list(client: EngineClient, **params: Any) -> Table:
    return await client.table(AMAZON, "change_history", "list", **{"profile_id": US, **params})


async def test_a_change_made_here_is_in_it(engine_client: EngineClient) -> None:
    """With its moment there, money with the currency, and ids that other entities take."""
    campaigns = await engine_client.table(
        AMAZON, "sponsored_product_campaigns", "list", profile_id=US, limit=1
    )
    campaign = campaigns.rows[0]
    plan = await engine_client.do(
        AMAZON, "sponsored_product_campaigns", "update", profile_id=US, campaign_id=campaign["campaignId"],
        daily_budget="61.50 USD", state="PAUSED",
    )  # fmt: skip
    await engine_client.workspace.apply(plan.data["plan_id"])
    changed = await _list(
        engine_client, campaign_id=campaign["campaignId"], change_type="budget", time_range="today"
    )
    assert [row["newValue"] for row in changed.rows] == ["61.50 USD"]
    assert float(changed.rows[0]["previousValue"].removesuffix(" USD")) == float(campaign["budget.budget"])
    assert changed.rows[0]["entityId"] == campaign["campaignId"]
    assert changed.rows[0]["time"][-5:] in ("-0800", "-0700")
    assert "neither who" in changed.meta["basis"]


async def test_everything_of_the_last_days(looking: EngineClient) -> None:
    """All pages, each event once, and what is left out is said."""
    found = await _list(looking, limit=200, since=_day(60))
    assert found.meta["total"] > 150
    assert not {"partial", "coverage"} & found.meta.keys()
    assert {row["entityType"] for row in found.rows} == {"CAMPAIGN", "KEYWORD"}
    assert "IN_BUDGET" not in {row["changeType"] for row in found.rows}
    assert found.meta["hidden"].startswith("IN_BUDGET")
    warnings = "\n".join(found.meta["warnings"])
    assert "came twice are shown once: " in warnings
    assert "ids are Amazon's own here" in warnings
    times = [row["time"] for row in found.rows]
    assert times == sorted(times, reverse=True)
    lasts = await _list(looking, change_type="out of budget", limit=5)
    assert {row["changeType"] for row in lasts.rows} == {"IN_BUDGET"}


@pytest.mark.slow
async def test_who_paused_what_in_one_call(engine_client: EngineClient) -> None:
    """Of every campaign, by tens: with names, ids that other calls take, and nothing that was made."""
    campaigns = (
        await engine_client.table(AMAZON, "sponsored_product_campaigns", "list", profile_id=US, limit=100)
    ).rows
    paused = next(row for row in campaigns if row["state"] == "ENABLED")
    for action, params in (
        ("pause", {"campaign_id": paused["campaignId"]}),
        ("create", {"name": "New", "targeting_type": "AUTO", "daily_budget": "5 USD"}),
    ):
        plan = await engine_client.do(AMAZON, "sponsored_product_campaigns", action, profile_id=US, **params)
        await engine_client.workspace.apply(plan.data["plan_id"])
    found = await _list(engine_client, by_campaign=True, change_type="status", time_range="today")
    assert [(row["campaignName"], row["entityId"], row["newValue"]) for row in found.rows] == [
        (paused["name"], paused["campaignId"], "PAUSED")
    ]
    assert not any("Amazon's own" in warning for warning in found.meta.get("warnings", []))
    made = await _list(engine_client, change_type="created", time_range="today")
    assert [(row["changeType"], row["newValue"]) for row in made.rows] == [("CREATED", "CREATED")]
    many = [row["campaignId"] for row in campaigns[:25]]
    some = await _list(engine_client, campaign_id=many, since=_day(60), limit=500)
    every = await _list(engine_client, by_campaign=True, since=_day(60), limit=500)
    assert {row["campaignId"] for row in some.rows} <= {*many}
    times = [row["time"] for row in every.rows]
    assert every.meta["total"] > some.meta["total"] > 20
    assert times == sorted(times, reverse=True)
    assert all(row["campaignName"] for row in [*some.rows, *every.rows])


async def test_pages_without_tokens_are_read_by_their_number(looking: EngineClient) -> None:
    """Amazon has two forms; in both the list is whole. Yen have no decimals."""
    found = await _list(looking, profile_id=JP, since=_day(80), limit=1000)
    asked = len(looking.sent(AMAZON))
    again = await _list(looking, profile_id=JP, since=_day(80), limit=5)
    assert found.meta["total"] == again.meta["total"] == len(found.rows)
    assert len(looking.sent(AMAZON)) > asked
    assert {row["newValue"].rpartition(" ")[2] for row in found.rows} == {"JPY"}


async def test_too_far_back_is_cut_and_said(looking: EngineClient) -> None:
    """Amazon keeps ninety days."""
    found = await _list(looking, since="2020-01-01", limit=5)
    assert any("keeps changes for 90 days" in warning for warning in found.meta["warnings"])
    assert found.meta["range"][:4] != "2020"


@pytest.mark.parametrize(
    ("params", "line"),
    [
        ({"since": "2026-11-20", "until": "2026-11-10"}, "has to be before until"),
        ({"since": "2027-01-01", "until": "2027-01-02"}, "not after today"),
        ({"since": "last_week"}, "time_range takes last_week"),
        ({"time_range": "last_week", "since": "2026-11-20"}, "time_range: give it, or since and until"),
        ({"entity_type": "AD", "change_type": "budget"}, "change_type: of AD there are STATUS, CREATED"),
        ({"entity_id": "1"}, "entity_type: give the one type"),
        ({"campaign_id": "1", "ad_group_id": "2"}, "ad_group_id: give it or campaign_id"),
        ({"campaign_id": [str(n) for n in range(501)]}, "campaign_id"),
        ({"campaign_id": "1", "by_campaign": True}, "by_campaign: it asks for every campaign"),
        ({"user": "Bob"}, "user: Amazon does not tell who made a change"),
        ({"change_type": "budgt"}, "change_type"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_sent(params: dict[str, Any], line: str) -> None:
    """A line that names the parameter."""
    with pytest.raises(InvalidParams) as wrong:
        call("change_history", "list", **params).settled(CONTEXT)
    assert line in str(wrong.value)


def _steps(**params: Any) -> Any:
    named = {"fields": ["time", "entityId", "previousValue"], **params}
    return call("change_history", "list", **named).settled(CONTEXT).flow(CONTEXT)


def _end(steps: Any, answer: Any) -> Result:
    with pytest.raises(StopIteration) as end:
        steps.throw(answer) if isinstance(answer, Exception) else steps.send(answer)
    found: Result = end.value.value
    return found


def test_a_list_that_is_throttled_on_the_way_is_not_taken_for_the_whole() -> None:
    """What was read is shown, with the moment from which on it is all there is."""
    steps = _steps(change_type="status")
    next(steps)
    assert steps.send({"events": [EVENT], "nextToken": "x"}).body["nextToken"] == "x"
    found = _end(steps, RateLimited("slow down", status=429))
    assert len(found.data) == 1
    assert any("only the changes since 2026-11-25T" in warning for warning in found.meta["warnings"])
    assert found.meta["coverage"].startswith("only the changes since")


def test_campaigns_that_are_not_answered_are_named() -> None:
    """Those of one request of several, after it was asked again; the others' changes are shown."""
    steps = _steps(campaign_id=[str(number) for number in range(1, 13)], fields=["entityId"])
    asked = next(steps)
    assert [len(request.body["eventTypes"]["CAMPAIGN"]["eventTypeIds"]) for request in asked.requests] == [
        10,
        2,
    ]
    busy = RateLimited("slow down", status=429)
    assert steps.send([{"events": [EVENT]}, busy]) == Wait(15.0)
    assert [request.body for request in (steps.send(None),)] == [asked.requests[1].body]
    found = _end(steps, busy)
    assert len(found.data) == 1
    assert found.meta["coverage"] == "no changes of 11, 12: slow down"


def test_a_first_page_that_is_throttled_is_asked_for_once_more() -> None:
    """After a pause; then the error says how to go on."""
    steps = _steps()
    next(steps)
    assert steps.throw(RateLimited("slow down", status=429)) == Wait(15.0)
    steps.send(None)
    with pytest.raises(RateLimited) as refused:
        steps.throw(RateLimited("slow down", status=429))
    assert "one campaign_id" in refused.value.fix


def test_events_of_others_are_left_out_here() -> None:
    """Amazon's filters do not always filter: other types, other changes, other campaigns."""
    steps = _steps(change_type="status", campaign_id="1")
    next(steps)
    others = [
        {**EVENT, "changeType": "NAME"}, {**EVENT, "entityType": "PORTFOLIO"}, {**EVENT, "entityId": "2"},
        {**EVENT, "entityType": "AD", "metadata": {"campaignId": "2"}},
    ]  # fmt: skip
    assert [row["entityId"] for row in _end(steps, {"events": [EVENT, *others]}).data] == ["1"]


def test_one_that_was_made_has_another_change_than_its_status() -> None:
    """Amazon says of it that its status became CREATED."""
    made = {**EVENT, "previousValue": None, "newValue": "CREATED"}
    for change, fits in (("status", "PAUSED"), ("created", None)):
        steps = _steps(change_type=change)
        next(steps)
        assert [row["previousValue"] for row in _end(steps, {"events": [EVENT, made]}).data] == [fits]


def test_a_page_that_comes_again_ends_the_list() -> None:
    """A server that does not heed the page's number would never end."""
    steps = _steps()
    next(steps)
    answer = {"events": [EVENT], "totalRecords": 999, "maxPageNumber": 9}
    assert steps.send(answer).body["pageOffset"] == 1
    assert len(_end(steps, answer).data) == 1


def test_events_that_come_twice_do_not_end_the_list() -> None:
    """Amazon counts each once, so that a page with doubles is not taken for the last."""
    steps = _steps(change_type="status")
    next(steps)
    other = {**EVENT, "entityId": "2"}
    second = steps.send({"events": [EVENT, EVENT], "totalRecords": 2, "maxPageNumber": 1})
    assert second.body["pageOffset"] == 1
    found = _end(steps, {"events": [other], "totalRecords": 2, "maxPageNumber": 1})
    assert [row["entityId"] for row in found.data] == ["1", "2"]


def test_values_are_written_as_people_read_them() -> None:
    """Money exactly and with its currency, days as days, seconds and milliseconds alike."""
    zone = "America/Los_Angeles"
    bid = row({**EVENT, "changeType": "BID_AMOUNT", "previousValue": "0.755", "newValue": "1"}, "USD", zone)
    assert (bid["previousValue"], bid["newValue"]) == ("0.755 USD", "1.00 USD")
    seconds = row({**EVENT, "timestamp": 1795600000}, "USD", zone)
    assert seconds["time"] == row(EVENT, "USD", zone)["time"] == "2026-11-25T01:46:40-0800"
    day = row({**EVENT, "changeType": "END_DATE", "newValue": "1796112000000"}, "USD", zone)
    assert day["newValue"] == "2026-12-01"
    strange = row({"changeType": "BUDGET_AMOUNT", "newValue": "n/a", "timestamp": "x"}, "USD", zone)
    assert (strange["newValue"], strange["time"], strange["entityId"]) == ("n/a", "x", None)
