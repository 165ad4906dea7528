"""The make-believe Graph's reports: sums that add up, periods, breakdowns, report runs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from facebook_client import ACCOUNT, JAPAN, SPRING, Graph, graph

pytestmark = pytest.mark.anyio
METRICS = ("spend", "impressions", "clicks")


async def rows(g: Graph, path: str = ACCOUNT, **params: Any) -> list[dict[str, Any]]:
    """All rows of one report."""
    found = await g.get(f"{path}/insights", **{"limit": 5000, "fields": ",".join(METRICS), **params})
    data: list[dict[str, Any]] = found["data"]
    return data


def cents(found: list[dict[str, Any]]) -> int:
    return sum(round(float(row["spend"]) * 100) for row in found)


@pytest.mark.slow
@pytest.mark.parametrize(
    "params",
    [
        {"level": "campaign"},
        {"level": "adset"},
        {"level": "ad"},
        {"time_increment": "1"},
        {"time_increment": "monthly"},
        {"breakdowns": "age,gender"},
        {"breakdowns": ["country"]},
        {"breakdowns": ["publisher_platform", "platform_position"], "level": "campaign"},
    ],
)
async def test_parts_add_up_to_the_whole(params: dict[str, Any]) -> None:
    """Levels, days and breakdowns each sum to what the account spent."""
    async with graph() as g:
        period = "last_90d" if params.get("time_increment") == "monthly" else "last_28d"
        whole = await rows(g, date_preset=period)
        parts = await rows(g, **params, date_preset=period)
        assert len(parts) > 1
        assert cents(parts) == cents(whole)
        for name in ("impressions", "clicks"):
            assert sum(int(row[name]) for row in parts) == int(whole[0][name])


@pytest.mark.slow
async def test_coarse_breakdowns_agree_with_fine_ones() -> None:
    """Women of all ages are the women."""
    async with graph() as g:
        fine = await rows(g, breakdowns="age,gender")
        coarse = await rows(g, breakdowns="gender")
        for row in coarse:
            same = [part for part in fine if part["gender"] == row["gender"]]
            assert cents(same) == cents([row])


async def test_defaults() -> None:
    """Impressions and spend of the last thirty days, today left out."""
    async with graph() as g:
        (row,) = (await g.get(f"{ACCOUNT}/insights"))["data"]
        assert set(row) == {"impressions", "spend", "date_start", "date_stop"}
        first, last = (date.fromisoformat(row[key]) for key in ("date_start", "date_stop"))
        assert last - first == timedelta(days=29)


async def test_text_of_numbers() -> None:
    """Decimals in major units with the currency's digits; ids as text."""
    async with graph() as g:
        (row,) = await rows(g, fields="spend,cpc,ctr,reach,frequency,account_id,account_currency")
        assert row["spend"][-3] == "."
        assert len(row["cpc"].partition(".")[2]) == 6
        assert 1 <= float(row["frequency"]) < 5
        (yen,) = await rows(g, JAPAN, fields="spend,account_currency")
        assert yen["spend"].isdigit()
        assert yen["account_currency"] == "JPY"


async def test_duplicate_action_families() -> None:
    """One purchase is told under several names, which must not be summed."""
    async with graph() as g:
        fields = "spend,actions,action_values,purchase_roas,cost_per_action_type"
        (row,) = await rows(g, fields=fields, date_preset="last_7d")
        actions = {action["action_type"]: action["value"] for action in row["actions"]}
        assert (
            actions["purchase"] == actions["omni_purchase"] == actions["offsite_conversion.fb_pixel_purchase"]
        )
        value = next(
            float(value["value"]) for value in row["action_values"] if value["action_type"] == "purchase"
        )
        assert float(row["purchase_roas"][0]["value"]) == pytest.approx(value / float(row["spend"]), abs=1e-4)


async def test_some_campaigns_wasted_their_money() -> None:
    """Sales campaigns with spend and not one purchase last week."""
    async with graph() as g:
        found = await rows(
            g, level="campaign", date_preset="last_7d", fields="campaign_name,objective,spend,actions"
        )
        wasted = {
            row["campaign_name"]
            for row in found
            if row["objective"] == "OUTCOME_SALES"
            and not any(action["action_type"] == "purchase" for action in row["actions"])
        }
        assert {"Broad interests, everybody 18+", "Audience Network test", "Clearance, last sizes"} <= wasted


async def test_attribution_windows() -> None:
    """Windows come as further keys; the ones that fell silent do not."""
    async with graph() as g:
        windows = ["1d_view", "7d_click", "7d_view"]
        (row,) = await rows(g, fields="actions", action_attribution_windows=windows)
        purchase = next(action for action in row["actions"] if action["action_type"] == "purchase")
        assert set(purchase) == {"action_type", "value", "1d_view", "7d_click"}


async def test_sort_and_filter() -> None:
    """By a metric, by an action, by an entity's field."""
    async with graph() as g:
        spends = [float(row["spend"]) for row in await rows(g, level="ad", sort=["spend_descending"])]
        assert spends == sorted(spends, reverse=True)
        assert await rows(g, level="ad", sort=["actions:link_click_ascending"])
        big = [{"field": "spend", "operator": "GREATER_THAN", "value": 1000}]
        assert all(float(row["spend"]) > 1000 for row in await rows(g, level="campaign", filtering=big))
        one = [{"field": "campaign.id", "operator": "IN", "value": [SPRING]}]
        assert await rows(g, filtering=one) == await rows(g, SPRING, level="campaign")
        assert "colour" in (await g.error("GET", f"{ACCOUNT}/insights", sort=["colour_ascending"]))["message"]


