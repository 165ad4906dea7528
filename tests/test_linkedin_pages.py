"""The Page an ad is by, and the campaign it is made in: said before, and when LinkedIn refuses."""

from __future__ import annotations

import json

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from planning import applied, error_of, planned

from mcp_ads.core import Result
from mcp_ads.engine.overview import page

pytestmark = pytest.mark.anyio
INLINE = {"account_id": LINKEDIN_US, "author": "2414183", "commentary": "Spring is here", "name": "Spring"}


async def inline(engine_client: EngineClient, status: str) -> tuple[Result, str]:
    """A plan that makes a creative in a campaign of this status, and the campaign's id."""
    listed = await engine_client.do(LINKEDIN, "campaigns", "list", account_id=LINKEDIN_US, status=[status])
    campaign = next(row["id"] for row in listed.data if "Text" not in row["name"])
    return await engine_client.do(
        LINKEDIN, "creatives", "create_inline", **INLINE, campaign_id=campaign
    ), str(campaign)


async def test_a_campaign_is_named(engine_client: EngineClient) -> None:
    """The plan says by name and state in which campaign the creative is made."""
    result, campaign = await inline(engine_client, "ACTIVE")
    known = engine_client.store.get("linkedin.campaign", campaign)
    assert known
    assert f"campaign {campaign} {json.dumps(known['name'], ensure_ascii=False)} ACTIVE" in result.text
    assert "delivers" not in result.text


async def test_an_archived_campaign_is_warned_of(engine_client: EngineClient) -> None:
    """LinkedIn takes a creative in any campaign, so the plan says that nothing in this one delivers.

    Its documentation: a creative's status is set independently of its parents', which override it.
    """
    result, campaign = await inline(engine_client, "ARCHIVED")
    assert f"warning: campaign_id {campaign} is ARCHIVED: nothing made in it delivers" in result.text


async def test_a_page_that_is_not_the_members_is_said_to_be_the_reason(engine_client: EngineClient) -> None:
    """A refused author is no matter of the ad account's roles."""
    params = {**INLINE, "author": "99", "campaign_id": "300000001"}
    plan_id = await planned(engine_client, "creatives", "create_inline", LINKEDIN, **params)
    error = await error_of(applied(engine_client, plan_id))
    assert error
    assert "it is the Page in `author`" in error.fix
    assert "higher role on the ad account" not in error.fix


async def test_where_an_author_comes_from_can_be_found(engine_client: EngineClient) -> None:
    """The accounts have it: a question in these words finds them, their rows show it, rows stay short."""
    assert "accounts.list" in await page(engine_client.workspace, {"query": "page author organization"})
    (first, *_) = (await engine_client.do(LINKEDIN, "accounts", "list")).data
    assert first["reference"] == "urn:li:organization:2414183"
    assert len(",".join(map(str, first.values())).encode()) <= 120
    described = await page(
        engine_client.workspace, {"connector": LINKEDIN, "entity": "creatives", "action": "create_inline"}
    )
    assert "`reference` of accounts" in described
