"""Addresses that an answer names: files are fetched and written at the platform's own hosts, or nowhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from between import between
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import applied

from mcp_ads.connectors import NAMES, connector
from mcp_ads.engine.wire import transport
from mcp_ads.engine.wire.addresses import check_address
from mcp_ads.errors import AdsError, Rejected
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
REPORT = "0f9ecb0f-5cd8-4a36-a1f9-4a2c5d5a6a10"
GOOD = "offline-report-storage-eu-west-1-prod.s3.eu-west-1.amazonaws.com"
HOSTS = [
    "evil-{host}", "{host}.evil.example", "evil.example/{host}", "evil.example?{host}",
    "evil.example#{host}", "evil.example\\@{host}", "evil@{host}", "evil:x@{host}", "{host}@evil.example",
    "{host}:8443", "{host}:80", "{host}.", "{host}..", ".{host}", "{host}%2eevil.example",
    "{host}%00.evil.example", "xn--{host}", "{host}\\.evil.example", "{host}\u3002evil.example",
    "\uff45vil.example", "evil.example", "[::1]", "localhost.", "[::ffff:127.0.0.1]", "[fe80::1%25eth0]",
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "\u0661\u0662\u0667.0.0.1",
    "\u2460\u2461\u2466.0.0.1", "169.254.169.254", "0.0.0.0", "0", "[::]", "localhost", "10.0.0.7",
    "metadata.google.internal", "{host}:x", "{host}:99999", "[{host}]", "{host} .evil.example", "",
    "{host}\r\nX: y", "a" * 70_000 + ".{host}", "{host}/" + "x" * 70_000, "\u0131{host}",
    "{host}\u00ad.evil.example",
]  # fmt: skip
REST = [
    "//{host}/x", "/{host}/x", "/v2/profiles", "/v2/profiles?x=https://{host}", "v2/profiles", "", "x",
    "?x", "#x", "ftp://{host}/x", "file:///etc/passwd", "file://{host}/etc/passwd", "data:,x",
    "javascript:x", "https:{host}/x", "https:///{host}/x", "\\\\{host}\\x", "HTTP://{host}/x",
    "wss://{host}/x", "unix:/x", "None",
]  # fmt: skip


def hostile(good: str) -> list[str]:
    """Addresses that are not at a host of the platform, though many look like it."""
    named = [host.replace("{host}", good) for host in HOSTS]
    https = [f"https://{host}/x" for host in named]
    return [*https, f"http://{good}/x", *(rest.replace("{host}", good) for rest in REST)]


@pytest.mark.parametrize("name", NAMES)
def test_every_host_is_listed_with_its_source(name: str) -> None:
    """No pattern matches more than one kind of host; each says where it is from, and docs have it."""
    page = (Path(__file__).parents[1] / "docs" / "reliability.md").read_text("utf-8")
    known = connector(name)
    for pattern, source in {**known.files, **known.uploads}.items():
        assert source
        assert f"| `{pattern}` |" in page
        assert ".*" not in pattern
        assert pattern.count(r"\.") >= 2


def finished(url: Callable[[], str]) -> Callable[[httpx.Request], httpx.Response | None]:
    """A report that is ready, with its file at an address."""
    row = {"reportId": REPORT, "status": "COMPLETED", "startDate": "2026-10-01", "endDate": "2026-10-02"}
    return lambda request: (
        httpx.Response(200, json={**row, "url": url()}) if request.url.path.endswith(REPORT) else None
    )


@pytest.mark.slow
async def test_files_come_from_their_hosts_alone(engine_client: EngineClient) -> None:
    """No spelling of another host, port, scheme or path is asked, with or without the user's credentials."""
    url = f"https://{GOOD}/x"
    asked = between(engine_client, finished(lambda: url))
    call = {"report_id": REPORT, "profile_id": PROFILE}
    with pytest.raises(AdsError):
        await engine_client.do(AMAZON, "reports", "download", **call)
    assert [request.url.host for request in asked].count(GOOD) > 0
    assert not any("authorization" in request.headers for request in asked if request.url.host == GOOD)
    for url in hostile(GOOD):
        asked.clear()
        with pytest.raises(AdsError) as refused:
            await engine_client.do(AMAZON, "reports", "download", **call)
        assert {request.url.path.rpartition("/")[2] for request in asked} <= {REPORT}, url[:200]
        assert "not among its hosts" in str(refused.value), url[:200]
        assert len(str(refused.value)) < 500


