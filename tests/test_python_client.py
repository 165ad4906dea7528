"""The client of `connect`: write modes, all rows, what there is to do, plans, progress."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mcp_ads import AdsError, Client, Progress, connect
from mcp_ads.errors import AuthError, BadSettings, InvalidParams, WritesOff
from mcp_ads.sandbox.store import Store
from mcp_ads.settings import Settings, load

pytestmark = pytest.mark.anyio
US, LINKEDIN_US, PROFILE = "1234567890", "512345678", "3312345678901234"


@pytest.fixture(autouse=True)
def home(sandbox_home: Path) -> Path:
    """The sandbox with a home of its own."""
    return sandbox_home


def writes(home: Path) -> int:
    """How many changes reached the platforms."""
    store = Store(home / "sandbox" / "sandbox.sqlite")
    try:
        return len(store.writes())
    finally:
        store.close()


@pytest.mark.parametrize("mode", ["Off", "OFF", "none", "PLAN", "no", "", "0", True, 0, 1, ["off"], b"off"])
def test_a_write_mode_is_exactly_one_of_three(mode: Any) -> None:
    """A misspelt "off" must not become a mode in which writes are made."""
    with pytest.raises(BadSettings, match="plan, direct, off"):
        connect("facebook-marketing", writes=mode)
    if mode != 0:
        with pytest.raises(BadSettings, match="plan, direct, off"):
            Settings(writes=mode)
        with pytest.raises(BadSettings, match="plan, direct, off"):
            replace(load(), writes=mode)


@pytest.mark.parametrize("mode", [False, "off"])
async def test_writes_off(home: Path, mode: Any) -> None:
    """False is "off": nothing is sent."""
    async with connect("facebook", writes=mode) as client:
        campaign = (await client.execute("campaigns", "list", {"account_id": US, "limit": 1})).data[0]["id"]
        with pytest.raises(WritesOff, match="by this program") as refused:
            await client.execute("campaigns", "update", {"campaign_id": campaign, "name": "x"})
        assert "MCP_ADS_WRITES" not in f"{refused.value} {refused.value.fix}"
    assert writes(home) == 0


async def test_writes_off_by_the_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is named where it did it."""
    monkeypatch.setenv("MCP_ADS_WRITES", "off")
    async with connect("facebook") as client:
        with pytest.raises(WritesOff, match="MCP_ADS_WRITES=off"):
            await client.execute("campaigns", "update", {"campaign_id": "120211", "name": "x"})
    assert writes(home) == 0


async def test_writes_are_planned_unless_told_otherwise(home: Path) -> None:
    """A model that is handed a client cannot write live by leaving something out."""
    async with connect("facebook-marketing") as client:
        campaign = (await client.execute("campaigns", "list", {"account_id": US, "limit": 1})).data[0]["id"]
        plan = await client.execute("campaigns", "update", {"campaign_id": campaign, "name": "By plan"})
        assert writes(home) == 0
        assert [plan["plan_id"] for plan in await client.plans()] == [plan.data["plan_id"]]
        seen: list[Progress] = []

        async def note(progress: Progress) -> None:
            seen.append(progress)

        done = await client.apply(plan.data["plan_id"], progress=note)
        assert done.data["state"] == "applied"
        assert writes(home) == 1
        assert seen


