"""What importing the package costs over bare Python, and a connector class beside the client."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterable

from .report import Number

RUNS = 15
MOST_MS = 60.0
SCRIPTS = {
    "bare": "pass",
    "package": "import mcp_ads",
    "client": "from mcp_ads import Client",
    "class": "from mcp_ads import LinkedinAdsConnector",
}


def measure(runs: int = RUNS) -> dict[str, list[float]]:
    """Seconds of each script, in turn, so that whatever else the machine does falls on all."""
    found: dict[str, list[float]] = {name: [] for name in SCRIPTS}
    for _ in range(runs):
        for name, script in SCRIPTS.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", script], check=True)
            found[name].append(time.perf_counter() - began)
    return found


def numbers(runs: int = RUNS) -> Iterable[Number]:
    """The milliseconds that the package takes, and the ratio of a class's import to the client's."""
    found = measure(runs)
    for what, of, limit in (("fastest", min, MOST_MS), ("median", statistics.median, None)):
        bare, ours = of(found["bare"]) * 1000, of(found["package"]) * 1000
        detail = f"{ours:.0f} ms; bare Python {bare:.0f} ms"
        yield Number(f"import mcp_ads, {what} of {runs}", ours - bare, "ms", limit, detail)
    client, kind = min(found["client"]) * 1000, min(found["class"]) * 1000
    detail = f"{kind:.0f} ms; Client {client:.0f} ms"
    yield Number("import of a connector class beside Client", kind / client, "x", None, detail)
