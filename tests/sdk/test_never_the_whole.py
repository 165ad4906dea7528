"""What is missing is never taken for the whole: a raw list's other pages, a region, an edge, a bad page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from between import between
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient, break_next, mend

from mcp_ads import AmazonAdsConnector, FacebookMarketingConnector, LinkedinAdsConnector, PlatformDown
from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.anyio
GRAPH = {"path": f"/act_{US}/campaigns", "query": {"fields": "id", "limit": 100}}
REST = {
    "path": f"/adAccounts/{LINKEDIN_US}/adCampaigns", "finder": True,
    "query": {"q": "search", "pageSize": 150},
}  # fmt: skip
QUERY: dict[str, Any] = {
    "profile_id": PROFILE, "path": "/sp/campaigns/list", "body": {"maxResults": 200},
    "media_type": "application/vnd.spCampaign.v3+json",
}  # fmt: skip


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The sandbox with a home of its own."""
    monkeypatch.setenv("MCP_ADS_SANDBOX", "1")
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    monkeypatch.setenv("MCP_ADS_KEYRING", "off")
    store = Store(tmp_path / "sandbox" / "sandbox.sqlite")
    yield store
    store.close()


@pytest.mark.slow
@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("kind", "raw", "params"),
    [
        (FacebookMarketingConnector, ("graph", "get"), GRAPH),
        (LinkedinAdsConnector, ("rest", "get"), REST),
    ],
)
async def test_a_raw_list_goes_on(kind: Any, raw: tuple[str, str], params: dict[str, Any]) -> None:
    """One page says that there are more, and what asks for these; every row of all pages comes once."""
    async with kind() as ads:
        page = await ads.execute(*raw, {**params, "limit": 500})
        assert page.meta["has_next_page"]
        assert page.meta["next"]
        assert (await ads.execute(*raw, {**params, "limit": 5})).meta["end_cursor"]
        seen = [str(row["id"]) async for row in ads.iterate(*raw, params)]
        assert len(page.data) < len(seen) == len({*seen})


@pytest.mark.usefixtures("store")
async def test_a_raw_answer_keeps_the_token_that_asks_for_more() -> None:
    """Amazon's lists are inside a record: its token is no credential, and works."""
    async with AmazonAdsConnector() as amazon:
        first = await amazon.execute("api", "query", QUERY)
        body = {**QUERY["body"], "nextToken": first.nextToken}
        second = await amazon.execute("api", "query", {**QUERY, "body": body})
        assert first.campaigns[0]["campaignId"] != second.campaigns[0]["campaignId"]
        pages = [page async for page in amazon.iterate("api", "query", QUERY)]
        assert sum(len(page["campaigns"]) for page in pages) == first.totalResults


def silent(store: Store) -> None:
    """The regions asked second and third do not answer."""
    mend(store)
    break_next(store, "503", platform="amazon_ads", path="/v2/profiles$", skip=1, times=0)


async def test_a_region_that_is_down(store: Store) -> None:
    """What was read is given and is partial; all rows raise; a check is of one account, which there is."""
    async with AmazonAdsConnector() as amazon:
        silent(store)
        found = await amazon.profiles.list()
        assert found.data
        assert "region EU did not answer" in found.meta["partial"]
        silent(store)
        with pytest.raises(PlatformDown, match="region EU did not answer"):
            [row async for row in amazon.profiles.list.rows()]
        silent(store)
        checked = await amazon.check()
        assert (checked.status, checked.error) == ("healthy", found.meta["partial"])


@pytest.mark.parametrize("limit", [{}, {"where": "level != account"}])
async def test_an_edge_that_is_refused(engine_client: EngineClient, limit: dict[str, Any]) -> None:
    """The rows of the others are shown, as a part: also where all of them are kept and looked at."""
    engine_client.fault("500", platform=FACEBOOK, path=f"act_{US}/adsets", times=0)
    found = await engine_client.table(FACEBOOK, "delivery_issues", "list", account_id=US, **limit)
    assert found.rows
    assert found.text.startswith("PARTIAL: ")
    assert "adsets could not be read" in found.text
    if not limit:
        answer = await engine_client.records(FACEBOOK, "delivery_issues", "list", account_id=US)
        assert "adsets could not be read" in answer.meta["partial"]


BAD: list[Any] = [{}, None, {"message": "Too busy"}, {"code": "ERR"}, []]
LISTS: dict[str, tuple[str, dict[str, Any], str]] = {
    FACEBOOK: ("ads", {"account_id": US}, f"/act_{US}/ads"),
    LINKEDIN: ("creatives", {"account_id": LINKEDIN_US}, f"/adAccounts/{LINKEDIN_US}/creatives"),
    AMAZON: ("sponsored_product_keywords", {"profile_id": PROFILE}, "/sp/keywords/list"),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("platform", "bad"),
    [
        pytest.param(platform, bad, marks=() if BAD.index(bad) == at else pytest.mark.slow)
        for at, platform in enumerate(LISTS)
        for bad in BAD
    ],
)
async def test_a_page_without_its_records_is_no_end(
    engine_client: EngineClient, platform: str, bad: Any
) -> None:
    """As a second page it is one that failed: the cursor goes on there; as the first it is an error."""
    entity, of, path = LISTS[platform]
    pages: list[httpx.Request] = []

    def answers(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith(path):
            return None
        pages.append(request)
        return httpx.Response(200, text=json.dumps(bad)) if len(pages) > 1 else None

    between(engine_client, answers)
    found = await engine_client.records(platform, entity, "list", **of, limit=1000)
    assert found.data
    assert found.meta["has_next_page"]
    assert found.meta["end_cursor"]
    assert any("cut short by PlatformDown" in warning for warning in found.meta["warnings"])
    assert platform != AMAZON or found.meta["total"] > len(found.data)
    with pytest.raises(PlatformDown):
        await engine_client.records(platform, entity, "list", **of, limit=7)
