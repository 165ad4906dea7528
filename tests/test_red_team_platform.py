"""A hostile or broken platform: absurd answers, redirects, addresses elsewhere, answers without end."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import httpx
import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, PROFILE, US, EngineClient
from planning import SPRING, applied, planned

from mcp_ads.connectors.amazon_ads import dialect
from mcp_ads.core import Reply
from mcp_ads.engine.wire import pages, transport, whole
from mcp_ads.engine.wire.connection import today_in
from mcp_ads.errors import AdsError, ApiError, OutcomeUnknown, PlatformDown, RateLimited, Rejected

pytestmark = pytest.mark.anyio
Handler = Callable[[httpx.Request], httpx.Response | None]
REPORT = "0f9ecb0f-5cd8-4a36-a1f9-4a2c5d5a6a10"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backoff in hundredths of seconds."""
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)


def hostile(engine_client: EngineClient, answers: Handler) -> list[httpx.Request]:
    """The sandbox, but for what `answers` says itself; and what was asked."""
    honest, asked = engine_client.workspace._sandbox_transport, list[httpx.Request]()

    class Man(httpx.AsyncBaseTransport):
        """In the middle."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(request)
            return answers(request) or await honest.handle_async_request(request)

    engine_client.workspace._sandbox = Man  # type: ignore[method-assign,assignment]
    return asked


def at(path: str, response: Callable[[], httpx.Response]) -> Handler:
    return lambda request: response() if request.url.path.endswith(path) else None


def report(url: str) -> Handler:
    """A finished report whose file is at `url`."""
    row = {
        "reportId": REPORT, "status": "COMPLETED", "url": url, "startDate": "2026-10-01",
        "endDate": "2026-10-02",
    }  # fmt: skip
    return at(f"/reporting/reports/{REPORT}", lambda: httpx.Response(200, json=row))


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/",
        "https://10.0.0.7/x",
        "https://[::1]/x",
        "https://metadata.google.internal/x",
        "http://files.example.com/x",
        "file:///etc/passwd",
        "https://user:pass@files.example.com/x",
        "https://intranet/x",
        "@files.example.com",
        "https://127.1/x",
        "https://2130706433/x",
        "https://0x7f.0.0.1/x",
        "https://169.254.43518/",
        "https://localhost./x",
        "https://metadata.google.internal./x",
        "https://[64:ff9b::7f00:1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://files.example.com/x",
        "https://offline-report-storage-x.s3.amazonaws.com.evil.example/x",
        "https://evil.example\\@offline-report-storage-x.s3.amazonaws.com/x",
        "https://evil.example#.offline-report-storage-x.s3.amazonaws.com/x",
        "https://offline-report-storage-x.s3.amazonaws.com:8443/x",
        "http://offline-report-storage-x.s3.amazonaws.com/x",
    ],
)
async def test_report_files_are_on_the_internet(engine_client: EngineClient, url: str) -> None:
    """An answer cannot send us into our own network, to a file, or anywhere unencrypted."""
    asked = hostile(engine_client, report(url))
    with pytest.raises(ApiError):
        await engine_client.do(AMAZON, "reports", "download", report_id=REPORT, profile_id=PROFILE)
    assert {request.url.host for request in asked} <= {
        "api.amazon.com", "advertising-api.amazon.com", "advertising-api-eu.amazon.com",
        "advertising-api-fe.amazon.com",
    }  # fmt: skip


async def test_report_files_get_no_credentials(engine_client: EngineClient) -> None:
    """The token is for the platform, not for whoever keeps its files."""
    host = "offline-report-storage-eu-west-1-prod.s3.eu-west-1.amazonaws.com"
    asked = hostile(engine_client, report(f"https://{host}/x.gz"))
    with pytest.raises(ApiError):
        await engine_client.do(AMAZON, "reports", "download", report_id=REPORT, profile_id=PROFILE)
    fetched = [request for request in asked if request.url.host == host]
    assert fetched
    assert not any("authorization" in request.headers for request in fetched)


@pytest.mark.parametrize(
    "answer",
    [
        [], [[]], 7, "text", None, {"data": 7}, {"data": {"a": 1}}, {"error": []}, {"error": {"code": "x"}},
        {"error": {"type": "OAuthException", "code": 1, "error_data": [1]}}, {"data": [], "paging": []},
    ],
)  # fmt: skip
async def test_absurd_answers_are_errors(engine_client: EngineClient, answer: Any) -> None:
    """What is no answer of any platform is an error or nothing, never a fault of ours."""
    hostile(engine_client, at("/campaigns", lambda: httpx.Response(200, json=answer)))
    with suppress(ApiError):
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)


async def test_deep_nesting(engine_client: EngineClient) -> None:
    """Brackets without end are no answer."""
    hostile(engine_client, at("/campaigns", lambda: httpx.Response(200, content=b"[" * 200_000)))
    with pytest.raises(PlatformDown):
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirected_write_is_not_done(engine_client: EngineClient, status: int) -> None:
    """A redirect is not followed, gets no token, and is not taken for success."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, name="New")

    def found(request: httpx.Request) -> httpx.Response | None:
        headers = {"Location": "https://evil.example/"}
        return httpx.Response(status, headers=headers) if request.method == "POST" else None

    await engine_client.workspace.close()
    engine_client.workspace._sessions.clear()
    asked = hostile(engine_client, found)
    result = await applied(engine_client, plan_id)
    assert result.data["state"] == "unknown"
    assert "evil.example" not in {request.url.host for request in asked}


