"""Another platform's words and everyday ones: the answer names what was meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engine_client import US

pytestmark = pytest.mark.anyio

FACEBOOK, LINKEDIN, AMAZON = "facebook_marketing", "linkedin_ads", "amazon_ads"


@pytest.mark.parametrize(
    ("connector", "entity", "action", "params", "taught"),
    [
        (FACEBOOK, "adSets", "list", {}, "did you mean ad_sets?"),
        (FACEBOOK, "ad_groups", "list", {}, "did you mean ad_sets?"),
        (LINKEDIN, "ads", "list", {}, "its API calls ads creatives"),
        (LINKEDIN, "ad_sets", "list", {}, "its API calls ad_sets campaigns"),
        (AMAZON, "campaigns", "list", {}, "did you mean sponsored_product_campaigns or"),
        (AMAZON, "search_terms", "list", {}, "ads_execute has it"),
        (FACEBOOK, "campaigns", "enable", {}, "did you mean activate?"),
        (FACEBOOK, "campaigns", "set_budget", {}, "did you mean update?"),
        (FACEBOOK, "campaigns", "list", {"account_id": US, "limit": 5000}, "limit: at most 1000, got 5000"),
        (FACEBOOK, "ads_insights", "list", {"account_id": US, "fields": "spent"}, "did you mean spend?"),
        (AMAZON, "reports", "run", {"report_type": "campaigns"}, "did you mean spCampaigns or"),
    ],
)  # fmt: skip
async def test_wrong_words_are_answered_with_the_right_ones(
    agent_with: Callable[..., Any],
    connector: str,
    entity: str,
    action: str,
    params: dict[str, Any],
    taught: str,
) -> None:
    """Another platform's or an everyday word names what was meant, in a short answer."""
    agent = await agent_with(MCP_ADS_SANDBOX="1")
    text = await agent.wrong(f"{connector}_execute", entity=entity, action=action, params=params)
    assert taught in text
    assert "sent: no" in text
    assert len(text.encode()) < 450
