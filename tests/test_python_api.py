"""`from mcp_ads import connect`: the same engine for scripts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import mcp_ads
from mcp_ads import AdsError, connect
from mcp_ads.errors import BadSettings, NotConfigured, OutOfScope, UnknownAction, WritesOff
from mcp_ads.sandbox.ports import serving

pytestmark = pytest.mark.anyio
US = "1234567890"


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The sandbox with a home of its own, as a script's environment sets it."""
    monkeypatch.setenv("MCP_ADS_SANDBOX", "1")
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("sandbox")
async def test_as_the_documentation_shows() -> None:
    """Rows as they are, facts about them, and no errors."""
    async with connect("facebook-marketing") as client:
        result = await client.execute("campaigns", "list", {"account_id": US, "limit": 3})
        assert len(result.data) == 3
        assert (result.meta["currency"], result.errors) == ("USD", [])
        more = await client.execute("campaigns", "list", {"account_id": US, "cursor": result.meta["cursor"]})
        assert result.data[0] not in more.data
        with pytest.raises(UnknownAction, match="did you mean"):
            await client.execute("campaigns", "lst")


@pytest.mark.usefixtures("sandbox")
async def test_each_write_mode() -> None:
    """A script's write is a plan; done at once, or not at all, where that was asked for."""
    async with connect("facebook_marketing") as client:
        campaign = (await client.execute("campaigns", "list", {"account_id": US, "limit": 1})).data[0]["id"]
        plan = await client.execute("campaigns", "update", {"campaign_id": campaign, "name": "By plan"})
        applied = await client.apply(plan.data["plan_id"])
        assert applied.data["state"] == "applied"
    async with connect("facebook-marketing", writes="direct") as client:
        done = await client.execute("campaigns", "update", {"campaign_id": campaign, "name": "By script"})
        assert done.data["state"] == "done"
    async with connect("facebook-marketing", writes="off") as client:
        with pytest.raises(WritesOff):
            await client.execute("campaigns", "pause", {"campaign_id": campaign})


@pytest.mark.usefixtures("sandbox")
async def test_accounts_of_its_own() -> None:
    """An allow-list given to connect is one."""
    async with connect("facebook-marketing", account_ids=[f"act_{US}"]) as client:
        assert (await client.execute("campaigns", "list", {"limit": 1})).meta["account"] == US
        with pytest.raises(OutOfScope):
            await client.execute("campaigns", "list", {"account_id": "2345678901"})


async def test_credentials_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials given to connect are used, not those of the environment."""
    with serving(tmp_path / "sandbox") as servers:
        for name, value in servers.ports.variables().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("FACEBOOK_MARKETING_ACCESS_TOKEN", "sandbox-expired")
        home = tmp_path / "home"
        async with connect("facebook-marketing", home=home) as client:
            with pytest.raises(AdsError, match="access token"):
                await client.execute("campaigns", "list", {"account_id": US})
        async with connect("facebook-marketing", access_token="sandbox-fine", home=home) as client:
            assert (await client.execute("campaigns", "list", {"account_id": US})).data


async def test_nothing_is_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What to set is said when something is asked for."""
    monkeypatch.delenv("MCP_ADS_SANDBOX", raising=False)
    async with connect("amazon-ads", home=tmp_path) as client:
        with pytest.raises(NotConfigured, match="AMAZON_ADS_REFRESH_TOKEN"):
            await client.execute("profiles", "list")


def test_what_cannot_be_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown platform, one that is switched off, or a malformed environment."""
    with pytest.raises(UnknownAction, match="no connector"):
        connect("myspace-ads")
    monkeypatch.setenv("MCP_ADS_CONNECTORS", "linkedin-ads")
    with pytest.raises(UnknownAction, match="MCP_ADS_CONNECTORS"):
        connect("facebook-marketing")
    monkeypatch.setenv("MCP_ADS_WRITES", "perhaps")
    with pytest.raises(BadSettings, match="MCP_ADS_WRITES"):
        connect("linkedin-ads")


def test_importing_costs_little() -> None:
    """The package's names load when they are used, and there is no other."""
    script = "import sys, mcp_ads; print(sorted(name for name in sys.modules if name.startswith('mcp_ads')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['mcp_ads', 'mcp_ads.version']"
    assert mcp_ads.Client is not None
    with pytest.raises(AttributeError):
        _ = mcp_ads.nothing  # type: ignore[attr-defined]  # type checkers say so too
