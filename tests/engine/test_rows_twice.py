"""Rows of reports that come twice are counted once, and honest rows that are alike as often as they come."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from between import changed
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from middle import in_front

from mcp_ads.core import Result
from mcp_ads.errors import PlatformDown

pytestmark = pytest.mark.anyio
Row = dict[str, Any]
DAYS = "2026-11-01..2026-11-20"
ONCE, CHANGED = "1 rows came twice, and are given once", "1 rows came again with other figures"
ALIKE = "1 rows are alike in everything"


def row(campaign: str | None, spend: str, **more: Any) -> Row:
    """A campaign's figures, as Facebook has them."""
    named = {"campaign_id": campaign} if campaign else {}
    return {
        **named,
        "campaign_name": "A",
        "spend": spend,
        "date_start": DAYS[:10],
        "date_stop": DAYS[12:],
        **more,
    }


def answering(engine_client: EngineClient, pages: Sequence[Sequence[Row]]) -> None:
    """A Facebook whose insights are these pages."""

    def answers(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/insights") or request.method != "GET":
            return None
        at = int(request.url.params.get("after") or 0)
        more = {"next": "https://x", "cursors": {"after": str(at + 1)}} if at + 1 < len(pages) else {}
        return httpx.Response(200, json={"data": pages[at], "paging": more})

    in_front(engine_client.workspace, answers)


async def insights(engine_client: EngineClient, action: str = "list", **params: Any) -> Result:
    asked = {"account_id": US, "level": "campaign", "time_range": DAYS, **params}
    return await engine_client.do(FACEBOOK, "ads_insights", action, **asked)


def spent(result: Result) -> tuple[Any, str]:
    """What the answer says was spent in all, and what it warns of first."""
    totals = result.meta.get("totals") or {"spend": sum(float(row["spend"]) for row in result.data)}
    return totals["spend"], [*result.meta.get("warnings", []), ""][0]


A, B, C = row("1", "10"), row("2", "20"), row("3", "30")


@pytest.mark.parametrize("how", [{}, {"sort": "-spend"}, {"action": "run", "sort": "-spend"}], ids=str)
@pytest.mark.parametrize(
    ("pages", "sum_", "said"),
    [
        ([[A, B], [B, C]], 60, ONCE),
        ([[A, B], [row("2", "21"), C]], 81, CHANGED),
        ([[A, B], [{**B, "date_stop": "2026-11-19"}, C]], 80, ""),
        ([[A, row(None, "20")], [row(None, "20"), C]], 80, ALIKE),
        ([[A, row(None, "20")], [row(None, "21"), C]], 81, ""),
        ([[A, B], [], [C]], 60, ""),
    ],
    ids=["overlap", "other figures", "other days", "alike without ids", "without ids", "empty page"],
)
async def test_pages_of_insights(
    engine_client: EngineClient, pages: list[list[Row]], sum_: int, said: str, how: dict[str, str]
) -> None:
    """At once, looked through and as a report: the sums are right, or the answer says what is in doubt."""
    answering(engine_client, pages)
    result = await insights(engine_client, **how)
    found, warned = spent(result)
    assert found == sum_
    assert warned.startswith(said)
    assert bool(said) or not warned
    assert engine_client.workspace.text(result).startswith("PARTIAL") == (said == ONCE)


@pytest.mark.parametrize(("by", "sum_"), [("country", 30), ("region", 40)])
@pytest.mark.parametrize("how", [{}, {"sort": "-spend"}], ids=str)
async def test_breakdowns_name_rows_unless_empty_or_shared(
    engine_client: EngineClient, by: str, sum_: int, how: dict[str, str]
) -> None:
    """A country comes once; a region may be one of two countries', and no row without a value is left out."""
    named, empty = row("1", "10", **{by: "Córdoba"}), row("1", "5", **{by: None})
    answering(engine_client, [[named, empty], [empty, named, row("1", "10", **{by: "Lima"})]])
    result = await insights(engine_client, breakdowns=[by], **how)
    assert spent(result)[0] == sum_
    assert ALIKE[2:] in " ".join(result.meta["warnings"])


async def test_the_same_days_asked_for_twice_are_two_rows(engine_client: EngineClient) -> None:
    """What the caller asked for twice is given twice."""
    answering(engine_client, [[A, A]])
    result = await insights(engine_client, time_range=None, time_ranges=[DAYS, DAYS])
    assert spent(result)[0] == 20
    assert not engine_client.workspace.text(result).startswith("PARTIAL")


async def test_a_report_gone_on_with_counts_rows_once(engine_client: EngineClient) -> None:
    """What it was ordered with tells its rows apart in a later call; without that note they are in doubt."""
    answering(engine_client, [[A, B], [B, C]])
    ordered = await insights(engine_client, "create_report")
    later = {"account_id": US, "report_run_id": ordered.data["report_run_id"], "sort": "-spend"}
    assert spent(await engine_client.do(FACEBOOK, "ads_insights", "run", **later))[0] == 60
    shutil.rmtree(engine_client.home / "notes")
    del later["account_id"]
    found, warned = spent(await engine_client.do(FACEBOOK, "ads_insights", "get_report", **later))
    assert (found, warned.partition(":")[0]) == (80, ALIKE)


async def test_a_cursor_goes_on_after_pages_that_overlap(engine_client: EngineClient) -> None:
    """No row comes twice in the answers of a list, wherever the limit cuts its pages."""
    answering(engine_client, [[A, B], [B, C]])
    first = await insights(engine_client, limit=2)
    rest = await insights(engine_client, limit=2, cursor=first.meta["cursor"])
    assert [one["campaign_id"] for one in [*first.data, *rest.data]] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("second", "clicks", "said"),
    [(("1", 4), 7, ONCE), (("1", 5), 12, CHANGED), (("", 4), 11, ""), (("2", 4), 11, "")],
    ids=["same", "other figures", "nobody's", "another"],
)
async def test_rows_of_linkedin(
    engine_client: EngineClient, second: tuple[str, int], clicks: int, said: str
) -> None:
    """A row of the same pivot and days is the same row, in each of the requests that a report takes."""

    def element(campaign: str, clicks: int) -> Row:
        day = {"year": 2026, "month": 11, "day": 1}
        values = [f"urn:li:sponsoredCampaign:{campaign}"] if campaign else []
        return {"pivotValues": values, "dateRange": {"start": day, "end": day}, "clicks": clicks}

    def answers(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/adAnalytics"):
            return None
        rows = [element("1", 4), element(*second), element("3", 3)]
        return httpx.Response(200, json={"elements": rows, "paging": {"count": 10, "start": 0, "links": []}})

    in_front(engine_client.workspace, answers)
    asked = {"account_id": LINKEDIN_US, "pivot": "CAMPAIGN", "time_range": DAYS, "sort": "-clicks"}
    result = await engine_client.do(LINKEDIN, "analytics", "list", **asked)
    assert result.meta["totals"]["clicks"] == clicks
    assert any(warning.startswith(said) for warning in result.meta.get("warnings", [""]))


@pytest.mark.slow
async def test_amazon_names_the_same_report_for_two_windows(engine_client: EngineClient) -> None:
    """Its rows are counted once, and the answer says which days are lacking."""
    first: list[bytes] = []

    def answer(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.method == "POST" and request.url.path == "/reporting/reports":
            first.append(response.content)
            return httpx.Response(200, content=first[0], headers={"content-type": "application/json"})
        return response

    asked: Row = {"profile_id": PROFILE, "report_type": "spCampaigns", "time_range": "last_60d"}
    changed(engine_client, answer)
    result = await engine_client.do(AMAZON, "reports", "run", **asked, sort="-cost")
    assert len(first) == 2
    assert "1 of 2 reports" in result.meta["coverage"]
    assert "named the report of other days" in result.meta["coverage"]


@pytest.mark.parametrize("how", [{}, {"sort": "-spend"}, {"action": "run", "sort": "-spend"}], ids=str)
@pytest.mark.parametrize("strange", [{"account_currency": "EUR"}, {"account_id": "999"}], ids=str)
async def test_rows_of_another_account_are_no_answer(
    engine_client: EngineClient, strange: Row, how: dict[str, str]
) -> None:
    """A later page in another currency, or of another account, is added to nothing."""
    first, last = {**A, "account_currency": "USD", "account_id": US}, row("2", "98765")
    pages = [[first], [{**last, **strange}]]
    answering(engine_client, pages)
    try:
        result = await insights(engine_client, **how)
    except PlatformDown as error:
        said, cells = str(error), ""
    else:
        said, cells = engine_client.workspace.text(result), str(result.data)
        assert "cut short" in said or "not finished" in said
        assert "cursor" in result.meta or "report_run_id" in said
    assert "the platform answered with rows" in said
    assert "98765" not in cells
    if not how:
        pages[1] = [last]
        rest = await insights(engine_client, cursor=result.meta["cursor"])
        assert spent(rest) == (98765, "")


@pytest.mark.parametrize("text", ["1_000", "\uff112.5", "1e400", "1,234.50", "NaN"])
async def test_what_is_no_number_is_shown_as_it_came(engine_client: EngineClient, text: str) -> None:
    """Totals leave it out and say so; the row does not show it as the amount it may mean."""
    answering(engine_client, [[row("1", text), B]])
    result = await insights(engine_client, sort="-spend")
    assert [one["spend"] for one in result.data][-1] == text
    assert (result.meta["totals"]["spend"], "no number in 1 rows" in str(result.meta["warnings"])) == (
        20,
        True,
    )


@pytest.mark.parametrize("total", [3, 4])
async def test_a_row_of_a_list_that_changed_meanwhile_is_given_once(
    engine_client: EngineClient, total: int
) -> None:
    """Amazon's second page begins with a campaign of the first one, renamed since: it is one campaign, and
    stands in for none that is missing.
    """
    pages = [[{"campaignId": "1", "name": "A"}, {"campaignId": "2", "name": "B"}]]
    pages.append([{"campaignId": "2", "name": "B, renamed"}, {"campaignId": "3", "name": "C"}])

    def answers(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != "/sp/campaigns/list":
            return None
        at = 1 if b"nextToken" in request.content else 0
        more = {} if at else {"nextToken": "2"}
        return httpx.Response(200, json={"campaigns": pages[at], "totalResults": total, **more})

    in_front(engine_client.workspace, answers)
    params: dict[str, Any] = {"profile_id": PROFILE, "fields": ["campaignId", "name"]}
    found = await engine_client.do(AMAZON, "sponsored_product_campaigns", "list", **params)
    assert [row["name"] for row in found.data] == ["A", "B", "C"]
    lacking = "the platform sent 3 of the 4 that it says there are: the list is incomplete"
    assert found.meta.get("warnings", []) == ([lacking] if total > len(found.data) else [])


async def test_versions_of_one_ad_are_told_by_their_own_ids(engine_client: EngineClient) -> None:
    """Each row of what Amazon's review found has the ad's id as `id`: its pages are not one page."""
    pages = [[{"id": "9", "versionId": f"{page}{at}"} for at in range(2)] for page in range(2)]

    def answers(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != "/moderation/results":
            return None
        at = 1 if b'"2"' in request.content else 0
        return httpx.Response(
            200, json={"moderationResults": pages[at], **({} if at else {"nextToken": "2"})}
        )

    in_front(engine_client.workspace, answers)
    asked: dict[str, Any] = {"profile_id": PROFILE, "ad_program_type": "SPONSORED_PRODUCTS", "ad_id": "9"}
    found = await engine_client.do(AMAZON, "moderation_results", "list", **asked)
    assert [row["versionId"] for row in found.data] == ["00", "01", "10", "11"]
    assert not found.partial
