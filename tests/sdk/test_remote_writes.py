"""Writes at a host: what has to be said before one is sent, and what only this process could hold them to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hosted_stub import CLIENT_ID, CLIENT_SECRET, Fault, HostedStub
from hosts import host, one_host

from mcp_ads import FacebookMarketingConnector, HostedExecutor, Workspace, connect
from mcp_ads.errors import BadSettings, PolicyError, WritesOff

__all__ = ["host", "one_host"]
pytestmark = pytest.mark.anyio
US, SPRING = "1234567890", "1202110000000000340"
RENAME = ("campaigns", "update", {"campaign_id": SPRING, "name": "Renamed"})
CLIENT = f'[clients.c]\naccounts = ["facebook:{US}"]\nprotected = ["Spring*"]\n'


def protect(text: str) -> None:
    """Write down the clients there are."""
    home = Path(os.environ["MCP_ADS_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    (home / "clients.toml").write_text(text)


@pytest.mark.parametrize(
    ("states", "given", "variable", "is_sent"),
    [
        ("plan", None, None, True),
        ("plan", "plan", "plan", True),
        ("plan", "direct", None, True),
        ("direct", "direct", None, True),
        (None, None, "direct", True),
        (None, None, None, False),
        (None, "plan", "direct", False),
        (None, "direct", "plan", False),
        ("direct", None, "plan", False),
        ("PLAN", None, None, False),
        (["plan"], "plan", None, False),
        ("off", "direct", "direct", False),
        ("plan", "direct", "off", False),
        ("plan", False, None, False),
    ],
)
async def test_what_lets_a_write_through(
    host: HostedStub, monkeypatch: pytest.MonkeyPatch, states: Any, given: Any, variable: str, is_sent: bool
) -> None:
    """The host states that it plans, or the program lets it do without; the strictest of all holds."""
    host.states, there = states, host.add("facebook-marketing")
    if variable:
        monkeypatch.setenv("MCP_ADS_WRITES", variable)
    entity, action, params = RENAME
    async with (
        FacebookMarketingConnector(connector_id=there, writes=given) as connector,
        HostedExecutor(connector_id=there, writes=given) as executor,
        Workspace(writes=given) as workspace,
    ):
        if is_sent:
            assert (await connector.execute(*RENAME)).status == "planned"
            assert len(host.calls("/execute")) == 1
            return
        for call in (
            connector.execute(*RENAME),
            connector.execute("campaigns", "no_such_action"),
            connector.apply("rename-x.y.12345678"),
            executor.execute(entity, action, params=params),
            (await workspace.get_connector(connector_id=there)).execute(entity, action, params=params),
            workspace.delete_connector(there),
        ):
            with pytest.raises(WritesOff) as refused:
                await call
            assert len(refused.value.lines) == 1
            assert refused.value.sent == "no"
        assert {seen.path.rpartition("/")[2] for seen in host.seen} <= {"token", "connectors"}
        assert (await connector.execute("campaigns", "get", {"campaign_id": SPRING})).id == SPRING


async def test_a_host_that_plans_no_longer(host: HostedStub) -> None:
    """What a token stated that is refused by now lets nothing be sent with the next one."""
    host.add("facebook-marketing")
    async with FacebookMarketingConnector(workspace_name="default") as connector:
        assert (await connector.execute(*RENAME)).status == "planned"
        host.expire()
        assert (await connector.execute(*RENAME)).status == "planned"
        host.expire()
        host.states = "direct"
        with pytest.raises(WritesOff, match="carries writes out at once"):
            await connector.execute(*RENAME)
    assert len(host.calls("/execute")) == 4


async def test_a_plan_that_was_to_be(host: HostedStub, caplog: pytest.LogCaptureFixture) -> None:
    """A host that states that it plans and does not is not believed to have planned."""
    there = host.add("facebook-marketing")
    host.script("execute", Fault(200, b'{"status": "success", "result": {"success": true}}'))
    async with FacebookMarketingConnector(connector_id=there) as connector:
        done = await connector.execute(*RENAME)
    assert done.success is True
    assert f"campaigns.update: {host.url} states that it plans writes, and did this" in done.warnings[0]
    assert done.warnings[0] in caplog.text


@pytest.mark.parametrize(
    ("name", "value", "reads_warn"),
    [
        ("MCP_ADS_MAX_DAILY_BUDGET", "10 USD", False),
        ("MCP_ADS_MAX_LIFETIME_BUDGET", "10 USD", False),
        ("MCP_ADS_MAX_BUDGET_INCREASE_PCT", "0", False),
        ("FACEBOOK_MARKETING_ACCOUNT_IDS", "999", True),
        (
            "protected in clients.toml",
            CLIENT,
            False,
        ),
    ],
)
@pytest.mark.parametrize("writes", [None, "direct"])
async def test_guards_of_this_process(
    host: HostedStub, monkeypatch: pytest.MonkeyPatch, name: str, value: str, reads_warn: bool, writes: Any
) -> None:
    """Each is named where the host cannot hold it: nothing is sent, and reads say so of a list."""
    there = host.add("facebook-marketing")
    if name.isupper():
        monkeypatch.setenv(name, value)
    connector = connect("facebook-marketing", connector_id=there, writes=writes)
    executor = HostedExecutor(connector_id=there, writes=writes)
    if not name.isupper():  # a person protects it while the program runs
        protect(value)
    entity, action, params = RENAME
    for call in (
        connector.execute(*RENAME),
        connector.apply("rename-x.y.12345678"),
        executor.execute(entity, action, params=params),
        Workspace(writes=writes).delete_connector(there),
    ):
        with pytest.raises(PolicyError) as refused:
            await call
        assert [line.partition(":")[0] for line in refused.value.lines] == [name]
    assert host.seen == []
    async with connector:
        listed = await connector.execute("campaigns", "list", {"account_id": US, "limit": 1})
    warned = [text.partition(":")[0] for text in listed.meta.get("warnings", [])]
    assert warned == ([name] if reads_warn else [])


async def test_amazons_profile_is_a_list(host: HostedStub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one profile that may be used is not the host's, either."""
    monkeypatch.setenv("AMAZON_ADS_PROFILE_ID", "999")
    connector = connect("amazon-ads", connector_id=host.add("amazon-ads"))
    with pytest.raises(PolicyError, match=r"^AMAZON_ADS_PROFILE_ID: is of this process"):
        await connector.execute("portfolios", "update", {})
    assert host.seen == []


async def test_no_way_around_airbytes_plans(host: HostedStub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Airbyte's API carries what is planned here, no way to a host does without the plans."""
    monkeypatch.setenv("MCP_ADS_BACKEND", "airbyte")
    for way in (
        Workspace,
        lambda: HostedExecutor(connector_id="x"),
        lambda: HostedExecutor(CLIENT_ID, CLIENT_SECRET, connector_id="x"),
    ):
        with pytest.raises(BadSettings, match="MCP_ADS_BACKEND: is airbyte"):
            way()
    assert host.seen == []