@pytest.mark.parametrize("wait", ["99999999999", "²", "1e400"])
async def test_absurd_pauses(engine_client: EngineClient, wait: str) -> None:
    """A platform cannot close an account for good."""
    answer = {"error": {"type": "OAuthException", "code": 17, "message": "slow"}}
    headers = {"Retry-After": wait.encode()}
    usage = {"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": Infinity}, 7]}'}
    raw = [
        *((k.encode(), v) for k, v in headers.items()),
        *((k.encode(), v.encode()) for k, v in usage.items()),
    ]
    hostile(engine_client, at("/campaigns", lambda: httpx.Response(400, json=answer, headers=raw)))
    with pytest.raises(RateLimited) as caught:
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)
    assert caught.value.retry_after <= transport.LONGEST_PAUSE


async def test_endless_answers(engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small packed answer may hold any amount: reading ends at a size."""
    monkeypatch.setattr(whole, "MOST_BYTES", 100_000)
    packed, headers = gzip.compress(b" " * 10_000_000), {"Content-Encoding": "gzip"}
    asked = hostile(
        engine_client, at("/campaigns", lambda: httpx.Response(200, content=packed, headers=headers))
    )
    with pytest.raises(Rejected, match="larger"):
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)
    assert len([request for request in asked if request.url.path.endswith("/campaigns")]) == 1


async def test_endless_report_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for the gzipped files of reports."""
    monkeypatch.setattr(dialect, "MOST_BYTES", 100_000)
    with pytest.raises(Rejected, match="larger"):
        dialect.AmazonDialect().decode(Reply(200, {}, gzip.compress(b" " * 1_000_000)))


async def test_endless_cursors(engine_client: EngineClient) -> None:
    """A page token of a megabyte does not become an answer of a megabyte."""
    page = {"data": [{"id": "1"}], "paging": {"next": "https://x", "cursors": {"after": "a" * 2**20}}}
    hostile(engine_client, at("/campaigns", lambda: httpx.Response(200, json=page)))
    result = await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=1)
    assert len(engine_client.workspace.text(result)) < 20_000
    assert len(result.meta.get("cursor", "")) < 2 * pages.MOST_TOKEN


async def test_endless_pages(engine_client: EngineClient) -> None:
    """A list that never ends, or ends where it began, is cut."""
    number = iter(range(10_000))
    page: Handler = at(
        "/campaigns",
        lambda: httpx.Response(
            200,
            json={"data": [], "paging": {"next": "https://x", "cursors": {"after": str(next(number))}}},
        ),
    )
    asked = hostile(engine_client, page)
    await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)
    assert len(asked) <= pages.MOST_PAGES + 10


async def test_halves_of_characters(engine_client: EngineClient) -> None:
    """A name cut in the middle of an emoji is shown, kept and written down like any other."""
    row = b'{"data": [{"id": "1", "name": "half \\ud83d"}]}'
    hostile(engine_client, at("/campaigns", lambda: httpx.Response(200, content=row)))
    for style in ("table", "json"):
        result = await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, fields=["id", "name"])
        assert "half" in engine_client.workspace.text(result, style).encode().decode()


@pytest.mark.parametrize("zone", ["America", "../../etc/passwd", "", "\0", "x" * 5000, None])
async def test_absurd_time_zones(zone: Any) -> None:
    """A time zone that is none counts as UTC."""
    assert today_in(zone) == today_in("UTC")


async def test_absurd_tokens(engine_client: EngineClient) -> None:
    """A token endpoint that answers nonsense is an error of the platform."""
    answers: list[Any] = [{"access_token": "x", "expires_in": "soon"}, [], {"access_token": "a\r\nX-Evil: 1"}]
    for answer in answers:
        other = EngineClient(engine_client.settings.home, {})
        hostile(other, at("/accessToken", partial(httpx.Response, 200, json=answer)))
        with pytest.raises(AdsError):
            await other.do(LINKEDIN, "accounts", "list")
        await other.close()


async def test_writes_into_the_unknown(engine_client_with: Callable[..., EngineClient]) -> None:
    """An absurd answer to a write is an unknown outcome, in direct mode too."""
    engine_client = engine_client_with(MCP_ADS_WRITES="direct")
    hostile(
        engine_client,
        lambda request: httpx.Response(200, content=b"[" * 100_000) if request.method == "POST" else None,
    )
    with pytest.raises(OutcomeUnknown):
        await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING)
    line = json.loads((engine_client.home / "audit.jsonl").read_text().splitlines()[-1])
    assert line["outcome"] == "unknown"


@pytest.mark.parametrize("row", [{}, {"id": "act_1"}, {"account_id": None, "name": 7}])
async def test_accounts_that_are_none(engine_client: EngineClient, row: dict[str, Any]) -> None:
    """An account without an id is an answer that makes no sense, wherever accounts are looked up."""
    hostile(engine_client, at("/adaccounts", lambda: httpx.Response(200, json={"data": [row]})))
    with suppress(AdsError):
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)
    result = await engine_client.do("ads", "accounts", "list")
    assert result.data
