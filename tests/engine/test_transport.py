"""What is sent again and what is not, how often, how long, and when nothing is sent at all."""

from __future__ import annotations

import time
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient

from mcp_ads.engine.wire import transport
from mcp_ads.errors import AuthError, PlatformDown, RateLimited

pytestmark = pytest.mark.anyio
LISTS: dict[str, tuple[str, dict[str, Any], str]] = {
    FACEBOOK: ("campaigns", {"account_id": US}, "/campaigns$"),
    LINKEDIN: ("campaigns", {"account_id": LINKEDIN_US}, "/adCampaigns$"),
    AMAZON: ("sponsored_product_campaigns", {"profile_id": PROFILE}, "/sp/campaigns/list$"),
}
HERE = list(LISTS)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backoff in hundredths of seconds."""
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)
    monkeypatch.setattr(transport, "COOL_DOWN", 0.05)


async def warm(engine_client: EngineClient, connector: str) -> None:
    """Know the account and have a token, so that only the request in question is counted."""
    entity, params, _ = LISTS[connector]
    await engine_client.do(connector, entity, "list", limit=1, **params)


async def sends(engine_client: EngineClient, connector: str, kind: str, **fault: Any) -> int:
    """How many requests one read takes under a fault."""
    await warm(engine_client, connector)
    entity, params, path = LISTS[connector]
    engine_client.fault(kind, path=path, **fault)
    before = len(engine_client.sent())
    try:
        await engine_client.do(connector, entity, "list", limit=1, **params)
    finally:
        sent = len(engine_client.sent()) - before
    return sent


@pytest.mark.parametrize("connector", HERE)
@pytest.mark.parametrize("kind", ["429", "500", "503", "502-html", "cut"])
async def test_reads_are_sent_again(engine_client: EngineClient, connector: str, kind: str) -> None:
    """One failure is not the caller's business; two requests were sent."""
    assert await sends(engine_client, connector, kind) == 2


@pytest.mark.parametrize("connector", [FACEBOOK, LINKEDIN])
async def test_minutes_are_not_waited_for(engine_client: EngineClient, connector: str) -> None:
    """Throttling that lasts for minutes is the answer at once, with when to call again."""
    with pytest.raises(RateLimited, match="slow down") as caught:
        await sends(engine_client, connector, "throttle")
    assert int(caught.value.fix.split("call again in ")[1].partition(" s, at ")[0]) >= 60


@pytest.mark.parametrize("connector", HERE)
async def test_not_for_ever(engine_client: EngineClient, connector: str) -> None:
    """After four attempts the failure is the answer, and can be looked up."""
    with pytest.raises(PlatformDown) as caught:
        await sends(engine_client, connector, "500", times=9)
    entity, _, path = LISTS[connector]
    tried = [request for request in engine_client.sent() if request.endswith(path.removesuffix("$"))]
    assert len(tried) == 1 + transport.ATTEMPTS, entity
    assert caught.value.trace
    assert caught.value.sent == "yes"


@pytest.mark.slow
async def test_retry_after_is_kept(engine_client: EngineClient) -> None:
    """The platform's own pause is waited for, not ours."""
    await warm(engine_client, FACEBOOK)
    engine_client.fault("429", path="/campaigns$", retry_after=1)
    began = time.monotonic()
    await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)
    assert time.monotonic() - began >= 1.0


async def test_a_long_pause_closes_the_account(engine_client: EngineClient) -> None:
    """A pause nobody waits for is the answer; until its end calls for this account are not sent."""
    await warm(engine_client, FACEBOOK)
    engine_client.fault("429", path=f"{US}/campaigns$", retry_after=120, times=9, code=17)
    for sent in (1, 0):
        before, began = len(engine_client.sent()), time.monotonic()
        with pytest.raises(RateLimited) as caught:
            await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)
        assert len(engine_client.sent()) - before == sent
        assert time.monotonic() - began < 60
        assert "call again in 1" in caught.value.fix
        assert caught.value.trace
    assert (await engine_client.do(FACEBOOK, "campaigns", "list", account_id="2345678901")).data


@pytest.mark.slow
async def test_an_account_opens_again(engine_client: EngineClient) -> None:
    """Throttling without a time is left alone for a moment; the next call waits for its end."""
    with pytest.raises(RateLimited):
        await sends(engine_client, FACEBOOK, "429", times=transport.ATTEMPTS)
    assert (await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)).data


async def test_pauses_grow_and_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each pause is about twice the one before, and no two clients have the same."""
    from mcp_ads.core import Request
    from mcp_ads.engine.wire.transport import pause_after

    read, down = Request("GET", "/x"), PlatformDown("x")
    firsts = {pause_after(read, down, 1) for _ in range(20)}
    assert len(firsts) > 10
    assert all(0.008 <= first <= 0.013 for first in firsts if first)
    assert all(0.032 <= (pause_after(read, down, 3) or 0) <= 0.052 for _ in range(20))
    assert pause_after(read, down, transport.ATTEMPTS) is None
    assert pause_after(Request("POST", "/x", repeatable=False), down, 1) is None
    assert pause_after(Request("POST", "/x", risk="write"), down, 1) is None
    assert pause_after(Request("POST", "/x", risk="write"), RateLimited("x"), 1) is not None


async def test_total_time_is_bounded(engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more is waited between attempts than patience allows, however many are left."""
    monkeypatch.setattr(transport, "PATIENCE", 0.015)
    with pytest.raises(PlatformDown):
        await sends(engine_client, FACEBOOK, "500", times=9)
    assert len([request for request in engine_client.sent() if request.endswith("/campaigns")]) <= 3


async def test_an_order_is_not_repeated(engine_client: EngineClient) -> None:
    """Ordering a report is a read that must not be ordered twice because its answer was lost."""
    await warm(engine_client, AMAZON)
    engine_client.fault("500", path="/reporting/reports$", method="POST", when="after")
    with pytest.raises(PlatformDown):
        await engine_client.do(AMAZON, "reports", "create", profile_id=PROFILE, report_type="spCampaigns")
    assert sum(request.startswith("POST /reporting") for request in engine_client.sent()) == 1


async def test_html_where_json_should_be(engine_client: EngineClient) -> None:
    """A gateway's page is no answer, and none of it is shown."""
    with pytest.raises(PlatformDown) as caught:
        await sends(engine_client, FACEBOOK, "502-html", times=9)
    assert "<html" not in engine_client.workspace.error_text(caught.value)
    assert "HTTP 502" in engine_client.workspace.error_text(caught.value)


async def test_a_dead_token_is_not_sent_again(engine_client: EngineClient) -> None:
    """Facebook's token cannot be renewed here: once is enough, and the fix says whose job it is."""
    with pytest.raises(AuthError) as caught:
        await sends(engine_client, FACEBOOK, "expired-token", times=9)
    assert "FACEBOOK_MARKETING_ACCESS_TOKEN" in caught.value.fix
    assert len([request for request in engine_client.sent() if request.endswith("/campaigns")]) == 2
