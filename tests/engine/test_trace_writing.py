"""How the trace is written: beside the calls, and never elsewhere."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from engine_client import FACEBOOK, US, EngineClient

from mcp_ads.engine.wire.trace import Trace, read

pytestmark = pytest.mark.anyio


async def test_calls_do_not_wait_for_it(engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redacting and writing happen in a thread, however many calls there are."""
    threads: set[str] = set()
    honest = Trace._append

    def noting(trace: Trace, lines: list[str]) -> None:
        threads.add(threading.current_thread().name)
        honest(trace, lines)

    monkeypatch.setattr(Trace, "_append", noting)
    for _ in range(25):
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=1)
    engine_client.workspace.trace.flush()
    assert threads
    assert threading.main_thread().name not in threads
    assert len(read(engine_client.home / "trace.jsonl")) >= 25


@pytest.mark.skipif(os.name == "nt", reason="links of a POSIX system")
async def test_a_link_is_not_followed(engine_client: EngineClient, tmp_path: Path) -> None:
    """Where the trace should be there is a link: what it leads to stays as it is."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    engine_client.home.mkdir(exist_ok=True)
    (engine_client.home / "trace.jsonl").symlink_to(victim)
    await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=1)
    engine_client.workspace.trace.flush()
    assert victim.read_text() == "mine"
