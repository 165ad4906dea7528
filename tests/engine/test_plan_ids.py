"""Plan ids as calls answer with them: short, in Latin letters, and with what is grave first."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import FACEBOOK, JAPAN, EngineClient
from planning import DRYBAGS, REGENWEAR, SPRING, STRIPES, planned

pytestmark = pytest.mark.anyio


async def test_names_of_any_script_are_in_the_id(engine_client: EngineClient) -> None:
    """A Japanese name is spelled in Latin letters, so that two plans can be told apart."""
    plan_id = await planned(
        engine_client, "campaigns", "update", campaign_id=REGENWEAR, account_id=JAPAN, name="x"
    )
    assert ".qiunoxinzuoreinuea" in plan_id


async def test_the_last_step_is_in_the_id(engine_client: EngineClient) -> None:
    """A deletion that is appended last stands first in the id, and so does what begins to deliver."""
    items = [{"name": f"Launch {number}"} for number in range(25)]
    new: dict[str, Any] = {"account_id": "1234567890", "objective": "OUTCOME_TRAFFIC", "items": items}
    plan_id = await planned(engine_client, "campaigns", "create", **new)
    plan_id = await planned(
        engine_client, "campaigns", "update", campaign_id=SPRING, name="y", append_to=plan_id
    )
    plan_id = await planned(engine_client, "campaigns", "activate", campaign_id=STRIPES, append_to=plan_id)
    result = await engine_client.do(FACEBOOK, "campaigns", "delete", campaign_id=DRYBAGS, append_to=plan_id)
    assert result.data["plan_id"].startswith(
        "28-steps-delete-1-campaign-activate-1-campaign-create-25-update-1.plus-30.00-USD-a-day."
    )
    assert (
        "28 steps: delete 1 campaign, activate 1 campaign, create 25 campaigns, update 1 campaign"
        in result.text
    )
    assert f"delete campaign {DRYBAGS}" in result.text
    assert f"activate campaign {STRIPES}" in result.text
