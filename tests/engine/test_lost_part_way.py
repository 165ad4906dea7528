"""The answer to one of several requests is lost: what is there counts as a part, and never as the change."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import FACEBOOK, LINKEDIN, LINKEDIN_US, EngineClient
from planning import SPRING, SPRING_AD_PAUSED, SPRING_SET, applied, planned

pytestmark = pytest.mark.anyio
LOST: list[Any] = [
    (FACEBOOK, "campaigns", {"campaign_id": SPRING, "name": "FR"}, "/copies$", " - Copy"),
    (FACEBOOK, "ad_sets", {"adset_id": SPRING_SET, "name": "FR"}, "/copies$", " - Copy"),
    (FACEBOOK, "ads", {"ad_id": SPRING_AD_PAUSED, "name": "FR"}, "/copies$", " - Copy"),
    (FACEBOOK, "ad_sets", {"adset_id": SPRING_SET, "name": "FR", "optimization_goal": "LINK_CLICKS"},
     "/adsets$", '"FR"'),
    (LINKEDIN, "campaigns", {"account_id": LINKEDIN_US, "campaign_id": "300000001", "name": "FR",
     "creatives": True}, "/adCampaigns$", '"FR"'),
]  # fmt: skip


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("connector", "entity", "params", "path", "named"), LOST)
async def test_the_first_request_alone_is_not_the_change(
    engine_client: EngineClient, connector: str, entity: str, params: dict[str, Any], path: str, named: str,
    when: str,
) -> None:  # fmt: skip
    """What it made is told by its own name and id, with what was not sent and what takes it back."""
    plan_id = await planned(engine_client, entity, "duplicate", connector, **params)
    engine_client.fault("cut", method="POST", path=path, when=when)
    text = (await applied(engine_client, plan_id)).text
    head = text.splitlines()[1]
    assert "in effect" not in head
    assert "requests done of " in text
    assert ("in part: request 1 of " in text) is (when == "after")
    assert ("done in part: do not repeat" in head) is (when == "after")
    if when == "after":
        line = next(line for line in text.splitlines() if "in part: request 1 of " in line)
        assert named in line
        assert "not sent" in line
        assert "or take it back and plan anew: " in line
