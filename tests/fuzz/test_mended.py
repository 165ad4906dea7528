"""What hostile input once broke: each is refused in words, soon, and nothing is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, US, EngineClient
from hostile import TEXTS
from shell import Shell

from mcp_ads.errors import AdsError, BadSettings
from mcp_ads.sandbox.app import Sandbox
from mcp_ads.settings import load

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(30)]
NESTED: list[Any] = []
for _ in range(3_000):
    NESTED = [NESTED]
CALLS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "n² commas": (LINKEDIN, "targeting_entities", "resolve", {"urns": "," * 300_000}),
    "n² blanks in days": (
        FACEBOOK,
        "ads_insights",
        "list",
        {"account_id": US, "time_range": "a" + " " * 99_999 + "b"},
    ),
    "n² blanks in a sort": (
        FACEBOOK,
        "campaigns",
        "list",
        {"account_id": US, "sort": "a" + " " * 99_999 + "b"},
    ),
    "a reference with a blank": (LINKEDIN, "campaigns", "update", {"campaign_id": "@1.id\n", "name": "x"}),
    "an escaped reference": (LINKEDIN, "campaigns", "update", {"campaign_id": "%401.id", "name": "x"}),
    "a number for an address": (FACEBOOK, "videos", "upload", {"account_id": US, "file_url": -1}),
    "n² blanks in an e-mail address": (
        LINKEDIN,
        "dmp_segments",
        "add_members",
        {"account_id": "512345678", "segment_id": "1", "members": [{"email": "a" + " " * 300_000 + "b"}]},
    ),
    "n² letters of a page": (
        LINKEDIN,
        "creatives",
        "create",
        {
            "account_id": "512345678",
            "campaign_id": "300000001",
            "content": {"textAd": {"headline": "x", "landingPage": "https://" + "a" * 300_000 + " b"}},
        },
    ),
    "an address without end": (FACEBOOK, "targeting", "search", {"q": "x" * 100_000}),
    "people without end": (FACEBOOK, "custom_audiences", "add_users", {"audience_id": "1", "users": NESTED}),
    "10,000 mistakes": (AMAZON, "sponsored_display_creatives", "list", {"ad_group_id": "a," * 10_000}),
    "10,000 columns": (
        FACEBOOK,
        "ads_insights",
        "list",
        {"account_id": US, "fields": [f"f{n}" for n in range(10_000)]},
    ),
}

VARIABLES = [
    "MCP_ADS_HOME", "MCP_ADS_FILES", "MCP_ADS_ENV_FILE", "MCP_ADS_WRITES", "MCP_ADS_MAX_DAILY_BUDGET",
    "FACEBOOK_MARKETING_ACCESS_TOKEN",
]  # fmt: skip


@pytest.mark.parametrize("called", CALLS)
async def test_a_call_that_broke_something(looking: EngineClient, called: str) -> None:
    """It is an error with what is wrong, of bounded length, and nothing was changed."""
    connector, entity, action, params = CALLS[called]
    with pytest.raises(AdsError) as told:
        await looking.do(connector, entity, action, **params)
    assert told.value.sent == "no"
    assert len(looking.workspace.error_text(told.value)) < 20_000
    assert looking.store.writes() == []


@pytest.mark.parametrize("path", ["/_sandbox/faults", "/_sandbox/tokens", "/_sandbox/clock"])
async def test_control_routes_of_the_sandbox(path: str) -> None:
    """A body that is none is the caller's mistake, not the sandbox's."""
    sandbox = Sandbox(None)
    way = httpx.ASGITransport(sandbox.control, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=way, base_url="http://127.0.0.1") as client:
        for body in (b"", b"{", b"\xff", b"[1]", b"null", b'"x"', b"[" * 20_000, b'{"kind":"\\ud800"}'):
            assert (await client.post(path, content=body)).status_code in (400, 403), body
    sandbox.store.close()


@pytest.mark.parametrize("variable", VARIABLES)
def test_settings(tmp_path: Path, variable: str) -> None:
    """A variable with anything in it is a setting, or a line that names it."""
    for text in TEXTS:
        said = variable
        try:
            load(environ={"MCP_ADS_HOME": str(tmp_path / "home"), "MCP_ADS_SANDBOX": "1", variable: text})
        except BadSettings as told:
            said = str(told)
        assert variable in said
        assert len(said) < 4_000


def test_what_protects_campaigns(tmp_path: Path) -> None:
    """A name of signs alone is looked at once, not in 2^n ways."""
    (tmp_path / "clients.toml").write_text(
        f'[clients.a]\naccounts = ["facebook:1"]\nprotected = ["{"#" * 200}"]\n'
    )
    load(environ={"MCP_ADS_HOME": str(tmp_path), "MCP_ADS_SANDBOX": "1"})


@pytest.mark.parametrize(
    "words", [["--port", "9" * 5_000], ["--port", "²"], ["--host", "a..b"], ["--host", "x" * 300]]
)
def test_options_of_serve(shell: Shell, words: list[str]) -> None:
    """A line on stderr, whatever is written for a port or an address."""
    shell.set(MCP_ADS_SANDBOX="1", MCP_ADS_HTTP_TOKEN="t" * 40)
    code, out, err = shell.refused("--transport", "http", *words)
    assert code != 0
    assert out == ""
    assert err.startswith("mcp-ads: --")
