"""LinkedIn's limits through our own door: quotas of the day, versions that are over, its support's marks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient, mend

from mcp_ads.engine.answers.error_text import render_error
from mcp_ads.errors import RateLimited, Rejected

pytestmark = pytest.mark.anyio
US = {"account_id": LINKEDIN_US}


async def test_a_quota_of_the_day_stops_its_own_kind_of_calls_alone(engine_client: EngineClient) -> None:
    """It is asked once and not again, and groups of the same account can be read at once."""
    engine_client.fault("quota", path="/adCampaigns$", times=0)
    with pytest.raises(RateLimited) as caught:
        await engine_client.do(LINKEDIN, "campaigns", "list", **US)
    assert 0 < caught.value.retry_after <= 86_400
    assert "00:00 UTC" in caught.value.fix
    assert len([request for request in engine_client.sent() if "adCampaigns" in request]) == 1
    assert (await engine_client.do(LINKEDIN, "campaign_groups", "list", **US)).data
    mend(engine_client.store)
    with pytest.raises(RateLimited, match="for today are used up") as refused:
        await engine_client.do(LINKEDIN, "campaigns", "list", **US)
    assert refused.value.fix.endswith(" 00:00:00 UTC")
    assert len([request for request in engine_client.sent() if "adCampaigns" in request]) == 1
    engine_client.reopen()
    assert (await engine_client.do(LINKEDIN, "campaigns", "list", **US)).data


async def test_an_error_has_both_of_linkedins_marks(engine_client: EngineClient) -> None:
    """Its support asks for x-li-request-id or x-li-uuid."""
    engine_client.fault("503", path="/adCampaigns$", times=0)
    with pytest.raises(Exception, match="LinkedIn failed") as caught:
        await engine_client.do(LINKEDIN, "campaigns", "list", **US)
    text = render_error(caught.value)  # type: ignore[arg-type]
    assert "x-li-request-id=" in text
    assert "x-li-uuid=" in text
    assert "linkedin-apistatus.com" in text


async def test_a_version_that_is_over_says_which_are_not(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """Which months LinkedIn serves, and the variable that sets one."""
    engine_client = engine_client_with(LINKEDIN_ADS_API_VERSION="202511")
    with pytest.raises(Rejected, match="202511") as caught:
        await engine_client.do(LINKEDIN, "campaigns", "list", **US)
    assert "LINKEDIN_ADS_API_VERSION=202607" in caught.value.fix
    assert "202601 to 202609" in caught.value.fix
