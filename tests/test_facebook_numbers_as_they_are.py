"""Numbers, times and refusals of Facebook as what they are: no 0 for unknown, no part for the whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from engine_client import FACEBOOK, US, EngineClient, Row, Table
from middle import Answers, in_front
from planning import SPRING, applied, planned

from mcp_ads.connectors.facebook_marketing.delivery.activities import change_of
from mcp_ads.errors import AuthError, InvalidParams, RateLimited, Rejected

pytestmark = pytest.mark.anyio
PIXEL = "887766554433221"
DISAPPROVED = "1202130000000033901"


async def _insights(client: EngineClient, **params: Any) -> Table:
    return await client.table(FACEBOOK, "ads_insights", "list", **{"account_id": US, **params})


def _graph(edge: str, body: Any, status: int = 200) -> Answers:
    """One edge that answers this."""

    def answers(request: httpx.Request) -> httpx.Response | None:
        ours = request.url.path.endswith(edge)
        return httpx.Response(status, json=body, request=request) if ours else None

    return answers


@pytest.mark.parametrize("name", ["purchases", "spend", "ctr", "roas", "landing_page_views", "add_to_carts"])
async def test_a_column_among_types_of_action_is_that_column(engine_client: EngineClient, name: str) -> None:
    """A name of ours in action_types never becomes a column of zeros, neither at once nor in a report."""
    columns = {"roas": "purchase_roas", "add_to_carts": "adds_to_cart"}
    column = columns.get(name, name)
    (right,) = (await _insights(engine_client, fields=column)).rows
    (found,) = (await _insights(engine_client, action_types=name)).rows
    assert found[column] == right[column] != "0"
    run = await engine_client.table(FACEBOOK, "ads_insights", "run", account_id=US, fields="spend,actions")
    ordered = {"report_run_id": run.meta["report_run_id"], "action_types": "purchases"}
    (later,) = (await engine_client.table(FACEBOOK, "ads_insights", "get_report", **ordered)).rows
    assert later["purchases"] == (await _insights(engine_client, fields="purchases")).rows[0]["purchases"]


async def test_a_type_that_no_row_has_is_said(engine_client: EngineClient) -> None:
    """With the closest there are; a 0 alone would be taken for a number."""
    found = await _insights(engine_client, action_types="link_clik")
    assert "no row has an action 'link_clik'; there are link_click" in str(found.meta["warnings"])
    assert "warnings" not in (await _insights(engine_client, action_types="link_click")).meta
    every = await _insights(engine_client, action_types="link_click,all")
    assert "cost_of_all" not in every.rows[0]
    assert "all" not in every.rows[0]
    assert int(every.rows[0]["video_view"]) > 0


async def test_a_row_says_whose_numbers_it_has(engine_client: EngineClient) -> None:
    """Columns of numbers alone still come with the name and id of what they are about."""
    found = await _insights(engine_client, level="campaign", fields="spend", limit=3)
    assert list(found.rows[0]) == ["campaign_id", "campaign_name", "spend"]
    named = await _insights(engine_client, level="campaign", fields="campaign_name,spend", limit=3)
    assert list(named.rows[0]) == ["campaign_name", "spend"]


async def test_what_facebook_says_nothing_of_is_said_or_0(engine_client: EngineClient) -> None:
    """A count of views is 0 where there were none; a list that is not there is named."""
    fields = "purchases,video_p25_watched_actions,unique_actions,conversion_values"
    found = await _insights(engine_client, fields=fields)
    assert found.rows[0]["video_p25_watched_actions"] == "0"
    assert "unique_actions, conversion_values: empty, as Facebook gave none" in str(found.meta["warnings"])


async def test_unique_counts_end_after_13_months(engine_client: EngineClient) -> None:
    """They are refused further back, and what breakdowns leave out there is said."""
    begins = datetime.now(UTC).date() - timedelta(days=600)
    old = f"{begins}..{begins + timedelta(days=30)}"
    with pytest.raises(InvalidParams, match="unique counts and hours for 13"):
        await _insights(engine_client, fields="unique_clicks", time_range=old)
    await _insights(engine_client, fields="clicks", time_range=old)
    by_age = await _insights(engine_client, fields="reach,spend", breakdowns="age", time_range=old)
    assert {row["reach"] for row in by_age.rows} == {""}
    assert "reach: Facebook did not say" in str(by_age.meta["warnings"])


@pytest.mark.parametrize(
    ("said", "meant"), [("sex", "gender"), ("device", "device_platform"), ("day", "time_")]
)
async def test_another_word_for_a_breakdown_is_not_sent(
    engine_client: EngineClient, said: str, meant: str
) -> None:
    """The answer names Facebook's own word."""
    with pytest.raises(InvalidParams, match=f"did you mean {meant}"):
        await _insights(engine_client, breakdowns=said)