async def test_files_are_written_to_their_hosts_alone(
    engine_client_with: Callable[..., EngineClient], tmp_path: Path
) -> None:
    """Nothing of a user's file, and no token, goes to an address that only looks like LinkedIn's."""
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "deck.pdf").write_bytes(b"%PDF-1.7" + bytes(500))
    engine_client, url = engine_client_with(MCP_ADS_FILES=str(tmp_path / "files")), ""

    def answer(request: httpx.Request) -> httpx.Response | None:
        value = {
            "uploadUrl": url,
            "uploadUrlExpiresAt": 1_900_000_000_000,
            "document": "urn:li:document:C5F1",
        }
        return httpx.Response(200, json={"value": value}) if "initializeUpload" in str(request.url) else None

    asked = between(engine_client, answer)
    deck = {"account_id": LINKEDIN_US, "owner": "2414183", "file": "deck.pdf"}
    plan = await engine_client.do(LINKEDIN, "documents", "upload", **deck)
    for url in ["https://www.linkedin.com/dms-uploads/x", *hostile("www.linkedin.com")[::6], "/rest/x"]:
        asked.clear()
        await applied(engine_client, plan.data["plan_id"])
        plan = await engine_client.do(LINKEDIN, "documents", "upload", **deck)
        puts = [request for request in asked if request.method == "PUT"]
        assert [put.url.host for put in puts] == ["www.linkedin.com"] * url.endswith("dms-uploads/x"), url[
            :200
        ]


REDIRECT = httpx.Response(307, headers={"Location": "https://evil.example/"})
ASKED: dict[str, tuple[str, str, str, dict[str, Any], str]] = {
    "a read": (FACEBOOK, "campaigns", "list", {"account_id": US}, "/campaigns"),
    "a token endpoint": (AMAZON, "profiles", "list", {}, "/auth/o2/token"),
    "another": (LINKEDIN, "accounts", "list", {}, "/oauth/v2/accessToken"),
    "a file": (AMAZON, "reports", "download", {"report_id": REPORT, "profile_id": PROFILE}, "/x"),
    "an order": (
        AMAZON,
        "reports",
        "run",
        {"profile_id": PROFILE, "report_type_id": "spCampaigns"},
        "/reports",
    ),
}


@pytest.mark.parametrize("what", ASKED)
async def test_no_redirect_is_followed(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Whatever is asked, an answer that sends us elsewhere is an error, and nobody there is asked."""
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.001)
    connector_name, entity, action, params, path = ASKED[what]
    report = finished(lambda: f"https://{GOOD}/x")
    asked = between(
        engine_client, lambda request: REDIRECT if request.url.path.endswith(path) else report(request)
    )
    with pytest.raises(AdsError):
        await engine_client.do(connector_name, entity, action, **params)
    assert any(request.url.path.endswith(path) for request in asked)
    assert "evil.example" not in {request.url.host for request in asked}


BASES = {
    "https://ads.corp.example:8443": ["https://ads.corp.example:8443/x"],
    "https://ads.corp.example": ["https://ads.corp.example/x", "https://ads.corp.example:443/x"],
    "http://127.0.0.1:9000": ["http://127.0.0.1:9000/x", "http://127.0.0.1:9001/x"],
}
NEVER = [
    "https://ads.corp.example:9/x", "http://ads.corp.example:8443/x", "https://corp.example/x",
    "https://a@ads.corp.example:8443/x", "https://x.ads.corp.example/x", "http://[::1]:9000/x",
    "http://localhost:9000/x", "http://a@127.0.0.1:9000/x", "http://127.0.0.2:9000/x", "https://127.0.0.9/x",
]  # fmt: skip


@pytest.mark.parametrize("base", BASES)
def test_a_base_url_of_ones_own_adds_its_host(tmp_path: Path, base: str) -> None:
    """What stands for the platform may keep its files, at its own port; its name opens nothing else."""
    environ = {"MCP_ADS_HOME": str(tmp_path), "AMAZON_ADS_BASE_URL": base}
    platform, known = load(environ=environ).platforms[AMAZON], connector(AMAZON).files
    for url in (*BASES[base], f"https://{GOOD}/x"):
        check_address(url, known, platform)
    others = [url for other in BASES for url in BASES[other] if url not in BASES[base]]
    for url in (*NEVER, *others, *hostile(GOOD)):
        if base.startswith("http:") and "//127.0.0.1" in url:
            continue
        with pytest.raises(Rejected, match="not among its hosts"):
            check_address(url, known, platform)
