"""Weeks are weeks and never one day; an empty allow-list is a mistake; a column brings what it is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import SPRING_SET, error_of

from mcp_ads import connect
from mcp_ads.errors import BadSettings, InvalidParams

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("week", ["2026-W45", "2026-w45", "2026W45"])
async def test_a_week_is_seven_days(engine_client: EngineClient, week: str) -> None:
    """An ISO week is from Monday to Sunday."""
    result = await engine_client.do(FACEBOOK, "ads_insights", "list", account_id=US, time_range=week)
    assert result.meta["range"].startswith("2026-11-02..2026-11-08")


@pytest.mark.parametrize(
    ("connector", "entity", "params"),
    [
        (FACEBOOK, "ad_sets", {"adset_id": SPRING_SET, "end_time": "2027-W49"}),
        (
            AMAZON,
            "sponsored_product_campaigns",
            {"profile_id": PROFILE, "campaign_id": "1", "end_date": "2027-W49"},
        ),
        (
            LINKEDIN,
            "campaigns",
            {"account_id": LINKEDIN_US, "campaign_id": "1", "run_schedule": {"end": "2027-W49"}},
        ),
    ],
)
async def test_a_week_is_no_end(
    engine_client: EngineClient, connector: str, entity: str, params: dict[str, Any]
) -> None:
    """Where one day is asked for, a week is refused and nothing is asked of the platform."""
    error = await error_of(engine_client.do(connector, entity, "update", **params))
    assert isinstance(error, InvalidParams)
    assert engine_client.sent() == []


@pytest.mark.parametrize("ids", [[], "", ()])
async def test_an_empty_allow_list_is_a_mistake(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ids: Any
) -> None:
    """Taken for none, it would open every account."""
    monkeypatch.setenv("MCP_ADS_SANDBOX", "1")
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    with pytest.raises(BadSettings, match="account_ids: empty"):
        connect("facebook", account_ids=ids)


async def test_a_cost_per_result_alone(engine_client: EngineClient) -> None:
    """Asked for without the results it is made of, it is what it is beside them."""
    asked = {"account_id": US, "level": "campaign", "limit": 1000}
    both = await engine_client.do(
        FACEBOOK, "ads_insights", "list", fields=["campaign_id", "results", "cost_per_result"], **asked
    )
    alone = await engine_client.do(
        FACEBOOK, "ads_insights", "list", fields=["campaign_id", "cost_per_result"], **asked
    )
    known = {row["campaign_id"]: row["cost_per_result"] for row in both.data}
    assert any(known.values())
    assert {row["campaign_id"]: row["cost_per_result"] for row in alone.data} == known