async def test_a_part_of_a_breakdown_of_actions_is_not_sent(engine_client: EngineClient) -> None:
    """What breaks actions down has names of its own."""
    with pytest.raises(InvalidParams, match="did you mean action_device"):
        await _insights(engine_client, action_breakdowns="device")


async def test_an_unknown_field_is_known_in_every_language(engine_client: EngineClient) -> None:
    """By Facebook's own message, which its words for users stand in front of."""
    error = {
        "code": 100,
        "message": "(#100) Tried accessing nonexisting field (adset) on node type (Campaign)",
        "error_user_msg": "Dieses Feld gibt es nicht",
    }
    in_front(engine_client.workspace, _graph("/adsets", {"error": error}, 400))
    with pytest.raises(Rejected) as caught:
        await engine_client.do(FACEBOOK, "ad_sets", "list", account_id=US)
    assert "of this kind" in caught.value.fix


async def test_a_rejected_ad_is_disapproved(engine_client: EngineClient) -> None:
    """The word of other platforms leads to Facebook's, not to what looks like it."""
    condition = {"field": "effective_status", "operator": "IN", "value": ["REJECTED"]}
    for asked in ({"effective_status": "REJECTED"}, {"status": "rejected"}, {"filtering": [condition]}):
        with pytest.raises(InvalidParams, match="DISAPPROVED") as caught:
            await engine_client.do(FACEBOOK, "ads", "list", account_id=US, **asked)
        assert "DELETED?" not in str(caught.value)


async def test_activities_say_the_days_they_are_of(engine_client: EngineClient) -> None:
    """The usual days, named ones and those asked for, as insights take them; none is said to be none."""
    usual = await engine_client.table(FACEBOOK, "activities", "list", account_id=US)
    assert usual.meta["basis"].startswith("changes from 20")
    assert usual.meta["basis"].endswith("to now")
    month = await engine_client.table(FACEBOOK, "activities", "list", account_id=US, time_range="last_30d")
    assert month.meta["range"].endswith("America/New_York")
    assert len(month.rows) > len(usual.rows)
    none = await engine_client.table(FACEBOOK, "activities", "list", account_id=US, oid=SPRING + "1")
    assert "time_range such as last_30d, looks further back" in str(none.meta["warnings"])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "2026-11-10", "until": "2026-11-01"}, "since: .* has to be before until"),
        ({"since": "2099-01-01"}, "since: 2099-01-01 is in the future"),
        ({"since": "last_week"}, "time_range takes last_week"),
        ({"until": "0001-01-01"}, "write a day or a time"),
        ({"since": "2026-11-10", "time_range": "last_7d"}, "time_range: give it, or since and until"),
    ],
)
async def test_days_that_are_none_are_refused(
    engine_client: EngineClient, asked: dict[str, Any], said: str
) -> None:
    """An empty answer would be taken for nothing having happened."""
    with pytest.raises(InvalidParams, match=said):
        await engine_client.do(FACEBOOK, "activities", "list", account_id=US, **asked)


