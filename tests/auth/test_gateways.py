"""A 401 that is not the platform's: a change that met one is never sent again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from engine_client import AMAZON, LINKEDIN, LINKEDIN_US, PROFILE, EngineClient
from planning import applied, planned, writes

pytestmark = pytest.mark.anyio
MADE = (
    (
        LINKEDIN,
        "campaign_groups",
        {"account_id": LINKEDIN_US, "name": "Once", "run_schedule": {"start": "2030-01-01"}},
    ),
    (
        AMAZON,
        "sponsored_product_campaigns",
        {"account_id": PROFILE, "name": "Once", "daily_budget": "10 USD", "targeting_type": "MANUAL"},
    ),
)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause takes any time."""

    async def sleep(_: float, real: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        await real(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)


class Gateway(httpx.AsyncBaseTransport):
    """Has the platform carry out a change, and answers it with a 401 that is not the platform's."""

    def __init__(self, engine_client: EngineClient) -> None:
        self.honest = engine_client.workspace._sandbox_transport
        engine_client.workspace._sandbox = lambda: self  # type: ignore[method-assign,assignment,return-value]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The platform's answer; to what makes something, the gateway's."""
        answer = await self.honest.handle_async_request(request)
        if request.method == "POST" and request.url.path.endswith(("/adCampaignGroups", "/sp/campaigns")):
            return httpx.Response(401, html="<h1>401 Authorization Required</h1>")
        return answer


@pytest.mark.usefixtures("pauses")
@pytest.mark.parametrize(("connector", "entity", "params"), MADE)
async def test_a_change_is_not_sent_again_after_a_gateways_401(
    engine_client: EngineClient, connector: str, entity: str, params: dict[str, Any]
) -> None:
    """It was carried out once, with a token that is new; nobody knows, and so it is said."""
    Gateway(engine_client)
    plan_id = await planned(engine_client, entity, "create", connector=connector, **params)
    assert "UNKNOWN" in (await applied(engine_client, plan_id)).text
    assert len(writes(engine_client)) == 1