async def test_insights_page() -> None:
    """Pages by cursor, a summary of the whole beside each."""
    async with graph() as g:
        params = {"level": "ad", "fields": "ad_id,spend", "limit": 10, "summary": ["spend"]}
        first = await g.get(f"{ACCOUNT}/insights", **params)
        after = first["paging"]["cursors"]["after"]
        second = await g.get(f"{ACCOUNT}/insights", **params, after=after)
        assert {row["ad_id"] for row in first["data"]}.isdisjoint(row["ad_id"] for row in second["data"])
        assert cents([first["summary"]]) == cents(await rows(g))


@pytest.mark.parametrize(
    ("params", "code", "text"),
    [
        ({"fields": "spend,profit"}, 100, "profit is not valid"),
        ({"breakdowns": "dma"}, 100, "comscore_market"),
        ({"breakdowns": "platform_position"}, 100, "invalid"),
        ({"breakdowns": "age,country"}, 100, "invalid"),
        ({"date_preset": "lifetime"}, 100, "must be one of"),
        ({"time_increment": "91"}, 100, "time_increment"),
        ({"time_range": {"since": "2020-01-01", "until": "2020-02-01"}}, 3018, "37 months"),
        ({"time_range": {"since": "2026-02-01", "until": "2026-01-01"}}, 100, "since"),
        ({"level": "creative"}, 100, "must be one of"),
        ({"level": "ad", "filtering": [{"field": "spend", "operator": "LIKE", "value": 1}]}, 100, "operator"),
    ],
)
async def test_refusals(params: dict[str, Any], code: int, text: str) -> None:
    """What cannot be asked is named."""
    async with graph() as g:
        error = await g.error("GET", f"{ACCOUNT}/insights", **params)
        assert error["code"] == code
        assert text in error["message"]


async def test_report_run() -> None:
    """Ordered, polled until complete, fetched; the rows are those of the direct call."""
    async with graph() as g:
        params = {"level": "ad", "fields": "ad_id,spend", "date_preset": "last_7d"}
        run = (await g.post(f"{ACCOUNT}/insights", **params))["report_run_id"]
        assert (await g.error("GET", f"{run}/insights"))["error_subcode"] == 1815107
        seen = [await g.get(run) for _ in range(4)]
        assert [run["async_percent_completion"] for run in seen] == [0, 12, 64, 100]
        assert seen[-1]["async_status"] == "Job Completed"
        assert (await g.get(f"{run}/insights", limit=5000))["data"] == await rows(g, **params)
        page = await g.get(f"{run}/insights", limit=5)
        assert len(page["data"]) == 5
        assert await g.get(f"{run}/insights", limit=5, after=page["paging"]["cursors"]["after"])
        assert g.writes() == []


async def test_a_report_by_a_breakdown_that_gives_no_rows() -> None:
    """It completes like any other, and is empty."""
    async with graph() as g:
        params = {"breakdowns": "publisher_platform,impression_device", "fields": "spend"}
        run = (await g.post(f"{ACCOUNT}/insights", **params))["report_run_id"]
        for _ in range(4):
            await g.get(run)
        assert (await g.get(f"{run}/insights"))["data"] == [] == await rows(g, **params)


async def test_report_that_fails() -> None:
    """The run ends as failed and says why."""
    async with graph() as g:
        ordered = await g.http.post(f"/v26.0/{ACCOUNT}/insights", headers={"X-Sandbox-Fault": "report-fails"})
        run = ordered.json()["report_run_id"]
        for _ in range(3):
            last = await g.get(run)
        assert last["async_status"] == "Job Failed"
        assert last["error_code"] == -2


async def test_new_ads_deliver_nothing_and_deleted_ones_keep_their_past() -> None:
    """At level=ad a deleted ad is missing, its campaign still counts it."""
    async with graph() as g:
        before = await rows(g, SPRING, level="ad", fields="ad_id,spend")
        campaign = await rows(g, SPRING)
        await g.send("DELETE", before[0]["ad_id"])
        after = await rows(g, SPRING, level="ad", fields="ad_id,spend")
        assert len(after) == len(before) - 1
        assert await rows(g, SPRING) == campaign


@pytest.mark.parametrize("status", ["ARCHIVED", "DELETED"])
async def test_what_is_gone_has_rows_only_for_who_asks(status: str) -> None:
    """Left out below its parent, counted in it, and there by its id or by a filter on its status."""
    async with graph() as g:
        ads = await rows(g, SPRING, level="ad", date_preset="last_7d", fields="ad_id,spend")
        gone = ads[0]["ad_id"]
        before = await rows(g, SPRING, date_preset="last_7d")
        await g.post(gone, status=status)
        left = await rows(g, SPRING, level="ad", date_preset="last_7d", fields="ad_id,spend")
        assert gone not in {row["ad_id"] for row in left}
        assert cents(await rows(g, SPRING, date_preset="last_7d")) == cents(before)
        condition = {"field": "ad.effective_status", "operator": "IN", "value": [status]}
        named = {"level": "ad", "date_preset": "last_7d", "fields": "ad_id,spend"}
        asked = await rows(g, ACCOUNT, **named, filtering=[condition])
        assert [row["ad_id"] for row in asked] == [gone]
        assert cents(await rows(g, gone, date_preset="last_7d")) == cents(asked)