async def test_the_log_has_what_was_done_and_stays_as_it_is(engine_client: EngineClient) -> None:
    """A pause is in it at once; older entries keep their time; all times are in the account's zone."""

    async def read(**asked: Any) -> list[Row]:
        found = await engine_client.table(FACEBOOK, "activities", "list", account_id=US, **asked)
        return found.rows

    before = await read()
    plan = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="60 USD")
    await applied(engine_client, plan)
    after = await read()
    assert after[1:] == before
    assert (after[0]["object_id"], after[0]["extra_data"]) == (SPRING, "50.00 USD → 60.00 USD (Per day)")
    assert {row["event_time"][-5:] for row in await read(time_range="last_30d")} <= {"-0500", "-0400"}


@pytest.mark.parametrize(
    ("event", "extra", "said"),
    [
        ("update_campaign_budget_optimization_toggling_status", {"old_value": 0, "new_value": 1}, "0 → 1"),
        ("update_campaign_budget_scheduling_state", {"old_value": 0, "new_value": 1}, "0 → 1"),
        (
            "update_ad_set_bidding",
            {"old_value": 150, "new_value": 175, "currency": "USD"},
            "1.50 USD → 1.75 USD",
        ),
        ("ad_account_update_spend_limit", {"old_value": 100, "new_value": 200}, "1.00 USD → 2.00 USD"),
    ],
)
def test_only_money_is_shown_as_money(event: str, extra: dict[str, Any], said: str) -> None:
    """A switch is none, whatever its event is called; an amount with a currency is one."""
    assert change_of({"event_type": event, "extra_data": json.dumps(extra)}, "USD") == said


async def test_a_log_that_does_not_end_is_no_whole_one(engine_client: EngineClient) -> None:
    """What was not found in a part of the changes may be in the rest."""
    page = {
        "data": [{"event_type": "update_ad_run_status", "object_id": "1", "event_time": "2026-11-20"}] * 200,
        "paging": {"cursors": {"after": "more"}, "next": "https://graph.facebook.com/more"},
    }
    in_front(engine_client.workspace, _graph("/activities", page))
    found = await engine_client.table(FACEBOOK, "delivery_issues", "list", account_id=US)
    assert "only the last 2,000 changes of 90 days were looked at" in str(found.meta["warnings"])


async def test_ad_sets_for_several_channels_use_the_pixel_too(engine_client: EngineClient) -> None:
    """Their pixels stand in a list; of a product set alone it cannot be told."""
    pixels = [{"pixel_id": PIXEL, "custom_event_type": "SEARCH"}]
    aims = [{"omnichannel_object": {"pixel": pixels, "app": []}}, {"product_set_id": "1"}]
    in_front(engine_client.workspace, _graph("/adsets", {"data": [{"promoted_object": aim} for aim in aims]}))
    asked = {"account_id": US, "pixel_id": PIXEL}
    found = await engine_client.table(FACEBOOK, "pixel_quality", "list", **asked)
    (search,) = [row for row in found.rows if row["event_name"] == "Search"]
    assert search["problem"] == "1 live ad set optimises for it, and none came in 7 days"
    assert "1 live ad sets name a product set and no pixel" in str(found.meta["warnings"])


async def test_pixel_stats_are_those_of_a_source(engine_client: EngineClient) -> None:
    """The parts by source are the whole, and no part is as large."""

    async def count(**asked: Any) -> int:
        found = await engine_client.table(
            FACEBOOK, "pixel_stats", "list", pixel_id=PIXEL, event="PageView", **asked
        )
        return sum(int(row["count"]) for row in found.rows)

    whole, web = await count(), await count(event_source="WEB_ONLY")
    server = await count(event_source="SERVER_ONLY")
    assert 0 < server < web < whole
    assert abs(web + server - whole) <= 24


