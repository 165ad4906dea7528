"""`mcp-ads demo`: one session that shows everything, the same every time."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from shell import process

from mcp_ads.commands import demo
from mcp_ads.commands.stage import Failed, Stage

SCENES = (
    "1. 6 tools", "2. ads_describe", "3. Campaigns", "4. What they cost", "5. A launch",
    "6. Pause what wasted money", "7. A wrong call", "What next",
)  # fmt: skip


@pytest.mark.slow
def test_the_demo_shows_everything(tmp_path: Path) -> None:
    """Every scene, whatever the environment says; no colour in a pipe, no id that is cut, nothing left."""
    (tmp_path / ".env").write_text("MCP_ADS_WRITES=off\n")
    done = process(
        "demo",
        here=tmp_path,
        MCP_ADS_HOME=str(tmp_path / "home"),
        MCP_ADS_WRITES="off",
        FACEBOOK_MARKETING_BASE_URL="https://evil.example",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == [".env"]
    assert not re.search(r"[0-9]{4}…|[0-9]\.[0-9]*…", done.stdout)
    places = [done.stdout.index(f"\n{scene}") for scene in SCENES]
    assert places == sorted(places)
    assert "APPLIED: 3 of 3 done" in done.stdout
    assert re.search(r"PLAN pause-\d+-campaigns\.minus-", done.stdout)
    assert re.search(r"status ACTIVE → PAUSED", done.stdout)
    assert re.search(r"status PAUSED → ACTIVE", done.stdout)
    assert "ERROR InvalidParams" in done.stdout
    assert "did you mean" in done.stdout


class Broken:
    """A client whose server fails every call."""

    async def call_tool(self, *_: Any, **__: Any) -> Any:
        return SimpleNamespace(is_error=True, content=[SimpleNamespace(text="ERROR PlatformDown: no")])


def test_a_step_that_fails_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """A failing call ends the demo instead of being shown as if it were right."""
    stage = Stage(Broken())  # type: ignore[arg-type]
    with pytest.raises(Failed, match="PlatformDown"):
        asyncio.run(demo.describe(stage))
    assert "ads_describe()" in capsys.readouterr().out
