"""Small things people stumbled over: what is already so, options that do nothing, a log that is not whole."""

from __future__ import annotations

import pytest
from engine_client import AMAZON, FACEBOOK, PROFILE, EngineClient
from planning import SPRING
from shell import Shell

from mcp_ads.errors import BadSettings
from mcp_ads.serving import parse


@pytest.mark.anyio
async def test_what_is_already_so_is_said_in_major_units(engine_client: EngineClient) -> None:
    """Nobody reads minor units or nested objects."""
    result = await engine_client.do(
        FACEBOOK, "campaigns", "update", campaign_id=SPRING, daily_budget="50 USD"
    )
    assert "already 50.00 USD a day" in result.text
    entity = "sponsored_product_campaigns"
    rows = (
        await engine_client.do(AMAZON, entity, "list", profile_id=PROFILE, state=["ENABLED"], limit=1)
    ).data
    params = {"profile_id": PROFILE, "campaign_id": rows[0]["campaignId"], "state": "ENABLED"}
    result = await engine_client.do(AMAZON, entity, "update", **params)
    assert "already ENABLED" in result.text


def test_an_option_that_does_nothing() -> None:
    """A port over stdio would be ignored without a word."""
    with pytest.raises(BadSettings, match="--port: over stdio nobody listens"):
        parse(["--port", "9000"])
    assert parse(["--transport", "http", "--port", "9000"])["port"] == "9000"


def test_the_doctor_sees_a_log_that_is_not_whole(shell: Shell) -> None:
    """A log that can be written is not yet the one that was written."""
    shell.set(MCP_ADS_SANDBOX="1")
    call = ("call", "facebook", "campaigns", "pause", "--params", f'{{"campaign_id": "{SPRING}"}}')
    _, out, _ = shell.run(*call)
    shell.run("apply", next(line[5:] for line in out.split("\n") if line.startswith("PLAN ")))
    assert "and is whole" in shell.run("doctor")[1]
    log = shell.home / "sandbox" / "audit.jsonl"
    log.write_text(log.read_text().replace("PAUSED", "ACTIVE", 1))
    code, out, _ = shell.run("doctor")
    assert code == 1
    assert "is not whole" in out
