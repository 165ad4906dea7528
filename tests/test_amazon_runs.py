"""Reports of several profiles and longer ranges: one id, ordered once, gone on with from anywhere."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient, mend
from fastmcp import Client
from planning import applied

from mcp_ads.connectors.amazon_ads.reports import rows as report_rows
from mcp_ads.errors import InvalidParams, OutOfScope, Rejected
from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
DE = "4412345678901234"
TERMS: dict[str, Any] = {
    "profile_ids": [PROFILE, DE],
    "report_type": "spSearchTerm",
    "time_range": "last_60d",
}
ONE: dict[str, Any] = {"profile_id": PROFILE, "report_type": "spCampaigns"}
SUMS = ("impressions", "clicks", "cost", "purchases7d", "sales7d")


def orders(engine_client: EngineClient) -> int:
    return sum(request == "POST /reporting/reports" for request in engine_client.sent(AMAZON))


async def run(engine_client: EngineClient, action: str = "run", **params: Any) -> Any:
    return await engine_client.do(AMAZON, "reports", action, **params)


@pytest.mark.slow
async def test_search_terms_of_two_profiles_over_sixty_days(tmp_path: Path) -> None:
    """An agent orders once, sees progress, and after a restart goes on by the id: each term once, with names,
    in the currency of its profile.
    """
    environ = {"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(tmp_path), "MCP_ADS_KEYRING": "off"}
    told: list[tuple[float, float, str]] = []

    async def note(done: float, total: float | None, message: str | None) -> None:
        told.append((done, total or 0, message or ""))

    async def ask(client: Client[Any], **params: Any) -> str:
        given = {"entity": "reports", "action": "run", "params": params}
        answer = await client.call_tool("amazon_ads_execute", given)
        return "".join(getattr(block, "text", "") for block in answer.content)

    settings = load(environ=environ)
    before = EngineClient(tmp_path, environ)
    before.fault("report-slow", method="POST", path="reports$", seconds=9999, times=4)
    async with Client(build_server(settings), progress_handler=note) as client:
        pending = await ask(client, **TERMS)
    assert "PENDING" in pending
    assert "1 to 20 minutes" in pending
    assert [message for *_, message in told][-1] == "spSearchTerm: 4 PENDING"
    assert all(0 < done < total == 4 for done, total, _ in told)
    assert [done for done, *_ in told] == sorted({done for done, *_ in told})
    id_ = next(line for line in pending.splitlines() if line.startswith("report_id: ")).split()[1]
    assert id_.startswith("run_")
    for report in before.store.all("amazon.report"):
        before.store.put("amazon.report", report["reportId"], {**report, "_takes": 0})
    async with Client(build_server(settings), progress_handler=note) as client:
        answer = await ask(client, report_id=id_, limit=1000)
    assert orders(before) == 4
    found = list(csv.DictReader(io.StringIO("\n".join(answer.splitlines()[1:]))))
    assert {row["currency"] for row in found} <= {"USD", "EUR"}
    assert all(row["campaignName"] and row["adGroupName"] and row["searchTerm"] for row in found)
    assert "Europe/Paris" in answer
    await before.close()


@pytest.mark.slow
async def test_windows_are_added_up_exactly(engine_client: EngineClient) -> None:
    """Sixty days are what both halves of them are together, to the cent; ratios are made anew."""
    asked: dict[str, Any] = {
        **ONE,
        "fields": ["campaignId", "campaignName", "campaignStatus", *SUMS, "acos"],
        "limit": 1000,
    }
    until = date.fromisoformat((await run(engine_client, **asked)).meta["range"][12:22])
    split = until - timedelta(days=30)
    days = [(until - timedelta(days=59), split - timedelta(days=1)), (split, until)]
    halves = [await run(engine_client, **asked, time_range=f"{first}..{last}") for first, last in days]
    whole = await run(engine_client, **asked, time_range=f"{days[0][0]}..{until}")
    for name in SUMS:
        both = sum(half.meta["totals"][name] for half in halves)
        assert whole.meta["totals"][name] == pytest.approx(both, abs=0.001)
        assert sum(row[name] for row in whole.data) == pytest.approx(both, abs=0.001)
    ids = [row["campaignId"] for row in whole.data]
    assert len(ids) == len(set(ids))
    row = whole.data[0]
    assert row["acos"] == pytest.approx(100 * row["cost"] / row["sales7d"], abs=0.001)
    daily = await run(engine_client, **{**asked, "time_unit": "DAILY"}, time_range=f"{days[0][0]}..{until}")
    assert len({row["date"] for row in daily.data}) > 0
    assert daily.meta["totals"]["cost"] == pytest.approx(whole.meta["totals"]["cost"], abs=0.001)


@pytest.mark.slow
async def test_an_account_over_several_windows_and_profiles(engine_client: EngineClient) -> None:
    """One row a profile, in its own currency; never one sum of both."""
    found = await run(
        engine_client, profile_id=f"{PROFILE},{DE}", report_type="spCampaigns", report_group_by="account",
        time_range="last_60d",
    )  # fmt: skip
    assert [(row["profile_id"], row["currency"]) for row in found.data] == [(PROFILE, "USD"), (DE, "EUR")]
    assert found.meta["totals"].keys() == {"USD", "EUR"}
    assert "currency" not in found.meta
    assert "EUR, EU" in found.meta["accounts"]


@pytest.mark.slow
async def test_what_is_too_much_to_be_added_up_stays_by_window(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, and the days of each row can be asked for."""
    monkeypatch.setattr(report_rows, "MOST_ADDED", 1)
    found = await run(engine_client, **ONE, time_range="last_60d")
    assert "one of each window" in found.meta["warnings"][0]
    days = await run(
        engine_client, report_id=found.meta["report_id"], fields=["startDate", "campaignId"], limit=1000
    )
    assert len({row["startDate"] for row in days.data}) == 2


