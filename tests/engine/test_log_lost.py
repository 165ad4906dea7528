"""Rises are measured by the log of the last 24 hours: where it is not whole, nothing rises."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import FACEBOOK, Desk
from hands import SPRING, SURF, applied, planned
from shell import Shell

from mcp_ads.engine.records.remembered import Memory
from mcp_ads.errors import OverCap

pytestmark = pytest.mark.anyio
Desks = Callable[..., Desk]


async def _raised(desk_with: Desks) -> tuple[Desk, Path]:
    """A desk that rose once from 50 to 60, a fifth, which is all that is allowed in a day; and its log."""
    desk = desk_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="20")
    await _rise(desk, "60 USD")
    with pytest.raises(OverCap, match="over its lowest of the last 24 hours"):
        await planned(desk, "campaigns", "update", campaign_id=SPRING, daily_budget="72 USD")
    return desk, desk.home / "audit.jsonl"


async def _rise(desk: Desk, to: str) -> None:
    await applied(desk, await planned(desk, "campaigns", "update", campaign_id=SPRING, daily_budget=to))


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
async def test_a_log_that_lost_lines_measures_no_rise(desk_with: Desks, loss: str) -> None:
    """Whatever became of the log within the day, a rise is refused and says why."""
    desk, path = await _raised(desk_with)
    LOSSES[loss](path)
    with pytest.raises(Exception, match="audit log") as refused:
        await planned(desk, "campaigns", "update", campaign_id=SPRING, daily_budget="72 USD")
    assert refused.type.__name__ in ("OverCap", "NoRecord")


async def test_lines_written_after_the_loss_do_not_hide_it(desk_with: Desks) -> None:
    """A log moved away and begun anew is not whole for the rest of the day; then it is."""
    desk, path = await _raised(desk_with)
    path.unlink()
    await applied(desk, await planned(desk, "campaigns", "update", campaign_id=SURF, name="A"))
    await planned(desk, "campaigns", "update", campaign_id=SPRING, daily_budget="55 USD")
    with pytest.raises(OverCap, match="lines of it that were there are gone; until 20"):
        await planned(desk, "campaigns", "update", campaign_id=SPRING, daily_budget="72 USD")
    mark = desk.home / "audit.mark"
    lost = json.loads(mark.read_text())
    mark.write_text(json.dumps({**lost, "lost": time.time() - 90_000}))
    await planned(desk, "campaigns", "update", campaign_id=SPRING, daily_budget="72 USD")


async def test_a_mark_that_cannot_be_read_is_no_new_beginning(desk_with: Desks) -> None:
    """A garbled memory refuses rises while it is of today; one that is behind the log does not."""
    desk, path = await _raised(desk_with)
    mark, lines = desk.home / "audit.mark", path.read_text().splitlines()
    Memory(mark).write(lines[0], 0.0)
    await planned(desk, "campaigns", "update", campaign_id=SURF, daily_budget="81 USD")
    mark.write_text("noise")
    with pytest.raises(OverCap, match="not whole"):
        await planned(desk, "campaigns", "update", campaign_id=SURF, daily_budget="81 USD")
    os.utime(mark, (1, 1))
    await planned(desk, "campaigns", "update", campaign_id=SURF, daily_budget="81 USD")


async def test_a_log_moved_after_a_day_is_no_loss(desk_with: Desks) -> None:
    """Rotating a log whose last line is older than a day changes nothing, nor does a home without any."""
    desk, path = await _raised(desk_with)
    mark = desk.home / "audit.mark"
    mark.write_text(json.dumps({**json.loads(mark.read_text()), "time": time.time() - 90_000}))
    path.unlink()
    await _rise(desk, "72 USD")
    path.unlink()
    mark.unlink()
    await _rise(desk, "80 USD")


async def test_forgetting_the_sandbox_forgets_its_log(shell: Shell, tmp_path: Path) -> None:
    """Budgets begin anew, and so does what is remembered of them."""
    desk = Desk(tmp_path / "home", {})
    await applied(desk, await planned(desk, "campaigns", "update", campaign_id=SPRING, daily_budget="60 USD"))
    await desk.close()
    assert (desk.home / "audit.mark").exists()
    assert shell.run("sandbox", "--reset")[0] == 0
    assert not (desk.home / "audit.jsonl").exists()
    assert not (desk.home / "audit.mark").exists()
    again = Desk(tmp_path / "home", {"MCP_ADS_MAX_BUDGET_INCREASE_PCT": "20"})
    await again.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, daily_budget="60 USD")
    await again.close()
