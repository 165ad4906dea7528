"""Calls that `mcp-ads serve --transport http` answers at 1, 8 and 64 clients, beside an empty FastMCP server.

`python -m benchmarks.load [--seconds 1] [--repeats 2]`: one process of each, then two that are asked in turn,
against the sandbox in a process of its own. The empty server's tool returns what ours answers, as a constant.
A ratio is of two runs made one after the other. The processors' own noise comes first: the same work of a few
milliseconds, over and over.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from .agency import worked
from .host_load import process, spread
from .report import Number, judged
from .sandbox_server import free_port
from .versus import HERE

CLIENTS, WORKERS = (1, 8, 64), (1, 2)
OURS, EMPTY = "facebook_marketing_execute", "constant"
CALL = {
    "entity": "campaigns", "action": "list", "params": {"account_id": "1234567890", "limit": 25},
}  # fmt: skip
TURNS, WORK = 40, 400_000


@dataclass(frozen=True)
class Point:
    """What so many clients saw of a server, and what a call cost its processes."""

    rate: float
    p50: float
    p95: float
    p99: float
    cost: float
    failed: int


@dataclass(frozen=True)
class Server:
    """Processes that answer the same, and the tool that is called there."""

    tool: str
    urls: tuple[str, ...]
    pids: tuple[int, ...]


def numbers(seconds: float = 1.0, repeats: int = 2) -> Iterable[Number]:
    """Noise, then rates, times and processor time for each number of workers and clients."""
    yield from noise()
    with servers() as (empty, ours):
        for workers in WORKERS:
            for clients in CLIENTS:
                pairs = [
                    (measured(empty, workers, clients, seconds), measured(ours, workers, clients, seconds))
                    for _ in range(repeats)
                ]
                yield from _told(f"{workers} workers, {clients} clients", pairs)
    yield from noise()


def noise() -> Iterable[Number]:
    """How much longer the same work took at times, beside the shortest."""
    took = []
    for _ in range(TURNS):
        began = time.perf_counter()
        sum(range(WORK))
        took.append(time.perf_counter() - began)
    least = min(took)
    detail = f"{least * 1000:.1f} to {max(took) * 1000:.1f} ms; {os.getloadavg()[0]:.1f} programs ran"
    yield Number("noise: the same work, median beside least", median(took) / least, "x", None, detail)


def _told(title: str, pairs: list[tuple[Point, Point]]) -> Iterable[Number]:
    units = {"rate": "/s", "p50": "ms", "p95": "ms", "p99": "ms", "cost": "ms"}
    for name, unit in units.items():
        both = [(getattr(empty, name), getattr(ours, name)) for empty, ours in pairs]
        ratios = [ours / empty for empty, ours in both]
        least = [f"{median(values):.1f} {unit} ({spread(values)})" for values in zip(*both, strict=True)]
        detail = f"{spread(ratios)}; {least[1]}; empty {least[0]}"
        what = "processor time a call" if name == "cost" else name
        yield Number(f"{title}: {what}, beside empty", median(ratios), "x", None, detail)
    yield Number(f"{title}: failed", sum(empty.failed + ours.failed for empty, ours in pairs), "requests", 0)


def measured(server: Server, workers: int, clients: int, seconds: float) -> Point:
    """One run of so many clients, in a process of their own."""
    asked = {
        "urls": server.urls[:workers], "clients": clients, "seconds": seconds, "tool": server.tool,
        "arguments": CALL, "expected": "meta: ", "token": "",
    }  # fmt: skip
    before = sum(map(worked, server.pids))
    found = clients_asked(asked)
    cuts = quantiles(found["milliseconds"], n=100)
    cost = (sum(map(worked, server.pids)) - before) / found["calls"] * 1000
    return Point(found["rate"], cuts[49], cuts[94], cuts[98], cost, found["failed"])


def clients_asked(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What `load_clients` measured of what it was asked to do."""
    command = [sys.executable, "-m", "benchmarks.load_clients"]
    given = json.dumps(asked).encode()
    done = subprocess.run(command, input=given, cwd=HERE, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def servers() -> Iterator[tuple[Server, Server]]:
    """The empty server and ours, as many processes of each as workers are measured."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environ = _environment(home) | stack.enter_context(sandbox_ports(home))
        serve = (sys.executable, "-m", "mcp_ads", "serve", "--transport", "http", "--port")
        ours = _server(stack, OURS, serve, environ)
        constant = home / "constant.txt"
        constant.write_text(answer_of(ours), encoding="utf-8")
        empty = (sys.executable, "-m", "benchmarks.empty_mcp", str(constant))
        yield _server(stack, EMPTY, empty, environ), ours


def _server(stack: ExitStack, tool: str, command: tuple[str, ...], environ: Mapping[str, str]) -> Server:
    running = [stack.enter_context(process(command, environ)) for _ in range(max(WORKERS))]
    return Server(tool, tuple(f"{url}/mcp" for url, _ in running), tuple(pid for _, pid in running))


def answer_of(server: Server) -> str:
    """What our tool answers to the call."""
    asked = {"urls": server.urls, "tool": server.tool, "arguments": CALL, "token": "", "once": True}
    text: str = clients_asked(asked)["text"]
    return text


def _environment(home: Path) -> dict[str, str]:
    ours = ("MCP_ADS_", "FASTMCP_", "FACEBOOK_MARKETING_", "LINKEDIN_ADS_", "AMAZON_ADS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "MCP_ADS_HOME": str(home / "ads"), "MCP_ADS_KEYRING": "off"}


@contextmanager
def sandbox_ports(home: Path) -> Iterator[dict[str, str]]:
    """The variables with which mcp-ads asks a sandbox in a process of its own."""
    command = [sys.executable, "-m", "mcp_ads", "sandbox", "--port", str(free_port())]
    environ = {**os.environ, "MCP_ADS_HOME": str(home / "sandbox")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ) as running:
        assert running.stdout
        try:
            words = shlex.split(running.stdout.read().decode())
            yield dict(word.split("=", 1) for word in words if "=" in word)
        finally:
            running.terminate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--repeats", type=int, default=2)
    sys.exit(judged(numbers(**vars(parser.parse_args()))))
