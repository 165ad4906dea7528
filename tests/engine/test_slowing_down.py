"""Limits that are nearly used: Facebook tells of them beside its answers, and requests go slower in time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from between import between
from engine_client import FACEBOOK, US, EngineClient, mend

from mcp_ads.engine.wire import pace
from mcp_ads.errors import RateLimited, Rejected

pytestmark = pytest.mark.anyio


@dataclass
class Clock:
    """Time that passes only where a pace waits."""

    now: float = 1000.0
    waits: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock by which paces wait."""
    made = Clock()
    monkeypatch.setattr(pace, "time", made)
    waiting = SimpleNamespace(sleep=made.sleep, Semaphore=asyncio.Semaphore, Lock=asyncio.Lock)
    monkeypatch.setattr(pace, "asyncio", waiting)
    return made


async def read(engine_client: EngineClient, times: int = 3) -> dict[str, Any]:
    """Read one account's campaigns some times, and what the last answer says of limits."""
    for offset in range(times):
        result = await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=offset + 1)
    return dict(result.meta.get("rate", {}))


async def test_nothing_waits_while_limits_are_far(engine_client: EngineClient, clock: Clock) -> None:
    """Below 80 % requests follow each other at once, and nobody is warned."""
    engine_client.fault("usage", percent=79, times=0)
    assert await read(engine_client) == {}
    assert clock.waits == []


@pytest.mark.parametrize(("percent", "gap"), [(80, 0.25), (90, 0.625), (99.9, 0.996)])
async def test_requests_are_spaced_when_a_limit_is_near(
    engine_client: EngineClient, clock: Clock, percent: float, gap: float
) -> None:
    """From 80 % on there is time between two requests of an account, more the nearer the limit is."""
    await read(engine_client, 1)
    engine_client.fault("usage", percent=percent, times=0)
    rate = await read(engine_client)
    assert rate.pop("limit") in ("ad_account", "ads_management")
    assert rate == {
        "account": US,
        "left_pct": round(100 - percent, 1),
        "spaced_s": round(gap, 2),
        "tier": "standard_access",
    }
    assert clock.waits == [gap, gap]


async def test_a_full_limit_is_waited_for(engine_client: EngineClient, clock: Clock) -> None:
    """At 100 % the next request waits for longer, although this one was still answered."""

    def full(request: httpx.Request) -> httpx.Response | None:
        usage = {"X-App-Usage": '{"call_count": 100, "total_time": 12, "total_cputime": 9}'}
        at_all = request.url.path.endswith("/campaigns")
        return httpx.Response(200, json={"data": []}, headers=usage) if at_all else None

    between(engine_client, full)
    assert (await read(engine_client, 2))["left_pct"] == 0
    assert clock.waits == [pace.FULL_GAP]


async def test_usage_that_goes_on_rising_ends_in_a_block(engine_client: EngineClient, clock: Clock) -> None:
    """The block is Facebook's own answer, with when to call again; until then nothing is sent."""
    await read(engine_client, 1)
    engine_client.fault("usage", percent=90, step=5, times=0)
    with pytest.raises(RateLimited) as caught:
        await read(engine_client, 9)
    assert caught.value.code == "17/2446079"
    assert "call again in 60 s" in caught.value.fix
    assert clock.waits == [0.625, 0.812]
    before = len(engine_client.sent())
    with pytest.raises(RateLimited, match="not over"):
        await read(engine_client)
    assert len(engine_client.sent()) == before


async def test_an_account_goes_on_as_before_when_its_limit_recovers(
    engine_client: EngineClient, clock: Clock
) -> None:
    """The first answer that tells of room again ends the waiting; what is slow is this account alone."""
    engine_client.fault("usage", percent=95, times=0, path=US)
    await read(engine_client, 2)
    slow = len(clock.waits)
    await engine_client.do(FACEBOOK, "campaigns", "list", account_id="2345678901")
    assert len(clock.waits) == slow
    mend(engine_client.store)
    await read(engine_client, 1)
    clock.waits.clear()
    await read(engine_client, 3)
    assert clock.waits == []


async def test_errors_tell_of_limits_too(engine_client: EngineClient, clock: Clock) -> None:
    """Usage is read on every answer, a refusal as well."""
    await read(engine_client, 1)
    engine_client.fault("usage", percent=90, path="kittens")
    with pytest.raises(Rejected):
        await engine_client.do(FACEBOOK, "graph", "get", path=f"/act_{US}/kittens")
    assert clock.waits == []
    await read(engine_client, 1)
    assert clock.waits == [0.625]
