"""A figure that is no number is no 0: the account is not read, and coverage says why."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from between import between
from engine_client import LINKEDIN_US, EngineClient

pytestmark = pytest.mark.anyio
US = "1234567890"
ODD: list[Any] = ["1,234.50", "NaN", "Infinity", "12.5 USD", "1e400", "1e30", True, ["5"], {"amount": 5}]
ASKED = {"range": "2026-11-01..2026-11-09", "level": "account"}


@pytest.mark.parametrize("odd", ODD, ids=str)
async def test_a_cost_that_is_no_number(engine_client: EngineClient, odd: Any) -> None:
    """It is neither taken for 0 nor the end of the question: the others are answered."""

    def answer(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/insights"):
            return None
        row = {"account_id": US, "spend": odd, "impressions": "10", "date_start": "2026-11-01"}
        return httpx.Response(200, json={"data": [{**row, "date_stop": "2026-11-09"}]})

    between(engine_client, answer)
    accounts = [f"facebook:{US}", f"linkedin:{LINKEDIN_US}"]
    found = await engine_client.do("ads", "performance", "list", accounts=accounts, **ASKED)
    assert [row["platform"] for row in found.data] == ["linkedin"]
    assert found.data[0]["spend"] > 0
    assert "1 of 2 accounts read" in found.partial
    assert f"facebook:{US} (a figure of it is " in found.meta["coverage"]


@pytest.mark.parametrize("metric", ["impressions", "clicks", "inline_link_clicks"])
async def test_a_count_that_is_no_number(engine_client: EngineClient, metric: str) -> None:
    """Counts likewise."""

    def answer(request: httpx.Request) -> httpx.Response | None:
        row = {"account_id": US, "spend": "10", metric: "1,000", "date_start": "2026-11-01"}
        data = {"data": [{**row, "date_stop": "2026-11-09"}]}
        return httpx.Response(200, json=data) if request.url.path.endswith("/insights") else None

    between(engine_client, answer)
    accounts = [f"facebook:{US}", f"linkedin:{LINKEDIN_US}"]
    found = await engine_client.do("ads", "performance", "list", accounts=accounts, **ASKED)
    assert '"1,000", which is no number' in found.meta["coverage"]


async def test_what_floating_point_leaves_of_nought_is_nought(engine_client: EngineClient) -> None:
    """A sum of doubles that should be 0 is a number, and its account is read."""

    def answer(request: httpx.Request) -> httpx.Response | None:
        row = {"account_id": US, "spend": 1.4210854715202004e-14, "date_start": "2026-11-01"}
        data = {"data": [{**row, "impressions": "10", "date_stop": "2026-11-09"}]}
        return httpx.Response(200, json=data) if request.url.path.endswith("/insights") else None

    between(engine_client, answer)
    found = await engine_client.do("ads", "performance", "list", accounts=[f"facebook:{US}"], **ASKED)
    assert [row["spend"] for row in found.data] == [0]
    assert not found.partial