@pytest.mark.slow
async def test_a_part_that_fails_is_named_and_ordered_again(engine_client: EngineClient) -> None:
    """What is there is shown as part of the whole; the same id orders what failed, and nothing else."""
    engine_client.fault("report-fails", method="POST", path="/reporting/reports$", skip=1)
    part = await run(engine_client, **ONE, time_range="last_60d")
    assert part.meta["coverage"].startswith("1 of 2 reports; missing: ")
    assert part.meta["warnings"][0].startswith("PART OF THE WHOLE")
    id_ = part.meta["report_id"]
    states = [row["status"] for row in (await run(engine_client, "get", report_id=id_)).data]
    assert states == ["COMPLETED", "FAILED"]
    again = await run(engine_client, "download", report_id=id_)
    assert (again.meta["coverage"], orders(engine_client)) == (part.meta["coverage"], 2)
    whole = await run(engine_client, report_id=id_, sort="-cost")
    assert "coverage" not in whole.meta
    assert whole.meta["totals"]["cost"] > part.meta["totals"]["cost"]
    assert orders(engine_client) == 3


@pytest.mark.slow
async def test_a_run_is_of_its_profiles_only(engine_client: EngineClient) -> None:
    """Who may use one of its profiles may neither order nor read it; nothing is sent."""
    id_ = (await run(engine_client, **TERMS)).meta["report_id"]
    object.__setattr__(engine_client.settings.platforms[AMAZON], "account_ids", (PROFILE,))
    before = engine_client.sent(AMAZON)
    calls = [("run", {**TERMS, "fresh": True}), *((name, {"report_id": id_}) for name in ("run", "get"))]
    for action, params in (*calls, ("download", {"report_id": id_})):
        with pytest.raises(OutOfScope):
            await run(engine_client, action, **params)
    assert engine_client.sent(AMAZON) == before


@pytest.mark.parametrize(
    "content",
    [
        "",
        *(
            pytest.param(text, marks=pytest.mark.slow)
            for text in ('{"order": {}, "parts": [1], "whole": 0}', "{}", "[]", '{"at": 1}')
        ),
    ],
)
async def test_a_run_that_is_not_as_written_is_not_there(engine_client: EngineClient, content: str) -> None:
    """Another version's file, or half of one: said, and ordering the same builds nothing twice."""
    id_ = (await run(engine_client, **ONE, time_range="last_60d")).meta["report_id"]
    for path in (engine_client.home / "notes").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        assert "X-Amz" not in path.read_text()
        kept = json.loads(path.read_text().partition("\n")[2])
        if "parts" in kept["facts"]:
            path.write_text(content)
    with pytest.raises(Rejected, match="is kept here"):
        await run(engine_client, "get", report_id=id_)
    await run(engine_client, **ONE, time_range="last_60d")
    assert orders(engine_client) == 2


@pytest.mark.slow
async def test_an_order_like_one_before_is_taken_for_six_hours(engine_client: EngineClient) -> None:
    """Its age is said; `fresh` orders anew; one that Amazon has no more is ordered anew."""
    first = await run(engine_client, **ONE)
    again = await run(engine_client, **ONE)
    assert again.meta["report_id"] == first.meta["report_id"]
    assert "fresh=true" in again.meta["age"]
    fresh = await run(engine_client, **ONE, fresh=True)
    assert fresh.meta["report_id"] != first.meta["report_id"]
    assert "age" not in fresh.meta
    engine_client.store.delete("amazon.report", fresh.meta["report_id"])
    assert (await run(engine_client, **ONE)).meta["report_id"] not in (first, fresh)
    assert orders(engine_client) == 3


@pytest.mark.slow
async def test_days_amazon_keeps_no_longer(engine_client: EngineClient) -> None:
    """The first days are left out and said; where all are too old nothing is sent."""
    found = await run(engine_client, **{**ONE, "report_type": "spSearchTerm"}, time_range="last_90d")
    assert "are not in these numbers" in found.meta["warnings"][0]
    before = orders(engine_client)
    with pytest.raises(InvalidParams, match="too far back"):
        await run(engine_client, **ONE, time_range="2020-01-01..2020-03-01")
    assert orders(engine_client) == before


async def test_what_is_not_final_yet(engine_client: EngineClient) -> None:
    """Sales are restated for 28 days after their attribution window, clicks for three days."""
    found = await run(engine_client, **ONE, time_range="yesterday")
    sales, clicks = found.meta["provisional_from"].split("; ")
    days = [date.fromisoformat(text[:10]) for text in (sales, clicks)]
    assert (days[1] - days[0]).days == 32
    assert "sales7d" in sales
    assert "clicks" in clicks


async def test_only_what_is_pending_is_cancelled(engine_client: EngineClient) -> None:
    """A plan says what it does; what is being built, or is a run, is refused with the reason."""
    engine_client.fault("report-slow", method="POST", path="reports$", seconds=9999)
    ordered = (await run(engine_client, "create", **ONE)).data["reportId"]
    plan = await run(engine_client, "cancel", report_id=ordered)
    assert "cancels the order of this report" in plan.text
    await applied(engine_client, plan.data["plan_id"])
    assert [report["reportId"] for report in engine_client.store.all("amazon.report")] == []
    mend(engine_client.store)
    done = (await run(engine_client, **ONE)).meta["report_id"]
    with pytest.raises(InvalidParams, match="PENDING reports only"):
        await run(engine_client, "cancel", report_id=done)
    with pytest.raises(InvalidParams, match=r"reports\.get of a run"):
        await run(engine_client, "cancel", report_id="run_0123456789ab", profile_id=PROFILE)
