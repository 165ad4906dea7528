"""What an error says of whether the request left, and how long a platform's pauses are believed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import SPRING

from mcp_ads.auth import oauth
from mcp_ads.core.pauses import retry_after
from mcp_ads.engine.wire import pace, transport
from mcp_ads.engine.wire.heard import MOST, MOST_CHARS
from mcp_ads.errors import ApiError, InvalidParams, OutcomeUnknown, PlatformDown, RateLimited, TooMuch

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
Answer = Callable[[httpx.Request], httpx.Response | None]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backoff in hundredths of seconds."""
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)


def between(engine_client: EngineClient, answers: Answer) -> list[httpx.Request]:
    """The sandbox, but for what `answers` says itself; and what was asked."""
    honest, asked = engine_client.workspace._sandbox_transport, list[httpx.Request]()

    class Man(httpx.AsyncBaseTransport):
        """In the middle."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(request)
            return answers(request) or await honest.handle_async_request(request)

    engine_client.workspace._sandbox = Man  # type: ignore[method-assign,assignment]
    return asked


async def pause(engine_client: EngineClient) -> Any:
    return await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING)


async def test_a_refused_write_left_and_changed_nothing(engine_client_with: EngineClients) -> None:
    """An answer that refuses says both; the line under the error agrees with the HTTP status beside it."""
    engine_client = engine_client_with(MCP_ADS_WRITES="direct")
    error = {"error": {"type": "OAuthException", "code": 100, "message": "no"}}
    between(engine_client, lambda request: httpx.Response(400, json=error) if _writes(request) else None)
    with pytest.raises(ApiError, match="nothing was changed") as caught:
        await pause(engine_client)
    assert "sent: yes, and refused\nplatform: code 100 HTTP 400" in engine_client.workspace.error_text(
        caught.value
    )


def _writes(request: httpx.Request) -> bool:
    return (
        request.method == "POST" and request.url.path.endswith(SPRING) and b"validate" not in request.content
    )


@pytest.mark.slow
@pytest.mark.parametrize("fault", [{"kind": "slow", "seconds": 3}, {"kind": "500"}, {"kind": "cut"}])
async def test_a_token_that_is_not_to_be_had_sends_nothing(
    engine_client_with: EngineClients, monkeypatch: pytest.MonkeyPatch, fault: dict[str, Any]
) -> None:
    """A write that waits for an access token in vain has not been sent, however the token endpoint fails."""
    monkeypatch.setattr(transport, "TOKEN_PATIENCE", 0.2)
    engine_client = engine_client_with(MCP_ADS_WRITES="direct")
    rows = (
        await engine_client.do(LINKEDIN, "campaigns", "list", account_id=LINKEDIN_US, status=["ACTIVE"])
    ).data
    _forget_token_before_writes(engine_client.workspace.session(LINKEDIN).transport, monkeypatch)
    engine_client.fault(**fault, path="/accessToken$", times=0)
    before = len(engine_client.sent())
    with pytest.raises(PlatformDown, match="token endpoint") as caught:
        await engine_client.do(
            LINKEDIN,
            "campaigns",
            "update",
            account_id=LINKEDIN_US,
            campaign_id=str(rows[0]["id"]),
            name="New",
        )
    assert caught.value.sent == "no"
    assert not [request for request in engine_client.sent()[before:] if request.startswith("POST /rest")]
    line = json.loads((engine_client.home / "audit.jsonl").read_text().splitlines()[-1])
    assert line["outcome"] == "failed"


def _forget_token_before_writes(sending: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token is found to be too old at the very write."""
    honest = sending._request

    async def forgetful(request: Any, wire: Any, auth: Any) -> Any:
        if request.risk != "read":
            sending.client.auth._token = None
            sending.client.auth._kept.path.unlink(missing_ok=True)
        return await honest(request, wire, auth)

    monkeypatch.setattr(sending, "_request", forgetful)


async def test_an_answer_that_is_lost_is_unknown(engine_client_with: EngineClients) -> None:
    """A write that left and was not answered stays unknown."""
    engine_client = engine_client_with(MCP_ADS_WRITES="direct")

    def cut(request: httpx.Request) -> httpx.Response | None:
        if _writes(request):
            raise httpx.ReadError("gone", request=request)
        return None

    between(engine_client, cut)
    with pytest.raises(OutcomeUnknown):
        await pause(engine_client)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7", 7.0), ("1.5", 1.5), (" 3 ", 3.0), ("-1", 0.0), ("soon", 0.0), ("²", 0.0), ("", 0.0), ("1e9", 0.0)],
)
def test_pauses_in_seconds(text: str, seconds: float) -> None:
    """Seconds may have decimals; what is no time is none."""
    assert retry_after({"retry-after": text}) == seconds


