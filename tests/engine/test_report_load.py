"""What a large report costs everything else: time of other calls, memory of the process.

Other calls are to answer within a tenth of a second. That is a figure for a machine that does nothing else;
where the same calls take long without a report too, it is a multiple of what 95 of 100 of them take there.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TENTH = 0.1
MEASURED = """
import asyncio, json, sys, time
from pathlib import Path
import httpx
sys.path[:0] = sys.argv[3:]
from desk import AMAZON, FACEBOOK, US, Desk
from hands import SPRING, applied, planned
from middle import in_front
from test_big_reports import CALL, answers

class Pieces(httpx.AsyncByteStream):
    async def __aiter__(self):
        with open(sys.argv[2], "rb") as file:
            while part := file.read(65536):
                yield part
                await asyncio.sleep(0)

async def main():
    desk = Desk(Path(sys.argv[1]), {})
    usual = answers(b"")
    in_front(desk.workspace, lambda request: httpx.Response(200, stream=Pieces())
             if request.url.path == "/x.gz" else usual(request))
    params = {"account_id": US, "limit": 25}
    usual_waits = []
    for _ in range(40):
        at = time.perf_counter()
        await desk.workspace.answer(FACEBOOK, "campaigns", "list", params)
        usual_waits.append(time.perf_counter() - at)
        await asyncio.sleep(0.02)
    before = int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1])
    begun = time.perf_counter()
    report = asyncio.create_task(desk.do(AMAZON, "reports", "download", sort="-cost", limit=3, **CALL))
    waits = []
    while not report.done():
        at = time.perf_counter()
        await desk.workspace.answer(FACEBOOK, "campaigns", "list", params)
        waits.append(time.perf_counter() - at)
        await asyncio.sleep(0.02)
    result = report.result()
    peak = int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1])
    await desk.close()
    waits.sort()
    print(json.dumps({"seconds": time.perf_counter() - begun, "peak": peak / 1024, "before": before / 1024,
                      "total": result.meta["total"], "calls": len(waits), "slowest": waits[-1],
                      "usual": sorted(usual_waits)[37],
                      "p95": waits[int(len(waits) * 0.95)], "first": result.data[0]["cost"]}))

asyncio.run(main())
"""


def measured(tmp_path: Path, count: int) -> dict[str, Any]:
    """What a report of so many rows takes, and what other calls take meanwhile, in a process of its own."""
    file = tmp_path / "report.gz"
    with gzip.open(file, "wb", compresslevel=1) as packed:
        for at in range(0, count, 1000):
            part = json.dumps(_some(at, min(1000, count - at)))
            packed.write((b"[" if at == 0 else b",") + part[1:-1].encode())
        packed.write(b"]")
    here = Path(__file__).parent
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, str(tmp_path / "home"), str(file), str(here), str(here.parent)],
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def _some(start: int, count: int) -> list[dict[str, Any]]:
    long = "a search term of the usual length, with a product and a colour"
    return [
        {"campaignId": 900719925474099300 + n, "campaignName": f"Schuhe {n}", "impressions": n % 991,
         "clicks": n % 97, "cost": n % 83 / 4, "searchTerm": f"{long} {n}"}
        for n in range(start, start + count)
    ]  # fmt: skip


def test_other_calls_go_on_meanwhile(tmp_path: Path) -> None:
    """A report of some megabytes: other calls take little longer than on an idle process."""
    found = measured(tmp_path, 15_000)
    assert (found["total"], found["first"]) == (15_000, 20.5)
    _answer_in_time(found)


@pytest.mark.slow
def test_a_report_of_52_megabytes(tmp_path: Path) -> None:
    """Every other call answers within a tenth of a second, and the process stays below 300 MB."""
    found = measured(tmp_path, 270_000)
    assert found["total"] == 270_000
    assert found["peak"] < 300
    _answer_in_time(found)


def _answer_in_time(found: dict[str, Any]) -> None:
    """All within a tenth of a second; on a busy machine most within four times the usual, all within ten."""
    assert found["p95"] < max(TENTH, 4 * found["usual"]), found
    assert found["slowest"] < max(TENTH, 10 * found["usual"]), found
