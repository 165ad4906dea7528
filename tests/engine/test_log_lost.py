"""Rises are measured by the log of the last 24 hours: where it is not whole, nothing rises."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_client import FACEBOOK, EngineClient
from planning import SPRING, SURF, applied, planned
from shell import Shell

from mcp_ads.engine.records.remembered import Memory
from mcp_ads.errors import OverCap

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]


async def _raised(engine_client_with: EngineClients) -> tuple[EngineClient, Path]:
    """An engine client that rose once from 50 to 60, all that is allowed in a day; and its log."""
    engine_client = engine_client_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="20")
    await _rise(engine_client, "60 USD")
    with pytest.raises(OverCap, match="over its lowest of the last 24 hours"):
        await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="72 USD")
    return engine_client, engine_client.home / "audit.jsonl"


async def _rise(engine_client: EngineClient, to: str) -> None:
    await applied(
        engine_client,
        await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget=to),
    )


LOSSES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "emptied": lambda path: path.write_bytes(b""),
    "garbled": lambda path: path.write_bytes(b"\xff noise\n"),
    "its end cut off": lambda path: path.write_bytes(path.read_bytes().splitlines(keepends=True)[0]),
    "its beginning cut off": lambda path: path.write_bytes(path.read_bytes().splitlines(keepends=True)[1]),
    "a line changed": lambda path: path.write_bytes(path.read_bytes().replace(b'"50.00"', b'"60.00"', 1)),
    "half a line added": lambda path: path.write_bytes(path.read_bytes() + b'{"time'),
    "moved away": lambda path: path.rename(path.with_name("audit.1")),
}


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_log_that_lost_lines_measures_no_rise(engine_client_with: EngineClients, loss: str) -> None:
    """Whatever became of the log within the day, a rise is refused and says why."""
    engine_client, path = await _raised(engine_client_with)
    LOSSES[loss](path)
    with pytest.raises(Exception, match="audit log") as refused:
        await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="72 USD")
    assert refused.type.__name__ in ("OverCap", "NoRecord")


async def test_lines_written_after_the_loss_do_not_hide_it(engine_client_with: EngineClients) -> None:
    """A log moved away and begun anew is not whole for the rest of the day; then it is."""
    engine_client, path = await _raised(engine_client_with)
    path.unlink()
    await applied(
        engine_client, await planned(engine_client, "campaigns", "update", campaign_id=SURF, name="A")
    )
    await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="55 USD")
    with pytest.raises(OverCap, match="lines of it that were there are gone; until 20"):
        await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="72 USD")
    mark = engine_client.home / "audit.mark"
    lost = json.loads(mark.read_text())
    mark.write_text(json.dumps({**lost, "lost": time.time() - 90_000}))
    await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="72 USD")


async def test_a_mark_that_cannot_be_read_is_no_new_beginning(engine_client_with: EngineClients) -> None:
    """A garbled memory refuses rises while it is of today; one that is behind the log does not."""
    engine_client, path = await _raised(engine_client_with)
    mark, lines = engine_client.home / "audit.mark", path.read_text().splitlines()
    Memory(mark).write(lines[0], 0.0)
    await planned(engine_client, "campaigns", "update", campaign_id=SURF, daily_budget="81 USD")
    mark.write_text("noise")
    with pytest.raises(OverCap, match="not whole"):
        await planned(engine_client, "campaigns", "update", campaign_id=SURF, daily_budget="81 USD")
    os.utime(mark, (1, 1))
    await planned(engine_client, "campaigns", "update", campaign_id=SURF, daily_budget="81 USD")


async def test_a_log_moved_after_a_day_is_no_loss(engine_client_with: EngineClients) -> None:
    """Rotating a log whose last line is older than a day changes nothing, nor does a home without any."""
    engine_client, path = await _raised(engine_client_with)
    mark = engine_client.home / "audit.mark"
    mark.write_text(json.dumps({**json.loads(mark.read_text()), "time": time.time() - 90_000}))
    path.unlink()
    await _rise(engine_client, "72 USD")
    path.unlink()
    mark.unlink()
    await _rise(engine_client, "80 USD")


async def test_forgetting_the_sandbox_forgets_its_log(shell: Shell, tmp_path: Path) -> None:
    """Budgets begin anew, and so does what is remembered of them."""
    engine_client = EngineClient(tmp_path / "home", {})
    await applied(
        engine_client,
        await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="60 USD"),
    )
    await engine_client.close()
    assert (engine_client.home / "audit.mark").exists()
    assert shell.run("sandbox", "--reset")[0] == 0
    assert not (engine_client.home / "audit.jsonl").exists()
    assert not (engine_client.home / "audit.mark").exists()
    again = EngineClient(tmp_path / "home", {"MCP_ADS_MAX_BUDGET_INCREASE_PCT": "20"})
    await again.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, daily_budget="60 USD")
    await again.close()
