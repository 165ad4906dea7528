"""A home of the sandbox that another version filled: it works, and what it begins anew is said."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from engine_client import AMAZON, PROFILE, EngineClient

from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.anyio
CAMPAIGNS = "amazon.sb.campaigns"
REPORT = {"report_type": "sbCampaigns", "time_range": "last_week", "time_unit": "SUMMARY"}


async def older(home: Path) -> None:
    """A home as it was before Sponsored Brands had reports: its campaigns say nothing of what they spend."""
    before = EngineClient(home, {})
    await before.do(AMAZON, "profiles", "list")
    for row in before.store.all(CAMPAIGNS):
        kept = {name: value for name, value in row.items() if not name.startswith(("_live", "_spend"))}
        before.store.put(CAMPAIGNS, row["campaignId"], kept)
    before.store.put("amazon.token", "hash", {"scopes": []})
    await before.close()
    with sqlite3.connect(home / "sandbox" / "sandbox.sqlite") as database:
        database.execute("PRAGMA user_version = 0")
    database.close()


async def test_an_older_home_works(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Objects begin anew, in one warning; sign-ins stay, and the next time nothing is said or lost."""
    await older(tmp_path)
    client = EngineClient(tmp_path, {})
    report = await client.do(AMAZON, "reports", "run", profile_id=PROFILE, **REPORT)
    assert report.data
    assert client.store.get("amazon.token", "hash")
    [campaign, *_] = client.store.all(CAMPAIGNS)
    client.store.put(CAMPAIGNS, campaign["campaignId"], {**campaign, "name": "Renamed"})
    await client.close()
    assert ["begin anew" in record.getMessage() for record in caplog.records] == [True]
    again = Store(tmp_path / "sandbox" / "sandbox.sqlite")
    assert (again.get(CAMPAIGNS, campaign["campaignId"]) or {})["name"] == "Renamed"
    again.close()
    assert len(caplog.records) == 1
