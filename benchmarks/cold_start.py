"""From starting the process to an answered tools/list over stdio, beside an empty FastMCP server."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .report import Number

RUNS = 10
WARM_UP = 2
MOST_TIMES = 0.80
MOST_MORE_MB = 10.0
EMPTY = "from fastmcp import FastMCP; FastMCP('empty').run(show_banner=False)"
SERVERS = {
    "empty": [sys.executable, "-c", EMPTY],
    "mcp-ads": [sys.executable, "-m", "mcp_ads", "serve"],
}
HELLO = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "benchmark", "version": "1"},
}


@dataclass(frozen=True)
class Start:
    """One start: seconds to the answer, the process's highest resident memory by then, and the answer."""

    seconds: float
    megabytes: float
    answer: Mapping[str, Any]


def start(command: list[str], home: Path) -> Start:
    """Start a server as a client does and ask it for its tools."""
    began = time.perf_counter()
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    server = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=quiet, env=environment(home), cwd=home)
    try:
        _ask(server, "initialize", HELLO)
        _tell(server, {"method": "notifications/initialized"})
        answer = _ask(server, "tools/list", {})
        return Start(time.perf_counter() - began, peak_memory(server.pid), answer)
    finally:
        _end(server)


def environment(home: Path) -> dict[str, str]:
    """An empty home and nothing configured but the sandbox."""
    here = str(Path(__file__).parents[1])
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
    }
    ours = {"HOME": str(home), "MCP_ADS_HOME": str(home / "ads"), "MCP_ADS_SANDBOX": "1", "PYTHONPATH": here}
    return {**kept, **ours, "FASTMCP_LOG_ENABLED": "false", "FASTMCP_CHECK_FOR_UPDATES": "off"}


def peak_memory(pid: int) -> float:
    """Megabytes; 0 where the system does not tell."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _ask(server: subprocess.Popen[bytes], method: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    assert server.stdout
    _tell(server, {"id": 1, "method": method, "params": params})
    for line in server.stdout:
        message: dict[str, Any] = json.loads(line)
        if "result" in message:
            found: Mapping[str, Any] = message["result"]
            return found
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
    raise RuntimeError(f"{method}: the server ended without an answer")


def _tell(server: subprocess.Popen[bytes], message: Mapping[str, Any]) -> None:
    assert server.stdin
    server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
    server.stdin.flush()


def _end(server: subprocess.Popen[bytes]) -> None:
    assert server.stdin
    assert server.stdout
    server.stdin.close()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    server.stdout.close()


def measure(runs: int = RUNS) -> dict[str, list[Start]]:
    """Both servers in turn, so that whatever else the machine does falls on both."""
    found: dict[str, list[Start]] = {name: [] for name in SERVERS}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(runs + WARM_UP):
            for name, command in SERVERS.items():
                one = start(command, Path(folder))
                if turn >= WARM_UP:
                    found[name].append(one)
    return found


def numbers(runs: int = RUNS) -> Iterable[Number]:
    """The ratio of the fastest starts, that of the medians, and the difference in memory."""
    found = measure(runs)
    seconds = {name: [start.seconds for start in starts] for name, starts in found.items()}
    memory = {name: statistics.median(start.megabytes for start in starts) for name, starts in found.items()}
    for what, of, limit in (("fastest", min, MOST_TIMES), ("median", statistics.median, None)):
        ours, empty = of(seconds["mcp-ads"]), of(seconds["empty"])
        detail = f"{ours * 1000:.0f} ms; an empty server {empty * 1000:.0f} ms"
        yield Number(f"cold start to tools/list, {what} of {runs}", ours / empty, "x", limit, detail)
    more = memory["mcp-ads"] - memory["empty"]
    detail = f"{memory['mcp-ads']:.1f} MB; an empty server {memory['empty']:.1f} MB"
    yield Number("peak memory beyond an empty server", more, "MB", MOST_MORE_MB, detail)
