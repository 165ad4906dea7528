"""20,000 campaigns of one account read through cursors, grouped, and saved: the memory beside that of 200.

`python -m benchmarks.long_lists [PLATFORM …]`: against the sandbox in a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mcp_ads.engine.door import Engine
from mcp_ads.settings import load

from .crowded_sandbox import ACCOUNTS
from .fan_out import peak
from .report import Number, judged
from .versus import HERE

FEW, MANY, MOST_GROWTH = 200, 20_000, 1.5
WAYS = ("cursors", "group_by", "save_to")


def numbers(platforms: Iterable[str] = ACCOUNTS) -> Iterable[Number]:
    """Peak memory of each way, beside that of a short list; how many rows came, and how long it took."""
    with crowded(FEW) as few, crowded(MANY) as many:
        for platform in platforms:
            for way in WAYS:
                short, long = played(few, platform, way), played(many, platform, way)
                title = f"{platform}: {MANY:,} campaigns by {way}"
                detail = f"{long['megabytes']:.0f} MB; {short['megabytes']:.0f} MB for {short['rows']:,} rows"
                growth = long["megabytes"] / short["megabytes"]
                yield Number(f"{title}, memory beside {FEW}", growth, "x", MOST_GROWTH, detail)
                lost = MANY - FEW - (long["rows"] - short["rows"])
                yield Number(f"{title}, lost or twice", abs(lost) + long["twice"], "rows", 0)
                yield Number(f"{title}, time", long["seconds"], "s", None, f"in {long['calls']} calls")


@contextmanager
def crowded(count: int) -> Iterator[dict[str, str]]:
    """The variables of a sandbox that has so many more campaigns."""
    command = [sys.executable, "-m", "benchmarks.crowded_sandbox", str(count)]
    with subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE) as running:
        assert running.stdout
        try:
            lines = running.stdout.read().decode().splitlines()
            yield dict(line.split("=", 1) for line in lines)
        finally:
            running.terminate()


def played(variables: Mapping[str, str], platform: str, way: str) -> Mapping[str, Any]:
    """What reading the whole list in one way took, in a process of its own."""
    with tempfile.TemporaryDirectory() as home:
        (files := Path(home) / "files").mkdir()
        ours = {"MCP_ADS_HOME": f"{home}/ads", "MCP_ADS_FILES": str(files), "MCP_ADS_KEYRING": "off"}
        command = [sys.executable, "-m", "benchmarks.long_lists", platform, way]
        environ = {**os.environ, **variables, **ours}
        done = subprocess.run(command, env=environ, cwd=HERE, check=True, stdout=subprocess.PIPE)
        found: dict[str, Any] = json.loads(done.stdout)
    return found


async def measured(platform: str, way: str) -> Mapping[str, Any]:
    """Rows, calls, seconds, and the most memory."""
    engine, (entity, account) = Engine(load()), ACCOUNTS[platform]
    asked: dict[str, Any] = {"account_id": account}
    began, ids, rows, calls = time.perf_counter(), set[str](), 0, 0
    if way == "cursors":
        cursor = ""
        while cursor or not calls:
            more = {"cursor": cursor} if cursor else {}
            found = await engine.execute(platform, entity, "list", {**asked, **more, "limit": 1000})
            engine.text(found)
            rows, calls, cursor = rows + len(found.data), calls + 1, found.meta.get("cursor", "")
            ids |= {str(row.get("id") or row.get("campaignId")) for row in found.data}
    else:
        state = "state" if platform == "amazon_ads" else "status"
        how = {"group_by": state} if way == "group_by" else {"save_to": "all.csv", "limit": 10}
        found = await engine.execute(platform, entity, "list", {**asked, **how})
        calls, rows = 1, _counted(found, Path(os.environ["MCP_ADS_FILES"]) / "all.csv")
    took = time.perf_counter() - began
    await engine.close()
    twice = rows - len(ids) if ids else 0
    return {"rows": rows, "twice": twice, "calls": calls, "seconds": took, "megabytes": peak()}


def _counted(found: Any, file: Path) -> int:
    if file.exists():
        with file.open(encoding="utf-8") as lines:
            return sum(1 for _ in lines) - 1
    return sum(int(row["count"]) for row in found.data)


if __name__ == "__main__":
    if sys.argv[2:] and sys.argv[2] in WAYS:
        print(json.dumps(asyncio.run(measured(*sys.argv[1:3]))))
    else:
        sys.exit(judged(numbers(sys.argv[1:] or ACCOUNTS)))
