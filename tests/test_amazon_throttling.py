"""How Amazon is left alone: pauses that grow, each profile by itself, orders of reports by themselves."""

from __future__ import annotations

import asyncio
import re
import time
from types import SimpleNamespace
from typing import Any

import pytest
from amazon_calls import call
from engine_client import AMAZON, PROFILE, EngineClient, mend
from planning import planned

from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.engine.wire import pace
from mcp_ads.errors import RateLimited

pytestmark = pytest.mark.anyio
US: dict[str, Any] = {"profile_id": PROFILE}
DE: dict[str, Any] = {"profile_id": "4412345678901234"}
CAMPAIGNS = "sponsored_product_campaigns"
ORDER = {"report_type": "spCampaigns"}


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Amazon's own pauses, none of them waited for: what was slept, in seconds."""
    told, real = list[float](), asyncio.sleep

    async def noted(seconds: float, result: Any = None) -> Any:
        told.extend([seconds] if seconds > 0.2 else [])
        return await real(0, result)

    monkeypatch.setattr(asyncio, "sleep", noted)
    passed = SimpleNamespace(monotonic=lambda: time.monotonic() + sum(told))
    monkeypatch.setattr(pace, "time", passed)
    monkeypatch.setattr(amazon_ads.throttle, "first", 2.0)
    monkeypatch.setattr(amazon_ads.throttle, "slow", dict.fromkeys(amazon_ads.throttle.slow, 30.0))
    return told


async def listed(engine_client: EngineClient, **params: Any) -> None:
    await engine_client.do(AMAZON, CAMPAIGNS, "list", limit=1, **params)


async def test_pauses_grow_and_then_the_call_ends(engine_client: EngineClient, slept: list[float]) -> None:
    """2, 4 and 8 s and a little more; then when to call again; other profiles are not kept waiting."""
    await listed(engine_client, **US)
    engine_client.fault("429", path="/sp/campaigns/list$", times=4)
    with pytest.raises(RateLimited, match="slow down") as refused:
        await listed(engine_client, **US)
    assert len(slept) == 3
    assert all(1 <= pause / least <= 1.25 for pause, least in zip(slept, (2, 4, 8), strict=True))
    assert 16 <= refused.value.retry_after <= 20
    assert "call again in" in refused.value.fix
    await listed(engine_client, **DE)
    assert len(slept) == 3
    await listed(engine_client, **US)
    assert slept[3] > 15


@pytest.mark.slow
@pytest.mark.parametrize("code", [None, "html"])
async def test_its_own_time_is_kept(engine_client: EngineClient, slept: list[float], code: str) -> None:
    """Retry-After counts, with the family's envelope and with the gateway's page."""
    await listed(engine_client, **US)
    engine_client.fault("429", path="/sp/campaigns/list$", retry_after=7, code=code)
    await listed(engine_client, **US)
    assert slept[0] == 7


async def test_ordering_reports_backs_off_longest(engine_client: EngineClient, slept: list[float]) -> None:
    """Half a minute and more, and all else of the profile goes on."""
    await listed(engine_client, **US)
    engine_client.fault("429", path="/reporting/reports$", times=0)
    for least in (30, 25):
        with pytest.raises(RateLimited) as refused:
            await engine_client.do(AMAZON, "reports", "create", **US, **ORDER)
        assert refused.value.retry_after >= least
    orders = [call for call in engine_client.sent(AMAZON) if call == "POST /reporting/reports"]
    assert len(orders) == 1
    await listed(engine_client, **US)


@pytest.mark.usefixtures("slept")
async def test_a_report_that_could_not_be_ordered_is_not_gone_on_with(engine_client: EngineClient) -> None:
    """It is said to be ordered by the next call, after as many seconds as the platform wants."""
    await listed(engine_client, **US)
    engine_client.fault("429", path="/reporting/reports$", times=0)
    asked: dict[str, Any] = {**US, "over": "last_month", "where": "acos > 60 %", "bid": "-15%"}
    text = (await engine_client.do(AMAZON, "sponsored_product_keywords", "update", **asked)).text or ""
    assert "the report with the figures is not ordered yet, so nothing is planned" in text
    assert re.search(r"call again in (\d+) s\nMake the same call again in \1 s: it orders the report\.", text)


@pytest.mark.parametrize("kind", ["500", "503", "502-html", "cut"])
async def test_creates_are_sent_once(engine_client: EngineClient, kind: str) -> None:
    """After a 5xx or a lost connection nobody knows: it is said, and not sent again."""
    new = {"name": "Once only", "targeting_type": "MANUAL", "daily_budget": "20 USD"}
    plan_id = await planned(engine_client, CAMPAIGNS, "create", AMAZON, **US, **new)
    engine_client.fault(kind, path="/sp/campaigns$", method="POST", times=0)
    result = await engine_client.workspace.apply(plan_id)
    mend(engine_client.store)
    assert "UNKNOWN" in engine_client.workspace.text(result)
    assert engine_client.sent(AMAZON).count("POST /sp/campaigns") == 1


def test_extended_lists_weigh_five_fold() -> None:
    """What shows a serving state counts as five requests; what does not, as one."""
    for fields, weight in ((["name"], 1), (["name", "extendedData.servingStatus"], 5)):
        assert call(CAMPAIGNS, "list", fields=fields).to_request().calls == weight
