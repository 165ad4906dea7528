"""Answers that say two things: what contradicts itself is unknown, never done."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from between import between
from desk import LINKEDIN, LINKEDIN_US, Desk
from hands import applied, planned

pytestmark = pytest.mark.anyio
IDS = ("300000001", "300000002", "300000003")
DONE = {own: {"status": 204} for own in IDS}


@pytest.mark.parametrize(
    "told",
    [
        {"results": {**DONE, IDS[1]: {"status": 204, "error": {"status": 422}}}},
        {"results": {**DONE, IDS[1]: {"status": 204, "error": {}}}},
        {"results": {**DONE, IDS[1]: {"status": 204.0}}},
        {"results": DONE, "statuses": {IDS[1]: 422}},
    ],
)
async def test_a_status_beside_an_error_is_unknown(desk: Desk, told: dict[str, Any]) -> None:
    """LinkedIn's word for done counts where nothing beside it says otherwise; the others are done."""

    def platform(request: httpx.Request) -> httpx.Response | None:
        batch = request.headers.get("x-restli-method") == "BATCH_PARTIAL_UPDATE"
        return httpx.Response(200, json={"errors": {}, **told}) if batch else None

    between(desk, platform)
    items = [{"campaign_id": own, "name": f"New {own}"} for own in IDS]
    plan_id = await planned(desk, "campaigns", "update", LINKEDIN, account_id=LINKEDIN_US, items=items)
    result = await applied(desk, plan_id)
    assert [step["state"] for step in result.data["steps"]] == ["done", "unknown", "done"]
