"""While a report of a million rows is read: other calls of the same process, memory, disk; then looks at it.

What reading takes is compared with what unpacking and parsing the same file alone takes, at once and in full.
"""

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

ROWS = 1_000_000
MOST_MS = 100.0
MOST_MB, MOST_MORE_MB, MOST_DISK_MB = 300.0, 120.0, 120.0
MOST_TIMES, MOST_LOOK = 1.7, 0.5
"""The first answer is timed with nothing else to do: what other calls take meanwhile is theirs."""
MOST_SECONDS = 400
TESTS = Path(__file__).parents[1] / "tests"
MEASURED = """
import asyncio, json, sys, time
from pathlib import Path
import httpx
sys.path[:0] = sys.argv[3:]
from engine_client import AMAZON, FACEBOOK, US, EngineClient
from planning import SPRING, applied, planned
from middle import in_front
from report_files import CALL, answers
from mcp_ads.engine.wire import deadline
deadline.DEADLINE = 390.0  # a busy machine reads it for longer than a call may take

LOOKS = {
    "sorted by two, the first": {"sort": "-cost,searchTerm", "limit": 1000},
    "sorted by two, rows 9,000 to 10,000": {"sort": "-cost,searchTerm", "limit": 1000, "cursor": 9},
    "the first thousand": {"top": 1000, "limit": 1000},
    "sorted by two": {"sort": "-sales7d,searchTerm", "limit": 50},
    "sorted by a million texts": {"sort": "searchTerm", "limit": 25},
    "two amounts": {"where": "cost > 2 USD and sales7d > 0.5"},
    "part of a million texts": {"where": "searchTerm ~ 'wide'", "sort": "-clicks"},
    "a pattern": {"where": "searchTerm like '%wide%size 12%'", "sort": "-cost"},
    "a pattern of a name": {"where": "campaignName like '%exact%'", "top": 25},
    "an id": {"where": "campaignId = '900719925474099300'"},
    "a ratio": {"where": "acos > 40%", "sort": "-acos"},
    "by campaign": {"group_by": "campaignName", "sort": "-cost"},
    "by match type": {"group_by": "matchType"},
    "by two, of some": {"group_by": "targeting,matchType", "where": "clicks > 1", "sort": "-acos"},
    "by ad group": {"group_by": "adGroupId", "sort": "-cost"},
}

class Pieces(httpx.AsyncByteStream):
    async def __aiter__(self):
        with open(sys.argv[2], "rb") as file:
            while part := file.read(65536):
                yield part
                await asyncio.sleep(0)

def client(name):
    engine_client = EngineClient(Path(sys.argv[1]) / name, {})
    usual = answers(b"")
    in_front(engine_client.workspace, lambda request: httpx.Response(200, stream=Pieces())
             if request.url.path == "/x.gz" else usual(request))
    return engine_client

async def timed(engine_client, **look):
    at = time.perf_counter()
    found = await engine_client.do(AMAZON, "reports", "download", **look, **CALL)
    assert found.meta["total"] and found.data, (look, found.meta)
    return time.perf_counter() - at, found

async def other(engine_client):
    at = time.perf_counter()
    await engine_client.workspace.answer(FACEBOOK, "campaigns", "list", {"account_id": US, "limit": 25})
    waited = time.perf_counter() - at
    await asyncio.sleep(0.02)
    return waited

def most_memory():
    return int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1]) / 1024

async def main():
    engine_client = client("alone")
    usual_waits = [await other(engine_client) for _ in range(40)]
    before = most_memory()
    alone, _ = await timed(engine_client, sort="-cost", limit=3)
    await engine_client.close()
    engine_client = client("beside")
    report, waits = asyncio.create_task(timed(engine_client, sort="-cost", limit=3)), []
    while not report.done():
        waits.append(await other(engine_client))
    beside, result = report.result()
    peak, looks = most_memory(), {}
    for name, look in LOOKS.items():
        for _ in range(look.pop("cursor", 0)):
            _, page = await timed(engine_client, **look)
            look["cursor"] = page.meta["cursor"]
        looks[name], _ = await timed(engine_client, **look)
    disk = sum(path.stat().st_size for path in (engine_client.home / "spool").iterdir())
    await engine_client.close()
    waits.sort()
    print(json.dumps({"alone": alone, "beside": beside, "peak": peak, "before": before, "disk": disk / 2**20,
                      "total": result.meta["total"], "calls": len(waits), "slowest": waits[-1],
                      "looks": looks, "usual": sorted(usual_waits)[37],
                      "p95": waits[int(len(waits) * 0.95)], "first": result.data[0]["cost"]}))

asyncio.run(main())
"""


