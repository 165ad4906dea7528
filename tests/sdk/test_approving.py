"""What a person approves, what became of it, and what is no argument: guards that a program cannot lose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mcp_ads import (
    FacebookMarketingConnector,
    Workspace,
    connect,
)
from mcp_ads.errors import BadSettings

pytestmark = pytest.mark.anyio
US, CAMPAIGN = "1234567890", "120000000000001"
CHANGE = {"account_id": US, "campaign_id": CAMPAIGN, "daily_budget": "60 USD"}


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The sandbox with a home of its own."""
    monkeypatch.setenv("MCP_ADS_SANDBOX", "1")
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    monkeypatch.delenv("MCP_ADS_WRITES", raising=False)
    return tmp_path


@pytest.mark.parametrize("blank", ["", " \t"])
@pytest.mark.parametrize(
    "name",
    [
        *("access_token", "refresh_token", "client_id", "client_secret", "account_ids", "env_file", "home"),
        *("connection", "workspace_name", "connector_id", "organization_id", "backend", "writes"),
    ],
)
def test_what_is_given_and_empty(monkeypatch: pytest.MonkeyPatch, name: str, blank: str) -> None:
    """It is one line of BadSettings, never "none": for connect, a class and a workspace."""
    monkeypatch.setenv("FACEBOOK_MARKETING_ACCESS_TOKEN", "of-the-environment")
    hosted = {"workspace_name": "w", "backend": "airbyte"}
    makers: list[Any] = [lambda **given: connect("facebook", **given)]
    makers += [lambda **given: connect("facebook", **hosted | given)] if name != "writes" else []
    makers += [FacebookMarketingConnector] if name not in OF_CONNECT else []
    makers += [Workspace] if name in OF_WORKSPACES else []
    for make in makers:
        with pytest.raises(BadSettings) as refused:
            make(**{name: blank})
        assert sum(line.startswith(f"{name}: ") for line in refused.value.lines) == 1


OF_CONNECT = ("access_token", "refresh_token", "client_id", "client_secret")
OF_WORKSPACES = ("client_id", "client_secret", "workspace_name", "organization_id", "env_file")
