"""Raw requests as an agent makes them: found, described, asked, planned, applied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from agent import Agent
from planning import SPRING

pytestmark = pytest.mark.anyio
CASES = [
    ("facebook_marketing", "graph", "post", {"path": f"/{SPRING}", "body": '{"status": "PAUSED"}'}),
    (
        "linkedin_ads",
        "rest",
        "post",
        {
            "path": "/adAccounts/512345678/adCampaigns/300000001",
            "restli_method": "PARTIAL_UPDATE",
            "body": {"patch": {"$set": {"status": "PAUSED"}}},
        },
    ),
    (
        "amazon_ads",
        "api",
        "put",
        {
            "account_id": "3312345678901234",
            "path": "/sp/campaigns",
            "media_type": "application/vnd.spCampaign.v3+json",
            "body": {"campaigns": [{"campaignId": "120000000000001", "state": "PAUSED"}]},
        },
    ),
]


@pytest.mark.parametrize(("connector", "entity", "action", "params"), CASES)
async def test_a_raw_change(
    agent_with: Callable[..., Any], connector: str, entity: str, action: str, params: dict[str, Any]
) -> None:
    """Refused with what the user sets; then one plan, one approval that says raw, one request."""
    closed: Agent = await agent_with(MCP_ADS_SANDBOX="1")
    text = await closed.wrong(f"{connector}_execute", entity=entity, action=action, params=params)
    assert "fix: the user: set MCP_ADS_RAW_WRITES=1, where no entity has this" in text
    open_: Agent = await agent_with(MCP_ADS_SANDBOX="1", MCP_ADS_RAW_WRITES="1")
    plan_id = await open_.plan(connector, entity, action, **params)
    assert plan_id.startswith("raw-")
    told = await open_.good("ads_apply", plan_id=plan_id)
    assert "APPLIED: 1 of 1 done" in told
    assert "what it does cannot be read back" in told
    assert "carried out before" in await open_.good("ads_apply", plan_id=plan_id)


@pytest.mark.parametrize(("connector", "entity"), [case[:2] for case in CASES])
async def test_described(agent: Agent, connector: str, entity: str) -> None:
    """Its actions with what each needs, and that changes need a setting."""
    text = await agent.good("ads_describe", connector=connector, entity=entity)
    assert "path*" in text
    assert "needs MCP_ADS_RAW_WRITES=1" in text


async def test_rows_by_hand(agent: Agent) -> None:
    """A list is a table like any other, cut to the limit and gone on with by its cursor."""
    asked: dict[str, Any] = {"path": "/act_1234567890/campaigns", "query": {"fields": "id,name", "limit": 8}}
    first = await agent.table("facebook_marketing", "graph", "get", **asked, limit=3)
    rest = await agent.table("facebook_marketing", "graph", "get", **asked, cursor=first.meta["cursor"])
    ids = [*first.ids, *rest.ids]
    assert len(ids) == len(set(ids)) == 8