PARSED = """
import gzip, json, sys, time
begun = time.perf_counter()
json.loads(gzip.open(sys.argv[1]).read())
print(time.perf_counter() - begun)
"""
ADJECTIVES = ("red", "blue", "leather", "waterproof", "running", "trail", "cheap", "slim", "wide", "kids")
NOUNS = ("shoes", "boots", "sandals", "sneakers", "trainers", "slippers", "socks", "laces", "bag", "wallet")


def measured(folder: Path, count: int) -> dict[str, Any]:
    """What a report of so many rows takes, and what other calls take meanwhile, in a process of its own."""
    file = folder / "report.gz"
    with gzip.open(file, "wb", compresslevel=1) as packed:
        for at in range(0, count, 1000):
            part = json.dumps([_row(number) for number in range(at, min(at + 1000, count))])
            packed.write((b"[" if at == 0 else b",") + part[1:-1].encode())
        packed.write(b"]")
    found: dict[str, Any] = json.loads(_run(MEASURED, folder / "home", file, TESTS, TESTS / "engine"))
    return {**found, "parsed": float(_run(PARSED, file))}


def _run(program: str, *paths: Path) -> str:
    run = subprocess.run(
        [sys.executable, "-c", program, *map(str, paths)],
        capture_output=True, text=True, timeout=MOST_SECONDS, check=False,
    )  # fmt: skip
    if run.returncode:
        raise RuntimeError(run.stderr)
    return run.stdout


def _row(n: int) -> dict[str, Any]:
    """One of a search-term report with the columns Amazon's has by default, and names as they are."""
    keyword, group = n * 7919 % 60_000, n * 7919 % 3_000
    noun, adjective, more = NOUNS[keyword % 10], ADJECTIVES[keyword % 9], ADJECTIVES[n * 31 % 10]
    clicks = n % 97 % 4
    return {
        "campaignId": 900719925474099300 + group % 400,
        "campaignName": f"SP | {noun} | Exact | {group % 400}",
        "adGroupId": 310719925474099300 + group * 104_729,
        "adGroupName": f"{adjective.title()} {noun} {group}",
        "keywordId": 510719925474099300 + keyword * 15_485_863, "targeting": f"{adjective} {noun}",
        "matchType": "EXACT", "searchTerm": f"{adjective} {noun} {more} size {n * 31 % 4_001}",
        "impressions": n % 991, "clicks": clicks, "cost": n % 83 / 4 if clicks else 0.0,
        "purchases7d": int(n % 53 == 0), "sales7d": n % 7_919 / 100 if n % 53 == 0 else 0.0,
    }  # fmt: skip


def numbers() -> Iterable[Number]:
    """The slowest 5 of 100 other calls meanwhile, the most memory there was, and how long looks take."""
    with tempfile.TemporaryDirectory() as folder:
        found = measured(Path(folder), ROWS)
    usual = f"{found['usual'] * 1000:.0f} ms without a report; slowest {found['slowest'] * 1000:.0f} ms"
    times = f"{found['alone']:.1f} s with the first look; gzip and json alone {found['parsed']:.1f} s"
    beside = f"with {found['calls']} other calls answered meanwhile"
    more = found["peak"] - found["before"]
    yield Number("other calls meanwhile, p95", found["p95"] * 1000, "ms", MOST_MS, usual)
    yield Number("peak memory", found["peak"], "MB", MOST_MB, f"{found['before']:.0f} MB before")
    yield Number("memory it takes", more, "MB", MOST_MORE_MB)
    yield Number("on disk", found["disk"], "MB", MOST_DISK_MB, f"{ROWS:,} rows")
    yield Number(
        "first answer, times gzip and json", found["alone"] / found["parsed"], "x", MOST_TIMES, times
    )
    yield Number("the same, other calls meanwhile", found["beside"] / found["parsed"], "x", detail=beside)
    for name, seconds in found["looks"].items():
        yield Number(f"a look: {name}", seconds, "s", MOST_LOOK)