async def test_too_much_is_known_in_every_language(engine_client: EngineClient) -> None:
    """By Facebook's own message, not by the words for users in front of it."""
    error = {"code": 1, "message": "Please reduce the amount of data", "error_user_msg": "Weniger bitte"}
    sizes = list[int]()

    def answers(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/campaigns"):
            return None
        sizes.append(int(request.url.params["limit"]))
        large = sizes[-1] > 20
        return httpx.Response(500, json={"error": error}, request=request) if large else None

    in_front(engine_client.workspace, answers)
    found = await engine_client.table(FACEBOOK, "campaigns", "list", account_id=US, limit=30)
    assert len(found.rows) == 30
    assert sizes[1] == sizes[0] // 2


@pytest.mark.parametrize(
    ("usage", "seconds"), [({US: [{"estimated_time_to_regain_access": 30}]}, 1800), ({}, 70)]
)
async def test_the_longest_wait_counts(
    engine_client: EngineClient, usage: dict[str, Any], seconds: float
) -> None:
    """Facebook names one in several headers."""
    error = {"error": {"type": "OAuthException", "code": 17, "message": "(#17) User request limit reached"}}
    headers = {"retry-after": "70", "x-business-use-case-usage": json.dumps(usage)}

    def throttled(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(400, json=error, headers=headers) if "/adsets" in request.url.path else None

    in_front(engine_client.workspace, throttled)
    with pytest.raises(RateLimited) as caught:
        await engine_client.do(FACEBOOK, "ad_sets", "list", account_id=US)
    assert caught.value.retry_after == pytest.approx(seconds, abs=2)


async def test_reading_needs_no_permission_to_write(engine_client: EngineClient) -> None:
    """A list that is refused says to give ads_read."""
    error = {"error": {"type": "OAuthException", "code": 200, "message": "(#200) The user has no rights"}}
    in_front(engine_client.workspace, _graph("/adsets", error, 403))
    with pytest.raises(AuthError) as caught:
        await engine_client.do(FACEBOOK, "ad_sets", "list", account_id=US)
    assert "ads_read" in caught.value.fix
    assert "ads_management" not in caught.value.fix


@pytest.mark.parametrize(
    "query",
    [
        "d=A&amp;access_token=EAAsecret12345&amp;t=B",
        "access_token=EAAsecret12345&amp;d=A&amp;t=B",
        "d=A&amp;amp;access_token=EAAsecret12345&amp;amp;t=B",
        "d=A&amp;t=B&amp;access_token=EAAsecret12345",
        "d=A&access_token=EAAsecret12345&t=B",
    ],
)
async def test_an_address_keeps_all_but_its_token(engine_client: EngineClient, query: str) -> None:
    """What a preview's address has before and after the token stays, however its signs are written."""
    body = f'<iframe src="https://www.facebook.com/p.php?{query}"></iframe>'
    in_front(engine_client.workspace, _graph("/previews", {"data": [{"body": body}]}))
    asked = {"ad_id": DISAPPROVED, "fields": "url,body"}
    (row,) = (await engine_client.table(FACEBOOK, "ad_previews", "list", **asked)).rows
    assert row["url"] == "https://www.facebook.com/p.php?d=A&t=B"
    assert "EAAsecret12345" not in str(row)


DONE = {"id": "77", "account_id": US, "async_status": "Job Completed", "async_percent_completion": 100}
TOO_LARGE = {**DONE, "async_status": "Job Failed", "error_code": -3, "error_subcode": 1504045}


@pytest.mark.parametrize(
    ("run", "said"),
    [(DONE, "no rows"), (TOO_LARGE, "it is too large: order one of fewer days")],
    ids=["no-days", "too-large"],
)
async def test_a_report_without_days_or_too_large(
    engine_client: EngineClient, run: dict[str, Any], said: str
) -> None:
    """Days that are not told are left out; what is too large is not to be ordered again as it is."""
    in_front(engine_client.workspace, _run(run))
    asked = {"report_run_id": "77", "account_id": US}
    found = await engine_client.do(FACEBOOK, "ads_insights", "get_report", **asked)
    assert "None" not in str(found.meta)
    assert said in str(found.meta)


def _run(run: dict[str, Any]) -> Answers:
    def answers(request: httpx.Request) -> httpx.Response | None:
        path = request.url.path
        body = {"data": []} if path.endswith("/77/insights") else run if path.endswith("/77") else None
        return httpx.Response(200, json=body, request=request) if body is not None else None

    return answers
