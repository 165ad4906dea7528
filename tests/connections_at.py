"""A home of several Facebook connections, each with its own token, on the sandbox's ports."""

from __future__ import annotations

from pathlib import Path

from engine_client import FACEBOOK, EngineClient

from mcp_ads.sandbox.ports import Servers


def connections_at(servers: Servers, home: Path, **tokens: str | tuple[str, str]) -> EngineClient:
    """By a connection's name its token, and the account it lists if it is to list one."""
    urls = {name: url for name, url in servers.ports.variables().items() if name.endswith("_URL")}
    environ = {**urls, "MCP_ADS_SANDBOX": "0", "MCP_ADS_CONNECTORS": FACEBOOK}
    for name, given in tokens.items():
        token, account = (given, "") if isinstance(given, str) else given
        environ[f"FACEBOOK_MARKETING__{name.upper()}__ACCESS_TOKEN"] = token
        if account:
            environ[f"FACEBOOK_MARKETING__{name.upper()}__ACCOUNT_IDS"] = account
    return EngineClient(home, environ, home)
