"""What the reports of a run say: rows of one thing each, of the profile asked for, as they were ordered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient

from mcp_ads.errors import InvalidParams, Rejected
from mcp_ads.sandbox.amazon_ads.errors import Refused
from mcp_ads.sandbox.amazon_ads.reports import orders as sandbox_orders

pytestmark = pytest.mark.anyio
DE = "4412345678901234"
ONE: dict[str, Any] = {"profile_id": PROFILE, "report_type": "spCampaigns"}
LONG: dict[str, Any] = {**ONE, "time_range": "last_60d"}
PLACES = "campaignPlacement"


async def run(engine_client: EngineClient, action: str = "run", **params: Any) -> Any:
    return await engine_client.do(AMAZON, "reports", action, **params)


def ordered(engine_client: EngineClient) -> list[dict[str, Any]]:
    return [report["configuration"] for report in engine_client.store.all("amazon.report")]


def orders(engine_client: EngineClient) -> int:
    return sum(request == "POST /reporting/reports" for request in engine_client.sent(AMAZON))


@pytest.mark.slow
@pytest.mark.parametrize("time_range", [pytest.param("last_60d", marks=pytest.mark.slow), "last_7d"])
@pytest.mark.parametrize("action", ["run", "download", "get"])
async def test_a_report_is_of_the_profiles_it_was_ordered_for(
    engine_client: EngineClient, action: str, time_range: str
) -> None:
    """Another profile's name would put dollars under euros: refused, with whose it is."""
    id_ = (await run(engine_client, **ONE, time_range=time_range)).meta["report_id"]
    with pytest.raises(InvalidParams, match=f"is of {PROFILE}, not of {DE}"):
        await run(engine_client, action, report_id=id_, profile_id=DE)
    assert (await run(engine_client, "download", report_id=id_)).meta["currency"] == "USD"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("report_type", "fields", "told"),
    [
        ("spCampaigns", "campaignStatus,cost", ["campaignId"]),
        ("spTargeting", "keywordBid,cost", ["campaignId", "adGroupId", "keywordId"]),
        ("spSearchTerm", "searchTerm,cost", ["campaignId", "adGroupId", "keywordId"]),
    ],
)
async def test_windows_have_the_rows_that_one_has(
    engine_client: EngineClient, report_type: str, fields: str, told: list[str]
) -> None:
    """One row of each thing whatever columns are asked for, and what tells them apart is not shown."""
    asked = {**LONG, "report_type": report_type, "limit": 1000}
    found = await run(engine_client, **asked, fields=fields)
    assert list(found.columns) == fields.split(",")
    full = await run(engine_client, **asked, fields=",".join([*told, fields, "targeting"][: len(told) + 1]))
    assert len(found.data) == len(full.data) > 1
    assert found.meta["totals"]["cost"] == pytest.approx(full.meta["totals"]["cost"], abs=0.001)
    assert all(set(told) <= set(configuration["columns"]) for configuration in ordered(engine_client))


@pytest.mark.slow
async def test_an_account_is_a_way_to_read_a_run(engine_client: EngineClient) -> None:
    """It holds for that call alone, shows only what an account has, and refuses the rest."""
    id_ = (await run(engine_client, **LONG)).meta["report_id"]
    whole = await run(engine_client, report_id=id_, report_group_by="account")
    assert [row.keys() & {"campaignId", "campaignName"} for row in whole.data] == [set()]
    with pytest.raises(InvalidParams, match="does not add up over campaigns"):
        await run(engine_client, report_id=id_, report_group_by="account", fields="campaignName,cost")
    rows = await run(engine_client, "download", report_id=id_, limit=1000)
    assert len(rows.data) > 1
    assert sum(row["cost"] for row in rows.data) == pytest.approx(whole.data[0]["cost"], abs=0.01)
    terms = (await run(engine_client, **{**LONG, "report_type": "spSearchTerm"})).meta["report_id"]
    with pytest.raises(InvalidParams, match="was ordered with"):
        await run(engine_client, report_id=terms, report_group_by="account")


@pytest.mark.slow
async def test_an_account_by_placement(engine_client: EngineClient) -> None:
    """Campaigns are added up for each placement; without account a row says whose placement it is."""
    asked = {**ONE, "fields": "placementClassification,cost", "limit": 1000}
    apart = await run(engine_client, **asked, report_group_by=PLACES)
    assert list(apart.columns) == ["campaignId", "campaignName", "placementClassification", "cost"]
    assert "account,campaignPlacement" in apart.meta["warnings"][0]
    for time_range in ("last_30d", "last_60d"):
        found = await run(engine_client, **asked, report_group_by=["account", PLACES], time_range=time_range)
        places = [row["placementClassification"] for row in found.data]
        assert len(set(places)) == len(places) == 3
    sums = await run(engine_client, **asked, report_group_by=["account", PLACES])
    assert sums.meta["totals"]["cost"] == pytest.approx(apart.meta["totals"]["cost"], abs=0.001)


