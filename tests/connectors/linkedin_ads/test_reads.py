"""LinkedIn's reads: named columns, filters that filter, versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from linkedin_calls import rows_of

from mcp_ads.connectors import connector
from mcp_ads.connectors.linkedin_ads.dialect import RestliDialect
from mcp_ads.core import Reply
from mcp_ads.core.record_fields import has
from mcp_ads.errors import InvalidParams, Rejected

US = {"account_id": LINKEDIN_US}
WEEK = {**US, "time_range": "last_7d", "limit": 1000}
LISTS = {
    "accounts": {},
    "campaign_groups": US,
    "campaigns": US,
    "creatives": US,
    "ad_campaign_analytics": US,
    "ad_creative_analytics": US,
    "analytics": {**US, "pivot": "ACCOUNT"},
}


@pytest.mark.parametrize(
    ("entity", "params", "says"),
    [
        ("campaigns", {"fields": ["dailyBudgt"]}, "did you mean dailyBudget"),
        ("campaigns", {"fields": ["name", "nonsense"]}, "there are id, name"),
        ("campaign_groups", {"fields": ["targetingCriteria"]}, "no column"),
        ("accounts", {"fields": ["budget"]}, "no column"),
        ("creatives", {"fields": ["headlines"]}, "no column"),
        ("ad_campaign_analytics", {"fields": ["impresions"]}, "did you mean impressions"),
        ("ad_campaign_analytics", {"fields": ["creative_name"]}, "no column"),
        (
            "analytics",
            {"pivot": "ACCOUNT", "fields": ["approximateMemberReach"]},
            "does not count it by ACCOUNT",
        ),
        ("analytics", {"pivot": "ACCOUNT", "fields": ["frequency"]}, "does not count it by ACCOUNT"),
        ("ad_creative_analytics", {"fields": ["audiencePenetration"]}, "does not count it by CREATIVE"),
    ],
)
async def test_a_column_there_is_none_of_is_refused(
    engine_client: EngineClient, entity: str, params: dict[str, Any], says: str
) -> None:
    """Nothing is asked for it, and the answer names those there are."""
    with pytest.raises(InvalidParams, match=says):
        await engine_client.do(LINKEDIN, entity, "list", **LISTS[entity] | params)
    assert engine_client.sent() == []


async def test_everyday_words_name_columns(engine_client: EngineClient) -> None:
    """Other platforms' words, and snake_case for the vendor's camelCase."""
    rows = await rows_of(
        engine_client, "ad_campaign_analytics", **WEEK, fields=["spend", "cpl", "reach", "video_views"]
    )
    assert [*rows[0]][2:] == ["cost", "cost_per_lead", "approximateMemberReach", "videoViews"]
    rows = await rows_of(
        engine_client, "campaigns", **US, fields=["id", "daily_budget", "objective", "end_date"]
    )
    assert [*rows[0]] == ["id", "dailyBudget.amount", "objectiveType", "runSchedule.end"]


@pytest.mark.parametrize("entity", ["accounts", "campaign_groups", "campaigns", "creatives"])
async def test_whatever_a_record_has_may_be_named(engine_client: EngineClient, entity: str) -> None:
    """Every field of every record is a known column."""
    kind = connector(LINKEDIN).action(entity, "list")
    for row in await rows_of(engine_client, entity, **LISTS[entity], fields=["*"], limit=100):
        known = kind.known  # type: ignore[attr-defined]
        assert [name for name in row if not has(name, known)] == []


@pytest.mark.parametrize(
    ("entity", "params", "says"),
    [
        ("campaigns", {"status": []}, "empty list"),
        ("campaigns", {"name": {"contains": "x"}}, "name"),
        ("campaigns", {"name": {"values": ["x"], "match": "BROAD"}}, "values"),
        ("campaigns", {"search": {"name": {"values": ["x"]}}}, "search"),
        ("campaigns", {"associated_entity": ["Tern"]}, "organization"),
        ("creatives", {"campaign_id": []}, "empty list"),
        ("creatives", {"content_references": ["7000"]}, "urn:li:share"),
        ("ad_campaign_analytics", {"campaigns": []}, "empty list"),
    ],
)
async def test_a_malformed_filter_is_refused(
    engine_client: EngineClient, entity: str, params: dict[str, Any], says: str
) -> None:
    """A filter LinkedIn would read as none must not answer with everything."""
    with pytest.raises(InvalidParams, match=says):
        await engine_client.do(LINKEDIN, entity, "list", **US, **params)
    assert engine_client.sent() == []


@pytest.mark.parametrize(
    ("refused", "proposed"), [("202607", "202609"), ("202511", "202607"), ("209901", "202607")]
)
async def test_a_refused_version_is_not_proposed(
    engine_client_with: Callable[..., EngineClient], refused: str, proposed: str
) -> None:
    """What to set instead is another month than the one LinkedIn has just refused."""
    reply = Reply(426, {}, b'{"status":426,"code":"NONEXISTENT_VERSION","message":"not active"}')
    with pytest.raises(Rejected) as error:
        RestliDialect(version=refused).decode(reply)
    assert f"LINKEDIN_ADS_API_VERSION={proposed}" in error.value.fix
    if refused == "202511":
        engine_client = engine_client_with(LINKEDIN_ADS_API_VERSION=refused)
        with pytest.raises(Rejected, match=refused):
            await engine_client.do(LINKEDIN, "accounts", "list")


def test_the_newest_version_refused_leads_to_the_list() -> None:
    """Where none is known to be newer, the page that lists them."""
    with pytest.raises(Rejected) as error:
        RestliDialect(version="202609").decode(Reply(426, {}, b"{}"))
    assert "202609" in error.value.fix
    assert "=202609" not in error.value.fix
    assert "versioning" in error.value.fix
