"""Over stdio: nothing on stdout but the protocol, whatever the environment; and a quick start."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

MARKER = "sandbox-MARKER-7f3a"
HOSTILE = f"""FASTMCP_LOG_LEVEL=NOPE
FASTMCP_SHOW_SERVER_BANNER=true
MCP_ADS_WRITES=direct
FACEBOOK_MARKETING_BASE_URL=http://127.0.0.1:9
FACEBOOK_MARKETING_ACCESS_TOKEN={MARKER}
=== not a line
"unterminated
"""
US = "1234567890"


class Process:
    """A server process, spoken to line by line."""

    def __init__(self, popen: subprocess.Popen[str]) -> None:
        self.popen, self._id, self.ends = popen, 0, 0

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of a request. Every line on the way is JSON-RPC."""
        self._id += 1
        self.tell(method, _id=self._id, **params)
        assert self.popen.stdout
        for line in self.popen.stdout:
            message: dict[str, Any] = json.loads(line)
            assert message["jsonrpc"] == "2.0"
            if message.get("id") == self._id:
                found: dict[str, Any] = message["result"]
                return found
        raise AssertionError("the server ended")

    def tell(self, method: str, _id: int | None = None, **params: Any) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params, **({"id": _id} if _id else {})}
        assert self.popen.stdin
        self.popen.stdin.write(json.dumps(message) + "\n")
        self.popen.stdin.flush()

    def call(self, tool: str, **arguments: Any) -> str:
        found = self.ask("tools/call", name=tool, arguments=arguments)
        text: str = found["content"][0]["text"]
        return text

    def hello(self) -> None:
        info = {"name": "a test", "version": "1"}
        self.ask("initialize", protocolVersion="2025-11-25", capabilities={}, clientInfo=info)
        self.tell("notifications/initialized")


@contextmanager
def started(tmp_path: Path, *flags: str, **environ: str) -> Iterator[Process]:
    """`python -m mcp_ads` in a working directory of someone else's making."""
    here = tmp_path / "clone"
    here.mkdir(exist_ok=True)
    (here / ".env").write_text(HOSTILE)
    variables = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "MCP_ADS_HOME": str(tmp_path / "home")}
    with (tmp_path / "err.txt").open("w") as err:
        popen = subprocess.Popen(
            [sys.executable, *flags, "-m", "mcp_ads"], env={**variables, **environ}, cwd=here,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err, text=True,
        )  # fmt: skip
        try:
            server = Process(popen)
            yield server
            assert popen.stdin
            popen.stdin.close()
            assert popen.wait(10) == server.ends
            assert popen.stdout
            assert popen.stdout.read() == ""
        finally:
            popen.kill()
            popen.wait()
            for pipe in (popen.stdin, popen.stdout):
                if pipe:
                    pipe.close()


def errors(tmp_path: Path) -> str:
    return (tmp_path / "err.txt").read_text()


@pytest.mark.parametrize("level", ["DEBUG", pytest.param("WARNING", marks=pytest.mark.slow)])
def test_stdout_is_the_protocols(tmp_path: Path, level: str) -> None:
    """Warnings, logs and a hostile .env change nothing on stdout, and the .env changes nothing at all."""
    with started(tmp_path, "-W", "always", MCP_ADS_SANDBOX="1", MCP_ADS_LOG_LEVEL=level) as server:
        server.hello()
        assert len(server.ask("tools/list")["tools"]) == 6
        listed = server.call("facebook_marketing_execute", entity="campaigns", action="list", account_id=US)
        assert listed.startswith('meta: {"SANDBOX"')
        assert server.call("facebook_marketing_execute", entity="nope", action="list").startswith("ERROR")
        pause = {"entity": "campaigns", "action": "pause", "campaign_id": listed.split("\n")[2].split(",")[0]}
        assert "PLAN " in server.call("facebook_marketing_execute", **pause)
    assert MARKER not in errors(tmp_path)
    assert ("DEBUG" in errors(tmp_path)) is (level == "DEBUG")


def test_a_hostile_env_file_gives_no_credentials(tmp_path: Path) -> None:
    """A server started in a cloned project does not take its orders."""
    with started(tmp_path) as server:
        server.hello()
        assert "FACEBOOK_MARKETING_ACCESS_TOKEN not set" in server.call("ads_describe")
    assert MARKER not in errors(tmp_path)


@pytest.mark.slow
def test_a_malformed_setting_stops_the_start(tmp_path: Path) -> None:
    """One line per mistake on stderr, nothing on stdout, exit code 2, and no secret."""
    done = subprocess.run(
        [sys.executable, "-m", "mcp_ads"],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
        env={
            "PATH": os.environ["PATH"], "MCP_ADS_HOME": str(tmp_path), "MCP_ADS_WRITES": "maybe",
            "MCP_ADS_MAX_DAILY_BUDGET": "lots", "FACEBOOK_MARKETING_ACCESS_TOKEN": MARKER,
        },
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split(":")[1].strip() for line in done.stderr.splitlines()] == [
        "MCP_ADS_WRITES", "MCP_ADS_MAX_DAILY_BUDGET",
    ]  # fmt: skip
    assert MARKER not in done.stderr


@pytest.mark.slow
def test_ctrl_c_ends_it(tmp_path: Path) -> None:
    """A person who tries it in a shell gets the shell back, without a traceback."""
    with started(tmp_path, MCP_ADS_SANDBOX="1") as server:
        server.hello()
        server.popen.send_signal(signal.SIGINT)
        server.ends = -signal.SIGINT
    assert "Traceback" not in errors(tmp_path)


def test_what_the_first_list_loads(tmp_path: Path) -> None:
    """Starting imports nothing that tools/list does not need."""
    script = (
        "import sys\nimport mcp_ads.__main__\n"
        "from mcp_ads.serving import quiet_fastmcp\nquiet_fastmcp('WARNING')\n"
        "from mcp_ads.settings import load\nfrom mcp_ads.server import build_server\n"
        "import asyncio\ntools = asyncio.run(build_server(load()).list_tools())\nassert len(tools) == 6\n"
        "print('\\n'.join(sys.modules))"
    )
    variables = {"PATH": os.environ["PATH"], "MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=variables, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    for name in ("httpx", "cyclopts", "sqlite3", "fastmcp.client.client", "rich.live"):
        assert name not in loaded, name
    ours = {module for module in loaded if module.startswith("mcp_ads.")}
    assert not {our for our in ours if our.split(".")[1] in {"sandbox", "commands", "cli"}}
    assert not ours & {
        "mcp_ads.auth.oauth",
        "mcp_ads.engine.reads.read",
        "mcp_ads.engine.planning.draft",
        "mcp_ads.engine.write",
    }
    modules = {our for our in ours if our.count(".") >= 3 and our.startswith("mcp_ads.connectors.")}
    assert {module.rpartition(".")[2] for module in modules} == {
        "batches",
        "dialect",
        "envelopes",
        "file_hosts",
        "fixes",
        "items",
        "limits",
        "own_ids",
        "refusals",
        "restli",
    }
