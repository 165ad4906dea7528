"""A server over stdio that is told to stop while calls are under way: its records are true, stdout clean."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from engine_client import US, break_next, mend
from server.test_stdio import Process
from shell import environment

from mcp_ads.sandbox.ports import Servers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="there is one signal there"),
]
SLOW, LONG, MOST = 1.0, 15.0, 12.0
"""Seconds an answer takes, one that nobody waits for, and the end of a process at most."""
TOOL = "facebook_marketing_execute"
SPRING = "1202110000000000340"


@contextmanager
def at_work(home: Path, servers: Servers, writes: str = "plan") -> Iterator[Process]:
    """A server process whose platforms are the sandbox on ports, and answer changes slowly."""
    variables = {**servers.ports.variables(), "MCP_ADS_HOME": str(home), "MCP_ADS_WRITES": writes}
    with subprocess.Popen(
        [sys.executable, "-m", "mcp_ads"], env=environment(variables), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as popen:  # fmt: skip
        try:
            server = Process(popen)
            server.hello()
            yield server
        finally:
            popen.kill()
            mend(servers.sandbox.store)


def begun(server: Process, servers: Servers, method: str, path: str, tool: str, **arguments: object) -> None:
    """A call whose request is at the platform."""
    store = servers.sandbox.store
    seconds = LONG if method == "GET" else SLOW
    break_next(store, "slow", seconds=seconds, when="after", method=method, path=path, times=0)
    before = len(store.requests())
    server.tell("tools/call", _id=99, name=tool, arguments=arguments)
    while not any(one["method"] == method and path[1:-1] in one["path"] for one in store.requests()[before:]):
        time.sleep(0.01)
    time.sleep(0.1)  # nothing shows from here that it was carried out, and its answer waits


def ended(server: Process, how: str) -> tuple[int, float]:
    """The exit code of a process that is stopped in one of these ways, and how long it took."""
    began, popen = time.monotonic(), server.popen
    assert popen.stdin
    if how == "closed":
        popen.stdin.close()
    for _ in range(2 if how.endswith("twice") else 1):
        if how != "closed":
            popen.send_signal(getattr(signal, how.removesuffix(" twice")))
            time.sleep(0.1)
    return popen.wait(MOST), time.monotonic() - began


@pytest.mark.parametrize(
    ("how", "code", "outcome"),
    [
        ("closed", 0, "done"),
        ("SIGTERM", -signal.SIGTERM, "done"),
        ("SIGINT", -signal.SIGINT, "done"),
        ("SIGHUP", -1, "done"),
        ("SIGINT twice", -signal.SIGINT, "sending"),
    ],
)
def test_a_change_on_its_way_is_written_down(
    tmp_path: Path, servers: Servers, how: str, code: int, outcome: str
) -> None:
    """It ends before the process does; a second signal ends both, and whoever applies again is told so."""
    with at_work(tmp_path, servers) as server:
        change = {"campaign_id": SPRING, "name": f"By {how}"}
        plan = (
            server.call(TOOL, entity="campaigns", action="update", params=change).split("PLAN ")[1].split()[0]
        )
        begun(server, servers, "POST", f"/{SPRING}$", "ads_apply", plan_id=plan)
        exit_code, took = ended(server, how)
        assert exit_code == code
        assert took < MOST
        assert server.popen.stdout
        assert server.popen.stderr
        assert all(json.loads(line)["jsonrpc"] == "2.0" for line in server.popen.stdout)
        assert "Traceback" not in server.popen.stderr.read()
        lines = (tmp_path / "audit.jsonl").read_text().splitlines()
        assert json.loads(lines[-1])["outcome"] == outcome
    with at_work(tmp_path, servers) as server:
        answer = server.call("ads_apply", plan_id=plan)
        assert (outcome == "done") == ("UNKNOWN" not in answer)
        assert outcome == "done" or "reading it now: the change is in effect" in answer
    bodies = [write["body"].get("name") for write in servers.sandbox.store.writes()]
    assert bodies.count(f"By {how}") == 1


@pytest.mark.parametrize(("how", "code"), [("closed", 0), ("SIGTERM", -signal.SIGTERM)])
def test_a_read_on_its_way_holds_nobody_up(tmp_path: Path, servers: Servers, how: str, code: int) -> None:
    """The process does not wait for an answer nobody waits for."""
    with at_work(tmp_path, servers) as server:
        begun(server, servers, "GET", "/ads$", TOOL, entity="ads", action="list", params={"account_id": US})
        exit_code, took = ended(server, how)
        assert exit_code == code
        assert took < MOST