async def test_direct_by_the_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MCP_ADS_WRITES decides where the caller says nothing."""
    monkeypatch.setenv("MCP_ADS_WRITES", "direct")
    async with connect("facebook-marketing") as client:
        campaign = (await client.execute("campaigns", "list", {"account_id": US, "limit": 1})).data[0]["id"]
        await client.execute("campaigns", "update", {"campaign_id": campaign, "name": "Now"})
    assert writes(home) == 1


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("facebook", "facebook_marketing"), ("meta", "facebook_marketing"),
        ("Facebook-Marketing", "facebook_marketing"),
        ("linkedin", "linkedin_ads"), ("LinkedIn Ads", "linkedin_ads"), ("amazon", "amazon_ads"),
    ],
)  # fmt: skip
def test_short_names(short: str, name: str) -> None:
    """What people call a platform is understood."""
    assert connect(short).connector.name == name


async def test_every_row_over_all_pages() -> None:
    """`rows` goes on by itself; a `limit` is the most rows in all; the same rows as page by page."""
    async with connect("facebook") as client:
        asked = {"account_id": US, "fields": ["id"]}
        ids = [row["id"] async for row in client.rows("ads", "list", asked)]
        by_hand: list[str] = []
        cursor = ""
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = await client.execute("ads", "list", {**asked, "limit": 1000, **more})
            by_hand += [row["id"] for row in page.data]
            if not (cursor := page.meta.get("cursor", "")):
                break
        assert ids == by_hand
        assert len(ids) == len(set(ids)) > 25
        few = [row["id"] async for row in client.rows("ads", "list", {**asked, "limit": 30})]
        assert few == ids[:30]


async def test_all_rows_at_once() -> None:
    """`limit=None` gives them all, and says so."""
    async with connect("amazon") as client:
        asked = {"profile_id": PROFILE}
        whole = await client.execute("sponsored_product_keywords", "list", {**asked, "limit": None})
        rows = [row async for row in client.rows("sponsored_product_keywords", "list", asked)]
        assert whole.data == rows
        assert (whole.meta["rows"], whole.meta["more"]) == (len(rows), False)
        assert len(rows) > 25
        assert "cursor" not in whole.meta


async def test_a_report_is_waited_for() -> None:
    """Rows of a report come once it is built; a record of its state is never taken for a row."""
    async with connect("amazon") as client:
        asked = {"profile_id": PROFILE, "report_type": "spCampaigns", "time_range": "last_7d"}
        rows = [row async for row in client.rows("reports", "run", asked)]
        assert rows
        assert all("status" not in row for row in rows)


async def test_rows_are_never_a_silent_part() -> None:
    """A page or an object that fails raises, after what came before it."""
    async with connect("facebook") as client:
        known = (await client.execute("campaigns", "list", {"account_id": US, "limit": 1})).data[0]["id"]
        with pytest.raises(AdsError, match="NotFound"):
            _ = [row async for row in client.rows("campaigns", "get", {"campaign_id": [known, "99"]})]
        with pytest.raises(InvalidParams, match="limit"):
            _ = [row async for row in client.rows("ads", "list", {"account_id": US, "limit": 0})]
        with pytest.raises(InvalidParams, match="write"):
            _ = [row async for row in client.rows("campaigns", "pause", {"campaign_id": known})]


async def test_what_there_is_to_do() -> None:
    """Entities with their actions, and the pages `ads_describe` has."""
    async with connect("linkedin") as client:
        assert "list" in client.entities()["campaigns"]
        assert (await client.describe()).startswith("linkedin_ads: entities")
        assert "campaigns.list(" in await client.describe("campaigns")
        assert "Example params:" in await client.describe("campaigns", "list")
        found = await client.describe(query="clicks by creative")
        assert "ad_creative_analytics.list(" in found
        assert "facebook" not in found


async def test_credentials_are_checked_with_one_cheap_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """`check` returns when the platform accepts the credentials and raises when it does not."""
    for name in ("facebook", "linkedin", "amazon"):
        async with connect(name) as client:
            await client.check()


async def test_refused_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A token the platform does not accept is an AuthError."""
    from mcp_ads.sandbox.ports import serving

    monkeypatch.delenv("MCP_ADS_SANDBOX")
    with serving(tmp_path / "ports") as servers:
        for name, value in servers.ports.variables().items():
            monkeypatch.setenv(name, value)
        async with connect("facebook", access_token="sandbox-expired") as client:
            with pytest.raises(AuthError):
                await client.check()


@pytest.mark.slow
async def test_questions_over_all_platforms() -> None:
    """One client of all that are configured: rows of each, described, checked with one call to each."""
    async with connect("ads") as client:
        await client.check()
        assert {row["platform"] async for row in client.rows("accounts", "list")} == {
            "facebook", "linkedin", "amazon",
        }  # fmt: skip
        whole = await client.execute("objects", "search", {"query": "spring", "limit": None})
        assert len(whole.data) == whole.meta["total"] > 25
        assert client.entities()["objects"] == ["search"]
        assert "query*" in await client.describe("objects", "search")


@pytest.mark.parametrize("given", [{"account_ids": [US]}, {"access_token": "x"}, {"connection": "acme"}])
def test_what_is_one_platforms_is_not_all_platforms(given: dict[str, Any]) -> None:
    """Credentials and accounts are one platform's: refused, with where they come from then."""
    with pytest.raises(BadSettings, match="ads asks all that are configured"):
        connect("ads", **given)


async def test_progress_of_a_long_call() -> None:
    """The callback is told how far a call is."""
    seen: list[Progress] = []

    async def note(progress: Progress) -> None:
        seen.append(progress)

    async with connect("linkedin") as client:
        params = {"account_id": LINKEDIN_US, "time_range": "last_7d"}
        await client.execute("ad_campaign_analytics", "list", params, progress=note)
    assert seen
    assert isinstance(client, Client)
