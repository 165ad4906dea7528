"""Fixtures of tests that call a host: one for a file of tests, and an environment that names it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hosted_stub import CLIENT_ID, CLIENT_SECRET, HostedStub, hosting

from mcp_ads.settings_hosted import CLIENT, HOST_URL, ORGANIZATION, REDIRECTED


@pytest.fixture(scope="module")
def one_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostedStub]:
    """One host for all tests of a file."""
    with hosting(tmp_path_factory.mktemp("host")) as stub:
        yield stub


@pytest.fixture
def host(one_host: HostedStub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> HostedStub:
    """A host without connectors that has seen nothing, named by the environment of the client."""
    for kept in (one_host.connectors, one_host.tokens, one_host.seen, one_host.faults, one_host.envelope):
        kept.clear()
    one_host.lives, one_host.pause, one_host.states = 900, 0.0, "plan"
    for name in (ORGANIZATION, REDIRECTED, "MCP_ADS_SANDBOX", "MCP_ADS_WRITES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path / "home"))
    for name, value in zip((HOST_URL, *CLIENT), (one_host.url, CLIENT_ID, CLIENT_SECRET), strict=True):
        monkeypatch.setenv(name, value)
    return one_host
