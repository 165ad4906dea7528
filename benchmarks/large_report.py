"""While a report of 52 MB is read: the time of other calls of the same process, and its memory."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .report import Number

ROWS = 270_000
MOST_MS = 100.0
MOST_MB = 300.0
TESTS = Path(__file__).parents[1] / "tests"
MEASURED = """
import asyncio, json, sys, time
from pathlib import Path
import httpx
sys.path[:0] = sys.argv[3:]
from engine_client import AMAZON, FACEBOOK, US, EngineClient
from planning import SPRING, applied, planned
from middle import in_front
from test_big_reports import CALL, answers
from mcp_ads.engine.wire import deadline
deadline.DEADLINE = 105.0  # a busy machine reads it for longer than a call may take

class Pieces(httpx.AsyncByteStream):
    async def __aiter__(self):
        with open(sys.argv[2], "rb") as file:
            while part := file.read(65536):
                yield part
                await asyncio.sleep(0)

async def main():
    engine_client = EngineClient(Path(sys.argv[1]), {})
    usual = answers(b"")
    in_front(engine_client.workspace, lambda request: httpx.Response(200, stream=Pieces())
             if request.url.path == "/x.gz" else usual(request))
    params = {"account_id": US, "limit": 25}
    usual_waits = []
    for _ in range(40):
        at = time.perf_counter()
        await engine_client.workspace.answer(FACEBOOK, "campaigns", "list", params)
        usual_waits.append(time.perf_counter() - at)
        await asyncio.sleep(0.02)
    before = int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1])
    begun = time.perf_counter()
    sorted_rows = {"sort": "-cost", "limit": 3}
    report = asyncio.create_task(engine_client.do(AMAZON, "reports", "download", **sorted_rows, **CALL))
    waits = []
    while not report.done():
        at = time.perf_counter()
        await engine_client.workspace.answer(FACEBOOK, "campaigns", "list", params)
        waits.append(time.perf_counter() - at)
        await asyncio.sleep(0.02)
    result = report.result()
    peak = int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1])
    await engine_client.close()
    waits.sort()
    print(json.dumps({"seconds": time.perf_counter() - begun, "peak": peak / 1024, "before": before / 1024,
                      "total": result.meta["total"], "calls": len(waits), "slowest": waits[-1],
                      "usual": sorted(usual_waits)[37],
                      "p95": waits[int(len(waits) * 0.95)], "first": result.data[0]["cost"]}))

asyncio.run(main())
"""


def measured(folder: Path, count: int) -> dict[str, Any]:
    """What a report of so many rows takes, and what other calls take meanwhile, in a process of its own."""
    file = folder / "report.gz"
    with gzip.open(file, "wb", compresslevel=1) as packed:
        for at in range(0, count, 1000):
            part = json.dumps(_some(at, min(1000, count - at)))
            packed.write((b"[" if at == 0 else b",") + part[1:-1].encode())
        packed.write(b"]")
    paths = [str(TESTS), str(TESTS / "engine")]
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, str(folder / "home"), str(file), *paths],
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    if run.returncode:
        raise RuntimeError(run.stderr)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def _some(start: int, count: int) -> list[dict[str, Any]]:
    long = "a search term of the usual length, with a product and a colour"
    return [
        {"campaignId": 900719925474099300 + n, "campaignName": f"Schuhe {n}", "impressions": n % 991,
         "clicks": n % 97, "cost": n % 83 / 4, "searchTerm": f"{long} {n}"}
        for n in range(start, start + count)
    ]  # fmt: skip


def numbers() -> Iterable[Number]:
    """The slowest 5 of 100 other calls meanwhile, and the most memory the process had."""
    with tempfile.TemporaryDirectory() as folder:
        found = measured(Path(folder), ROWS)
    usual = f"{found['usual'] * 1000:.0f} ms without a report; slowest {found['slowest'] * 1000:.0f} ms"
    yield Number("other calls meanwhile, p95", found["p95"] * 1000, "ms", MOST_MS, usual)
    yield Number("peak memory", found["peak"], "MB", MOST_MB, f"{found['before']:.0f} MB before")
