"""What puts an object away is as grave through `update` as through the action of that name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from engine_client import FACEBOOK, LINKEDIN, LINKEDIN_US, US, EngineClient
from planning import SPRING, SPRING_AD_PAUSED, applied

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
NO_WAY_BACK = "Facebook does not reactivate archived objects"


async def test_an_update_that_archives_among_many_is_not_overlooked(engine_client: EngineClient) -> None:
    """The id counts it, the text names it although it is step 26, and the undo says why it stays."""
    rows = (
        await engine_client.do(
            FACEBOOK, "campaigns", "list", account_id=US, limit=60, fields=["id", "status"]
        )
    ).data
    others = [row["id"] for row in rows if row["status"] == "PAUSED"][:25]
    renames = [{"campaign_id": campaign_id, "name": f"Renamed {n}"} for n, campaign_id in enumerate(others)]
    archiving = {"campaign_id": SPRING, "status": "ARCHIVED"}
    plan = await engine_client.do(FACEBOOK, "campaigns", "update", items=[*renames, archiving])
    assert plan.data["plan_id"].startswith("26-steps-archive-1-campaign-update-25-campaigns")
    assert f'26. update and archive campaign {SPRING} "Spring Sale"' in plan.text
    assert "cannot be undone: Facebook does not reactivate" in plan.text
    result = await applied(engine_client, plan.data["plan_id"])
    assert f'update campaign {SPRING} "Spring Sale": {NO_WAY_BACK}' in result.text


async def test_an_update_that_archives_says_there_is_no_way_back(engine_client: EngineClient) -> None:
    """On every entity whose update takes a status, with other fields beside it too."""
    plan = await engine_client.do(
        FACEBOOK, "ads", "update", ad_id=SPRING_AD_PAUSED, status="ARCHIVED", name="Old"
    )
    assert plan.data["plan_id"].startswith("archive-and-update-name.")
    assert f"cannot be undone: {NO_WAY_BACK}" in plan.text
    assert "1. update and archive ad" in plan.text
    record = engine_client.workspace.plans.get(plan.data["plan_id"]).steps[0]
    assert record.irreversible == NO_WAY_BACK


async def test_archiving_on_linkedin_is_named_and_has_its_undo(engine_client: EngineClient) -> None:
    """LinkedIn takes archived campaigns back: grave in the id, and an undo all the same."""
    asked = {"account_id": LINKEDIN_US, "campaign_id": "300000001", "status": "ARCHIVED"}
    plan = await engine_client.do(LINKEDIN, "campaigns", "update", **asked)
    assert plan.data["plan_id"].startswith("archive-campaign")
    assert "cannot be undone" not in plan.text
    assert "undo: ads_apply(" in (await applied(engine_client, plan.data["plan_id"])).text


async def test_archiving_at_once_says_there_is_no_way_back(engine_client_with: EngineClients) -> None:
    """Without plans the step is as irreversible, and a new object of that name is no twin."""
    direct = engine_client_with(MCP_ADS_WRITES="direct")
    new = {"account_id": US, "name": "Once more", "objective": "OUTCOME_TRAFFIC"}
    made = (await direct.do(FACEBOOK, "campaigns", "create", **new)).data
    number = made["id"] if isinstance(made, dict) else made[0]["id"]
    await direct.do(FACEBOOK, "campaigns", "update", campaign_id=number, status="ARCHIVED")
    planning = engine_client_with(MCP_ADS_WRITES="plan")
    assert number not in (await planning.do(FACEBOOK, "campaigns", "create", **new)).text