async def test_pauses_as_dates(engine_client: EngineClient) -> None:
    """A date counts from the platform's own clock, on all platforms."""
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    until = format_datetime(now + timedelta(seconds=90), usegmt=True)
    headers = {"Retry-After": until, "Date": format_datetime(now, usegmt=True)}
    slow = {"error": {"type": "OAuthException", "code": 17, "message": "slow"}}
    between(
        engine_client,
        lambda request: (
            None if "oken" in request.url.path else httpx.Response(429, headers=headers, json=slow)
        ),
    )
    for connector, params in ((FACEBOOK, {"account_id": US}), (LINKEDIN, {"account_id": LINKEDIN_US})):
        with pytest.raises(RateLimited, match="slow down") as caught:
            await engine_client.do(connector, "campaigns", "list", **params)
        assert caught.value.retry_after == 90
        assert "call again in 90 s" in caught.value.fix
    with pytest.raises(RateLimited):
        await engine_client.do(AMAZON, "portfolios", "list", profile_id=PROFILE)


@pytest.mark.slow
async def test_a_huge_pause_does_not_shut_the_account(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no platform means is said and not believed; after a minute it is asked again."""
    monkeypatch.setattr(pace.Pace.close, "__defaults__", (0.05,))
    await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=1)
    engine_client.fault("429", path="/campaigns$", retry_after=90_000)
    with pytest.raises(RateLimited) as caught:
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)
    assert "90000 s, which is not believed" in caught.value.fix
    assert caught.value.retry_after == transport.LONGEST_PAUSE
    await asyncio.sleep(0.06)
    assert (await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)).data


@pytest.mark.slow
async def test_a_dead_token_endpoint_is_left_alone(engine_client: EngineClient) -> None:
    """Many calls at once, each tried again, ask it a few times and not each for itself."""
    engine_client.fault("500", path="/accessToken$", times=0)
    calls = (engine_client.do(LINKEDIN, "campaigns", "list", account_id=LINKEDIN_US) for _ in range(8))
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(result, PlatformDown) for result in results)
    assert sum("oken" in request for request in engine_client.sent()) <= 2
    assert oauth.FAILURE_HOLDS >= 1


async def test_less_is_asked_for(engine_client: EngineClient) -> None:
    """A page that is too much is asked for in halves by itself; the rows are all there."""
    whole = (await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=100)).data
    other = EngineClient(engine_client.settings.home, {})
    other.fault("too-much", path="/campaigns$", most=30, times=0)
    asked = between(other, lambda _: None)
    found = await other.do(FACEBOOK, "campaigns", "list", account_id=US, limit=100)
    sizes = [request.url.params["limit"] for request in asked if request.url.path.endswith("/campaigns")]
    assert found.data == whole
    assert sizes == ["100", "50", *["25"] * (len(sizes) - 2)]
    await other.close()


async def test_there_is_an_end_to_less(engine_client: EngineClient) -> None:
    """Where a few rows are too much as well, the error says to ask for less."""
    error = {
        "error": {
            "type": "OAuthException",
            "code": 1,
            "message": "Please reduce the amount of data you're asking for",
        }
    }
    asked = between(
        engine_client,
        lambda request: httpx.Response(500, json=error) if request.url.path.endswith("/campaigns") else None,
    )
    with pytest.raises(TooMuch) as caught:
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=40)
    assert "fewer days, fields or rows" in caught.value.fix
    limits = [request.url.params["limit"] for request in asked if request.url.path.endswith("/campaigns")]
    assert limits == ["40", "20", "10", "5"]


async def test_an_old_graph_version_has_a_fix(engine_client: EngineClient) -> None:
    """Error 2635 says which setting to change."""
    error = {
        "error": {"type": "OAuthException", "code": 2635, "message": "You are calling a deprecated version"}
    }
    between(engine_client, lambda request: httpx.Response(400, json=error))
    with pytest.raises(ApiError) as caught:
        await engine_client.do(FACEBOOK, "current_user", "get")
    assert "FACEBOOK_MARKETING_API_VERSION" in caught.value.fix


async def test_no_account_at_all(engine_client: EngineClient) -> None:
    """Credentials that see no account: what to check, not whom to ask which."""
    between(
        engine_client,
        lambda request: httpx.Response(200, json={"data": []}) if "adaccounts" in str(request.url) else None,
    )
    with pytest.raises(InvalidParams, match="see no account") as caught:
        await engine_client.do(FACEBOOK, "campaigns", "list")
    assert "the user checks what these credentials may see (a token with ads_read" in caught.value.fix


async def test_remarks_belong_to_their_call(engine_client: EngineClient) -> None:
    """A platform's warning is in the answer that got it, bounded, and in no later one."""
    remarks = iter([f"version {number} ends \x1b[31m" + "x" * 5_000 for number in range(60)])

    def remark(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/campaigns") or (text := next(remarks, "")) == "":
            return None
        page = {
            "data": [{"id": text[8:10]}],
            "paging": {"next": "https://x", "cursors": {"after": text[:12]}},
        }
        headers = {"X-Ad-Api-Version-Warning": text.encode()}
        return httpx.Response(200, json=page, headers=headers)  # type: ignore[arg-type]

    between(engine_client, remark)
    first = await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=60)
    said = [warning for warning in first.meta["warnings"] if "version" in warning]
    assert len(said) == MOST
    assert all(len(text) < MOST_CHARS + 20 and "\x1b" not in text for text in said)
    later = await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=1)
    assert "warnings" not in later.meta
