"""How many cheap reads a host answers in a second at 1, 8 and 64 clients, beside an empty app of FastAPI's.

`python -m benchmarks.host_load [--seconds 3] [--repeats 3] [--database postgresql://…]`: on a database of
PostgreSQL's, which must be empty, two processes are asked in turn. Takes the extra `vendors` (locust).
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx

from .report import Number, judged
from .versus import HERE

CLIENTS = (1, 8, 64)
PATIENCE, SETTLED = 30.0, 0.5
API = "/api/v1"
BODY = {"entity": "ad_accounts", "action": "list", "params": {"limit": 1}}
CONNECTOR = {
    "workspace_name": "load", "connector_type": "facebook-marketing",
    "credentials": {"access_token": "t" * 40},
    "replication_config": {"account_ids": "101"},
}  # fmt: skip
LOCUST = (sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("host_locustfile.py")))
EMPTY = (sys.executable, "-m", "uvicorn", "benchmarks.empty_app:app", "--no-access-log", "--port")
HOST = (sys.executable, "-m", "mcp_ads", "host")


@dataclass(frozen=True)
class Point:
    """What so many clients saw: requests a second, and milliseconds of half and of 99 % of them."""

    rate: float
    p50: float
    p99: float
    failed: int


def numbers(seconds: float = 3.0, repeats: int = 3, database: str = "") -> Iterable[Number]:
    """Rates and times beside the empty app's, with the least and the most of the repeats."""
    if importlib.util.find_spec("locust") is None:
        print("not measured: locust is not installed (pip install -e '.[vendors]')", file=sys.stderr)
        return
    processes = 2 if database else 1
    with tempfile.TemporaryDirectory() as home, serving(Path(home), database, processes) as asked:
        for clients in CLIENTS:
            pairs = [
                (measured(asked["empty"], clients, seconds), measured(asked["host"], clients, seconds))
                for _ in range(repeats)
            ]
            yield from _told(f"{clients} clients, {processes} processes", pairs)


def _told(title: str, pairs: list[tuple[Point, Point]]) -> Iterable[Number]:
    """A point's numbers; a ratio is of two that were measured one after the other."""
    for name, unit in (("rate", "/s"), ("p50", "ms"), ("p99", "ms")):
        both = [(getattr(empty, name), getattr(host, name)) for empty, host in pairs]
        for who, values in zip(("empty", "host"), zip(*both, strict=True), strict=True):
            yield Number(f"{title}: {who} {name}", median(values), unit, None, spread(values))
        ratios = [host / empty for empty, host in both]
        yield Number(f"{title}: {name}, host beside empty", median(ratios), "x", None, spread(ratios))
    yield Number(f"{title}: failed", sum(host.failed + empty.failed for empty, host in pairs), "requests", 0)


def spread(values: Iterable[float]) -> str:
    """The least and the most of repeats."""
    known = sorted(values)
    return f"{known[0]:.2f} to {known[-1]:.2f}"


def measured(asked: Mapping[str, Any], clients: int, seconds: float) -> Point:
    """One run of locust."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "times.json"
        environ = {**os.environ, "LOAD_ASKED": json.dumps({**asked, "into": str(into)})}
        words = ["--headless", "-u", str(clients), "-r", str(clients), "-t", f"{seconds + SETTLED:.0f}s"]
        command = [*LOCUST, *words, "--only-summary", "--exit-code-on-error", "0"]
        subprocess.run(command, env=environ, check=True, capture_output=True)
        found = json.loads(into.read_text(encoding="ascii"))
    cuts = quantiles(found["times"], n=100)
    return Point(len(found["times"]) / found["seconds"], cuts[49], cuts[98], found["failed"])


@contextlib.contextmanager
def serving(home: Path, database: str, processes: int) -> Iterator[Mapping[str, Any]]:
    """The empty app and the host, each as often: what is asked of both."""
    environ = {**os.environ, "MCP_ADS_HOME": str(home), "MCP_ADS_SANDBOX": "1", "MCP_ADS_KEYRING": "off"}
    environ |= {"DATABASE_URL": database} if database else {}
    made = subprocess.run(
        [*HOST, "init", "--organization", "load", "--json"], env=environ, check=True, capture_output=True
    )
    with contextlib.ExitStack() as stack:
        empty = [stack.enter_context(process(EMPTY, environ))[0] for _ in range(processes)]
        serve = (*HOST, "serve", "--port")
        hosts = [stack.enter_context(process(serve, environ))[0] for _ in range(processes)]
        token, connector = _connected(hosts[0], json.loads(made.stdout))
        path = f"{API}/integrations/connectors/{connector}/execute"
        headers = {"Authorization": f"Bearer {token}"}
        yield {
            "empty": {"urls": [f"{url}/call" for url in empty], "headers": headers, "body": BODY},
            "host": {"urls": [url + path for url in hosts], "headers": headers, "body": BODY},
        }


def _connected(url: str, made: Mapping[str, str]) -> tuple[str, str]:
    """A token, and a connector that it may call."""
    with httpx.Client(base_url=url + API, trust_env=False, timeout=PATIENCE) as client:
        known = {name: made[name] for name in ("client_id", "client_secret")}
        answer = client.post("/account/applications/token", json=known).raise_for_status()
        token = answer.json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        connector = client.post("/integrations/connectors", json=CONNECTOR).raise_for_status().json()["id"]
        call = client.post(f"/integrations/connectors/{connector}/execute", json=BODY)
        call.raise_for_status()
    return token, connector


@contextlib.contextmanager
def process(words: Iterable[str], environ: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Where a process answers for as long as the block runs, and its number."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    quiet = subprocess.DEVNULL
    command = [*words, str(port)]
    with subprocess.Popen(command, env=environ, cwd=HERE, stdout=quiet, stderr=quiet) as running:
        try:
            _wait(running, url := f"http://127.0.0.1:{port}")
            yield url, running.pid
        finally:
            running.terminate()


def _wait(running: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and running.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"{url}/healthz", trust_env=False)
            return
        time.sleep(0.05)
    raise RuntimeError(f"{running.args!r} does not answer")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--database", default="")
    sys.exit(judged(numbers(**vars(parser.parse_args()))))
