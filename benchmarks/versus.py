"""`python -m benchmarks.versus REVISION`: this version beside an older one, against the same servers.

Both run the same driver with the same Python, in turn, each in processes of its own. Exit code 1: a target is
missed.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from .report import Number, judged
from .sandbox_server import sandbox
from .stub import many_campaigns, slow_sandbox

HERE = Path(__file__).parents[1]
ROUNDS, CALLS = 5, 200
PAGES, ROWS = 40, 20_000
CHANGES, LATENCY = 100, 0.4
MOST_MEAN, MOST_P99 = 0.7, 0.3
MOST_REQUESTS, MOST_CALL = 45, 45.0


@contextmanager
def checkout(revision: str) -> Iterator[Path]:
    """An older version of this repository in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["git", "archive", revision, "mcp_ads"], cwd=HERE, check=True, capture_output=True
        )
        subprocess.run(["tar", "-x", "-C", folder], input=packed.stdout, check=True)
        yield Path(folder)


def play(code: Path, url: str, scene: str, argument: str) -> Mapping[str, Any]:
    """What the driver measures with one version of the package."""
    with tempfile.TemporaryDirectory() as home:
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "LANG") if name in os.environ}
        ours = {"HOME": home, "MCP_ADS_HOME": home, "PYTHONPATH": f"{code}", "PYTHONSAFEPATH": "1"}
        facebook = {"FACEBOOK_MARKETING_ACCESS_TOKEN": "sandbox-token", "FACEBOOK_MARKETING_BASE_URL": url}
        command = [sys.executable, str(HERE / "benchmarks" / "driver.py"), scene, argument]
        done = subprocess.run(
            command, env={**kept, **ours, **facebook}, cwd=home, check=True, capture_output=True, text=True
        )
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def calls(old: Path) -> Iterable[Number]:
    """Mean, 99th percentile and processor time of a call for 25 rows.

    The limits are for a server that takes next to no time itself: what the sandbox takes is in both.
    """
    for name, server, limits in (
        ("a stub", partial(many_campaigns, ROWS), (MOST_MEAN, MOST_P99)),
        ("the sandbox", sandbox, (None, None)),
    ):
        times: dict[Path, list[float]] = {old: [], HERE: []}
        worked = dict.fromkeys(times, 0.0)
        with server() as url:
            for _ in range(ROUNDS):
                for code in times:
                    found = play(code, url, "calls", str(CALLS))
                    times[code] += found["seconds"]
                    worked[code] += found["worked"]
        yield _beside("mean", name, statistics.fmean(times[HERE]), statistics.fmean(times[old]), limits[0])
        yield _beside("p99", name, _p99(times[HERE]), _p99(times[old]), limits[1])
        now, before = (worked[code] / len(times[code]) for code in (HERE, old))
        yield _beside("processor time", name, now, before)


def _beside(what: str, server: str, now: float, before: float, limit: float | None = None) -> Number:
    detail = f"{now * 1000:.2f} ms; before {before * 1000:.2f} ms"
    return Number(f"a call for 25 rows, {server}, {what}", now / before, "x", limit, detail)


def _p99(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100)[98]


def requests(old: Path) -> Iterable[Number]:
    """Requests it takes to read long lists through MCP."""
    for entity, limit in (("campaigns", MOST_REQUESTS), ("ads_insights", None)):
        for code in (old, HERE):
            with many_campaigns(ROWS) as url:
                found = play(code, url, "everything", entity)
                asked = httpx.get(f"{url}/_stub/requests").json()
            assert found["rows"] == ROWS, f"{found['rows']} rows of {ROWS}"
            version, most = ("now", limit) if code == HERE else ("before", None)
            what = f"{ROWS:,} {entity} on {PAGES} pages, {version}"
            yield Number(what, asked, "requests", most, f"in {found['calls']} calls")


def undoing(old: Path) -> Iterable[Number]:
    """Whether the undo of many changes is whole where every request is slow, and how long a call took."""
    for code in (old, HERE):
        with slow_sandbox(LATENCY) as url:
            found = play(code, url, "undo", str(CHANGES))
        now = code == HERE
        version = "now" if now else "before"
        missing = found["objects"] - found["undone"]
        what = f"{found['objects']} changes at {LATENCY * 1000:.0f} ms, not in the undo, {version}"
        detail = f"planned in {found['planned']:.1f} s, applied in {found['applied']:.1f} s"
        yield Number(what, missing, "changes", 0 if now else None, detail)
        yield Number(f"the longest call of it, {version}", found["longest"], "s", MOST_CALL if now else None)


def main(revision: str) -> int:
    """Run all of it; say which targets were missed."""
    with checkout(revision) as old:
        return judged(number for part in (calls, requests, undoing) for number in part(old))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