@pytest.mark.slow
@pytest.mark.parametrize("last", [70, pytest.param(20, marks=pytest.mark.slow)])
async def test_what_was_said_of_an_order_is_said_until_its_rows_are_there(
    engine_client: EngineClient, last: int
) -> None:
    """Days that are gone, of one report and of a run: also while it is built, and by its id."""
    first, until = (date.today() - timedelta(days=days) for days in (90, last - 10))  # noqa: DTZ011
    asked = {**ONE, "report_type": "spSearchTerm", "time_range": f"{first}..{until}"}
    engine_client.fault("report-slow", method="POST", path="reports$", seconds=9999, times=4)
    pending = await run(engine_client, **asked)
    assert pending.data["report_id"].startswith("run_") == (last == 20)
    assert any("are not in these numbers" in warning for warning in pending.meta["warnings"])
    for report in engine_client.store.all("amazon.report"):
        engine_client.store.put("amazon.report", report["reportId"], {**report, "_takes": 0})
    done = await run(engine_client, report_id=pending.data["report_id"])
    assert any("are not in these numbers" in warning for warning in done.meta["warnings"])
    assert done.meta["range"].startswith(pending.meta["range"])
    assert str(first) not in pending.meta["range"]


@pytest.mark.slow
@pytest.mark.parametrize("time_range", ["last_60d", "last_7d"])
async def test_an_order_is_not_changed_by_its_id(engine_client: EngineClient, time_range: str) -> None:
    """What is said otherwise is refused; what is the same may be said again."""
    asked = {**ONE, "time_range": time_range}
    id_ = (await run(engine_client, **asked)).meta["report_id"]
    again = await run(engine_client, **asked, report_id=id_, time_unit="SUMMARY", report_group_by="campaign")
    assert again.meta["report_id"] == id_
    others: list[dict[str, Any]] = [
        {"report_type": "spSearchTerm"}, {"time_range": "yesterday"}, {"time_unit": "DAILY"}, {"fresh": True},
        {"filters": [{"field": "campaignStatus", "values": ["ENABLED"]}]}, {"name": "x"},
        {"report_group_by": "adGroup"},
    ]  # fmt: skip
    for other in others:
        with pytest.raises(InvalidParams, match="leave it out"):
            await run(engine_client, profile_id=PROFILE, report_id=id_, **other)


@pytest.mark.slow
async def test_throttled_orders_say_so(engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not ordered is not being built: how many, and when to call again."""
    monkeypatch.setattr("mcp_ads.engine.wire.deadline.DEADLINE", 2.0)
    engine_client.fault("429", method="POST", path="/reporting/reports$", times=0)
    for asked, of in ((ONE, 1), (LONG, 2)):
        found = await run(engine_client, **asked)
        said = " ".join(found.meta["warnings"])
        assert f"Amazon throttles new reports (429): {of} of {of} not ordered yet; call again in" in said


@pytest.mark.slow
async def test_what_amazon_refuses_is_not_ordered_again(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal of all parts is that of the call, with all columns there are, once."""
    unknown = {**LONG, "fields": "campaignId,unheardOfColumn"}
    for _ in range(2):
        with pytest.raises(Rejected) as refused:
            await run(engine_client, **unknown)
        assert "unitsSoldSameSku7d" in refused.value.fix
        assert "unitsSoldSameSku7d" not in refused.value.platform_text
    assert orders(engine_client) == 4
    last = (date.today() - timedelta(days=20)).isoformat()  # noqa: DTZ011
    real = sandbox_orders._check_dates

    def refusing(call: Any, body: Any, kind: Any) -> None:
        if body["endDate"] > last:
            raise Refused(400, "not these days")
        real(call, body, kind)

    monkeypatch.setattr(sandbox_orders, "_check_dates", refusing)
    part = await run(engine_client, **LONG, fresh=True)
    assert "not ordered again" in part.meta["warnings"][0]
    assert part.meta["coverage"].startswith("1 of 2 reports")
    before = orders(engine_client)
    again = await run(engine_client, report_id=part.meta["report_id"])
    assert (orders(engine_client), again.meta["coverage"]) == (before, part.meta["coverage"])


async def test_a_slip_in_an_everyday_name_is_refused_before_it_is_sent(engine_client: EngineClient) -> None:
    """With the name that was meant."""
    with pytest.raises(InvalidParams, match="did you mean spend"):
        await run(engine_client, **{**ONE, "report_type": "spSearchTerm"}, fields=["searchTerm", "spendd"])
    assert engine_client.sent(AMAZON) == []


@pytest.mark.slow
async def test_the_columns_of_a_run_are_there_for_one_profile(engine_client: EngineClient) -> None:
    """Its currency, the days of its report, and the state of what a row is about."""
    found = await run(engine_client, **ONE, fields="currency,cost")
    assert {row["currency"] for row in found.data} == {"USD"}
    id_ = found.meta["report_id"]
    days = await run(engine_client, "download", report_id=id_, fields="startDate,cost")
    assert {row["startDate"] for row in days.data} == {found.meta["range"][:10]}
    states = await run(engine_client, **{**ONE, "report_type": "spTargeting"}, fields="state,cost")
    assert states.columns[0] == "adKeywordStatus"
    both = await run(engine_client, **{**ONE, "profile_id": [PROFILE, DE]}, where="currency = 'EUR'")
    assert both.meta["currency"] == "EUR"
    with pytest.raises(InvalidParams, match="'acos' is no column") as refused:
        await run(engine_client, "download", report_id=id_, fields="cost,acos")
    assert "conversion_value" not in str(refused.value)
    ratios = await run(engine_client, **ONE, fields="cost,acos")
    shown = await run(engine_client, "download", report_id=ratios.meta["report_id"], fields="cost,acos")
    assert list(shown.columns) == ["cost", "acos"]
    assert [row["acos"] for row in shown.data] == [row["acos"] for row in ratios.data]
